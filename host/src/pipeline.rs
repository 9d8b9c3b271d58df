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

mod verify;
mod parse;
mod memo;
mod negotiate;
mod lookup;
mod fetch;
mod overlays;
mod transform;
mod store;
mod respond;
mod admission;
mod health;
mod readings;
mod timing;
mod purge;
mod manner;
mod stand_in;
mod original;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use cache::Key;
use http::{HeaderMap, Method, Request, StatusCode};
use hyper::body::Incoming;
use request::dialect::Rules;
use request::dialect::imaginary::{self, Endpoint};
use request::dialect::lambda_edge;
use request::image_request::{Action, ImageRequest, Source};
use request::operation::Limits;
use request::signature::Keyring;

use crate::error::Error;
use crate::flights::Flights;
use crate::gate::{Allowance, Gate, Room, Visitor};
use crate::keeping::Keeping;
use crate::metrics::{METRICS, Readings};
use crate::origins::Origins;
pub(crate) use crate::pipeline::admission::Admission;
use crate::pipeline::lookup::Place;
pub(crate) use crate::pipeline::manner::Manner;
use crate::pipeline::memo::Known;
pub(crate) use crate::pipeline::memo::Memo;
use crate::pipeline::negotiate::Variant;
pub(crate) use crate::pipeline::overlays::OverlayError;
pub(crate) use crate::pipeline::purge::{Purge, PurgeError, source_named};
use crate::pipeline::respond::{Asked, Circumstances, Outcome};
pub(crate) use crate::pipeline::stand_in::StandIn;
use crate::pipeline::store::Stored;
use crate::pipeline::timing::Timing;
use crate::pipeline::transform::Pictures;
pub(crate) use crate::pipeline::verify::Disclosure;
use crate::readiness::{Readiness, Ready};
use crate::rendition::kept::Kept;
use crate::sandbox::Sandbox;
use crate::server::Response;
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
    /// Where sources come from.
    pub origins: Origins,
    /// Where pictures are developed.
    pub sandbox: Sandbox,
    /// Where renditions are kept.
    pub keeping: Arc<Keeping>,
    /// Misses that may be under way: those that a worker has and those that wait for one.
    pub admission: Admission,
    /// Whether new requests should come here.
    pub readiness: Readiness,
    /// Misses under way.
    pub flights: Flights<Key, Result<Arc<Made>, Arc<Error>>>,
}

/// What a request is for, as far as its path tells.
#[derive(Debug, Clone)]
pub(crate) enum Wish {
    /// One of imaginary's endpoints; the URL has to be signed.
    Endpoint(Endpoint),
    /// A Lambda@Edge URL, which never is, and has been read.
    LambdaEdge(lambda_edge::Asked),
}

/// A request as it came.
pub(crate) struct Call {
    wish: Wish,
    peer: IpAddr,
    method: Method,
    target: String,
    headers: HeaderMap,
    body: Incoming,
    arrived: Instant,
}

/// What a request that was let in is answered with.
enum Entered {
    /// A rendition.
    Known(Known),
    /// The source as it is.
    Original(Source),
}

/// The keys of URLs that are unsigned by nature.
static UNSIGNED: Keyring = Keyring::unsigned();

/// A variant that is not kept, and what making it may take.
struct Miss {
    variant: Variant,
    headers: HeaderMap,
    place: Place,
    deadline: Instant,
}

