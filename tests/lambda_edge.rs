//! URLs of the Lambda@Edge recipe: unsigned, in the configured sizes only, in the format that `Accept`
//! chooses.

use tests::{Builder, Edge, Origin, Reply, Request, eyes, sample};

/// A mount as a bucket would be: originals below `images/`, and a file that is none.
fn bucket() -> tempfile::TempDir {
    let mount = tempfile::tempdir().unwrap();
    let images = mount.path().join("images");
    std::fs::create_dir_all(images.join("deep")).unwrap();
    std::fs::write(images.join("image.jpg"), sample("dunes.jpg")).unwrap();
    std::fs::write(images.join("deep/cat.png"), sample("cat.png")).unwrap();
    std::fs::write(
        images.join("page.jpg"),
        "<html><script>alert(1)</script></html>",
    )
    .unwrap();
    std::fs::write(mount.path().join("secret.jpg"), sample("dunes.jpg")).unwrap();
    mount
}

fn over(mount: &tempfile::TempDir) -> Builder {
    Edge::mounting(mount.path()).set("lambda-edge", "mount")
}

#[test]
fn it_is_off_until_it_is_switched_on() {
    let mount = bucket();
    let edge = Edge::mounting(mount.path()).start();
    edge.get_unsigned("/images/image.jpg?d=200x200")
        .refused(404);
}

#[test]
fn without_a_size_it_is_the_original_and_only_pictures_are() {
    let mount = bucket();
    let edge = over(&mount).start();
    let answer = edge.get_unsigned("/images/image.jpg");
    assert_eq!(answer.picture(), sample("dunes.jpg"));
    assert_eq!(answer.header("content-type"), Some("image/jpeg"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let etag = answer.header("etag").unwrap().to_owned();
    let again = Request::get("/images/image.jpg").with("If-None-Match", &etag);
    assert_eq!(edge.send(&again).status, 304);
    edge.get_unsigned("/images/image.jpg").picture();
    assert_eq!(edge.count("/sandbox/started"), 1, "it was looked at once");
    for query in ["", "?d=100x100"] {
        edge.get_unsigned(&format!("/images/page.jpg{query}"))
            .refused(406);
        edge.get_unsigned(&format!("/images/none.jpg{query}"))
            .refused(400);
    }
    for path in [
        "/secret.jpg",
        "/images/%2e%2e/secret.jpg",
        "/images/image.txt",
        "/images/",
    ] {
        let answer = edge.get_unsigned(path);
        assert_eq!(answer.refused(404), "Not found", "{path}");
    }
    assert_eq!(edge.get_unsigned("/images/../secret.jpg?d=1x1").status, 301);
    let answer = edge.send(&Request::post(
        "/images/image.jpg?d=100x100",
        sample("dunes.jpg"),
    ));
    answer.refused(405);
    assert_eq!(answer.header("allow"), Some("GET, HEAD"));
}

#[test]
fn the_signed_dialect_stays_signed_beside_it() {
    let mount = bucket();
    let edge = over(&mount).start();
    edge.get_unsigned("/resize?width=40&file=images/image.jpg")
        .refused(403);
    edge.get("/resize?width=40&file=images/image.jpg").picture();
}

#[test]
fn sizes_tolerance_default_and_prefix_are_settings() {
    let mount = bucket();
    let edge = over(&mount)
        .set("lambda-edge-prefix", "/images/deep/")
        .set("lambda-edge-sizes", "50x40,64x64")
        .set("lambda-edge-default", "30x30")
        .set("lambda-edge-tolerance", "0")
        .start();
    for (asked, size) in [
        ("50x40", (50, 40)),
        ("64x64", (64, 64)),
        ("50x41", (30, 30)),
    ] {
        let answer = edge.get_unsigned(&format!("/images/deep/cat.png?d={asked}"));
        assert_eq!(eyes::size(answer.picture()), size, "{asked}");
    }
    edge.get_unsigned("/images/image.jpg?d=50x40").refused(404);
    for (setting, value) in [
        ("lambda-edge-sizes", "50x0"),
        ("lambda-edge-sizes", "huge"),
        ("lambda-edge-default", "5"),
        ("lambda-edge-tolerance", "100"),
        ("lambda-edge", "ftp://bucket.example"),
    ] {
        let said = over(&mount).set(setting, value).failure();
        assert!(said.contains("lambda-edge"), "{setting} {value}: {said}");
    }
    let said = Builder::bare()
        .set("url-signature-key", tests::KEY)
        .set("lambda-edge", "mount")
        .refusal();
    assert!(said.contains("--mount"), "{said}");
}

#[test]
fn originals_may_be_in_a_bucket_by_its_url() {
    let origin = Origin::new(|asked| match asked.target.as_str() {
        "/bucket/images/a%20b.jpg" => Reply::ok(sample("dunes.jpg")),
        _ => Reply::status(404),
    });
    let edge = Builder::bare()
        .set("url-signature-key", tests::KEY)
        .set("lambda-edge", origin.url("/bucket"))
        .switch("allow-private-origins")
        .start();
    let answer = edge.get_unsigned("/images/a%20b.jpg?d=100x100");
    assert_eq!(eyes::size(answer.picture()), (100, 100));
    edge.get_unsigned("/images/none.jpg?d=100x100").refused(404);
    // `url=` stays off.
    edge.get(&format!(
        "/resize?width=40&url={}",
        origin.url("/bucket/images/a%20b.jpg")
    ))
    .refused(405);
}
