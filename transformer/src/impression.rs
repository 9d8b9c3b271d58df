//! What a picture looks like from far away: a colour, and two hashes that a page draws until the picture is
//! there. Pixels in, text out.

use crate::colour::ToSrgb;
use crate::decode;
use crate::encode::{dominant, quads};
use crate::error::Error;
use crate::options::{
    Enlarge, Extend, Fit, Format, Gravity, Limits, OnFailure, Operation, Output, Resize, Rgb, Step,
};
use crate::originals::{Originals, Sources};
use crate::picture::Picture;
use crate::rendition::Impression;
use crate::steps;

/// Longest side that is looked at: what both hashes can tell is far less, and `ThumbHash` takes at most 100.
const SIDE_MAX: u32 = 64;
/// Colours that a picture is divided into, to find the one that most of it has.
const COLOURS: usize = 8;
/// Of a wholly transparent picture.
const NO_COLOUR: Rgb = Rgb {
    red: 0,
    green: 0,
    blue: 0,
};

/// Of the first picture in `source`, upright and in sRGB. The decoder may give it as small as it likes.
pub(crate) fn from_afar(source: &[u8], limits: &Limits) -> Result<Impression, Error> {
    let small = Resize {
        width: Some(SIDE_MAX),
        height: Some(SIDE_MAX),
        fit: Fit::Inside,
        enlarge: Enlarge::Never,
        gravity: Gravity::Centre,
        extend: Extend::Copy,
    };
    let steps = [Step {
        operations: vec![Operation::Orient, Operation::Resize(small)],
        on_failure: OnFailure::Fail,
    }];
    let output = Output::new(Format::Thumbhash);
    let mut originals = Originals::read(Sources::alone(source), &output, limits)?;
    let (plan, overlays) = originals.prepare(&steps, &output, limits)?;
    let header = &originals.header;
    let how = decode::How::of(&output, limits);
    let (decoded, actions) = decode::decode(source, header, &plan.actions, how)?;
    let profile = plan.profile(header).map(|profile| ToSrgb::new(&profile));
    let supplies = steps::Supplies {
        profile: profile.as_ref(),
        overlays: &overlays,
    };
    Ok(impression(&steps::run(decoded, actions, &supplies)?))
}

fn impression(picture: &Picture) -> Impression {
    let far = Far::from(picture);
    let dominant =
        dominant(&far.pixels, COLOURS).map(|[red, green, blue, _]| Rgb { red, green, blue });
    Impression {
        dominant: dominant.unwrap_or(NO_COLOUR),
        blurhash: far.blurhash(),
        thumbhash: far.thumbhash(),
    }
}

/// `BlurHash`: 4 components along the longer side, 3 along the shorter.
pub(crate) fn blurhash(picture: &Picture) -> String {
    Far::from(picture).blurhash()
}

/// `ThumbHash`, in base 64.
pub(crate) fn thumbhash(picture: &Picture) -> String {
    Far::from(picture).thumbhash()
}

/// A picture of at most `SIDE_MAX` a side, straight alpha.
struct Far {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 4]>,
}

impl Far {
    /// Each pixel is the mean of a block of the picture's, by alpha.
    fn from(picture: &Picture) -> Self {
        let longest = picture.width().max(picture.height());
        let side = |side: u32| {
            let scaled = u64::from(side) * u64::from(SIDE_MAX) / u64::from(longest.max(SIDE_MAX));
            scaled.max(1) as usize
        };
        let (width, height) = (side(picture.width()), side(picture.height()));
        let (columns, rows) = (picture.width() as usize, picture.height() as usize);
        let quads = quads(picture);
        let mut sums = vec![([0u64; 4], 0u64); width * height];
        for (row, line) in quads.chunks_exact(columns).enumerate() {
            let sums = &mut sums[row * height / rows * width..][..width];
            for (column, pixel) in line.iter().enumerate() {
                let (sum, count) = &mut sums[column * width / columns];
                let alpha = u64::from(pixel[3]);
                for channel in 0..3 {
                    sum[channel] += u64::from(pixel[channel]) * alpha;
                }
                sum[3] += alpha;
                *count += 1;
            }
        }
        let pixels = sums.into_iter().map(|(sum, count)| {
            let alpha = sum[3].max(1);
            let level = |channel: usize| ((sum[channel] + alpha / 2) / alpha) as u8;
            [
                level(0),
                level(1),
                level(2),
                ((sum[3] + count / 2) / count.max(1)) as u8,
            ]
        });
        Self {
            width,
            height,
            pixels: pixels.collect(),
        }
    }

