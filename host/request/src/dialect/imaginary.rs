//! imaginary's URLs: `/resize?width=300&file=a.jpg`. A verified request comes in, an `ImageRequest` goes
//! out. The behaviour is that of the real thing, measured, but for what is better on purpose.

mod endpoint;
mod table;
mod value;
mod values;
mod source;
mod pipeline;
mod translate;
mod generate;
mod reference;

pub use endpoint::Endpoint;
pub use reference::markdown as reference;
pub use table::{Parameter, Range, Row, TABLE, Takers};
pub use value::{ExtendWord, GravityWord, Kind};

pub(super) use source::url as url_source;

use crate::dialect::{Method, Rules};
use crate::error::ParseError;
use crate::image_request::{Action, ImageRequest, Source};
use crate::signature::Signed;
use translate::Draft;
use value::Type;
use values::Values;

/// A request in imaginary's own terms: read, and not translated yet. Prints itself as a URL again.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    endpoint: Endpoint,
    source: Source,
    values: Values,
    expires: Option<u64>,
}

impl Call {
    /// Read a verified request, in imaginary's order of checks.
    pub fn read(rules: &Rules, signed: &Signed, method: Method) -> Result<Self, ParseError> {
        let endpoint = rules.endpoint(signed.path()).ok_or(ParseError::NotFound)?;
        let sources = rules.sources;
        if method == Method::Get && !sources.file && !sources.url {
            return Err(ParseError::NoSourceConfigured);
        }
        if rules.disabled.contains(&endpoint) {
            return Err(ParseError::EndpointDisabled);
        }
        let mut values = Values::from_pairs(signed.pairs(), endpoint, rules.unknown).map_err(ParseError::Parameter)?;
        let source = source::choose(&values, method, sources)?;
        // From here on there is one spelling of the source.
        values.forget_source();
        if let Some(Type::Unknown(_) | Type::Unwritable("tiff")) = values.output_type() {
            return Err(ParseError::UnsupportedFormat);
        }
        Ok(Self { endpoint, source, values, expires: signed.expires() })
    }

    /// Which endpoint was called.
    pub const fn endpoint(&self) -> Endpoint {
        self.endpoint
    }

    /// What is asked for.
    pub fn image_request(&self) -> Result<ImageRequest, ParseError> {
        let (source, expires) = (self.source.clone(), self.expires);
        let draft = match self.endpoint {
            Endpoint::Info => {
                return Ok(ImageRequest { source, overlays: vec![], action: Action::Inspect, auto: false, expires });
            }
            Endpoint::Pipeline => pipeline::translate(self.values.items()).map_err(ParseError::Operation)?,
            other => Draft::of(other, &self.values)?,
        };
        let chooses = !matches!(self.endpoint, Endpoint::Pipeline | Endpoint::Autorotate);
        let auto = chooses && self.values.output_type() == Some(&Type::Auto);
        let Draft { steps, output, overlays } = draft;
        Ok(ImageRequest { source, overlays, action: Action::Transform { steps, output }, auto, expires })
    }
}

#[cfg(test)]
mod tests;
