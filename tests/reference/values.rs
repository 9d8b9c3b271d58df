//! Section 3.1: how values are written. A value that reads as another is answered with the same bytes.

use tests::Edge;

use super::row::Check::{As, Says, Size, Status, Unlike};
use super::row::{Body, Row, get, post, run};
use super::settings::CLEAR;

const NUMBERS: &[Row] = &[
    get(
        "/resize?file=dunes.jpg&width=-100",
        &[As("/resize?file=dunes.jpg&width=100")],
    ),
    get(
        "/resize?file=dunes.jpg&width=99.02",
        &[As("/resize?file=dunes.jpg&width=99")],
    ),
    get(
        "/resize?file=dunes.jpg&width=99.9",
        &[As("/resize?file=dunes.jpg&width=100")],
    ),
    get(
        "/resize?file=dunes.jpg&width=99.5",
        &[As("/resize?file=dunes.jpg&width=100")],
    ),
    get(
        "/resize?file=dunes.jpg&width=0100",
        &[As("/resize?file=dunes.jpg&width=100")],
    ),
    get(
        "/resize?file=dunes.jpg&width=1e2",
        &[As("/resize?file=dunes.jpg&width=100")],
    ),
    get(
        "/resize?file=dunes.jpg&width=0x64p0",
        &[As("/resize?file=dunes.jpg&width=100")],
    ),
    get(
        "/resize?file=dunes.jpg&width=0x1.9p6",
        &[As("/resize?file=dunes.jpg&width=100")],
    ),
    get(
        "/resize?file=dunes.jpg&width=&height=100",
        &[As("/resize?file=dunes.jpg&height=100")],
    ),
    get(
        "/resize?file=dunes.jpg&width=0&height=100",
        &[As("/resize?file=dunes.jpg&height=100")],
    ),
    get(
        "/resize?file=dunes.jpg&width=nan&height=100",
        &[Size(74, 100)],
    ),
    get(
        "/resize?file=dunes.jpg&width=-inf&height=100",
        &[Size(74, 100)],
    ),
    get(
        "/resize?file=dunes.jpg&width=abc",
        &[
            Status(400),
            Says(
                "Error while processing parameters, error while processing parameter \"width\" with value \"abc\", error: strconv.ParseFloat: parsing \"abc\": invalid syntax",
            ),
        ],
    ),
    get(
        "/resize?file=dunes.jpg&width=10px",
        &[
            Status(400),
            Says(
                "Error while processing parameters, error while processing parameter \"width\" with value \"10px\", error: strconv.ParseFloat: parsing \"10px\": invalid syntax",
            ),
        ],
    ),
    get(
        "/resize?file=dunes.jpg&width=0x64",
        &[
            Status(400),
            Says(
                "Error while processing parameters, error while processing parameter \"width\" with value \"0x64\", error: strconv.ParseFloat: parsing \"0x64\": invalid syntax",
            ),
        ],
    ),
    get(
        "/blur?file=cat.png&sigma=-2",
        &[As("/blur?file=cat.png&sigma=2")],
    ),
    get(
        "/blur?file=cat.png&sigma=0.2e1",
        &[As("/blur?file=cat.png&sigma=2")],
    ),
    get(
        "/blur?file=cat.png&sigma=much",
        &[
            Status(400),
            Says(
                "Error while processing parameters, error while processing parameter \"sigma\" with value \"much\", error: unsupported value",
            ),
        ],
    ),
];

const BOOLEANS: &[Row] = &[
    get(
        "/resize?file=cat.png&width=9&height=9&force=1",
        &[As("/resize?file=cat.png&width=9&height=9&force=true")],
    ),
    get(
        "/resize?file=cat.png&width=9&height=9&force=t",
        &[As("/resize?file=cat.png&width=9&height=9&force=true")],
    ),
    get(
        "/resize?file=cat.png&width=9&height=9&force=T",
        &[As("/resize?file=cat.png&width=9&height=9&force=true")],
    ),
    get(
        "/resize?file=cat.png&width=9&height=9&force=TRUE",
        &[As("/resize?file=cat.png&width=9&height=9&force=true")],
    ),
    get(
        "/resize?file=cat.png&width=9&height=9&force=True",
        &[As("/resize?file=cat.png&width=9&height=9&force=true")],
    ),
    get(
        "/resize?file=cat.png&width=9&height=9&force=F",
        &[As("/resize?file=cat.png&width=9&height=9")],
    ),
    get(
        "/resize?file=cat.png&width=9&height=9&force=0",
        &[As("/resize?file=cat.png&width=9&height=9")],
    ),
    get(
        "/resize?file=cat.png&width=9&height=9&force=False",
        &[As("/resize?file=cat.png&width=9&height=9")],
    ),
    get(
        "/resize?file=cat.png&width=9&height=9&force=",
        &[As("/resize?file=cat.png&width=9&height=9")],
    ),
    get(
        "/resize?file=cat.png&width=9&height=5&force=true",
        &[Unlike("/resize?file=cat.png&width=9&height=5")],
    ),
    get(
        "/resize?file=cat.png&width=9&force=yes",
        &[
            Status(400),
            Says(
                "Error while processing parameters, error while processing parameter \"force\" with value \"yes\", error: unsupported value",
            ),
        ],
    ),
    get(
        "/resize?file=cat.png&width=9&flip=no",
        &[
            Status(400),
            Says(
                "Error while processing parameters, error while processing parameter \"flip\" with value \"no\", error: unsupported value",
            ),
        ],
    ),
    get("/resize?file=cat.png&width=9&flip=-1", &[Status(400)]),
    get("/resize?file=cat.png&width=9&flip=1.1", &[Status(400)]),
    get("/resize?file=cat.png&width=9&flip=0.0", &[Status(400)]),
];

