//! The parameters of one operation: a query, or the `params` of a pipeline's item, comes in; typed values
//! by parameter go out. Every known name is read, whether the endpoint takes it or not, as imaginary does.

use std::collections::BTreeMap;

use super::endpoint::Endpoint;
use super::pipeline::Item;
use super::table::{Parameter, Range, Takers};
use super::value::{Colour, ExtendWord, GravityWord, Kind, Ratio, Type, Value, quote, quote_json};
use crate::dialect::Unknown;
use crate::error::ParameterError;
use crate::target::Pair;

/// What was given. Of a name that came twice, the first value.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Values(pub(super) BTreeMap<Parameter, Value>);

impl Values {
    /// Read a query, and report the first mistake in it.
    pub(super) fn from_pairs(
        pairs: &[Pair],
        endpoint: Endpoint,
        unknown: Unknown,
    ) -> Result<Self, ParameterError> {
        let mut values = Self::default();
        for (place, pair) in pairs.iter().enumerate() {
            if pairs[..place]
                .iter()
                .any(|earlier| earlier.name == pair.name)
            {
                continue;
            }
            let parameter = std::str::from_utf8(&pair.name)
                .ok()
                .and_then(Parameter::by_name);
            let read = match (parameter, unknown) {
                (None, Unknown::Ignore) => continue,
                (None, Unknown::Refuse) => Err("unknown parameter".to_owned()),
                (Some(parameter), Unknown::Refuse) if !parameter.row().takers.include(endpoint) => {
                    Err(format!("not a parameter of /{}", endpoint.name()))
                }
                (Some(parameter), _) => parameter
                    .row()
                    .kind
                    .read(&pair.value)
                    .map(|value| (parameter, value)),
            };
            let (parameter, value) = read.map_err(|reason| ParameterError {
                name: String::from_utf8_lossy(&pair.name).into_owned(),
                quoted: quote(&pair.value),
                reason,
            })?;
            values.keep(parameter, value);
        }
        Ok(values)
    }

    /// Read the `params` of a pipeline's item.
    pub(super) fn from_json(
        params: &serde_json::Map<String, serde_json::Value>,
    ) -> Result<Self, ParameterError> {
        let mut values = Self::default();
        for (name, json) in params {
            let Some(parameter) = Parameter::by_name(name) else {
                continue;
            };
            let row = parameter.row();
            // A pipeline has no pipelines in it, and what all endpoints take is given once, in the query.
            if row.kind == Kind::Operations || row.takers == Takers::All {
                continue;
            }
            let value = row.kind.read_json(json).map_err(|reason| ParameterError {
                name: name.clone(),
                quoted: quote_json(json),
                reason,
            })?;
            values.keep(parameter, value);
        }
        Ok(values)
    }

    fn keep(&mut self, parameter: Parameter, value: Option<Value>) {
        if let Some(value) = value {
            self.0.insert(parameter, value);
        }
    }

    /// Once it is known elsewhere.
    pub(super) fn forget_source(&mut self) {
        self.0.remove(&Parameter::File);
        self.0.remove(&Parameter::Url);
    }

    /// Whether something that is not zero or empty was given.
    pub(super) fn has(&self, parameter: Parameter) -> bool {
        self.0.contains_key(&parameter)
    }

    /// 0 where nothing was given.
    pub(super) fn integer(&self, parameter: Parameter) -> i64 {
        match self.0.get(&parameter) {
            Some(Value::Integer(number)) => *number,
            _ => 0,
        }
    }

    /// A number of pixels above zero; absurd ones stay absurd, for the limits to see.
    pub(super) fn pixels(&self, parameter: Parameter) -> Option<u32> {
        let number = self.integer(parameter);
        (number > 0).then(|| u32::try_from(number).unwrap_or(u32::MAX))
    }

    /// A number inside the table's range; `None` stands for the default.
    pub(super) fn in_range(&self, parameter: Parameter) -> Option<u32> {
        let Range::Numbers(least, most) = parameter.row().range else {
            return None;
        };
        let number = u32::try_from(self.integer(parameter)).ok()?;
        (least..=most)
            .contains(&f64::from(number))
            .then_some(number)
    }

    /// 0 where nothing was given, and for `NaN`.
    pub(super) fn float(&self, parameter: Parameter) -> f32 {
        match self.0.get(&parameter) {
            Some(Value::Float(number)) if !number.is_nan() => *number as f32,
            _ => 0.0,
        }
    }

    /// `None` where nothing was given.
    pub(super) fn switch(&self, parameter: Parameter) -> Option<bool> {
        match self.0.get(&parameter) {
            Some(Value::Boolean(truth)) => Some(*truth),
            _ => None,
        }
    }

    /// False where nothing was given.
    pub(super) fn flag(&self, parameter: Parameter) -> bool {
        self.switch(parameter) == Some(true)
    }

    pub(super) fn text(&self, parameter: Parameter) -> Option<&str> {
        match self.0.get(&parameter) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub(super) fn colour(&self, parameter: Parameter) -> Option<&Colour> {
        match self.0.get(&parameter) {
            Some(Value::Colour(colour)) => Some(colour),
            _ => None,
        }
    }

    pub(super) fn gravity(&self) -> GravityWord {
        match self.0.get(&Parameter::Gravity) {
            Some(Value::Gravity(gravity)) => *gravity,
            _ => GravityWord::Centre,
        }
    }

    pub(super) fn extend(&self) -> ExtendWord {
        match self.0.get(&Parameter::Extend) {
            Some(Value::Extend(extend)) => *extend,
            _ => ExtendWord::Copy,
        }
    }

    pub(super) fn ratio(&self) -> Option<&Ratio> {
        match self.0.get(&Parameter::Aspectratio) {
            Some(Value::Ratio(ratio)) => Some(ratio),
            _ => None,
        }
    }

    pub(super) fn output_type(&self) -> Option<&Type> {
        match self.0.get(&Parameter::Type) {
            Some(Value::Type(output_type)) => Some(output_type),
            _ => None,
        }
    }

    pub(super) fn items(&self) -> &[Item] {
        match self.0.get(&Parameter::Operations) {
            Some(Value::Operations(items)) => items,
            _ => &[],
        }
    }

    pub(super) fn is_grey(&self) -> bool {
        self.has(Parameter::Colorspace)
    }

    /// Whether `top` or `left` is above zero.
    pub(super) fn has_corner(&self) -> bool {
        self.pixels(Parameter::Top).is_some() || self.pixels(Parameter::Left).is_some()
    }
}
