//! Section 1: paths, with a prefix and without.

use tests::Edge;

use super::row::Check::{Body as Whole, Header, Size, Status};
use super::row::{Row, get, run};

const PLAIN: &[Row] = &[
    get("/", &[Status(200)]).unsigned(),
    get("/health", &[Status(200)]).unsigned(),
    get("/form", &[Status(404)])
        .unsigned()
        .better("off until it is switched on"),
    get("//health", &[Status(301), Header("location", "/health")]).unsigned(),
    get(
        "/resize/../health",
        &[Status(301), Header("location", "/health")],
    )
    .unsigned(),
    get("/re%73ize?width=9&file=dunes.jpg", &[Size(9, 12)]),
];

const BELOW: &[Row] = &[
    get("/api/v1", &[Status(200)]).unsigned(),
    get(
        "/api/v1/health",
        &[Status(200), Header("cache-control", "no-store")],
    )
    .unsigned()
    .better("B16"),
    get("/api/v1/resize?width=9&file=dunes.jpg", &[Size(9, 12)]),
    get("/api/v1/", &[Status(404), Whole("404 page not found\n")]).unsigned(),
    get("/health", &[Status(404), Whole("404 page not found\n")]).unsigned(),
    get(
        "/api/v1/nothing",
        &[Status(404), Whole("404 page not found\n")],
    )
    .unsigned(),
    get(
        "/resize?width=9&file=dunes.jpg",
        &[Status(404), Whole("404 page not found\n")],
    ),
    get(
        "//api/v1/health",
        &[Status(301), Header("location", "/api/v1/health")],
    )
    .unsigned(),
];

#[test]
fn at_the_root() {
    run(&Edge::shared(), PLAIN);
}

#[test]
fn below_a_prefix() {
    run(
        &Edge::builder()
            .set("path-prefix", "/api/v1")
            .set("http-cache-ttl", "3600")
            .start(),
        BELOW,
    );
}
