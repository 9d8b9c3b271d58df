//! Pixels to a JPEG file (ITU-T T.81, 8 bits, Huffman): baseline, or progressive when asked. Alpha is laid
//! on black; grey stays one component. Tables are made for each scan. No metadata but the JFIF header.

mod bits;
mod frame;
mod huffman;
mod progressive;
mod scan;
mod strip;
mod tables;
mod transform;

use super::{check_side, check_sides, opaque};
use crate::error::Error;
use crate::picture::{Layout, Picture};
use crate::planar::Planar;
use frame::Frame;
use scan::Scan;
use strip::{Samples, Sampling, Source, Strip};
use tables::Kind;
use transform::Block;

/// Frame headers count sides in 16 bits.
const SIDE_MAX: u32 = 65_535;
/// From this quality on colour keeps its full resolution, as libvips does.
const QUALITY_FULL_CHROMA: u8 = 90;
/// Markers of a baseline and of a progressive frame.
const BASELINE: u8 = 0xC0;
const PROGRESSIVE: u8 = 0xC2;

/// How the coefficients are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scans {
    /// One after another, from the top.
    Sequential,
    /// All at once, ever finer.
    Progressive,
}

/// Bytes that encoding a picture of so many pixels and colours holds beside it and the file: tokens and, of a
/// progressive one, its coefficients.
pub(super) fn working_bytes(pixels: u64, colours: u64, scans: Scans) -> u64 {
    // A side is filled up to whole units.
    let samples = pixels.saturating_mul(colours).saturating_mul(9) / 8;
    let coefficients = match scans {
        Scans::Sequential => 0,
        Scans::Progressive => samples.saturating_mul(2),
    };
    scan::waiting_bytes(samples).saturating_add(coefficients)
}

/// A file of the picture.
pub(super) fn encode(picture: &Picture, quality: u8, scans: Scans) -> Result<Vec<u8>, Error> {
    check_side(picture, "JPEG", SIDE_MAX)?;
    let (layout, samples) = opaque::on_black(picture);
    let sampling = match layout {
        Layout::Grey | Layout::GreyAlpha => Sampling::Grey,
        _ if halves_colours(quality) => Sampling::Half,
        _ => Sampling::Full,
    };
    let source = Source {
        samples: Samples::Mixed(&samples),
        width: picture.width() as usize,
        height: picture.height() as usize,
        sampling,
    };
    Ok(file(source, quality, scans))
}

/// A file of brightness and colour differences as they are, at a quality that halves colours.
pub(super) fn encode_planar(planar: &Planar, quality: u8, scans: Scans) -> Result<Vec<u8>, Error> {
    let (width, height) = planar.size();
    check_sides((width, height), "JPEG", SIDE_MAX)?;
    let source = Source {
        samples: Samples::Apart(planar.samples()),
        width: width as usize,
        height: height as usize,
        sampling: Sampling::Half,
    };
    Ok(file(source, quality, scans))
}

/// Whether a quality gives colours half the sides of brightness.
pub(super) const fn halves_colours(quality: u8) -> bool {
    quality < QUALITY_FULL_CHROMA
}

fn file(source: Source, quality: u8, scans: Scans) -> Vec<u8> {
    let Source {
        width,
        height,
        sampling,
        ..
    } = source;
    let frame = Frame::new(width, height, sampling);
    let mut quantisation = vec![tables::quantisation(Kind::Luma, quality)];
    if sampling != Sampling::Grey {
        quantisation.push(tables::quantisation(Kind::Chroma, quality));
    }
    let reciprocals: Vec<Block> = quantisation.iter().map(tables::reciprocals).collect();

    let mut out = Vec::with_capacity(width * height / 3 + 1024);
    if scans == Scans::Progressive {
        frame.write_headers(PROGRESSIVE, &quantisation, &mut out);
        let planes = planes(&frame, source, &reciprocals);
        progressive::write_scans(&frame, &planes, &mut out);
    } else {
        frame.write_headers(BASELINE, &quantisation, &mut out);
        write_baseline(&frame, source, &reciprocals, &mut out);
    }
    out.extend([0xFF, 0xD9]);
    out
}

/// One interleaved scan with everything.
fn write_baseline(frame: &Frame, source: Source, reciprocals: &[Block], out: &mut Vec<u8>) {
    let mut strip = Strip::new(source);
    let header = frame::scan_header(&frame.components, (0, 63), (0, 0));
    // What a photograph has at the usual qualities; a smooth one touches less of it.
    let mut scan = Scan::new(header, out).expecting(frame.width * frame.height / 2);
    let mut before = [0; 3];
    let mut block = [[0.0; 8]; 8];
    for unit_row in 0..frame.units_high {
        strip.fill(unit_row);
        for (index, place) in frame.places(unit_row) {
            let component = &frame.components[index];
            let Some((column, row)) = place else {
                scan.difference(component.dc(), 0);
                scan.details(component.ac(), &[0; 64]);
                continue;
            };
            strip.read(
                index,
                (column, row - unit_row * component.factor),
                &mut block,
            );
            let coefficients =
                transform::quantised(&mut block, &reciprocals[component.kind as usize]);
            let mean = i32::from(coefficients[0]);
            scan.difference(component.dc(), mean - before[index]);
            before[index] = mean;
            scan.details(component.ac(), &coefficients);
        }
    }
    scan.write();
}

/// The coefficients of every component, which a progressive file goes through several times.
fn planes(frame: &Frame, source: Source, reciprocals: &[Block]) -> Vec<progressive::Plane> {
    let mut strip = Strip::new(source);
    let blocks = |component: &frame::Component| vec![[0; 64]; component.columns * component.rows];
    let mut planes: Vec<_> = frame.components.iter().map(blocks).collect();
    let mut block = [[0.0; 8]; 8];
    for unit_row in 0..frame.units_high {
        strip.fill(unit_row);
        for (index, place) in frame.places(unit_row) {
            let component = &frame.components[index];
            if let Some((column, row)) = place {
                strip.read(
                    index,
                    (column, row - unit_row * component.factor),
                    &mut block,
                );
                let coefficients =
                    transform::quantised(&mut block, &reciprocals[component.kind as usize]);
                planes[index][row * component.columns + column] = scan::in_zigzag(&coefficients);
            }
        }
    }
    planes
}