const WORDS: &[Row] = &[
    // Colours: clamped, and what is no number is nothing.
    post("/convert?type=png&background=300,20,30", Body::Bytes(CLEAR), &[
        As("/convert?type=png&background=255,20,30"),
        Unlike("/convert?type=png"),
    ]),
    post("/convert?type=png&background=%20255,%2020%20,30,40", Body::Bytes(CLEAR), &[
        As("/convert?type=png&background=255,20,30"),
    ]),
    post("/convert?type=png&background=255,red,-3", Body::Bytes(CLEAR), &[
        As("/convert?type=png&background=255,0,0"),
    ]),
    post("/convert?type=png&background=", Body::Bytes(CLEAR), &[As("/convert?type=png")]),
    post("/convert?type=png&background=1", Body::Bytes(CLEAR), &[
        Status(400),
        Says(
            "Error while processing parameters, error while processing parameter \"background\" with value \"1\", error: unsupported value",
        ),
    ])
    .better("B7"),
    get("/crop?file=dunes.jpg&width=90&height=90&gravity=%20NORTH", &[As("/crop?file=dunes.jpg&width=90&height=90&gravity=north")]),
    get("/crop?file=dunes.jpg&width=90&height=90&gravity=above", &[As("/crop?file=dunes.jpg&width=90&height=90&gravity=centre")]),
    get("/crop?file=dunes.jpg&width=90&height=90&gravity=north", &[Unlike("/crop?file=dunes.jpg&width=90&height=90")]),
    get("/resize?file=dunes.jpg&width=90&colorspace=bw", &[Unlike("/resize?file=dunes.jpg&width=90")]),
    get("/resize?file=dunes.jpg&width=90&colorspace=BW", &[As("/resize?file=dunes.jpg&width=90")]),
    get("/resize?file=dunes.jpg&width=90&height=20&extend=%20White", &[As("/resize?file=dunes.jpg&width=90&height=20&extend=white")]),
    get("/resize?file=dunes.jpg&width=90&height=20&extend=", &[As("/resize?file=dunes.jpg&width=90&height=20&extend=mirror")]),
    get("/resize?file=dunes.jpg&width=90&height=20&extend=wide", &[As("/resize?file=dunes.jpg&width=90&height=20&extend=mirror")]),
    get("/resize?file=dunes.jpg&width=90&height=20", &[
        As("/resize?file=dunes.jpg&width=90&height=20&extend=copy"),
        Unlike("/resize?file=dunes.jpg&width=90&height=20&extend=mirror"),
    ]),
    get("/resize?file=dunes.jpg&width=90&height=20&extend=lastpixel", &[As("/resize?file=dunes.jpg&width=90&height=20&extend=black")]),
    get("/resize?file=dunes.jpg&width=90&type=WebP", &[As("/resize?file=dunes.jpg&width=90&type=webp")]),
    get("/resize?file=dunes.jpg&width=90&aspectratio=16", &[Status(400)]).better("B7"),
    get("/resize?file=dunes.jpg&width=90&aspectratio=0:1", &[Status(400)]).better("B7"),
    get("/resize?file=dunes.jpg&width=90&aspectratio=a:b", &[
        Status(400),
        Says(
            "Error while processing parameters, error while processing parameter \"aspectratio\" with value \"a:b\", error: unsupported value",
        ),
    ])
    .better("B7"),
];

const NAMES: &[Row] = &[
    // Case matters; what is not known is ignored; of a name that comes twice the first value counts.
    get("/resize?file=dunes.jpg&Width=5&width=100&colour=red", &[As("/resize?file=dunes.jpg&width=100")]),
    get("/resize?file=dunes.jpg&width=100&width=50", &[As("/resize?file=dunes.jpg&width=100")]),
    get("/resize?file=dunes.jpg&width=100&width=abc", &[As("/resize?file=dunes.jpg&width=100")]),
    get("/resize?file=dunes.jpg&width=&width=50&height=100", &[As("/resize?file=dunes.jpg&height=100")]),
    get("/resize?file=dunes.jpg&file=none.jpg&width=100", &[As("/resize?file=dunes.jpg&width=100")]),
    // Of two mistakes the first one is reported.
    get("/resize?file=dunes.jpg&height=tall&width=wide", &[Says(
        "Error while processing parameters, error while processing parameter \"height\" with value \"tall\", error: strconv.ParseFloat: parsing \"tall\": invalid syntax",
    )])
    .better("B24"),
];

#[test]
fn numbers() {
    run(&Edge::shared(), NUMBERS);
}

#[test]
fn booleans() {
    run(&Edge::shared(), BOOLEANS);
}

#[test]
fn words_and_colours() {
    run(&Edge::shared(), WORDS);
}

#[test]
fn names_of_parameters() {
    run(&Edge::shared(), NAMES);
}
