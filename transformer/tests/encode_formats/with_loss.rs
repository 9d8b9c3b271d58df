//! Close to what went in, the closer the more bytes.

use transformer::encode::encode;
use transformer::options::{Format, Output};
use transformer::picture::Layout;

use super::harness::{
    LAYOUTS, OUTPUT, SIZES, avif_sizes, check_alpha, picture, psnr, read_jpeg, read_webp, rgb,
};

#[test]
fn jpeg_of_every_size_and_layout_is_near() {
    for (width, height) in SIZES {
        for layout in LAYOUTS {
            for (quality, interlace, psnr_min) in
                [(60, false, 29.0), (80, true, 31.0), (95, false, 38.0)]
            {
                let picture = picture(width, height, layout);
                let output = Output {
                    quality: Some(quality),
                    interlace,
                    ..OUTPUT
                };
                let decoded = read_jpeg(&encode(&picture, Format::Jpeg, &output).unwrap());
                assert_eq!((decoded.width, decoded.height), (width, height));
                let grey = layout.channels() < 3;
                assert_eq!(decoded.channels, if grey { 1 } else { 3 });
                let mut wanted = rgb(&picture, Some(()));
                if grey {
                    wanted = wanted.into_iter().step_by(3).collect();
                }
                let psnr = psnr(&decoded.samples, &wanted);
                assert!(
                    psnr > psnr_min,
                    "{psnr} {width}x{height} {layout:?} q{quality}"
                );
                let large = width * height > 1000;
                assert!(!large || psnr < 60.0, "{psnr}: is the measure broken?");
            }
        }
    }
}

#[test]
fn jpeg_interlace_is_progressive() {
    let picture = picture(64, 48, Layout::Rgb);
    let sof = |interlace| {
        let bytes = encode(
            &picture,
            Format::Jpeg,
            &Output {
                interlace,
                ..OUTPUT
            },
        )
        .unwrap();
        let has = |marker: u8| bytes.windows(2).any(|pair| pair == [0xFF, marker]);
        (has(0xC0), has(0xC2))
    };
    assert_eq!(sof(false), (true, false));
    assert_eq!(sof(true), (false, true));
}

#[test]
fn lossy_webp_of_every_size_and_layout_is_near() {
    for (width, height) in SIZES {
        for layout in LAYOUTS {
            for (quality, psnr_min) in [(30, 24.0), (75, 28.0), (100, 30.0)] {
                let picture = picture(width, height, layout);
                let output = Output {
                    quality: Some(quality),
                    ..OUTPUT
                };
                let decoded = read_webp(&encode(&picture, Format::Webp, &output).unwrap());
                assert_eq!((decoded.width, decoded.height), (width, height));
                check_alpha(&decoded, &picture);
                let alpha_min = 200; // colours under little alpha may be anything
                let pairs: (Vec<u8>, Vec<u8>) = decoded
                    .samples
                    .chunks_exact(decoded.channels)
                    .zip(rgb(&picture, None).chunks_exact(3))
                    .filter(|(seen, _)| seen.len() == 3 || seen[3] >= alpha_min)
                    .flat_map(|(seen, wanted)| {
                        [
                            (seen[0], wanted[0]),
                            (seen[1], wanted[1]),
                            (seen[2], wanted[2]),
                        ]
                    })
                    .unzip();
                let psnr = psnr(&pairs.0, &pairs.1);
                assert!(
                    psnr > psnr_min,
                    "{psnr} {width}x{height} {layout:?} q{quality}"
                );
            }
        }
    }
}

#[test]
fn avif_states_the_size_and_alpha() {
    for (width, height) in [(1, 1), (1, 37), (17, 33), (64, 48)] {
        for layout in LAYOUTS {
            let picture = picture(width, height, layout);
            let sizes = avif_sizes(&encode(&picture, Format::Avif, &OUTPUT).unwrap());
            let transparent = layout.has_alpha() && width * height > 1;
            let wanted = vec![
                (width, height);
                if transparent || layout.has_alpha() {
                    2
                } else {
                    1
                }
            ];
            // Boxes with equal content may be shared between colour and alpha.
            assert!(sizes == wanted || sizes == wanted[..1], "{sizes:?}");
        }
    }
}

#[test]
fn more_quality_is_more_bytes() {
    let picture = picture(130, 99, Layout::Rgb);
    for format in [Format::Jpeg, Format::Webp, Format::Avif] {
        let bytes = |quality| {
            encode(&picture, format, &Output { quality, ..OUTPUT })
                .unwrap()
                .len()
        };
        assert!(
            bytes(Some(20)) < bytes(Some(55)) && bytes(Some(55)) < bytes(Some(90)),
            "{format:?}"
        );
        let default = if format == Format::Avif { 60 } else { 75 };
        assert_eq!(bytes(None), bytes(Some(default)), "{format:?}");
        assert_eq!(bytes(Some(0)), bytes(Some(1)), "{format:?}");
        assert_eq!(bytes(Some(255)), bytes(Some(100)), "{format:?}");
    }
}
