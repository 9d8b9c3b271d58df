//! From a request as it came to what it asks for: verified, let in by the gate, parsed. What is learned of a
//! signed GET is remembered, so that a hot URL comes in faster.

use std::time::SystemTime;

use http::Method;
use request::dialect::lambda_edge;
use request::image_request::Source;

use crate::error::Error;
use crate::gate::{Allowance, Room};
use crate::pipeline::call::{Call, Wish};
use crate::pipeline::memo::Known;
use crate::pipeline::{Pipeline, parse, verify};

/// What a request that was let in is answered with.
pub(super) enum Entered {
    /// A rendition.
    Known(Known),
    /// The source as it is.
    Original(Source),
}

impl Pipeline {
    /// Let a request in, and read what it asks for, in imaginary's order of checks. What is learned of a
    /// signed GET is remembered; who may come in is asked each time.
    pub(super) fn read(
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
                    lambda_edge::Asked::Rendition(request) => {
                        Entered::Known(Known::of_lambda_edge(request))
                    }
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
}
