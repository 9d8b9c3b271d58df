//! The picture that stands in for one that could not be made: it has the size and the format that the
//! refused URL asked for, as far as that can be made out. Never fails, whatever the URL.

use super::table::Parameter;
use super::value::{Type, Value};
use super::values::Values;
use crate::image_request::Action;
use crate::operation::{Enlarge, Extend, Fit, Gravity, OnFailure, Operation, Output, Resize, Step};
use crate::target::Target;

/// What the refused request tells about its answer: its size and its format.
const READ: [Parameter; 3] = [Parameter::Width, Parameter::Height, Parameter::Type];

/// What to make of the placeholder for `/path?query`, verified or not.
pub fn placeholder(target: &str) -> Action {
    let mut values = Values::default();
    if let Ok(target) = Target::parse(target) {
        for parameter in READ {
            let row = parameter.row();
            let read = target.first(row.name).map(|value| row.kind.read(value));
            if let Some(Ok(Some(value))) = read {
                values.0.insert(parameter, value);
            }
        }
    }
    let operations: Vec<_> = resize(&values).map(Operation::Resize).into_iter().collect();
    let steps = vec![Step {
        operations,
        on_failure: OnFailure::Fail,
    }];
    let format = match values.0.get(&Parameter::Type) {
        Some(Value::Type(Type::Format(format))) => Some(*format),
        _ => None,
    };
    let output = Output {
        format,
        ..Output::default()
    };
    Action::Transform { steps, output }
}

/// Exactly the box if it has two sides, and the placeholder's own shape if it has one.
fn resize(values: &Values) -> Option<Resize> {
    let width = values.pixels(Parameter::Width);
    let height = values.pixels(Parameter::Height);
    let fit = match (width, height) {
        (None, None) => return None,
        (Some(_), Some(_)) => Fit::Cover,
        (Some(_), None) | (None, Some(_)) => Fit::Stretch,
    };
    Some(Resize {
        width,
        height,
        fit,
        enlarge: Enlarge::Allow,
        gravity: Gravity::Centre,
        extend: Extend::Copy,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Format;

    type Box = (Option<u32>, Option<u32>, Fit);

    fn made(target: &str) -> (Option<Box>, Option<Format>) {
        let Action::Transform { steps, output } = placeholder(target) else {
            panic!("{target}")
        };
        let resize = match steps[0].operations[..] {
            [Operation::Resize(resize)] => Some((resize.width, resize.height, resize.fit)),
            [] => None,
            ref other => panic!("{target}: {other:?}"),
        };
        (resize, output.format)
    }

    #[test]
    fn it_has_the_size_and_the_format_that_were_asked_for() {
        let cover = Some((Some(30), Some(20), Fit::Cover));
        let jpeg = Some(Format::Jpeg);
        assert_eq!(made("/crop?width=30&height=20&type=jpg"), (cover, jpeg));
        let tall = Some((None, Some(20), Fit::Stretch));
        assert_eq!(made("/x?height=20&width=abc&force=x"), (tall, None));
    }

    #[test]
    fn whatever_the_url() {
        let long = format!("/x?width=3&a={}", "a".repeat(64 << 10));
        for target in ["", "/", "/%", "?width=3", "/x?type=auto&width=NaN", &long] {
            assert_eq!(made(target), (None, None), "{target}");
        }
    }
}
