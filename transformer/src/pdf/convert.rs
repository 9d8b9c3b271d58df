//! From the interpreter's shapes to those of the rasteriser.

use hayro_interpret::kurbo::{Affine, BezPath, Cap, Join, PathEl, Point};
use hayro_interpret::{BlendMode as Blend, FillRule as Rule, StrokeProps};
use tiny_skia::{
    BlendMode, FillRule, LineCap, LineJoin, Path, PathBuilder, Stroke, StrokeDash, Transform,
};

/// `None` where nothing is left of it, or numbers are too large.
pub(super) fn path(path: &BezPath) -> Option<Path> {
    let mut builder = PathBuilder::new();
    let at = |point: Point| (point.x as f32, point.y as f32);
    for &element in path.elements() {
        match element {
            PathEl::MoveTo(to) => {
                let (x, y) = at(to);
                builder.move_to(x, y);
            }
            PathEl::LineTo(to) => {
                let (x, y) = at(to);
                builder.line_to(x, y);
            }
            PathEl::QuadTo(control, to) => {
                let ((x1, y1), (x, y)) = (at(control), at(to));
                builder.quad_to(x1, y1, x, y);
            }
            PathEl::CurveTo(first, second, to) => {
                let ((x1, y1), (x2, y2), (x, y)) = (at(first), at(second), at(to));
                builder.cubic_to(x1, y1, x2, y2, x, y);
            }
            PathEl::ClosePath => builder.close(),
        }
    }
    builder.finish()
}

pub(super) fn transform(affine: Affine) -> Transform {
    let [across @ .., left, top] = affine.as_coeffs().map(|number| number as f32);
    let [right_x, right_y, down_x, down_y] = across;
    Transform::from_row(right_x, right_y, down_x, down_y, left, top)
}

pub(super) const fn rule(rule: Rule) -> FillRule {
    match rule {
        Rule::NonZero => FillRule::Winding,
        Rule::EvenOdd => FillRule::EvenOdd,
    }
}

/// A pen that is at least `thinnest` wide, in units of the path.
pub(super) fn stroke(props: &StrokeProps, thinnest: f32) -> Stroke {
    Stroke {
        width: props.line_width.max(thinnest),
        miter_limit: props.miter_limit.max(1.0),
        line_cap: match props.line_cap {
            Cap::Butt => LineCap::Butt,
            Cap::Round => LineCap::Round,
            Cap::Square => LineCap::Square,
        },
        line_join: match props.line_join {
            Join::Miter => LineJoin::Miter,
            Join::Round => LineJoin::Round,
            Join::Bevel => LineJoin::Bevel,
        },
        dash: dash(props),
    }
}

fn dash(props: &StrokeProps) -> Option<StrokeDash> {
    let mut lengths = props.dash_array.to_vec();
    // An odd number of lengths is gone through twice, dashes and gaps exchanged.
    if !lengths.len().is_multiple_of(2) {
        lengths.extend_from_slice(&props.dash_array);
    }
    StrokeDash::new(lengths, props.dash_offset)
}

pub(super) const fn blend(mode: Blend) -> BlendMode {
    match mode {
        Blend::Normal => BlendMode::SourceOver,
        Blend::Multiply => BlendMode::Multiply,
        Blend::Screen => BlendMode::Screen,
        Blend::Overlay => BlendMode::Overlay,
        Blend::Darken => BlendMode::Darken,
        Blend::Lighten => BlendMode::Lighten,
        Blend::ColorDodge => BlendMode::ColorDodge,
        Blend::ColorBurn => BlendMode::ColorBurn,
        Blend::HardLight => BlendMode::HardLight,
        Blend::SoftLight => BlendMode::SoftLight,
        Blend::Difference => BlendMode::Difference,
        Blend::Exclusion => BlendMode::Exclusion,
        Blend::Hue => BlendMode::Hue,
        Blend::Saturation => BlendMode::Saturation,
        Blend::Color => BlendMode::Color,
        Blend::Luminosity => BlendMode::Luminosity,
    }
}
