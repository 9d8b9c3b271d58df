//! Redirects: how many, where to, and what goes with them.

use super::fake_names::Names;
use super::fake_origin::{FakeOrigin, Reply, picture, redirect, status};
use super::{configured, fetch, open_origins, told};

/// An origin whose `/N` redirects N times.
async fn countdown() -> FakeOrigin {
    FakeOrigin::start(|head| {
        let left: u32 = head["GET /".len()..]
            .split(' ')
            .next()
            .and_then(|path| path.parse().ok())
            .unwrap();
        if left == 0 {
            picture("there")
        } else {
            redirect(&format!("/{}", left - 1))
        }
    })
    .await
}

#[tokio::test]
async fn the_redirect_limit_obeyed_and_violated() {
    let origin = countdown().await;
    assert_eq!(
        fetch(&open_origins(), &origin.url("/3"))
            .await
            .unwrap()
            .bytes,
        "there"
    );
    assert_eq!(origin.heads().len(), 4);
    let answer = told(fetch(&open_origins(), &origin.url("/4")).await);
    let message = format!(
        "error fetching remote http image: 127.0.0.1:{} redirects more than 3 times",
        origin.port
    );
    assert_eq!(answer, (502, message));
    assert_eq!(
        origin.heads().len(),
        8,
        "the picture itself was not asked for"
    );
    let none = configured(&Names::none(), |config| config.redirects_max = 0);
    assert!(fetch(&none, &origin.url("/0")).await.is_ok());
    assert!(fetch(&none, &origin.url("/1")).await.is_err());
}

#[tokio::test]
async fn every_kind_of_redirect_is_followed() {
    for line in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary",
        "308 Permanent",
    ] {
        let origin = FakeOrigin::start(move |head| {
            if head.starts_with("GET /there ") {
                picture("there")
            } else {
                status(&format!("{line}\r\nLocation: there"))
            }
        })
        .await;
        assert_eq!(
            fetch(&open_origins(), &origin.url("/x"))
                .await
                .unwrap()
                .bytes,
            "there",
            "{line}"
        );
    }
}

#[tokio::test]
async fn a_redirect_leads_to_nothing_that_is_not_public() {
    let names = Names::new(&[("inside.test", &["10.0.0.1"])]);
    for target in [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.2/",
        "http://[::1]/",
        "http://2130706434/",
        "http://0x7f.2/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::10.0.0.1]/",
        "http://inside.test/",
        "//inside.test/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "data:image/png,",
        "http://",
    ] {
        let origin = FakeOrigin::start(move |_| redirect(target)).await;
        let answer = told(fetch(&configured(&names, |_| ()), &origin.url("/")).await);
        let host = format!("127.0.0.1:{}", origin.port);
        let message = format!(
            "error fetching remote http image: {host} redirects to an origin that is not allowed"
        );
        assert_eq!(answer, (502, message), "{target}");
    }
}

#[tokio::test]
async fn a_redirect_leads_to_listed_origins_only() {
    let names = Names::new(&[
        ("a.test", &["127.0.0.1"]),
        ("b.test", &["127.0.0.1"]),
        ("evil.test", &["127.0.0.1"]),
    ]);
    let origin = FakeOrigin::start(|head| {
        let port = head
            .split(['\r', ' '])
            .find_map(|word| word.split_once(".test:"))
            .unwrap()
            .1;
        match head["GET ".len()..].split(' ').next().unwrap() {
            "/to-listed" => redirect(&format!("http://b.test:{port}/pics/x")),
            "/to-other-path" => redirect(&format!("http://b.test:{port}/private/x")),
            "/to-other-host" => redirect(&format!("http://evil.test:{port}/pics/x")),
            _ => picture("there"),
        }
    })
    .await;
    let port = origin.port;
    let origins = configured(&names, |config| {
        let listed = [
            format!("http://a.test:{port}"),
            format!("http://b.test:{port}/pics"),
        ];
        config.allowed_origins = listed.iter().map(|entry| entry.parse().unwrap()).collect();
    });
    assert_eq!(
        fetch(&origins, &format!("http://a.test:{port}/to-listed"))
            .await
            .unwrap()
            .bytes,
        "there"
    );
    let asked = origin.heads().len();
    for path in ["/to-other-path", "/to-other-host"] {
        let (status, message) = told(fetch(&origins, &format!("http://a.test:{port}{path}")).await);
        assert_eq!(status, 502);
        assert!(
            message.contains("not allowed")
                && !message.contains("evil")
                && !message.contains("private"),
            "{message}"
        );
    }
    assert_eq!(
        origin.heads().len(),
        asked + 2,
        "only the redirects themselves were asked for"
    );
    assert!(!names.asked().contains(&"evil.test".to_owned()));
}

#[tokio::test]
async fn userinfo_does_not_follow_to_another_host() {
    let other = FakeOrigin::start(|_| picture("there")).await;
    let target = other.url("/x");
    let origin = FakeOrigin::start(move |head| {
        if head.starts_with("GET /near") {
            redirect("/far")
        } else {
            redirect(&target)
        }
    })
    .await;
    let url = format!("http://user:pass@127.0.0.1:{}/near", origin.port);
    fetch(&open_origins(), &url).await.unwrap();
    let told: Vec<bool> = origin
        .heads()
        .iter()
        .map(|head| head.contains("authorization: basic"))
        .collect();
    assert_eq!(told, [true, true]);
    assert!(
        !other.heads()[0].contains("authorization"),
        "{:?}",
        other.heads()
    );
}

#[tokio::test]
async fn the_body_of_a_redirect_is_not_read() {
    let origin = FakeOrigin::start(|head| {
        if head.starts_with("GET /there ") {
            picture("there")
        } else {
            Reply::Endless(
                b"HTTP/1.1 302 Found\r\nLocation: /there\r\n\r\n".to_vec(),
                vec![b'x'; 4096],
            )
        }
    })
    .await;
    assert_eq!(
        fetch(&open_origins(), &origin.url("/"))
            .await
            .unwrap()
            .bytes,
        "there"
    );
    origin.hung_up().await;
}
