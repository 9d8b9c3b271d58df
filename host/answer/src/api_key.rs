//! The API key: the header `API-Key`, or else `key=` of the query. A wrong header is not rescued by a
//! right query, as in imaginary.

use http::HeaderMap;
use http::header::HeaderName;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

const API_KEY: HeaderName = HeaderName::from_static("api-key");

/// The key that opens. Only its digest is kept: comparing digests takes the same time whatever the
/// length or the content of what was sent.
pub struct ApiKey([u8; 32]);

impl ApiKey {
    /// As configured.
    pub fn new(key: &str) -> Self {
        Self(Sha256::digest(key).into())
    }

    /// Whether the right key was sent.
    pub fn opens(&self, headers: &HeaderMap, query: impl FnOnce() -> Option<Vec<u8>>) -> bool {
        let header = headers.get(API_KEY).map(|value| value.as_bytes().to_vec());
        // An empty header is none, as in imaginary.
        let sent = header.filter(|key| !key.is_empty()).or_else(query);
        let digest: [u8; 32] = Sha256::digest(sent.unwrap_or_default()).into();
        digest.ct_eq(&self.0).into()
    }
}

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ApiKey([secret])")
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_header_counts_first_and_then_the_query() {
        let key = ApiKey::new("open sesame");
        let header = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("API-Key", HeaderValue::from_static(value));
            headers
        };
        let right = Some(b"open sesame".as_slice());
        for (headers, query, opens) in [
            (header("open sesame"), None, true),
            (header("open sesame"), Some(b"wrong".as_slice()), true),
            (header("wrong"), right, false),
            (header(""), right, true),
            (HeaderMap::new(), right, true),
            (HeaderMap::new(), Some(b"open sesam"), false),
            (HeaderMap::new(), Some(b""), false),
            (HeaderMap::new(), None, false),
        ] {
            let from_query = || query.map(<[u8]>::to_vec);
            assert_eq!(
                key.opens(&headers, from_query),
                opens,
                "{headers:?} {query:?}"
            );
        }
    }
}
