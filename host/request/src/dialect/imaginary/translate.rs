//! Parameters of an operation come in; steps of the transform interface go out, in the order in which
//! imaginary's image library works: turn, mirror, magnify, resize, cut, blur, watermark, flatten, grey.

mod geometry;
mod output;
mod watermark;

use super::endpoint::Endpoint;
use super::table::Parameter;
use super::value::{Colour, Type, quote};
use super::values::Values;
use crate::dialect::Sources;
use crate::error::{OperationError, ParameterError, ParseError};
use crate::image_request::Source;
use crate::operation::{Format, Mirror, OnFailure, Operation, Output, Rgb, Step, Turn};

const BLACK: Rgb = Rgb {
    red: 0,
    green: 0,
    blue: 0,
};

/// A transform in the making.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub steps: Vec<Step>,
    pub output: Output,
    pub overlays: Vec<Source>,
    /// What an overlay may be.
    sources: Sources,
    orientation: Orientation,
}

/// One operation with its parameters: an endpoint, or an item of a pipeline.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    pub endpoint: Endpoint,
    pub values: Values,
    pub on_failure: OnFailure,
}

/// Whether the picture may still have to be turned upright. An explicit angle takes the place of that,
/// for all operations that follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Orientation {
    #[default]
    Open,
    UsedUp,
}

impl Draft {
    /// Of nothing yet.
    pub(super) fn new(sources: Sources) -> Self {
        Self {
            sources,
            ..Self::default()
        }
    }

    /// The transform of one endpoint, `pipeline` and `info` apart.
    pub(super) fn of(part: &Part, sources: Sources) -> Result<Self, ParseError> {
        let mut draft = Self::new(sources);
        if part.endpoint == Endpoint::Autorotate {
            draft.autorotate(part.on_failure);
            return Ok(draft);
        }
        draft.add(part).map_err(at_top_level)?;
        let format = match part.values.output_type() {
            None | Some(Type::Auto | Type::Unknown(_)) => None,
            Some(Type::Format(format)) => Some(*format),
            Some(Type::Unwritable(_)) => {
                return Err(ParseError::Operation(OperationError::UnsupportedType));
            }
        };
        draft.write(format, &part.values);
        Ok(draft)
    }

    /// The next item of a pipeline.
    pub(super) fn add_item(&mut self, part: &Part) -> Result<(), OperationError> {
        if part.endpoint == Endpoint::Autorotate {
            self.autorotate(part.on_failure);
            return Ok(());
        }
        self.add(part)?;
        let format = match part.values.output_type() {
            Some(Type::Format(format)) => Some(*format),
            Some(Type::Unwritable(_)) => return Err(OperationError::UnsupportedType),
            Some(other @ (Type::Auto | Type::Unknown(_))) if part.endpoint == Endpoint::Convert => {
                return Err(OperationError::InvalidType(other.name().to_owned()));
            }
            None | Some(Type::Auto | Type::Unknown(_)) => self.output.format,
        };
        self.write(format, &part.values);
        Ok(())
    }

    fn autorotate(&mut self, on_failure: OnFailure) {
        if self.orientation == Orientation::Open {
            let operations = vec![Operation::Orient];
            self.steps.push(Step {
                operations,
                on_failure,
            });
        }
    }

    fn add(&mut self, part: &Part) -> Result<(), OperationError> {
        let Part {
            endpoint,
            values,
            on_failure,
        } = part;
        endpoint.check(values)?;
        let background = background(values)?;
        let mut operations = self.turns(*endpoint, values);
        operations.extend(geometry::operations(*endpoint, values, background)?);
        let sigma = values.float(Parameter::Sigma);
        if sigma > 0.0 {
            operations.push(Operation::Blur(sigma));
        }
        operations.extend(match endpoint {
            Endpoint::Watermark => Some(watermark::text(values)?),
            Endpoint::Watermarkimage => {
                Some(watermark::image(values, self.sources, &mut self.overlays)?)
            }
            _ => None,
        });
        let opaque = background.filter(|&colour| colour != BLACK);
        operations.extend(opaque.map(Operation::Flatten));
        if values.is_grey() {
            operations.push(Operation::Greyscale);
        }
        let on_failure = *on_failure;
        self.steps.push(Step {
            operations,
            on_failure,
        });
        Ok(())
    }

    /// An explicit angle, or the EXIF orientation; then the mirrors.
    fn turns(&mut self, endpoint: Endpoint, values: &Values) -> Vec<Operation> {
        let mut operations = Vec::new();
        let angle = values.integer(Parameter::Rotate);
        if angle != 0 {
            self.orientation = Orientation::UsedUp;
        }
        if self.orientation == Orientation::Open && !values.flag(Parameter::Norotation) {
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

    fn write(&mut self, format: Option<Format>, values: &Values) {
        self.output = Output {
            format,
            ..output::after(self.output, values)
        };
    }
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
