//! Every EXIF orientation shows the same upright picture, alone and with every operation after it.

use transformer::options::{Fit, Operation, Turn};

use super::harness::{Pixels, pixels, psnr, read, resize};

const FILES: [(&str, u8); 9] = [
    ("landscape", 2),
    ("landscape", 3),
    ("landscape", 6),
    ("landscape", 7),
    ("landscape", 8),
    ("portrait", 2),
    ("portrait", 4),
    ("portrait", 5),
    ("portrait", 6),
];

/// A right picture measures over 21 (a digit is printed on each), a wrong one under 13.
const RIGHT_DB: f64 = 20.0;

fn of(kind: &str, value: u8, operations: &[Operation]) -> Option<Pixels> {
    let source = read(&format!("orientation/{kind}_{value}.jpg"))?;
    Some(pixels(&source, operations))
}

fn agrees(operations: &[Operation]) {
    for (kind, value) in FILES {
        let Some(upright) = of(kind, 1, operations) else {
            return;
        };
        let turned = of(kind, value, operations).expect("the same corpus");
        let measured = psnr(&upright, &turned);
        assert!(
            measured >= RIGHT_DB,
            "{kind} {value} {operations:?}: {measured}"
        );
    }
}

#[test]
fn upright() {
    agrees(&[Operation::Orient]);
}

#[test]
fn upright_and_shrunk() {
    agrees(&[Operation::Orient, resize(100, 0, Fit::Inside)]);
    agrees(&[Operation::Orient, resize(120, 90, Fit::Pad)]);
    agrees(&[Operation::Orient, resize(111, 222, Fit::Stretch)]);
}

#[test]
fn upright_and_cut() {
    agrees(&[Operation::Orient, resize(200, 77, Fit::Cover)]);
    agrees(&[Operation::Orient, resize(120, 200, Fit::Cover)]);
}

#[test]
fn upright_and_turned_again() {
    agrees(&[
        Operation::Orient,
        Operation::Rotate(Turn::Quarter),
        resize(90, 0, Fit::Inside),
    ]);
}

#[test]
fn without_orient_the_stored_raster_is_used() {
    let Some(stored) = of("landscape", 6, &[]) else {
        return;
    };
    assert_eq!((stored.width, stored.height), (450, 600));
    let upright = of("landscape", 6, &[Operation::Orient]).expect("the same corpus");
    assert_eq!((upright.width, upright.height), (600, 450));
}

#[test]
fn a_png_with_exif_in_a_text() {
    let Some(source) = read("orientation/png_exif_orientation3.png") else {
        return;
    };
    assert_eq!(
        transformer::inspect(&source).map(|info| info.orientation),
        Ok(3)
    );
    let stored = pixels(&source, &[]);
    let upright = pixels(&source, &[Operation::Orient]);
    assert!(stored.rgba.iter().rev().eq(upright.rgba.iter()));
}

/// The two ways of XMP, and what the container of an AVIF says.
#[test]
fn a_png_with_xmp_alone() {
    let Some(source) = read("orientation/png_xmp_orientation3.png") else {
        return;
    };
    let said = transformer::inspect(&source).map(|info| info.orientation);
    assert_eq!(said, Ok(3));
}

#[test]
fn a_tiff_by_its_tag() {
    let Some(source) = read("orientation/tiff_orientation6.tif") else {
        return;
    };
    let upright = pixels(&source, &[Operation::Orient]);
    assert_eq!((upright.width, upright.height), (590, 88));
}

#[cfg(feature = "avif")]
#[test]
fn avif_turned_and_mirrored() {
    let Some(first) = read("orientation/avif_rot0mir0.avif") else {
        return;
    };
    let shown = |source: &[u8]| pixels(source, &[Operation::Orient, resize(320, 0, Fit::Inside)]);
    let first = shown(&first);
    for other in ["rot0mir1", "rot1mir0", "rot2mir1", "rot3mir0", "rot3mir1"] {
        let source = read(&format!("orientation/avif_{other}.avif")).expect("the same corpus");
        let measured = psnr(&first, &shown(&source));
        assert!(measured >= RIGHT_DB, "{other}: {measured}");
    }
}

/// EXIF says the same as the container: the picture is turned once.
#[cfg(feature = "avif")]
#[test]
fn avif_is_turned_once() {
    let Some(source) = read("avif/iphone_12mp_orient6.avif") else {
        return;
    };
    let info = transformer::inspect(&source).expect("a header");
    let small = pixels(&source, &[Operation::Orient, resize(90, 0, Fit::Inside)]);
    let turned = if info.orientation >= 5 {
        (info.height, info.width)
    } else {
        (info.width, info.height)
    };
    assert_eq!(
        u64::from(small.width > small.height),
        u64::from(turned.0 > turned.1)
    );
}
