//! Sections 6 and 8: what is read, what is written, and which format `type=auto` is; sections 5 and 12
//! where they say what `/info` tells.

use tests::Edge;

use super::row::Check::{As, Header, Json, Size, Status, Type, Without};
use super::row::{Body, Row, get, post, run};

const WRITTEN: &[Row] = &[
    // The source's own type, by its bytes and not by its name.
    get("/resize?width=40&file=dunes.jpg", &[Type("image/jpeg")]),
    get("/resize?width=40&file=cat.png", &[Type("image/png")]),
    get("/resize?width=40&file=coffee.webp", &[Type("image/webp")]),
    post(
        "/resize?width=40",
        Body::Sample("cat.png"),
        &[Type("image/png")],
    )
    .with(&[("Content-Type", "text/html")]),
    get(
        "/resize?width=40&type=jpeg&file=cat.png",
        &[Type("image/jpeg")],
    ),
    get(
        "/resize?width=40&type=png&file=dunes.jpg",
        &[Type("image/png")],
    ),
    get(
        "/resize?width=40&type=webp&file=dunes.jpg",
        &[Type("image/webp")],
    ),
    get(
        "/resize?width=40&type=JPEG&file=cat.png",
        &[Type("image/jpeg")],
    ),
    get(
        "/resize?width=40&type=jpg&file=cat.png",
        &[Type("image/jpeg")],
    )
    .better("B36"),
    get(
        "/resize?width=40&type=avif&file=cat.png",
        &[Type("image/avif")],
    )
    .better("B36"),
    // A picture of several frames: the first.
    get(
        "/resize?width=40&type=png&file=orbit.gif",
        &[Type("image/png")],
    ),
    // What lacks its tail is shown as far as it goes.
    get("/resize?width=300&file=truncated.jpg", &[Size(300, 200)]),
    // Alpha becomes black in a JPEG, and the colour that was asked for where one was.
    get(
        "/convert?type=jpeg&file=cat.png",
        &[As("/convert?type=jpeg&background=0,0,0&file=cat.png")],
    ),
];

const DESCRIBED: &[Row] = &[
    get(
        "/info?file=dunes.jpg",
        &[
            Header("content-type", "application/json"),
            Json("/width", "550"),
            Json("/height", "740"),
            Json("/type", "\"jpeg\""),
            Json("/space", "\"srgb\""),
            Json("/hasAlpha", "false"),
            Json("/channels", "3"),
            Json("/orientation", "0"),
        ],
    ),
    // Width and height are the stored ones.
    get(
        "/info?file=lighthouse_orientation_6.jpg",
        &[
            Json("/width", "768"),
            Json("/height", "512"),
            Json("/orientation", "6"),
        ],
    ),
    get(
        "/info?file=sunflower_p3.jpg",
        &[Json("/hasProfile", "true")],
    ),
    get(
        "/info?file=camera_gray.jpg",
        &[Json("/space", "\"b-w\""), Json("/channels", "1")],
    ),
    get(
        "/info?file=cat.png&width=9&type=webp",
        &[Json("/type", "\"png\"")],
    ),
    get("/info?file=coffee.webp", &[Json("/type", "\"webp\"")]),
    get("/info?file=orbit.gif", &[Json("/type", "\"gif\"")]),
    get("/", &[Header("content-type", "application/json")])
        .better("B14: one product, no library's version"),
    get("/health", &[Json("/status", "\"ok\"")]).better("the cache and the sandbox, in numbers"),
];

/// As in imaginary, of one type at a time; every answer varies.
const NEGOTIATED: &[Row] = &[
    get(
        "/resize?width=40&type=auto&file=dunes.jpg",
        &[Type("image/webp"), Header("vary", "Accept")],
    )
    .with(&[("Accept", "image/webp")]),
    get(
        "/resize?width=40&type=auto&file=dunes.jpg",
        &[Type("image/webp"), Header("vary", "Accept")],
    )
    .with(&[("Accept", "text/html,IMAGE/WebP,*/*;q=0.8")]),
    get(
        "/resize?width=40&type=auto&file=cat.png",
        &[Type("image/png"), Header("vary", "Accept")],
    )
    .with(&[("Accept", "*/*")]),
    get(
        "/resize?width=40&type=auto&file=cat.png",
        &[Type("image/png"), Header("vary", "Accept")],
    )
    .with(&[("Accept", "image/jpg")]),
    get(
        "/resize?width=40&type=auto&file=dunes.jpg",
        &[Type("image/jpeg"), Header("vary", "Accept")],
    )
    .with(&[("Accept", "image/webp;q=0,*/*")])
    .better("B26"),
    get(
        "/resize?width=40&type=auto&file=dunes.jpg",
        &[Type("image/avif"), Header("vary", "Accept")],
    )
    .with(&[("Accept", "image/webp,image/avif")])
    .better("B26"),
    get(
        "/resize?width=40&type=auto&file=dunes.jpg",
        &[Type("image/webp")],
    )
    .with(&[("Accept", "image/avif;q=0.3,image/webp;q=0.9")])
    .better("B26"),
    get("/resize?width=abc&type=auto&file=dunes.jpg", &[Status(400)]),
    get(
        "/resize?width=40&file=dunes.jpg",
        &[Type("image/jpeg"), Without("vary")],
    )
    .with(&[("Accept", "image/webp")]),
];

/// With `--auto-formats webp,png,jpeg`: imaginary's choice, but by weight.
const IMAGINARYS: &[Row] = &[
    get(
        "/resize?width=40&type=auto&file=dunes.jpg",
        &[Type("image/webp")],
    )
    .with(&[("Accept", "image/avif,image/webp,*/*")]),
    get(
        "/resize?width=40&type=auto&file=dunes.jpg",
        &[Type("image/png")],
    )
    .with(&[("Accept", "image/png")]),
    get(
        "/resize?width=40&type=auto&file=cat.png",
        &[Type("image/jpeg")],
    )
    .with(&[("Accept", "image/jpeg")]),
    get(
        "/resize?width=40&type=auto&file=dunes.jpg",
        &[Type("image/jpeg")],
    )
    .with(&[("Accept", "image/avif")]),
    get(
        "/resize?width=40&type=auto&file=dunes.jpg",
        &[Type("image/png")],
    )
    .with(&[("Accept", "image/webp;q=0,image/png;q=0.1")])
    .better("B26"),
];

const WHOLE: &[Row] = &[
    get("/resize?width=300&file=truncated.jpg", &[Status(400)]).better("B37"),
    get("/resize?width=300&file=coast.jpg", &[Status(200)]),
];

#[test]
fn what_is_written() {
    run(&Edge::shared(), WRITTEN);
}

#[test]
fn what_is_described() {
    run(&Edge::shared(), DESCRIBED);
}

#[test]
fn what_is_negotiated() {
    run(&Edge::builder().set("avif", "wait").start(), NEGOTIATED);
    let imaginarys = Edge::builder().set("auto-formats", "webp,png,jpeg");
    run(&imaginarys.start(), IMAGINARYS);
}

#[test]
fn what_must_be_whole() {
    run(&Edge::builder().switch("fail-on-truncated").start(), WHOLE);
}
