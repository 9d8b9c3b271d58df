//! What an origin may send as a body, and how much of it is read.

use super::fake_names::Names;
use super::fake_origin::{FakeOrigin, Reply, picture, status};
use super::{configured, fetch, open_origins, told};

fn close(bytes: &str) -> Reply {
    Reply::Close(bytes.as_bytes().to_vec())
}

#[tokio::test]
async fn a_picture_comes_with_what_is_said_about_it() {
    let origin = FakeOrigin::start(|_| {
        close(
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nETag: \"e\"\r\nLast-Modified: yesterday\r\nAge: 7\r\n\
             Cache-Control: public\r\nCache-Control: max-age=60\r\nExpires: 0\r\n\r\nabc",
        )
    })
    .await;
    let fetched = fetch(&open_origins(), &origin.url("/x.jpg?width=1#frag"))
        .await
        .unwrap();
    assert_eq!(fetched.bytes, "abc");
    assert_eq!(fetched.said.validator.as_deref(), Some("\"e\""));
    assert_eq!(fetched.said.last_modified.as_deref(), Some("yesterday"));
    assert_eq!(
        fetched.said.cache_control.as_deref(),
        Some("public, max-age=60")
    );
    assert_eq!(fetched.said.expires.as_deref(), Some("0"));
    assert_eq!(fetched.said.age.as_deref(), Some("7"));
    let head = &origin.heads()[0];
    assert!(
        head.starts_with("get /x.jpg?width=1 http/1.1\r\n"),
        "{head}"
    );
    for line in [
        "accept: image/*,*/*;q=0.8\r\n",
        "accept-encoding: identity\r\n",
        "user-agent: darkroom/",
    ] {
        assert!(head.contains(line), "{head}");
    }
    assert!(
        !head.contains("authorization") && !head.contains("referer") && !head.contains("cookie"),
        "{head}"
    );
}

#[tokio::test]
async fn an_absurd_header_is_left_out() {
    let long = "x".repeat(1025);
    let origin = FakeOrigin::start(move |_| {
        close(&format!(
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nETag: {long}\r\nAge: {}\r\n\r\na",
            &long[1..]
        ))
    })
    .await;
    let fetched = fetch(&open_origins(), &origin.url("/")).await.unwrap();
    assert_eq!(fetched.said.validator, None);
    assert_eq!(fetched.said.age.map(|age| age.len()), Some(1024));
}

#[tokio::test]
async fn every_framing_is_read() {
    for reply in [
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\nabc",
        "HTTP/1.0 200 OK\r\nConnection: close\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef",
    ] {
        let origin = FakeOrigin::start(|_| close(reply)).await;
        assert_eq!(
            fetch(&open_origins(), &origin.url("/"))
                .await
                .unwrap()
                .bytes,
            "abc",
            "{reply}"
        );
    }
}

#[tokio::test]
async fn the_byte_limit_obeyed_and_violated() {
    for reply in [
        "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n12345678",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n1234\r\n4\r\n5678\r\n0\r\n\r\n",
    ] {
        let origin = FakeOrigin::start(|_| close(reply)).await;
        let with_limit =
            |bytes_max| configured(&Names::none(), |config| config.source_bytes_max = bytes_max);
        assert_eq!(
            fetch(&with_limit(8), &origin.url("/")).await.unwrap().bytes,
            "12345678"
        );
        assert!(
            fetch(&with_limit(7), &origin.url("/")).await.is_err(),
            "{reply}"
        );
    }
}

#[tokio::test]
async fn a_body_that_is_announced_as_too_large_is_not_read() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1024\r\n\r\n".to_vec();
    let origin = FakeOrigin::start(move |_| Reply::Silence(head.clone())).await;
    let origins = configured(&Names::none(), |config| config.source_bytes_max = 1023);
    let answer = told(fetch(&origins, &origin.url("/")).await);
    assert_eq!(
        answer,
        (
            400,
            "Content-Length 1024 exceeds maximum allowed 1023 bytes".to_owned()
        )
    );
    origin.hung_up().await;
}

#[tokio::test]
async fn an_endless_body_is_cut_at_the_limit() {
    for (head, again) in [
        ("HTTP/1.1 200 OK\r\n\r\n", "x".repeat(4096)),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            format!("1000\r\n{}\r\n", "x".repeat(4096)),
        ),
    ] {
        let origin = FakeOrigin::start(move |_| {
            Reply::Endless(head.as_bytes().to_vec(), again.clone().into_bytes())
        })
        .await;
        let origins = configured(&Names::none(), |config| config.source_bytes_max = 100_000);
        let answer = told(fetch(&origins, &origin.url("/")).await);
        assert_eq!(
            answer,
            (
                413,
                "source exceeds maximum allowed 100000 bytes".to_owned()
            )
        );
        origin.hung_up().await;
    }
}

#[tokio::test]
async fn no_bytes_are_no_picture() {
    for reply in [
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ] {
        let origin = FakeOrigin::start(|_| close(reply)).await;
        let answer = told(fetch(&open_origins(), &origin.url("/")).await);
        assert_eq!(
            answer,
            (400, "Empty or unreadable image".to_owned()),
            "{reply}"
        );
    }
}

#[tokio::test]
async fn a_body_that_ends_early_is_no_picture() {
    for reply in [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n",
    ] {
        let origin = FakeOrigin::start(|_| close(reply)).await;
        let (status, message) = told(fetch(&open_origins(), &origin.url("/")).await);
        assert_eq!(status, 502, "{reply}");
        let host = format!("127.0.0.1:{}", origin.port);
        assert_eq!(
            message,
            format!("unable to create image from response body: the answer of {host} broke off")
        );
    }
}

#[tokio::test]
async fn a_compressed_body_stays_as_it_is() {
    let origin = FakeOrigin::start(|_| {
        close("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\u{1f}abc")
    })
    .await;
    assert_eq!(
        fetch(&open_origins(), &origin.url("/"))
            .await
            .unwrap()
            .bytes,
        "\u{1f}ab"
    );
}

#[tokio::test]
async fn a_connection_is_kept_for_the_next_picture() {
    let keep = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na".to_vec();
    let origin = FakeOrigin::start(move |_| Reply::KeepAlive(keep.clone())).await;
    let origins = open_origins();
    for _ in 0..3 {
        fetch(&origins, &origin.url("/")).await.unwrap();
    }
    assert_eq!((origin.heads().len(), origin.connections()), (3, 1));
}

#[tokio::test]
async fn userinfo_becomes_authorization_and_is_never_told() {
    let origin = FakeOrigin::start(|head| {
        if head.contains("/ok") {
            picture("a")
        } else {
            status("401 Unauthorized")
        }
    })
    .await;
    let with_user =
        |path: &str| format!("http://user:p%40ss@127.0.0.1:{}{path}?token=t", origin.port);
    fetch(&open_origins(), &with_user("/ok")).await.unwrap();
    assert!(
        origin.heads()[0].contains("authorization: basic dxnlcjpwqhnz\r\n"),
        "{:?}",
        origin.heads()
    );
    let error = fetch(&open_origins(), &with_user("/no")).await.unwrap_err();
    let url = origin.url("/no");
    assert_eq!(
        error.public_message(),
        format!("error fetching remote http image: (status=401) (url={url})")
    );
    assert!(
        !error.to_string().contains("user") && !error.to_string().contains("token"),
        "{error}"
    );
}
