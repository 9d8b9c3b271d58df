//! Section 2: what is refused, with which status and in which words.

use tests::{Builder, Edge, KEY, sample};

use super::row::Check::{Begins, Body as Whole, Header, Says, Size, Status};
use super::row::{Body, Row, get, post, run};
use super::settings::DOT;

const EVERYWHERE: &[Row] = &[
    get("/nothing", &[Status(404), Says("Not found")]),
    get("/RESIZE?width=9&file=dunes.jpg", &[Status(404), Says("Not found")]),
    get("/resize/more?width=9&file=dunes.jpg", &[Status(404), Says("Not found")]),
    get("/resize?width=9&file=dunes.jpg", &[
        Status(405),
        Says(
            "HTTP method not allowed. Try with a POST or GET method (-enable-url-source flag must be defined)",
        ),
        Header("allow", "GET, HEAD, POST"),
    ])
    .by("PUT"),
    get("/resize?width=9&file=dunes.jpg", &[Status(405)]).by("DELETE"),
    get("/resize?width=9&file=dunes.jpg", &[Status(405)]).by("PATCH"),
    post("/resize?width=9", Body::Bytes(b"<html><body>hello</body></html>"), &[
        Status(406),
        Says("Unsupported media type"),
    ]),
    post("/resize?width=9", Body::Bytes(b"just some words"), &[
        Status(406),
        Says("Unsupported media type"),
    ]),
    post("/resize?width=9", Body::Bytes(b"PK\x03\x04\x14\0\0\0\0\0"), &[
        Status(406),
        Says("Unsupported media type"),
    ]),
    post("/info", Body::Bytes(b"just some words"), &[Status(406), Says("Unsupported media type")]),
    get("/resize?width=9&type=exe&file=dunes.jpg", &[
        Status(400),
        Says("Unsupported output image format"),
    ]),
    get("/resize?width=9&type=AUTO&file=dunes.jpg", &[
        Status(400),
        Says("Unsupported output image format"),
    ]),
    get("/resize?width=9&type=jpg&file=dunes.jpg", &[Size(9, 12)]).better("B36"),
    get("/convert?type=pdf&file=dunes.jpg", &[
        Status(400),
        Says("Error while processing the image: Unsupported image output type"),
    ]),
    get("/convert?type=svg&file=dunes.jpg", &[
        Status(400),
        Says("Error while processing the image: Unsupported image output type"),
    ]),
    post("/resize?width=9", Body::Bytes(b""), &[
        Status(400),
        Says("Empty or unreadable image"),
    ]),
    get("/resize?width=9&file=none.jpg", &[Status(400), Says("Invalid file path")]),
    get("/resize?width=9&file=../README.md", &[Status(400), Says("Invalid file path")]),
    get("/resize?width=9", &[
        Status(400),
        Says("Cannot process the image due to missing or invalid params"),
    ]),
    get("/resize?width=9&file=%25zz", &[
        Status(400),
        Says("Cannot process the image due to missing or invalid params"),
    ]),
    get("/resize?width=9&url=http://h.test/a.jpg", &[
        Status(400),
        Says("Cannot process the image due to missing or invalid params"),
    ])
    .better("B5"),
    post("/resize?width=9", Body::Form(&[("picture", DOT)]), &[
        Status(400),
        Says("http: no such file"),
    ]),
    post("/resize?width=9", Body::Form(&[]), &[Status(400)]),
    // Upwards, so that what a client sends cannot be taken for a page.
    get("/resize?width=%3Cb%3E%26&file=dunes.jpg", &[
        Status(400),
        Whole(
            r#"{"message":"Error while processing parameters, error while processing parameter \"width\" with value \"\u003cb\u003e\u0026\", error: strconv.ParseFloat: parsing \"\u003cb\u003e\u0026\": invalid syntax","status":400}"#,
        ),
    ]),
    // Order of checks: the signature, the method, the parameters, and only then the source.
    get("/resize?width=9&file=dunes.jpg", &[Status(403), Says("URL signature mismatch")])
        .by("PUT")
        .unsigned(),
    get("/resize?width=abc&file=none.jpg", &[
        Status(400),
        Begins("Error while processing parameters"),
    ])
    .better("parameters are read before the source is fetched"),
    post("/resize?width=abc", Body::Bytes(b"just some words"), &[
        Status(400),
        Begins("Error while processing parameters"),
    ])
    .better("parameters are read before the source is fetched"),
];

const SIGNED: &[Row] = &[
    get(
        "/resize?width=9&file=dunes.jpg",
        &[Status(403), Says("URL signature mismatch")],
    )
    .unsigned(),
    get(
        "/resize?width=9&file=dunes.jpg&sign=",
        &[Status(403), Says("URL signature mismatch")],
    )
    .unsigned(),
    get(
        "/resize?width=9&file=dunes.jpg&sign=AAAA",
        &[Status(403), Says("URL signature mismatch")],
    )
    .unsigned(),
    get(
        "/resize?width=9&file=dunes.jpg&sign=AAAA%3D",
        &[Status(400), Says("Invalid URL signature")],
    )
    .unsigned(),
    get(
        "/resize?width=9&file=dunes.jpg&sign=a.b!",
        &[Status(400), Says("Invalid URL signature")],
    )
    .unsigned(),
    get(
        "/resize?width=9&file=dunes.jpg&expires=1000",
        &[Status(410)],
    )
    .better("B10"),
    get(
        "/resize?width=9&file=dunes.jpg&expires=4102444800",
        &[Size(9, 12)],
    )
    .better("B10"),
];

