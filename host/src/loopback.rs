//! Requests that only this machine may make, as far as their headers tell: the name that the server was
//! called by must be loopback's, so that no page of another site can ask through a browser here, also not
//! one whose name was made to lead here (DNS rebinding).

use std::net::IpAddr;

use http::header::{HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue};

/// Whether the server was called by a name of loopback, and by no page of another origin.
pub(crate) fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let Some(host) = text(HOST) else { return false };
    let same_origin = headers.get(ORIGIN).is_none()
        || text(ORIGIN)
            .and_then(|origin| origin.split_once("://"))
            .is_some_and(|(_, authority)| authority == host);
    same_origin && is_loopback(host)
}

fn is_loopback(host: &str) -> bool {
    let Some(authority) = host
        .parse::<Authority>()
        .ok()
        .filter(|_| !host.contains('@'))
    else {
        return false;
    };
    let name = authority.host().trim_matches(['[', ']']);
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_here(host: &str, origin: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_str(host).unwrap());
        if let Some(origin) = origin {
            headers.insert(ORIGIN, HeaderValue::from_str(origin).unwrap());
        }
        is_from_here(&headers)
    }

    #[test]
    fn only_loopback_calls_itself_here() {
        for host in [
            "localhost",
            "LOCALHOST:8080",
            "127.0.0.1:1",
            "127.9.9.9",
            "[::1]:8080",
        ] {
            assert!(from_here(host, None), "{host}");
        }
        for host in [
            "",
            "example.com",
            "localhost.example.com",
            "127.0.0.1.example.com:8080",
            "10.0.0.1",
            "0.0.0.0:8080",
            "[::]:8080",
            "example.com@127.0.0.1",
        ] {
            assert!(!from_here(host, None), "{host}");
        }
        assert!(!is_from_here(&HeaderMap::new()));
    }

    #[test]
    fn a_page_of_another_origin_is_refused() {
        assert!(from_here("localhost:8080", Some("http://localhost:8080")));
        for origin in ["http://localhost:9090", "https://example.com", "null", ""] {
            assert!(!from_here("localhost:8080", Some(origin)), "{origin}");
        }
    }
}
