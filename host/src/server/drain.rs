//! The way out, in the order of a roll-out: told to stop, the server is not ready any more, but answers
//! everything until those who spread requests have heard of it; then it takes no new connections, and
//! what is in flight is finished. Told again, it ends at once.

use std::io;
use std::time::Duration;

use http::HeaderValue;
use http::header::CONNECTION;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Response;
use crate::readiness::Readiness;

/// How serving ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Every request was answered.
    Answered,
    /// Some were not: time was over, or a second signal came.
    CutOff,
}

/// Whether the second signal came while something was waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Once,
    Twice,
}

/// SIGTERM and SIGINT, heard from here on: none is lost between two waits.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    pub(super) async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

/// Back when no new connection should be taken any more: `delay` after the first signal, or at the second.
pub(super) async fn until_told(
    signals: &mut Signals,
    readiness: &Readiness,
    delay: Duration,
) -> Told {
    let name = signals.next().await;
    readiness.leave();
    tracing::info!(signal = name, ?delay, "stopping: not ready, still serving");
    tokio::select! {
        () = tokio::time::sleep(delay) => Told::Once,
        signal = signals.next() => {
            tracing::warn!(signal, "second signal; requests were cut off");
            Told::Twice
        }
    }
}

/// Back when `answered` is, when `patience` is over, or at the second signal.
pub(super) async fn finish(
    signals: &mut Signals,
    answered: impl Future,
    patience: Duration,
) -> Ending {
    tokio::select! {
        _ = answered => {
            tracing::info!("every request is answered");
            Ending::Answered
        }
        () = tokio::time::sleep(patience) => {
            tracing::warn!("drain time is over; requests were cut off");
            Ending::CutOff
        }
        signal = signals.next() => {
            tracing::warn!(signal, "second signal; requests were cut off");
            Ending::CutOff
        }
    }
}

/// Clients are asked to come back on a new connection, which leads them elsewhere.
pub(super) fn say_goodbye(readiness: &Readiness, response: &mut Response) {
    if readiness.is_leaving() {
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
}
