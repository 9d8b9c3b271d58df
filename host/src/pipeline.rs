//! The way of an image request, in order:
//!
//! ```text
//! URL ─ verify ─ parse ─ negotiate ─ lookup ─┬─ hit ────────────────────────────────┬─ respond
//!                                            └─ miss: fetch ─ transform ─ store ────┘
//! &str → Signed → ImageRequest → Variant → Source → Rendition → Response
//! ```
//!
//! Each stage is one file, takes the type before it and gives the next. Only `verify` makes a `Signed`,
//! and `parse` takes nothing else.

mod call;
mod verify;
mod parse;
mod memo;
mod negotiate;
mod lookup;
mod make;
mod fetch;
mod originals;
mod overlays;
mod transform;
mod store;
mod upgrade;
mod respond;
mod admission;
mod health;
mod readings;
mod timing;
mod purge;
mod stand_in;
mod original;
mod enter;
mod at_once;
mod alone;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

pub(crate) use answer::respond::Manner;
use cache::Key;
use http::StatusCode;
use request::dialect::Rules;
use request::operation::Limits;
use request::signature::Keyring;

use crate::error::Error;
use crate::flights::{Flights, Role};
use crate::gate::{Allowance, Gate};
use crate::keeping::Keeping;
use crate::load::Load;
use crate::metrics::{METRICS, Readings};
pub(crate) use crate::pipeline::admission::Admission;
pub(crate) use crate::pipeline::alone::transform_alone;
pub(crate) use crate::pipeline::call::{Call, Wish};
use crate::pipeline::enter::Entered;
use crate::pipeline::lookup::Unversioned;
use crate::pipeline::make::{Made, Miss, Urgency};
pub(crate) use crate::pipeline::memo::Memo;
pub(crate) use crate::pipeline::negotiate::Patience;
use crate::pipeline::negotiate::Variant;
pub(crate) use crate::pipeline::original::Verdicts;
use crate::pipeline::originals::Originals;
pub(crate) use crate::pipeline::overlays::OverlayError;
pub(crate) use crate::pipeline::purge::{Purge, PurgeError, source_named};
use crate::pipeline::respond::{Asked, Circumstances, Outcome};
pub(crate) use crate::pipeline::stand_in::StandIn;
pub(crate) use crate::pipeline::timing::{Stage, Timing};
pub(crate) use crate::pipeline::verify::Disclosure;
use crate::readiness::{Readiness, Ready};
use crate::rendition::kept::Kept;
use crate::sandbox::Sandbox;
use crate::second_level::SecondLevel;
use crate::server::Response;
use crate::sources::{self, Sources};
use crate::traces;
use crate::upgrades::Upgrades;
use crate::upload::UploadLimits;

/// Everything that the stages work with. Built once, shared by all requests.
pub(crate) struct Pipeline {
    /// The keys that URLs are signed with.
    pub keyring: Keyring,
    /// What somebody learns whose signature is wrong.
    pub disclosure: Disclosure,
    /// What a request meets before its meaning.
    pub gate: Gate,
    /// What URLs may say.
    pub rules: Rules,
    /// How renditions are answered.
    pub manner: Manner,
    /// What is answered in place of an error.
    pub stand_in: Option<StandIn>,
    /// URLs that were let in and read lately.
    pub memo: Memo,
    /// Originals that were looked at lately.
    pub verdicts: Verdicts,
    /// What a transform may cost.
    pub limits: Limits,
    /// What an upload may cost.
    pub upload: UploadLimits,
    /// Threads of the sandbox.
    pub workers: usize,
    /// When the server started.
    pub started: Instant,
    /// Time for queue, fetch and transform together.
    pub request_timeout: Duration,
    /// Where sources come from, and what is known of them.
    pub sources: Arc<Sources>,
    /// Where pictures are developed.
    pub sandbox: Sandbox,
    /// Where renditions are kept.
    pub keeping: Arc<Keeping>,
    /// Where all pods keep them.
    pub second_level: Option<Arc<SecondLevel>>,
    /// What is made while nobody waits.
    pub upgrades: Arc<Upgrades>,
    /// The transforms that somebody waits for.
    pub load: Arc<Load>,
    /// Whether clients wait for what takes long.
    pub patience: Patience,
    /// Misses that may be under way: those that a worker has and those that wait for one.
    pub admission: Admission,
    /// Whether new requests should come here.
    pub readiness: Readiness,
    /// Misses under way.
    pub flights: Flights<Key, Result<Arc<Made>, Arc<Error>>>,
}

