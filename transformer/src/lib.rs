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

use colour::ToSrgb;
use error::Error;
use options::{Limits, Output, Step};
use originals::Originals;
pub use originals::Sources;
use plan::Motion;
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

    let header = &originals.header;
    let how = decode::How::of(output, limits);
    let kept = metadata::kept(sources.picture, header.format, output.metadata);
    let profile = plan.profile(header).map(|profile| ToSrgb::new(&profile));
    let supplies = steps::Supplies {
        profile: profile.as_ref(),
        overlays: &overlays,
    };
    let (bytes, (width, height)) = match plan.motion {
        Motion::All(animated) => {
            let movie = movie::Movie {
                originals: &originals,
                animated,
                plan: &plan,
                truncated: limits.truncated,
            };
            movie.render(&supplies, output, kept.as_ref())?
        }
        Motion::Frame(..) | Motion::Still => {
            let (decoded, actions) = match plan.motion {
                Motion::Frame(page, animated) => {
                    let frame = movie::frame(&originals, (page, animated), limits.truncated)?;
                    (frame, &plan.actions[..])
                }
                _ => decode::decode(sources.picture, header, &plan.actions, how)?,
            };
            let picture = steps::run(decoded, actions, &supplies)?;
            let bytes = encode::still(&picture, (plan.format, output), kept.as_ref())?;
            (bytes, (picture.width(), picture.height()))
        }
    };
    Ok(Rendition {
        bytes,
        format: plan.format,
        width,
        height,
    })
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
