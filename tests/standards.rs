//! Pictures against what others make of the same files: colours against Little CMS, drawings against resvg's own
//! expectations.

use image::{DynamicImage, GenericImageView as _};
use tests::ciede2000::{Lab, difference};
use tests::corpus::manifest;
use tests::{Edge, corpus, eyes, littlecms, sample};

/// Colours of one picture that are compared.
const COLOURS_MAX: usize = 4000;
/// On average. An eye can tell two at a glance and one just so; rounding to levels takes less than half of one.
const DIFFERENCE_MAX: f64 = 0.5;
/// Files of the corpus with a profile, each of another maker.
const WITH_PROFILE: [&str; 9] = [
    "jpeg/xyb.jpg",
    "jpeg/progressive_420_icc.jpg",
    "jpeg/ultrahdr_gainmap.jpg",
    "photos/hubble_deep_field.jpg",
    "photos/rocket.jpg",
    "png/p3.png",
    "png/prophoto.png",
    "orientation/png_xmp_orientation3.png",
    "webp/photo_exif.webp",
];
/// Drawings of resvg's own tests in the corpus.
const DRAWINGS: usize = 26;
/// Levels between a drawing and what is expected of it, on average over all of it: rounding here and there.
const LEVELS_MAX: f64 = 0.02;
/// What is expected of these is of an older resvg, or costs more than a drawing may: the first is blurred along the
/// axes of the canvas instead of its own, the second is drawn small and enlarged.
const OTHERWISE: [(&str, f64); 2] = [
    ("svg/resvg/filters__feGaussianBlur__complex-transform", 4.0),
    ("svg/resvg/filters__feMorphology__huge-radius", 1.5),
];

#[test]
fn the_difference_of_colours_is_as_published() {
    let lab = |[l, a, b]: [f64; 3]| Lab { l, a, b };
    // Sharma, Wu and Dalal, table 1: pairs 1, 17, 25 and 34.
    for (one, two, published) in [
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
        (
            [60.2574, -34.0099, 36.2677],
            [60.4626, -34.1751, 39.4387],
            1.2644,
        ),
        (
            [2.0776, 0.0795, -1.1350],
            [0.9033, -0.0636, -0.5514],
            0.9082,
        ),
    ] {
        let seen = difference(lab(one), lab(two));
        assert!((seen - published).abs() < 0.000_05, "{seen} {published}");
    }
}

/// What a picture's colours are apart from Little CMS' on average, and what they would be if its profile were
/// ignored.
fn differences(edge: &Edge, source: &[u8]) -> (f64, f64) {
    let shown = |more: &str| -> DynamicImage {
        let answer = edge.post(&format!("/convert?type=png{more}"), source);
        eyes::decode(answer.picture())
    };
    let (stored, converted) = (shown("&noprofile=true").to_rgb8(), shown("").to_rgb8());
    assert_eq!(stored.dimensions(), converted.dimensions());
    let every = stored.pixels().len().div_ceil(COLOURS_MAX);
    let stored: Vec<[u8; 3]> = stored.pixels().step_by(every).map(|at| at.0).collect();
    let levels: Vec<[f64; 3]> = stored.iter().map(|at| at.map(f64::from)).collect();
    let lab = |colour: [u8; 3]| Lab::of_srgb(colour.map(f64::from));
    let expected: Vec<Lab> = littlecms::to_srgb(&littlecms::profile(source), &levels)
        .into_iter()
        .map(Lab::of_srgb)
        .collect();
    let mean = |seen: &mut dyn Iterator<Item = Lab>| {
        let sum: f64 = seen
            .zip(&expected)
            .map(|(one, two)| difference(one, *two))
            .sum();
        sum / expected.len() as f64
    };
    (
        mean(&mut converted.pixels().step_by(every).map(|at| lab(at.0))),
        mean(&mut stored.iter().map(|&colour| lab(colour))),
    )
}

#[test]
fn colours_are_those_of_little_cms() {
    let edge = Edge::builder().set("request-timeout", "10m").start();
    let (seen, ignored) = differences(&edge, &sample("sunflower_p3.jpg"));
    assert!(seen <= DIFFERENCE_MAX, "{seen:.2}");
    assert!(
        ignored > 2.0 * DIFFERENCE_MAX,
        "{ignored:.2}: nothing shows"
    );

    let Some(corpus) = corpus() else { return };
    let mut telling = 0;
    for file in WITH_PROFILE {
        let (seen, ignored) = differences(&edge, &std::fs::read(corpus.join(file)).unwrap());
        assert!(seen <= DIFFERENCE_MAX, "{file}: {seen:.2}");
        telling += usize::from(ignored > 2.0 * DIFFERENCE_MAX);
    }
    assert!(telling >= 3, "only {telling} files show a difference");
}

/// The mean difference of channels, those that cannot be seen left out.
fn levels_apart(one: &DynamicImage, two: &DynamicImage) -> f64 {
    let seen = |pixel: image::Rgba<u8>| {
        let [red, green, blue, alpha] = pixel.0.map(f64::from);
        [red, green, blue, 255.0].map(|level| level * alpha / 255.0)
    };
    let pairs = one.pixels().zip(two.pixels());
    let sum: f64 = pairs
        .flat_map(|((_, _, one), (_, _, two))| {
            let (one, two) = (seen(one), seen(two));
            (0..4).map(move |channel| (one[channel] - two[channel]).abs())
        })
        .sum();
    sum / (f64::from(one.width()) * f64::from(one.height()) * 4.0)
}

#[test]
fn drawings_are_those_of_resvg() {
    let Some(corpus) = corpus() else { return };
    let edge = Edge::mounting(&corpus).start();
    let lines = manifest(&corpus);
    let drawings = lines
        .iter()
        .filter_map(|line| line.file.strip_suffix(".svg"))
        .filter(|name| name.starts_with("svg/resvg/"));
    let mut compared = 0;
    for name in drawings {
        let expected = image::open(corpus.join(format!("{name}.expected.png"))).unwrap();
        let file = tests::signing::escape(format!("{name}.svg").as_bytes());
        let (width, height) = expected.dimensions();
        let answer = edge.get(&format!(
            "/enlarge?width={width}&height={height}&type=png&file={file}"
        ));
        let seen = eyes::decode(answer.picture());
        assert_eq!(seen.dimensions(), expected.dimensions(), "{name}");
        let apart = levels_apart(&seen, &expected);
        let otherwise = OTHERWISE.iter().find(|(other, _)| *other == name);
        let most = otherwise.map_or(LEVELS_MAX, |(_, most)| *most);
        assert!(apart <= most, "{name}: {apart:.3} levels");
        compared += 1;
    }
    assert_eq!(compared, DRAWINGS);
}