impl Pipeline {
    /// The whole way. Never fails: a failure is an answer.
    pub(crate) async fn answer(self: &Arc<Self>, call: Call) -> Response {
        let path = call.target.split('?').next().unwrap_or_default().to_owned();
        let wanted = self.stand_in.as_ref().map(|_| call.action());
        let deadline = call.arrived + self.request_timeout;
        let mut allowance = None;
        let mut response = match self.develop(call, &mut allowance).await {
            Ok(response) => response,
            Err(error) => {
                error.log(&path);
                if let Error::Throttled(refused) = &*error {
                    allowance = Some(*refused);
                }
                self.failure(&error, (wanted, deadline)).await
            }
        };
        if let Some(allowance) = allowance {
            allowance.tell(response.headers_mut());
        }
        response
    }

    async fn develop(
        self: &Arc<Self>,
        call: Call,
        allowance: &mut Option<Allowance>,
    ) -> Result<Response, Arc<Error>> {
        let (now, deadline) = (SystemTime::now(), call.arrived + self.request_timeout);
        let mut timing = Timing::start(call.arrived);
        let known = match self.read(&call, now, allowance)? {
            Entered::Known(known) => known,
            Entered::Original(source) => return self.original(&source, &call, now).await,
        };
        let choice = (&self.rules, self.patience);
        let variant = negotiate::negotiate(&known, &call.headers, choice);
        timing.lap("verify");

        let by = (&*variant.request, variant.negotiated);
        let mut about = Circumstances::of(by, call.keyring(&self.keyring), now);
        let (method, headers, body) = (call.method, call.headers, call.body);
        let asked = Asked {
            method: &method,
            headers: &headers,
        };
        let life = Some((now, variant.request.expires));
        let Some(originals) = &known.originals else {
            let upload = (&headers, body);
            let made = self.make_from_upload(&variant, upload, deadline).await?;
            let timing = timing.with(&made.stages);
            return Ok(self.respond((&made.kept, &about), (asked, &timing), None));
        };
        let originals = originals.seen_by(&headers, &self.sources.origins);
        if let Some(versions) = originals.known(&self.sources, deadline).await {
            let found = self.find(&variant, &originals, &versions).await;
            timing.lap("lookup");
            if let Some(found) = found {
                respond::take(&mut about, &found);
                return Ok(self.respond((&found.kept, &about), (asked, &timing), life));
            }
            let place = self.wish(&variant, &originals).place(&versions);
            about.outcome = Outcome::Unchanged;
            if let Some(mut response) = respond::unchanged(&place.etag(), &about, asked, &timing) {
                self.manner.tell_life(life, response.headers_mut());
                return Ok(response);
            }
        }
        self.keeping.count_miss();

        let miss = Miss {
            variant: variant.to_make(),
            originals: originals.clone(),
            deadline,
            urgency: Urgency::Awaited,
            trace: traces::recorded(&headers),
        };
        let key = self.wish(&miss.variant, &originals).key;
        let start = || Arc::clone(self).make(miss);
        let (role, made) = self.flights.join(key, start).await;
        let made = made?;
        let timing = match role {
            Role::Leader => timing.with(&made.stages),
            Role::Follower => timing.after(&made.stages, made.trace),
        };
        if let Some(better) = self.find_better((&variant, &originals), &made).await {
            respond::take(&mut about, &better);
            return Ok(self.respond((&better.kept, &about), (asked, &timing), life));
        }
        respond::take_made(&mut about, role, (&made, &variant));
        Ok(self.respond((&made.kept, &about), (asked, &timing), life))
    }

    /// A success, in the manner that was configured. `life` is now and the end of the URL's; an upload's
    /// answer has none.
    fn respond(
        &self,
        (kept, about): (&Kept, &Circumstances),
        (asked, timing): (Asked<'_>, &Timing),
        life: Option<(SystemTime, Option<u64>)>,
    ) -> Response {
        let mut response = respond::rendition(kept, about, asked, timing);
        let status = response.status();
        if status.is_success() || status == StatusCode::NOT_MODIFIED {
            let headers = response.headers_mut();
            if let Some(size) = kept.rendition.size() {
                self.manner.tell_size(size, headers);
            }
            self.manner.tell_life(life, headers);
        }
        response
    }

    /// What is wished for, whatever versions its sources have.
    fn wish(&self, variant: &Variant, originals: &Originals) -> Unversioned {
        Unversioned::of(self.sandbox.digest(), variant, originals)
    }

    /// What `/ready` says.
    pub(crate) fn ready(&self) -> Ready {
        self.readiness.ask(&self.admission)
    }

    /// What `/metrics` says beside the counters.
    pub(crate) fn readings(&self) -> Readings {
        readings::read(self)
    }

    /// What `/health` says.
    pub(crate) fn health(&self) -> serde_json::Value {
        health::report(self)
    }
}

/// What all renditions of `source` are removed by.
pub(crate) fn tag_of(source: &request::image_request::Source) -> cache::Tag {
    sources::tag_of(source)
}

fn observe(stages: &[Stage]) {
    for Stage { name, took, .. } in stages {
        METRICS.stages.observe(name, *took);
    }
}
