//! Exactly what went in.

use transformer::encode::encode;
use transformer::options::{Format, Output};
use transformer::picture::Layout;

use super::harness::{
    LAYOUTS, OUTPUT, SIZES, avif_sizes, check_alpha, picture, read_png, read_webp, rgb,
};

#[test]
fn png_is_exact_at_every_effort() {
    for (width, height) in SIZES {
        for layout in LAYOUTS {
            let picture = picture(width, height, layout);
            for compression in [None, Some(0), Some(1), Some(6), Some(9), Some(200)] {
                let output = Output {
                    compression,
                    ..OUTPUT
                };
                let decoded = read_png(&encode(&picture, Format::Png, &output).unwrap());
                assert_eq!((decoded.width, decoded.height), (width, height));
                assert_eq!(decoded.channels, layout.channels());
                assert_eq!(
                    decoded.samples,
                    picture.samples(),
                    "{width}x{height} {layout:?}"
                );
            }
        }
    }
}

#[test]
fn png_effort_costs_or_saves_bytes() {
    let picture = picture(130, 99, Layout::Rgb);
    let bytes = |compression| {
        encode(
            &picture,
            Format::Png,
            &Output {
                compression: Some(compression),
                ..OUTPUT
            },
        )
        .unwrap()
        .len()
    };
    assert!(bytes(0) > picture.samples().len());
    let sizes = [0, 1, 6, 9].map(bytes);
    assert!(sizes[1] < sizes[0] && sizes[2] < sizes[1], "{sizes:?}");
    // Efforts near the top differ by chance on a picture this small.
    assert!(sizes[3] * 100 < sizes[2] * 101, "{sizes:?}");
}

#[test]
fn opaque_alpha_is_not_written() {
    let mut picture = picture(33, 20, Layout::Rgba);
    for pixel in picture.samples_mut().chunks_exact_mut(4) {
        pixel[3] = 255;
    }
    let wanted = rgb(&picture, None);
    let png = read_png(&encode(&picture, Format::Png, &OUTPUT).unwrap());
    assert_eq!((png.channels, &png.samples), (3, &wanted));
    let lossless = Output {
        lossless: true,
        ..OUTPUT
    };
    let webp = read_webp(&encode(&picture, Format::Webp, &lossless).unwrap());
    assert_eq!((webp.channels, &webp.samples), (3, &wanted));
    assert_eq!(
        read_webp(&encode(&picture, Format::Webp, &OUTPUT).unwrap()).channels,
        3
    );
    assert_eq!(
        avif_sizes(&encode(&picture, Format::Avif, &OUTPUT).unwrap()).len(),
        1
    );
}

#[test]
fn lossless_webp_is_exact() {
    for (width, height) in SIZES {
        for layout in LAYOUTS {
            let picture = picture(width, height, layout);
            let output = Output {
                lossless: true,
                ..OUTPUT
            };
            let decoded = read_webp(&encode(&picture, Format::Webp, &output).unwrap());
            assert_eq!((decoded.width, decoded.height), (width, height));
            let seen: Vec<u8> = decoded
                .samples
                .chunks_exact(decoded.channels)
                .flat_map(|pixel| pixel[..3].to_vec())
                .collect();
            assert_eq!(seen, rgb(&picture, None));
            check_alpha(&decoded, &picture);
        }
    }
}
