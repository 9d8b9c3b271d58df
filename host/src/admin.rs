//! The operator's own listener, apart from the one that clients reach: what the server does, and purges.
//! Behind a token, the numbers aside; it never serves a picture. Without `--admin-listen` it is not there.

mod route;

pub(crate) use route::verified;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use sha2::{Digest as _, Sha256};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::config::admin;
use crate::loopback::is_from_here;
use crate::pipeline::Pipeline;

/// Connections at once: an operator, a scraper, and some to spare.
const CONNECTIONS_MAX: usize = 32;
/// Time for the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long accepting pauses when the process is out of file descriptors.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);

/// Who asks for what.
pub(crate) struct Admin {
    pipeline: Arc<Pipeline>,
    /// One check of all entries at a time.
    checks: Semaphore,
    /// The digest of the token; none where only this machine can ask, and anybody on it may.
    token: Option<[u8; 32]>,
}

impl Admin {
    /// As configured.
    pub(crate) fn new(config: &admin::Config, pipeline: Arc<Pipeline>) -> Self {
        let digest = |token: &str| Sha256::digest(token).into();
        Self {
            pipeline,
            checks: Semaphore::new(1),
            token: config.token.as_ref().map(|token| digest(token.reveal())),
        }
    }

    /// Answer until the future is dropped.
    pub(crate) async fn serve(self, listener: TcpListener) {
        let admin = Arc::new(self);
        let connections = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        loop {
            let Ok(permit) = Arc::clone(&connections).acquire_owned().await else {
                return;
            };
            match listener.accept().await {
                Ok((stream, _)) => {
                    let admin = Arc::clone(&admin);
                    tokio::spawn(async move {
                        admin.converse(stream).await;
                        drop(permit);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection to the admin listener");
                    tokio::time::sleep(ACCEPT_RETRY).await;
                }
            }
        }
    }

    async fn converse(&self, stream: TcpStream) {
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .serve_connection(
                TokioIo::new(stream),
                service_fn(|request| async {
                    Ok::<_, Infallible>(route::answer(self, request).await)
                }),
            );
        if let Err(error) = connection.await {
            tracing::debug!(%error, "admin connection ended early");
        }
    }

    /// Whether a request may touch what is kept: it brings the token or, where none is asked for, comes from
    /// this machine and from no page in a browser on it.
    fn lets_in(&self, headers: &HeaderMap) -> bool {
        match &self.token {
            Some(token) => holds(token, headers.get(AUTHORIZATION)),
            None => is_from_here(headers),
        }
    }
}

/// Whether `Authorization` holds the token. Digests are compared, every byte of them: how long it takes
/// says nothing about the token, nor about its length.
fn holds(token: &[u8; 32], authorization: Option<&HeaderValue>) -> bool {
    let given = authorization
        .map(HeaderValue::as_bytes)
        .and_then(|value| value.strip_prefix(b"Bearer "))
        .unwrap_or_default();
    let differing = Sha256::digest(given)
        .iter()
        .zip(token)
        .fold(0, |differing, (one, other)| differing | (one ^ other));
    std::hint::black_box(differing) == 0
}

/// Take the address; port 0 is told in the log.
pub(crate) async fn bind(listen: SocketAddr) -> std::io::Result<TcpListener> {
    let listener = TcpListener::bind(listen).await?;
    tracing::info!("admin listening on http://{}", listener.local_addr()?);
    Ok(listener)
}
