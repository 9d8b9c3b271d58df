//! Values that are words, or words and numbers: colours, ratios, anchors, edges, formats. imaginary takes
//! any text for them and so does this; what a text comes down to is the value.

use crate::operation::{Format, Rgb};

/// `gravity`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GravityWord {
    /// The middle; also any other word.
    Centre,
    /// The top.
    North,
    /// The bottom.
    South,
    /// The right.
    East,
    /// The left.
    West,
    /// What is worth seeing.
    Smart,
}

impl GravityWord {
    pub(super) fn read(text: &str) -> Self {
        match text.trim().to_lowercase().as_str() {
            "north" => Self::North,
            "south" => Self::South,
            "east" => Self::East,
            "west" => Self::West,
            "smart" => Self::Smart,
            _ => Self::Centre,
        }
    }

    /// Its word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Centre => "centre",
            Self::North => "north",
            Self::South => "south",
            Self::East => "east",
            Self::West => "west",
            Self::Smart => "smart",
        }
    }
}

/// `extend`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtendWord {
    /// The edge repeated.
    Copy,
    /// The picture mirrored; also any other word, and none.
    Mirror,
    /// Black.
    Black,
    /// White.
    White,
    /// The colour of `background`.
    Background,
    /// Black, whatever its name says.
    Lastpixel,
}

impl ExtendWord {
    pub(super) fn read(text: &str) -> Self {
        match text.trim().to_lowercase().as_str() {
            "copy" => Self::Copy,
            "black" => Self::Black,
            "white" => Self::White,
            "background" => Self::Background,
            "lastpixel" => Self::Lastpixel,
            _ => Self::Mirror,
        }
    }

    /// Its word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::Mirror => "mirror",
            Self::Black => "black",
            Self::White => "white",
            Self::Background => "background",
            Self::Lastpixel => "lastpixel",
        }
    }
}

/// `background` and `color`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::dialect::imaginary) enum Colour {
    /// Three parts or more.
    Rgb(Rgb),
    /// Fewer; the text.
    Incomplete(String),
}

impl Colour {
    pub(super) fn read(text: &str) -> Self {
        let parts: Vec<u8> = text
            .split(',')
            .take(3)
            .map(|part| level(part.trim_matches(' ')))
            .collect();
        match parts[..] {
            [red, green, blue] => Self::Rgb(Rgb { red, green, blue }),
            _ => Self::Incomplete(text.to_owned()),
        }
    }
}

/// Digits only; above 255 is 255, no digits is 0.
fn level(text: &str) -> u8 {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    text.parse().unwrap_or(u8::MAX)
}

/// `aspectratio`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::dialect::imaginary) enum Ratio {
    /// Width to height, neither of them 0.
    Of(i64, i64),
    /// The text, and what is left of it: a part that is no number, or missing, is 0.
    Odd(String, (i64, i64)),
}

impl Ratio {
    pub(super) fn read(text: &str) -> Self {
        let lower = text.trim().to_lowercase();
        let (width, height) = match lower.split(':').collect::<Vec<_>>()[..] {
            [width, height, ..] => (width.parse().unwrap_or(0), height.parse().unwrap_or(0)),
            _ => (0, 0),
        };
        if width != 0 && height != 0 {
            Self::Of(width, height)
        } else {
            Self::Odd(text.to_owned(), (width, height))
        }
    }

    /// Width and height.
    pub(in crate::dialect::imaginary) const fn parts(&self) -> (i64, i64) {
        match self {
            Self::Of(width, height) | Self::Odd(_, (width, height)) => (*width, *height),
        }
    }

    /// A text that reads back as this.
    pub(in crate::dialect::imaginary) fn text(&self) -> String {
        match self {
            Self::Of(width, height) => format!("{width}:{height}"),
            Self::Odd(text, _) => text.clone(),
        }
    }
}

