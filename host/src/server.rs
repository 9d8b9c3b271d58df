//! Connections in, answers out: listen, accept within a bound, stop politely. It knows HTTP and time,
//! never what a URL means: that is the pipeline's.

mod form;
mod route;
mod threads;
mod cors;
mod patience;
mod tls;

use std::convert::Infallible;
use std::future::ready;
use std::io::Write as _;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::Either;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{Semaphore, watch};

pub(crate) use self::form::{Facts, Form, Lifetime};
use self::patience::Patient;
pub(crate) use self::route::{Cors, Routes};
pub(crate) use self::threads::Threads;
pub(crate) use self::tls::Tls;

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
    /// What is done with a request.
    pub routes: Routes,
    /// The certificate, if it is to speak HTTPS.
    pub tls: Option<Tls>,
    /// Connections held open at once.
    pub connections_max: usize,
    /// Time for the head of a request.
    pub http_read_timeout: Duration,
    /// Time for a client to take an answer.
    pub http_write_timeout: Duration,
    /// Time for requests in flight after a stop was asked for.
    pub drain_timeout: Duration,
}

impl Server {
    /// Serve until SIGTERM or SIGINT, then finish what is in flight. A second signal ends at once.
    pub(crate) async fn run(self, listener: TcpListener, threads: &Threads) -> std::io::Result<()> {
        // Before anybody is told where to find it: whoever knows may stop it, politely.
        let mut signals = Signals::listen();
        let hangup = self
            .tls
            .as_ref()
            .map(|_| signal(SignalKind::hangup()))
            .transpose()?;
        announce(&listener, self.tls.as_ref())?;
        let (stop, stopping) = watch::channel(());
        let connections = Arc::new(Semaphore::new(self.connections_max));
        let server = Arc::new(self);
        tokio::select! {
            () = accept((&server, threads), listener, &connections, &stopping) => {}
            () = reload(server.tls.as_ref(), hangup) => {}
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
fn announce(listener: &TcpListener, tls: Option<&Tls>) -> std::io::Result<()> {
    let scheme = if tls.is_some() { "https" } else { "http" };
    let mut out = std::io::stdout().lock();
    writeln!(out, "listening on {scheme}://{}", listener.local_addr()?)?;
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
        let (stream, peer) = match listener.accept().await {
            Ok((stream, peer)) => (stream, peer.ip()),
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
        let conversation = greet(Arc::clone(server), (stream, peer), stopping.clone());
        threads.run(async move {
            conversation.await;
            drop(permit);
        });
    }
}

/// A connection as it comes becomes one that requests can be read from.
async fn greet(
    server: Arc<Server>,
    (stream, peer): (std::net::TcpStream, IpAddr),
    stopping: watch::Receiver<()>,
) {
    let Ok(stream) = TcpStream::from_std(stream) else {
        return;
    };
    // Answers go out in one write; waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    let Some(tls) = &server.tls else {
        return converse(&server, (stream, peer), stopping).await;
    };
    match tls.accept(stream, server.http_read_timeout).await {
        Ok(stream) => converse(&server, (stream, peer), stopping).await,
        Err(error) => tracing::debug!(%error, "no TLS with this client"),
    }
}

/// One connection, until either side ends it or a stop is asked for between two requests.
async fn converse<S>(
    server: &Arc<Server>,
    (stream, peer): (S, IpAddr),
    mut stopping: watch::Receiver<()>,
) where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(server.http_read_timeout)
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .writev(true)
        .serve_connection(
            TokioIo::new(Patient::new(stream, server.http_write_timeout)),
            service_fn(|request| answer(server, request, peer)),
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
    server: &Arc<Server>,
    request: http::Request<Incoming>,
    peer: IpAddr,
) -> impl Future<Output = Result<Response, Infallible>> {
    let arrived = Instant::now();
    match server.routes.answer_at_once(&request, peer, arrived) {
        Some(response) => Either::Left(ready(Ok(response))),
        None => Either::Right(Box::pin(async move {
            Ok(server.routes.answer(request, peer, arrived).await)
        })),
    }
}

/// Read the certificate again at each SIGHUP. Without TLS the signal does what it always does.
async fn reload(tls: Option<&Tls>, hangup: Option<Signal>) {
    if let (Some(tls), Some(mut hangup)) = (tls, hangup) {
        while hangup.recv().await.is_some() {
            // Two small files, read a few times a year.
            tls.reload();
        }
    }
    std::future::pending::<()>().await;
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