/// A rendition that was made, and what its making took.
pub(crate) struct Made {
    kept: Arc<Kept>,
    stored: Stored,
    stages: [(&'static str, Duration); 4],
}

impl Call {
    /// Take an HTTP request apart that came from `peer`.
    pub(crate) fn new(
        wish: Wish,
        (request, peer): (Request<Incoming>, IpAddr),
        arrived: Instant,
    ) -> Self {
        let (parts, body) = request.into_parts();
        let target = parts
            .uri
            .path_and_query()
            .map_or_else(String::new, ToString::to_string);
        Self {
            wish,
            peer,
            method: parts.method,
            target,
            headers: parts.headers,
            body,
            arrived,
        }
    }

    fn visitor(&self, room: Room) -> Visitor<'_> {
        Visitor {
            room,
            method: &self.method,
            headers: &self.headers,
            target: &self.target,
            peer: self.peer,
        }
    }

    /// What was wanted, for whatever is answered instead.
    fn action(&self) -> Action {
        match &self.wish {
            Wish::LambdaEdge(lambda_edge::Asked::Rendition(request)) => request.action.clone(),
            Wish::LambdaEdge(lambda_edge::Asked::Original(_)) | Wish::Endpoint(_) => {
                imaginary::placeholder(&self.target)
            }
        }
    }

    /// Whose word a URL is, which says how long its answer may be kept.
    fn keyring<'a>(&self, keyring: &'a Keyring) -> &'a Keyring {
        match self.wish {
            Wish::Endpoint(_) => keyring,
            Wish::LambdaEdge(_) => &UNSIGNED,
        }
    }
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
        let variant = negotiate::negotiate(known, &call.headers, &self.rules);
        timing.lap("verify");

        let mut about = Circumstances::of(&variant, call.keyring(&self.keyring), now);
        let (method, headers, body) = (call.method, call.headers, call.body);
        let asked = Asked {
            method: &method,
            headers: &headers,
        };
        let life = Some((now, variant.request.expires));
        let Some(source) = fetch::origin_of(&variant.request.source) else {
            let upload = (&headers, body);
            let made = self.make_from_upload(&variant, upload, deadline).await?;
            let timing = timing.with(&made.stages);
            return Ok(self.respond((&made.kept, &about), (asked, &timing), None));
        };
        let place = lookup::place(&self.origins, &variant, (source, &headers), deadline).await;
        let found = lookup::lookup(&self.keeping, &place).await;
        timing.lap("lookup");
        if let Some((kept, tier)) = found {
            about.outcome = Outcome::Hit(tier);
            return Ok(self.respond((&kept, &about), (asked, &timing), life));
        }
        if let Some(etag) = place.etag() {
            about.outcome = Outcome::Unchanged;
            if let Some(mut response) = respond::unchanged(&etag, &about, asked, &timing) {
                self.manner.tell_life(life, response.headers_mut());
                return Ok(response);
            }
        }

        let miss = Miss {
            variant,
            headers: headers.clone(),
            place,
            deadline,
        };
        let (role, made) = self
            .flights
            .join(place.key, || Arc::clone(self).make(miss))
            .await;
        let made = made?;
        about.outcome = Outcome::of_miss(role, made.stored);
        let timing = timing.with(&made.stages);
        Ok(self.respond((&made.kept, &about), (asked, &timing), life))
    }

    /// Let a request in, and read what it asks for, in imaginary's order of checks. What is learned of a
    /// signed GET is remembered; who may come in is asked each time.
    fn read(
        &self,
        call: &Call,
        now: SystemTime,
        allowance: &mut Option<Allowance>,
    ) -> Result<Entered, Error> {
        let endpoint = match &call.wish {
            Wish::Endpoint(endpoint) => *endpoint,
            Wish::LambdaEdge(asked) => {
                *allowance = self.gate.admit(&call.visitor(Room::LambdaEdge))?;
                return Ok(match asked.clone() {
                    lambda_edge::Asked::Rendition(request) => Entered::Known(Known::new(request)),
                    lambda_edge::Asked::Original(source) => Entered::Original(source),
                });
            }
        };
        let visitor = call.visitor(Room::Endpoint(endpoint));
        let is_get = matches!(call.method, Method::GET | Method::HEAD);
        if let Some(known) = self.memo.get(&call.target, now).filter(|_| is_get) {
            *allowance = self.gate.admit(&visitor)?;
            return Ok(Entered::Known(known));
        }
        let signed = verify::verify((&self.keyring, self.disclosure), &call.target, now)?;
        let way = parse::way(&self.rules, &call.method)?;
        *allowance = self.gate.admit(&visitor)?;
        let known = Known::new(parse::parse(&self.rules, &signed, way)?);
        if is_get {
            self.memo.remember(&call.target, &known);
        }
        Ok(Entered::Known(known))
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
            self.manner.tell_size(&kept.rendition, headers);
            self.manner.tell_life(life, headers);
        }
        response
    }

    /// The source as it is.
    async fn original(
        &self,
        source: &Source,
        call: &Call,
        now: SystemTime,
    ) -> Result<Response, Arc<Error>> {
        let deadline = call.arrived + self.request_timeout;
        let mut timing = Timing::start(call.arrived);
        let kept = original::original(self, (source, &call.headers), deadline).await?;
        timing.lap("fetch");
        let about = Circumstances::unsigned(Outcome::Bypass, now);
        let asked = Asked {
            method: &call.method,
            headers: &call.headers,
        };
        Ok(self.respond((&kept, &about), (asked, &timing), Some((now, None))))
    }

    /// The way of a hit that waits for nothing: a URL that was let in before, a source whose version is
    /// known, a rendition in memory. `None` where any of these takes longer: `answer` then goes the way
    /// from its start.
    pub(crate) fn answer_at_once(
        &self,
        request: &Request<Incoming>,
        arrived: Instant,
    ) -> Option<Response> {
        let (method, headers) = (request.method(), request.headers());
        // The gate looks at more than a URL.
        if !matches!(*method, Method::GET | Method::HEAD) || !self.gate.is_open() {
            return None;
        }
        let now = SystemTime::now();
        let mut timing = Timing::start(arrived);
        let known = self
            .memo
            .get(request.uri().path_and_query()?.as_str(), now)?;
        let variant = negotiate::negotiate(known, headers, &self.rules);
        timing.lap("verify");
        let source = fetch::origin_of(&variant.request.source)?;
        let place = lookup::place_at_once(&self.origins, &variant, (source, headers))?;
        let (kept, tier) = lookup::lookup_at_once(&self.keeping, &place)?;
        timing.lap("lookup");
        let mut about = Circumstances::of(&variant, &self.keyring, now);
        about.outcome = Outcome::Hit(tier);
        let asked = Asked { method, headers };
        let life = Some((now, variant.request.expires));
        Some(self.respond((&kept, &about), (asked, &timing), life))
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

    /// A miss, all the way: a place in the queue, the source, the transform, the cache.
    async fn make(self: Arc<Self>, miss: Miss) -> Result<Arc<Made>, Arc<Error>> {
        let Miss {
            variant,
            headers,
            place,
            deadline,
        } = miss;
        let _admitted = self.admission.admit()?;
        let reservation = self.keeping.reserve(place.wanted());
        let start = Instant::now();
        let source =
            fetch::fetch(&self.origins, &variant.request.source, &headers, deadline).await?;
        let overlays = overlays::fetch(&self.origins, &variant.request, &headers, deadline).await?;
        let fetched = start.elapsed();
        let is_whole = overlays.is_whole();
        let pictures = Pictures { source, overlays };
        let developed =
            transform::transform(&self.sandbox, &self.limits, (&variant, pictures), deadline)
                .await?;
        let start = Instant::now();
        let (kept, stored) = if is_whole {
            let made = (&place, developed.rendition);
            store::store(&self.keeping, reservation, made).await
        } else {
            // Without an overlay that could not be had it is not what the URL means: not for keeping.
            let kept = Kept::new(developed.rendition, place.tag, None);
            (Arc::new(kept), Stored::Refused)
        };
        let stages = [
            ("queue", developed.waited),
            ("fetch", fetched),
            ("transform", developed.ran),
            ("store", start.elapsed()),
        ];
        observe(&stages);
        Ok(Arc::new(Made {
            kept,
            stored,
            stages,
        }))
    }

    /// An upload belongs to the client that sent it: it is never looked up and never kept.
    async fn make_from_upload(
        &self,
        variant: &Variant,
        (headers, body): (&HeaderMap, Incoming),
        deadline: Instant,
    ) -> Result<Made, Arc<Error>> {
        let _admitted = self.admission.admit()?;
        let start = Instant::now();
        let source = fetch::upload(headers, body, self.upload).await?;
        let overlays = overlays::fetch(&self.origins, &variant.request, headers, deadline).await?;
        let fetched = start.elapsed();
        let pictures = Pictures { source, overlays };
        let developed =
            transform::transform(&self.sandbox, &self.limits, (variant, pictures), deadline)
                .await?;
        let stages = [
            ("queue", developed.waited),
            ("upload", fetched),
            ("transform", developed.ran),
            ("store", Duration::ZERO),
        ];
        observe(&stages);
        Ok(Made {
            kept: Arc::new(Kept::new(developed.rendition, variant.tag, None)),
            stored: Stored::Refused,
            stages,
        })
    }
}

/// What all renditions of `source` are removed by.
pub(crate) fn tag_of(source: &request::image_request::Source) -> cache::Tag {
    memo::tag(source)
}

fn observe(stages: &[(&'static str, Duration)]) {
    for (stage, took) in stages {
        METRICS.stages.observe(stage, *took);
    }
}

/// One picture through the transform stage and nothing else: no server, no cache, no origin.
pub(crate) async fn transform_alone(
    sandbox: &Sandbox,
    limits: &Limits,
    (request, source): (ImageRequest, Bytes),
    deadline: Instant,
) -> Result<Bytes, Error> {
    let known = Known::new(request);
    let variant = negotiate::negotiate(known, &HeaderMap::new(), &Rules::default());
    let pictures = Pictures {
        source,
        overlays: overlays::unfetched(&variant.request)?,
    };
    Ok(
        transform::transform(sandbox, limits, (&variant, pictures), deadline)
            .await?
            .rendition
            .body,
    )
}
