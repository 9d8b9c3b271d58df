//! How large a picture may be, read and written.

use clap::Args;

use super::ConfigError;
use super::check::{at_least, refuse};
use super::units::ByteCount;

/// A 64 MP photograph at best quality is half of it.
const SOURCE_BYTES_DEFAULT: ByteCount = ByteCount::mib(64);
/// Today's 50 and 64 MP phone pictures fit; thumbor's limit too. Bombs start at 100.
const MEGAPIXELS_DEFAULT: f64 = 75.0;
/// WebP's largest side, rounded up to a power of two.
const OUTPUT_SIDE_DEFAULT: u32 = 16_384;
/// Half a minute of film at 24 frames a second; what is made by hand has some 50.
const FRAMES_DEFAULT: u32 = 720;
/// As many pixels as the largest still has: 100 frames of a GIF that is 860 by 860.
const ANIMATION_MEGAPIXELS_DEFAULT: f64 = 75.0;

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Limits")]
pub struct Settings {
    /// Largest source in bytes, fetched or uploaded [default: 64MiB]
    #[arg(long, value_name = "SIZE")]
    pub max_allowed_size: Option<ByteCount>,

    /// Largest source in megapixels, read from its header [default: 75]
    #[arg(long, value_name = "MEGAPIXELS")]
    pub max_allowed_resolution: Option<f64>,

    /// Largest output in megapixels [default: 75]
    #[arg(long, value_name = "MEGAPIXELS")]
    pub max_output_resolution: Option<f64>,

    /// Longest side of an output in pixels [default: 16384]
    #[arg(long, value_name = "PIXELS")]
    pub max_output_side: Option<u32>,

    /// Most frames of an animation [default: 720]
    #[arg(long, value_name = "FRAMES")]
    pub max_animation_frames: Option<u32>,

    /// Largest animation in megapixels, all frames together, read and written [default: 75]
    #[arg(long, value_name = "MEGAPIXELS")]
    pub max_animation_resolution: Option<f64>,

    /// Answer 400 to a source whose tail is missing, instead of rendering what is there
    #[arg(long)]
    pub fail_on_truncated: Option<bool>,
}

/// The largest picture.
#[derive(Debug, Clone)]
pub struct Config {
    /// Bytes of one source.
    pub source_bytes_max: u64,
    /// Width times height of a source.
    pub source_pixels_max: u64,
    /// Width times height of any picture made.
    pub output_pixels_max: u64,
    /// Longest side of an output, in pixels.
    pub output_side_max: u32,
    /// Frames of an animation.
    pub frames_max: u32,
    /// Pixels of all its frames together.
    pub animation_pixels_max: u64,
    /// Whether a source without its tail is refused.
    pub fail_on_truncated: bool,
}

impl Settings {
    /// The defaults where nothing was said, and what may not be, refused.
    pub(super) fn check(self) -> Result<Config, ConfigError> {
        Ok(Config {
            source_bytes_max: source_bytes_max(self.max_allowed_size),
            source_pixels_max: pixels(
                "max-allowed-resolution",
                self.max_allowed_resolution.unwrap_or(MEGAPIXELS_DEFAULT),
            )?,
            output_pixels_max: pixels(
                "max-output-resolution",
                self.max_output_resolution.unwrap_or(MEGAPIXELS_DEFAULT),
            )?,
            frames_max: at_least(
                "max-animation-frames",
                self.max_animation_frames.unwrap_or(FRAMES_DEFAULT),
                1,
            )?,
            animation_pixels_max: pixels(
                "max-animation-resolution",
                self.max_animation_resolution
                    .unwrap_or(ANIMATION_MEGAPIXELS_DEFAULT),
            )?,
            output_side_max: at_least(
                "max-output-side",
                self.max_output_side.unwrap_or(OUTPUT_SIDE_DEFAULT),
                1,
            )?,
            fail_on_truncated: self.fail_on_truncated.unwrap_or(false),
        })
    }
}

fn pixels(setting: &'static str, megapixels: f64) -> Result<u64, ConfigError> {
    // The upper end is 65535 x 65535, the largest picture that JPEG can say.
    if !(0.000_001..=4_294.836_225).contains(&megapixels) {
        return Err(refuse(
            setting,
            format!("{megapixels} is not between 0.000001 and 4294.8 megapixels"),
        ));
    }
    Ok((megapixels * 1e6).round() as u64)
}

/// imaginary's 0 means "off"; here it means the default, since nothing is unlimited.
fn source_bytes_max(size: Option<ByteCount>) -> u64 {
    size.filter(|size| size.0 > 0)
        .unwrap_or(SOURCE_BYTES_DEFAULT)
        .0
}
