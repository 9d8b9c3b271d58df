//! What a caller asks for: steps of operations, an output, limits. Plain data, the same shapes as
//! `wit/transform.wit`, where every field's unit, range and default stands.

/// A quarter, half or three-quarter turn, clockwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// 90 degrees clockwise.
    Quarter,
    /// 180 degrees.
    Half,
    /// 270 degrees clockwise.
    ThreeQuarters,
}

/// A reflection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mirror {
    /// Left and right change places.
    Horizontal,
    /// Top and bottom change places.
    Vertical,
}

/// How the picture meets the box that a resize gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Inside the box, aspect ratio kept; may be smaller than the box.
    Inside,
    /// As `Inside`, then padded to exactly the box.
    Pad,
    /// Covers the box, then cut to it; with one side unset it is cut without scaling.
    Cover,
    /// Exactly the box, up or down.
    Stretch,
}

/// Whether `Inside` and `Pad` may scale up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enlarge {
    /// A picture smaller than the box on both sides keeps its size.
    Never,
    /// The picture grows to meet the box.
    Allow,
}

/// Which part a cut keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gravity {
    /// The middle.
    Centre,
    /// The top edge.
    North,
    /// The bottom edge.
    South,
    /// The right edge.
    East,
    /// The left edge.
    West,
    /// Where the picture is most worth looking at.
    Smart,
}

/// An opaque sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb {
    /// 0 to 255.
    pub red: u8,
    /// 0 to 255.
    pub green: u8,
    /// 0 to 255.
    pub blue: u8,
}

/// What padding is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extend {
    /// The nearest edge pixel, repeated.
    Copy,
    /// The picture mirrored at its edge.
    Mirror,
    /// The picture tiled.
    Repeat,
    /// Opaque black.
    Black,
    /// Opaque white.
    White,
    /// An opaque colour.
    Colour(Rgb),
}

/// The box of a resize; at least one side is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resize {
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// How the picture meets the box.
    pub fit: Fit,
    /// Whether it may grow.
    pub enlarge: Enlarge,
    /// Which part `Cover` keeps.
    pub gravity: Gravity,
    /// What `Pad` adds.
    pub extend: Extend,
}

/// A rectangle to cut out, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Columns left of the rectangle.
    pub left: u32,
    /// Rows above the rectangle.
    pub top: u32,
    /// Unset: the width before this step's zoom.
    pub width: Option<u32>,
    /// Unset: the height before this step's zoom.
    pub height: Option<u32>,
}

/// How often a text stands on the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tiling {
    /// Once, 100 pixels from the left and from the top.
    Once,
    /// Repeated over all of the picture.
    Repeated,
}

/// A text laid over the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct WatermarkText {
    /// At most 4,096 bytes.
    pub text: String,
    /// Size of the letters, 1 to 1,000.
    pub font_points: f32,
    /// Dots per inch, 1 to 1,200.
    pub dpi: u32,
    /// Pixels of a line; unset: a sixth of the picture's width.
    pub width: Option<u32>,
    /// Pixels between two copies; unset: the width.
    pub margin: Option<u32>,
    /// 0 to 1.
    pub opacity: f32,
    /// Of the letters.
    pub colour: Rgb,
    /// Once or all over.
    pub tiling: Tiling,
}

/// A picture laid over the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WatermarkImage {
    /// Which of the overlays, from 0.
    pub overlay: u32,
    /// Columns left of it.
    pub left: u32,
    /// Rows above it.
    pub top: u32,
    /// 0 to 1, beside its own alpha.
    pub opacity: f32,
}

/// One thing done to the picture.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// Apply the source's EXIF orientation, once.
    Orient,
    /// Turn clockwise.
    Rotate(Turn),
    /// Reflect.
    Mirror(Mirror),
    /// Every pixel becomes n by n; 1 to 256.
    Zoom(u32),
    /// Meet a box.
    Resize(Resize),
    /// Cut a rectangle out.
    Extract(Area),
    /// Gaussian blur; standard deviation in pixels, over 0 up to 250.
    Blur(f32),
    /// Lay on an opaque colour.
    Flatten(Rgb),
    /// Grey levels (Rec. 601 luma).
    Greyscale,
    /// Lay a text over the picture.
    WatermarkText(WatermarkText),
    /// Lay a picture over the picture.
    WatermarkImage(WatermarkImage),
}

