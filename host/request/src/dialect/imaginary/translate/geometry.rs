//! Sizes: which of the four ways of meeting a box a request comes down to, and which rectangle is cut out.
//! These are the decisions that imaginary's image library makes from its options, taken before the size of
//! the picture is known.

use super::BLACK;
use crate::dialect::imaginary::endpoint::Endpoint;
use crate::dialect::imaginary::table::Parameter;
use crate::dialect::imaginary::value::{ExtendWord, GravityWord};
use crate::dialect::imaginary::values::Values;
use crate::error::OperationError;
use crate::operation::{Area, Enlarge, Extend, Fit, Gravity, Operation, Resize, Rgb};

/// Width and height wanted.
type Sides = (Option<u32>, Option<u32>);

/// How the box is met, size or no size.
struct Manner {
    fit: Fit,
    enlarge: Enlarge,
    /// Whether a rectangle may still be cut out: of cutting, padding and cutting out only one happens.
    cuts_out: bool,
}

/// Magnify, resize, cut out.
pub(super) fn operations(
    endpoint: Endpoint,
    values: &Values,
    background: Option<Rgb>,
) -> Result<Vec<Operation>, OperationError> {
    let mut operations = Vec::new();
    if endpoint == Endpoint::Zoom {
        operations.push(Operation::Zoom(zoom(values.integer(Parameter::Factor))));
    }
    let sides = sides(values)?;
    let manner = manner(endpoint, values, sides);
    if sides != (None, None) {
        operations.push(Operation::Resize(resize(
            &manner,
            endpoint,
            values,
            (sides, background),
        )));
    }
    if manner.cuts_out {
        operations.extend(area(endpoint, values, sides).map(Operation::Extract));
    }
    Ok(operations)
}

/// A factor that is none (negative, `NaN`) is one that no picture can have: the operation fails.
fn zoom(factor: i64) -> u32 {
    u32::try_from(factor).map_or(u32::MAX, |factor| factor.saturating_add(1))
}

/// The sides given; a ratio gives the other one where only one is.
fn sides(values: &Values) -> Result<Sides, OperationError> {
    let given = (
        values.pixels(Parameter::Width),
        values.pixels(Parameter::Height),
    );
    let ((Some(side), None) | (None, Some(side))) = given else {
        return Ok(given);
    };
    let Some(ratio) = values.ratio() else {
        return Ok(given);
    };
    let (width, height) = ratio.parts();
    let (numerator, denominator) = if given.0.is_some() {
        (height, width)
    } else {
        (width, height)
    };
    let quotient = i64::from(side).checked_div(denominator);
    let quotient =
        quotient.ok_or_else(|| super::unusable(Parameter::Aspectratio, &ratio.text()))?;
    let other = quotient.saturating_mul(numerator);
    let other = (other > 0).then(|| u32::try_from(other).unwrap_or(u32::MAX));
    Ok(if given.0.is_some() {
        (given.0, other)
    } else {
        (other, given.1)
    })
}

/// Whether what lies outside the box is cut off.
fn crops(endpoint: Endpoint, values: &Values) -> bool {
    let nocrop = values.switch(Parameter::Nocrop);
    match endpoint {
        Endpoint::Crop | Endpoint::Smartcrop => true,
        Endpoint::Resize => nocrop == Some(false),
        Endpoint::Enlarge => nocrop != Some(true),
        Endpoint::Zoom => values.has_corner() && nocrop == Some(false),
        _ => false,
    }
}

