//! `ImageRequest` → `Variant`: the one format that this client gets. `Accept` is reduced to that choice
//! here, so that a cache key knows a handful of answers and not every header a browser can think of.

use std::sync::Arc;

use http::HeaderMap;
use http::header::ACCEPT;
use request::dialect::Rules;
use request::image_request::ImageRequest;
use request::operation::Format;

use crate::pipeline::memo::Known;

/// A request whose every choice is made.
#[derive(Clone)]
pub(super) struct Variant {
    pub(super) request: Arc<ImageRequest>,
    /// The format that `Accept` chose; `None` where it had no say, or chose the source's.
    pub(super) format: Option<Format>,
    /// What the client gets until that is made, where it takes too long to be waited for.
    pub(super) stopgap: Option<Stopgap>,
    /// Whether `Accept` was asked at all.
    pub(super) negotiated: bool,
}

/// The second best format; `None` is the source's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stopgap(Option<Format>);

/// Whether AVIF, where `Accept` chose it, is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// It is.
    Waits,
    /// The client gets the second best, and AVIF is made for the next one.
    TakesStopgaps,
}

/// Choose.
pub(super) fn negotiate(
    known: &Known,
    headers: &HeaderMap,
    (rules, patience): (&Rules, Patience),
) -> Variant {
    let request = Arc::clone(&known.request);
    let negotiated = request.auto;
    let accept = negotiated.then(|| {
        let lines = headers.get_all(ACCEPT).iter();
        let lines = lines.filter_map(|value| value.to_str().ok());
        lines.collect::<Vec<_>>().join(",")
    });
    let format = request.choose_format(accept.as_deref(), &rules.auto_formats);
    let takes_long = negotiated && format == Some(Format::Avif);
    let stopgap = (takes_long && patience == Patience::TakesStopgaps).then(|| {
        let others = rules.auto_formats.iter().copied();
        let others: Vec<Format> = others.filter(|&other| other != Format::Avif).collect();
        Stopgap(request.choose_format(accept.as_deref(), &others))
    });
    Variant {
        request,
        format,
        stopgap,
        negotiated,
    }
}

impl Variant {
    /// What is made when it is not kept: the stopgap, where there is one.
    pub(super) fn to_make(&self) -> Self {
        match self.stopgap {
            Some(Stopgap(format)) => Self {
                format,
                stopgap: None,
                ..self.clone()
            },
            None => self.clone(),
        }
    }
}
