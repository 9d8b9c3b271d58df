//! A value in quotes, as Go's `%q` writes it: old clients compare whole messages.

use std::fmt::Write as _;

/// A text in quotes. Bytes that are no UTF-8 are written `\xNN`.
pub(in crate::dialect::imaginary) fn quote(bytes: &[u8]) -> String {
    let mut quoted = String::with_capacity(bytes.len() + 2);
    quoted.push('"');
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            push(character, &mut quoted);
        }
        for byte in chunk.invalid() {
            let _ = write!(quoted, "\\x{byte:02x}");
        }
    }
    quoted.push('"');
    quoted
}

fn push(character: char, quoted: &mut String) {
    let code = u32::from(character);
    let _ = match character {
        '"' | '\\' => write!(quoted, "\\{character}"),
        ' '..='~' => write!(quoted, "{character}"),
        '\u{7}' => write!(quoted, "\\a"),
        '\u{8}' => write!(quoted, "\\b"),
        '\u{c}' => write!(quoted, "\\f"),
        '\n' => write!(quoted, "\\n"),
        '\r' => write!(quoted, "\\r"),
        '\t' => write!(quoted, "\\t"),
        '\u{b}' => write!(quoted, "\\v"),
        '\0'..='\u{1f}' | '\u{7f}' => write!(quoted, "\\x{code:02x}"),
        _ if is_unprintable(character) && code < 0x1_0000 => write!(quoted, "\\u{code:04x}"),
        _ if is_unprintable(character) => write!(quoted, "\\U{code:08x}"),
        _ => write!(quoted, "{character}"),
    };
}

/// The unprintable characters that matter: controls, spaces, marks of direction and of nothing.
fn is_unprintable(character: char) -> bool {
    character.is_control()
        || character.is_whitespace()
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..)
}

/// A JSON value, as Go writes one with `%q`.
pub(in crate::dialect::imaginary) fn quote_json(json: &serde_json::Value) -> String {
    use serde_json::Value as Json;
    match json {
        Json::String(text) => quote(text.as_bytes()),
        Json::Null => "%!q(<nil>)".to_owned(),
        Json::Bool(truth) => format!("%!q(bool={truth})"),
        Json::Number(number) => format!("%!q(float64={})", number.as_f64().unwrap_or(f64::NAN)),
        Json::Array(items) => {
            let items: Vec<_> = items.iter().map(quote_json).collect();
            format!("[{}]", items.join(" "))
        }
        Json::Object(members) => {
            let member = |(name, value): (&String, &Json)| {
                format!("{}:{}", quote(name.as_bytes()), quote_json(value))
            };
            let members: Vec<_> = members.iter().map(member).collect();
            format!("map[{}]", members.join(" "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_as_go_does() {
        for (bytes, expected) in [
            (b"abc".as_slice(), r#""abc""#),
            (b"a\"b\\c", r#""a\"b\\c""#),
            (b"\n\t\r\0\x1b\x7f", r#""\n\t\r\x00\x1b\x7f""#),
            ("é→".as_bytes(), "\"é→\""),
            (
                "\u{a0}\u{2028}\u{feff}".as_bytes(),
                r#""\u00a0\u2028\ufeff""#,
            ),
            (b"a\xffb\xc3", r#""a\xffb\xc3""#),
        ] {
            assert_eq!(quote(bytes), expected);
        }
    }

    #[test]
    fn quotes_json_as_go_does() {
        for (json, expected) in [
            ("1", "%!q(float64=1)"),
            ("1.5", "%!q(float64=1.5)"),
            ("true", "%!q(bool=true)"),
            ("null", "%!q(<nil>)"),
            (r#"["a",1]"#, r#"["a" %!q(float64=1)]"#),
            (r#"{"a":"b"}"#, r#"map["a":"b"]"#),
        ] {
            assert_eq!(
                quote_json(&serde_json::from_str(json).unwrap()),
                expected,
                "{json}"
            );
        }
    }
}
