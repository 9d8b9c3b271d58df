//! The original of a Lambda@Edge URL without a size: the source as it is. Only if it is a picture: the
//! URL is not signed, and a mount may hold other files too.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use http::HeaderMap;
use request::image_request::Source;

use super::{Pipeline, fetch};
use crate::error::Error;
use crate::rendition::kept::Kept;
use crate::rendition::{Media, Rendition};
use crate::sandbox::convert;
use crate::sources::Original;
use crate::upload::UploadError;

/// Fetch `source`, and look at its header.
pub(super) async fn original(
    pipeline: &Pipeline,
    (source, headers): (&Source, &HeaderMap),
    deadline: Instant,
) -> Result<Kept, Error> {
    let _admitted = pipeline.admission.admit()?;
    let origins = &pipeline.sources.origins;
    let original = Original::of_lambda_edge(source).ok_or(UploadError::Empty)?;
    let original = Arc::new(original).seen_by(headers, origins);
    let obtained = fetch::version(&pipeline.sources, &original, deadline).await?;
    let wanted = (&original, obtained);
    let (_, body) = fetch::fetch(&pipeline.sources, wanted, deadline).await?;
    let info = pipeline.sandbox.inspect(body.clone(), deadline).await?;
    let rendition = Rendition {
        checksum: cache::checksum(&body),
        body,
        media: Media::Picture(convert::format_named(info.format)),
        width: info.width,
        height: info.height,
        made_at: SystemTime::now(),
    };
    Ok(Kept::new(rendition, original.tag, None))
}
