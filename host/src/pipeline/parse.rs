//! `Signed` → `ImageRequest`: what the URL means, by the dialects' rules.

use http::Method;
use request::dialect::{self, Rules};
use request::image_request::ImageRequest;
use request::signature::Signed;

use crate::error::Error;

/// Read a URL that was let in. The method says where the source is: in the URL, or in the body.
pub(super) fn parse(
    rules: &Rules,
    signed: &Signed,
    method: &Method,
) -> Result<ImageRequest, Error> {
    let method = match *method {
        Method::GET | Method::HEAD => dialect::Method::Get,
        Method::POST => dialect::Method::Post,
        _ => return Err(Error::Method),
    };
    Ok(rules.parse(signed, method)?)
}
