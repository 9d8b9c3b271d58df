//! What the targets of the decoders share.

use transformer::Sources;
use transformer::options::{
    Enlarge, Extend, Fit, Format, Gravity, Limits, Metadata, OnFailure, Operation, Output, Profile,
    Resize, Step, Truncated,
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

/// Decode `source`, if it is one of `formats`: whole; small, in the way that its last bytes ask for, which few
/// formats look at, so that every file is a seed; and from afar.
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
    let plain = Output {
        compression: Some(0),
        ..Output::new(Format::Png)
    };
    let (output, truncated) = wish(source);
    run(source, vec![Operation::Orient], &plain, Truncated::Render);
    run(source, vec![Operation::Orient, small], &output, truncated);
    let _ = transformer::look_at(source, &LIMITS);
}

fn run(source: &[u8], operations: Vec<Operation>, output: &Output, truncated: Truncated) {
    let step = Step {
        operations,
        on_failure: OnFailure::Fail,
    };
    let limits = Limits {
        truncated,
        ..LIMITS
    };
    let _ = transformer::transform(Sources::alone(source), &[step], output, &limits);
}

/// A wish of two bytes: flags, and a page.
fn wish(source: &[u8]) -> (Output, Truncated) {
    let &[page, flags] = source.last_chunk().unwrap_or(&[0; 2]);
    let has = |flag: u8| flags >> flag & 1 == 1;
    let format = match flags & 3 {
        0 | 1 => Format::Png,
        2 => Format::Gif,
        _ => Format::Webp,
    };
    let output = Output {
        // Without a page all frames are asked for.
        page: (page < 0x80).then_some(u32::from(page % 8)),
        compression: Some(0),
        linear: has(2),
        palette: has(3),
        lossless: has(4),
        profile: if has(5) {
            Profile::Ignore
        } else {
            Profile::Convert
        },
        metadata: match has(6) {
            true => Metadata::TechnicalAndCopyright,
            false => Metadata::None,
        },
        ..Output::new(format)
    };
    (
        output,
        if has(7) {
            Truncated::Refuse
        } else {
            Truncated::Render
        },
    )
}
