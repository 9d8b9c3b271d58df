//! `file`, `url` and `image` become sources. Whether a source may be read is decided where it is opened;
//! here it only has to be one.

use super::table::Parameter;
use super::values::Values;
use crate::dialect::{Method, Sources};
use crate::error::ParseError;
use crate::image_request::Source;
use crate::limits::SOURCE_BYTES_MAX;
use crate::target::{Plus, decode};

/// The source that a request names.
pub(super) fn choose(
    values: &Values,
    method: Method,
    sources: Sources,
) -> Result<Source, ParseError> {
    if method == Method::Post {
        return Ok(Source::Upload);
    }
    let file = values.text(Parameter::File).and_then(unescape_again);
    let url = values.text(Parameter::Url);
    match (file, url) {
        (Some(name), None) if sources.file => file_named(&name?).ok_or(ParseError::InvalidFile),
        (None, Some(text)) if sources.bucket && is_object(text) => {
            plain(text).ok_or(ParseError::InvalidUrl)
        }
        (None, Some(text)) if sources.url => self::url(text).ok_or(ParseError::InvalidUrl),
        // None, one that is switched off, or both at once: which one counts would be a matter of luck.
        _ => Err(ParseError::NoSource),
    }
}

/// imaginary unescapes a file's name once more than a query: `large%2520image.jpg` names `large image.jpg`.
/// `None` if that cannot be done: then there is no name.
fn unescape_again(name: &str) -> Option<Result<String, ParseError>> {
    let bytes = decode(name, Plus::Space)?;
    Some(String::from_utf8(bytes).map_err(|_| ParseError::InvalidFile))
}

fn file_named(name: &str) -> Option<Source> {
    let usable = name.len() <= SOURCE_BYTES_MAX && !name.contains('\0');
    usable.then(|| Source::File(name.to_owned()))
}

/// What `image` lays over the picture: a URL, or a plain name below the mount, each where it is a source too.
/// A URL that is switched off is refused where it would be fetched.
pub(super) fn overlay(text: &str, sources: Sources) -> Option<Source> {
    if !text.contains("://") {
        return file_named(text).filter(|_| sources.file);
    }
    if sources.bucket && is_object(text) {
        return plain(text);
    }
    url(text)
}

/// An `http` or `https` URL with something behind it, and nothing that a header or a log would trip over.
pub(in crate::dialect) fn url(text: &str) -> Option<Source> {
    let (scheme, _) = text.split_once("://")?;
    let known = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    known.then(|| plain(text)).flatten()
}

/// Whether it names an object of a bucket.
fn is_object(text: &str) -> bool {
    ["s3://", "gs://", "az://"]
        .iter()
        .any(|scheme| text.starts_with(scheme))
}

fn plain(text: &str) -> Option<Source> {
    let (_, rest) = text.split_once("://")?;
    let clean = !text.contains(|character: char| character.is_control() || character == ' ');
    let named = !rest.is_empty() && !rest.starts_with(['/', '?', '#']);
    (clean && named && text.len() <= SOURCE_BYTES_MAX).then(|| Source::Url(text.to_owned()))
}
