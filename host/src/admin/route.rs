//! What the admin listener answers: `GET /metrics` as text, `GET /health`, `GET /cache`,
//! `DELETE /cache?…` and `POST /cache/verify` as JSON; nothing may be cached. The first two need no
//! token: probes and scrapers have none, and numbers are all that they get.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, Method, Request, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use serde_json::{Value, json};

use super::Admin;
use crate::metrics::{self, METRICS};
use crate::pipeline::{Purge, PurgeError, source_named};
use crate::server::Response;

/// Time to find a source's version; the purge itself takes as long as it must.
const PURGE_LOOK: Duration = Duration::from_secs(10);

/// Damaged or unreadable entries that a report names; more are counted.
const NAMED_MAX: usize = 100;

/// Answer one request.
pub(super) async fn answer(admin: &Admin, request: Request<Incoming>) -> Response {
    let (path, method) = (request.uri().path(), request.method());
    match (path, method) {
        ("/metrics", &Method::GET) => return metrics(admin),
        ("/health", &Method::GET) => return page(StatusCode::OK, &admin.pipeline.health()),
        _ => {}
    }
    if !admin.lets_in(request.headers()) {
        let how = if admin.token.is_some() {
            "give the admin token as \"Authorization: Bearer TOKEN\""
        } else {
            "without an admin token only this machine may ask, by the name of loopback"
        };
        let mut response = refusal(StatusCode::UNAUTHORIZED, how);
        let scheme = HeaderValue::from_static("Bearer");
        response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
        return response;
    }
    match (path, method) {
        ("/cache", &Method::GET) => page(StatusCode::OK, &admin.pipeline.health()["cache"]),
        ("/cache", &Method::DELETE) => purge(admin, request.uri().query().unwrap_or("")).await,
        ("/cache/verify", &Method::POST) => verify(admin).await,
        ("/health" | "/metrics", _) => not_with(method, "GET"),
        ("/cache", _) => not_with(method, "GET, DELETE"),
        ("/cache/verify", _) => not_with(method, "POST"),
        _ => refusal(
            StatusCode::NOT_FOUND,
            "there is GET /metrics, GET /health, GET /cache, DELETE /cache?source=…, POST /cache/verify",
        ),
    }
}

fn metrics(admin: &Admin) -> Response {
    let mut response = page(StatusCode::OK, &Value::Null);
    *response.body_mut() = Full::new(METRICS.render(&admin.pipeline.readings()).into());
    let content_type = HeaderValue::from_static(metrics::CONTENT_TYPE);
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

async fn purge(admin: &Admin, query: &str) -> Response {
    let what = match read(query) {
        Ok(what) => what,
        Err(why) => return refusal(StatusCode::BAD_REQUEST, why),
    };
    tracing::info!(?what, "purge");
    let pipeline = Arc::clone(&admin.pipeline);
    let purge = async move { pipeline.purge(what, Instant::now() + PURGE_LOOK).await };
    // A task of its own: who asked may leave, and then half of a purge would be done.
    let purged = tokio::spawn(purge).await;
    match purged.unwrap_or(Err(PurgeError::Broken)) {
        Ok(removed) => page(
            StatusCode::OK,
            &json!({
                "memory": removed.kept.memory,
                "disk": removed.kept.disk,
                "originals": removed.originals,
                "second_level": removed.second_level,
            }),
        ),
        Err(error @ (PurgeError::Url(_) | PurgeError::Parse(_) | PurgeError::NoSource)) => {
            refusal(StatusCode::BAD_REQUEST, &error.to_string())
        }
        Err(
            error @ (PurgeError::Disk(_)
            | PurgeError::Away
            | PurgeError::SecondLevel(_)
            | PurgeError::Broken),
        ) => {
            tracing::error!(%error, "a purge failed");
            refusal(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string())
        }
    }
}

/// Exactly one of `source=`, `url=` and `all=true`: a forgotten name must not empty the cache.
fn read(query: &str) -> Result<Purge, &'static str> {
    const HOW: &str = "say one of source=NAME-OR-URL, url=/PATH?QUERY (percent-encoded), all=true";
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let (Some((name, value)), None) = (pairs.next(), pairs.next()) else {
        return Err(HOW);
    };
    match (&*name, &*value) {
        ("all", "true") => Ok(Purge::All),
        ("source", source) if !source.is_empty() => Ok(Purge::Source(source_named(source))),
        ("url", url) if url.starts_with('/') => Ok(Purge::Url(url.to_owned())),
        _ => Err(HOW),
    }
}

async fn verify(admin: &Admin) -> Response {
    let Ok(_one_at_a_time) = admin.checks.try_acquire() else {
        return refusal(StatusCode::CONFLICT, "a check is under way");
    };
    let keeping = Arc::clone(&admin.pipeline.keeping);
    match tokio::task::spawn_blocking(move || keeping.verify()).await {
        Ok(Some(report)) => page(StatusCode::OK, &verified(&report)),
        Ok(None) => refusal(StatusCode::CONFLICT, "there is no disk cache now"),
        Err(_) => refusal(StatusCode::INTERNAL_SERVER_ERROR, "the check broke off"),
    }
}

/// What a check of every entry found, as JSON.
pub(crate) fn verified(report: &cache::VerifyReport) -> Value {
    let damaged = report.damaged.iter().take(NAMED_MAX);
    let unreadable = report.unreadable.iter().take(NAMED_MAX);
    json!({
        "entries": report.entries,
        "bytes": report.bytes,
        "damaged": report.damaged.len(),
        "unreadable": report.unreadable.len(),
        "foreign": report.foreign,
        "removed": damaged.map(|(key, why)| format!("{key}: {why}")).collect::<Vec<_>>(),
        "left": unreadable.map(|(key, why)| format!("{key}: {why}")).collect::<Vec<_>>(),
    })
}

fn not_with(method: &Method, allowed: &'static str) -> Response {
    let mut response = refusal(
        StatusCode::METHOD_NOT_ALLOWED,
        &format!("not with {method}; there is {allowed}"),
    );
    let allowed = HeaderValue::from_static(allowed);
    response.headers_mut().insert(ALLOW, allowed);
    response
}

fn refusal(status: StatusCode, message: &str) -> Response {
    page(
        status,
        &json!({ "message": message, "status": status.as_u16() }),
    )
}

fn page(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use request::image_request::Source;

    use super::*;

    #[test]
    fn one_thing_is_named_or_nothing_goes() {
        let source = Source::File("a b.jpg".into());
        assert_eq!(read("source=a%20b.jpg"), Ok(Purge::Source(source)));
        assert_eq!(read("all=true"), Ok(Purge::All));
        assert_eq!(
            read("url=%2Fresize%3Fwidth%3D1%26file%3Da.jpg"),
            Ok(Purge::Url("/resize?width=1&file=a.jpg".into()))
        );
        for query in [
            "",
            "all",
            "all=1",
            "source=",
            "source",
            "url=",
            "url=resize",
            "what=a",
            "source=a&all=true",
            "source=a&source=b",
            "url=/resize?width=1&file=a.jpg",
        ] {
            assert!(read(query).is_err(), "{query}");
        }
    }
}
