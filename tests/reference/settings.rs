//! Section 3.2: defaults, and values that stand for them.

use tests::{Edge, Origin};

use super::row::Check::{As, Size, Status, Unlike};
use super::row::{Body, Row, get, post, run, run_with};
use crate::origins::trusting;

const OUTPUT: &[Row] = &[
    get(
        "/resize?file=dunes.jpg&width=90",
        &[
            As("/resize?file=dunes.jpg&width=90&quality=75"),
            Unlike("/resize?file=dunes.jpg&width=90&quality=40"),
        ],
    ),
    get(
        "/resize?file=dunes.jpg&width=90&quality=0",
        &[As("/resize?file=dunes.jpg&width=90")],
    ),
    get(
        "/resize?file=dunes.jpg&width=90&quality=101",
        &[As("/resize?file=dunes.jpg&width=90")],
    ),
    get(
        "/resize?file=dunes.jpg&width=90&type=webp&quality=0",
        &[As("/resize?file=dunes.jpg&width=90&type=webp&quality=75")],
    ),
    get(
        "/resize?file=dunes.jpg&width=90&type=png&compression=0",
        &[As("/resize?file=dunes.jpg&width=90&type=png&compression=6")],
    ),
    get(
        "/resize?file=dunes.jpg&width=90&type=png&compression=10",
        &[As("/resize?file=dunes.jpg&width=90&type=png")],
    ),
    get(
        "/resize?file=dunes.jpg&width=90&type=png&palette=false",
        &[As("/resize?file=dunes.jpg&width=90&type=png")],
    )
    .better("B29"),
    get(
        "/resize?file=dunes.jpg&width=90&interlace=true",
        &[Unlike("/resize?file=dunes.jpg&width=90")],
    ),
    get(
        "/resize?file=lighthouse_orientation_6.jpg&width=90&stripmeta=true",
        &[As("/resize?file=lighthouse_orientation_6.jpg&width=90")],
    )
    .better("metadata is always dropped"),
    get(
        "/resize?file=sunflower_p3.jpg&width=90&noprofile=true",
        &[Unlike("/resize?file=sunflower_p3.jpg&width=90")],
    ),
];

const TURNS: &[Row] = &[
    get(
        "/rotate?file=dunes.jpg&rotate=100",
        &[As("/rotate?file=dunes.jpg&rotate=90")],
    ),
    get(
        "/rotate?file=dunes.jpg&rotate=-90",
        &[As("/rotate?file=dunes.jpg&rotate=90")],
    ),
    get(
        "/rotate?file=dunes.jpg&rotate=360",
        &[As("/rotate?file=dunes.jpg&rotate=270")],
    ),
    get(
        "/rotate?file=dunes.jpg&rotate=450",
        &[As("/rotate?file=dunes.jpg&rotate=270")],
    ),
    get(
        "/rotate?file=dunes.jpg&rotate=45",
        &[As("/convert?file=dunes.jpg&type=jpeg")],
    ),
    get(
        "/convert?file=dunes.jpg&type=jpeg&flip=true",
        &[As("/flip?file=dunes.jpg")],
    ),
    get(
        "/convert?file=dunes.jpg&type=jpeg&flop=true",
        &[As("/flop?file=dunes.jpg")],
    ),
    get(
        "/flip?file=dunes.jpg&flip=true",
        &[As("/flip?file=dunes.jpg")],
    ),
    get(
        "/resize?file=lighthouse_orientation_6.jpg&width=90&rotate=45",
        &[Size(90, 60)],
    ),
];

