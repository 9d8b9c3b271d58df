//! The transform stage by itself, for `darkroom transform`.

use std::time::Instant;

use bytes::Bytes;
use http::HeaderMap;
use request::dialect::Rules;
use request::image_request::ImageRequest;
use request::operation::Limits;

use crate::error::Error;
use crate::origins::Origins;
use crate::pipeline::memo::Known;
use crate::pipeline::negotiate::{self, Patience};
use crate::pipeline::overlays;
use crate::pipeline::transform::{self, Pictures};
use crate::sandbox::Sandbox;

/// One picture through the transform stage and nothing else: no server, no cache, and of `origins` only the
/// files of a mount, for overlays.
pub(crate) async fn transform_alone(
    (sandbox, origins): (&Sandbox, &Origins),
    limits: &Limits,
    (request, source): (ImageRequest, Bytes),
    deadline: Instant,
) -> Result<Bytes, Error> {
    let known = Known::new(request);
    let rules = Rules::default();
    let variant = negotiate::negotiate(&known, &HeaderMap::new(), (&rules, Patience::Waits));
    let overlays = overlays::read(origins, &variant.request, deadline).await?;
    let pictures = Pictures { source, overlays };
    Ok(
        transform::transform(sandbox, limits, (&variant, pictures), deadline)
            .await?
            .rendition
            .body,
    )
}
