//! The way of a hit that waits for nobody: the stages of the whole way, each of them only as far as it takes no
//! waiting, on the thread that the request came to.

use std::net::IpAddr;
use std::time::{Instant, SystemTime};

use http::{Method, Request};
use hyper::body::Incoming;

use crate::gate::{Room, Visitor};
use crate::pipeline::respond::{Asked, Circumstances, Outcome};
use crate::pipeline::timing::Timing;
use crate::pipeline::{Pipeline, lookup, negotiate};
use crate::server::Response;

impl Pipeline {
    /// The way of a hit that waits for nothing: a URL that was let in before, a source whose version is
    /// known, a rendition in memory. `None` where any of these takes longer: `answer` then goes the way
    /// from its start.
    pub(crate) fn answer_at_once(
        &self,
        request: &Request<Incoming>,
        (peer, arrived): (IpAddr, Instant),
    ) -> Option<Response> {
        let (method, headers) = (request.method(), request.headers());
        if !matches!(*method, Method::GET | Method::HEAD) {
            return None;
        }
        let now = SystemTime::now();
        let target = request.uri().path_and_query()?.as_str();
        let known = self.memo.get(target, now)?;
        let variant = negotiate::negotiate(&known, headers, (&self.rules, self.patience));
        let verified = Instant::now();
        let originals = known.originals.as_ref()?;
        let originals = originals.seen_by(headers, &self.sources.origins);
        let versions = originals.known_at_once(&self.sources)?;
        let wish = known.wish((variant.format, &originals), || {
            self.wish(&variant, &originals)
        });
        let place = wish.place(&versions);
        let (kept, tier) = lookup::find_at_once(&self.keeping, &place)?;
        // Last, so that who waits after all is counted once. Who may not come in hears it there.
        let allowance = if self.gate.is_open() {
            None
        } else {
            let visitor = Visitor {
                room: Room::Endpoint(self.rules.route(target)?),
                method,
                headers,
                target,
                peer,
            };
            self.gate.admit(&visitor).ok()?
        };
        let mut timing = Timing::start(arrived);
        timing.lap_until("verify", verified);
        timing.lap("lookup");
        let by = (&*variant.request, variant.negotiated);
        let mut about = Circumstances::of(by, &self.keyring, now);
        about.outcome = Outcome::Hit(tier);
        let asked = Asked { method, headers };
        let life = Some((now, variant.request.expires));
        let mut response = self.respond((&kept, &about), (asked, &timing), life);
        if let Some(allowance) = allowance {
            allowance.tell(response.headers_mut());
        }
        Some(response)
    }
}
