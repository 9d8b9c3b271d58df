//! A JPEG XL's image header: size, alpha, colours. No frame is decoded.

use jxl::api::{
    AlphaMode, Event, ExtraChannel, JxlBasicInfo, JxlColorEncoding, JxlColorProfile, JxlColorType,
    JxlDataFormat, JxlDecoder, JxlDecoderOptions, JxlPixelFormat, ProfileLevel,
};

use super::{Coding, Header, PROFILE_BYTES_MAX, Profile, malformed};
use crate::error::Error;
use crate::geometry::Size;
use crate::options::Format;
use crate::picture::Layout;
use crate::rendition::ColourSpace;

/// Bytes that decoding holds for each pixel: 3 as measured for pictures of one frame, and four samples of 32 bits
/// where there is a frame that another refers to. The decoder refuses what it cannot have.
const BYTES_PER_PIXEL: u64 = 20;
/// Tables, and groups of pixels that are underway.
const BYTES: u64 = 8 << 20;
/// Samples that a frame may have however small the picture is: what is drawn several times may stand in one
/// that is larger than the picture.
const FRAME_SAMPLES: usize = 1 << 20;

/// Read the header.
pub(super) fn read(source: &[u8]) -> Result<Header<'_>, Error> {
    let Opened {
        decoder,
        size,
        layout,
        ..
    } = Opened::read(source)?;
    let info = decoder.basic_info();
    let bits = info.map_or(8, |info| info.bit_depth.bits_per_sample());
    Ok(Header {
        space: ColourSpace::of_light(layout, bits),
        profile: profile(&decoder, layout)?,
        coding: Coding::Working {
            bytes: size
                .pixels()
                .saturating_mul(BYTES_PER_PIXEL)
                .saturating_add(BYTES),
        },
        ..Header::plain(Format::Jxl, size, layout)
    })
}

/// A picture whose header is read, and that will come upright and with samples of eight bits.
pub(crate) struct Opened<'a> {
    pub decoder: JxlDecoder,
    /// What has not been read.
    pub rest: &'a [u8],
    pub size: Size,
    pub layout: Layout,
}

impl<'a> Opened<'a> {
    pub(crate) fn read(source: &'a [u8]) -> Result<Self, Error> {
        let (decoder, _) = begin(source, None)?;
        let limit = decoder.basic_info().map(samples_max);
        let (mut decoder, rest) = begin(source, limit)?;
        let no_header = || malformed("JPEG XL: no header");
        let info = decoder.basic_info().ok_or_else(no_header)?;
        let (width, height) = info.size;
        let pixels = |length| u32::try_from(length).map_err(|_| no_header());
        let size = Size {
            width: pixels(width)?,
            height: pixels(height)?,
        };
        let extra = info.extra_channels.len();
        let has = |kind| info.extra_channels.iter().any(|each| each.ec_type == kind);
        if has(ExtraChannel::Black) {
            return Err(Error::Unsupported("JPEG XL with ink".to_owned()));
        }
        let is_grey = decoder
            .current_pixel_format()
            .is_some_and(|format| format.color_type.is_grayscale());
        let (layout, colours) = match (is_grey, has(ExtraChannel::Alpha)) {
            (true, false) => (Layout::Grey, JxlColorType::Grayscale),
            (true, true) => (Layout::GreyAlpha, JxlColorType::GrayscaleAlpha),
            (false, false) => (Layout::Rgb, JxlColorType::Rgb),
            (false, true) => (Layout::Rgba, JxlColorType::Rgba),
        };
        let format = JxlPixelFormat {
            color_type: colours,
            color_data_format: Some(JxlDataFormat::U8 { bit_depth: 8 }),
            extra_channel_format: vec![None; extra],
        };
        decoder.set_pixel_format(format).map_err(error)?;
        Ok(Self {
            decoder,
            rest,
            size,
            layout,
        })
    }
}

/// A decoder that has read the header.
fn begin(source: &[u8], samples_max: Option<usize>) -> Result<(JxlDecoder, &[u8]), Error> {
    let mut options = JxlDecoderOptions::default();
    options.alpha_mode = AlphaMode::Unpremultiplied;
    // Sixteen bits without loss are of the second level.
    options.max_profile_level = ProfileLevel::Main10;
    options.sample_limit = samples_max;
    let mut decoder = JxlDecoder::new(options);
    let mut rest = source;
    match decoder.process(&mut rest, None, None).map_err(error)? {
        Event::BasicInfo => Ok((decoder, rest)),
        _ => Err(malformed("JPEG XL: the header is cut off")),
    }
}

/// Samples that a frame may have: as many as the picture, whose size has been judged.
fn samples_max(info: &JxlBasicInfo) -> usize {
    /// The decoder reckons with three colours, and no row shorter than this.
    const COLOURS: usize = 3;
    const ROW_PIXELS: usize = 16;
    let long = |side: usize| side.max(ROW_PIXELS);
    let (width, height) = info.size;
    let pixels = long(width).saturating_mul(long(height));
    let samples = pixels.saturating_mul(COLOURS + info.extra_channels.len());
    samples.max(FRAME_SAMPLES).saturating_add(1)
}

/// What the decoded samples mean, where that is not sRGB.
fn profile(decoder: &JxlDecoder, layout: Layout) -> Result<Profile<'static>, Error> {
    let Some(given) = decoder.output_color_profile() else {
        return Ok(Profile::None);
    };
    if given.is_cmyk() {
        return Err(Error::Unsupported("JPEG XL with ink".to_owned()));
    }
    let is_grey = layout.channels() < 3;
    let srgb = JxlColorProfile::Simple(JxlColorEncoding::srgb(is_grey));
    if given.same_color_encoding(&srgb) {
        return Ok(Profile::None);
    }
    let icc = given.try_as_icc();
    let icc = icc.filter(|icc| icc.len() <= PROFILE_BYTES_MAX);
    Ok(icc.map_or(Profile::None, |icc| Profile::Whole(icc.into_owned())))
}

pub(crate) fn error(error: impl std::fmt::Display) -> Error {
    Error::Malformed(format!("JPEG XL: {error}"))
}
