//! One value of one parameter: text, or JSON of a pipeline, comes in; a typed value or the reason why
//! not goes out. What a value leads to is not decided here.

mod number;
mod quote;
mod words;

pub(super) use quote::{quote, quote_json};
pub(super) use words::{Colour, Ratio, Type};

pub use words::{ExtendWord, GravityWord};

use super::pipeline::{self, Item};

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `floor(abs(x) + 0.5)` of a decimal or hexadecimal float.
    Integer,
    /// As `Integer`, and 0 means something.
    Place,
    /// Absolute value of such a float.
    Float,
    /// `1 t T TRUE true True`, `0 f F FALSE false False`, or nothing, which is false.
    Boolean,
    /// Any UTF-8.
    Text,
    /// `R,G,B`.
    Colour,
    /// `W:H`.
    Ratio,
    /// `north`, `smart`, ...
    Gravity,
    /// `bw`, or anything else for colour.
    Colourspace,
    /// `copy`, `white`, ...
    Extend,
    /// `jpeg`, `auto`, ...
    Type,
    /// A pipeline in JSON.
    Operations,
    /// Read by the server or by the signature check, never by the parser.
    Elsewhere,
}

/// A value that was read. One that means the same as none at all is not kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// From a URL never negative, but for `VOID`.
    Integer(i64),
    Float(f64),
    Boolean(bool),
    Text(String),
    Colour(Colour),
    Ratio(Ratio),
    Gravity(GravityWord),
    /// Colour space `bw`.
    Grey,
    Extend(ExtendWord),
    Type(Type),
    Operations(Vec<Item>),
}

/// What a number that is none (`NaN`, `Inf`) becomes as an integer: given, and without meaning. Any
/// negative number acts alike.
pub(super) const VOID: i64 = i64::MIN;

/// What imaginary says of most values.
pub(super) const UNSUPPORTED: &str = "unsupported value";

impl Kind {
    /// Its name in the reference.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Integer | Self::Place => "int",
            Self::Float => "float",
            Self::Boolean => "bool",
            Self::Text | Self::Elsewhere => "string",
            Self::Colour => "colour",
            Self::Ratio => "`W:H`",
            Self::Gravity | Self::Colourspace | Self::Extend | Self::Type => "word",
            Self::Operations => "JSON",
        }
    }

    /// Read the value of a query. `Ok(None)`: as if it were not there.
    pub(super) fn read(self, bytes: &[u8]) -> Result<Option<Value>, String> {
        let lossy = String::from_utf8_lossy(bytes);
        let text = lossy.as_ref();
        Ok(match self {
            Self::Integer => Some(number::integer(text)?)
                .filter(|&number| number != 0)
                .map(Value::Integer),
            Self::Place if text.is_empty() => None,
            Self::Place => Some(Value::Integer(number::integer(text)?)),
            Self::Float => {
                let number = number::float(text).map_err(|_| UNSUPPORTED)?;
                Some(number)
                    .filter(|&number| number != 0.0)
                    .map(Value::Float)
            }
            Self::Boolean => Some(Value::Boolean(boolean(text).ok_or(UNSUPPORTED)?)),
            Self::Text | Self::Operations if std::str::from_utf8(bytes).is_err() => {
                return Err("invalid UTF-8".to_owned());
            }
            Self::Operations => Some(Value::Operations(pipeline::read(text)?)),
            Self::Text
            | Self::Colour
            | Self::Ratio
            | Self::Gravity
            | Self::Colourspace
            | Self::Extend
            | Self::Type => self.word(text),
            Self::Elsewhere => None,
        })
    }

    /// Read the value of a pipeline's item. Numbers are cut off and keep their sign.
    pub(super) fn read_json(self, json: &serde_json::Value) -> Result<Option<Value>, String> {
        use serde_json::Value as Json;
        Ok(match (self, json) {
            (_, Json::String(text)) => return self.read(text.as_bytes()),
            (Self::Elsewhere, _) => None,
            (Self::Integer, Json::Number(number)) => {
                let number = number.as_f64().ok_or(UNSUPPORTED)? as i64;
                Some(number)
                    .filter(|&number| number != 0)
                    .map(Value::Integer)
            }
            (Self::Place, Json::Number(number)) => {
                let number = number.as_f64().ok_or(UNSUPPORTED)? as i64;
                Some(Value::Integer(number))
            }
            (Self::Float, Json::Number(number)) => {
                let number = number.as_f64().ok_or(UNSUPPORTED)?;
                Some(number)
                    .filter(|&number| number != 0.0)
                    .map(Value::Float)
            }
            (Self::Boolean, Json::Bool(truth)) => Some(Value::Boolean(*truth)),
            _ => return Err(UNSUPPORTED.to_owned()),
        })
    }

    /// The kinds that take any text, and make the best of it.
    fn word(self, text: &str) -> Option<Value> {
        let given = !text.is_empty();
        match self {
            Self::Gravity => given.then(|| Value::Gravity(GravityWord::read(text))),
            Self::Extend => Some(Value::Extend(ExtendWord::read(text))),
            Self::Colourspace => (text == "bw").then_some(Value::Grey),
            Self::Colour => given.then(|| Value::Colour(Colour::read(text))),
            Self::Ratio => given.then(|| Value::Ratio(Ratio::read(text))),
            Self::Type => given.then(|| Value::Type(Type::read(text))),
            _ => given.then(|| Value::Text(text.to_owned())),
        }
    }
}