const EFFECTS: &[Row] = &[
    get(
        "/resize?file=dunes.jpg&width=90&sigma=3",
        &[Unlike("/resize?file=dunes.jpg&width=90")],
    ),
    get(
        "/resize?file=dunes.jpg&width=90&minampl=3",
        &[As("/resize?file=dunes.jpg&width=90")],
    )
    .better("B30"),
    get(
        "/resize?file=dunes.jpg&width=90&height=90&embed=false",
        &[As("/resize?file=dunes.jpg&width=90&height=90")],
    ),
    get(
        "/resize?file=dunes.jpg&width=90&height=90&nocrop=false&gravity=smart",
        &[As("/smartcrop?file=dunes.jpg&width=90&height=90")],
    ),
    // Alpha, laid on a colour: for a PNG too, unless the colour is black; a JPEG has no alpha.
    post(
        "/convert?type=png&background=0,0,0",
        Body::Bytes(CLEAR),
        &[As("/convert?type=png")],
    ),
    post(
        "/convert?type=png&background=0,0,9",
        Body::Bytes(CLEAR),
        &[Unlike("/convert?type=png")],
    ),
    post(
        "/convert?type=jpeg",
        Body::Bytes(CLEAR),
        &[
            As("/convert?type=jpeg&background=0,0,0"),
            Unlike("/convert?type=jpeg&background=255,255,255"),
        ],
    ),
    // Texts.
    get(
        "/watermark?file=dunes.jpg&text=a",
        &[As("/watermark?file=dunes.jpg&text=a&opacity=0.25")],
    ),
    get(
        "/watermark?file=dunes.jpg&text=a&opacity=3",
        &[As("/watermark?file=dunes.jpg&text=a&opacity=1")],
    ),
    get(
        "/watermark?file=dunes.jpg&text=a",
        &[As(
            "/watermark?file=dunes.jpg&text=a&font=sans+10&dpi=150&color=0,0,0",
        )],
    ),
    get(
        "/watermark?file=dunes.jpg&text=a&textwidth=80",
        &[As(
            "/watermark?file=dunes.jpg&text=a&textwidth=80&margin=80",
        )],
    ),
    get(
        "/watermark?file=dunes.jpg&text=a&noreplicate=true",
        &[Unlike("/watermark?file=dunes.jpg&text=a")],
    ),
    get(
        "/watermark?file=dunes.jpg&text=a&color=255,0",
        &[As("/watermark?file=dunes.jpg&text=a")],
    ),
    post(
        "/watermark?text=a&noreplicate=1",
        Body::Bytes(CLEAR),
        &[Size(1, 1)],
    )
    .better("B32"),
    // Ignored wherever they mean nothing.
    get(
        "/resize?file=dunes.jpg&width=90&field=picture&factor=3&text=a",
        &[As("/resize?file=dunes.jpg&width=90")],
    ),
    get(
        "/autorotate?file=dunes.jpg&sigma=9&flip=true&quality=3&type=png",
        &[As("/autorotate?file=dunes.jpg")],
    ),
    get(
        "/resize?file=dunes.jpg&width=90&operations=[]",
        &[As("/resize?file=dunes.jpg&width=90")],
    ),
    get(
        "/resize?file=dunes.jpg&width=90&operations=[{",
        &[Status(400)],
    ),
    // Form fields are no parameters.
    post(
        "/resize?width=90",
        Body::Form(&[("width", b"50"), ("file", DOT)]),
        &[As("/resize?width=90")],
    ),
];

/// The smallest PNG: one pixel.
pub(super) const DOT: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\
\0\0\0\x0cIDATx\x9cchpP\0\0\x02$\0\xe1\xabYb'\0\0\0\0IEND\xaeB`\x82";

/// The same, mostly transparent.
pub(super) const CLEAR: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
\0\0\0\rIDATx\x9cc8!'\xe7\0\0\x03\xfb\x01Emp\xce\xcc\0\0\0\0IEND\xaeB`\x82";

const OVERLAYS: &[Row] = &[
    get(
        "/watermarkimage?file=dunes.jpg&image={origin}/logo.png",
        &[
            As("/watermarkimage?file=dunes.jpg&image={origin}/logo.png&opacity=1&top=0&left=0"),
            Unlike("/watermarkimage?file=dunes.jpg&image={origin}/logo.png&opacity=0.5"),
        ],
    ),
    get(
        "/watermarkimage?file=dunes.jpg&image=cat.png",
        &[As("/watermarkimage?file=dunes.jpg&image={origin}/logo.png")],
    )
    .better("a plain name is a file of the mount"),
];

#[test]
fn settings_of_the_output() {
    run(&Edge::shared(), OUTPUT);
}

#[test]
fn turns_and_mirrors() {
    run(&Edge::shared(), TURNS);
}

#[test]
fn effects() {
    run(&Edge::shared(), EFFECTS);
}

#[test]
fn overlays() {
    let origin = Origin::of(tests::sample("cat.png"));
    run_with(&trusting().start(), OVERLAYS, Some(&origin.url("")));
}
