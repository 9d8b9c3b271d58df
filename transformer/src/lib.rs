//! Pixels only: an encoded picture and steps of operations in, an encoded picture out.
//! No clock, no files, no network, no randomness.
//!
//! The way of a call is `transform` below, and each of its lines is a module:
//!
//! ```text
//! source ─ sniff ─ header ─ limits ─ plan ─ memory ─ decode ─ steps ─ encode ─ rendition
//! ```
//!
//! Up to `memory` only headers and numbers are looked at: whatever is too large, or cannot be done, is
//! refused there, before anything the size of a picture is allocated. Overlays go the same way up to
//! `decode`; `originals` leads all of them.
#![cfg_attr(not(target_arch = "wasm32"), forbid(unsafe_code))]

pub mod options;
pub mod error;
pub mod picture;
mod planar;
pub mod rendition;

mod sniff;
mod pieces;
mod lanes;
mod resampler;
pub mod jpeg;
mod header;
mod exif;
mod animated;
mod tags;
mod metadata;
mod xmp;
#[cfg(any(feature = "avif", feature = "heic"))]
mod heif;
mod tiff;
mod bmp;
#[cfg(feature = "svg")]
mod svg;
#[cfg(feature = "pdf")]
mod pdf;
mod originals;
mod plan;
mod geometry;
mod orientation;
mod text;
mod memory;
mod decode;
mod steps;
mod colour;
pub mod encode;
#[cfg(feature = "hashes")]
mod impression;
#[cfg(not(feature = "hashes"))]
#[path = "impression/none.rs"]
mod impression;
mod movie;

#[cfg(target_arch = "wasm32")]
mod component;

use std::collections::BTreeMap;

use colour::ToSrgb;
use error::Error;
use metadata::Kept;
use options::{Limits, Output, Step};
use originals::Originals;
pub use originals::Sources;
use picture::{Depth, Picture};
use plan::{Motion, Plan};
use planar::Planar;
use rendition::{Impression, PictureInfo, Rendition};

/// Decode the picture, do every step in order, encode once.
pub fn transform(
    sources: Sources<'_>,
    steps: &[Step],
    output: &Output,
    limits: &Limits,
) -> Result<Rendition, Error> {
    let mut originals = Originals::read(sources, output, limits)?;
    let (plan, overlays) = originals.prepare(steps, output, limits)?;

    let job = Job {
        originals: &originals,
        plan: &plan,
        output,
        how: decode::How::of(output, limits),
        kept: metadata::kept(sources.picture, originals.header.format, output.metadata),
    };
    let (bytes, (width, height)) = match plan.depth {
        Depth::Eight => job.render(&overlays)?,
        Depth::Sixteen => job.render_deep()?,
    };
    Ok(Rendition {
        bytes,
        format: plan.format,
        width,
        height,
    })
}

/// What was planned, to be done.
struct Job<'a> {
    originals: &'a Originals<'a>,
    plan: &'a Plan,
    output: &'a Output,
    how: decode::How,
    kept: Option<Kept>,
}

/// A file, and its width and height.
type File = (Vec<u8>, (u32, u32));

impl Job<'_> {
    fn render(&self, overlays: &BTreeMap<usize, Picture>) -> Result<File, Error> {
        let (originals, plan, kept) = (self.originals, self.plan, self.kept.as_ref());
        let header = &originals.header;
        let profile = plan.profile(header).map(|profile| ToSrgb::new(&profile));
        let supplies = steps::Supplies {
            profile: profile.as_ref(),
            overlays,
        };
        let truncated = self.how.truncated;
        let (decoded, actions) = match plan.motion {
            Motion::All(animated) => {
                let movie = movie::Movie {
                    originals,
                    animated,
                    plan,
                    truncated,
                };
                return movie.render(&supplies, self.output, kept);
            }
            Motion::Frame(page, animated) => {
                let frame = movie::frame(originals, (page, animated), truncated)?;
                (frame, &plan.actions[..])
            }
            Motion::Still => {
                if let Some(planar) = self.planar()? {
                    let bytes = encode::planar(&planar, (plan.format, self.output), kept)?;
                    return Ok((bytes, planar.size()));
                }
                decode::decode(originals.source, header, &plan.actions, self.how)?
            }
        };
        let picture = steps::run(decoded, actions, &supplies)?;
        let bytes = encode::still(&picture, (plan.format, self.output), kept)?;
        Ok((bytes, (picture.width(), picture.height())))
    }

    /// Brightness and colours apart, where source and output have them so and only size and way up change.
    fn planar(&self) -> Result<Option<Planar>, Error> {
        let (originals, plan) = (self.originals, self.plan);
        match plan.scale_and_turn() {
            Some(way) if encode::takes_planes(plan.format, self.output) => {
                decode::planar(originals.source, &originals.header, way, self.how)
            }
            _ => Ok(None),
        }
    }

    /// The same with 16 bits a sample.
    fn render_deep(&self) -> Result<File, Error> {
        let (plan, header) = (self.plan, &self.originals.header);
        let profile = plan.profile(header).map(|profile| ToSrgb::new(&profile));
        let decoded = decode::deep(self.originals.source, header, &plan.actions, self.how)?;
        let picture = steps::run_deep(decoded, &plan.actions, profile.as_ref())?;
        let size = (picture.width(), picture.height());
        let bytes = encode::deep(picture, (plan.format, self.output), self.kept.as_ref())?;
        Ok((bytes, size))
    }
}

/// Read the header of `source`; no pixel is decoded.
pub fn inspect(source: &[u8]) -> Result<PictureInfo, Error> {
    let format = sniff::sniff(source)?;
    Ok(header::read(format, source, 0, u64::MAX)?.info())
}

/// What `source` looks like from far away. Of a JPEG only as many pixels are decoded as that takes.
pub fn look_at(source: &[u8], limits: &Limits) -> Result<Impression, Error> {
    impression::from_afar(source, limits)
}