/// Go's `strconv.ParseBool`, and nothing for false.
fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "" | "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans_are_written_as_in_go() {
        for text in ["1", "t", "T", "TRUE", "true", "True"] {
            assert_eq!(
                Kind::Boolean.read(text.as_bytes()),
                Ok(Some(Value::Boolean(true))),
                "{text}"
            );
        }
        for text in ["", "0", "f", "F", "FALSE", "false", "False"] {
            assert_eq!(
                Kind::Boolean.read(text.as_bytes()),
                Ok(Some(Value::Boolean(false))),
                "{text}"
            );
        }
        for text in ["yes", "no", "-1", "1.1", "0.0", "tRUE", " true", "2"] {
            assert_eq!(
                Kind::Boolean.read(text.as_bytes()),
                Err(UNSUPPORTED.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn a_value_that_says_nothing_is_not_kept() {
        for kind in [
            Kind::Integer,
            Kind::Float,
            Kind::Text,
            Kind::Colour,
            Kind::Ratio,
            Kind::Gravity,
            Kind::Type,
        ] {
            assert_eq!(kind.read(b""), Ok(None), "{kind:?}");
        }
        assert_eq!(Kind::Integer.read(b"0.4"), Ok(None));
        assert_eq!(Kind::Float.read(b"-0"), Ok(None));
        assert_eq!(Kind::Colourspace.read(b"BW"), Ok(None));
        assert_eq!(Kind::Elsewhere.read(b"\xff"), Ok(None));
        // But for this one, where nothing is another word.
        assert_eq!(
            Kind::Extend.read(b""),
            Ok(Some(Value::Extend(ExtendWord::Mirror)))
        );
    }

    #[test]
    fn json_keeps_signs_and_cuts_fractions_off() {
        let read = |kind: Kind, json: &str| kind.read_json(&serde_json::from_str(json).unwrap());
        let unsupported = Err(UNSUPPORTED.to_owned());
        assert_eq!(read(Kind::Integer, "99.9"), Ok(Some(Value::Integer(99))));
        assert_eq!(read(Kind::Integer, "-300"), Ok(Some(Value::Integer(-300))));
        assert_eq!(
            read(Kind::Integer, "\"99.9\""),
            Ok(Some(Value::Integer(100)))
        );
        assert_eq!(read(Kind::Integer, "0.9"), Ok(None));
        assert_eq!(
            read(Kind::Integer, "1e300"),
            Ok(Some(Value::Integer(i64::MAX)))
        );
        assert_eq!(read(Kind::Integer, "true"), unsupported);
        assert_eq!(read(Kind::Float, "1.5"), Ok(Some(Value::Float(1.5))));
        assert_eq!(read(Kind::Boolean, "true"), Ok(Some(Value::Boolean(true))));
        assert_eq!(read(Kind::Boolean, "\"t\""), Ok(Some(Value::Boolean(true))));
        assert_eq!(read(Kind::Boolean, "1"), unsupported);
        assert_eq!(read(Kind::Text, "1"), unsupported);
        assert_eq!(read(Kind::Gravity, "null"), unsupported);
        assert_eq!(read(Kind::Type, "[]"), unsupported);
    }

    #[test]
    fn texts_are_utf8_and_words_make_the_best_of_it() {
        assert_eq!(Kind::Text.read(b"a\xffb"), Err("invalid UTF-8".to_owned()));
        assert_eq!(
            Kind::Operations.read(b"[\xff]"),
            Err("invalid UTF-8".to_owned())
        );
        assert_eq!(
            Kind::Gravity.read(b"\xff"),
            Ok(Some(Value::Gravity(GravityWord::Centre)))
        );
        assert!(Kind::Integer.read(b"1\xff").is_err());
    }
}
