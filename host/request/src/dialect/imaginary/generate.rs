//! The other way round: a call is printed as a URL that reads back as the same call. One spelling for
//! every wish: parameters in the order of the table, numbers in decimals.

use super::Call;
use super::pipeline::Item;
use super::table::Parameter;
use super::value::{Colour, VOID, Value};
use crate::image_request::Source;
use crate::operation::OnFailure;
use crate::target::encode;

impl Call {
    /// `/path?query`, unsigned, below `path_prefix`.
    pub fn to_target(&self, path_prefix: &str) -> String {
        let prefix = path_prefix.trim_matches('/');
        let slash = if prefix.is_empty() { "" } else { "/" };
        let mut target = format!("{slash}{prefix}/{}", self.part.endpoint.name()).into_bytes();
        let mut pairs: Vec<(&str, String)> = Vec::new();
        for (parameter, value) in &self.part.values.0 {
            if !matches!(parameter, Parameter::File | Parameter::Url) {
                pairs.push((parameter.row().name, print(value)));
            }
        }
        match &self.source {
            Source::File(name) => pairs.push((Parameter::File.row().name, escaped_once_more(name))),
            Source::Url(url) => pairs.push((Parameter::Url.row().name, url.clone())),
            Source::Upload => {}
        }
        pairs.extend(
            self.expires
                .map(|seconds| (Parameter::Expires.row().name, seconds.to_string())),
        );
        for (place, (name, value)) in pairs.iter().enumerate() {
            target.push(if place == 0 { b'?' } else { b'&' });
            encode(name.as_bytes(), &mut target);
            target.push(b'=');
            encode(value.as_bytes(), &mut target);
        }
        String::from_utf8_lossy(&target).into_owned()
    }
}

fn print(value: &Value) -> String {
    match value {
        Value::Integer(VOID) => "NaN".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Boolean(truth) => truth.to_string(),
        Value::Colour(Colour::Rgb(colour)) => {
            format!("{},{},{}", colour.red, colour.green, colour.blue)
        }
        Value::Text(text) | Value::Colour(Colour::Incomplete(text)) => text.clone(),
        Value::Ratio(ratio) => ratio.text(),
        Value::Gravity(word) => word.name().to_owned(),
        Value::Grey => "bw".to_owned(),
        Value::Extend(word) => word.name().to_owned(),
        Value::Type(name) => name.name().to_owned(),
        Value::Operations(items) => items
            .iter()
            .map(item)
            .collect::<serde_json::Value>()
            .to_string(),
    }
}

fn item(item: &Item) -> serde_json::Value {
    serde_json::json!({
        "operation": item.name,
        "ignore_failure": item.on_failure == OnFailure::Skip,
        "params": item.params,
    })
}

/// Only what the second unescaping would change is escaped twice.
fn escaped_once_more(name: &str) -> String {
    name.replace('%', "%25").replace('+', "%2B")
}
