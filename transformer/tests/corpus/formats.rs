//! Every file that must decode does, at the size that the manifest says; what is not read says its name.

use transformer::Sources;
use transformer::error::Error;
use transformer::options::{Fit, Format, Limits, Operation, Truncated};
use transformer::rendition::ColourSpace;

use super::harness::{LIMITS, corpus, output, pixels, read, resize, transform};

/// The extension of every format that is read.
const READ: [&str; 11] = [
    "jpg", "png", "webp", "gif", "tif", "tiff", "bmp", "avif", "jxl", "heic", "jp2",
];
/// Expected where a format may not be part of a build.
const OPTIONAL: &str = "ok-or-415";
/// A film without a still picture, which no build shows.
const FILM: &str = "avif/animated.avifs";

/// Path, pixels and expectation of each line of the manifest.
fn manifest() -> Vec<(String, String, String)> {
    let Some(corpus) = corpus() else {
        return Vec::new();
    };
    let text = std::fs::read_to_string(corpus.join("MANIFEST.tsv")).expect("a manifest");
    text.lines()
        .skip(1)
        .map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>())
        .map(|fields| (fields[0].clone(), fields[5].clone(), fields[7].clone()))
        .collect()
}

#[test]
fn what_must_decode_does() {
    for (path, size, expect) in manifest() {
        let extension = path.rsplit('.').next().unwrap_or_default();
        let is_expected = expect == "ok" || (expect == OPTIONAL && path != FILM);
        if !is_expected || !READ.contains(&extension) || path.starts_with("svg/") {
            continue;
        }
        let source = read(&path).expect("the same corpus");
        let info = transformer::inspect(&source);
        if expect == OPTIONAL && matches!(info, Err(Error::Unsupported(_))) {
            continue;
        }
        let info = info.unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(format!("{}x{}", info.width, info.height), size, "{path}");
        let small = transform(&source, &[Operation::Orient, resize(64, 0, Fit::Inside)]);
        let small = small.unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(small.width <= 64, "{path}");
    }
}

#[test]
fn what_must_be_refused_is() {
    for (path, _, expect) in manifest() {
        if expect == "4xx" {
            let refused = transform(&read(&path).expect("the same corpus"), &[]);
            assert!(refused.is_err(), "{path}");
        }
    }
}

#[test]
fn formats_that_are_not_read_say_their_name() {
    for (name, file) in [
        ("arithmetic-coded JPEG", "jpeg/arithmetic.jpg"),
        ("12-bit JPEG", "jpeg/12bit.jpg"),
        ("lossless JPEG", "jpeg/lossless.jpg"),
    ] {
        let Some(source) = read(file) else { return };
        assert_eq!(
            transform(&source, &[]),
            Err(Error::Unsupported(name.to_owned())),
            "{file}"
        );
        assert!(transformer::inspect(&source).is_err(), "{file}");
    }
}

#[test]
fn headers_say_what_is_stored() {
    let info = |path: &str| read(path).map(|source| transformer::inspect(&source).expect(path));
    let Some(inks) = info("jpeg/cmyk_photo_CC-BY-SA.jpg") else {
        return;
    };
    assert_eq!(
        (inks.space, inks.channels, inks.has_alpha),
        (ColourSpace::Cmyk, 4, false)
    );
    let grey = info("png/gray_alpha.png").expect("the same corpus");
    assert_eq!(
        (grey.space, grey.channels, grey.has_alpha),
        (ColourSpace::Grey, 2, true)
    );
    let phone = info("photos/photo_12mp_iphone_p3_exif.jpg").expect("the same corpus");
    assert_eq!((phone.orientation, phone.has_profile), (1, true));
    let webp = info("webp/lossy_alpha.webp").expect("the same corpus");
    assert_eq!((webp.format, webp.channels), (Format::Webp, 4));
}

/// The first of the expected frames, which stand one below the other.
#[test]
fn the_first_frame_of_a_gif() {
    let Some(source) = read("gif/dispose_previous.gif") else {
        return;
    };
    let frame = pixels(&source, &[]);
    let expected = pixels(
        &read("gif/dispose_previous_expected.png").expect("the same corpus"),
        &[],
    );
    let shown = |pixel: &[u8; 4]| if pixel[3] == 0 { [0; 4] } else { *pixel };
    let first = &expected.rgba[..frame.rgba.len()];
    assert!(frame.rgba.iter().map(shown).eq(first.iter().map(shown)));
}

#[test]
fn a_truncated_picture_is_shown_as_far_as_it_goes_or_refused() {
    for path in [
        "photos/rocket.jpg",
        "photos/chelsea_cat.png",
        "gif/interlaced.gif",
        #[cfg(feature = "jxl")]
        "jxl/bike.jxl",
    ] {
        let Some(source) = read(path) else { return };
        let whole = pixels(&source, &[]);
        let cut = &source[..source.len() * 3 / 4];
        let shown = pixels(cut, &[]);
        let same = |at: usize| whole.rgba[at] == shown.rgba[at];
        // At least a quarter is there; something is not.
        let quarter = whole.rgba.len() / 4;
        // Parts of a JPEG XL come in any order.
        if !path.contains("interlaced") && !path.contains("jxl") {
            assert!((0..quarter).all(same), "{path}");
        }
        assert!((0..whole.rgba.len()).any(|at| !same(at)), "{path}");
        let limits = Limits {
            truncated: Truncated::Refuse,
            ..LIMITS
        };
        let refused =
            transformer::transform(Sources::alone(cut), &[], &output(Format::Png), &limits);
        assert!(
            matches!(refused, Err(Error::Malformed(_))),
            "{path}: {refused:?}"
        );
    }
}
