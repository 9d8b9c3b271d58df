//! Parameters of an operation come in; steps of the transform interface go out, in the order in which
//! imaginary's image library works: turn, mirror, magnify, resize, cut, blur, watermark, flatten, grey.

mod geometry;
mod output;
mod watermark;

use super::endpoint::Endpoint;
use super::table::Parameter;
use super::value::{Colour, Type, quote};
use super::values::Values;
use crate::error::{OperationError, ParameterError, ParseError};
use crate::image_request::Source;
use crate::operation::{Format, Mirror, OnFailure, Operation, Output, Rgb, Step, Turn};

const BLACK: Rgb = Rgb { red: 0, green: 0, blue: 0 };

/// A transform in the making.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub steps: Vec<Step>,
    pub output: Output,
    pub overlays: Vec<Source>,
}

/// Whether an angle was given before: then the EXIF orientation is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turned {
    No,
    Yes,
}

impl Draft {
    /// The transform of one endpoint, `pipeline` and `info` apart.
    pub(super) fn of(endpoint: Endpoint, values: &Values) -> Result<Self, ParseError> {
        let mut draft = Self::default();
        if endpoint == Endpoint::Autorotate {
            draft.autorotate(OnFailure::Fail);
            return Ok(draft);
        }
        draft.add(endpoint, values, OnFailure::Fail, Turned::No).map_err(at_top_level)?;
        let format = match values.output_type() {
            None | Some(Type::Auto | Type::Unknown(_)) => None,
            Some(Type::Format(format)) => Some(*format),
            Some(Type::Unwritable(_)) => return Err(ParseError::Operation(OperationError::UnsupportedType)),
        };
        draft.write(format, values);
        Ok(draft)
    }

    /// The next item of a pipeline.
    pub(super) fn add_item(
        &mut self,
        endpoint: Endpoint,
        values: &Values,
        on_failure: OnFailure,
        turned: Turned,
    ) -> Result<Turned, OperationError> {
        if endpoint == Endpoint::Autorotate {
            if turned == Turned::No {
                self.autorotate(on_failure);
            }
            return Ok(turned);
        }
        self.add(endpoint, values, on_failure, turned)?;
        let format = match values.output_type() {
            Some(Type::Format(format)) => Some(*format),
            Some(Type::Unwritable(_)) => return Err(OperationError::UnsupportedType),
            Some(other @ (Type::Auto | Type::Unknown(_))) if endpoint == Endpoint::Convert => {
                return Err(OperationError::InvalidType(other.name().to_owned()));
            }
            None | Some(Type::Auto | Type::Unknown(_)) => self.output.format,
        };
        self.write(format, values);
        Ok(if values.integer(Parameter::Rotate) == 0 { turned } else { Turned::Yes })
    }

    fn autorotate(&mut self, on_failure: OnFailure) {
        self.steps.push(Step { operations: vec![Operation::Orient], on_failure });
    }

    fn add(
        &mut self,
        endpoint: Endpoint,
        values: &Values,
        on_failure: OnFailure,
        turned: Turned,
    ) -> Result<(), OperationError> {
        endpoint.check(values)?;
        let background = background(values)?;
        let mut operations = turns(endpoint, values, turned);
        operations.extend(geometry::operations(endpoint, values, background)?);
        let sigma = values.float(Parameter::Sigma);
        if sigma > 0.0 {
            operations.push(Operation::Blur(sigma));
        }
        match endpoint {
            Endpoint::Watermark => operations.push(watermark::text(values)?),
            Endpoint::Watermarkimage => operations.push(watermark::image(values, &mut self.overlays)?),
            _ => {}
        }
        operations.extend(background.filter(|&colour| colour != BLACK).map(Operation::Flatten));
        if values.is_grey() {
            operations.push(Operation::Greyscale);
        }
        self.steps.push(Step { operations, on_failure });
        Ok(())
    }

    fn write(&mut self, format: Option<Format>, values: &Values) {
        self.output = Output { format, ..output::after(self.output, values) };
    }
}

/// An explicit angle, or the EXIF orientation; then the mirrors.
fn turns(endpoint: Endpoint, values: &Values, turned: Turned) -> Vec<Operation> {
    let mut operations = Vec::new();
    let angle = values.integer(Parameter::Rotate);
    if angle == 0 && turned == Turned::No && !values.flag(Parameter::Norotation) {
        operations.push(Operation::Orient);
    }
    operations.extend(match angle {
        ..90 => None,
        90..180 => Some(Operation::Rotate(Turn::Quarter)),
        180..270 => Some(Operation::Rotate(Turn::Half)),
        270.. => Some(Operation::Rotate(Turn::ThreeQuarters)),
    });
    if endpoint == Endpoint::Flip || values.flag(Parameter::Flip) {
        operations.push(Operation::Mirror(Mirror::Horizontal));
    }
    if endpoint == Endpoint::Flop || values.flag(Parameter::Flop) {
        operations.push(Operation::Mirror(Mirror::Vertical));
    }
    operations
}

fn background(values: &Values) -> Result<Option<Rgb>, OperationError> {
    match values.colour(Parameter::Background) {
        None => Ok(None),
        Some(Colour::Rgb(colour)) => Ok(Some(*colour)),
        Some(Colour::Incomplete(text)) => Err(unusable(Parameter::Background, text)),
    }
}

/// A value that reads well and cannot be used.
fn unusable(parameter: Parameter, text: &str) -> OperationError {
    OperationError::Parameter(ParameterError {
        name: parameter.row().name.to_owned(),
        quoted: quote(text.as_bytes()),
        reason: super::value::UNSUPPORTED.to_owned(),
    })
}

/// Outside a pipeline a bad value is a bad value, whenever it is found.
fn at_top_level(error: OperationError) -> ParseError {
    match error {
        OperationError::Parameter(error) => ParseError::Parameter(error),
        other => ParseError::Operation(other),
    }
}
