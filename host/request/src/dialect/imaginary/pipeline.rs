//! `operations=`: JSON comes in, items and then steps go out. Names and values of all items are checked
//! before the first becomes a step; an item that cannot be done to any picture fails the whole, unless
//! its failure is to be ignored.

use serde_json::{Map, Value as Json};

use super::endpoint::Endpoint;
use super::translate::{Draft, Part};
use super::values::Values;
use crate::dialect::Sources;
use crate::error::OperationError;
use crate::limits::PIPELINE_ITEMS_MAX;
use crate::operation::OnFailure;

/// One item, as written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    pub name: String,
    pub on_failure: OnFailure,
    pub params: Map<String, Json>,
}

/// Read an array of items. What stands behind it is ignored, and fewer than two characters are no
/// pipeline: imaginary's rules.
pub(super) fn read(text: &str) -> Result<Vec<Item>, String> {
    if text.len() < 2 {
        return Ok(Vec::new());
    }
    let first = serde_json::Deserializer::from_str(text)
        .into_iter::<Json>()
        .next();
    match first.transpose().map_err(|error| error.to_string())? {
        Some(Json::Array(items)) => items.into_iter().map(item).collect(),
        Some(Json::Null) => Ok(Vec::new()),
        Some(_) => Err("an array of operations is expected".to_owned()),
        None => Err("unexpected end of JSON".to_owned()),
    }
}

fn item(json: Json) -> Result<Item, String> {
    let mut item = Item {
        name: String::new(),
        on_failure: OnFailure::Fail,
        params: Map::new(),
    };
    let members = match json {
        Json::Object(members) => members,
        Json::Null => Map::new(),
        _ => return Err("an operation is an object".to_owned()),
    };
    for (key, value) in members {
        // Go finds the fields of a struct whatever the case of a key.
        match (key.to_ascii_lowercase().as_str(), value) {
            ("operation" | "ignore_failure" | "params", Json::Null) => {}
            ("operation", Json::String(name)) => item.name = name,
            ("ignore_failure", Json::Bool(true)) => item.on_failure = OnFailure::Skip,
            ("ignore_failure", Json::Bool(false)) => item.on_failure = OnFailure::Fail,
            ("params", Json::Object(params)) => item.params = params,
            ("operation", _) => return Err("the field operation is a string".to_owned()),
            ("ignore_failure", _) => return Err("the field ignore_failure is a boolean".to_owned()),
            ("params", _) => return Err("the field params is an object".to_owned()),
            _ => {
                return Err(format!(
                    "unknown field {}",
                    super::value::quote(key.as_bytes())
                ));
            }
        }
    }
    Ok(item)
}

/// Turn items into steps.
pub(super) fn translate(items: &[Item], sources: Sources) -> Result<Draft, OperationError> {
    if items.is_empty() {
        return Err(OperationError::Missing(
            "Missing or invalid pipeline operations JSON",
        ));
    }
    if items.len() > PIPELINE_ITEMS_MAX {
        return Err(OperationError::TooManyItems);
    }
    let mut checked = Vec::with_capacity(items.len());
    for item in items {
        let unknown = || OperationError::UnknownName(item.name.clone());
        let endpoint = Endpoint::by_item_name(&item.name).ok_or_else(unknown)?;
        let values = Values::from_json(&item.params).map_err(OperationError::Parameter)?;
        checked.push(Part {
            endpoint,
            values,
            on_failure: item.on_failure,
        });
    }
    let mut draft = Draft::new(sources);
    for part in &checked {
        let mut next = draft.clone();
        match next.add_item(part) {
            Ok(()) => draft = next,
            Err(error) if part.on_failure == OnFailure::Fail => return Err(error),
            Err(_) => {}
        }
    }
    Ok(draft)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_as_written() {
        let read = |text: &str| read(text).map(|items| items.len());
        for (text, expected) in [
            ("", 0),
            ("[", 0),
            ("[]", 0),
            ("null", 0),
            (
                r#"[{"operation":"crop","ignore_failure":true,"params":{"width":1}}]"#,
                1,
            ),
            (r#"[{"Operation":"crop","PARAMS":null}, {}, null]"#, 3),
            (r#"[{"operation":"crop"}] and more"#, 1),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
        for text in [
            "[[",
            "{}",
            "1 ",
            "\"x\"",
            "[1]",
            "  ",
            r#"[{"op":"crop"}]"#,
            r#"[{"operation":1}]"#,
            r#"[{"ignore_failure":"true"}]"#,
            r#"[{"params":[]}]"#,
            r#"[{"operation":"crop"]"#,
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!(
            "[{{\"params\":{{\"x\":{}{}}}}}]",
            "[".repeat(4000),
            "]".repeat(4000)
        );
        assert!(read(&deep).unwrap_err().contains("recursion"), "{deep}");
    }
}
