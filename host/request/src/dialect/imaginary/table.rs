//! THE table: every parameter, which endpoints take it, its type, default, range and meaning. Parsing,
//! error messages, the reference in the README and the page to try things on all come from it.

mod rows;

use super::endpoint::Endpoint;
use super::value::Kind;

pub use rows::TABLE;

/// One parameter, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Parameter {
    /// `width`
    Width,
    /// `height`
    Height,
    /// `aspectratio`
    Aspectratio,
    /// `nocrop`
    Nocrop,
    /// `force`
    Force,
    /// `embed`
    Embed,
    /// `gravity`
    Gravity,
    /// `extend`
    Extend,
    /// `background`
    Background,
    /// `top`
    Top,
    /// `left`
    Left,
    /// `areawidth`
    Areawidth,
    /// `areaheight`
    Areaheight,
    /// `factor`
    Factor,
    /// `rotate`
    Rotate,
    /// `norotation`
    Norotation,
    /// `flip`
    Flip,
    /// `flop`
    Flop,
    /// `sigma`
    Sigma,
    /// `minampl`
    Minampl,
    /// `colorspace`
    Colorspace,
    /// `text`
    Text,
    /// `font`
    Font,
    /// `color`
    Color,
    /// `dpi`
    Dpi,
    /// `textwidth`
    Textwidth,
    /// `margin`
    Margin,
    /// `opacity`
    Opacity,
    /// `noreplicate`
    Noreplicate,
    /// `image`
    Image,
    /// `operations`
    Operations,
    /// `type`
    Type,
    /// `page`
    Page,
    /// `quality`
    Quality,
    /// `compression`
    Compression,
    /// `speed`
    Speed,
    /// `palette`
    Palette,
    /// `lossless`
    Lossless,
    /// `interlace`
    Interlace,
    /// `noprofile`
    Noprofile,
    /// `stripmeta`
    Stripmeta,
    /// `keepcopyright`
    Keepcopyright,
    /// `linear`
    Linear,
    /// `file`
    File,
    /// `url`
    Url,
    /// `sign`
    Sign,
    /// `expires`
    Expires,
    /// `kid`
    Kid,
    /// `key`
    Key,
}

/// What a value may be. A setting of the output, or `dpi`, outside its range stands for the default;
/// for sizes the range is what the page offers, and the server's limits decide.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Range {
    /// Anything of the type.
    Any,
    /// From and to.
    Numbers(f64, f64),
    /// One of these.
    Choices(&'static [&'static str]),
    /// At most so many bytes.
    Bytes(usize),
}

/// Which endpoints take a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takers {
    /// All.
    All,
    /// All that make a picture, except `autorotate` and `pipeline`.
    Renditions,
    /// These.
    Only(&'static [Endpoint]),
}

/// A line of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// Which parameter.
    pub parameter: Parameter,
    /// Its name in a URL; case matters.
    pub name: &'static str,
    /// How its value is written.
    pub kind: Kind,
    /// What holds where it is not given.
    pub default: &'static str,
    /// What it may be.
    pub range: Range,
    /// Which endpoints it means something to.
    pub takers: Takers,
    /// What it does, in a line.
    pub help: &'static str,
}

impl Parameter {
    /// Its line of the table.
    pub fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// The parameter called `name`.
    pub fn by_name(name: &str) -> Option<Self> {
        TABLE
            .iter()
            .find(|row| row.name == name)
            .map(|row| row.parameter)
    }
}

impl Takers {
    /// Whether `endpoint` is one of them.
    pub fn include(self, endpoint: Endpoint) -> bool {
        match self {
            Self::All => true,
            Self::Renditions => !matches!(
                endpoint,
                Endpoint::Autorotate | Endpoint::Pipeline | Endpoint::Info
            ),
            Self::Only(endpoints) => endpoints.contains(&endpoint),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_parameters_and_have_names_of_their_own() {
        for (place, row) in TABLE.iter().enumerate() {
            assert_eq!(row.parameter as usize, place, "{}", row.name);
            assert_eq!(
                Parameter::by_name(row.name),
                Some(row.parameter),
                "{}",
                row.name
            );
        }
        assert_eq!(TABLE.len(), Parameter::Key as usize + 1);
    }

    #[test]
    fn every_parameter_is_taken_by_an_endpoint_and_said_in_a_line() {
        for row in TABLE {
            assert!(
                Endpoint::ALL
                    .into_iter()
                    .any(|endpoint| row.takers.include(endpoint)),
                "{}",
                row.name
            );
            assert!(
                !row.help.is_empty() && !row.help.contains(['\n', '|']),
                "{}",
                row.name
            );
        }
    }
}
