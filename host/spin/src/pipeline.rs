//! The way of an image request, in the native server's order of checks.

use std::time::{SystemTime, UNIX_EPOCH};

use answer::key::{self, Version};
use answer::respond::{self, Asked, Circumstances, Finished, Freshness, Outcome, seconds};
use answer::{Response, page, upload};
use bytes::Bytes;
use http::header::ACCEPT;
use http::{HeaderMap, HeaderValue, Method};
use request::dialect::{self, Sources, lambda_edge};
use request::error::{ParseError, VerifyError};
use request::image_request::{Action, ImageRequest, Source};
use request::operation::{Format, Output};
use request::signature::{Keyring, Signed, signed_string};

use crate::component::Call;
use crate::error::Error;
use crate::fetch::Reach;
use crate::overlays::Overlays;
use crate::settings::Settings;
use crate::shelf::Shelf;
use crate::timing::Timing;
use crate::transformer::{self, convert, described, wit};
use crate::{fetch, overlays, route};

/// Bytes of boundaries and part headers around one picture.
const MULTIPART_OVERHEAD_BYTES: u64 = 64 << 10;
/// The keys of URLs that are unsigned by nature.
static UNSIGNED: Keyring = Keyring::unsigned();

/// What a request is for, as far as its path tells.
pub(crate) enum Wish {
    /// One of imaginary's endpoints; the URL has to be signed.
    Endpoint,
    /// A Lambda@Edge URL, which never is, and has been read.
    LambdaEdge(lambda_edge::Asked),
}

/// A finished picture.
pub(crate) struct Rendition {
    pub(crate) body: Bytes,
    pub(crate) content_type: &'static str,
    /// Width and height; zeros for what is no picture.
    pub(crate) size: (u32, u32),
    pub(crate) made_at_s: u64,
}

/// The whole way. Never fails: a failure is an answer.
pub(crate) async fn answer(settings: &Settings, wish: Wish, call: Call) -> Response {
    match develop(settings, wish, call).await {
        Ok(response) => response,
        Err(error) => {
            if error.status().is_server_error() {
                error.log();
            }
            failure(&error)
        }
    }
}

/// A failure of an image URL.
pub(crate) fn failure(error: &Error) -> Response {
    respond::failure((error.status(), page::JSON), error.body())
}

async fn develop(settings: &Settings, wish: Wish, call: Call) -> Result<Response, Error> {
    let (mut timing, now) = (Timing::start(), SystemTime::now());
    let (keyring, reach) = match wish {
        Wish::Endpoint => (&settings.keyring, Reach::Url),
        Wish::LambdaEdge(_) => (&UNSIGNED, Reach::Base),
    };
    let request = match read(settings, wish, &call, now)? {
        lambda_edge::Asked::Rendition(request) => request,
        lambda_edge::Asked::Original(source) => {
            return original(settings, (&source, &call), (timing, now)).await;
        }
    };
    let format = choose(settings, &request, &call.headers);
    let mut about = Circumstances::of((&request, request.auto), keyring, now);
    timing.lap("verify");
    let (method, headers) = (call.method.clone(), call.headers.clone());
    let is_upload = matches!(request.source, Source::Upload);
    let source = source(settings, (&request, reach), call).await?;
    timing.lap(if is_upload { "upload" } else { "fetch" });

    let over = overlays::fetch(settings, &request, &headers).await?;
    let key = (!is_upload)
        .then(|| {
            key_of(
                settings,
                (&request, format),
                ((&source, reach), &over),
                &headers,
            )
        })
        .flatten();
    let life = (!is_upload).then_some((now, request.expires));
    if let Some(key) = &key {
        let asked = Asked {
            method: &method,
            headers: &headers,
        };
        let unchanged = Circumstances {
            outcome: Outcome::Unchanged,
            ..about
        };
        let etag = key::etag(key);
        let response = respond::unchanged(&etag, &unchanged, asked, timing.header());
        if let Some(mut response) = response {
            settings.manner.tell_life(life, response.headers_mut());
            return Ok(response);
        }
    }
    let shelf = key.and_then(|_| Shelf::open(&settings.store, settings.entry_bytes_max));
    let shelf = shelf.zip(key);
    let found = shelf.as_ref().and_then(|(shelf, key)| shelf.get(key));
    let rendition = if let Some(found) = found {
        timing.lap("lookup");
        about.outcome = Outcome::HitElsewhere;
        found
    } else {
        let made = transform(settings, (&request, format), source, over)?;
        timing.lap("transform");
        let kept = shelf.is_some_and(|(shelf, key)| shelf.put(&key, &made));
        timing.lap("store");
        about.outcome = match (is_upload, kept) {
            (true, _) => Outcome::Bypass,
            (false, true) => Outcome::Stored,
            (false, false) => Outcome::NotStored,
        };
        made
    };
    let etag = match key {
        Some(key) => key::etag(&key),
        None => key::etag_of_bytes(key::checksum(&rendition.body)),
    };
    // Without an overlay that could not be had it is not what the URL means: for who waits.
    if key.is_none() {
        about.freshness = Freshness::Private;
    }
    let asked = (&method, &headers);
    Ok(finish(
        settings,
        (&rendition, &etag),
        &about,
        (asked, &timing, life),
    ))
}

