//! Sections 1 and 10: headers of answers.

use tests::{Answer, Edge, Request, sample};

use super::row::Check::{Header, Says, Size, Status, Without};
use super::row::{Body, Row, get, post, run};

const DEFAULT: &[Row] = &[
    get(
        "/resize?width=40&file=dunes.jpg",
        &[
            Header("content-type", "image/jpeg"),
            Without("image-width"),
            Without("access-control-allow-origin"),
        ],
    ),
    get(
        "/resize?width=40&file=dunes.jpg",
        &[Header("server", "darkroom")],
    )
    .better("B14"),
    get(
        "/resize?width=40&file=dunes.jpg",
        &[
            Header("cache-control", "public, max-age=31536000, immutable"),
            Header("accept-ranges", "bytes"),
        ],
    )
    .better("B18"),
    get(
        "/resize?width=40&file=dunes.jpg",
        &[Status(200), Header("content-type", "image/jpeg")],
    )
    .by("HEAD")
    .better("B17"),
    get(
        "/resize?width=40&file=dunes.jpg",
        &[Status(405), Header("allow", "GET, HEAD, POST")],
    )
    .by("OPTIONS")
    .better("B17"),
    post(
        "/resize?width=40",
        Body::Sample("dunes.jpg"),
        &[Header("cache-control", "private, no-store")],
    )
    .better("an upload's answer is its client's own"),
    get("/health", &[Header("cache-control", "no-store")]).better("B16"),
];

const SIZES: &[Row] = &[
    get(
        "/resize?width=300&file=dunes.jpg",
        &[Header("image-width", "300"), Header("image-height", "404")],
    ),
    post(
        "/crop?width=30&height=20",
        Body::Sample("dunes.jpg"),
        &[Header("image-width", "30"), Header("image-height", "20")],
    ),
    get(
        "/info?file=dunes.jpg",
        &[Without("image-width"), Without("image-height")],
    ),
];

const HOUR: &str = "public, s-maxage=3600, max-age=3600, no-transform";

const TTL: &[Row] = &[
    get(
        "/resize?width=40&file=dunes.jpg",
        &[Header("cache-control", HOUR)],
    ),
    get(
        "/resize?width=40&file=dunes.jpg",
        &[Header("cache-control", HOUR)],
    )
    .by("HEAD"),
    get("/info?file=dunes.jpg", &[Header("cache-control", HOUR)]),
    get(
        "/resize?width=40&file=dunes.jpg&expires=1000",
        &[Status(410), Header("cache-control", "no-store")],
    ),
    get(
        "/resize?width=abc&file=dunes.jpg",
        &[
            Status(400),
            Header("cache-control", "no-store"),
            Without("expires"),
        ],
    )
    .better("B15"),
    get(
        "/resize?width=40&file=dunes.jpg",
        &[Status(403), Header("cache-control", "no-store")],
    )
    .unsigned()
    .better("B15"),
    post(
        "/resize?width=40",
        Body::Sample("dunes.jpg"),
        &[Header("cache-control", "private, no-store")],
    ),
    get("/", &[Without("expires")]),
    get("/health", &[Header("cache-control", "no-store")]),
];

const NO_TTL: &[Row] = &[get(
    "/resize?width=40&file=dunes.jpg",
    &[Header(
        "cache-control",
        "private, no-cache, no-store, must-revalidate",
    )],
)];

const CORS: &[Row] = &[
    get(
        "/resize?width=40&file=dunes.jpg",
        &[Header("access-control-allow-origin", "*")],
    ),
    get(
        "/resize?width=abc&file=dunes.jpg",
        &[Status(400), Header("access-control-allow-origin", "*")],
    ),
    get(
        "/nothing",
        &[
            Says("Not found"),
            Header("access-control-allow-origin", "*"),
        ],
    ),
    get(
        "/resize?width=40&type=auto&file=dunes.jpg",
        &[
            Header("access-control-allow-origin", "*"),
            Header("vary", "Accept"),
        ],
    )
    .better("B18"),
    get(
        "/resize?width=40&file=dunes.jpg",
        &[
            Status(204),
            Header("access-control-allow-origin", "*"),
            Header("access-control-allow-methods", "GET, HEAD, POST"),
        ],
    )
    .by("OPTIONS")
    .with(&[
        ("Origin", "https://page.test"),
        ("Access-Control-Request-Method", "GET"),
    ])
    .unsigned()
    .better("B17"),
    get("/resize?width=40&file=dunes.jpg", &[Size(40, 54)]),
];

#[test]
fn by_default() {
    run(&Edge::shared(), DEFAULT);
}

#[test]
fn sizes_where_they_are_asked_for() {
    run(&Edge::builder().switch("return-size").start(), SIZES);
}

#[test]
fn cross_origin() {
    run(&Edge::builder().switch("cors").start(), CORS);
}

#[test]
fn lives() {
    let edge = Edge::builder().set("http-cache-ttl", "3600").start();
    run(&edge, TTL);
    let untold = Edge::builder().set("http-cache-ttl", "-1").start();
    run(&untold, &DEFAULT[2..3]);
    run(&Edge::builder().set("http-cache-ttl", "0").start(), NO_TTL);
}

/// A part of a rendition lives as long as the whole, and so does the word that it has not changed.
#[test]
fn a_part_lives_as_long_as_the_whole() {
    let edge = Edge::builder().set("http-cache-ttl", "3600").start();
    let target = tests::signing::sign(tests::KEY, "/resize?width=40&file=dunes.jpg");
    let ask = |name: &str, value: &str| edge.send(&Request::get(&target).with(name, value));
    let life = |answer: &Answer| {
        assert!(answer.header("expires").unwrap().ends_with(" GMT"));
        answer.header("cache-control").unwrap().to_owned()
    };
    let whole = ask("Accept", "*/*");
    assert_eq!((whole.status, life(&whole)), (200, HOUR.to_owned()));
    for range in ["bytes=0-9", "bytes=0-1,20-21", "bytes=-5"] {
        let part = ask("Range", range);
        assert_eq!(
            (part.status, life(&part)),
            (206, HOUR.to_owned()),
            "{range}"
        );
    }
    let same = ask("If-None-Match", whole.header("etag").unwrap());
    assert_eq!((same.status, life(&same)), (304, HOUR.to_owned()));
    let never = Edge::builder().set("http-cache-ttl", "0").start();
    let part = never.send(&Request::get(&target).with("Range", "bytes=0-9"));
    assert_eq!(part.status, 206);
    let forbidden = "private, no-cache, no-store, must-revalidate";
    assert_eq!(part.header("cache-control"), Some(forbidden));
    // Beyond the end is an error, and errors live not at all.
    let beyond = ask("Range", &format!("bytes={}-", sample("dunes.jpg").len()));
    assert_eq!(beyond.status, 416);
    assert_ne!(beyond.header("cache-control"), Some(HOUR));
}
