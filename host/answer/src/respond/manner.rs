//! How an operator wants renditions to be answered: how long others may keep them, and whether headers
//! tell their size. Laid over the headers of a success, never over those of an error.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use http::header::{AGE, CACHE_CONTROL, EXPIRES, HeaderName, HeaderValue};

use super::{CACHE_STATUS, freshness};

const IMAGE_WIDTH: HeaderName = HeaderName::from_static("image-width");
const IMAGE_HEIGHT: HeaderName = HeaderName::from_static("image-height");

/// What was configured.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// Seconds that others may keep a rendition; `None` is darkroom's own rule.
    pub cache_ttl_seconds: Option<u32>,
    /// Whether the size stands in headers.
    pub return_size: bool,
}

impl Manner {
    /// Say how large a picture is, if that is wanted.
    pub fn tell_size(self, (width, height): (u32, u32), headers: &mut HeaderMap) {
        if self.return_size {
            headers.insert(IMAGE_WIDTH, HeaderValue::from(width));
            headers.insert(IMAGE_HEIGHT, HeaderValue::from(height));
        }
    }

    /// Say how long it may be kept: as long as was configured, and no longer than the URL lives. `life` is
    /// now and that end; without one nothing is said. That time begins now, so the age is none.
    pub fn tell_life(self, life: Option<(SystemTime, Option<u64>)>, headers: &mut HeaderMap) {
        let (Some(seconds), Some((now, expires))) = (self.cache_ttl_seconds, life) else {
            return;
        };
        let since_1970 = now
            .duration_since(UNIX_EPOCH)
            .map_or(0, |time| time.as_secs());
        let left = expires.map_or(u64::MAX, |end| end.saturating_sub(since_1970));
        let seconds = u64::from(seconds).min(left);
        let control = if seconds == 0 {
            "private, no-cache, no-store, must-revalidate".to_owned()
        } else {
            format!("public, s-maxage={seconds}, max-age={seconds}, no-transform")
        };
        if headers.contains_key(AGE) {
            headers.insert(AGE, HeaderValue::from(0));
        }
        if let Some(status) = headers.get_mut(CACHE_STATUS) {
            freshness::tell_ttl(status, seconds);
        }
        let end = httpdate::fmt_http_date(now + Duration::from_secs(seconds));
        for (name, value) in [(CACHE_CONTROL, control), (EXPIRES, end)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(cache_ttl_seconds: Option<u32>, expires: Option<u64>) -> (String, String) {
        let manner = Manner {
            cache_ttl_seconds,
            return_size: false,
        };
        let mut headers = HeaderMap::new();
        let now = UNIX_EPOCH + Duration::from_secs(1000);
        manner.tell_life(Some((now, expires)), &mut headers);
        let text = |name| {
            let value = headers
                .get(name)
                .map(|value: &HeaderValue| value.to_str().unwrap());
            value.unwrap_or_default().to_owned()
        };
        (text(CACHE_CONTROL), text(EXPIRES))
    }

    #[test]
    fn what_was_made_long_ago_lives_from_now_on() {
        let manner = Manner {
            cache_ttl_seconds: Some(3600),
            return_size: false,
        };
        let said = |status: &'static str, age: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(CACHE_STATUS, HeaderValue::from_static(status));
            if let Some(age) = age {
                headers.insert(AGE, HeaderValue::from_static(age));
            }
            manner.tell_life(Some((UNIX_EPOCH, None)), &mut headers);
            [CACHE_STATUS, AGE].map(|name| headers.get(name).cloned())
        };
        let value = |text| Some(HeaderValue::from_static(text));
        assert_eq!(
            said("darkroom; hit; ttl=31535000; detail=disk", Some("1000")),
            [value("darkroom; hit; ttl=3600; detail=disk"), value("0")]
        );
        let stored = "darkroom; fwd=miss; stored";
        assert_eq!(said(stored, None), [value(stored), None]);
    }

    #[test]
    fn a_life_ends_with_its_url() {
        let hour = "Thu, 01 Jan 1970 01:16:40 GMT".to_owned();
        let control = |n: u32| format!("public, s-maxage={n}, max-age={n}, no-transform");
        assert_eq!(told(None, Some(2000)), (String::new(), String::new()));
        assert_eq!(told(Some(3600), None), (control(3600), hour.clone()));
        assert_eq!(told(Some(3600), Some(9000)), (control(3600), hour));
        assert_eq!(told(Some(3600), Some(1010)).0, control(10));
        let forbidden = "private, no-cache, no-store, must-revalidate";
        assert_eq!(told(Some(0), None).0, forbidden);
        assert_eq!(told(Some(3600), Some(1000)).0, forbidden);
    }
}
