//! Origins that fail, each in its own way, and what a client hears of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::HeaderMap;
use tokio::net::TcpListener;

use super::fake_names::{Names, Silent};
use super::fake_origin::{FakeOrigin, Reply, status};
use super::{PATIENCE, configured, fetch, open_origins, told};
use crate::origins::{Fault, Origins, OriginsConfig, SourceRef};

/// Over before anybody notices, and an origin that never answers never answers in it either.
const SOON: Duration = Duration::from_millis(50);

#[tokio::test]
async fn a_client_error_of_the_origin_keeps_its_status() {
    for (line, expected) in [
        ("400 Bad Request", 400),
        ("403 Forbidden", 403),
        ("404 Not Found", 404),
        ("410 Gone", 410),
        ("429 Too Many Requests", 429),
        ("500 Internal Server Error", 502),
        ("503 Service Unavailable", 502),
        ("504 Gateway Timeout", 502),
        ("201 Created", 502),
        ("204 No Content", 502),
        ("206 Partial Content", 502),
        ("300 Multiple Choices", 502),
        ("304 Not Modified", 502),
        ("302 Found", 502),
        ("999 Denied", 502),
    ] {
        let origin = FakeOrigin::start(move |_| status(line)).await;
        let url = origin.url("/a.jpg");
        let message = format!(
            "error fetching remote http image: (status={}) (url={url})",
            &line[..3]
        );
        assert_eq!(
            told(fetch(&open_origins(), &format!("{url}?q=1")).await),
            (expected, message)
        );
    }
}

#[tokio::test]
async fn a_refused_connection_is_the_origins_fault() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = fetch(
        &open_origins(),
        &format!("http://127.0.0.1:{port}/a.jpg?q=secret"),
    )
    .await
    .unwrap_err();
    assert_eq!(
        (error.status().as_u16(), error.fault()),
        (502, Fault::Origin)
    );
    assert_eq!(
        error.public_message(),
        format!("error fetching remote http image: no connection to 127.0.0.1:{port}")
    );
    assert!(!error.to_string().contains("secret"), "{error}");
}

#[tokio::test]
async fn an_unknown_name_is_the_origins_fault() {
    let names = Names::new(&[("empty.test", &[""])]);
    for host in ["absent.test", "empty.test"] {
        let answer =
            told(fetch(&configured(&names, |_| ()), &format!("http://{host}/a.jpg")).await);
        assert_eq!(
            answer,
            (
                502,
                format!("error fetching remote http image: no connection to {host}")
            )
        );
    }
}

#[tokio::test]
async fn tls_that_fails_is_the_origins_fault() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let hang_up = tokio::spawn(async move { drop(listener.accept().await) });
    let answer = told(fetch(&open_origins(), &format!("https://127.0.0.1:{port}/")).await);
    hang_up.await.unwrap();
    assert_eq!(
        answer,
        (
            502,
            format!("error fetching remote http image: no connection to 127.0.0.1:{port}")
        )
    );
}

#[tokio::test]
async fn what_is_not_http_is_the_origins_fault() {
    let too_many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: b\r\n".repeat(200));
    for reply in [
        "",
        "SSH-2.0-OpenSSH\r\n",
        "HTTP/1.1",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        &too_many,
    ] {
        let reply = reply.as_bytes().to_vec();
        let origin = FakeOrigin::start(move |_| Reply::Close(reply.clone())).await;
        assert_eq!(told(fetch(&open_origins(), &origin.url("/")).await).0, 502);
    }
}

#[tokio::test]
async fn an_origin_that_never_answers_is_too_slow() {
    let changes: [fn(&mut OriginsConfig); 2] = [
        |config| config.read_timeout = SOON,
        |config| config.total_timeout = SOON,
    ];
    for said in [
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
    ] {
        for change in changes {
            let origin = FakeOrigin::start(|_| Reply::Silence(said.as_bytes().to_vec())).await;
            let answer = told(fetch(&configured(&Names::none(), change), &origin.url("/")).await);
            let message = format!(
                "error fetching remote http image: 127.0.0.1:{} took too long",
                origin.port
            );
            assert_eq!(answer, (504, message), "{said:?}");
        }
    }
}

#[tokio::test]
async fn the_deadline_of_a_request_ends_a_fetch() {
    let origin = FakeOrigin::start(|_| Reply::Silence(Vec::new())).await;
    let (origins, url) = (open_origins(), origin.url("/"));
    let fetched = origins
        .fetch(
            SourceRef::Url(&url),
            &HeaderMap::new(),
            Instant::now() + SOON,
        )
        .await;
    assert_eq!(told(fetched).0, 504);
}

#[tokio::test]
async fn a_client_that_leaves_ends_a_fetch() {
    let origin =
        FakeOrigin::start(|_| Reply::Silence(b"HTTP/1.1 200 OK\r\n\r\nabc".to_vec())).await;
    let (origins, url) = (open_origins(), origin.url("/"));
    tokio::select! {
        _ = fetch(&origins, &url) => unreachable!("the answer has no end"),
        () = origin.asked() => {}
    }
    origin.hung_up().await;
}

#[tokio::test]
async fn a_name_that_is_never_resolved_is_too_slow() {
    let config = OriginsConfig {
        url_enabled: true,
        connect_timeout: SOON,
        ..OriginsConfig::default()
    };
    let origins = Origins::with_resolver(&config, Arc::new(Silent)).unwrap();
    assert_eq!(told(fetch(&origins, "http://a.test/").await).0, 504);
}

#[tokio::test]
async fn fetches_at_once_have_a_limit() {
    let origin = FakeOrigin::start(|_| Reply::Silence(Vec::new())).await;
    let origins = configured(&Names::none(), |config| config.url_fetches_max = 1);
    let url = origin.url("/");
    let (headers, now) = (HeaderMap::new(), Instant::now());
    let error = tokio::select! {
        biased;
        _ = origins.fetch(SourceRef::Url(&url), &headers, now + PATIENCE) => unreachable!("nothing answers"),
        waited = origins.fetch(SourceRef::Url(&url), &headers, now + SOON) => waited.unwrap_err(),
    };
    assert_eq!((error.status().as_u16(), error.fault()), (503, Fault::Host));
    assert!(origin.connections() <= 1);
    let after = origins
        .fetch(
            SourceRef::Url("ftp://x"),
            &HeaderMap::new(),
            Instant::now() + PATIENCE,
        )
        .await;
    assert_eq!(
        told(after),
        (400, "Invalid image URL".to_owned()),
        "the permit was given back"
    );
}

#[tokio::test]
async fn a_source_that_is_switched_off_is_none() {
    let origins = Origins::new(&OriginsConfig::default()).unwrap();
    for source in [SourceRef::File("a.jpg"), SourceRef::Url("http://a.test/")] {
        let answer = told(
            origins
                .fetch(source, &HeaderMap::new(), Instant::now() + PATIENCE)
                .await,
        );
        assert_eq!(
            answer,
            (
                400,
                "Cannot process the image due to missing or invalid params".to_owned()
            )
        );
    }
}
