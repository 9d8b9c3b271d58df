//! One request on the way to a source, and where its answer leads. The way is walked by hand so that
//! every hop passes the guard, and so that credentials stay behind when the host changes.

use std::time::Duration;

use http::header;
use http::{HeaderMap, StatusCode};
use url::Url;

use super::error::FetchError;
use super::guard::{self, Refusal};
use super::name::OriginName;

/// A URL to be fetched, and what is known of the way to it.
#[derive(Debug)]
pub struct Hop {
    /// Where to.
    pub url: Url,
    way: Way,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The client's own URL.
    First,
    /// Every redirect so far stayed on the host.
    SameHost,
    /// Another host has been on the way, so that credentials are gone for good.
    Elsewhere,
}

/// Where an answer leads.
#[derive(Debug)]
pub enum Leads {
    /// It is no redirect.
    Here,
    /// There, if the guard allows it.
    To(Hop),
    /// To something that is no web address; as text, for the log.
    Nowhere(String),
}

impl Hop {
    /// The client's own URL.
    pub fn first(url: Url) -> Self {
        Self {
            url,
            way: Way::First,
        }
    }

    /// What it is called in messages.
    pub fn name(&self) -> OriginName {
        OriginName::of(&self.url)
    }

    /// Whether an origin has sent us here.
    pub fn is_redirected(&self) -> bool {
        self.way != Way::First
    }

    /// Whether credentials for the first URL may be shown.
    pub fn credentials_kept(&self) -> bool {
        self.way != Way::Elsewhere
    }

    /// Where an answer with this status and these headers leads.
    pub fn leads(&self, status: StatusCode, headers: &HeaderMap) -> Leads {
        let is_redirect = matches!(
            status,
            StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT
        );
        let Some(location) = headers.get(header::LOCATION).filter(|_| is_redirect) else {
            return Leads::Here;
        };
        let next = location
            .to_str()
            .ok()
            .and_then(|location| self.next(location));
        next.map_or_else(
            || Leads::Nowhere("something that is not a web address".to_owned()),
            Leads::To,
        )
    }

    fn next(&self, location: &str) -> Option<Self> {
        let mut url = guard::follow(&self.url, location)?;
        let stays = self.credentials_kept() && guard::is_same_host(&self.url, &url);
        // Userinfo is the client's or nobody's: whatever the origin wrote there is dropped.
        let (username, password) = if stays {
            (self.url.username(), self.url.password())
        } else {
            ("", None)
        };
        url.set_username(username).ok()?;
        url.set_password(password).ok()?;
        Some(Self {
            url,
            way: if stays { Way::SameHost } else { Way::Elsewhere },
        })
    }
}

/// Only 200 is a picture: 206 is a part of one, 204 is none, and neither is a 304.
pub fn is_whole(status: StatusCode) -> bool {
    status == StatusCode::OK
}

/// `Retry-After` in seconds; its other form, a date, is rare enough not to be read.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}

/// The client chose the first URL, but where it redirects to is the origin's doing.
pub fn refused(refusal: Refusal, origin: &OriginName, hop: &Hop) -> FetchError {
    let origin = origin.clone();
    match refusal {
        _ if hop.is_redirected() => FetchError::RedirectNotAllowed {
            origin,
            target: hop.name().site(),
        },
        Refusal::NotListed => FetchError::OriginNotAllowed(origin),
        Refusal::Address => FetchError::AddressNotAllowed(origin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(first: &str, locations: &[&str]) -> (String, bool) {
        let first = Hop::first(Url::parse(first).unwrap());
        let last = locations
            .iter()
            .fold(first, |hop, location| hop.next(location).unwrap());
        let kept = last.credentials_kept();
        (last.url.into(), kept)
    }

    #[test]
    fn userinfo_follows_to_the_same_host_only() {
        let first = "http://u:p%40@a.test/x";
        for (locations, url, kept) in [
            (&["/y"][..], "http://u:p%40@a.test/y", true),
            (&["http://a.test/y"], "http://u:p%40@a.test/y", true),
            (&["https://a.test/y"], "https://u:p%40@a.test/y", true),
            (&["//a.test:81/y"], "http://a.test:81/y", false),
            (&["http://b.test/y"], "http://b.test/y", false),
            (
                &["http://b.test/y", "http://a.test/z"],
                "http://a.test/z",
                false,
            ),
            (
                &["https://a.test/y", "http://a.test/z"],
                "http://a.test/z",
                false,
            ),
            (&["http://v:w@a.test/y"], "http://u:p%40@a.test/y", true),
            (&["http://v:w@b.test/y"], "http://b.test/y", false),
        ] {
            assert_eq!(
                walk(first, locations),
                (url.to_owned(), kept),
                "{locations:?}"
            );
        }
    }

    #[test]
    fn a_redirect_stays_on_the_web() {
        let first = Hop::first(Url::parse("http://a.test/x").unwrap());
        for location in [
            "file:///etc/passwd",
            "ftp://a.test/",
            "data:,",
            "http://",
            "http://[::1",
        ] {
            assert!(first.next(location).is_none(), "{location}");
        }
    }
}
