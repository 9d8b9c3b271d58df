//! The original of a Lambda@Edge URL without a size: the source as it is. Only if it is a picture: the
//! URL is not signed, and a mount may hold other files too.

use std::time::{Instant, SystemTime};

use http::HeaderMap;
use request::image_request::Source;

use super::{Pipeline, fetch, memo};
use crate::error::Error;
use crate::rendition::kept::Kept;
use crate::rendition::{Media, Rendition};
use crate::sandbox::convert;

/// Fetch `source`, and look at its header.
pub(super) async fn original(
    pipeline: &Pipeline,
    (source, headers): (&Source, &HeaderMap),
    deadline: Instant,
) -> Result<Kept, Error> {
    let _admitted = pipeline.admission.admit()?;
    let body = fetch::fetch(&pipeline.origins, source, headers, deadline).await?;
    let info = pipeline.sandbox.inspect(body.clone(), deadline).await?;
    let rendition = Rendition {
        checksum: cache::checksum(&body),
        body,
        media: Media::Picture(convert::format_named(info.format)),
        width: info.width,
        height: info.height,
        made_at: SystemTime::now(),
    };
    Ok(Kept::new(rendition, memo::tag(source), None))
}
