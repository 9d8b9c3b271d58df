//! Source → rendition, in the sandbox. What the pipeline asks for is said in the words of the
//! component's interface here and nowhere else.

use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use request::image_request::Action;
use request::operation::{Limits, Output};
use serde_json::json;

use crate::error::Error;
use crate::pipeline::negotiate::Variant;
use crate::pipeline::overlays::Overlays;
use crate::rendition::{Media, Rendition};
use crate::sandbox::{Job, Sandbox, SandboxError, convert, wit};

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
    let impression = impression.as_ref();
    let dominant = impression.map(|seen| {
        let wit::Rgb { red, green, blue } = seen.dominant;
        format!("#{red:02x}{green:02x}{blue:02x}")
    });
    let body = Bytes::from(
        json!({
            "width": info.width,
            "height": info.height,
            "type": convert::format_named(info.format).name(),
            "space": space(info.space),
            "hasAlpha": info.has_alpha,
            "hasProfile": info.has_profile,
            "channels": info.channels,
            "orientation": info.orientation,
            "dominantColor": dominant,
            "blurhash": impression.map(|seen| &seen.blurhash),
            "thumbhash": impression.map(|seen| &seen.thumbhash),
        })
        .to_string(),
    );
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

/// libvips' names, which imaginary passes on.
const fn space(space: wit::ColourSpace) -> &'static str {
    match space {
        wit::ColourSpace::Srgb => "srgb",
        wit::ColourSpace::Grey => "b-w",
        wit::ColourSpace::Cmyk => "cmyk",
        wit::ColourSpace::Rgb16 => "rgb16",
        wit::ColourSpace::Grey16 => "grey16",
    }
}
