//! What the targets of the decoders share.

use transformer::Sources;
use transformer::options::{
    Enlarge, Extend, Fit, Format, Gravity, Limits, Metadata, OnFailure, Operation, Output, Profile, Resize,
    Step, Truncated,
};

/// Small, so that no input takes long only because it is large.
const LIMITS: Limits = Limits {
    source_pixels_max: 1 << 18,
    output_pixels_max: 1 << 18,
    output_side_max: 4096,
    memory_bytes_max: 256 << 20,
    frames_max: 16,
    animation_pixels_max: 1 << 18,
    truncated: Truncated::Render,
};

/// Decode `source`, if it is one of `formats`, in two sizes.
pub fn develop(source: &[u8], formats: &[Format]) {
    let Ok(info) = transformer::inspect(source) else {
        return;
    };
    if !formats.contains(&info.format) {
        return;
    }
    let small = Operation::Resize(Resize {
        width: Some(20),
        height: Some(30),
        fit: Fit::Cover,
        enlarge: Enlarge::Allow,
        gravity: Gravity::Centre,
        extend: Extend::Copy,
    });
    let output = Output {
        format: Some(Format::Png),
        page: None,
        quality: None,
        compression: Some(0),
        speed: None,
        interlace: false,
        lossless: false,
        palette: false,
        metadata: Metadata::None,
        profile: Profile::Convert,
        linear: false,
    };
    for operations in [vec![Operation::Orient], vec![Operation::Orient, small]] {
        let step = Step {
            operations,
            on_failure: OnFailure::Fail,
        };
        let _ = transformer::transform(Sources::alone(source), &[step], &output, &LIMITS);
    }
}
