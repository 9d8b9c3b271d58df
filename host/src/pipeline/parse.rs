//! `Signed` → `ImageRequest`: what the URL means, by the dialects' rules.

use http::Method;
use request::dialect::Rules;
use request::image_request::ImageRequest;
use request::signature::Signed;

use crate::error::Error;

/// Read a URL that was let in. The method says where the source is: in the URL, or in the body.
pub(super) fn parse(rules: &Rules, signed: &Signed, method: &Method) -> Result<ImageRequest, Error> {
    let carrier = match *method {
        Method::GET | Method::HEAD => request::dialect::Carrier::Url,
        Method::POST => request::dialect::Carrier::Body,
        _ => return Err(Error::Method),
    };
    Ok(rules.parse(signed, carrier)?)
}
