//! Source → rendition, in the sandbox. What the pipeline asks for is said in the words of the
//! component's interface here and nowhere else.

use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use request::image_request::Action;
use request::operation::{Limits, Output};

use crate::error::Error;
use crate::pipeline::negotiate::Variant;
use crate::pipeline::overlays::Overlays;
use crate::rendition::{Media, Rendition};
use crate::sandbox::{Job, Sandbox, SandboxError, convert, described, wit};

/// All that a rendition is made from.
pub(crate) struct Pictures {
    /// The one that becomes the rendition.
    pub(crate) source: Bytes,
    /// Those laid over it.
    pub(crate) overlays: Overlays,
}

/// A rendition, and where its time went.
pub(super) struct Developed {
    pub(super) rendition: Rendition,
    /// In the queue of the sandbox.
    pub(super) waited: Duration,
    /// In the guest.
    pub(super) ran: Duration,
}

/// Do what the variant says to the pictures before `deadline`.
pub(super) async fn transform(
    sandbox: &Sandbox,
    limits: &Limits,
    (variant, pictures): (&Variant, Pictures),
    deadline: Instant,
) -> Result<Developed, Error> {
    let Pictures { source, overlays } = pictures;
    let (steps, output) = match &variant.request.action {
        Action::Inspect => return inspect(sandbox, limits, source, deadline).await,
        Action::Transform { steps, output } => {
            let output = Output {
                format: variant.format,
                ..*output
            };
            (convert::steps(steps), convert::output(&output))
        }
    };
    let job = Job {
        source,
        overlays: overlays.into_bytes(),
        steps,
        output,
        limits: convert::limits(limits),
    };
    let done = sandbox.transform(job, deadline).await?;
    let (body, width, height) = (
        done.rendition.bytes,
        done.rendition.width,
        done.rendition.height,
    );
    let media = Media::Picture(convert::format_named(done.rendition.format));
    let rendition = Rendition {
        checksum: cache::checksum(&body),
        body,
        media,
        width,
        height,
        made_at: SystemTime::now(),
    };
    Ok(Developed {
        rendition,
        waited: done.waited,
        ran: done.ran,
    })
}

/// `/info`: what the header of the source says, in imaginary's shape, and what it looks like from afar.
async fn inspect(
    sandbox: &Sandbox,
    limits: &Limits,
    source: Bytes,
    deadline: Instant,
) -> Result<Developed, Error> {
    let start = Instant::now();
    let info = sandbox.inspect(source.clone(), deadline).await?;
    let impression = look_at(sandbox, (source, limits), deadline).await?;
    let body = Bytes::from(described::json(&info, impression.as_ref()));
    let rendition = Rendition {
        checksum: cache::checksum(&body),
        body,
        media: Media::Json,
        width: info.width,
        height: info.height,
        made_at: SystemTime::now(),
    };
    Ok(Developed {
        rendition,
        waited: Duration::ZERO,
        ran: start.elapsed(),
    })
}

/// What cannot be decoded has a description, and no impression.
async fn look_at(
    sandbox: &Sandbox,
    (source, limits): (Bytes, &Limits),
    deadline: Instant,
) -> Result<Option<wit::Impression>, Error> {
    let limits = convert::limits(limits);
    match sandbox.look_at(source, limits, deadline).await {
        Ok(impression) => Ok(Some(impression)),
        Err(SandboxError::Refused(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
