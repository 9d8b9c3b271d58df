//! What is skipped or refused.

use super::*;

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
