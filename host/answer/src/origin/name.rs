//! What an origin is called in errors. A URL comes in; only the parts of it go out that hold no secret.

use std::fmt;

use url::Url;

/// As much of a source's URL as may be repeated: never userinfo, query or fragment. Displays as
/// the host, with its port where that is not the scheme's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginName {
    scheme: String,
    host: String,
    path: String,
}

impl OriginName {
    /// Of a URL.
    pub fn of(url: &Url) -> Self {
        let host = url.host_str().unwrap_or_default();
        Self {
            scheme: url.scheme().to_owned(),
            host: url
                .port()
                .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
            path: url.path().to_owned(),
        }
    }

    /// Of a source's URL; nothing where it is none.
    pub fn parse(url: &str) -> Option<Self> {
        Url::parse(url).ok().as_ref().map(Self::of)
    }

    /// Host and path, as imaginary names an origin.
    pub fn place(&self) -> String {
        format!("{}{}", self.host, self.path)
    }

    /// Scheme and host: a path may be as long as its origin likes.
    pub fn site(&self) -> String {
        format!("{}://{}", self.scheme, self.host)
    }

    /// Scheme, host and path.
    pub fn url(&self) -> String {
        format!("{}://{}{}", self.scheme, self.host, self.path)
    }
}

impl fmt::Display for OriginName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_holds_no_secret() {
        let url = Url::parse("https://user:pass@a.test:8443/b/c.jpg?token=1#frag").unwrap();
        let name = OriginName::of(&url);
        assert_eq!(name.url(), "https://a.test:8443/b/c.jpg");
        assert_eq!(name.place(), "a.test:8443/b/c.jpg");
        assert_eq!(name.to_string(), "a.test:8443");
    }
}
