//! What is planned, skipped and refused.

use super::*;
use crate::header::Coding;
use crate::options::{Area, Enlarge, Fit, Gravity, Mirror, Truncated, Turn};
use crate::picture::Layout;
use crate::rendition::ColourSpace;

const LIMITS: Limits = Limits {
    source_pixels_max: 100_000_000,
    output_pixels_max: 4_000_000,
    output_side_max: 8192,
    memory_bytes_max: 1 << 30,
    truncated: Truncated::Render,
};

const OUTPUT: Output = Output {
    format: None,
    quality: None,
    compression: None,
    speed: None,
    interlace: false,
    lossless: false,
    profile: options::Profile::Convert,
};

fn header(width: u32, height: u32) -> Header<'static> {
    Header {
        format: Format::Png,
        size: Size { width, height },
        orientation: 6,
        space: ColourSpace::Srgb,
        layout: Layout::Rgb,
        profile: Profile::None,
        coding: Coding::WebpLossless,
    }
}

fn to(width: u32, height: u32, fit: Fit) -> Operation {
    let side = |pixels: u32| (pixels != 0).then_some(pixels);
    Operation::Resize(Resize {
        width: side(width),
        height: side(height),
        fit,
        enlarge: Enlarge::Never,
        gravity: Gravity::North,
        extend: Extend::Copy,
    })
}

fn step(operations: &[Operation]) -> Step {
    Step {
        operations: operations.to_vec(),
        on_failure: OnFailure::Fail,
    }
}

fn planned(header: &Header<'_>, operations: &[Operation]) -> Result<Plan, Error> {
    plan(header, &[step(operations)], &OUTPUT, &LIMITS)
}

const fn size(width: u32, height: u32) -> Size {
    Size { width, height }
}

#[test]
fn a_turn_waits_for_the_shrinking() {
    let plan = planned(
        &header(4000, 3000),
        &[Operation::Orient, to(300, 0, Fit::Inside)],
    )
    .unwrap();
    let stored = size(400, 300);
    let scale = Scale {
        whole: stored,
        keep: Rect::whole(stored),
    };
    let quarter = Orientation::from_turn(Turn::Quarter);
    assert_eq!(plan.actions, [Action::Scale(scale), Action::Turn(quarter)]);
    assert_eq!(plan.shrinks_to, Some(stored));
}

#[test]
fn the_top_of_the_displayed_picture_is_the_left_of_the_stored_one() {
    // Displayed 3000x4000, scaled to 300x400, its top 300x100 kept: stored, the left 100 columns.
    let plan = planned(
        &header(4000, 3000),
        &[Operation::Orient, to(300, 100, Fit::Cover)],
    )
    .unwrap();
    let keep = Rect {
        left: 0,
        top: 0,
        size: size(100, 300),
    };
    assert_eq!(
        plan.actions[0],
        Action::Scale(Scale {
            whole: size(400, 300),
            keep
        })
    );
}

#[test]
fn turns_join_and_vanish() {
    let turns = [
        Operation::Rotate(Turn::Half),
        Operation::Mirror(Mirror::Vertical),
        Operation::Mirror(Mirror::Horizontal),
    ];
    assert_eq!(planned(&header(40, 30), &turns).unwrap().actions, []);
    let twice = [Operation::Orient, Operation::Orient];
    let once = planned(&header(40, 30), &twice[..1]).unwrap();
    assert_eq!(planned(&header(40, 30), &twice).unwrap(), once);
}

#[test]
fn colours_are_converted_among_the_fewest_pixels() {
    let mut header = header(4000, 3000);
    header.profile = Profile::Pieces(vec![b"profile"]);
    let plan = planned(&header, &[to(100, 100, Fit::Pad), Operation::Greyscale]).unwrap();
    assert!(matches!(
        plan.actions[..],
        [
            Action::Scale(_),
            Action::Convert,
            Action::Pad { .. },
            Action::Greyscale
        ]
    ));
    let enlarged = planned(&header, &[Operation::Blur(1.0), Operation::Greyscale]).err();
    assert!(matches!(
        enlarged,
        Some(Error::TooLarge {
            limit: Limit::OutputPixels,
            ..
        })
    ));
    let ignoring = Output {
        profile: options::Profile::Ignore,
        ..OUTPUT
    };
    let steps = [step(&[to(100, 100, Fit::Pad)])];
    let plan = super::plan(&header, &steps, &ignoring, &LIMITS).unwrap();
    assert!(!plan.actions.contains(&Action::Convert));
}

