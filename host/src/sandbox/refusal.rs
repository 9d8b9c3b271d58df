//! What the component says no with: the status and the sentence that a client gets. Every host compiles this
//! file, with its own bindings of the interface beside it.

use http::StatusCode;
use request::error::processing_message;

use super::wit;

/// The HTTP status.
pub fn status(refused: &wit::Error) -> StatusCode {
    match refused {
        wit::Error::NotAnImage => StatusCode::NOT_ACCEPTABLE,
        wit::Error::Unsupported(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        wit::Error::TooLarge(_) => StatusCode::UNPROCESSABLE_ENTITY,
        wit::Error::Malformed(_) | wit::Error::BadOperation(_) | wit::Error::Unwritable(_) => {
            StatusCode::BAD_REQUEST
        }
    }
}

/// The sentence that the client reads.
pub fn message(refused: &wit::Error) -> String {
    match refused {
        wit::Error::NotAnImage => "Unsupported media type".to_owned(),
        wit::Error::Unsupported(name) => format!("Unsupported media type: {name}"),
        wit::Error::TooLarge(excess) => too_large(excess),
        wit::Error::Malformed(rule) => processing_message(&format!("malformed image: {rule}")),
        wit::Error::BadOperation(why) => processing_message(why),
        wit::Error::Unwritable(_) => processing_message("Unsupported image output type"),
    }
}

/// imaginary's words for the one limit it has; ours name the limit, what was asked and what is allowed.
fn too_large(excess: &wit::Excess) -> String {
    let (asked, allowed) = (excess.asked, excess.allowed);
    match excess.limit {
        wit::Limit::SourcePixels => "Image resolution is too big".to_owned(),
        wit::Limit::OutputPixels => {
            format!(
                "The output would have {asked} pixels; at most {allowed} are allowed (--max-output-resolution)"
            )
        }
        wit::Limit::OutputSide => {
            format!(
                "The output would be {asked} pixels long; at most {allowed} are allowed (--max-output-side)"
            )
        }
        wit::Limit::MemoryBytes => format!(
            "The picture would need {asked} bytes of memory; a transform may use {allowed} (--memory-per-transform)"
        ),
        wit::Limit::Frames => format!(
            "The animation has {asked} frames; at most {allowed} are rendered (--max-animation-frames); page=0 is its first"
        ),
        wit::Limit::AnimationPixels => format!(
            "The animation's frames have {asked} pixels together; at most {allowed} are rendered (--max-animation-resolution); page=0 is its first"
        ),
    }
}
