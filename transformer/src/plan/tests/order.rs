//! What is done, and in which order.

use super::*;

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
            Action::Pad(_),
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
