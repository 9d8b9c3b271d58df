//! Animations through the whole server, looked at with decoders that nobody here wrote: the same frames, the same
//! delays, the same loop, at another size.

use image::imageops::FilterType;
use tests::viewers::{gifsicle, pillow, psnr_with_alpha, webpinfo};
use tests::{Answer, Edge, corpus, eyes, sample};

/// Twelve frames of 240 by 240, each but the first a part of the picture, for ever.
const ORBIT: &str = "orbit.gif";

#[test]
fn frames_delays_and_the_loop_survive_a_resize() {
    let edge = Edge::shared();
    let source = pillow(&sample(ORBIT));
    assert_eq!(source.frames.len(), 12);
    for (wanted, format, alike_min) in [
        ("gif", "GIF", 27.0),
        ("webp&quality=90", "WEBP", 30.0),
        ("webp&lossless=true", "WEBP", 33.0),
    ] {
        let answer = edge.get(&format!("/resize?width=100&type={wanted}&file={ORBIT}"));
        let seen = pillow(answer.picture());
        assert_eq!(seen.format, format);
        assert_eq!(
            (seen.repeats, &seen.delays),
            (Some(0), &source.delays),
            "{wanted}"
        );
        assert_eq!(seen.frames.len(), 12, "{wanted}");
        for (number, (shown, was)) in seen.frames.iter().zip(&source.frames).enumerate() {
            let expected = was.resize_exact(100, 100, FilterType::Lanczos3);
            let alike = psnr_with_alpha(shown, &expected);
            assert!(alike > alike_min, "{wanted} frame {number}: {alike:.1} dB");
        }
        if format == "GIF" {
            assert!(gifsicle(answer.picture()).contains("12 images"));
        } else {
            assert_eq!(webpinfo(answer.picture()).matches("ANMF").count(), 12);
        }
    }
}

#[test]
fn only_what_changes_is_written() {
    let edge = Edge::shared();
    let bytes = |target: &str| edge.get(target).picture().len();
    let first = bytes(&format!("/convert?type=gif&page=0&file={ORBIT}"));
    let all = bytes(&format!("/convert?type=gif&file={ORBIT}"));
    assert!(
        all > first && all < 7 * first,
        "{all} of {first} for one frame"
    );
    // As large as it came, or nearly so.
    let source = sample(ORBIT).len();
    assert!(all < source * 3 / 2, "{all} of {source}");
}

#[test]
fn a_gif_without_a_type_stays_one_that_moves() {
    let edge = Edge::shared();
    let answer = edge.get(&format!("/crop?width=80&height=50&file={ORBIT}"));
    assert_eq!(answer.header("content-type"), Some("image/gif"));
    let seen = pillow(answer.picture());
    assert_eq!(seen.frames.len(), 12);
    assert_eq!((seen.frames[0].width(), seen.frames[0].height()), (80, 50));
}

#[test]
fn operations_are_done_to_every_frame() {
    let edge = Edge::shared();
    let source = pillow(&sample(ORBIT)).frames;
    let frames = |call: &str| {
        let answer = edge.get(&format!("/{call}&type=webp&lossless=true&file={ORBIT}"));
        pillow(answer.picture()).frames
    };
    for (shown, was) in frames("rotate?rotate=90").iter().zip(&source) {
        assert!(psnr_with_alpha(shown, &was.rotate90()) > 60.0);
    }
    for (shown, was) in frames("extract?top=20&left=30&areawidth=70&areaheight=60")
        .iter()
        .zip(&source)
    {
        assert!(psnr_with_alpha(shown, &was.crop_imm(30, 20, 70, 60)) > 60.0);
    }
    // The part that is kept is the same in all frames, or the picture would jump.
    let cut = frames("smartcrop?width=120&height=240");
    let place = |shown: &image::DynamicImage, was: &image::DynamicImage| {
        (0..=120).find(|&left| psnr_with_alpha(shown, &was.crop_imm(left, 0, 120, 240)) > 60.0)
    };
    let first = place(&cut[0], &source[0]);
    assert!(first.is_some());
    assert!(cut.iter().zip(&source).all(|(shown, was)| {
        psnr_with_alpha(shown, &was.crop_imm(first.unwrap_or(0), 0, 120, 240)) > 60.0
    }));
}

#[test]
fn stills_show_the_first_frame_and_page_any() {
    let edge = Edge::shared();
    let source = pillow(&sample(ORBIT)).frames;
    let still = |parameters: &str| {
        let answer = edge.get(&format!("/convert?{parameters}&file={ORBIT}"));
        pillow(answer.picture())
    };
    for (parameters, frame) in [
        ("type=png", 0),
        ("type=gif&page=0", 0),
        ("type=webp&lossless=true&page=0", 0),
        ("type=png&page=0", 0),
        ("type=png&page=7", 7),
        ("type=gif&page=11", 11),
    ] {
        let seen = still(parameters);
        assert_eq!(seen.frames.len(), 1, "{parameters}");
        let alike = psnr_with_alpha(&seen.frames[0], &source[frame]);
        assert!(alike > 60.0, "{parameters}: {alike}");
    }
    let said = edge
        .get(&format!("/convert?type=png&page=12&file={ORBIT}"))
        .refused(400);
    assert!(said.contains("12 frames"), "{said}");
    edge.get("/resize?width=30&page=1&file=dunes.jpg")
        .refused(400);
    edge.get("/resize?width=30&page=0&file=dunes.jpg").picture();
}