/// `type`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::dialect::imaginary) enum Type {
    /// By `Accept`.
    Auto,
    /// A format that can be written.
    Format(Format),
    /// A format that imaginary knows and that is not written; its name.
    Unwritable(&'static str),
    /// Anything else; the text.
    Unknown(String),
}

impl Type {
    pub(super) fn read(text: &str) -> Self {
        if text == "auto" {
            return Self::Auto;
        }
        match text.to_lowercase().as_str() {
            "jpeg" | "jpg" => Self::Format(Format::Jpeg),
            "png" => Self::Format(Format::Png),
            "webp" => Self::Format(Format::Webp),
            "avif" => Self::Format(Format::Avif),
            "gif" => Self::Format(Format::Gif),
            "tiff" => Self::Format(Format::Tiff),
            "jxl" => Self::Format(Format::Jxl),
            "blurhash" => Self::Format(Format::Blurhash),
            "thumbhash" => Self::Format(Format::Thumbhash),
            "svg" => Self::Unwritable("svg"),
            "pdf" => Self::Unwritable("pdf"),
            _ => Self::Unknown(text.to_owned()),
        }
    }

    /// Its word.
    pub(in crate::dialect::imaginary) fn name(&self) -> &str {
        match self {
            Self::Auto => "auto",
            Self::Format(format) => format.name(),
            Self::Unwritable(name) => name,
            Self::Unknown(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours() {
        let rgb = |red, green, blue| Colour::Rgb(Rgb { red, green, blue });
        for (text, expected) in [
            ("1,2,3", rgb(1, 2, 3)),
            (" 1 , 2,3 ", rgb(1, 2, 3)),
            ("255,256,99999999999999999999", rgb(255, 255, 255)),
            ("-1,x,+5", rgb(0, 0, 0)),
            (",,", rgb(0, 0, 0)),
            ("1,2,3,4", rgb(1, 2, 3)),
            ("1", Colour::Incomplete("1".to_owned())),
            ("1,2", Colour::Incomplete("1,2".to_owned())),
        ] {
            assert_eq!(Colour::read(text), expected, "{text}");
        }
    }

    #[test]
    fn ratios() {
        for text in ["16:9", " 16:9 ", "16:9:4", "+16:9"] {
            assert_eq!(Ratio::read(text), Ratio::Of(16, 9), "{text}");
        }
        for (text, parts) in [
            ("a:b", (0, 0)),
            ("16: 9", (16, 0)),
            ("0:1", (0, 1)),
            ("16", (0, 0)),
        ] {
            assert_eq!(
                Ratio::read(text),
                Ratio::Odd(text.to_owned(), parts),
                "{text}"
            );
        }
    }

    #[test]
    fn words() {
        assert_eq!(GravityWord::read(" NoRth "), GravityWord::North);
        assert_eq!(GravityWord::read("northwest"), GravityWord::Centre);
        assert_eq!(ExtendWord::read(" White"), ExtendWord::White);
        for text in ["", "mirror", "edge", "repeat"] {
            assert_eq!(ExtendWord::read(text), ExtendWord::Mirror, "{text}");
        }
    }

    #[test]
    fn types() {
        for (text, expected) in [
            ("JPEG", Type::Format(Format::Jpeg)),
            ("jpg", Type::Format(Format::Jpeg)),
            ("Webp", Type::Format(Format::Webp)),
            ("avif", Type::Format(Format::Avif)),
            ("auto", Type::Auto),
            ("Auto", Type::Unknown("Auto".to_owned())),
            ("GIF", Type::Format(Format::Gif)),
            ("tiff", Type::Format(Format::Tiff)),
            ("JXL", Type::Format(Format::Jxl)),
            ("BlurHash", Type::Format(Format::Blurhash)),
            ("thumbhash", Type::Format(Format::Thumbhash)),
            ("Svg", Type::Unwritable("svg")),
            ("heif", Type::Unknown("heif".to_owned())),
            ("jpeg ", Type::Unknown("jpeg ".to_owned())),
        ] {
            assert_eq!(Type::read(text), expected, "{text}");
        }
    }
}
