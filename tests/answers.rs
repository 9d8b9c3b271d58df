//! What an operator can say about answers: how long they are kept by others, what their headers tell,
//! which formats are negotiated.

use tests::{Answer, Edge, Request};

fn life(answer: &Answer) -> &str {
    answer.header("cache-control").unwrap_or("none")
}

#[test]
fn a_ttl_stands_on_successes_of_get_alone() {
    let edge = Edge::builder().set("http-cache-ttl", "3600").start();
    for _ in ["miss", "hit"] {
        let answer = edge.get("/resize?width=40&file=dunes.jpg");
        answer.picture();
        assert_eq!(
            life(&answer),
            "public, s-maxage=3600, max-age=3600, no-transform"
        );
        assert!(answer.header("expires").unwrap().ends_with(" GMT"));
    }
    edge.get("/resize?width=abc&file=dunes.jpg").refused(400);
    edge.get_unsigned("/resize?width=40&file=dunes.jpg")
        .refused(403);
    let upload = edge.post("/resize?width=40", &tests::sample("dunes.jpg"));
    assert_eq!(life(&upload), "private, no-store");
    assert_eq!(life(&edge.get_unsigned("/health")), "no-store");
}

#[test]
fn a_ttl_never_outlives_the_url() {
    let edge = Edge::builder().set("http-cache-ttl", "31556926").start();
    let answer = edge.get("/resize?width=40&file=dunes.jpg&expires=4102444800");
    assert_eq!(
        life(&answer),
        "public, s-maxage=31556926, max-age=31556926, no-transform"
    );
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let answer = edge.get(&format!(
        "/resize?width=40&file=dunes.jpg&expires={}",
        now + 1000
    ));
    answer.picture();
    let seconds: u64 = life(&answer)
        .split(['=', ','])
        .nth(2)
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=1000).contains(&seconds), "{}", life(&answer));
    edge.get("/resize?width=40&file=dunes.jpg&expires=1000")
        .refused(410);
}

#[test]
fn ttls_at_their_bounds() {
    let edge = Edge::builder().set("http-cache-ttl", "0").start();
    assert_eq!(
        life(&edge.get("/resize?width=40&file=dunes.jpg")),
        "private, no-cache, no-store, must-revalidate"
    );
    let edge = Edge::builder().set("http-cache-ttl", "-1").start();
    let own = Edge::shared();
    let target = "/resize?width=40&file=dunes.jpg";
    assert_eq!(life(&edge.get(target)), life(&own.get(target)));
    for refused in ["-2", "31556927"] {
        let said = Edge::builder().set("http-cache-ttl", refused).refusal();
        assert!(said.contains("http-cache-ttl"), "{said}");
    }
}

#[test]
fn the_size_is_told_where_it_is_asked_for() {
    let edge = Edge::builder().switch("return-size").start();
    let size = |answer: &Answer| {
        let of = |name| answer.header(name).map(str::to_owned);
        (of("image-width"), of("image-height"))
    };
    let some = |width: &str, height: &str| (Some(width.to_owned()), Some(height.to_owned()));
    for _ in ["miss", "hit"] {
        assert_eq!(
            size(&edge.get("/resize?width=300&file=dunes.jpg")),
            some("300", "404")
        );
    }
    let upload = edge.post("/crop?width=30&height=20", &tests::sample("dunes.jpg"));
    assert_eq!(size(&upload), some("30", "20"));
    assert_eq!(size(&edge.get("/info?file=dunes.jpg")), (None, None));
    let untold = Edge::shared().get("/resize?width=300&file=dunes.jpg");
    assert_eq!(size(&untold), (None, None));
}

#[test]
fn the_formats_of_auto_can_be_imaginarys() {
    let edge = Edge::builder().set("auto-formats", "webp,png,jpeg").start();
    let signed = tests::signing::sign(tests::KEY, "/resize?width=40&type=auto&file=dunes.jpg");
    for (accept, kind) in [
        ("image/avif,image/webp,*/*", "image/webp"),
        ("image/png", "image/png"),
        ("image/avif", "image/jpeg"),
        ("image/webp;q=0,image/png;q=0.1", "image/png"),
        ("*/*", "image/jpeg"),
    ] {
        let answer = edge.send(&Request::get(&signed).with("Accept", accept));
        assert_eq!(answer.header("content-type"), Some(kind), "{accept}");
        assert_eq!(answer.header("vary"), Some("Accept"), "{accept}");
    }
    let said = Edge::builder().set("auto-formats", "webp,tiff").refusal();
    assert!(said.contains("tiff"), "{said}");
}