/// Let a request in, and read what it asks for.
fn read(
    settings: &Settings,
    wish: Wish,
    call: &Call,
    now: SystemTime,
) -> Result<lambda_edge::Asked, Error> {
    if let Wish::LambdaEdge(asked) = wish {
        route::enter(settings, &call.headers, &call.target)?;
        return Ok(asked);
    }
    let signed = verify(settings, &call.target, now)?;
    let rules = &settings.rules;
    let method = match call.method {
        Method::GET | Method::HEAD if rules.sources == Sources::default() => {
            return Err(ParseError::NoSourceConfigured.into());
        }
        Method::GET | Method::HEAD => dialect::Method::Get,
        Method::POST => dialect::Method::Post,
        _ => return Err(Error::Method),
    };
    route::enter(settings, &call.headers, &call.target)?;
    let request = rules.parse(&signed, method)?;
    Ok(lambda_edge::Asked::Rendition(request))
}

fn verify(settings: &Settings, target: &str, now: SystemTime) -> Result<Signed, Error> {
    // A clock before 1970 is broken; with 0 no URL would ever seem expired, so it is the far future.
    let now = now
        .duration_since(UNIX_EPOCH)
        .map_or(u64::MAX, |since| since.as_secs());
    settings.keyring.verify(target, now).map_err(|error| {
        if error == VerifyError::Mismatch && settings.debug_signatures {
            let signed = signed_string(target).unwrap_or_default();
            Error::Mismatch { signed }
        } else {
            error.into()
        }
    })
}

/// The one format that this client gets; `None` is the source's.
fn choose(settings: &Settings, request: &ImageRequest, headers: &HeaderMap) -> Option<Format> {
    let accept = request.auto.then(|| {
        let lines = headers.get_all(ACCEPT).iter();
        let lines = lines.filter_map(|value| value.to_str().ok());
        lines.collect::<Vec<_>>().join(",")
    });
    request.choose_format(accept.as_deref(), &settings.rules.auto_formats)
}

async fn source(
    settings: &Settings,
    (request, reach): (&ImageRequest, Reach),
    call: Call,
) -> Result<Bytes, Error> {
    if !matches!(request.source, Source::Upload) {
        let source = (&request.source, reach);
        return Ok(fetch::source(settings, source, &call.headers).await?);
    }
    let (headers, bytes_max) = (call.headers.clone(), settings.source_bytes_max);
    let pieces = call
        .pieces(bytes_max.saturating_add(MULTIPART_OVERHEAD_BYTES))
        .await;
    let pieces = futures_util::stream::iter(pieces);
    Ok(upload::read(&headers, pieces, bytes_max).await?)
}

