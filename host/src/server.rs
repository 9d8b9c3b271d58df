//! Connections in, answers out: listen, accept within a bound, stop politely. It knows HTTP and time,
//! never what a URL means: that is the pipeline's.

mod form;
mod route;
mod threads;
mod patience;
mod tls;
mod drain;
mod identity;

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
use tracing::Instrument as _;

pub(crate) use self::drain::Ending;
use self::drain::{Signals, Told};
pub(crate) use self::form::{Facts, Form, Lifetime};
use self::patience::Patient;
pub(crate) use self::route::{Cors, Routes};
pub(crate) use self::threads::Threads;
pub(crate) use self::tls::Tls;
use crate::metrics::METRICS;
use crate::pipeline::Pipeline;
use crate::traces::{Recording, Visit};

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
    /// Time in which everything is still answered after a stop was asked for.
    pub drain_delay: Duration,
    /// Time for requests in flight after that.
    pub drain_timeout: Duration,
}

impl Server {
    /// Serve until SIGTERM or SIGINT, then as `drain` says.
    pub(crate) async fn run(
        self,
        listener: TcpListener,
        threads: &Threads,
    ) -> std::io::Result<Ending> {
        // Before anybody is told where to find it: whoever knows may stop it, politely.
        let mut signals = Signals::listen()?;
        let hangup = self
            .tls
            .as_ref()
            .map(|_| signal(SignalKind::hangup()))
            .transpose()?;
        announce(&listener, self.tls.as_ref())?;
        let (stop, stopping) = watch::channel(());
        let connections = Arc::new(Semaphore::new(self.connections_max));
        let server = Arc::new(self);
        let readiness = &server.routes.pipeline.readiness;
        let told = tokio::select! {
            () = accept((&server, threads), listener, &connections, &stopping) => Told::Once,
            () = reload(server.tls.as_ref(), hangup) => Told::Once,
            told = drain::until_told(&mut signals, readiness, server.drain_delay) => told,
        };
        if told == Told::Twice {
            return Ok(Ending::CutOff);
        }
        drop(stopping);
        let _ = stop.send(());
        let all = u32::try_from(server.connections_max).unwrap_or(u32::MAX);
        let answered = connections.acquire_many(all);
        Ok(drain::finish(&mut signals, answered, server.drain_timeout).await)
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
    mut stopping: watch::Receiver<()>,
) {
    let Ok(stream) = TcpStream::from_std(stream) else {
        return;
    };
    // Answers go out in one write; waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    let Some(tls) = &server.tls else {
        return converse(&server, (stream, peer), stopping).await;
    };
    let greeted = tokio::select! {
        greeted = tls.accept(stream, server.http_read_timeout) => greeted,
        // Nothing was asked for yet, and nothing will be.
        _ = stopping.changed() => return,
    };
    match greeted {
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
/// the short one stays small, and has a name of its own in the log. Which of them are recorded is decided
/// first.
fn answer(
    server: &Arc<Server>,
    mut request: http::Request<Incoming>,
    peer: IpAddr,
) -> impl Future<Output = Result<Response, Infallible>> {
    let arrived = Instant::now();
    let pipeline = &server.routes.pipeline;
    let visit = Visit {
        peer,
        scheme: if server.tls.is_some() {
            "https"
        } else {
            "http"
        },
        arrived,
    };
    let recording = Recording::begin(&mut request, &visit, |request| server.routes.route(request));
    if let Some(mut response) = server.routes.answer_at_once(&request, peer, arrived) {
        if let Some(id) = identity::said(request.headers()) {
            identity::tell(id.clone(), response.headers_mut());
        }
        finish(pipeline, (request.uri().path(), arrived), &mut response);
        if let Some(recording) = recording {
            recording.end(&mut response);
        }
        return Either::Left(ready(Ok(response)));
    }
    Either::Right(Box::pin(async move {
        let place = recording.as_ref().map(|recording| recording.place());
        let id = identity::give(request.headers_mut(), place);
        let span = identity::span(&id, place);
        let path = request.uri().path().to_owned();
        let mut response = server
            .routes
            .answer(request, peer, arrived)
            .instrument(span)
            .await;
        identity::tell(id, response.headers_mut());
        finish(pipeline, (&path, arrived), &mut response);
        if let Some(recording) = recording {
            recording.end(&mut response);
        }
        Ok(response)
    }))
}

/// What holds for every answer: it is counted, and it says when the server is leaving.
fn finish(pipeline: &Pipeline, (path, arrived): (&str, Instant), response: &mut Response) {
    let about = (response.status(), response.headers());
    METRICS.requests.count(path, about, arrived.elapsed());
    drain::say_goodbye(&pipeline.readiness, response);
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