#[test]
fn a_step_that_cannot_be_done_is_skipped_whole() {
    let outside = Area {
        left: 3999,
        top: 0,
        width: Some(2),
        height: Some(1),
    };
    let failing = [Operation::Greyscale, Operation::Extract(outside)];
    let refused = planned(&header(4000, 3000), &failing);
    assert!(
        matches!(refused, Err(Error::BadOperation(_))),
        "{refused:?}"
    );
    let skipped = Step {
        operations: failing.to_vec(),
        on_failure: OnFailure::Skip,
    };
    let steps = [skipped, step(&[to(100, 0, Fit::Inside)])];
    let plan = plan(&header(4000, 3000), &steps, &OUTPUT, &LIMITS).unwrap();
    assert!(
        matches!(plan.actions[..], [Action::Scale(_)]),
        "{:?}",
        plan.actions
    );
}

#[test]
fn an_area_is_as_large_as_the_picture_was_before_the_zoom() {
    let area = Area {
        left: 0,
        top: 40,
        width: Some(300),
        height: None,
    };
    let zoomed = [Operation::Zoom(2), Operation::Extract(area)];
    let plan = planned(&header(550, 740), &zoomed).unwrap();
    let rect = Rect {
        left: 0,
        top: 40,
        size: size(300, 740),
    };
    assert_eq!(plan.actions, [Action::Zoom(2), Action::Cut(rect)]);
}

#[test]
fn limits_obeyed_and_violated() {
    let limit = |operations: &[Operation]| match planned(&header(2000, 1000), operations) {
        Err(Error::TooLarge { limit, .. }) => Some(limit),
        Ok(_) => None,
        Err(other) => panic!("{other:?}"),
    };
    assert_eq!(limit(&[to(8192, 1, Fit::Stretch)]), None);
    assert_eq!(limit(&[to(8193, 1, Fit::Stretch)]), Some(Limit::OutputSide));
    assert_eq!(limit(&[to(2000, 2000, Fit::Stretch)]), None);
    assert_eq!(
        limit(&[to(2000, 2001, Fit::Stretch)]),
        Some(Limit::OutputPixels)
    );
    assert_eq!(
        limit(&[to(100_000_000, 0, Fit::Stretch)]),
        Some(Limit::OutputSide)
    );
    assert_eq!(
        limit(&[to(u32::MAX, u32::MAX, Fit::Stretch)]),
        Some(Limit::OutputSide)
    );
    assert_eq!(
        limit(&[Operation::Zoom(2), to(10, 10, Fit::Inside)]),
        Some(Limit::OutputPixels)
    );
    assert_eq!(limit(&[Operation::Zoom(256)]), Some(Limit::OutputSide));
}

#[test]
fn numbers_out_of_range() {
    for operation in [
        Operation::Zoom(0),
        Operation::Zoom(257),
        Operation::Blur(0.0),
        Operation::Blur(-1.0),
        Operation::Blur(250.1),
        Operation::Blur(f32::NAN),
    ] {
        let refused = planned(&header(10, 10), &[operation]);
        assert!(
            matches!(refused, Err(Error::BadOperation(_))),
            "{operation:?}"
        );
    }
}

#[test]
fn a_source_that_is_only_passed_through_still_has_an_output() {
    let large = header(4000, 3000);
    let refused = planned(&large, &[]);
    assert!(matches!(
        refused,
        Err(Error::TooLarge {
            limit: Limit::OutputPixels,
            ..
        })
    ));
    assert!(planned(&large, &[Operation::Orient, to(1000, 0, Fit::Inside)]).is_ok());
}

#[test]
fn what_cannot_be_written() {
    let output = Output {
        format: Some(Format::Gif),
        ..OUTPUT
    };
    let refused = plan(&header(10, 10), &[], &output, &LIMITS);
    assert_eq!(refused, Err(Error::Unwritable(Format::Gif)));
}
