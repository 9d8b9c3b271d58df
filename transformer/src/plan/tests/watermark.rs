//! Texts and overlays.

use super::*;

pub(super) fn text(text: &str) -> WatermarkText {
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