#[test]
fn frames_obeyed_and_violated() {
    let exactly = Edge::builder().set("max-animation-frames", "12").start();
    let fewer = Edge::builder().set("max-animation-frames", "11").start();
    let target = format!("/resize?width=30&type=webp&file={ORBIT}");
    exactly.get(&target).picture();
    let said = fewer.get(&target).refused(422);
    assert!(
        said.contains("12 frames") && said.contains("--max-animation-frames"),
        "{said}"
    );
    fewer.get(&format!("{target}&page=0")).picture();
    fewer
        .get(&format!("/resize?width=30&type=jpeg&file={ORBIT}"))
        .picture();
}

#[test]
fn pixels_of_all_frames_obeyed_and_violated() {
    // 240 by 240, twelve times.
    let exactly = Edge::builder()
        .set("max-animation-resolution", "0.6912")
        .start();
    let fewer = Edge::builder()
        .set("max-animation-resolution", "0.691199")
        .start();
    let target = format!("/resize?width=30&type=gif&file={ORBIT}");
    exactly.get(&target).picture();
    let said = fewer.get(&target).refused(422);
    assert!(
        said.contains("691200") && said.contains("--max-animation-resolution"),
        "{said}"
    );
    // What is written counts as what is read does.
    exactly
        .get(&format!(
            "/enlarge?width=300&height=300&type=gif&file={ORBIT}"
        ))
        .refused(422);
}

/// An edge on the corpus, and what it answers to a file of it.
fn of_corpus() -> Option<(Edge, impl Fn(&Edge, &str) -> Answer)> {
    // How long a large one takes here says nothing.
    let edge = Edge::mounting(&corpus()?)
        .set("request-timeout", "10m")
        .start();
    Some((edge, |edge: &Edge, target: &str| edge.get(target)))
}

#[test]
fn disposal_matches_the_expected_strip() {
    let (Some((edge, get)), Some(corpus)) = (of_corpus(), corpus()) else {
        return;
    };
    let strip = image::open(corpus.join("gif/dispose_previous_expected.png")).unwrap();
    for wanted in ["gif", "webp&lossless=true"] {
        let answer = get(
            &edge,
            &format!("/convert?type={wanted}&file=gif/dispose_previous.gif"),
        );
        let seen = pillow(answer.picture());
        assert_eq!(seen.frames.len(), 3, "{wanted}");
        for (at, shown) in (0..).zip(&seen.frames) {
            let alike = psnr_with_alpha(shown, &strip.crop_imm(0, at * 100, 100, 100));
            assert!(alike > 40.0, "{wanted} frame {at}: {alike:.1} dB");
        }
    }
}

#[test]
fn the_corpus_moves_as_it_did() {
    let (Some((edge, get)), Some(corpus)) = (of_corpus(), corpus()) else {
        return;
    };
    for (file, frames, plays) in [
        ("gif/anim_squares.gif", 30, 0),
        ("gif/anim_earth_44f_CC-BY-SA.gif", 44, 65_536),
        ("webp/anim_loop3.webp", 10, 3),
        ("webp/anim_tall_99f.webp", 99, 0),
    ] {
        let source = pillow(&std::fs::read(corpus.join(file)).unwrap());
        // Of a lossy WebP two decoders make pixels that differ by a level here and there.
        let exactly: f64 = if file.ends_with("gif") { 99.0 } else { 45.0 };
        for (wanted, alike_min) in [("gif", exactly.min(60.0)), ("webp&lossless=true", exactly)] {
            let answer = get(&edge, &format!("/convert?type={wanted}&file={file}"));
            let seen = pillow(answer.picture());
            assert_eq!(seen.frames.len(), frames, "{file} {wanted}");
            assert_eq!(seen.delays, source.delays, "{file} {wanted}");
            let repeats = if wanted == "gif" && plays > 0 {
                plays - 1
            } else {
                plays.min(65_535)
            };
            assert_eq!(seen.repeats, Some(repeats), "{file} {wanted}");
            let pairs = seen.frames.iter().zip(&source.frames);
            let worst = pairs
                .map(|(shown, was)| psnr_with_alpha(shown, was))
                .fold(f64::MAX, f64::min);
            assert!(worst > alike_min, "{file} {wanted}: {worst:.1} dB");
        }
    }
}

#[test]
fn twenty_thousand_frames_are_refused_unless_one_is_asked_for() {
    let Some((edge, get)) = of_corpus() else {
        return;
    };
    let said = get(&edge, "/resize?width=200&file=bombs/gif_20000_frames.gif").refused(422);
    assert!(said.contains("20000 frames"), "{said}");
    let still = get(
        &edge,
        "/resize?width=200&type=jpeg&file=bombs/gif_20000_frames.gif",
    );
    assert_eq!(eyes::size(still.picture()), (200, 200));
}
