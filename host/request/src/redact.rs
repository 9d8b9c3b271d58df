//! A URL for the log: the values of `sign` and `key` are not for everybody who reads logs.

use crate::target::{Plus, decode};

/// What is hidden.
const SECRETS: [&[u8]; 2] = [b"sign", b"key"];

/// `target` with `…` in place of secrets. However a name is escaped, it is found.
pub fn redact(target: &str) -> String {
    let Some((path, query)) = target.split_once('?') else {
        return target.to_owned();
    };
    let piece = |piece: &str| {
        let name = piece.split_once('=').map_or(piece, |(name, _)| name);
        let secret =
            decode(name, Plus::Space).is_some_and(|decoded| SECRETS.contains(&decoded.as_slice()));
        if secret {
            format!("{name}=…")
        } else {
            piece.to_owned()
        }
    };
    let pieces: Vec<_> = query.split('&').map(piece).collect();
    format!("{path}?{}", pieces.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_and_the_rest_is_as_it_was() {
        for (target, expected) in [
            ("/resize", "/resize"),
            ("/resize?width=1&sign=abc", "/resize?width=1&sign=…"),
            (
                "/resize?key=a%20b&&x=%zz&%73ign=abc",
                "/resize?key=…&&x=%zz&%73ign=…",
            ),
            (
                "/resize?sign=a;b&design=c&SIGN=d",
                "/resize?sign=…&design=c&SIGN=d",
            ),
            ("/resize?sign", "/resize?sign=…"),
        ] {
            assert_eq!(redact(target), expected);
        }
    }
}
