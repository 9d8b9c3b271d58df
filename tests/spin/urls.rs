//! Forty pictures and as many refusals as there are kinds, asked of the native server and of another host.

use std::net::SocketAddr;

use tests::signing::sign;
use tests::{Answer, Builder, Edge, KEY, Origin, Reply, Request, sample};

/// What is done with which sample; each is signed, and its source is fetched from an origin.
const PICTURES: [(&str, &str); 40] = [
    ("/resize?width=300", "coast.jpg"),
    ("/resize?width=300", "parrots.jpg"),
    ("/resize?width=300", "julia_progressive.jpg"),
    ("/resize?width=300", "lighthouse_orientation_6.jpg"),
    ("/resize?width=300", "sunflower_p3.jpg"),
    ("/resize?width=300", "camera_gray.jpg"),
    ("/resize?width=300", "truncated.jpg"),
    ("/resize?width=200", "cat.png"),
    ("/resize?width=200", "marble.png"),
    ("/resize?width=200", "coffee.webp"),
    ("/resize?width=120&type=png", "orbit.gif"),
    ("/resize?width=250&type=webp", "dunes.jpg"),
    ("/resize?width=250&type=png", "hubble.jpg"),
    ("/resize?width=250&type=jpeg&quality=40", "rocket.jpg"),
    ("/resize?width=96&type=avif", "rocket.jpg"),
    (
        "/resize?width=200&type=jpeg&background=240,140,40",
        "marble.png",
    ),
    ("/fit?width=200&height=200", "dunes.jpg"),
    ("/fit?width=200&height=200", "lighthouse_orientation_6.jpg"),
    ("/crop?width=200&height=200", "parrots.jpg"),
    ("/crop?width=200&height=120&gravity=north", "coast.jpg"),
    ("/crop?width=200&height=120&gravity=smart", "cat.png"),
    ("/smartcrop?width=160&height=160", "rocket.jpg"),
    ("/enlarge?width=900&height=700", "camera_gray.jpg"),
    (
        "/extract?top=10&left=20&areawidth=200&areaheight=150",
        "coast.jpg",
    ),
    ("/rotate?rotate=90&width=200", "rocket.jpg"),
    ("/rotate?rotate=180&width=200", "sunflower_p3.jpg"),
    ("/autorotate?width=200", "lighthouse_orientation_6.jpg"),
    ("/flip?width=200", "hubble.jpg"),
    ("/flop?width=200", "hubble.jpg"),
    ("/thumbnail?width=100", "julia_progressive.jpg"),
    ("/thumbnail?height=80", "coffee.webp"),
    ("/zoom?factor=2&width=100", "cat.png"),
    ("/convert?type=webp", "camera_gray.jpg"),
    ("/convert?type=png", "orbit.gif"),
    ("/blur?sigma=3&width=200", "parrots.jpg"),
    (
        "/watermark?text=darkroom&width=300&opacity=0.7",
        "dunes.jpg",
    ),
    ("/resize?width=200&colorspace=bw", "parrots.jpg"),
    ("/resize?width=200&height=100&force=true", "coast.jpg"),
    ("/info?", "lighthouse_orientation_6.jpg"),
    (
        "/pipeline?operations=%5B%7B%22operation%22%3A%22crop%22%2C%22params%22%3A%7B%22width%22%3A200%2C\
         %22height%22%3A150%7D%7D%2C%7B%22operation%22%3A%22convert%22%2C%22params%22%3A%7B%22type%22%3A\
         %22webp%22%7D%7D%5D",
        "coast.jpg",
    ),
];

/// What is refused, and by whom: the URL, the origin, the picture.
const REFUSALS: [(&str, &str); 14] = [
    ("/resize?", "coast.jpg"),
    ("/resize?width=abc", "coast.jpg"),
    ("/resize?width=100&type=tga", "coast.jpg"),
    ("/enlarge?width=20000&height=20000", "coast.jpg"),
    (
        "/extract?areawidth=9000&areaheight=9000&left=1&top=1",
        "coast.jpg",
    ),
    ("/zoom?factor=0", "coast.jpg"),
    ("/pipeline?operations=%5B%5D", "coast.jpg"),
    ("/resize?width=100", "missing.jpg"),
    ("/resize?width=100", "broken.jpg"),
    ("/resize?width=100", "text.txt"),
    ("/resize?width=100", "empty.jpg"),
    ("/resize?width=100", "moved-away.jpg"),
    ("/resize?width=100", "failing.jpg"),
    ("/info?", "text.txt"),
];

/// An origin with the samples, and with a few things that are none.
pub(crate) fn origin() -> Origin {
    Origin::new(|asked| {
        let name = asked.target.trim_start_matches('/');
        match name {
            "missing.jpg" => Reply::status(404),
            "failing.jpg" => Reply::status(503),
            "text.txt" => Reply::ok("this is no picture at all"),
            "broken.jpg" => Reply::ok(sample("coast.jpg")[..60].to_vec()),
            "empty.jpg" => Reply::ok(""),
            "moved-away.jpg" => Reply::redirect("ftp://elsewhere.test/x.jpg"),
            "moved.jpg" => Reply::redirect("/rocket.jpg"),
            name => Reply::ok(sample(name)),
        }
    })
}

