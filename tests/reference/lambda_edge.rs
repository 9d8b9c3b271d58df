//! The other reference: the Lambda@Edge recipe's URLs, by its tables of rewritten requests and of variances,
//! and what darkroom does about its drawbacks.

use tests::{Builder, Edge, KEY, Origin, Reply, sample};

use super::row::Check::{Header, Size, Status, Type, Unlike};
use super::row::{Row, get, run};

/// Sections 2 and 3: what each request is answered with, of a picture of 550x740.
const SIZES: &[Row] = &[
    get("/images/image.jpg", &[Size(550, 740), Type("image/jpeg")]).unsigned(),
    get(
        "/images/image.jpg?d=100x100",
        &[Size(100, 100), Type("image/webp")],
    )
    .with(&[("Accept", "image/webp,*/*")])
    .unsigned(),
    get(
        "/images/image.jpg?d=180x180",
        &[Size(200, 200), Type("image/webp")],
    )
    .with(&[("Accept", "image/webp,*/*")])
    .unsigned(),
    get(
        "/images/image.jpg?d=100x100",
        &[Size(100, 100), Type("image/jpeg")],
    )
    .with(&[("Accept", "image/*")])
    .unsigned(),
    get(
        "/images/image.jpg?d=1000x10",
        &[Size(200, 200), Type("image/jpeg")],
    )
    .unsigned(),
    // The ranges: 80-120, 160-240, 240-360, 320-480, and the first that fits wins.
    get("/images/image.jpg?d=79x79", &[Size(200, 200)]).unsigned(),
    get("/images/image.jpg?d=80x80", &[Size(100, 100)]).unsigned(),
    get("/images/image.jpg?d=120x120", &[Size(100, 100)]).unsigned(),
    get("/images/image.jpg?d=121x121", &[Size(200, 200)]).unsigned(),
    get("/images/image.jpg?d=160x160", &[Size(200, 200)]).unsigned(),
    get("/images/image.jpg?d=240x240", &[Size(200, 200)]).unsigned(),
    get("/images/image.jpg?d=241x241", &[Size(300, 300)]).unsigned(),
    get("/images/image.jpg?d=320x320", &[Size(300, 300)]).unsigned(),
    get("/images/image.jpg?d=360x360", &[Size(300, 300)]).unsigned(),
    get("/images/image.jpg?d=361x361", &[Size(400, 400)]).unsigned(),
    get("/images/image.jpg?d=480x480", &[Size(400, 400)]).unsigned(),
    get("/images/image.jpg?d=481x481", &[Size(200, 200)]).unsigned(),
    // L2: both sides count.
    get("/images/image.jpg?d=100x300", &[Size(200, 200)])
        .unsigned()
        .better("L2"),
    get("/images/image.jpg?d=120x80", &[Size(100, 100)]).unsigned(),
    // Absurd ones, and none at all.
    get("/images/image.jpg?d=99999999999x1", &[Size(200, 200)]).unsigned(),
    get("/images/image.jpg?d=0x0", &[Size(200, 200)]).unsigned(),
    get("/images/image.jpg?d=100", &[Size(200, 200)]).unsigned(),
    get("/images/image.jpg?d=", &[Size(200, 200)]).unsigned(),
    get("/images/image.jpg?d=-100x100", &[Size(200, 200)]).unsigned(),
    get("/images/image.jpg?d=1e2x1e2", &[Size(200, 200)]).unsigned(),
    get("/images/image.jpg?d=NaNxNaN", &[Size(200, 200)]).unsigned(),
];

