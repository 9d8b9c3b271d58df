//! Connections in, answers out: listen, accept within a bound, stop politely. It knows HTTP and time,
//! never what a URL means: that is the pipeline's.

mod form;
mod route;
mod threads;

use std::convert::Infallible;
use std::future::ready;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::Either;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{Semaphore, watch};

pub(crate) use self::form::{Facts, Form, Lifetime};
use crate::pipeline::Pipeline;
pub(crate) use crate::server::threads::Threads;

/// How long accepting pauses when the process is out of file descriptors.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);
/// Bytes of one request's head, URL included; a longer one is 431. Twice the longest URL.
const HEAD_BYTES_MAX: usize = 128 << 10;
/// Header lines of one request.
const HEADERS_MAX: usize = 100;

/// What a request's answer is made of.
pub(crate) type Response = http::Response<Full<Bytes>>;

/// Where and how to serve.
pub(crate) struct Server {
    /// The way of an image request.
    pub pipeline: Arc<Pipeline>,
    /// The page to try things on, where there is one.
    pub form: Option<Form>,
    /// Connections held open at once.
    pub connections_max: usize,
    /// Time for the head of a request.
    pub http_read_timeout: Duration,
    /// Time for requests in flight after a stop was asked for.
    pub drain_timeout: Duration,
}

impl Server {
    /// Serve until SIGTERM or SIGINT, then finish what is in flight. A second signal ends at once.
    pub(crate) async fn run(self, listener: TcpListener, threads: &Threads) -> std::io::Result<()> {
        // Before anybody is told where to find it: whoever knows may stop it, politely.
        let mut signals = Signals::listen();
        announce(&listener)?;
        let (stop, stopping) = watch::channel(());
        let connections = Arc::new(Semaphore::new(self.connections_max));
        let server = Arc::new(self);
        tokio::select! {
            () = accept((&server, threads), listener, &connections, &stopping) => {}
            signal = signals.next() => tracing::info!(signal, "stopping"),
        }
        drop(stopping);
        let _ = stop.send(());
        let all = u32::try_from(server.connections_max).unwrap_or(u32::MAX);
        tokio::select! {
            _ = connections.acquire_many(all) => tracing::info!("every request is answered"),
            () = tokio::time::sleep(server.drain_timeout) => tracing::warn!("drain time is over; requests were cut off"),
            signal = signals.next() => tracing::warn!(signal, "second signal; requests were cut off"),
        }
        Ok(())
    }
}

/// The one line on standard output: programs that start darkroom on port 0 read the port from it.
fn announce(listener: &TcpListener) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "listening on http://{}", listener.local_addr()?)?;
    out.flush()
}

async fn accept(
    (server, threads): (&Arc<Server>, &Threads),
    listener: TcpListener,
    connections: &Arc<Semaphore>,
    stopping: &watch::Receiver<()>,
) {
    loop {
        let Ok(permit) = Arc::clone(connections).acquire_owned().await else {
            return;
        };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(ACCEPT_RETRY).await;
                continue;
            }
        };
        // It leaves this runtime for that of a thread.
        let Ok(stream) = stream.into_std() else {
            continue;
        };
        let conversation = converse(Arc::clone(server), stream, stopping.clone());
        threads.run(async move {
            conversation.await;
            drop(permit);
        });
    }
}

/// One connection, until either side ends it or a stop is asked for between two requests.
async fn converse(
    server: Arc<Server>,
    stream: std::net::TcpStream,
    mut stopping: watch::Receiver<()>,
) {
    let Ok(stream) = TcpStream::from_std(stream) else {
        return;
    };
    // Answers go out in one write; waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(server.http_read_timeout)
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .writev(true)
        .serve_connection(
            TokioIo::new(stream),
            service_fn(|request| answer(&server, request)),
        );
    let mut connection = std::pin::pin!(connection);
    let result = tokio::select! {
        result = connection.as_mut() => result,
        _ = stopping.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        // Clients leave and send nonsense all day; that is theirs, not an event here.
        tracing::debug!(%error, "connection ended early");
    }
}

/// A hit is answered before the future is even made; everything else is a long way, put aside so that
/// the short one stays small.
fn answer(
    server: &Server,
    request: http::Request<Incoming>,
) -> impl Future<Output = Result<Response, Infallible>> {
    let arrived = Instant::now();
    match route::answer_at_once(&server.pipeline, &request, arrived) {
        Some(response) => Either::Left(ready(Ok(response))),
        None => Either::Right(Box::pin(async move {
            Ok(route::answer(server, request, arrived).await)
        })),
    }
}

/// What asks for a stop.
struct Signals(Option<[Signal; 2]>);

impl Signals {
    fn listen() -> Self {
        if let (Ok(term), Ok(int)) = (
            signal(SignalKind::terminate()),
            signal(SignalKind::interrupt()),
        ) {
            return Self(Some([term, int]));
        }
        tracing::error!("cannot listen for signals; only SIGKILL will end this process");
        Self(None)
    }

    async fn next(&mut self) -> &'static str {
        let Some([term, int]) = &mut self.0 else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = term.recv() => "SIGTERM",
            _ = int.recv() => "SIGINT",
        }
    }
}