/// What a failed step means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// The transform fails.
    Fail,
    /// The picture stays as it was before the step.
    Skip,
}

/// Operations that succeed or fail together.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// In order.
    pub operations: Vec<Operation>,
    /// What failure means.
    pub on_failure: OnFailure,
}

/// Encoded formats, of sources and of renditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// ISO/IEC 10918-1.
    Jpeg,
    /// W3C PNG.
    Png,
    /// RFC 9649.
    Webp,
    /// AV1 image file format.
    Avif,
    /// The Graphics Interchange Format.
    Gif,
    /// TIFF 6.0 and `BigTIFF`.
    Tiff,
    /// ISO/IEC 18181.
    Jxl,
    /// Windows bitmap.
    Bmp,
    /// Windows icon or cursor.
    Ico,
    /// Scalable Vector Graphics, also deflated.
    Svg,
    /// ISO/IEC 23008-12 with HEVC inside.
    Heif,
    /// ISO 32000.
    Pdf,
    /// ISO/IEC 15444-1.
    Jp2,
    /// No picture but a text that stands in for one, in base 83.
    Blurhash,
    /// Another such text, in base 64.
    Thumbhash,
}

impl Format {
    /// How the client is told of it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Webp => "WebP",
            Self::Avif => "AVIF",
            Self::Gif => "GIF",
            Self::Tiff => "TIFF",
            Self::Jxl => "JPEG XL",
            Self::Bmp => "BMP",
            Self::Ico => "ICO",
            Self::Svg => "SVG",
            Self::Heif => "HEIC",
            Self::Pdf => "PDF",
            Self::Jp2 => "JPEG 2000",
            Self::Blurhash => "BlurHash",
            Self::Thumbhash => "ThumbHash",
        }
    }
}

/// What becomes of the source's ICC profile; the output is always sRGB without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Pixels are converted to sRGB.
    Convert,
    /// Pixels are taken to be sRGB.
    Ignore,
}

/// What of the source's EXIF the output carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metadata {
    /// Nothing.
    None,
    /// The copyright notice and the artist.
    Copyright,
    /// The copyright notice, camera, exposure and date.
    Technical,
    /// Both.
    TechnicalAndCopyright,
}

/// The output wanted; see `wit/transform.wit` for ranges and defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "as many switches as the URL has"
)]
pub struct Output {
    /// Unset: the source's format.
    pub format: Option<Format>,
    /// Which frame or page, from 0. Unset: all frames where the format can be animated, else the first.
    pub page: Option<u32>,
    /// 1 to 100.
    pub quality: Option<u8>,
    /// PNG deflate effort, 0 to 9.
    pub compression: Option<u8>,
    /// AVIF speed, 1 to 10.
    pub speed: Option<u8>,
    /// Progressive JPEG.
    pub interlace: bool,
    /// WebP without loss.
    pub lossless: bool,
    /// PNG with a palette of at most 256 colours.
    pub palette: bool,
    /// The source's colour profile.
    pub profile: Profile,
    /// The source's EXIF.
    pub metadata: Metadata,
    /// Sizes are changed in linear light.
    pub linear: bool,
}

impl Output {
    /// No wish but a format.
    pub const fn new(format: Format) -> Self {
        Self {
            format: Some(format),
            page: None,
            quality: None,
            compression: None,
            speed: None,
            interlace: false,
            lossless: false,
            palette: false,
            profile: Profile::Convert,
            metadata: Metadata::None,
            linear: false,
        }
    }
}

/// What a source whose tail is missing gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truncated {
    /// What is there.
    Render,
    /// An error.
    Refuse,
}

/// What one call may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Width times height of the source, and of each overlay.
    pub source_pixels_max: u64,
    /// Width times height of any picture made, and of a text.
    pub output_pixels_max: u64,
    /// Longest side of the output and of a text.
    pub output_side_max: u32,
    /// Bytes the call may plan to use.
    pub memory_bytes_max: u64,
    /// Frames of an animation that are decoded.
    pub frames_max: u32,
    /// Pixels of those frames together.
    pub animation_pixels_max: u64,
    /// What a truncated source gives.
    pub truncated: Truncated,
}
