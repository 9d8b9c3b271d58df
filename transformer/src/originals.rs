//! The pictures of a call, the source and its overlays: bytes in; headers, then a plan and decoded overlays
//! out. Broken overlays are found before the source is decoded, so that a step that may fail can still be
//! left out whole.

use std::collections::{BTreeMap, BTreeSet};

use crate::animated::{self, Animated};
use crate::colour::ToSrgb;
use crate::decode::{self, How};
use crate::error::Error;
use crate::header::{self, Header};
use crate::memory::{self, picture_bytes};
use crate::options::{Limits, Output, Profile, Step};
use crate::orientation::Orientation;
use crate::picture::{Depth, Picture};
use crate::plan::{self, Plan};
use crate::sniff::sniff;
use crate::steps;

/// What the client is told of an overlay that cannot be decoded; imaginary's words.
const UNREADABLE: &str = "Unable to read watermark image";

/// Encoded pictures.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// The one that becomes the rendition.
    pub picture: &'a [u8],
    /// Those that are laid over it, by their numbers.
    pub overlays: &'a [Vec<u8>],
}

impl<'a> Sources<'a> {
    /// A picture that nothing is laid over.
    pub const fn alone(picture: &'a [u8]) -> Self {
        Self {
            picture,
            overlays: &[],
        }
    }
}

/// The same by their headers, within the limits.
#[derive(Debug, Clone)]
pub(crate) struct Originals<'a> {
    pub source: &'a [u8],
    pub header: Header<'a>,
    /// Where it has more than one frame.
    pub animated: Option<Animated>,
    /// What cannot be laid on stands here with the reason: it only matters to a step that wants it.
    pub overlays: Vec<Result<Overlay<'a>, Error>>,
}

/// A picture that can be laid on, as far as its header tells.
#[derive(Debug, Clone)]
pub(crate) struct Overlay<'a> {
    source: &'a [u8],
    header: Header<'a>,
    /// Bytes that decoding holds beside the picture.
    working_bytes: u64,
}

impl<'a> Originals<'a> {
    /// Read the headers. Only the source's is needed.
    pub(crate) fn read(
        sources: Sources<'a>,
        output: &Output,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let header = header_of(sources.picture, output.page.unwrap_or(0), limits)?;
        let overlays = sources.overlays.iter();
        Ok(Self {
            source: sources.picture,
            animated: animated::read(sources.picture, header.format),
            header,
            overlays: overlays
                .map(|overlay| Overlay::read(overlay, limits))
                .collect(),
        })
    }

    /// Plan the steps, see that memory suffices, decode what is laid on.
    pub(crate) fn prepare(
        &mut self,
        steps: &[Step],
        output: &Output,
        limits: &Limits,
    ) -> Result<(Plan, BTreeMap<usize, Picture>), Error> {
        // Each round but the last finds an overlay broken, and none is tried twice.
        loop {
            let mut plan = plan::plan(self, steps, output, limits)?;
            // What is too large with 16 bits may be rendered with 8.
            if memory::check(self, (&plan, output), limits).is_err() {
                plan.depth = Depth::Eight;
            }
            memory::check(self, (&plan, output), limits)?;
            let how = How {
                page: 0,
                ..How::of(output, limits)
            };
            match self.decode(&plan.overlays(), how) {
                Ok(overlays) => return Ok((plan, overlays)),
                Err(broken) => {
                    if let Some(overlay) = self.overlays.get_mut(broken) {
                        *overlay = Err(unreadable());
                    }
                }
            }
        }
    }

    /// Whether there is such an overlay.
    pub(crate) fn check_overlay(&self, number: usize) -> Result<(), Error> {
        match self.overlays.get(number) {
            Some(Ok(_)) => Ok(()),
            Some(Err(error)) => Err(error.clone()),
            None => Err(unreadable()),
        }
    }

    /// Bytes of all that was given.
    pub(crate) fn encoded_bytes(&self) -> u64 {
        let overlays = self.overlays.iter().flatten();
        let overlays: u64 = overlays.map(|overlay| overlay.source.len() as u64).sum();
        overlays.saturating_add(self.source.len() as u64)
    }

    /// Bytes of these overlays, decoded.
    pub(crate) fn held_bytes(&self, overlays: &BTreeSet<usize>) -> u64 {
        let held = self.these(overlays).map(Overlay::held_bytes);
        held.fold(0, u64::saturating_add)
    }

    /// Bytes that decoding the worst of these overlays takes beside its picture.
    pub(crate) fn decoding_bytes(&self, overlays: &BTreeSet<usize>) -> u64 {
        let worst = |overlay: &Overlay<'_>| overlay.working_bytes.max(overlay.held_bytes());
        self.these(overlays).map(worst).max().unwrap_or(0)
    }

    fn these(&self, overlays: &BTreeSet<usize>) -> impl Iterator<Item = &Overlay<'a>> {
        let these = overlays.iter().filter_map(|&at| self.overlays.get(at));
        these.flatten()
    }

    /// All these, or the number of one that cannot be decoded.
    fn decode(
        &self,
        overlays: &BTreeSet<usize>,
        how: How,
    ) -> Result<BTreeMap<usize, Picture>, usize> {
        let decoded = overlays.iter().map(|&number| {
            let overlay = self
                .overlays
                .get(number)
                .and_then(|known| known.as_ref().ok());
            overlay
                .and_then(|overlay| overlay.decode(how))
                .map(|picture| (number, picture))
                .ok_or(number)
        });
        decoded.collect()
    }
}

impl<'a> Overlay<'a> {
    fn read(source: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        let looked_at = header_of(source, 0, limits).and_then(|header| {
            Ok(Self {
                working_bytes: decode::working_bytes(source, &header, &[])?,
                source,
                header,
            })
        });
        looked_at.map_err(|error| match error {
            Error::TooLarge { .. } => error,
            _ => unreadable(),
        })
    }

    fn held_bytes(&self) -> u64 {
        picture_bytes(self.header.size, self.header.layout)
    }

    /// Decoded, upright, in sRGB.
    fn decode(&self, how: How) -> Option<Picture> {
        let header = &self.header;
        let (mut picture, _) = decode::decode(self.source, header, &[], how).ok()?;
        if how.profile == Profile::Convert
            && let Some(profile) = header.profile.bytes()
        {
            ToSrgb::new(&profile).convert(&mut picture);
        }
        steps::turn(picture, Orientation::from_exif(header.orientation))
    }
}

fn header_of<'a>(source: &'a [u8], page: u32, limits: &Limits) -> Result<Header<'a>, Error> {
    let header = header::read(sniff(source)?, source, page, limits.memory_bytes_max)?;
    header.check(limits)?;
    Ok(header)
}

fn unreadable() -> Error {
    Error::BadOperation(UNREADABLE.to_owned())
}
