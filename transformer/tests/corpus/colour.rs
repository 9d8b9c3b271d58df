//! Colours: profiles become sRGB, inks become lights.

use transformer::Sources;
use transformer::options::{Format, Output, Profile};

use super::harness::{LIMITS, decode_png, output, pixels, psnr, read};

/// The first pixel as it is displayed.
fn first(path: &str) -> Option<[u8; 4]> {
    Some(pixels(&read(path)?, &[]).rgba[0])
}

fn near(is: [u8; 4], should: [u8; 4]) -> bool {
    is.iter()
        .zip(should)
        .all(|(is, should)| is.abs_diff(should) <= 1)
}

#[test]
fn display_p3() {
    let Some(is) = first("png/p3.png") else {
        return;
    };
    // A red that sRGB does not reach: the nearest is its own.
    assert_eq!(is, [255, 0, 0, 255]);
}

#[test]
fn prophoto() {
    let Some(is) = first("png/prophoto.png") else {
        return;
    };
    // By the matrices of both spaces: 117.28, 160.32, 209.55.
    assert!(near(is, [117, 160, 210, 255]), "{is:?}");
}

#[test]
fn a_profile_may_be_ignored() {
    let Some(source) = read("png/p3.png") else {
        return;
    };
    let output = Output {
        profile: Profile::Ignore,
        ..output(Format::Png)
    };
    let ignored =
        transformer::transform(Sources::alone(&source), &[], &output, &LIMITS).expect("a picture");
    assert_eq!(decode_png(&ignored.bytes).rgba[0], [241, 0, 0, 255]);
}

/// A plain conversion measures 56 decibels, a press profile 19, inverted inks far less.
#[test]
fn four_inks() {
    let (Some(inks), Some(lights)) = (
        read("jpeg/cmyk_photo_CC-BY-SA.jpg"),
        read("faces/giunchedi_1_face_CC-BY-SA.jpg"),
    ) else {
        return;
    };
    let measured = psnr(&pixels(&inks, &[]), &pixels(&lights, &[]));
    assert!(measured >= 40.0, "{measured}");
}

/// Against the same picture with a palette: wrong colours measure 17 decibels, right ones over 25.
#[test]
fn xyb_by_its_tables() {
    let (Some(source), Some(same)) = (read("jpeg/xyb.jpg"), read("png/palette.png")) else {
        return;
    };
    let measured = psnr(&pixels(&source, &[]), &pixels(&same, &[]));
    assert!(measured >= 25.0, "{measured}");
}
