//! A rendition or a failure becomes an HTTP answer: what `answer` says of it, in the words of this host's
//! stages.

use answer::respond::{self, Freshness};
pub(crate) use answer::respond::{Asked, Circumstances, Outcome};
use http::HeaderValue;
use http_body_util::Full;

use crate::error::Error;
use crate::flights::Role;
use crate::pipeline::make::Made;
use crate::pipeline::negotiate::Variant;
use crate::pipeline::timing::Timing;
use crate::pipeline::upgrade::{Found, Quality};
use crate::rendition::kept::Kept;
use crate::server::Response;
use crate::sources::Lasting;
use crate::traces;

/// A finished picture, or the parts asked for, or what its conditions come to.
pub(super) fn rendition(
    kept: &Kept,
    about: &Circumstances,
    asked: Asked<'_>,
    timing: &Timing,
) -> Response {
    let response = respond::rendition(&kept.finished(), about, asked, timing.header());
    traced(response.map(Full::new), (asked, timing))
}

/// 304 without a rendition, where the client has named the tag of what would be made.
pub(super) fn unchanged(
    etag: &HeaderValue,
    about: &Circumstances,
    asked: Asked<'_>,
    timing: &Timing,
) -> Option<Response> {
    let response = respond::unchanged(etag, about, asked, timing.header())?;
    Some(traced(response.map(Full::new), (asked, timing)))
}

/// With its stages, where the request is recorded.
fn traced(mut response: Response, (asked, timing): (Asked<'_>, &Timing)) -> Response {
    if traces::recorded(asked.headers).is_some() {
        response.extensions_mut().insert(timing.clone());
    }
    response
}

/// A failure, as JSON.
pub(crate) fn failure(error: &Error) -> Response {
    respond::failure((error.status(), error.content_type()), error.body()).map(Full::new)
}

/// It was found.
pub(super) fn take(about: &mut Circumstances, found: &Found) {
    about.outcome = Outcome::Hit(found.tier);
    if found.quality == Quality::Stopgap {
        about.shorten();
    }
}

/// It was made for `wished`, or found while that was tried.
pub(super) fn take_made(about: &mut Circumstances, role: Role, (made, wished): (&Made, &Variant)) {
    about.outcome = seen_by(made.outcome, role);
    match made.lasting {
        Lasting::Passing => about.freshness = Freshness::Private,
        Lasting::Kept if wished.stopgap.is_some() => about.shorten(),
        Lasting::Kept => {}
    }
}

/// For one of those who waited for a rendition that had to be made.
const fn seen_by(outcome: Outcome, role: Role) -> Outcome {
    match (role, outcome) {
        (Role::Follower, Outcome::Stored | Outcome::NotStored) => Outcome::Collapsed,
        (Role::Follower | Role::Leader, outcome) => outcome,
    }
}
