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
mod negotiate;
mod lookup;
mod fetch;
mod transform;
mod store;
mod respond;
mod timing;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use http::{HeaderMap, Method, Request};
use hyper::body::Incoming;
use request::dialect::Rules;
use request::operation::Limits;
use request::signature::Keyring;
use tokio::sync::Semaphore;

use crate::error::Error;
use crate::flights::{Flights, Role};
use crate::origins::Origins;
use crate::pipeline::negotiate::Variant;
use crate::pipeline::respond::{Circumstances, Outcome};
use crate::pipeline::timing::Timing;
use crate::rendition::Rendition;
use crate::sandbox::Sandbox;
use crate::server::Response;
use crate::upload::UploadLimits;

/// Everything that the stages work with. Built once, shared by all requests.
pub struct Pipeline {
    /// The keys that URLs are signed with.
    pub keyring: Keyring,
    /// What URLs may say.
    pub rules: Rules,
    /// What a transform may cost.
    pub limits: Limits,
    /// What an upload may cost.
    pub upload: UploadLimits,
    /// Time for queue, fetch and transform together.
    pub request_timeout: Duration,
    /// Where sources come from.
    pub origins: Origins,
    /// Where pictures are developed.
    pub sandbox: Sandbox,
    /// Where renditions are kept; `None` where the disk could not be had.
    pub cache: Option<Arc<cache::DiskCache>>,
    /// Places for misses: those that a worker has and those that wait for one.
    pub places: Arc<Semaphore>,
    /// Misses under way, by key.
    pub flights: Flights<cache::Key, Result<Arc<Made>, Arc<Error>>>,
}

/// A request as it came.
pub struct Call {
    method: Method,
    target: String,
    headers: HeaderMap,
    body: Incoming,
    arrived: Instant,
}

/// A rendition that was made, and what its making took.
pub struct Made {
    rendition: Rendition,
    stored: bool,
    stages: [(&'static str, Duration); 3],
}

impl Call {
    /// Take an HTTP request apart.
    pub fn new(request: Request<Incoming>, arrived: Instant) -> Self {
        let (parts, body) = request.into_parts();
        let target = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
        Self { method: parts.method, target, headers: parts.headers, body, arrived }
    }
}

impl Pipeline {
    /// The whole way. Never fails: a failure is an answer.
    pub async fn answer(self: &Arc<Self>, call: Call) -> Response {
        let target = call.target.clone();
        match self.develop(call).await {
            Ok(response) => response,
            Err(error) => {
                error.log(&target);
                respond::failure(&error)
            }
        }
    }

    async fn develop(self: &Arc<Self>, call: Call) -> Result<Response, Arc<Error>> {
        let Call { method, target, headers, body, arrived } = call;
        let mut timing = Timing::start(arrived);
        let now = SystemTime::now();
        let signed = verify::verify(&self.keyring, &target, now)?;
        timing.lap("verify");
        let request = parse::parse(&self.rules, &signed, &method)?;
        let variant = negotiate::negotiate(request, &headers, &self.rules);
        if variant.is_upload() {
            return self.develop_upload(variant, headers, body).await;
        }
        let key = lookup::key(self, &variant).await;
        let found = lookup::lookup(self, key).await;
        timing.lap("lookup");
        let (outcome, made);
        let rendition = match found {
            Some(ref rendition) => {
                outcome = Outcome::Hit;
                rendition
            }
            None => {
                let deadline = arrived + self.request_timeout;
                let pipeline = Arc::clone(self);
                let work = || pipeline.make(variant, key, headers, deadline);
                todo!()
            }
        };
        todo!()
    }
}