/// The native server, with the settings that hosts get as variables by `SETTINGS`.
pub(crate) fn native() -> Edge {
    Builder::bare()
        .set("url-signature-key", KEY)
        .switch("enable-url-source")
        .switch("allow-private-origins")
        .set("avif", "wait")
        .start()
}

/// The same, as variables.
pub(crate) const SETTINGS: [(&str, &str); 3] = [
    ("signing_key", KEY),
    ("enable_url_source", "true"),
    ("allow_private_origins", "true"),
];

/// `/endpoint?query`, with the origin's picture behind it.
pub(crate) fn target(origin: &Origin, operation: &str, name: &str) -> String {
    let joint = if operation.ends_with('?') { "" } else { "&" };
    format!("{operation}{joint}url={}", origin.url(&format!("/{name}")))
}

/// Ask both for everything, and compare.
pub(crate) fn compare(host: SocketAddr) {
    let (origin, native) = (origin(), native());
    let ask = |request: &Request| {
        let theirs = request
            .send(host)
            .unwrap_or_else(|error| panic!("{error}: {request:?}"));
        (native.send(request), theirs)
    };
    for (operation, name) in PICTURES {
        let target = target(&origin, operation, name);
        let (ours, theirs) = ask(&Request::get(sign(KEY, &target)));
        assert_eq!(ours.status, 200, "{target}: {}", ours.text());
        same(&target, &ours, &theirs);
        assert!(ours.body == theirs.body, "{target}: other bytes");
    }
    for (operation, name) in REFUSALS {
        let target = target(&origin, operation, name);
        let (ours, theirs) = ask(&Request::get(sign(KEY, &target)));
        assert!(ours.status >= 400, "{target} was answered");
        same(&target, &ours, &theirs);
        assert_eq!(ours.text(), theirs.text(), "{target}");
    }
    for request in others(&origin) {
        let (ours, theirs) = ask(&request);
        same(&format!("{request:?}"), &ours, &theirs);
        assert!(
            ours.body == theirs.body,
            "{request:?}: {} {}",
            ours.text(),
            theirs.text()
        );
    }
}

/// Signatures, methods, uploads, conditions, ranges, paths.
fn others(origin: &Origin) -> Vec<Request> {
    let plain = target(origin, "/resize?width=120", "rocket.jpg");
    let signed = sign(KEY, &plain);
    let get = |target: &str| Request::get(target);
    let upload = sign(KEY, "/resize?width=100");
    vec![
        get(&plain),
        get(&format!("{plain}&sign=AAAA")),
        get(&format!("{plain}&sign=*")),
        get(&sign(KEY, &format!("{plain}&expires=1000"))),
        get(&sign(KEY, &format!("{plain}&expires=99999999999"))),
        get(&sign(KEY, "/resize?width=100&file=rocket.jpg")),
        get(&sign(KEY, "/resize?width=100&url=ftp://a.test/x.jpg")),
        get(&sign(
            KEY,
            &target(origin, "/resize?width=150", "moved.jpg"),
        )),
        get("/nowhere"),
        get("//resize?width=1"),
        get("/ready"),
        get("/"),
        Request::new("HEAD", signed.clone()),
        Request::new("DELETE", signed.clone()),
        Request::new("DELETE", "/"),
        get(&signed).with("Range", "bytes=0-99"),
        get(&signed).with("Range", "bytes=999999-"),
        get(&signed).with("If-Match", "\"another\""),
        get(&sign(
            KEY,
            &target(origin, "/resize?width=150&type=auto", "rocket.jpg"),
        ))
        .with("Accept", "image/webp,*/*"),
        Request::post(upload.clone(), sample("rocket.jpg")),
        Request::post(upload.clone(), ""),
        Request::form(
            upload.clone(),
            &[("file", Some("a.jpg"), &sample("cat.png"))],
        ),
        Request::form(upload, &[("other", None, b"x")]),
    ]
}

/// Headers that say what an answer means. Times and places differ.
fn same(what: &str, ours: &Answer, theirs: &Answer) {
    assert_eq!(
        ours.status,
        theirs.status,
        "{what}: {} {}",
        ours.text(),
        theirs.text()
    );
    for name in [
        "content-type",
        "content-length",
        "content-range",
        "cache-control",
        "etag",
        "vary",
        "allow",
        "location",
        "accept-ranges",
        "x-content-type-options",
        "server",
    ] {
        // A signature that ends counts down.
        if name == "cache-control" && what.contains("expires=") {
            continue;
        }
        assert_eq!(ours.header(name), theirs.header(name), "{what}: {name}");
    }
}
