//! One request on the way to a source, and where its answer leads. The way is walked by hand so that
//! every hop passes the guard, and so that credentials stay behind when the host changes.

use http::StatusCode;
use http::header;
use reqwest::Response;
use url::Url;

use crate::origins::guard;
use crate::origins::name::OriginName;

/// A URL to be fetched, and what is known of the way to it.
pub(super) struct Hop {
    pub(super) url: Url,
    way: Way,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The client's own URL.
    First,
    /// Every redirect so far stayed on the host.
    SameHost,
    /// Another host has been on the way, so that credentials are gone for good.
    Elsewhere,
}

/// Where an answer leads.
pub(super) enum Leads {
    /// It is no redirect.
    Here,
    /// There, if the guard allows it.
    To(Hop),
    /// To something that is no web address; as text, for the log.
    Nowhere(String),
}

impl Hop {
    pub(super) fn first(url: Url) -> Self {
        Self {
            url,
            way: Way::First,
        }
    }

    pub(super) fn name(&self) -> OriginName {
        OriginName::of(&self.url)
    }

    pub(super) fn is_redirected(&self) -> bool {
        self.way != Way::First
    }

    pub(super) fn credentials_kept(&self) -> bool {
        self.way != Way::Elsewhere
    }

    pub(super) fn leads(&self, answer: &Response) -> Leads {
        let is_redirect = matches!(
            answer.status(),
            StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT
        );
        let Some(location) = answer
            .headers()
            .get(header::LOCATION)
            .filter(|_| is_redirect)
        else {
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
