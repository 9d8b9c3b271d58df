//! The picture that stands in for one that could not be made, in its size and type, with the error in
//! the header `Error`. It is made as a rendition is, and kept as one, so that a page full of broken
//! pictures costs one transform; a client that may not be here gets it as it is, and costs none.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use bytes::Bytes;
use cache::{Key, Tag};
use http::header::{self, HeaderName, HeaderValue};
use http_body_util::Full;
use request::image_request::{Action, ImageRequest, Source};
use sha2::{Digest as _, Sha256};

use super::{Pipeline, lookup, respond, store, transform};
use crate::config::answers::Placeholder;
use crate::error::{Error, Shown};
use crate::pipeline::lookup::Place;
use crate::pipeline::negotiate::Variant;
use crate::pipeline::overlays::Overlays;
use crate::pipeline::transform::Pictures;
use crate::rendition::{Media, Rendition};
use crate::server::Response;

const ERROR: HeaderName = HeaderName::from_static("error");
/// The tag of its renditions: they have no source that could be purged.
const TAG: Tag = Tag(0);

/// The picture, and what is known of it.
pub(crate) struct StandIn {
    placeholder: Placeholder,
    digest: [u8; 32],
    media: Media,
    size: (u32, u32),
}

impl StandIn {
    /// A picture that the transformer can read; `inspected` is what it says of it.
    pub(crate) fn new(placeholder: Placeholder, (media, size): (Media, (u32, u32))) -> Self {
        Self {
            digest: Sha256::digest(&placeholder.bytes).into(),
            placeholder,
            media,
            size,
        }
    }

    /// As it is.
    fn itself(&self) -> Rendition {
        Rendition {
            body: self.placeholder.bytes.clone(),
            media: self.media,
            width: self.size.0,
            height: self.size.1,
            checksum: 0,
            made_at: SystemTime::UNIX_EPOCH,
        }
    }
}

impl Pipeline {
    fn may_make_one_for(&self, error: &Error) -> bool {
        match error.shown() {
            Shown::Everything => true,
            Shown::Signature => self.gate.is_open(),
            Shown::Nothing => false,
        }
    }

    /// The answer to a request that failed: `action` is what it wanted, as far as that can be made out.
    pub(super) async fn failure(
        &self,
        error: &Error,
        (action, deadline): (Option<Action>, Instant),
    ) -> Response {
        let plain = respond::failure(error);
        let Some(stand_in) = self.stand_in.as_ref().filter(|_| error.may_be_covered()) else {
            return plain;
        };
        let rendition = match action {
            Some(action) if self.may_make_one_for(error) => {
                match self.developed(stand_in, action, deadline).await {
                    Ok(rendition) => rendition,
                    // Then the first error is the one to tell.
                    Err(second) => {
                        tracing::debug!(error = %second, "no placeholder was made");
                        return plain;
                    }
                }
            }
            Some(_) | None => stand_in.itself(),
        };
        covered(plain, (error, &rendition), stand_in)
    }

    /// The placeholder with `action` done to it.
    async fn developed(
        &self,
        stand_in: &StandIn,
        action: Action,
        deadline: Instant,
    ) -> Result<Rendition, Error> {
        let format = match &action {
            Action::Transform { output, .. } => output.format,
            Action::Inspect => None,
        };
        let request = ImageRequest {
            source: Source::Upload,
            overlays: Vec::new(),
            action,
            auto: false,
            expires: None,
        };
        let mut hash = Sha256::new();
        hash.update(self.sandbox.digest());
        hash.update(b"placeholder");
        hash.update(stand_in.digest);
        hash.update(request.canonical_bytes(format));
        let place = Place {
            key: Key(hash.finalize().into()),
            tag: TAG,
        };
        if let Some((kept, _)) = lookup::find(&self.keeping, &place).await {
            return Ok(kept.rendition.clone());
        }
        let _admitted = self.admission.admit()?;
        let reservation = self.keeping.reserve(place.wanted());
        let variant = Variant {
            request: Arc::new(request),
            format,
            stopgap: None,
            negotiated: false,
        };
        let pictures = Pictures {
            source: stand_in.placeholder.bytes.clone(),
            overlays: Overlays::default(),
        };
        let developed =
            transform::transform(&self.sandbox, &self.limits, (&variant, pictures), deadline)
                .await?;
        let made = (&place, developed.rendition);
        let (kept, _) = store::store(&self.keeping, reservation, made).await;
        Ok(kept.rendition.clone())
    }
}

/// `plain` with a picture in place of its JSON; what the error says of caching and methods stays.
fn covered(
    mut plain: Response,
    (error, rendition): (&Error, &Rendition),
    stand_in: &StandIn,
) -> Response {
    if let Some(status) = stand_in.placeholder.status {
        *plain.status_mut() = status;
    }
    let headers = plain.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(rendition.media.content_type()),
    );
    // A header takes no line ends and little beside ASCII; JSON can say everything in it.
    if let Ok(value) = HeaderValue::from_str(&ascii(&error.body())) {
        headers.insert(ERROR, value);
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    *plain.body_mut() = Full::new(Bytes::clone(&rendition.body));
    plain
}

/// JSON with everything escaped that is not printable ASCII.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for unit in json.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte @ b' '..=b'~') => text.push(char::from(byte)),
            _ => {
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_holds_any_message() {
        let json = request::error::body("no é, no 😀, no \u{7f}", 400);
        let text = ascii(&json);
        assert!(HeaderValue::from_str(&text).is_ok());
        let back: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back["message"], "no é, no 😀, no \u{7f}");
    }
}
