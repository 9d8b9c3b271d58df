//! URLs of the published Lambda@Edge recipe: `/images/image.jpg?d=180x180`. They are not signed, so they
//! get no `Signed` and can say almost nothing: a picture, and one of the sizes that were configured. There
//! is no such dialect until an operator makes one.

use std::str::FromStr;

use crate::dialect::imaginary;
use crate::error::{EdgeConfigError, ParseError};
use crate::image_request::{Action, ImageRequest, Source};
use crate::limits::{EDGE_SIZES_MAX, SOURCE_BYTES_MAX};
use crate::operation::{Enlarge, Extend, Fit, Gravity, OnFailure, Operation, Output, Resize, Step};
use crate::target::{Target, escape, is_unreserved};

/// The parameter that holds the size.
const SIZE: &str = "d";
/// Extensions of what can be read.
const EXTENSIONS: [&str; 6] = ["jpg", "jpeg", "png", "webp", "avif", "gif"];

/// Width and height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Above zero.
    pub width: u32,
    /// Above zero.
    pub height: u32,
}

/// Where the originals are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// Below the mount, by their whole path.
    Mount,
    /// Below this URL, by their whole path.
    Url(String),
}

/// How the recipe was configured there; the default is as it was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Only paths below this one are of this dialect; slashes at its ends do not matter.
    pub path_prefix: String,
    /// The only sizes that are made, first match first.
    pub sizes: Vec<Size>,
    /// What a request gets that is near none of them.
    pub default_size: Size,
    /// How far off each side may be, of the size's side.
    pub tolerance_percent: u8,
    /// Where the originals are.
    pub base: Base,
}

impl Default for Settings {
    fn default() -> Self {
        let square = |side| Size {
            width: side,
            height: side,
        };
        Self {
            path_prefix: "images".to_owned(),
            sizes: [100, 200, 300, 400].map(square).to_vec(),
            default_size: square(200),
            tolerance_percent: 20,
            base: Base::Mount,
        }
    }
}

/// The dialect, with its closed set of sizes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LambdaEdge(Settings);

/// What a URL of this dialect asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// One of the sizes, in the format that `Accept` chooses.
    Rendition(ImageRequest),
    /// The picture as it is: there was no `d`.
    Original(Source),
}

impl FromStr for Size {
    type Err = EdgeConfigError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        size(text)
            .filter(|size| size.width > 0 && size.height > 0)
            .ok_or_else(|| EdgeConfigError::Size(text.to_owned()))
    }
}

impl LambdaEdge {
    /// Check what was configured.
    pub fn new(settings: Settings) -> Result<Self, EdgeConfigError> {
        let count = settings.sizes.len();
        if !(1..=EDGE_SIZES_MAX).contains(&count) {
            return Err(EdgeConfigError::SizeCount {
                count,
                count_max: EDGE_SIZES_MAX,
            });
        }
        for Size { width, height } in settings.sizes.iter().chain([&settings.default_size]) {
            if *width == 0 || *height == 0 {
                return Err(EdgeConfigError::Size(format!("{width}x{height}")));
            }
        }
        if settings.tolerance_percent >= 100 {
            return Err(EdgeConfigError::Tolerance(settings.tolerance_percent));
        }
        if let Base::Url(url) = &settings.base
            && imaginary::url_source(url).is_none()
        {
            return Err(EdgeConfigError::Base(url.clone()));
        }
        Ok(Self(settings))
    }

    /// What `/path?query` asks for; `NotFound` if it is no picture below the prefix.
    pub fn parse(&self, target: &str) -> Result<Asked, ParseError> {
        let target = Target::parse(target)?;
        let source = self.source(&target.path).ok_or(ParseError::NotFound)?;
        let Some(asked) = target.first(SIZE) else {
            return Ok(Asked::Original(source));
        };
        let asked = std::str::from_utf8(asked).ok().and_then(size);
        let Size { width, height } = self.nearest(asked);
        let resize = Resize {
            width: Some(width),
            height: Some(height),
            fit: Fit::Cover,
            enlarge: Enlarge::Allow,
            gravity: Gravity::Centre,
            extend: Extend::Copy,
        };
        let operations = vec![Operation::Orient, Operation::Resize(resize)];
        let steps = vec![Step {
            operations,
            on_failure: OnFailure::Fail,
        }];
        let action = Action::Transform {
            steps,
            output: Output::default(),
        };
        Ok(Asked::Rendition(ImageRequest {
            source,
            overlays: vec![],
            action,
            auto: true,
            expires: None,
        }))
    }

    /// The first size that is near on both sides.
    fn nearest(&self, asked: Option<Size>) -> Size {
        let near = |side: u32, asked: u32| {
            u64::from(side.abs_diff(asked)) * 100
                <= u64::from(side) * u64::from(self.0.tolerance_percent)
        };
        let fits = |asked: Size| {
            let mut sizes = self.0.sizes.iter();
            sizes.find(|size| near(size.width, asked.width) && near(size.height, asked.height))
        };
        *asked.and_then(fits).unwrap_or(&self.0.default_size)
    }

    fn source(&self, path: &[u8]) -> Option<Source> {
        let path = std::str::from_utf8(path).ok()?.strip_prefix('/')?;
        let prefix = self.0.path_prefix.trim_matches('/');
        let below = if prefix.is_empty() {
            path
        } else {
            path.strip_prefix(prefix)?.strip_prefix('/')?
        };
        let plain = |part: &str| {
            !matches!(part, "" | "." | "..")
                && !part.contains(|c: char| c.is_control() || c == '\\')
        };
        let (name, extension) = below.rsplit_once('.')?;
        let known = EXTENSIONS
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known));
        if !known || name.is_empty() || name.ends_with('/') || !below.split('/').all(plain) {
            return None;
        }
        match &self.0.base {
            Base::Mount => (path.len() <= SOURCE_BYTES_MAX).then(|| Source::File(path.to_owned())),
            Base::Url(base) => imaginary::url_source(&joined(base, path)),
        }
    }
}

/// `path` below `base`, with everything escaped that is not plain.
fn joined(base: &str, path: &str) -> String {
    let mut url = format!("{}/", base.trim_end_matches('/')).into_bytes();
    for byte in path.bytes() {
        if byte == b'/' || is_unreserved(byte) {
            url.push(byte);
        } else {
            escape(byte, &mut url);
        }
    }
    String::from_utf8_lossy(&url).into_owned()
}

/// `WxH`, digits only.
fn size(text: &str) -> Option<Size> {
    let (width, height) = text.split_once('x')?;
    let side = |text: &str| {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            text.parse().ok()
        } else {
            None
        }
    };
    Some(Size {
        width: side(width)?,
        height: side(height)?,
    })
}

#[cfg(test)]
mod tests;
