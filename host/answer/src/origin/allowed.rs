//! One entry of the allow-list, in imaginary's grammar: `http(s)://[*.]host[:port][/path[*]]`. An
//! entry is read strictly at start; afterwards it only says whether a URL is one of its own. The
//! scheme of an entry is ignored, as imaginary ignores it.

use std::str::FromStr;

use percent_encoding::percent_decode_str;
use url::{Host, Url};

use super::error::RuleError;

/// Host, port and path prefix that a source may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedOrigin {
    host: HostRule,
    /// Without one, a URL must have the port of its own scheme.
    port: Option<u16>,
    /// Percent-decoded.
    path_prefix: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum HostRule {
    Exactly(String),
    /// The name itself and every name below it.
    AtOrBelow(String),
}

impl AllowedOrigin {
    /// Read one entry. Without a scheme it is an error, never an entry that matches nothing.
    pub fn parse(entry: &str) -> Result<Self, RuleError> {
        read(entry.trim()).map_err(|reason| RuleError::AllowedOrigin {
            entry: entry.to_owned(),
            reason,
        })
    }

    /// Whether `url` has this host, this port and a path under this prefix.
    pub fn covers(&self, url: &Url) -> bool {
        let port_fits = match self.port {
            Some(port) => url.port_or_known_default() == Some(port),
            None => url.port().is_none(),
        };
        port_fits
            && url.host_str().is_some_and(|host| self.host.covers(host))
            && self.covers_path(url.path())
    }

    fn covers_path(&self, path: &str) -> bool {
        if self.path_prefix == b"/" {
            return true;
        }
        let path: Vec<u8> = percent_decode_str(path).collect();
        // `Url` has resolved plain dot segments. One that is left hides behind an encoded slash, and
        // an origin that decodes it would leave the prefix.
        let climbs = path
            .split(|byte| matches!(byte, b'/' | b'\\'))
            .any(|segment| segment == b"..");
        !climbs && path.starts_with(&self.path_prefix)
    }
}

impl FromStr for AllowedOrigin {
    type Err = RuleError;

    fn from_str(entry: &str) -> Result<Self, Self::Err> {
        Self::parse(entry)
    }
}

impl HostRule {
    fn covers(&self, host: &str) -> bool {
        match self {
            Self::Exactly(name) => host == name,
            Self::AtOrBelow(name) => {
                host == name
                    || host
                        .strip_suffix(name.as_str())
                        .is_some_and(|below| below.ends_with('.'))
            }
        }
    }
}

fn read(entry: &str) -> Result<AllowedOrigin, &'static str> {
    let (scheme, rest) = entry
        .split_once("://")
        .ok_or("must begin with http:// or https://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Err("only http and https are possible");
    }
    let (below, rest) = rest
        .strip_prefix("*.")
        .map_or((false, rest), |rest| (true, rest));
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    if authority.contains(['*', '@']) || authority.is_empty() {
        return Err("must name one host, or *.host for a host and all below it");
    }
    let url = Url::parse(&format!("{scheme}://{rest}")).map_err(|_| "is not a URL")?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err("cannot have a query or a fragment");
    }
    let name = url.host_str().ok_or("must name a host")?.to_owned();
    let host = match (below, url.host()) {
        (false, _) => HostRule::Exactly(name),
        (true, Some(Host::Domain(_))) => HostRule::AtOrBelow(name),
        (true, _) => return Err("no name is below an address"),
    };
    Ok(AllowedOrigin {
        host,
        port: explicit_port(authority),
        path_prefix: path_prefix(url.path()),
    })
}

/// The port as it is written, even where it is the scheme's own and `Url` forgets it.
fn explicit_port(authority: &str) -> Option<u16> {
    let (_, port) = authority.rsplit_once(':')?;
    port.parse().ok()
}

