//! What answers look like: how long others keep them, what their headers tell, in which formats, and
//! which picture stands in for one that could not be made.

use std::path::PathBuf;

use clap::Args;
use http::StatusCode;
use request::negotiate::AUTO_FORMATS;
use request::operation::Format;

use super::ConfigError;
use super::check::refuse;

/// A year: imaginary's limit, and the longest that caches take seriously.
const CACHE_TTL_SECONDS_MAX: i64 = 31_556_926;
/// Bytes of a placeholder: it is held in memory for as long as the server runs.
const PLACEHOLDER_BYTES_MAX: u64 = 8 << 20;
/// imaginary's built-in grey square was 400 by 400, and so is this.
const PLACEHOLDER: &[u8] = include_bytes!("../server/placeholder.jpg");

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Answers")]
pub struct Settings {
    /// Seconds that others may keep a rendition; 0 forbids it, -1 leaves it to darkroom: a year for a
    /// signed URL, never beyond its `expires`, a day for an unsigned one [default: -1]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub http_cache_ttl: Option<i64>,

    /// Tell the size of a rendition in the headers Image-Width and Image-Height
    #[arg(long)]
    pub return_size: Option<bool>,

    /// Formats that `type=auto` chooses from, best first; `webp,png,jpeg` is imaginary's choice [default: avif,webp]
    #[arg(long, value_name = "FORMAT,…", value_delimiter = ',')]
    pub auto_formats: Option<Vec<String>>,

    /// Refuse unknown parameters with 400 instead of ignoring them
    #[arg(long)]
    pub strict: Option<bool>,

    /// Answer errors with the built-in grey picture, in the size and type asked for; what went wrong
    /// stands in the header `Error`
    #[arg(long)]
    pub enable_placeholder: Option<bool>,

    /// Answer errors with this picture
    #[arg(long, value_name = "FILE")]
    pub placeholder: Option<PathBuf>,

    /// Status of an answer with a placeholder; 0 is the error's own [default: 0]
    #[arg(long, value_name = "STATUS")]
    pub placeholder_status: Option<u16>,
}

/// How answers look.
#[derive(Debug, Clone)]
pub struct Config {
    /// Seconds that others may keep a rendition; `None` is darkroom's own rule.
    pub cache_ttl_seconds: Option<u32>,
    /// Whether headers tell a rendition's size.
    pub return_size: bool,
    /// What `type=auto` chooses from.
    pub auto_formats: Vec<Format>,
    /// Whether unknown parameters are refused.
    pub strict: bool,
    /// What stands in for a rendition.
    pub placeholder: Option<Placeholder>,
}

/// The picture that stands in.
#[derive(Debug, Clone)]
pub struct Placeholder {
    /// As it is in its file.
    pub bytes: bytes::Bytes,
    /// In place of the error's own.
    pub status: Option<StatusCode>,
}

impl Settings {
    /// The defaults where nothing was said, and what may not be, refused.
    pub(super) fn check(self) -> Result<Config, ConfigError> {
        Ok(Config {
            cache_ttl_seconds: cache_ttl(self.http_cache_ttl.unwrap_or(-1))?,
            return_size: self.return_size.unwrap_or(false),
            auto_formats: formats(self.auto_formats.as_deref())?,
            strict: self.strict.unwrap_or(false),
            placeholder: self.placeholder()?,
        })
    }

    fn placeholder(&self) -> Result<Option<Placeholder>, ConfigError> {
        let status = match self.placeholder_status {
            None | Some(0) => None,
            Some(code) => Some(status(code)?),
        };
        let bytes = match &self.placeholder {
            Some(path) => {
                let refused =
                    |why: String| refuse("placeholder", format!("{}: {why}", path.display()));
                let size = std::fs::metadata(path).map_err(|error| refused(error.to_string()))?;
                if size.len() > PLACEHOLDER_BYTES_MAX {
                    return Err(refused(format!(
                        "{} bytes are too many; at most {PLACEHOLDER_BYTES_MAX}",
                        size.len()
                    )));
                }
                std::fs::read(path)
                    .map_err(|error| refused(error.to_string()))?
                    .into()
            }
            None if self.enable_placeholder.unwrap_or(false) => {
                bytes::Bytes::from_static(PLACEHOLDER)
            }
            None => return Ok(None),
        };
        Ok(Some(Placeholder { bytes, status }))
    }
}

fn cache_ttl(seconds: i64) -> Result<Option<u32>, ConfigError> {
    match seconds {
        -1 => Ok(None),
        0..=CACHE_TTL_SECONDS_MAX => Ok(Some(seconds as u32)),
        _ => Err(refuse(
            "http-cache-ttl",
            format!("{seconds} is not between -1 and {CACHE_TTL_SECONDS_MAX}"),
        )),
    }
}

fn status(code: u16) -> Result<StatusCode, ConfigError> {
    StatusCode::from_u16(code)
        .ok()
        .filter(|status| (200..=599).contains(&status.as_u16()) && code != 204 && code != 304)
        .ok_or_else(|| {
            refuse(
                "placeholder-status",
                format!("{code} is no status that a picture can come with; 200 to 599"),
            )
        })
}

fn formats(names: Option<&[String]>) -> Result<Vec<Format>, ConfigError> {
    let Some(names) = names else {
        return Ok(AUTO_FORMATS.to_vec());
    };
    names
        .iter()
        .map(|name| name.trim())
        .filter(|name| !name.is_empty())
        .map(|name| match name.to_ascii_lowercase().as_str() {
            "avif" => Ok(Format::Avif),
            "webp" => Ok(Format::Webp),
            "png" => Ok(Format::Png),
            "jpeg" | "jpg" => Ok(Format::Jpeg),
            _ => Err(refuse(
                "auto-formats",
                format!("`{name}` is none of avif, webp, png, jpeg"),
            )),
        })
        .collect()
}
