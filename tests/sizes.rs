//! The table of sizes that imaginary was measured with: a 550x740 JPEG, every operation.

use image::GenericImageView;
use tests::{Edge, eyes, sample};

/// Route and parameters, and the size that imaginary answers.
const MEASURED: &[(&str, (u32, u32))] = &[
    ("resize?width=300", (300, 404)),
    ("resize?height=300", (223, 300)),
    ("resize?width=300&height=300", (300, 300)),
    ("resize?width=300&height=300&nocrop=false", (300, 300)),
    ("resize?width=300&nocrop=false", (300, 740)),
    ("resize?width=300&nocrop=", (300, 740)),
    ("resize?width=300&nocrop=true", (300, 404)),
    ("resize?width=1000", (550, 740)),
    ("resize?width=1000&height=1000", (550, 740)),
    ("resize?width=1000&height=300", (1000, 300)),
    ("resize?width=300&height=1000", (300, 1000)),
    ("resize?width=1000&height=1500&force=true", (1000, 1500)),
    ("resize?width=NaN", (550, 740)),
    ("resize?width=Inf", (550, 740)),
    ("resize?width=-300", (300, 404)),
    ("resize?width=299.5", (300, 404)),
    ("resize?width=3e2", (300, 404)),
    ("resize?width=300&aspectratio=16:9", (300, 162)),
    ("resize?height=300&aspectratio=16:9", (528, 300)),
    ("resize?width=300&rotate=90", (300, 223)),
    ("fit?width=300&height=300", (223, 300)),
    ("fit?width=1000&height=1000", (550, 740)),
    ("fit?width=300&height=100", (74, 100)),
    ("crop?width=300", (300, 740)),
    ("crop?height=300", (550, 300)),
    ("crop?width=300&height=300", (300, 300)),
    ("crop?width=1000&height=300", (1000, 300)),
    ("crop?width=1000&height=1000", (550, 740)),
    ("crop?width=600", (550, 740)),
    ("enlarge?width=300&height=200", (300, 200)),
    ("enlarge?width=1000&height=1000", (1000, 1000)),
    ("enlarge?width=1000&height=1000&nocrop=true", (743, 1000)),
    (
        "enlarge?width=1000&height=1000&nocrop=true&embed=true",
        (1000, 1000),
    ),
    (
        "extract?top=100&left=100&areawidth=200&areaheight=120",
        (200, 120),
    ),
    (
        "extract?top=100&left=100&areawidth=200&areaheight=120&embed=true",
        (550, 740),
    ),
    ("thumbnail?width=100", (100, 135)),
    ("thumbnail?height=100", (74, 100)),
    ("thumbnail?width=100&height=100", (100, 100)),
    ("thumbnail?width=1000", (1000, 1345)),
    ("thumbnail?width=100&height=100&rotate=90", (100, 74)),
    ("zoom?factor=1", (1100, 1480)),
    ("zoom?factor=2", (1650, 2220)),
    ("zoom?factor=1&width=100", (100, 135)),
    ("zoom?factor=1&top=10&areawidth=300", (300, 740)),
    ("rotate?rotate=90", (740, 550)),
    ("rotate?rotate=90&width=100", (100, 74)),
    ("rotate?rotate=45", (550, 740)),
    ("rotate?rotate=180", (550, 740)),
    ("rotate?rotate=450", (740, 550)),
    ("autorotate?", (550, 740)),
    ("autorotate?width=100&rotate=90", (550, 740)),
    ("flip?", (550, 740)),
    ("flop?", (550, 740)),
    ("blur?sigma=2", (550, 740)),
    ("convert?type=png", (550, 740)),
    ("convert?type=webp&width=300", (300, 404)),
];

#[test]
fn every_measured_size() {
    let edge = Edge::shared();
    assert_eq!(eyes::size(&sample("dunes.jpg")), (550, 740));
    let wrong: Vec<String> = MEASURED
        .iter()
        .filter_map(|(operation, size)| {
            let answer = edge.get(&format!("/{operation}&file=dunes.jpg"));
            if answer.status != 200 {
                return Some(format!("{operation}: {} {}", answer.status, answer.text()));
            }
            let got = eyes::size(&answer.body);
            (got != *size).then(|| format!("{operation}: {got:?} in place of {size:?}"))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} wrong:\n{}",
        wrong.len(),
        MEASURED.len(),
        wrong.join("\n")
    );
}

#[test]
fn missing_sizes_are_named() {
    let edge = Edge::shared();
    for (operation, message) in [
        ("resize?", "Missing required param: height or width"),
        ("crop?", "Missing required param: height or width"),
        ("fit?width=300", "Missing required params: height, width"),
        (
            "enlarge?height=300",
            "Missing required params: height, width",
        ),
        (
            "extract?top=1",
            "Missing required params: areawidth or areaheight",
        ),
        ("rotate?", "Missing required param: rotate"),
        ("thumbnail?", "Missing required params: width or height"),
        ("zoom?", "Missing required param: factor"),
        (
            "zoom?factor=1&top=10",
            "Missing required params: areawidth, areaheight",
        ),
        ("convert?", "Missing required param: type"),
        ("blur?", "Missing required param: sigma or minampl"),
    ] {
        let said = edge
            .get(&format!("/{operation}&file=dunes.jpg"))
            .refused(400);
        assert!(said.ends_with(message), "{operation}: {said}");
    }
}

#[test]
fn an_area_outside_the_picture_is_refused() {
    let edge = Edge::shared();
    let extract =
        |left| format!("/extract?top=0&left={left}&areawidth=200&areaheight=120&file=dunes.jpg");
    assert_eq!(eyes::size(edge.get(&extract(350)).picture()), (200, 120));
    edge.get(&extract(351)).refused(400);
}

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