/// What the rendition is kept by: the native server's key of what that has fetched. `None` where an overlay is
/// missing.
fn key_of(
    settings: &Settings,
    (request, format): (&ImageRequest, Option<Format>),
    ((source, reach), overlays): ((&Bytes, Reach), &Overlays),
    client: &HeaderMap,
) -> Option<key::Digest> {
    let seen = |named: &Source, reach| {
        let name = named.canonical_bytes();
        let key = match (named, reach) {
            (Source::Url(_), Reach::Base) => key::of_base(&name),
            _ => key::of_source(&name),
        };
        key::seen_by(key, &fetch::told(settings, (named, reach), client))
    };
    let laid_on = overlays.whole()?;
    let named = request
        .overlays
        .iter()
        .map(|overlay| seen(overlay, Reach::Url));
    let canonical = request.canonical_bytes(format);
    let source_key = seen(&request.source, reach);
    let wish = key::of_wish(&transformer::digest(), source_key, &canonical, named);
    let versions = laid_on.into_iter().map(|bytes| Version::of(bytes));
    Some(key::of_rendition(wish, Version::of(source), versions))
}

fn transform(
    settings: &Settings,
    (request, format): (&ImageRequest, Option<Format>),
    source: Bytes,
    overlays: Overlays,
) -> Result<Rendition, Error> {
    let Action::Transform { steps, output } = &request.action else {
        let info = wit::inspect(&source)?;
        // What cannot be decoded has a description, and no impression.
        let impression = wit::look_at(&source, convert::limits(&settings.limits)).ok();
        return Ok(Rendition {
            body: described::json(&info, impression.as_ref()).into(),
            content_type: page::JSON,
            size: (0, 0),
            made_at_s: seconds(SystemTime::now()),
        });
    };
    let output = Output { format, ..*output };
    let made = wit::transform(
        &source,
        &overlays.into_bytes(),
        &convert::steps(steps),
        convert::output(&output),
        convert::limits(&settings.limits),
    )?;
    if made.bytes.len() as u64 > settings.output_bytes_max {
        return Err(Error::Output {
            allowed: settings.output_bytes_max,
        });
    }
    Ok(Rendition {
        content_type: convert::format_named(made.format).media_type(),
        body: made.bytes.into(),
        size: (made.width, made.height),
        made_at_s: seconds(SystemTime::now()),
    })
}

/// The original of a Lambda@Edge URL without a size: the source as it is, if it is a picture.
async fn original(
    settings: &Settings,
    (source, call): (&Source, &Call),
    (mut timing, now): (Timing, SystemTime),
) -> Result<Response, Error> {
    let body = fetch::source(settings, (source, Reach::Base), &call.headers).await?;
    let info = wit::inspect(&body)?;
    timing.lap("fetch");
    let about = Circumstances::unsigned(Outcome::Bypass, now);
    let etag = key::etag_of_bytes(key::checksum(&body));
    let rendition = Rendition {
        body,
        content_type: convert::format_named(info.format).media_type(),
        size: (info.width, info.height),
        made_at_s: seconds(SystemTime::now()),
    };
    let (asked, life) = ((&call.method, &call.headers), Some((now, None)));
    Ok(finish(
        settings,
        (&rendition, &etag),
        &about,
        (asked, &timing, life),
    ))
}

type Life = Option<(SystemTime, Option<u64>)>;

/// A success, in the manner that was configured.
fn finish(
    settings: &Settings,
    (rendition, etag): (&Rendition, &HeaderValue),
    about: &Circumstances,
    ((method, headers), timing, life): ((&Method, &HeaderMap), &Timing, Life),
) -> Response {
    let made_at = UNIX_EPOCH + std::time::Duration::from_secs(rendition.made_at_s);
    let last_modified = HeaderValue::from_str(&httpdate::fmt_http_date(made_at))
        .unwrap_or_else(|_| HeaderValue::from_static(""));
    let finished = Finished {
        body: &rendition.body,
        content_type: rendition.content_type,
        etag,
        last_modified: &last_modified,
        length: &HeaderValue::from(rendition.body.len()),
        made_at_s: rendition.made_at_s,
    };
    let asked = Asked { method, headers };
    let mut response = respond::rendition(&finished, about, asked, timing.header());
    if response.status().is_success() || response.status() == http::StatusCode::NOT_MODIFIED {
        let headers = response.headers_mut();
        if rendition.content_type != page::JSON {
            settings.manner.tell_size(rendition.size, headers);
        }
        settings.manner.tell_life(life, headers);
    }
    response
}
