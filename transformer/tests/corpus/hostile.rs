//! Files that lie, break off or explode: an error or a picture, never a panic, and bombs by their header.

use transformer::Sources;
use transformer::error::{Error, Limit};
use transformer::options::{Fit, Format, Limits, Operation};

use super::harness::{LIMITS, folder, output, read, resize, transform};

/// A picture, or an error of the source: what a caller did cannot be the reason.
fn is_answer(path: &str, source: &[u8]) {
    for operations in [&[][..], &[Operation::Orient, resize(40, 30, Fit::Cover)]] {
        match transform(source, operations) {
            Err(Error::BadOperation(reason)) => panic!("{path}: {reason}"),
            Err(Error::Unwritable(format)) => panic!("{path}: {format:?}"),
            Ok(_) | Err(_) => {}
        }
    }
    let _either = transformer::inspect(source);
}

#[test]
fn corrupt_hostile_and_fuzzed_files_are_answered() {
    for name in [
        "corrupt",
        "hostile",
        "bombs",
        "fuzz/pillow",
        "tiff",
        "other",
    ] {
        for (file, source) in folder(name) {
            is_answer(&format!("{name}/{file}"), &source);
        }
    }
}

#[test]
fn bombs_are_refused_by_their_header() {
    for file in [
        "png_16384x16384_33KB.png",
        "png_30000x30000_1bit_109KB.png",
        "png_lie_65535x65535_69B.png",
        "jpeg_20000x14000_280mp.jpg",
        "jpeg_sof_65500_nodata.jpg",
    ] {
        let Some(source) = read(&format!("bombs/{file}")) else {
            return;
        };
        let refused = transform(&source, &[resize(100, 0, Fit::Inside)]).map(drop);
        let by_pixels = matches!(
            refused,
            Err(Error::TooLarge {
                limit: Limit::SourcePixels,
                ..
            })
        );
        assert!(by_pixels, "{file}: {refused:?}");
    }
}

/// With the pixels allowed, what they would need is still refused.
#[test]
fn bombs_are_refused_by_the_memory_they_need() {
    let limits = Limits {
        source_pixels_max: u64::MAX,
        output_pixels_max: u64::MAX,
        output_side_max: u32::MAX,
        memory_bytes_max: 256 << 20,
        ..LIMITS
    };
    for file in ["png_lie_65535x65535_69B.png", "jpeg_20000x14000_280mp.jpg"] {
        let Some(source) = read(&format!("bombs/{file}")) else {
            return;
        };
        let refused =
            transformer::transform(Sources::alone(&source), &[], &output(Format::Jpeg), &limits)
                .map(drop);
        let by_memory = matches!(
            refused,
            Err(Error::TooLarge {
                limit: Limit::MemoryBytes,
                ..
            })
        );
        assert!(by_memory, "{file}: {refused:?}");
    }
}

#[test]
fn a_text_that_inflates_without_end_costs_nothing() {
    let Some(source) = read("bombs/png_ztxt_64MiB.png") else {
        return;
    };
    let tight = Limits {
        memory_bytes_max: source.len() as u64 + 100_000,
        ..LIMITS
    };
    let answered =
        transformer::transform(Sources::alone(&source), &[], &output(Format::Png), &tight);
    assert_eq!(
        answered.map(|rendition| (rendition.width, rendition.height)),
        Ok((1, 1))
    );
}
