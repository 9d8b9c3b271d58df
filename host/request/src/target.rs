//! Path and query of a URL, percent-decoded, as Go's `net/url` reads them: imaginary signs and reads
//! what Go decodes, so one byte read differently here would break signatures. Says nothing about what
//! a pair means.

use crate::error::VerifyError;
use crate::limits::{PAIRS_MAX, TARGET_BYTES_MAX};

/// One `name=value` of a query, decoded. Neither need be UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Case matters.
    pub name: Vec<u8>,
    /// Empty also where there was no `=`.
    pub value: Vec<u8>,
}

/// A decoded path and query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// With its leading `/`.
    pub path: Vec<u8>,
    /// In request order; ignored pairs are gone.
    pub pairs: Vec<Pair>,
}

impl Target {
    /// Take `/path?query` apart.
    pub(crate) fn parse(target: &str) -> Result<Self, VerifyError> {
        if target.len() > TARGET_BYTES_MAX {
            return Err(VerifyError::TooLong {
                bytes: target.len(),
                bytes_max: TARGET_BYTES_MAX,
            });
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = decode(path, Plus::Literal).filter(|path| path.starts_with(b"/"));
        let path = path.ok_or(VerifyError::MalformedPath)?;
        let mut pairs = Vec::new();
        for piece in pieces(query) {
            let Some(pair) = pair(piece) else { continue };
            if pair.name.is_empty() {
                return Err(VerifyError::NamelessPair);
            }
            if pairs.len() == PAIRS_MAX {
                return Err(VerifyError::TooManyPairs {
                    pairs_max: PAIRS_MAX,
                });
            }
            pairs.push(pair);
        }
        Ok(Self { path, pairs })
    }

    /// The first value that `name` has.
    pub(crate) fn first(&self, name: &str) -> Option<&[u8]> {
        let pair = self
            .pairs
            .iter()
            .find(|pair| pair.name == name.as_bytes())?;
        Some(&pair.value)
    }
}

/// The first value that `name` has in the query of `/path?query`, if that can be taken apart.
pub fn first_value(target: &str, name: &str) -> Option<Vec<u8>> {
    let target = Target::parse(target).ok()?;
    target.first(name).map(<[u8]>::to_vec)
}

/// What stands between the `&` of a query.
pub(crate) fn pieces(query: &str) -> impl Iterator<Item = &str> {
    query.split('&').filter(|piece| !piece.is_empty())
}

/// `None` for a piece that Go drops: a `;` in it, or a broken escape.
pub(crate) fn pair(piece: &str) -> Option<Pair> {
    if piece.contains(';') {
        return None;
    }
    let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
    Some(Pair {
        name: decode(name, Plus::Space)?,
        value: decode(value, Plus::Space)?,
    })
}

/// What a `+` stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plus {
    /// In paths.
    Literal,
    /// In queries.
    Space,
}

/// Undo `%XX`. `None` if an escape is broken.
pub(crate) fn decode(text: &str, plus: Plus) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => hex(bytes.next()?)? << 4 | hex(bytes.next()?)?,
            b'+' if plus == Plus::Space => b' ',
            other => other,
        });
    }
    Some(decoded)
}

/// Append `bytes` as Go's `url.QueryEscape` writes them: unreserved characters as they are, a space as
/// `+`, the rest as upper-case `%XX`.
pub(crate) fn encode(bytes: &[u8], into: &mut Vec<u8>) {
    for &byte in bytes {
        match byte {
            b' ' => into.push(b'+'),
            byte if is_unreserved(byte) => into.push(byte),
            byte => escape(byte, into),
        }
    }
}

/// Append one byte as `%XX`.
pub(crate) fn escape(byte: u8, into: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    into.extend([
        b'%',
        DIGITS[usize::from(byte >> 4)],
        DIGITS[usize::from(byte & 15)],
    ]);
}

/// Unreserved in RFC 3986, 2.3.
pub(crate) const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

const fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(query: &str) -> Vec<(String, String)> {
        let target = Target::parse(&format!("/x?{query}")).unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        target
            .pairs
            .into_iter()
            .map(|pair| (text(pair.name), text(pair.value)))
            .collect()
    }

    fn pair_of(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn pairs_are_read_as_go_reads_them() {
        let cases: &[(&str, &[(&str, &str)])] = &[
            ("a=1&b=2", &[("a", "1"), ("b", "2")]),
            ("&&a=1&", &[("a", "1")]),
            ("a", &[("a", "")]),
            ("a=", &[("a", "")]),
            ("a=b=c?d", &[("a", "b=c?d")]),
            ("a=1+2%2B%20", &[("a", "1 2+ ")]),
            ("%61=%c3%A9", &[("a", "é")]),
            ("a=1;b=2&c=3", &[("c", "3")]),
            ("a=%zz&b=%4&c=%&%=1&d=4", &[("d", "4")]),
        ];
        for (query, expected) in cases {
            let expected: Vec<_> = expected
                .iter()
                .map(|(name, value)| pair_of(name, value))
                .collect();
            assert_eq!(pairs(query), expected, "{query}");
        }
    }

    #[test]
    fn a_path_keeps_its_plus_and_must_decode() {
        assert_eq!(Target::parse("/a+b%20c").unwrap().path, b"/a+b c");
        for target in ["", "resize", "?a=1", "/%", "/%4", "/%zz", "%2"] {
            assert_eq!(
                Target::parse(target),
                Err(VerifyError::MalformedPath),
                "{target}"
            );
        }
        // Go decodes before it looks, and so does this.
        assert_eq!(Target::parse("%2Fa").unwrap().path, b"/a");
    }

    #[test]
    fn a_pair_without_a_name_is_refused() {
        assert_eq!(
            Target::parse("/watermark?image=a&=b"),
            Err(VerifyError::NamelessPair)
        );
        assert_eq!(
            Target::parse("/watermarkimage?=a"),
            Err(VerifyError::NamelessPair)
        );
    }

    #[test]
    fn limit_of_bytes_obeyed_and_violated() {
        let target = |bytes: usize| format!("/{}", "a".repeat(bytes - 1));
        assert!(Target::parse(&target(TARGET_BYTES_MAX)).is_ok());
        assert_eq!(
            Target::parse(&target(TARGET_BYTES_MAX + 1)),
            Err(VerifyError::TooLong {
                bytes: TARGET_BYTES_MAX + 1,
                bytes_max: TARGET_BYTES_MAX
            })
        );
    }

    #[test]
    fn limit_of_pairs_obeyed_and_violated() {
        let target = |pairs: usize| format!("/x?{}", "a=1&".repeat(pairs));
        assert_eq!(
            Target::parse(&target(PAIRS_MAX)).unwrap().pairs.len(),
            PAIRS_MAX
        );
        assert_eq!(
            Target::parse(&target(PAIRS_MAX + 1)),
            Err(VerifyError::TooManyPairs {
                pairs_max: PAIRS_MAX
            })
        );
    }
}
