//! `/smartcrop` and `gravity=smart`: the part that is kept is where there is something to see.

use image::{DynamicImage, GenericImageView, ImageFormat, RgbImage};
use tests::{Edge, corpus, eyes};

const SKY: [u8; 3] = [120, 130, 140];

/// A flat sky with a striped red square of 60 pixels at `left` and `top`.
fn scene(width: u32, height: u32, left: u32, top: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let inside = (left..left + 60).contains(&x) && (top..top + 60).contains(&y);
        image::Rgb(match (inside, x / 10 % 2) {
            (false, _) => SKY,
            (true, 0) => [220, 30, 30],
            (true, _) => [90, 10, 10],
        })
    });
    eyes::encode(&DynamicImage::ImageRgb8(picture), ImageFormat::Png)
}

fn red_pixels(picture: &DynamicImage) -> usize {
    let red = |[red, green, ..]: [u8; 4]| red / 2 > green.max(20);
    picture
        .pixels()
        .filter(|(_, _, pixel)| red(pixel.0))
        .count()
}

#[track_caller]
fn kept(source: &[u8], target: &str) -> DynamicImage {
    eyes::decode(Edge::shared().post(target, source).picture())
}

#[test]
fn the_subject_is_kept_wherever_it_is() {
    for (left, top) in [(0, 20), (330, 20), (170, 20), (60, 0)] {
        let source = scene(400, 100, left, top);
        let smart = kept(&source, "/smartcrop?width=100&height=100&type=png");
        assert_eq!(smart.dimensions(), (100, 100));
        assert!(red_pixels(&smart) > 3500, "{left}: {}", red_pixels(&smart));
    }
    let tall = scene(120, 500, 30, 430);
    let smart = kept(&tall, "/smartcrop?width=120&height=120&type=png");
    assert!(red_pixels(&smart) > 3500);
}

#[test]
fn gravity_smart_is_the_same_on_every_operation_that_cuts() {
    let source = scene(400, 100, 330, 20);
    let smart = kept(&source, "/smartcrop?width=100&height=100&type=png");
    for target in [
        "/crop?width=100&height=100&gravity=smart&type=png",
        "/resize?width=100&height=100&nocrop=false&gravity=smart&type=png",
        "/enlarge?width=100&height=100&gravity=smart&type=png",
    ] {
        assert!(kept(&source, target) == smart, "{target}");
    }
    let centre = kept(&source, "/crop?width=100&height=100&type=png");
    assert_eq!(red_pixels(&centre), 0);
    // Scaled on the way, up and down.
    for (width, height) in [(200, 200), (40, 40)] {
        let target = format!("/smartcrop?width={width}&height={height}&type=png");
        let share = f64::from(width * height) * 0.36 * 0.9;
        assert!(
            red_pixels(&kept(&source, &target)) as f64 > share,
            "{target}"
        );
    }
}

#[test]
fn sizes_are_those_of_crop() {
    let source = scene(550, 740, 100, 600);
    for (query, size) in [
        ("width=300", (300, 740)),
        ("height=300", (550, 300)),
        ("width=300&height=300", (300, 300)),
        ("width=1000&height=300", (1000, 300)),
        ("width=1000&height=1000", (550, 740)),
        ("width=600", (550, 740)),
    ] {
        let answer = Edge::shared().post(&format!("/smartcrop?{query}"), &source);
        assert_eq!(eyes::size(answer.picture()), size, "{query}");
    }
    let said = Edge::shared()
        .post("/smartcrop?type=png", &source)
        .refused(400);
    assert!(
        said.ends_with("Missing required param: height or width"),
        "{said}"
    );
}

#[test]
fn a_turned_picture_keeps_its_subject() {
    let source = scene(400, 100, 330, 20);
    let turned = kept(
        &source,
        "/smartcrop?width=100&height=100&rotate=90&type=png",
    );
    assert!(red_pixels(&turned) > 3500);
}

/// Where the corpus of test pictures is not there, there is nothing to look at.
#[test]
fn faces_off_the_middle_are_kept() {
    let Some(corpus) = corpus() else { return };
    // Box of the face (left, right) in a picture of this width and height, by the corpus' own table.
    for (name, (width, height), (left, right)) in [
        ("giunchedi_1_face_CC-BY-SA.jpg", (800, 533), (307, 494)),
        ("astronaut_1_face.png", (512, 512), (178, 270)),
    ] {
        let source = std::fs::read(corpus.join("faces").join(name)).unwrap();
        let (crop, original) = (height / 2, eyes::decode(&source));
        let smart = kept(&source, &format!("/smartcrop?width={crop}&type=png"));
        assert_eq!(smart.dimensions(), (crop, height));
        // The cut is not scaled, so it is found again in the original.
        let row = |picture: &DynamicImage, from: u32| -> Vec<[u8; 4]> {
            (0..crop)
                .map(|x| picture.get_pixel(from + x, height / 2).0)
                .collect()
        };
        let distance = |from: u32| -> u64 {
            let (cut, part) = (row(&smart, 0), row(&original, from));
            let pairs = cut.iter().flatten().zip(part.iter().flatten());
            pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum()
        };
        let at = (0..=width - crop)
            .min_by_key(|from| distance(*from))
            .unwrap();
        let seen = right.min(at + crop).saturating_sub(left.max(at));
        assert!(
            seen * 10 >= (right - left) * 9,
            "{name}: cut at {at}, face {left} to {right}"
        );
    }
}
