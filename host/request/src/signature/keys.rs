//! Text becomes keys. A key is used as the bytes it is written in, as imaginary does: hex is not decoded.

use hmac::{Hmac, KeyInit as _};
use sha2::Sha256;

use crate::error::KeyError;
use crate::limits::{KEY_BYTES_MAX, KEY_BYTES_MIN, KEY_ID_BYTES_MAX, KEYS_MAX};

/// One key.
pub(super) struct Key {
    /// What `kid` calls it.
    pub id: Option<String>,
    /// Keyed, and fed with nothing yet.
    pub mac: Hmac<Sha256>,
}

/// See `Keyring::parse`.
pub(super) fn parse(text: &str) -> Result<Vec<Key>, KeyError> {
    let parts: Vec<&str> = text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    if parts.is_empty() {
        return Err(KeyError::None);
    }
    let several = parts.len() > 1
        && (parts.iter().any(|part| has_id(part)) || parts.iter().all(|part| is_long(part)));
    if !several {
        // Also a key from before there were ids, with a comma or a colon in it, stays what it was.
        return Ok(vec![key(1, text)?]);
    }
    if parts.len() > KEYS_MAX {
        return Err(KeyError::TooMany {
            count: parts.len(),
            count_max: KEYS_MAX,
        });
    }
    let mut keys: Vec<Key> = Vec::with_capacity(parts.len());
    for (index, part) in parts.into_iter().enumerate() {
        let key = key(index + 1, part)?;
        if let Some(id) = key
            .id
            .as_ref()
            .filter(|id| keys.iter().any(|other| other.id.as_ref() == Some(id)))
        {
            return Err(KeyError::SameId(id.clone()));
        }
        keys.push(key);
    }
    Ok(keys)
}

fn key(place: usize, text: &str) -> Result<Key, KeyError> {
    let (id, secret) = match text.split_once(':') {
        Some((id, secret)) if is_id(id) => (Some(id.to_owned()), secret),
        _ => (None, text),
    };
    let bytes = secret.len();
    if bytes < KEY_BYTES_MIN {
        return Err(KeyError::TooShort {
            place,
            bytes,
            bytes_min: KEY_BYTES_MIN,
        });
    }
    let too_long = KeyError::TooLong {
        place,
        bytes,
        bytes_max: KEY_BYTES_MAX,
    };
    if bytes > KEY_BYTES_MAX {
        return Err(too_long);
    }
    let mac = Hmac::new_from_slice(secret.as_bytes()).map_err(|_| too_long)?;
    Ok(Key { id, mac })
}

fn has_id(text: &str) -> bool {
    text.split_once(':').is_some_and(|(id, _)| is_id(id))
}

fn is_id(id: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=KEY_ID_BYTES_MAX).contains(&id.len()) && id.bytes().all(is_plain)
}

fn is_long(text: &str) -> bool {
    text.len() >= KEY_BYTES_MIN
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    fn ids(text: &str) -> Result<Vec<Option<String>>, KeyError> {
        Ok(parse(text)?.into_iter().map(|key| key.id).collect())
    }

    #[test]
    fn one_key_or_several() {
        let id = |id: &str| Some(id.to_owned());
        assert_eq!(ids(KEY), Ok(vec![None]));
        assert_eq!(ids(&format!("new:{KEY}")), Ok(vec![id("new")]));
        assert_eq!(
            ids(&format!("new:{KEY}, old:{KEY},")),
            Ok(vec![id("new"), id("old")])
        );
        assert_eq!(ids(&format!("{KEY},{KEY}")), Ok(vec![None, None]));
        assert_eq!(ids(&format!("{KEY},old:{KEY}")), Ok(vec![None, id("old")]));
        // A sentence is one key.
        assert_eq!(ids("a key for a test, 32 bytes or more"), Ok(vec![None]));
        assert_eq!(
            ids("not an id: but a key of 32 bytes or more"),
            Ok(vec![None])
        );
    }

    #[test]
    fn bytes_of_a_key_obeyed_and_violated() {
        assert!(parse(&KEY[1..]).is_err());
        assert!(parse(&"k".repeat(KEY_BYTES_MAX)).is_ok());
        let refused = |text: &str| ids(text).unwrap_err();
        assert_eq!(
            refused(&KEY[1..]),
            KeyError::TooShort {
                place: 1,
                bytes: 31,
                bytes_min: 32
            }
        );
        assert_eq!(
            refused(&format!("a:{KEY},b:short")),
            KeyError::TooShort {
                place: 2,
                bytes: 5,
                bytes_min: 32
            }
        );
        assert_eq!(
            refused(&"k".repeat(1025)),
            KeyError::TooLong {
                place: 1,
                bytes: 1025,
                bytes_max: 1024
            }
        );
        assert_eq!(refused(""), KeyError::None);
        assert_eq!(refused(" , ,"), KeyError::None);
    }

    #[test]
    fn number_of_keys_obeyed_and_violated() {
        let keys = |count: usize| {
            (0..count)
                .map(|id| format!("k{id}:{KEY}"))
                .collect::<Vec<_>>()
                .join(",")
        };
        assert_eq!(ids(&keys(KEYS_MAX)).unwrap().len(), KEYS_MAX);
        assert_eq!(
            ids(&keys(KEYS_MAX + 1)),
            Err(KeyError::TooMany {
                count: KEYS_MAX + 1,
                count_max: KEYS_MAX
            })
        );
    }

    #[test]
    fn an_id_names_one_key() {
        assert_eq!(
            ids(&format!("a:{KEY},a:{KEY}")),
            Err(KeyError::SameId("a".to_owned()))
        );
    }
}
