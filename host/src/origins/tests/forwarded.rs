//! A client's headers: who gets to see them.

use std::sync::Arc;
use std::time::Instant;

use http::{HeaderMap, HeaderValue};

use super::fake_names::Names;
use super::fake_origin::{FakeOrigin, picture, redirect};
use super::{PATIENCE, configured};
use crate::origins::{Authorization, Origins, SourceRef};

fn client() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("x-tenant", HeaderValue::from_static("seven"));
    headers.insert("cookie", HeaderValue::from_static("session=1"));
    headers.insert("authorization", HeaderValue::from_static("Bearer secret"));
    headers
}

fn names() -> Arc<Names> {
    Names::new(&[("a.test", &["127.0.0.1"]), ("b.test", &["127.0.0.1"])])
}

/// Origins that forward `X-Tenant` and `Authorization`, with both hosts of `port` listed or none.
fn forwarding(port: Option<u16>) -> Origins {
    configured(&names(), |config| {
        config.forward_headers = vec!["X-TENANT".to_owned()];
        config.authorization = Authorization::Forwarded;
        let listed = port.map(|port| {
            ["a", "b"].map(|host| format!("http://{host}.test:{port}").parse().unwrap())
        });
        config.allowed_origins = listed.map(Vec::from).unwrap_or_default();
    })
}

async fn fetch(origins: &Origins, url: &str) {
    origins
        .fetch(SourceRef::Url(url), &client(), Instant::now() + PATIENCE)
        .await
        .unwrap();
}

/// For each request that came: whether it had the tenant, the authorization, the cookie.
fn shown(origin: &FakeOrigin) -> Vec<[bool; 3]> {
    let heads = origin.heads();
    let lines = [
        "\r\nx-tenant: seven\r\n",
        "\r\nauthorization: bearer secret\r\n",
        "\r\ncookie:",
    ];
    heads
        .iter()
        .map(|head| lines.map(|line| head.contains(line)))
        .collect()
}

#[tokio::test]
async fn a_listed_origin_sees_what_is_configured() {
    let origin = FakeOrigin::start(|_| picture("a")).await;
    fetch(
        &forwarding(Some(origin.port)),
        &format!("http://a.test:{}/", origin.port),
    )
    .await;
    assert_eq!(shown(&origin), [[true, true, false]]);
}

#[tokio::test]
async fn nothing_is_forwarded_unless_configured() {
    let origin = FakeOrigin::start(|_| picture("a")).await;
    let port = origin.port;
    let origins = configured(&names(), |config| {
        config.allowed_origins = vec![format!("http://a.test:{port}").parse().unwrap()];
    });
    fetch(&origins, &format!("http://a.test:{port}/")).await;
    assert_eq!(shown(&origin), [[false, false, false]]);
}

#[tokio::test]
async fn a_stranger_sees_nothing() {
    let origin = FakeOrigin::start(|_| picture("a")).await;
    fetch(
        &forwarding(None),
        &format!("http://a.test:{}/", origin.port),
    )
    .await;
    assert_eq!(shown(&origin), [[false, false, false]]);
}

#[tokio::test]
async fn nothing_crosses_a_redirect_to_another_host_even_a_listed_one() {
    let origin = FakeOrigin::start(|head| {
        let port = head
            .split(['\r', ' '])
            .find_map(|word| word.split_once(".test:"))
            .unwrap()
            .1;
        match head["GET ".len()..].split(' ').next().unwrap() {
            "/near" => redirect("/far"),
            "/far" => redirect(&format!("http://b.test:{port}/back")),
            "/back" => redirect(&format!("http://a.test:{port}/there")),
            _ => picture("there"),
        }
    })
    .await;
    fetch(
        &forwarding(Some(origin.port)),
        &format!("http://a.test:{}/near", origin.port),
    )
    .await;
    let (all, nothing) = ([true, true, false], [false, false, false]);
    assert_eq!(shown(&origin), [all, all, nothing, nothing]);
}

#[tokio::test]
async fn a_header_wins_over_userinfo() {
    let origin = FakeOrigin::start(|_| picture("a")).await;
    fetch(
        &forwarding(Some(origin.port)),
        &format!("http://user:pass@a.test:{}/", origin.port),
    )
    .await;
    assert_eq!(shown(&origin), [[true, true, false]]);
    assert!(!origin.heads()[0].contains("basic"));
}

#[tokio::test]
async fn what_is_forwarded_is_told_beforehand() {
    let origins = forwarding(Some(81));
    let forwarded = |source| origins.forwarded(source, &client()).len();
    assert_eq!(forwarded(SourceRef::Url("http://a.test:81/x")), 2);
    for source in [
        SourceRef::Url("http://c.test:81/x"),
        SourceRef::Url("http://a.test/x"),
        SourceRef::Url("nonsense"),
        SourceRef::File("http://a.test:81/x"),
    ] {
        assert_eq!(forwarded(source), 0, "{source:?}");
    }
}
