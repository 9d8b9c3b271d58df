//! What operations do to pixels: which way they turn, where padding lies, how a blur looks. The sizes
//! themselves are rows of the reference.

use image::GenericImageView;
use tests::{Edge, eyes};

/// What each operation does to four flat quarters: red, green above blue, white.
#[test]
fn turns_and_mirrors_go_the_right_way() {
    let edge = Edge::shared();
    let source = eyes::encode(&eyes::quarters(64, 48), image::ImageFormat::Png);
    for (operation, read) in [
        ("convert?type=png", "rgbw"),
        ("flip", "grwb"),
        ("flop", "bwrg"),
        ("rotate?rotate=90", "brwg"),
        ("rotate?rotate=180", "wbgr"),
        ("rotate?rotate=270", "gwrb"),
        ("convert?type=png&flip=true", "grwb"),
        ("crop?width=64&height=24&gravity=north", "rgrg"),
        ("crop?width=32&height=48&gravity=east", "ggww"),
        ("extract?left=0&top=24&areawidth=32&areaheight=24", "bbbb"),
        ("zoom?factor=1", "rgbw"),
    ] {
        let answer = edge.post(&format!("/{operation}"), &source);
        assert_eq!(
            eyes::read_quarters(&eyes::decode(answer.picture())),
            read,
            "{operation}"
        );
    }
}

#[test]
fn a_padded_picture_lies_in_the_middle_of_its_box() {
    let edge = Edge::shared();
    let source = eyes::encode(&eyes::quarters(64, 48), image::ImageFormat::Png);
    let padded = |extend: &str| {
        let answer = edge.post(&format!("/resize?width=64&height=100{extend}"), &source);
        eyes::decode(answer.picture())
    };
    let white = padded("&extend=white");
    assert_eq!(white.dimensions(), (64, 100));
    // 26 rows of padding above 48 of picture.
    assert_eq!(white.get_pixel(10, 10).0[..3], [255, 255, 255]);
    assert_eq!(white.get_pixel(10, 30).0[..3], [230, 30, 30]);
    assert_eq!(padded("&extend=black").get_pixel(10, 10).0[..3], [0, 0, 0]);
    assert_eq!(
        padded("&extend=background&background=1,2,3")
            .get_pixel(10, 10)
            .0[..3],
        [1, 2, 3]
    );
    assert_eq!(
        padded("").get_pixel(10, 10).0[..3],
        [230, 30, 30],
        "the edge is copied by default"
    );
}

#[test]
fn blur_smooths_and_keeps_the_mean() {
    let edge = Edge::shared();
    let source = eyes::encode(&eyes::quarters(64, 48), image::ImageFormat::Png);
    let blurred = eyes::decode(edge.post("/blur?sigma=6", &source).picture());
    let before = eyes::decode(&source);
    let step = |picture: &image::DynamicImage| {
        let red = |x| i32::from(picture.get_pixel(x, 10).0[0]);
        (red(31) - red(32)).abs()
    };
    assert!(
        step(&before) > 150 && step(&blurred) < 40,
        "{} then {}",
        step(&before),
        step(&blurred)
    );
    let mean = |picture: &image::DynamicImage| {
        picture
            .to_luma8()
            .as_raw()
            .iter()
            .map(|v| f64::from(*v))
            .sum::<f64>()
            / (64.0 * 48.0)
    };
    assert!((mean(&before) - mean(&blurred)).abs() < 4.0);
}