/// A path covers what lies below it; one that ends in `*` covers everything that begins so.
fn path_prefix(path: &str) -> Vec<u8> {
    let (path, end) = match path.strip_suffix('*') {
        Some(beginning) => (beginning, None),
        None if path.ends_with('/') => (path, None),
        None => (path, Some(b'/')),
    };
    percent_decode_str(path).chain(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(entry: &str, url: &str) -> bool {
        AllowedOrigin::parse(entry)
            .unwrap()
            .covers(&Url::parse(url).unwrap())
    }

    #[test]
    fn a_host_is_equal_or_not_covered() {
        assert!(covers("https://a.test", "https://a.test/x.jpg"));
        assert!(
            covers("https://A.test/", "http://a.TEST/x.jpg"),
            "scheme and case do not matter"
        );
        assert!(covers(
            "https://münchen.test",
            "https://xn--mnchen-3ya.test/"
        ));
        for url in [
            "https://b.a.test/",
            "https://a.test.evil/",
            "https://evila.test/",
            "https://a.test@evil.test/",
        ] {
            assert!(!covers("https://a.test", url), "{url}");
        }
    }

    #[test]
    fn a_wildcard_covers_the_name_and_all_below_it() {
        for url in [
            "https://a.test/",
            "https://b.a.test/",
            "https://c.b.a.test/x",
        ] {
            assert!(covers("https://*.a.test", url), "{url}");
        }
        for url in ["https://xa.test/", "https://a.test.evil/", "https://test/"] {
            assert!(!covers("https://*.a.test", url), "{url}");
        }
    }

    #[test]
    fn a_port_is_part_of_the_host() {
        assert!(covers("http://a.test:8080", "http://a.test:8080/"));
        assert!(!covers("http://a.test:8080", "http://a.test/"));
        assert!(!covers("http://a.test", "http://a.test:8080/"));
        assert!(covers("https://a.test:443", "https://a.test/"));
        assert!(!covers("https://a.test:443", "http://a.test/"));
        assert!(covers("http://[fd00::1]:81/", "http://[fd00:0::1]:81/x"));
        assert!(!covers("http://[fd00::1]", "http://[fd00::1]:81/x"));
        assert!(covers("http://*.a.test:81", "http://b.a.test:81/"));
    }

    #[test]
    fn a_path_covers_what_lies_below_it() {
        assert!(covers("https://a.test/pics", "https://a.test/pics/x.jpg"));
        assert!(covers("https://a.test/pics/", "https://a.test/pics/"));
        assert!(covers(
            "https://a.test/my%20pics",
            "https://a.test/my%20pics/x"
        ));
        assert!(covers("https://a.test/pics", "https://a.test/%70ics/x"));
        for url in ["/pics", "/pics-private/x", "/pic", "/", "/x/pics/x"] {
            assert!(
                !covers("https://a.test/pics", &format!("https://a.test{url}")),
                "{url}"
            );
        }
    }

    #[test]
    fn a_star_makes_the_path_a_plain_prefix() {
        for path in ["/pics", "/pics-private/x", "/pics/x"] {
            assert!(
                covers("https://a.test/pics*", &format!("https://a.test{path}")),
                "{path}"
            );
        }
        assert!(!covers("https://a.test/pics*", "https://a.test/pic"));
        assert!(covers("https://a.test/*", "https://a.test/"));
    }

    #[test]
    fn no_spelling_climbs_out_of_a_path() {
        for path in [
            "/pics/../x",
            "/pics/%2e%2E/x",
            "/pics/..%2fx",
            "/pics/%2e%2e%2fx",
            "/pics/..%5cx",
            "/pics\\..\\x",
        ] {
            let url = format!("https://a.test{path}");
            assert!(!covers("https://a.test/pics", &url), "{path}");
            assert!(!covers("https://a.test/pics*", &url), "{path}");
            assert!(covers("https://a.test", &url), "{path}");
        }
        assert!(covers(
            "https://a.test/pics",
            "https://a.test/pics/..x/a..b"
        ));
    }

    #[test]
    fn entries_that_cannot_be_are_refused() {
        for entry in [
            "",
            "a.test",
            "a.test/pics",
            "//a.test",
            "ftp://a.test",
            "https://",
            "https://*",
            "https://*.",
            "https://a.*.test",
            "https://*a.test",
            "https://user@a.test",
            "https://a.test/?x",
            "https://a.test#x",
            "https://*.10.0.0.1",
            "https://*.[::1]",
            "https://a.test:99999",
            "https://a b.test",
        ] {
            assert!(AllowedOrigin::parse(entry).is_err(), "{entry:?}");
        }
    }
}
