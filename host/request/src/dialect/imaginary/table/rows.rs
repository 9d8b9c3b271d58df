//! The lines of the table. Data only.

use super::{Parameter, Range, Row, Takers};
use crate::dialect::imaginary::endpoint::Endpoint;
use crate::dialect::imaginary::value::Kind;
use crate::limits::{SOURCE_BYTES_MAX, TEXT_BYTES_MAX};

const AREAS: Takers = Takers::Only(&[Endpoint::Extract, Endpoint::Zoom]);
const TEXTS: Takers = Takers::Only(&[Endpoint::Watermark]);
/// Corners begin at zero.
const SIDE_FROM_0: Range = Range::Numbers(0.0, 16384.0);
/// The largest side that is worth a slider; the server's limit on output is another matter.
const SIDE: Range = Range::Numbers(1.0, 16384.0);

const fn row(parameter: Parameter, name: &'static str, kind: Kind) -> Row {
    Row {
        parameter,
        name,
        kind,
        default: "–",
        range: Range::Any,
        takers: Takers::Renditions,
        help: "",
    }
}

impl Row {
    const fn by_default(self, default: &'static str) -> Self {
        Self { default, ..self }
    }

    const fn within(self, range: Range) -> Self {
        Self { range, ..self }
    }

    const fn for_(self, takers: Takers) -> Self {
        Self { takers, ..self }
    }

    const fn does(self, help: &'static str) -> Self {
        Self { help, ..self }
    }
}