fn manner(endpoint: Endpoint, values: &Values, sides: Sides) -> Manner {
    let forced = values.flag(Parameter::Force);
    if endpoint == Endpoint::Fit {
        // The box was fitted to the picture's shape before, so force can only enlarge.
        let enlarge = if forced {
            Enlarge::Allow
        } else {
            Enlarge::Never
        };
        return Manner {
            fit: Fit::Inside,
            enlarge,
            cuts_out: false,
        };
    }
    let crops = crops(endpoint, values);
    let pads = endpoint == Endpoint::Resize || values.flag(Parameter::Embed);
    let enlarges = endpoint == Endpoint::Enlarge;
    let turned = values.integer(Parameter::Rotate) != 0;
    let smart = is_smart(endpoint, values);
    let sized = sides != (None, None);
    let stretches = forced || (sized && !crops && !pads && !enlarges && !turned);
    let fit = match (stretches, crops, pads) {
        (true, _, _) => Fit::Stretch,
        (false, true, _) => Fit::Cover,
        // A smart cut takes the place of the padding, and finds nothing to cut.
        (false, false, true) if !smart => Fit::Pad,
        (false, false, _) => Fit::Inside,
    };
    let enlarge = if enlarges || stretches {
        Enlarge::Allow
    } else {
        Enlarge::Never
    };
    Manner {
        fit,
        enlarge,
        cuts_out: !smart && (stretches || !(crops || pads)),
    }
}

fn is_smart(endpoint: Endpoint, values: &Values) -> bool {
    endpoint == Endpoint::Smartcrop || values.gravity() == GravityWord::Smart
}

/// What has no effect is as if it had not been said, so that such requests share a rendition.
fn resize(
    manner: &Manner,
    endpoint: Endpoint,
    values: &Values,
    box_: (Sides, Option<Rgb>),
) -> Resize {
    let ((width, height), background) = box_;
    let gravity = match (manner.fit, is_smart(endpoint, values)) {
        (Fit::Cover, true) => Gravity::Smart,
        (Fit::Cover, false) => gravity(values.gravity()),
        (Fit::Inside | Fit::Pad | Fit::Stretch, _) => Gravity::Centre,
    };
    let pads = manner.fit == Fit::Pad && width.is_some() && height.is_some();
    let extend = if pads {
        extend(values.extend(), background)
    } else {
        Extend::Copy
    };
    Resize {
        width,
        height,
        fit: manner.fit,
        enlarge: manner.enlarge,
        gravity,
        extend,
    }
}

const fn gravity(word: GravityWord) -> Gravity {
    match word {
        GravityWord::Centre => Gravity::Centre,
        GravityWord::North => Gravity::North,
        GravityWord::South => Gravity::South,
        GravityWord::East => Gravity::East,
        GravityWord::West => Gravity::West,
        GravityWord::Smart => Gravity::Smart,
    }
}

fn extend(word: ExtendWord, background: Option<Rgb>) -> Extend {
    match word {
        ExtendWord::Copy => Extend::Copy,
        ExtendWord::Mirror => Extend::Mirror,
        ExtendWord::White => Extend::White,
        ExtendWord::Black | ExtendWord::Lastpixel => Extend::Black,
        ExtendWord::Background => match background {
            Some(colour) if colour != BLACK => Extend::Colour(colour),
            _ => Extend::Black,
        },
    }
}

/// The rectangle to cut out. A side that is not given is that of the box, or of the picture.
fn area(endpoint: Endpoint, values: &Values, sides: Sides) -> Option<Area> {
    let wanted = match endpoint {
        Endpoint::Extract => true,
        Endpoint::Zoom => values.has_corner(),
        _ => false,
    };
    let side = |parameter, of_box: Option<u32>| match values.integer(parameter) {
        0 => of_box,
        _ => Some(place(values, parameter)),
    };
    wanted.then(|| Area {
        left: place(values, Parameter::Left),
        top: place(values, Parameter::Top),
        width: side(Parameter::Areawidth, sides.0),
        height: side(Parameter::Areaheight, sides.1),
    })
}

/// A place or a length; one that is none (negative, `NaN`) lies outside every picture: the operation fails.
fn place(values: &Values, parameter: Parameter) -> u32 {
    u32::try_from(values.integer(parameter)).unwrap_or(u32::MAX)
}