    fn blurhash(&self) -> String {
        let (across, down) = match self.width.cmp(&self.height) {
            std::cmp::Ordering::Less => (3, 4),
            std::cmp::Ordering::Equal => (4, 4),
            std::cmp::Ordering::Greater => (4, 3),
        };
        let (width, height) = (self.width as u32, self.height as u32);
        // Only a number of components over nine is an error.
        blurhash::encode(across, down, width, height, &self.laid_on_mean()).unwrap_or_default()
    }

    /// `BlurHash` knows no alpha: what is transparent becomes the mean of what is not, as in `ThumbHash`.
    fn laid_on_mean(&self) -> Vec<u8> {
        let mut sum = [0u64; 4];
        for pixel in &self.pixels {
            let alpha = u64::from(pixel[3]);
            for channel in 0..3 {
                sum[channel] += u64::from(pixel[channel]) * alpha;
            }
            sum[3] += alpha;
        }
        let mean = [0, 1, 2].map(|channel| sum[channel] / sum[3].max(1));
        let laid = self.pixels.iter().flat_map(|pixel| {
            let alpha = u64::from(pixel[3]);
            let level = |channel: usize| {
                let mixed = u64::from(pixel[channel]) * alpha + mean[channel] * (255 - alpha);
                ((mixed + 127) / 255) as u8
            };
            [level(0), level(1), level(2), 255]
        });
        laid.collect()
    }

    fn thumbhash(&self) -> String {
        let hash =
            thumbhash::rgba_to_thumb_hash(self.width, self.height, self.pixels.as_flattened());
        base64(&hash)
    }
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            text.push(if digit > group.len() {
                '='
            } else {
                char::from(DIGITS[(bits >> (18 - 6 * digit) & 63) as usize])
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Layout;

    #[test]
    fn base64_as_the_rfc_has_it() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn every_size_and_layout_has_an_impression() {
        for (width, height) in [(1, 1), (1, 900), (3000, 2), (64, 64), (65, 63), (100, 101)] {
            for layout in [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba] {
                let samples = vec![100; (width * height) as usize * layout.channels()];
                let picture = Picture::new(width, height, layout, samples).unwrap();
                let seen = impression(&picture);
                let Rgb { red, green, blue } = seen.dominant;
                assert_eq!([red, green, blue], [100; 3]);
                let components = if width == height { 16 } else { 12 };
                assert_eq!(seen.blurhash.len(), 4 + 2 * components);
                assert!(seen.thumbhash.len() >= 8 && seen.thumbhash.is_ascii());
            }
        }
    }

    #[test]
    fn what_is_transparent_has_no_colour() {
        let mut samples = vec![[255, 0, 0, 0]; 90];
        samples.extend(vec![[0, 0, 200, 255]; 10]);
        let picture = Picture::new(10, 10, Layout::Rgba, samples.concat()).unwrap();
        let Rgb { red, green, blue } = impression(&picture).dominant;
        assert_eq!([red, green, blue], [0, 0, 200]);
        let clear = Picture::new(2, 2, Layout::Rgba, vec![0; 16]).unwrap();
        assert_eq!(impression(&clear).dominant, NO_COLOUR);
    }
}