const WITHOUT_SOURCES: &[Row] = &[
    get(
        "/resize?width=9&file=dunes.jpg",
        &[
            Status(405),
            Says(
                "GET method not allowed. Make sure remote URL source is enabled by using the flag: -enable-url-source",
            ),
        ],
    ),
    post("/resize?width=9", Body::Sample("dunes.jpg"), &[Size(9, 12)]),
];

const WITHOUT_A_MOUNT: &[Row] = &[
    get(
        "/resize?width=9&file=dunes.jpg",
        &[
            Status(400),
            Says("Cannot process the image due to missing or invalid params"),
        ],
    )
    .better("B3"),
    get(
        "/resize?width=9&file=/etc/hostname",
        &[
            Status(400),
            Says("Cannot process the image due to missing or invalid params"),
        ],
    )
    .better("B3"),
];

const SWITCHED_OFF: &[Row] = &[
    get(
        "/blur?sigma=1&file=dunes.jpg",
        &[Status(501), Says("Not implemented endpoint")],
    ),
    get("/health", &[Status(501), Says("Not implemented endpoint")]),
    get("/resize?width=9&file=dunes.jpg", &[Size(9, 12)]),
    get(
        "/resize?width=9&file=empty.jpg",
        &[Status(400), Says("Empty or unreadable image")],
    ),
    get(
        "/convert?type=jpeg&file=page.jpg",
        &[Status(406), Says("Unsupported media type")],
    ),
];

const KEYED: &[Row] = &[
    get(
        "/resize?width=9&file=dunes.jpg",
        &[Status(401), Says("Invalid or missing API key")],
    ),
    get(
        "/resize?width=9&file=dunes.jpg",
        &[Status(401), Says("Invalid or missing API key")],
    )
    .with(&[("API-Key", "wrong")]),
    get(
        "/resize?width=9&file=dunes.jpg&key=open+sesame",
        &[Status(401)],
    )
    .with(&[("API-Key", "wrong")]),
    get("/resize?width=9&file=dunes.jpg", &[Size(9, 12)]).with(&[("API-Key", "open sesame")]),
    get(
        "/resize?width=9&file=dunes.jpg&key=open+sesame",
        &[Size(9, 12)],
    ),
    get("/", &[Status(401), Says("Invalid or missing API key")]),
    get(
        "/health",
        &[Status(401), Says("Invalid or missing API key")],
    ),
    get("/ready", &[Status(200)]).better("B21"),
];

const SMALL: &[Row] = &[
    get(
        "/resize?width=9&file=dunes.jpg",
        &[Status(422), Says("Image resolution is too big")],
    ),
    get("/resize?width=9&file=camera_gray.jpg", &[Status(200)]),
    get(
        "/thumbnail?width=600&height=600&file=camera_gray.jpg",
        &[Status(422)],
    )
    .better("B8"),
    get("/zoom?factor=3&file=camera_gray.jpg", &[Status(422)]).better("B8"),
];

const PLACEHOLDERS: &[Row] = &[
    get(
        "/resize?width=90&height=50&type=png&file=none.jpg",
        &[
            Status(400),
            Size(90, 50),
            Header("content-type", "image/png"),
            Header("error", r#"{"message":"Invalid file path","status":400}"#),
            Header("cache-control", "no-store"),
        ],
    )
    .better("B15, B22"),
    get(
        "/resize?width=90&height=50&file=dunes.jpg",
        &[Status(200), Size(90, 50)],
    ),
    get("/nothing", &[Status(404), Says("Not found")]),
];

#[test]
fn what_is_refused_everywhere() {
    run(&Edge::shared(), EVERYWHERE);
}

#[test]
fn signatures() {
    run(&Edge::shared(), SIGNED);
}

#[test]
fn no_source_at_all() {
    let edge = Builder::bare().set("url-signature-key", KEY).start();
    run(&edge, WITHOUT_SOURCES);
    let urls = Builder::bare()
        .set("url-signature-key", KEY)
        .switch("enable-url-source");
    run(&urls.start(), WITHOUT_A_MOUNT);
}

#[test]
fn endpoints_that_are_off_and_files_that_are_no_pictures() {
    let mount = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(mount.path().join(name), bytes).unwrap();
    write("dunes.jpg", &sample("dunes.jpg"));
    write("empty.jpg", b"");
    write("page.jpg", b"<html><script>alert(1)</script></html>");
    let edge = Edge::mounting(mount.path())
        .set("disable-endpoints", "blur,health")
        .start();
    run(&edge, SWITCHED_OFF);
}

#[test]
fn the_api_key() {
    run(&Edge::builder().set("key", "open sesame").start(), KEYED);
}

#[test]
fn pictures_that_are_too_large() {
    let edge = Edge::builder()
        .set("max-allowed-resolution", "0.3")
        .set("max-output-resolution", "0.3")
        .start();
    run(&edge, SMALL);
}

#[test]
fn placeholders() {
    run(
        &Edge::builder().switch("enable-placeholder").start(),
        PLACEHOLDERS,
    );
}

#[test]
fn the_throttle_answers_in_plain_text() {
    let edge = Edge::builder()
        .set("concurrency", "1")
        .set("burst", "0")
        .start();
    let refused = (0..50)
        .map(|_| edge.get("/resize?width=9&file=dunes.jpg"))
        .find(|answer| answer.status == 429)
        .expect("one in a second passes");
    assert_eq!(refused.body, b"limit exceeded\n");
    assert_eq!(
        refused.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert!(refused.header("retry-after").is_some());
}
