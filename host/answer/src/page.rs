//! Answers that no picture belongs to. Nothing here may be kept by anybody.

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, Method, StatusCode};

use crate::Response;

/// JSON.
pub const JSON: &str = "application/json";

/// Whether a method only reads.
pub fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// 405 of what can only be read.
pub fn method_not_allowed() -> Response {
    let message = "HTTP method not allowed. Try GET or HEAD";
    let mut response = of(
        (StatusCode::METHOD_NOT_ALLOWED, JSON),
        request::error::body(message, 405),
    );
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

/// To where a path really leads, as Go's router does it.
pub fn moved(path: &str, query: Option<&str>) -> Response {
    let location = match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut response = text(StatusCode::MOVED_PERMANENTLY, "");
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// What imaginary's router says of a path below a prefix that leads nowhere.
pub fn nowhere_below_a_prefix() -> Response {
    text(StatusCode::NOT_FOUND, "404 page not found\n")
}

/// Bare text.
pub fn text(status: StatusCode, body: &'static str) -> Response {
    of((status, "text/plain; charset=utf-8"), body.to_owned())
}

/// Anything.
pub fn of((status, content_type): (StatusCode, &'static str), body: String) -> Response {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
