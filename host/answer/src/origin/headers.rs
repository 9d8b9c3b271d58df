//! Which of a client's headers an origin sees. The client's headers come in, the origin's go out;
//! nothing but what the configuration names may pass. Whether the origin may see any of them is
//! `guard`'s to say.

use http::HeaderMap;
use http::header::{self, HeaderName, HeaderValue};

use super::error::RuleError;

/// Pictures are preferred, yet some stores call them `application/octet-stream`.
pub const ACCEPT: HeaderValue = HeaderValue::from_static("image/*,*/*;q=0.8");
/// A compressed body would have to be expanded, and a byte limit says nothing about that.
pub const ACCEPT_ENCODING: HeaderValue = HeaderValue::from_static("identity");

/// imaginary's header for a credential that is meant for the origin and not for the server itself.
const X_FORWARD_AUTHORIZATION: HeaderName = HeaderName::from_static("x-forward-authorization");

/// Headers that a fetch depends on: framing, and whatever makes an origin answer with something
/// else than a whole, unencoded picture.
const NEVER_FORWARDED: [HeaderName; 16] = [
    header::HOST,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::TE,
    header::TRAILER,
    header::UPGRADE,
    header::EXPECT,
    header::PROXY_AUTHORIZATION,
    header::ACCEPT_ENCODING,
    header::RANGE,
    header::IF_RANGE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_UNMODIFIED_SINCE,
];

/// Where the `Authorization` that an origin sees comes from.
#[derive(Debug, Clone, Default)]
pub enum Authorization {
    /// Nowhere: origins see none, except what a URL's own userinfo says.
    #[default]
    None,
    /// The client: `X-Forward-Authorization`, else `Authorization`.
    Forwarded,
    /// Always this value.
    Constant(HeaderValue),
}

/// The headers of a client that origins may see.
#[derive(Debug)]
pub struct Forwarding {
    names: Vec<HeaderName>,
    authorization: Authorization,
}

impl Forwarding {
    /// Headers of these names; none that a fetch itself depends on.
    pub fn new(names: &[String], authorization: Authorization) -> Result<Self, RuleError> {
        let names = names
            .iter()
            .map(|name| forwardable(name))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            names,
            authorization,
        })
    }

    /// Whether no header of any client is ever shown to an origin.
    pub fn is_none(&self) -> bool {
        self.names.is_empty() && matches!(self.authorization, Authorization::None)
    }

    /// What of `client`'s headers an origin sees. Names are compared without case.
    pub fn select(&self, client: &HeaderMap) -> HeaderMap {
        let mut selected = HeaderMap::new();
        for name in &self.names {
            for value in client.get_all(name) {
                selected.append(name, value.clone());
            }
        }
        let authorization = match &self.authorization {
            Authorization::None => None,
            Authorization::Forwarded => client
                .get(X_FORWARD_AUTHORIZATION)
                .or_else(|| client.get(header::AUTHORIZATION)),
            Authorization::Constant(value) => Some(value),
        };
        if let Some(value) = authorization {
            let mut value = value.clone();
            value.set_sensitive(true);
            selected.insert(header::AUTHORIZATION, value);
        }
        selected
    }
}

fn forwardable(name: &str) -> Result<HeaderName, RuleError> {
    name.trim()
        .parse()
        .ok()
        .filter(|name| !NEVER_FORWARDED.contains(name))
        .ok_or_else(|| RuleError::ForwardedHeader(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-lower", HeaderValue::from_static("1"));
        headers.append("x-twice", HeaderValue::from_static("a"));
        headers.append("x-twice", HeaderValue::from_static("b"));
        headers.insert("cookie", HeaderValue::from_static("c=1"));
        headers.insert("authorization", HeaderValue::from_static("Bearer own"));
        headers
    }

    fn select(
        names: &[&str],
        authorization: Authorization,
        client: &HeaderMap,
    ) -> Vec<(String, String)> {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let selected = Forwarding::new(&names, authorization)
            .unwrap()
            .select(client);
        selected
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn only_named_headers_pass_whatever_their_case() {
        assert_eq!(select(&[], Authorization::None, &client()), pairs(&[]));
        assert_eq!(
            select(
                &["X-LOWER", " x-Twice ", "x-absent"],
                Authorization::None,
                &client()
            ),
            pairs(&[("x-lower", "1"), ("x-twice", "a"), ("x-twice", "b")])
        );
    }

    #[test]
    fn authorization_comes_from_where_the_configuration_says() {
        let mut both = client();
        both.insert(
            "x-forward-authorization",
            HeaderValue::from_static("Bearer origin"),
        );
        let constant = Authorization::Constant(HeaderValue::from_static("Bearer constant"));
        assert_eq!(
            select(&[], Authorization::Forwarded, &client()),
            pairs(&[("authorization", "Bearer own")])
        );
        assert_eq!(
            select(&[], Authorization::Forwarded, &both),
            pairs(&[("authorization", "Bearer origin")])
        );
        assert_eq!(
            select(&[], constant.clone(), &both),
            pairs(&[("authorization", "Bearer constant")])
        );
        assert_eq!(
            select(&["authorization"], constant, &both),
            pairs(&[("authorization", "Bearer constant")]),
            "the constant wins"
        );
    }

    #[test]
    fn headers_that_a_fetch_depends_on_cannot_be_named() {
        for name in [
            "Host",
            "content-length",
            "Range",
            "If-None-Match",
            "",
            "a b",
            "é",
        ] {
            assert!(
                Forwarding::new(&[name.to_owned()], Authorization::None).is_err(),
                "{name:?}"
            );
        }
    }
}
