//! What may be fetched at all. A URL comes in, the client's or a redirect's; out comes whether a
//! request for it may be sent and whether it may carry credentials. No socket is opened here, and
//! no name resolved: the addresses of names are checked in `resolve`, when a connection is made.

use std::net::IpAddr;

use url::{Host, Url};

use super::address::AddressRules;
use super::allowed::AllowedOrigin;

/// The allow-list and the rules for addresses.
#[derive(Debug)]
pub struct Guard {
    /// Empty: any public origin.
    pub allowed: Vec<AllowedOrigin>,
    /// Which addresses.
    pub rules: AddressRules,
}

/// What an origin that may be fetched from is known as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// An entry of the allow-list names it: it may see credentials.
    Listed,
    /// There is no allow-list, so that any public origin will do.
    Stranger,
}

/// Why a URL may not be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The allow-list does not name it.
    NotListed,
    /// The host is an address, and not one that may be connected to.
    Address,
}

/// A client's `url=`: absolute, and `http` or `https`.
pub fn parse(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(is_web)
}

/// Where a redirect leads: relative to `from`, and `http` or `https` again.
pub fn follow(from: &Url, location: &str) -> Option<Url> {
    from.join(location).ok().filter(is_web)
}

/// Whether credentials for `first` may be shown to `second`: the same host and port, or the same
/// host once it insists on TLS.
pub fn is_same_host(first: &Url, second: &Url) -> bool {
    let upgraded = (first.scheme(), second.scheme()) == ("http", "https")
        && first.port().is_none()
        && second.port().is_none();
    let unchanged = first.scheme() == second.scheme() && first.port() == second.port();
    first.host() == second.host() && (unchanged || upgraded)
}

impl Guard {
    /// Whether a request to `url` may be sent.
    pub fn check(&self, url: &Url) -> Result<Standing, Refusal> {
        let standing = self.standing(url).ok_or(Refusal::NotListed)?;
        // `Url` has read every spelling of an address by now: decimal, octal, hexadecimal, short.
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) | None => return Ok(standing),
        };
        if self.rules.permit(address) {
            Ok(standing)
        } else {
            Err(Refusal::Address)
        }
    }

    fn standing(&self, url: &Url) -> Option<Standing> {
        if self.allowed.is_empty() {
            return Some(Standing::Stranger);
        }
        self.allowed
            .iter()
            .any(|entry| entry.covers(url))
            .then_some(Standing::Listed)
    }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(allowed: &[&str]) -> Guard {
        let allowed = allowed.iter().map(|entry| entry.parse().unwrap()).collect();
        Guard {
            allowed,
            rules: AddressRules::default(),
        }
    }

    fn url(text: &str) -> Url {
        parse(text).unwrap()
    }

    #[test]
    fn only_absolute_web_urls_are_urls() {
        for text in [
            "",
            "a.test/x.jpg",
            "/x.jpg",
            "//a.test/x",
            "file:///etc/passwd",
            "ftp://a.test/",
            "http://",
            "data:image/png;base64,",
            "gopher://a.test/",
            "unix:/run/x.sock",
            "http://a b/",
            "http://[::1",
            "http://1.2.3.256/",
        ] {
            assert!(parse(text).is_none(), "{text:?}");
        }
        assert!(parse("HTTPS://a.test").is_some());
    }

    #[test]
    fn an_address_is_recognised_in_every_spelling() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "017700000001",
            "127.0.0.1.",
            "%31%32%37.0.0.1",
            "①②⑦.0.0.1",
            "0",
            "0x0",
            "169.254.169.254",
            "2852039166",
            "0xA9FEA9FE",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[0:0:0:0:0:ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b::127.0.0.1]",
            "[2002:7f00:1::]",
            "[2001:0:4136:e378::]",
            "[fe80::1]",
            "[fd00:ec2::254]",
        ] {
            assert_eq!(
                guard(&[]).check(&url(&format!("http://{host}/x"))),
                Err(Refusal::Address),
                "{host}"
            );
        }
        assert_eq!(
            guard(&[]).check(&url("http://0x08080808/x")),
            Ok(Standing::Stranger)
        );
        assert_eq!(
            guard(&[]).check(&url("http://[64:ff9b::808:808]/x")),
            Ok(Standing::Stranger)
        );
    }

    #[test]
    fn an_allow_list_does_not_make_an_address_public() {
        let guard = guard(&["http://127.0.0.1", "http://8.8.8.8"]);
        assert_eq!(
            guard.check(&url("http://127.0.0.1/x")),
            Err(Refusal::Address)
        );
        assert_eq!(guard.check(&url("http://8.8.8.8/x")), Ok(Standing::Listed));
        assert_eq!(
            guard.check(&url("http://8.8.4.4/x")),
            Err(Refusal::NotListed)
        );
    }

    #[test]
    fn credentials_stay_with_their_host() {
        let same = |first, second| is_same_host(&url(first), &url(second));
        assert!(same("http://a.test/x", "http://a.test:80/y"));
        assert!(same("http://a.test/x", "https://a.test/y"));
        assert!(same("https://a.test:8443/x", "https://A.test:8443/y"));
        assert!(!same("https://a.test/x", "http://a.test/y"));
        assert!(!same("https://a.test/x", "https://b.test/y"));
        assert!(!same("https://a.test/x", "https://b.a.test/y"));
        assert!(!same("https://a.test/x", "https://a.test:8443/y"));
        assert!(!same("http://a.test:8080/x", "https://a.test/y"));
    }
}
