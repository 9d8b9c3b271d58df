//! The component: one request in, one answer out, and between them nothing but this instance. Settings that
//! cannot be are told to whoever asks, and nobody gets a picture.
#![allow(
    unsafe_code,
    unreachable_pub,
    clippy::allow_attributes_without_reason,
    reason = "the SDK's glue passes handles to and from the host"
)]
#![allow(
    clippy::print_stderr,
    reason = "standard error is the log of every such host"
)]

use answer::upload::UploadError;
use answer::{Response, respond};
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use spin_sdk::http::{Fields, IncomingRequest, OutgoingResponse, ResponseOutparam};
use spin_sdk::http_component;

use crate::bindings::config;
use crate::route;
use crate::settings::Settings;

/// A request as it came.
pub(crate) struct Call {
    pub(crate) method: Method,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    body: IncomingRequest,
}

impl Call {
    fn new(request: IncomingRequest) -> Self {
        let entries = request.headers().entries().into_iter();
        let headers = entries.filter_map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            Some((name, HeaderValue::from_bytes(&value).ok()?))
        });
        Self {
            method: request
                .method()
                .to_string()
                .parse()
                .unwrap_or(Method::PATCH),
            target: request.path_with_query().unwrap_or_else(|| "/".to_owned()),
            headers: headers.collect(),
            body: request,
        }
    }

    /// What is left of it without the body.
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// Pieces of the body, up to the one that passes `bytes_max`.
    pub(crate) async fn pieces(self, bytes_max: u64) -> Vec<Result<Bytes, UploadError>> {
        let mut stream = std::pin::pin!(self.body.into_body_stream());
        let (mut pieces, mut came) = (Vec::new(), 0);
        while let Some(piece) = stream.next().await {
            let Ok(piece) = piece else {
                pieces.push(Err(UploadError::BrokenOff));
                break;
            };
            came += piece.len() as u64;
            pieces.push(Ok(piece.into()));
            if came > bytes_max {
                break;
            }
        }
        pieces
    }
}

#[http_component]
async fn handle(request: IncomingRequest, out: ResponseOutparam) {
    let call = Call::new(request);
    let response = match Settings::read(variable) {
        Ok(settings) => route::answer(&settings, call).await,
        Err(error) => {
            eprintln!("darkroom is not configured: {error}");
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            let message = format!("The server is not configured: {error}");
            let body = request::error::body(&message, status.as_u16());
            respond::failure((status, answer::page::JSON), body)
        }
    };
    send(response, out).await;
}

/// The host's configuration; where it has none of that name, an environment variable, which every host has:
/// `DARKROOM_MOUNT` for `mount`.
fn variable(name: &str) -> Option<String> {
    let said = config::get(name).ok().flatten();
    said.or_else(|| std::env::var(format!("DARKROOM_{}", name.to_uppercase())).ok())
}

async fn send(response: Response, out: ResponseOutparam) {
    let (mut parts, body) = response.into_parts();
    // Every body is all there, and not every host counts it.
    let has_body = !matches!(
        parts.status,
        StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
    );
    if has_body && !parts.headers.contains_key(CONTENT_LENGTH) {
        parts
            .headers
            .insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    let entries = parts.headers.iter();
    let fields: Vec<_> = entries
        .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
        .collect();
    let Ok(fields) = Fields::from_list(&fields) else {
        eprintln!("the host takes no such header");
        return;
    };
    let outgoing = OutgoingResponse::new(fields);
    if outgoing.set_status_code(parts.status.as_u16()).is_err() {
        eprintln!("the host takes no status {}", parts.status);
    }
    // A client that has left is no failure.
    let _ = out.set_with_body(outgoing, body.to_vec()).await;
}
