//! What is planned, skipped and refused.

use super::*;
use crate::header::Coding;
use crate::options::{Area, Enlarge, Fit, Mirror, Tiling, Truncated, Turn, WatermarkText};
use crate::picture::Layout;

const LIMITS: Limits = Limits {
    source_pixels_max: 100_000_000,
    output_pixels_max: 4_000_000,
    output_side_max: 8192,
    memory_bytes_max: 1 << 30,
    frames_max: 100,
    animation_pixels_max: 100_000_000,
    truncated: Truncated::Render,
};

const OUTPUT: Output = Output {
    format: None,
    quality: None,
    compression: None,
    speed: None,
    interlace: false,
    lossless: false,
    page: None,
    palette: false,
    profile: options::Profile::Convert,
    metadata: options::Metadata::None,
    linear: false,
};

fn header(width: u32, height: u32) -> Header<'static> {
    Header {
        orientation: 6,
        coding: Coding::WebpLossless,
        ..Header::plain(Format::Png, Size { width, height }, Layout::Rgb)
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
    planned_steps(header, &[step(operations)], &OUTPUT)
}

fn planned_steps(header: &Header<'_>, steps: &[Step], output: &Output) -> Result<Plan, Error> {
    let originals = Originals {
        source: &[],
        header: header.clone(),
        animated: None,
        overlays: Vec::new(),
    };
    plan(&originals, steps, output, &LIMITS)
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
    let plan = planned_steps(&header, &steps, &ignoring).unwrap();
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
    let plan = planned_steps(&header(4000, 3000), &steps, &OUTPUT).unwrap();
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
        let refused = planned(&header(10, 10), std::slice::from_ref(&operation));
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
        format: Some(Format::Svg),
        ..OUTPUT
    };
    let refused = planned_steps(&header(10, 10), &[], &output);
    assert_eq!(refused, Err(Error::Unwritable(Format::Svg)));
}

fn text(text: &str) -> WatermarkText {
    WatermarkText {
        text: text.to_owned(),
        font_points: 10.0,
        dpi: 150,
        width: None,
        margin: None,
        opacity: 0.25,
        colour: Rgb {
            red: 0,
            green: 0,
            blue: 0,
        },
        tiling: Tiling::Repeated,
    }
}

fn writing(watermark: WatermarkText) -> Result<Writing, Error> {
    let planned = planned(&header(600, 400), &[Operation::WatermarkText(watermark)])?;
    match planned.actions.into_iter().next() {
        Some(Action::Write(writing)) => Ok(*writing),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_text_takes_a_sixth_of_the_picture_and_keeps_as_far_apart() {
    let by_default = writing(text("a b c d e f g h i j k")).unwrap();
    assert_eq!(by_default.margin, 100);
    assert!(by_default.inscription.ink.width <= 100);
    assert!(by_default.inscription.ink.height > 40, "several lines");
    let wide = WatermarkText {
        width: Some(5000),
        ..text("a b c d e f g h i j k")
    };
    let wide = writing(wide).unwrap();
    assert!(wide.margin == 5000 && wide.inscription.ink.height < 30);
}

#[test]
fn a_text_has_limits() {
    let refused = |watermark: WatermarkText| writing(watermark).unwrap_err();
    let with = |font_points: f32, dpi: u32, opacity: f32| WatermarkText {
        font_points,
        dpi,
        opacity,
        ..text("W")
    };
    for watermark in [
        text(" "),
        text(&"x".repeat(4097)),
        with(0.0, 150, 0.5),
        with(1000.1, 150, 0.5),
        with(f32::NAN, 150, 0.5),
        with(10.0, 0, 0.5),
        with(10.0, 1201, 0.5),
        with(10.0, 150, 1.1),
        with(10.0, 150, f32::NAN),
    ] {
        let refused = refused(watermark.clone());
        assert!(matches!(refused, Error::BadOperation(_)), "{watermark:?}");
    }
    assert!(writing(with(1.0, 1, 0.0)).is_ok());
    let longest = WatermarkText {
        font_points: 1.0,
        ..text(&"x ".repeat(2048))
    };
    assert!(writing(longest).is_ok());
    // The longest letter of the largest font is over 16,000 pixels wide.
    let large = refused(with(1000.0, 1200, 1.0));
    assert!(
        matches!(
            large,
            Error::TooLarge {
                limit: Limit::OutputSide,
                ..
            }
        ),
        "{large:?}"
    );
    let one_line = WatermarkText {
        width: Some(u32::MAX),
        ..text(&"x ".repeat(2000))
    };
    let one_line = refused(one_line);
    assert!(matches!(
        one_line,
        Error::TooLarge {
            limit: Limit::OutputSide,
            ..
        }
    ));
}

#[test]
fn the_place_of_a_smart_cut_is_left_to_the_pixels() {
    let smart = |width: u32, height: u32| {
        let Operation::Resize(resize) = to(width, height, Fit::Cover) else {
            unreachable!()
        };
        Operation::Resize(Resize {
            gravity: Gravity::Smart,
            ..resize
        })
    };
    let plan = planned(&header(4000, 3000), &[Operation::Orient, smart(300, 300)]).unwrap();
    let quarter = Orientation::from_turn(Turn::Quarter);
    assert!(
        matches!(plan.actions[..], [Action::Find(scale), Action::Turn(turn)]
            if scale.whole == size(400, 300) && scale.keep.size == size(300, 300) && turn == quarter),
        "{:?}",
        plan.actions
    );
    // Where nothing is cut, nothing is looked for.
    let plan = planned(&header(400, 300), &[smart(200, 150)]).unwrap();
    assert!(matches!(plan.actions[..], [Action::Scale(_)]));
    // A cut without scaling looks too.
    let plan = planned(&header(400, 300), &[smart(200, 0)]).unwrap();
    assert!(matches!(plan.actions[..], [Action::Find(scale)] if scale.whole == size(400, 300)));
}

#[test]
fn an_overlay_that_is_not_there_cannot_be_laid_on() {
    let image = options::WatermarkImage {
        overlay: 0,
        left: 0,
        top: 0,
        opacity: 1.0,
    };
    let refused = planned(&header(10, 10), &[Operation::WatermarkImage(image)]);
    assert_eq!(refused, Err(bad("Unable to read watermark image")));
}
