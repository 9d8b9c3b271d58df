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
mod placeholder;
mod reference;

pub use endpoint::Endpoint;
pub use placeholder::placeholder;
pub use reference::markdown as reference;
pub use table::{Parameter, Range, Row, TABLE, Takers};
pub use value::{ExtendWord, GravityWord, Kind};

pub(super) use source::url as url_source;

use crate::dialect::{Method, Rules, Sources};
use crate::error::ParseError;
use crate::image_request::{Action, ImageRequest, Source};
use crate::operation::OnFailure;
use crate::signature::Signed;
use translate::{Draft, Part};
use value::Type;
use values::Values;

/// A request in imaginary's own terms: read, and not translated yet. Prints itself as a URL again.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    part: Part,
    source: Source,
    /// What an overlay may be.
    sources: Sources,
    expires: Option<u64>,
}

impl Call {
    /// Read a verified request, in imaginary's order of checks.
    pub fn read(rules: &Rules, signed: &Signed, method: Method) -> Result<Self, ParseError> {
        let endpoint = rules.endpoint(signed.path()).ok_or(ParseError::NotFound)?;
        let sources = rules.sources;
        if method == Method::Get && sources == Sources::default() {
            return Err(ParseError::NoSourceConfigured);
        }
        if rules.disabled.contains(&endpoint) {
            return Err(ParseError::EndpointDisabled);
        }
        let mut values = Values::from_pairs(signed.pairs(), endpoint, rules.unknown)
            .map_err(ParseError::Parameter)?;
        let source = source::choose(&values, method, sources)?;
        // From here on there is one spelling of the source.
        values.forget_source();
        if let Some(Type::Unknown(_)) = values.output_type() {
            return Err(ParseError::UnsupportedFormat);
        }
        let on_failure = OnFailure::Fail;
        let part = Part {
            endpoint,
            values,
            on_failure,
        };
        let expires = signed.expires();
        Ok(Self {
            part,
            source,
            sources,
            expires,
        })
    }

    /// Which endpoint was called.
    pub const fn endpoint(&self) -> Endpoint {
        self.part.endpoint
    }

    /// What is asked for.
    pub fn image_request(&self) -> Result<ImageRequest, ParseError> {
        let Part {
            endpoint, values, ..
        } = &self.part;
        let mut overlays = Vec::new();
        let mut transform = |draft: Draft| {
            overlays = draft.overlays;
            let (steps, output) = (draft.steps, draft.output);
            Action::Transform { steps, output }
        };
        let action = match endpoint {
            Endpoint::Info => Action::Inspect,
            Endpoint::Pipeline => transform(
                pipeline::translate(values.items(), self.sources).map_err(ParseError::Operation)?,
            ),
            _ => transform(Draft::of(&self.part, self.sources)?),
        };
        let goes_by_type = !matches!(
            endpoint,
            Endpoint::Pipeline | Endpoint::Autorotate | Endpoint::Info
        );
        Ok(ImageRequest {
            source: self.source.clone(),
            overlays,
            action,
            auto: goes_by_type && values.output_type() == Some(&Type::Auto),
            expires: self.expires,
        })
    }
}

#[cfg(test)]
mod tests;
