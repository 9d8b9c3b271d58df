//! Which way a request goes, by the path alone, in the native server's order: the few pages of its own, or the
//! pipeline. And what holds for every answer.

use answer::page::{self, is_read};
use answer::{Response, cors, path, words};
use http::header::SERVER;
use http::{HeaderMap, Method, StatusCode};
use request::error::ParseError;
use request::first_value;

use crate::component::Call;
use crate::error::Error;
use crate::pipeline::{self, Wish};
use crate::settings::Settings;
use crate::transformer::DIGEST_HEX;

/// What the page to try things on is called; there is none here.
const PAGES: [(&str, &str); 2] = [("/health", "health"), ("/ready", "ready")];

/// Answer one request.
pub(crate) async fn answer(settings: &Settings, call: Call) -> Response {
    let mut response = if settings.cors && cors::is_preflight(&call.method, &call.headers) {
        cors::preflight()
    } else {
        reach(settings, call).await
    };
    let headers = response.headers_mut();
    if settings.cors {
        cors::allow(headers);
    }
    headers.insert(SERVER, words::PRODUCT);
    response
}

async fn reach(settings: &Settings, call: Call) -> Response {
    if let Some(clean) = path::cleaned(call.path()) {
        let query = call.target.split_once('?').map(|(_, query)| query);
        return page::moved(&clean, query);
    }
    if let Some(name) = own_page(call.path(), &settings.rules.path_prefix) {
        return own(settings, &call, name);
    }
    match wish(settings, &call.target) {
        Ok(Wish::LambdaEdge(_)) if !is_read(&call.method) => page::method_not_allowed(),
        Ok(wish) => pipeline::answer(settings, wish, call).await,
        Err(Error::Parse(ParseError::NotFound)) => nowhere(settings, &call),
        Err(error) => failure(&error),
    }
}

/// What a URL is for, as far as its path tells.
fn wish(settings: &Settings, target: &str) -> Result<Wish, Error> {
    if settings.rules.route(target).is_some() {
        return Ok(Wish::Endpoint);
    }
    let dialect = settings.lambda_edge.as_ref().ok_or(ParseError::NotFound)?;
    Ok(Wish::LambdaEdge(dialect.parse(target)?))
}

/// The page at `path`, by its name. The prefix itself is the root, as in imaginary.
fn own_page(path: &str, prefix: &str) -> Option<&'static str> {
    let below = path.strip_prefix(prefix)?;
    let root = if prefix.is_empty() { "/" } else { "" };
    if below == root {
        return Some("");
    }
    let page = PAGES.into_iter().find(|(path, _)| *path == below)?;
    Some(page.1)
}

fn own(settings: &Settings, call: &Call, name: &'static str) -> Response {
    if !is_read(&call.method) {
        return page::method_not_allowed();
    }
    // Readiness is one bit, and who balances load has no key.
    if name != "ready"
        && let Err(error) = enter(settings, &call.headers, &call.target)
    {
        return failure(&error);
    }
    if settings.disabled_pages.contains(&name) {
        return failure(&ParseError::EndpointDisabled.into());
    }
    let body = match name {
        "" => {
            let version = env!("CARGO_PKG_VERSION");
            format!(r#"{{"darkroom":"{version}","transformer":"{DIGEST_HEX}"}}"#)
        }
        "ready" => r#"{"status":"ready"}"#.to_owned(),
        _ => r#"{"status":"ok"}"#.to_owned(),
    };
    page::of((StatusCode::OK, page::JSON), body)
}

/// The API key, where one is asked for.
pub(crate) fn enter(settings: &Settings, headers: &HeaderMap, target: &str) -> Result<(), Error> {
    match &settings.api_key {
        Some(key) if !key.opens(headers, || first_value(target, "key")) => Err(Error::ApiKey),
        Some(_) | None => Ok(()),
    }
}

/// A path that leads nowhere. Below a prefix imaginary's router says so, in its own words.
fn nowhere(settings: &Settings, call: &Call) -> Response {
    if !settings.rules.path_prefix.is_empty() {
        return page::nowhere_below_a_prefix();
    }
    if !matches!(call.method, Method::GET | Method::HEAD | Method::POST) {
        return pipeline::failure(&Error::Method);
    }
    match enter(settings, &call.headers, &call.target) {
        Ok(()) => failure(&ParseError::NotFound.into()),
        Err(error) => failure(&error),
    }
}

/// A refusal of something that is no image URL.
fn failure(error: &Error) -> Response {
    page::of((error.status(), page::JSON), error.body())
}
