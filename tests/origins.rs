//! `url=`: which origins may be asked, and what they are asked. The address that is connected to is
//! what counts, and every redirect is looked at again.

use tests::signing::escape;
use tests::{Builder, Edge, Origin, Reply, eyes, sample};

/// An edge that may ask this machine.
pub(crate) fn trusting() -> Builder {
    Edge::builder()
        .switch("enable-url-source")
        .switch("allow-private-origins")
}

/// The target of a small rendition of what is at `url`.
pub(crate) fn target(url: &str) -> String {
    format!("/resize?width=40&url={}", escape(url.as_bytes()))
}

#[test]
fn a_picture_is_fetched_once_and_then_a_hit() {
    let origin = Origin::of(sample("dunes.jpg"));
    let edge = trusting().start();
    let target = target(&origin.url("/a/b%20c.jpg?version=2&size=1"));
    assert_eq!(eyes::size(edge.get(&target).picture()), (40, 54));
    assert!(edge.get(&target).is_hit());
    let asked = origin.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(
        (asked[0].method.as_str(), asked[0].target.as_str()),
        ("GET", "/a/b%20c.jpg?version=2&size=1")
    );
    let agent = asked[0]
        .headers
        .iter()
        .find(|(name, _)| name == "user-agent");
    assert!(
        agent.is_some_and(|(_, value)| value.starts_with("darkroom")),
        "{agent:?}"
    );
}

#[test]
fn this_machine_and_its_neighbours_are_refused_by_default() {
    let origin = Origin::of(sample("dunes.jpg"));
    let port = origin.address().port();
    let edge = Edge::builder()
        .switch("enable-url-source")
        .set("origin-timeout", "2s")
        .start();
    for host in [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "[fe80::1]",
        "[fd00::1]",
    ] {
        let answer = edge.get(&target(&format!("http://{host}:{port}/a.jpg")));
        let said = answer.refused(400);
        assert!(!said.contains("dunes"), "{host}: {said}");
    }
    assert!(origin.asked().is_empty(), "{:?}", origin.asked());
}

#[test]
fn other_schemes_are_refused() {
    let edge = trusting().start();
    for url in [
        "file:///etc/passwd",
        "ftp://127.0.0.1/a.jpg",
        "gopher://127.0.0.1/",
        "data:image/png;base64,AAAA",
        "//127.0.0.1/a.jpg",
        "a.jpg",
        "http://",
        "",
    ] {
        edge.get(&target(url)).refused(400);
    }
}

#[test]
fn the_allow_list_is_obeyed() {
    let origin = Origin::of(sample("dunes.jpg"));
    let allowed = format!("http://{}/pictures", origin.address());
    let edge = trusting().set("allowed-origins", &allowed).start();
    edge.get(&target(&origin.url("/pictures/a.jpg"))).picture();
    let before = origin.asked().len();
    for path in [
        "/other/a.jpg",
        "/picturesque/a.jpg",
        "/pictures/../other/a.jpg",
        "/pictures/%2e%2e/other/a.jpg",
    ] {
        let said = edge.get(&target(&origin.url(path))).refused(400);
        assert!(
            said.starts_with("not allowed remote URL origin"),
            "{path}: {said}"
        );
    }
    let port = origin.address().port();
    for host in [
        format!("localhost:{port}"),
        format!("127.0.0.1:{port}@192.0.2.1"),
        "127.0.0.1".to_owned(),
    ] {
        edge.get(&target(&format!("http://{host}/pictures/a.jpg")))
            .refused(400);
    }
    assert_eq!(origin.asked().len(), before);
}

#[test]
fn redirects_are_followed_three_times_and_no_further() {
    let origin = Origin::new(
        |asked| match asked.target.trim_start_matches('/').parse::<u32>() {
            Ok(0) => Reply::ok(sample("dunes.jpg")),
            Ok(left) => Reply::redirect(format!("/{}", left - 1)),
            Err(_) => Reply::status(404),
        },
    );
    let edge = trusting().start();
    edge.get(&target(&origin.url("/3"))).picture();
    assert_eq!(origin.asked().len(), 4);
    edge.get(&target(&origin.url("/4"))).refused(502);
    assert_eq!(origin.asked().len(), 8);
}

#[test]
fn each_redirect_is_checked_again() {
    let secret = Origin::of(sample("dunes.jpg"));
    let hidden = secret.url("/secret.jpg");
    let front = Origin::new(move |asked| match asked.target.as_str() {
        "/file" => Reply::redirect("file:///etc/passwd"),
        "/loop" => Reply::redirect("/loop"),
        _ => Reply::redirect(hidden.clone()),
    });
    let edge = trusting()
        .set("allowed-origins", format!("http://{}", front.address()))
        .start();
    for path in ["/other", "/file", "/loop"] {
        let answer = edge.get(&target(&front.url(path)));
        assert!(
            matches!(answer.status, 400 | 502),
            "{path}: {} {}",
            answer.status,
            answer.text()
        );
    }
    assert!(secret.asked().is_empty());
    let open = trusting().start();
    open.get(&target(&front.url("/other"))).picture();
}
