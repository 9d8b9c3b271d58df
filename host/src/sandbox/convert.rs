//! What a request asks for, in the words of the component's interface. Shapes only: no rule is
//! applied and no default chosen here. What the interface has no word for yet is refused.

use request::operation::{
    Area, Enlarge, Extend, Fit, Format, Gravity, Limits, Mirror, OnFailure, Operation, Output,
    Profile, Resize, Rgb, Step, Truncated, Turn,
};

use super::{SandboxError, wit};

/// Steps in order.
pub fn steps(steps: &[Step]) -> Result<Vec<wit::Step>, SandboxError> {
    steps.iter().map(step).collect()
}

/// The output wanted. The interface has no word for `palette` yet: PNG is written in full colour,
/// which is larger and no less right.
pub fn output(output: &Output) -> wit::Output {
    wit::Output {
        format: output.format.map(format),
        quality: output.quality,
        compression: output.compression,
        speed: output.speed,
        interlace: output.interlace,
        lossless: output.lossless,
        profile: match output.profile {
            Profile::Convert => wit::Profile::Convert,
            Profile::Ignore => wit::Profile::Ignore,
        },
    }
}

/// What the guest must refuse.
pub fn limits(limits: &Limits) -> wit::Limits {
    wit::Limits {
        source_pixels_max: limits.source_pixels_max,
        output_pixels_max: limits.output_pixels_max,
        output_side_max: limits.output_side_max,
        memory_bytes_max: limits.memory_bytes_max,
        truncated: match limits.truncated {
            Truncated::Render => wit::Truncated::Render,
            Truncated::Refuse => wit::Truncated::Refuse,
        },
    }
}

fn step(step: &Step) -> Result<wit::Step, SandboxError> {
    let operations = step.operations.iter().map(operation);
    Ok(wit::Step {
        operations: operations.collect::<Result<_, _>>()?,
        on_failure: match step.on_failure {
            OnFailure::Fail => wit::OnFailure::Fail,
            OnFailure::Skip => wit::OnFailure::Skip,
        },
    })
}

fn operation(operation: &Operation) -> Result<wit::Operation, SandboxError> {
    Ok(match operation {
        Operation::Orient => wit::Operation::Orient,
        Operation::Rotate(turn) => wit::Operation::Rotate(match turn {
            Turn::Quarter => wit::Turn::Quarter,
            Turn::Half => wit::Turn::Half,
            Turn::ThreeQuarters => wit::Turn::ThreeQuarters,
        }),
        Operation::Mirror(mirror) => wit::Operation::Mirror(match mirror {
            Mirror::Horizontal => wit::Mirror::Horizontal,
            Mirror::Vertical => wit::Mirror::Vertical,
        }),
        Operation::Zoom(factor) => wit::Operation::Zoom(*factor),
        Operation::Resize(resize) => wit::Operation::Resize(self::resize(resize)?),
        Operation::Extract(area) => wit::Operation::Extract(self::area(area)),
        Operation::Blur(sigma) => wit::Operation::Blur(*sigma),
        Operation::Flatten(colour) => wit::Operation::Flatten(rgb(*colour)),
        Operation::Greyscale => wit::Operation::Greyscale,
        Operation::WatermarkText(_) | Operation::WatermarkImage(_) => {
            return Err(no_word_for("watermarks"));
        }
    })
}

fn resize(resize: &Resize) -> Result<wit::Resize, SandboxError> {
    Ok(wit::Resize {
        width: resize.width,
        height: resize.height,
        fit: match resize.fit {
            Fit::Inside => wit::Fit::Inside,
            Fit::Pad => wit::Fit::Pad,
            Fit::Cover => wit::Fit::Cover,
            Fit::Stretch => wit::Fit::Stretch,
        },
        enlarge: match resize.enlarge {
            Enlarge::Never => wit::Enlarge::Never,
            Enlarge::Allow => wit::Enlarge::Allow,
        },
        gravity: match resize.gravity {
            Gravity::Centre => wit::Gravity::Centre,
            Gravity::North => wit::Gravity::North,
            Gravity::South => wit::Gravity::South,
            Gravity::East => wit::Gravity::East,
            Gravity::West => wit::Gravity::West,
            Gravity::Smart => return Err(no_word_for("smart gravity")),
        },
        extend: match resize.extend {
            Extend::Copy => wit::Extend::Copy,
            Extend::Mirror => wit::Extend::Mirror,
            Extend::Repeat => wit::Extend::Repeat,
            Extend::Black => wit::Extend::Black,
            Extend::White => wit::Extend::White,
            Extend::Colour(colour) => wit::Extend::Colour(rgb(colour)),
        },
    })
}

fn area(area: &Area) -> wit::Area {
    wit::Area {
        left: area.left,
        top: area.top,
        width: area.width,
        height: area.height,
    }
}

fn rgb(Rgb { red, green, blue }: Rgb) -> wit::Rgb {
    wit::Rgb { red, green, blue }
}

fn format(format: Format) -> wit::Format {
    match format {
        Format::Jpeg => wit::Format::Jpeg,
        Format::Png => wit::Format::Png,
        Format::Webp => wit::Format::Webp,
        Format::Avif => wit::Format::Avif,
        Format::Gif => wit::Format::Gif,
    }
}

/// As the guest itself would say it.
fn no_word_for(what: &str) -> SandboxError {
    SandboxError::Refused(wit::Error::BadOperation(format!(
        "{what} cannot be done yet"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESIZE: Resize = Resize {
        width: Some(400),
        height: None,
        fit: Fit::Cover,
        enlarge: Enlarge::Never,
        gravity: Gravity::North,
        extend: Extend::Colour(Rgb {
            red: 1,
            green: 2,
            blue: 3,
        }),
    };

    fn one(operation: Operation) -> Result<Vec<wit::Step>, SandboxError> {
        steps(&[Step {
            operations: vec![Operation::Orient, operation],
            on_failure: OnFailure::Skip,
        }])
    }

    #[test]
    fn a_resize_keeps_every_field() {
        let steps = one(Operation::Resize(RESIZE)).unwrap();
        let [
            wit::Step {
                operations,
                on_failure,
            },
        ] = &steps[..]
        else {
            panic!("one step is one step");
        };
        assert_eq!(*on_failure, wit::OnFailure::Skip);
        let [wit::Operation::Orient, wit::Operation::Resize(resize)] = &operations[..] else {
            panic!("operations keep their order: {operations:?}");
        };
        assert_eq!((resize.width, resize.height), (Some(400), None));
        assert_eq!(
            (resize.fit, resize.enlarge),
            (wit::Fit::Cover, wit::Enlarge::Never)
        );
        assert_eq!(resize.gravity, wit::Gravity::North);
        let wit::Extend::Colour(wit::Rgb { red, green, blue }) = resize.extend else {
            panic!("a colour stays a colour");
        };
        assert_eq!((red, green, blue), (1, 2, 3));
    }

    #[test]
    fn what_the_interface_cannot_say_is_refused() {
        let gravity = Gravity::Smart;
        let refused = one(Operation::Resize(Resize { gravity, ..RESIZE })).unwrap_err();
        assert!(
            matches!(&refused, SandboxError::Refused(wit::Error::BadOperation(why)) if why.contains("smart")),
            "{refused}"
        );
    }
}
