//! One request to an origin, by the host's own HTTP client, and the clock beside it.

use std::pin::pin;
use std::time::Duration;

use answer::origin::{ACCEPT, ACCEPT_ENCODING, FetchError, OriginName};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::{Either, poll_fn, select};
use http::header::{self, HeaderMap, HeaderValue};
use http::{HeaderName, StatusCode};
use percent_encoding::percent_decode_str;
use spin_sdk::http::{
    ErrorCode, Fields, IncomingResponse, Method, OutgoingRequest, Scheme, SendError,
};
use url::Url;
use wasi::clocks::monotonic_clock;

use super::answer::Answer;

/// What origins see of us.
const USER_AGENT: HeaderValue =
    HeaderValue::from_static(concat!("darkroom/", env!("CARGO_PKG_VERSION")));

/// Ask for `url`.
pub(super) async fn get(
    url: &Url,
    forwarded: &HeaderMap,
    origin: &OriginName,
) -> Result<Answer, FetchError> {
    let request = request(url, forwarded).ok_or(FetchError::InvalidUrl)?;
    let incoming: IncomingResponse = spin_sdk::http::send(request)
        .await
        .map_err(|error| failed(&error, origin))?;
    Ok(Answer {
        status: StatusCode::from_u16(incoming.status()).unwrap_or(StatusCode::BAD_GATEWAY),
        headers: headers(&incoming),
        incoming,
    })
}

/// `None` if it took longer.
pub(super) async fn in_time<T>(work: impl Future<Output = T>, allowed: Duration) -> Option<T> {
    let nanoseconds = u64::try_from(allowed.as_nanos()).unwrap_or(u64::MAX);
    let mut registered = None;
    let start = monotonic_clock::now();
    let bell = poll_fn(|context| {
        if monotonic_clock::now().saturating_sub(start) >= nanoseconds {
            return std::task::Poll::Ready(());
        }
        let left = nanoseconds.saturating_sub(monotonic_clock::now().saturating_sub(start));
        let token = spin_executor::push_waker_and_get_token(
            monotonic_clock::subscribe_duration(left),
            context.waker().clone(),
        );
        registered = Some(spin_executor::CancelOnDropToken::from(token));
        std::task::Poll::Pending
    });
    match select(pin!(work), pin!(bell)).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(_) => None,
    }
}

fn request(url: &Url, forwarded: &HeaderMap) -> Option<OutgoingRequest> {
    let mut said = HeaderMap::new();
    said.insert(header::ACCEPT, ACCEPT);
    said.insert(header::ACCEPT_ENCODING, ACCEPT_ENCODING);
    said.insert(header::USER_AGENT, USER_AGENT);
    if let Some(credentials) = credentials(url) {
        said.insert(header::AUTHORIZATION, credentials);
    }
    for name in forwarded.keys() {
        said.remove(name);
    }
    let fields: Vec<(String, Vec<u8>)> = said
        .iter()
        .chain(forwarded)
        .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
        .collect();
    let request = OutgoingRequest::new(Fields::from_list(&fields).ok()?);
    let scheme = if url.scheme() == "https" {
        Scheme::Https
    } else {
        Scheme::Http
    };
    request.set_method(&Method::Get).ok()?;
    request.set_scheme(Some(&scheme)).ok()?;
    request.set_authority(Some(&authority(url)?)).ok()?;
    request.set_path_with_query(Some(&target(url))).ok()?;
    Some(request)
}

/// Never with userinfo.
fn authority(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

fn target(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

/// A URL's userinfo, as every HTTP client sends it.
fn credentials(url: &Url) -> Option<HeaderValue> {
    let password = url.password().unwrap_or_default();
    if url.username().is_empty() && password.is_empty() {
        return None;
    }
    let mut pair: Vec<u8> = percent_decode_str(url.username()).collect();
    pair.push(b':');
    pair.extend(percent_decode_str(password));
    let mut value = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn headers(incoming: &IncomingResponse) -> HeaderMap {
    let entries = incoming.headers().entries().into_iter();
    entries
        .filter_map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            Some((name, HeaderValue::from_bytes(&value).ok()?))
        })
        .collect()
}

/// Every host names its reasons alike, and not every host means the same by them.
fn failed(error: &SendError, origin: &OriginName) -> FetchError {
    let (origin, source) = (origin.clone(), error.to_string().into());
    let SendError::Http(code) = error else {
        return FetchError::BrokenOff { origin, source };
    };
    match code {
        ErrorCode::HttpRequestDenied | ErrorCode::DestinationIpProhibited => {
            FetchError::NotGranted(origin)
        }
        ErrorCode::ConnectionTimeout
        | ErrorCode::ConnectionReadTimeout
        | ErrorCode::ConnectionWriteTimeout
        | ErrorCode::HttpResponseTimeout => FetchError::TooSlow(origin),
        ErrorCode::DnsTimeout
        | ErrorCode::DnsError(_)
        | ErrorCode::DestinationNotFound
        | ErrorCode::DestinationUnavailable
        | ErrorCode::DestinationIpUnroutable
        | ErrorCode::ConnectionRefused
        | ErrorCode::TlsProtocolError
        | ErrorCode::TlsCertificateError
        | ErrorCode::TlsAlertReceived(_) => FetchError::Unreachable { origin, source },
        _ => FetchError::BrokenOff { origin, source },
    }
}
