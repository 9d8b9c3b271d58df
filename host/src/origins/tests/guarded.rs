//! Places that may not be fetched from, however they are called. Each test has an origin listening
//! there, and nobody may call it.

use super::fake_names::Names;
use super::fake_origin::{FakeOrigin, picture, status};
use super::{configured, fetch, told};

#[tokio::test]
async fn no_spelling_of_an_address_reaches_loopback() {
    let origin = FakeOrigin::start(|_| picture("secret")).await;
    let origins = configured(&Names::none(), |config| config.allowed_networks.clear());
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "127.0.0.1.",
        "0.0.0.0",
        "0",
        "%31%32%37.0.0.1",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::]",
        "[64:ff9b::127.0.0.1]",
    ] {
        let (status, message) =
            told(fetch(&origins, &format!("http://{host}:{}/x.jpg", origin.port)).await);
        assert_eq!(status, 400, "{host}");
        assert!(
            message.starts_with("not allowed remote URL origin: "),
            "{message}"
        );
        assert!(
            message.ends_with("/x.jpg (not a public address)"),
            "{message}"
        );
    }
    assert_eq!(origin.connections(), 0);
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_and_does_not_tell_where() {
    let origin = FakeOrigin::start(|_| picture("secret")).await;
    let names = Names::new(&[
        ("v4.test", &["127.0.0.1"]),
        ("many.test", &["10.0.0.7 127.0.0.1 ::1"]),
        ("mapped.test", &["::ffff:127.0.0.1"]),
        ("localhost", &["127.0.0.1"]),
    ]);
    let origins = configured(&names, |config| config.allowed_networks.clear());
    for host in ["v4.test", "many.test", "mapped.test", "localhost"] {
        let error = fetch(&origins, &format!("http://{host}:{}/x.jpg", origin.port))
            .await
            .unwrap_err();
        let message = format!(
            "not allowed remote URL origin: {host}:{}/x.jpg (not a public address)",
            origin.port
        );
        assert_eq!(
            (error.status().as_u16(), error.public_message()),
            (400, message)
        );
        assert!(
            !error.to_string().contains("127.0") && !error.to_string().contains("10.0"),
            "{error}"
        );
    }
    assert_eq!(origin.connections(), 0);
}

#[tokio::test]
async fn only_the_permitted_addresses_of_a_name_are_connected_to() {
    let origin = FakeOrigin::start(|_| picture("a")).await;
    let names = Names::new(&[("mixed.test", &["127.0.0.2 10.0.0.1 127.0.0.1 ::1"])]);
    let origins = configured(&names, |_| ());
    assert_eq!(
        fetch(&origins, &format!("http://mixed.test:{}/", origin.port))
            .await
            .unwrap()
            .bytes,
        "a"
    );
    assert_eq!(origin.connections(), 1);
}

/// The second answer is what DNS rebinding counts on: checked with the first, connected with the second.
#[tokio::test]
async fn a_name_is_asked_for_once_and_an_answer_that_changes_is_checked_again() {
    let origin = FakeOrigin::start(|_| picture("a")).await;
    let names = Names::new(&[("rebound.test", &["127.0.0.1", "127.0.0.2"])]);
    let origins = configured(&names, |_| ());
    let url = format!("http://rebound.test:{}/", origin.port);
    assert_eq!(fetch(&origins, &url).await.unwrap().bytes, "a");
    assert_eq!(names.asked().len(), 1);
    assert_eq!(told(fetch(&origins, &url).await).0, 400);
    assert_eq!((names.asked().len(), origin.connections()), (2, 1));
}

/// A name server is as good a place to write these as a URL is.
#[tokio::test]
async fn no_answer_of_a_name_server_leads_inside() {
    for address in [
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.7",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "168.63.129.16",
        "169.254.169.254",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.7",
        "::ffff:169.254.169.254",
        "::10.0.0.7",
        "64:ff9b::10.0.0.7",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::10.0.0.7",
        "2002:a00:7::",
        "fd00:ec2::254",
        "fe80::1",
        "ff02::1",
    ] {
        let names = Names::new(&[("inside.test", &[address])]);
        let origins = configured(&names, |config| config.allowed_networks.clear());
        let (status, message) = told(fetch(&origins, "http://inside.test/x.jpg").await);
        assert_eq!(status, 400, "{address}");
        assert_eq!(
            message, "not allowed remote URL origin: inside.test/x.jpg (not a public address)",
            "{address}"
        );
        assert_eq!(names.asked(), ["inside.test"], "{address}");
    }
}

/// A redirect to the same name asks for its address again, and may hear another one.
#[tokio::test]
async fn an_answer_that_changes_behind_a_redirect_is_refused() {
    let origin = FakeOrigin::start(|head| {
        if head.starts_with("GET /there ") {
            picture("secret")
        } else {
            // Said to close, so that the second hop needs a connection, and an address, of its own.
            status("302 Found\r\nLocation: /there\r\nConnection: close")
        }
    })
    .await;
    let names = Names::new(&[("rebound.test", &["127.0.0.1", "127.0.0.2 169.254.169.254"])]);
    let origins = configured(&names, |_| ());
    let url = format!("http://rebound.test:{}/", origin.port);
    let (code, message) = told(fetch(&origins, &url).await);
    assert_eq!(code, 502, "{message}");
    assert!(
        message.ends_with("redirects to an origin that is not allowed"),
        "{message}"
    );
    assert_eq!((names.asked().len(), origin.connections()), (2, 1));
}

#[tokio::test]
async fn an_origin_that_is_not_listed_is_not_even_looked_up() {
    let origin = FakeOrigin::start(|_| picture("a")).await;
    let names = Names::new(&[("a.test", &["127.0.0.1"]), ("b.test", &["127.0.0.1"])]);
    let port = origin.port;
    let origins = configured(&names, |config| {
        config.allowed_origins = vec![format!("https://a.test:{port}/pics").parse().unwrap()];
    });
    assert!(
        fetch(&origins, &format!("http://a.test:{port}/pics/x.jpg"))
            .await
            .is_ok()
    );
    for place in [
        format!("b.test:{port}/pics/x.jpg"),
        format!("a.test:{port}/x.jpg"),
        "a.test/pics/x.jpg".to_owned(),
    ] {
        let answer = told(fetch(&origins, &format!("http://user:pass@{place}?token=1")).await);
        assert_eq!(
            answer,
            (400, format!("not allowed remote URL origin: {place}"))
        );
    }
    assert_eq!(
        (names.asked(), origin.connections()),
        (vec!["a.test".to_owned()], 1)
    );
}

#[tokio::test]
async fn what_is_no_web_url_is_no_url() {
    let origins = configured(&Names::none(), |_| ());
    for url in [
        "",
        "x.jpg",
        "//a.test/x",
        "file:///etc/passwd",
        "ftp://a.test/",
        "http://",
        "http://a b/",
        "http://[::1",
    ] {
        assert_eq!(
            told(fetch(&origins, url).await),
            (400, "Invalid image URL".to_owned()),
            "{url:?}"
        );
    }
}
