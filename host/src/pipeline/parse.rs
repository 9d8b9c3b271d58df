//! `Signed` → `ImageRequest`: what the URL means, by the dialects' rules.

use http::Method;
use request::dialect::{self, Rules, Sources};
use request::error::ParseError;
use request::image_request::ImageRequest;
use request::signature::Signed;

use crate::error::Error;

/// Where the source is: in the URL, or in the body. A GET that could name none is refused here already,
/// before anything else is asked of it, as in imaginary.
pub(super) fn way(rules: &Rules, method: &Method) -> Result<dialect::Method, Error> {
    match *method {
        Method::GET | Method::HEAD if rules.sources == Sources::default() => {
            Err(ParseError::NoSourceConfigured.into())
        }
        Method::GET | Method::HEAD => Ok(dialect::Method::Get),
        Method::POST => Ok(dialect::Method::Post),
        _ => Err(Error::Method),
    }
}

/// Read a URL that was let in.
pub(super) fn parse(
    rules: &Rules,
    signed: &Signed,
    way: dialect::Method,
) -> Result<ImageRequest, Error> {
    Ok(rules.parse(signed, way)?)
}
