//! Angles, mirrors, and what is done to the pixels after the geometry.

use super::*;
use crate::operation::{Rgb, Tiling};

#[test]
fn angles_are_floored_to_quarters_and_use_the_orientation_up() {
    for (angle, expected) in [
        ("0", "orient Horizontal"),
        ("45", "Horizontal"),
        ("89", "Horizontal"),
        ("90", "Quarter Horizontal"),
        ("-90", "Quarter Horizontal"),
        ("100", "Quarter Horizontal"),
        ("180", "Half Horizontal"),
        ("270", "ThreeQuarters Horizontal"),
        ("360", "ThreeQuarters Horizontal"),
        ("450", "ThreeQuarters Horizontal"),
        ("1e30", "ThreeQuarters Horizontal"),
        ("NaN", "Horizontal"),
    ] {
        assert_eq!(plan(&format!("flip?rotate={angle}")), expected, "{angle}");
    }
}

#[test]
fn mirrors_and_orientation() {
    for (call, expected) in [
        ("flip", "orient Horizontal"),
        ("flop", "orient Vertical"),
        ("flip?flop=1", "orient Horizontal Vertical"),
        ("flip?flip=false", "orient Horizontal"),
        ("flop?flip=1", "orient Horizontal Vertical"),
        ("flip?norotation=true", "Horizontal"),
        ("convert?type=jpeg&norotation=1", ""),
        (
            "resize?width=10&norotation=true&rotate=180",
            "Half Pad:10x-",
        ),
    ] {
        assert_eq!(plan(call), expected, "{call}");
    }
}

#[test]
fn everything_in_its_order() {
    assert_eq!(
        plan(
            "watermark?text=x&background=9,8,7&colorspace=bw&sigma=1.5&flop=1&flip=1&rotate=90&width=10&height=10&embed=1"
        ),
        "Quarter Horizontal Vertical Pad:10x10 blur:1.5 text:x flatten:9,8,7 grey"
    );
}

#[test]
fn effects() {
    for (call, expected) in [
        ("blur?sigma=5", "orient blur:5"),
        ("blur?sigma=-5", "orient blur:5"),
        ("blur?minampl=2", "orient"),
        ("blur?sigma=NaN", "orient"),
        ("flip?sigma=0.5", "orient Horizontal blur:0.5"),
        (
            "flip?background=255,0,0",
            "orient Horizontal flatten:255,0,0",
        ),
        (
            "flip?background=300,%201,x,9",
            "orient Horizontal flatten:255,1,0",
        ),
        ("flip?background=0,0,0", "orient Horizontal"),
        ("flip?background=", "orient Horizontal"),
        ("flip?colorspace=bw", "orient Horizontal grey"),
        ("flip?colorspace=BW", "orient Horizontal"),
        ("flip?colorspace=srgb", "orient Horizontal"),
        // A text is only a watermark there.
        ("flip?text=x&image=http://a/b", "orient Horizontal"),
    ] {
        assert_eq!(plan(call), expected, "{call}");
    }
}

fn text(query: &str) -> crate::operation::WatermarkText {
    let action = ask(&format!("/watermark?file=a&{query}")).unwrap().action;
    let Action::Transform { steps, .. } = action else {
        panic!("{query}")
    };
    match steps[0].operations.last() {
        Some(Operation::WatermarkText(text)) => text.clone(),
        other => panic!("{query}: {other:?}"),
    }
}

#[test]
fn a_text_and_its_defaults() {
    let black = Rgb {
        red: 0,
        green: 0,
        blue: 0,
    };
    let plain = text("text=a+b%26c");
    assert_eq!(plain.text, "a b&c");
    assert_eq!(
        (plain.font_points, plain.dpi, plain.opacity),
        (10.0, 150, 0.25)
    );
    assert_eq!(
        (plain.width, plain.margin, plain.colour, plain.tiling),
        (None, None, black, Tiling::Repeated)
    );
    let full = text(
        "text=a&font=sans+bold+12&dpi=72&textwidth=100&margin=5&opacity=0.5&color=1,2,3&noreplicate=true",
    );
    assert_eq!((full.font_points, full.dpi, full.opacity), (12.0, 72, 0.5));
    assert_eq!((full.width, full.margin), (Some(100), Some(5)));
    assert_eq!(
        (full.colour, full.tiling),
        (
            Rgb {
                red: 1,
                green: 2,
                blue: 3
            },
            Tiling::Once
        )
    );
    for (query, opacity) in [
        ("opacity=0", 0.25),
        ("opacity=7", 1.0),
        ("opacity=-0.5", 0.5),
        ("opacity=NaN", 0.25),
    ] {
        assert!(
            (text(&format!("text=a&{query}")).opacity - opacity).abs() < f32::EPSILON,
            "{query}"
        );
    }
    for (query, dpi) in [("dpi=1200", 1200), ("dpi=1201", 150), ("dpi=NaN", 150)] {
        assert_eq!(text(&format!("text=a&{query}")).dpi, dpi, "{query}");
    }
    // Fewer than three parts are no colour; what counts is the first text.
    assert_eq!(text("text=a&color=9,9&text=b").colour, black);
    assert_eq!(text("text=a&text=b").text, "a");
}

#[test]
fn an_overlay_and_its_defaults() {
    let request = ask("/watermarkimage?file=a&image=https://h/o.png&left=5&top=6").unwrap();
    assert_eq!(
        request.overlays,
        [Source::Url("https://h/o.png".to_owned())]
    );
    assert_eq!(
        plan("watermarkimage?image=https://h/o.png&left=5&top=6"),
        "orient image:0+5+6"
    );
    let opacity = |query: &str| {
        let Action::Transform { steps, .. } =
            ask(&format!("/watermarkimage?file=a&image=http://h/o&{query}"))
                .unwrap()
                .action
        else {
            panic!("{query}")
        };
        match steps[0].operations.last() {
            Some(Operation::WatermarkImage(image)) => image.opacity,
            other => panic!("{query}: {other:?}"),
        }
    };
    for (query, expected) in [
        ("", 1.0),
        ("opacity=0", 1.0),
        ("opacity=0.5", 0.5),
        ("opacity=3", 1.0),
    ] {
        assert!((opacity(query) - expected).abs() < f32::EPSILON, "{query}");
    }
}
