//! `ImageRequest` → `Variant`: the one format that this client gets. `Accept` is reduced to that choice
//! here, so that a cache key knows a handful of answers and not every header a browser can think of.

use std::sync::Arc;

use cache::Tag;
use http::HeaderMap;
use http::header::ACCEPT;
use request::dialect::Rules;
use request::image_request::ImageRequest;
use request::operation::Format;

use crate::pipeline::memo::Known;

/// A request whose every choice is made.
pub(super) struct Variant {
    pub(super) request: Arc<ImageRequest>,
    /// Of its source: all variants of one original have the same.
    pub(super) tag: Tag,
    /// The format that `Accept` chose; `None` where it had no say, or chose the source's.
    pub(super) format: Option<Format>,
    /// Whether `Accept` was asked at all.
    pub(super) negotiated: bool,
}

/// Choose.
pub(super) fn negotiate(known: Known, headers: &HeaderMap, rules: &Rules) -> Variant {
    let Known { request, tag } = known;
    let format = if request.auto {
        let accept = headers
            .get_all(ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok());
        let accept = accept.collect::<Vec<_>>().join(",");
        request.choose_format(Some(&accept), &rules.auto_formats)
    } else {
        request.choose_format(None, &rules.auto_formats)
    };
    let negotiated = request.auto;
    Variant {
        request,
        tag,
        format,
        negotiated,
    }
}