/// Section 6: what the recipe could not do.
const BETTER: &[Row] = &[
    // L3: by weight, and AVIF too.
    get(
        "/images/image.jpg?d=100x100",
        &[Type("image/avif"), Header("vary", "Accept")],
    )
    .with(&[("Accept", "image/avif,image/webp")])
    .unsigned()
    .better("L3"),
    get("/images/image.jpg?d=100x100", &[Type("image/jpeg")])
        .with(&[("Accept", "image/webp;q=0")])
        .unsigned()
        .better("L3"),
    get(
        "/images/image.jpg?d=100x100",
        &[Header("cache-control", "public, max-age=86400")],
    )
    .unsigned()
    .better("L5: unsigned, so it is promised for a day only"),
    // L7, L9: every failure is answered.
    get(
        "/images/none.jpg?d=100x100",
        &[Status(400), Header("cache-control", "no-store")],
    )
    .unsigned()
    .better("L7"),
    get("/images/page.jpg?d=100x100", &[Status(406)])
        .unsigned()
        .better("L7"),
    get("/images/page.jpg", &[Status(406)])
        .unsigned()
        .better("L7"),
    // L10: turned upright.
    get(
        "/images/turned.jpg?d=100x100",
        &[Size(100, 100), Unlike("/images/image.jpg?d=100x100")],
    )
    .unsigned()
    .better("L10"),
    // L1: nothing but the configured sizes, whatever else is said; and other paths stay signed.
    get(
        "/images/image.jpg?d=190x190&width=5000&type=png&operation=zoom",
        &[Size(200, 200), Type("image/jpeg")],
    )
    .unsigned()
    .better("L1"),
    get("/resize?width=40&file=images/image.jpg", &[Status(403)])
        .unsigned()
        .better("L1"),
    get("/resize?width=40&file=images/image.jpg", &[Size(40, 54)]),
    // Only pictures, only below the prefix.
    get("/secret.jpg", &[Status(404)]).unsigned(),
    get("/secret.jpg?d=100x100", &[Status(404)]).unsigned(),
    get("/images/%2e%2e/secret.jpg?d=100x100", &[Status(404)]).unsigned(),
    get("/images/image.txt", &[Status(404)]).unsigned(),
    get(
        "/images/image.jpg?d=100x100",
        &[Status(405), Header("allow", "GET, HEAD")],
    )
    .by("POST")
    .unsigned(),
];

fn bucket() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(root.path().join("images")).unwrap();
    for (name, bytes) in [
        ("images/image.jpg", sample("dunes.jpg")),
        ("images/turned.jpg", sample("lighthouse_orientation_6.jpg")),
        ("images/page.jpg", b"<html></html>".to_vec()),
        ("images/image.txt", b"text".to_vec()),
        ("secret.jpg", sample("dunes.jpg")),
    ] {
        std::fs::write(root.path().join(name), bytes).unwrap();
    }
    root
}

#[test]
fn every_request_and_every_size() {
    let bucket = bucket();
    let edge = Edge::mounting(bucket.path())
        .set("lambda-edge", "mount")
        .start();
    run(&edge, SIZES);
}

#[test]
fn every_drawback() {
    let bucket = bucket();
    let edge = Edge::mounting(bucket.path())
        .set("lambda-edge", "mount")
        .set("avif", "wait")
        .start();
    run(&edge, BETTER);
}

/// The base is for these URLs alone: nothing else is fetched from there, and no other place for them.
#[test]
fn the_base_is_no_source_for_anybody_else() {
    let base = Origin::new(|asked| match asked.target.as_str() {
        "/bucket/images/image.jpg" | "/private.jpg" => Reply::ok(sample("dunes.jpg")),
        "/bucket/images/away.jpg" => Reply::redirect("/private.jpg"),
        _ => Reply::status(404),
    });
    let kept = base.url("/bucket/images/image.jpg");
    let source = |url: &str| format!("/resize?width=40&url={url}");
    let overlay = format!("/watermarkimage?image={kept}");
    let edge = || {
        Builder::bare()
            .set("url-signature-key", KEY)
            .set("lambda-edge", base.url("/bucket"))
            .switch("allow-private-origins")
    };
    let listed = edge()
        .switch("enable-url-source")
        .set("allowed-origins", "http://img.test");
    for (builder, status) in [(edge(), 405), (listed, 400)] {
        let edge = builder.start();
        let answer = edge.get_unsigned("/images/image.jpg?d=100x100");
        answer.picture();
        // It is known by now, and still nobody else's.
        edge.get(&source(&kept)).refused(status);
        let said = edge.post(&overlay, &sample("cat.png")).refused(400);
        assert!(
            said.contains("Unable to retrieve watermark image"),
            "{said}"
        );
        let before = base.asked().len();
        edge.get_unsigned("/images/away.jpg?d=100x100").refused(502);
        assert_eq!(
            base.asked().len(),
            before + 1,
            "a redirect stays below the base"
        );
    }
    // Where any URL may be fetched, so may this one.
    let open = edge().switch("enable-url-source").start();
    open.get(&source(&kept)).picture();
}
