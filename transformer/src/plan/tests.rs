//! Plans of a few operations.

mod depth;
mod order;
mod refusals;
mod watermark;

use super::*;
use crate::header::Coding;
use crate::options::{Area, Enlarge, Extend, Fit, Mirror, Tiling, Truncated, Turn, WatermarkText};
use crate::picture::Layout;

const LIMITS: Limits = Limits {
    source_pixels_max: 100_000_000,
    output_pixels_max: 4_000_000,
    output_side_max: 8192,
    memory_bytes_max: 1 << 30,
    frames_max: 100,
    animation_pixels_max: 100_000_000,
    truncated: Truncated::Render,
};

const OUTPUT: Output = Output {
    format: None,
    quality: None,
    compression: None,
    speed: None,
    interlace: false,
    lossless: false,
    page: None,
    palette: false,
    profile: options::Profile::Convert,
    metadata: options::Metadata::None,
    linear: false,
};

fn header(width: u32, height: u32) -> Header<'static> {
    Header {
        orientation: 6,
        coding: Coding::WebpLossless,
        ..Header::plain(Format::Png, Size { width, height }, Layout::Rgb)
    }
}

fn to(width: u32, height: u32, fit: Fit) -> Operation {
    let side = |pixels: u32| (pixels != 0).then_some(pixels);
    Operation::Resize(Resize {
        width: side(width),
        height: side(height),
        fit,
        enlarge: Enlarge::Never,
        gravity: Gravity::North,
        extend: Extend::Copy,
    })
}

fn step(operations: &[Operation]) -> Step {
    Step {
        operations: operations.to_vec(),
        on_failure: OnFailure::Fail,
    }
}

fn planned(header: &Header<'_>, operations: &[Operation]) -> Result<Plan, Error> {
    planned_steps(header, &[step(operations)], &OUTPUT)
}

fn planned_steps(header: &Header<'_>, steps: &[Step], output: &Output) -> Result<Plan, Error> {
    let originals = Originals {
        source: &[],
        header: header.clone(),
        animated: None,
        overlays: Vec::new(),
    };
    plan(&originals, steps, output, &LIMITS)
}

const fn size(width: u32, height: u32) -> Size {
    Size { width, height }
}