/// All parameters.
pub const TABLE: &[Row] = &[
    row(Parameter::Width, "width", Kind::Integer)
        .within(SIDE)
        .does("Width of the box in pixels"),
    row(Parameter::Height, "height", Kind::Integer)
        .within(SIDE)
        .does("Height of the box in pixels"),
    row(Parameter::Aspectratio, "aspectratio", Kind::Ratio)
        .does("`W:H`: gives the other side where only one is given, in whole numbers (`300`, `16:9` → `162`)"),
    row(Parameter::Nocrop, "nocrop", Kind::Boolean)
        .by_default("by endpoint")
        .for_(Takers::Only(&[Endpoint::Resize, Endpoint::Enlarge, Endpoint::Zoom]))
        .does("`resize` cuts only with `nocrop=false`, `enlarge` unless `nocrop=true`; `zoom` as `resize`, with `top` or `left`"),
    row(Parameter::Force, "force", Kind::Boolean)
        .by_default("false")
        .does("Stretches to the box"),
    row(Parameter::Embed, "embed", Kind::Boolean)
        .by_default("false")
        .does("Pads to the box. `resize` always does, `fit` never"),
    row(Parameter::Gravity, "gravity", Kind::Gravity)
        .by_default("centre")
        .within(Range::Choices(&["centre", "north", "south", "east", "west", "smart"]))
        .does("The part that a cut keeps"),
    row(Parameter::Extend, "extend", Kind::Extend)
        .by_default("copy")
        .within(Range::Choices(&["copy", "mirror", "black", "white", "background", "lastpixel"]))
        .does("What padding is made of; `lastpixel` is black, any other word is `mirror`"),
    row(Parameter::Background, "background", Kind::Colour)
        .does("Transparent parts are laid on this colour, unless it is black; also fills `extend=background`"),
    row(Parameter::Top, "top", Kind::Integer)
        .by_default("0")
        .within(SIDE_FROM_0)
        .for_(Takers::Only(&[Endpoint::Extract, Endpoint::Zoom, Endpoint::Watermarkimage]))
        .does("Rows above the rectangle, or above the overlay"),
    row(Parameter::Left, "left", Kind::Integer)
        .by_default("0")
        .within(SIDE_FROM_0)
        .for_(Takers::Only(&[Endpoint::Extract, Endpoint::Zoom, Endpoint::Watermarkimage]))
        .does("Columns left of the rectangle, or of the overlay"),
    row(Parameter::Areawidth, "areawidth", Kind::Integer)
        .within(SIDE)
        .for_(AREAS)
        .does("Width of the rectangle"),
    row(Parameter::Areaheight, "areaheight", Kind::Integer)
        .within(SIDE)
        .for_(AREAS)
        .does("Height of the rectangle"),
    row(Parameter::Factor, "factor", Kind::Integer)
        .within(Range::Numbers(1.0, 255.0))
        .for_(Takers::Only(&[Endpoint::Zoom]))
        .does("Every pixel becomes `factor + 1` by `factor + 1` pixels"),
    row(Parameter::Rotate, "rotate", Kind::Integer)
        .by_default("0")
        .within(Range::Numbers(0.0, 270.0))
        .does("Degrees clockwise, down to a quarter turn, at most 270. If given, EXIF orientation is not applied"),
    row(Parameter::Norotation, "norotation", Kind::Boolean)
        .by_default("false")
        .does("EXIF orientation is not applied"),
    row(Parameter::Flip, "flip", Kind::Boolean)
        .by_default("false")
        .does("Swaps left and right"),
    row(Parameter::Flop, "flop", Kind::Boolean)
        .by_default("false")
        .does("Swaps top and bottom"),
    row(Parameter::Sigma, "sigma", Kind::Float)
        .by_default("0")
        .within(Range::Numbers(0.0, 250.0))
        .does("Gaussian blur: standard deviation in pixels"),
    row(Parameter::Minampl, "minampl", Kind::Float)
        .by_default("0")
        .does("Without effect; accepted for old URLs"),
    row(Parameter::Colorspace, "colorspace", Kind::Colourspace)
        .by_default("srgb")
        .within(Range::Choices(&["srgb", "bw"]))
        .does("`bw` is grey"),
    row(Parameter::Text, "text", Kind::Text)
        .within(Range::Bytes(TEXT_BYTES_MAX))
        .for_(TEXTS)
        .does("The text"),
    row(Parameter::Font, "font", Kind::Text)
        .by_default("sans 10")
        .for_(TEXTS)
        .does("The last word is the size in points; the typeface is always the built-in one"),
    row(Parameter::Color, "color", Kind::Colour)
        .by_default("0,0,0")
        .for_(TEXTS)
        .does("Colour of the text"),
    row(Parameter::Dpi, "dpi", Kind::Integer)
        .by_default("150")
        .within(Range::Numbers(1.0, 1200.0))
        .for_(TEXTS)
        .does("Dots per inch of the text"),
    row(Parameter::Textwidth, "textwidth", Kind::Integer)
        .by_default("W/6")
        .within(SIDE)
        .for_(TEXTS)
        .does("Width of a line in pixels"),
    row(Parameter::Margin, "margin", Kind::Integer)
        .by_default("`textwidth`")
        .within(SIDE)
        .for_(TEXTS)
        .does("Pixels between two copies of the text"),
    row(Parameter::Opacity, "opacity", Kind::Float)
        .by_default("0.25 (image: 1)")
        .within(Range::Numbers(0.0, 1.0))
        .for_(Takers::Only(&[Endpoint::Watermark, Endpoint::Watermarkimage]))
        .does("0 is the default, 1 is opaque; more is 1"),
    row(Parameter::Noreplicate, "noreplicate", Kind::Boolean)
        .by_default("false")
        .for_(TEXTS)
        .does("The text stands once instead of all over"),
    row(Parameter::Image, "image", Kind::Text)
        .within(Range::Bytes(SOURCE_BYTES_MAX))
        .for_(Takers::Only(&[Endpoint::Watermarkimage]))
        .does("The overlay: a URL under the same rules as `url`, or the name of a file below the mount"),
    row(Parameter::Operations, "operations", Kind::Operations)
        .for_(Takers::Only(&[Endpoint::Pipeline]))
        .does("JSON: `[{\"operation\":\"crop\",\"ignore_failure\":false,\"params\":{\"width\":300}}]`, 1 to 10 items"),
    row(Parameter::Type, "type", Kind::Type)
        .by_default("the source's")
        .within(Range::Choices(&["jpeg", "png", "webp", "avif", "gif", "tiff", "jxl", "blurhash", "thumbhash", "auto"]))
        .does("Format to write; `jpg` is `jpeg`, `auto` goes by the `Accept` header; `blurhash` and `thumbhash` are a line of text that stands in for the picture"),
    row(Parameter::Page, "page", Kind::Place)
        .by_default("all, or 0")
        .within(Range::Numbers(0.0, 65535.0))
        .does("Frame of an animation, from 0. Without it GIF and WebP become animated, other formats show the first"),
    row(Parameter::Quality, "quality", Kind::Integer)
        .by_default("75 (AVIF: 60)")
        .within(Range::Numbers(1.0, 100.0))
        .does("JPEG, WebP and AVIF quality; JPEG XL is without loss"),
    row(Parameter::Compression, "compression", Kind::Integer)
        .by_default("6")
        .within(Range::Numbers(1.0, 9.0))
        .does("PNG compression"),
    row(Parameter::Speed, "speed", Kind::Integer)
        .by_default("8")
        .within(Range::Numbers(1.0, 10.0))
        .does("AVIF encoder speed: low is slow and small"),
    row(Parameter::Palette, "palette", Kind::Boolean)
        .by_default("false")
        .does("PNG with at most 256 colours, dithered; alpha is kept"),
    row(Parameter::Lossless, "lossless", Kind::Boolean)
        .by_default("false")
        .does("WebP without loss"),
    row(Parameter::Interlace, "interlace", Kind::Boolean)
        .by_default("false")
        .does("Progressive JPEG, interlaced PNG"),
    row(Parameter::Noprofile, "noprofile", Kind::Boolean)
        .by_default("false")
        .does("The source's colour profile is ignored instead of converted to sRGB"),
    row(Parameter::Stripmeta, "stripmeta", Kind::Boolean)
        .by_default("true")
        .does("`false` keeps of the source's EXIF its copyright, camera, lens, exposure and date; places, names, serial numbers, comments, thumbnails, XMP and IPTC are always dropped. Not kept in GIF and JPEG XL"),
    row(Parameter::Keepcopyright, "keepcopyright", Kind::Boolean)
        .by_default("false")
        .does("Keeps the EXIF copyright notice and artist; not in GIF and JPEG XL"),
    row(Parameter::Linear, "linear", Kind::Boolean)
        .by_default("false")
        .does("Sizes are changed in linear light, where fine bright detail keeps its brightness"),
    row(Parameter::File, "file", Kind::Text)
        .within(Range::Bytes(SOURCE_BYTES_MAX))
        .for_(Takers::All)
        .does("Source: a file below the mount, unescaped twice. GET only"),
    row(Parameter::Url, "url", Kind::Text)
        .within(Range::Bytes(SOURCE_BYTES_MAX))
        .for_(Takers::All)
        .does("Source: an `http` or `https` URL, or an object of a configured bucket as `s3://bucket/key`, `gs://…`, `az://…`, written as it is named. GET only, and not together with `file`"),
    row(Parameter::Sign, "sign", Kind::Elsewhere)
        .for_(Takers::All)
        .does("Signature of the URL"),
    row(Parameter::Expires, "expires", Kind::Elsewhere)
        .for_(Takers::All)
        .does("Unix seconds from which on the URL is refused"),
    row(Parameter::Kid, "kid", Kind::Elsewhere)
        .for_(Takers::All)
        .does("Id of the key that signed"),
    row(Parameter::Key, "key", Kind::Elsewhere)
        .for_(Takers::All)
        .does("API key, where one is configured; better sent as the header `API-Key`"),
];
