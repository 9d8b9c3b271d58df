//! What every encoder keeps to: the sides of its format, one file for one picture, and an answer to any wish.

use transformer::encode::encode;
use transformer::error::Error;
use transformer::options::{Format, Output};
use transformer::picture::{Layout, Picture};

use super::harness::{LAYOUTS, OUTPUT, SIZES, picture, read_jpeg, read_png, read_webp};

#[test]
fn same_input_same_bytes() {
    let picture = picture(101, 67, Layout::Rgba);
    for format in [
        Format::Jpeg,
        Format::Png,
        Format::Webp,
        Format::Avif,
        Format::Gif,
        Format::Tiff,
        Format::Jxl,
        Format::Thumbhash,
    ] {
        let bytes = || encode(&picture, format, &OUTPUT).unwrap();
        assert_eq!(bytes(), bytes(), "{format:?}");
    }
}

#[test]
fn sides_up_to_the_limit_obeyed() {
    let webp = picture(16_383, 1, Layout::Grey);
    for lossless in [false, true] {
        let bytes = encode(&webp, Format::Webp, &Output { lossless, ..OUTPUT }).unwrap();
        assert_eq!(read_webp(&bytes).width, 16_383);
    }
    let jpeg = picture(1, 65_535, Layout::Rgb);
    assert_eq!(
        read_jpeg(&encode(&jpeg, Format::Jpeg, &OUTPUT).unwrap()).height,
        65_535
    );
    let png = picture(70_000, 1, Layout::Grey);
    assert_eq!(
        read_png(&encode(&png, Format::Png, &OUTPUT).unwrap()).width,
        70_000
    );
}

#[test]
fn sides_over_the_limit_violated() {
    let refusal = |picture: &Picture, format, lossless| match encode(
        picture,
        format,
        &Output { lossless, ..OUTPUT },
    ) {
        Err(Error::BadOperation(message)) => message,
        other => panic!("{other:?}"),
    };
    let webp = picture(1, 16_384, Layout::Grey);
    for lossless in [false, true] {
        let message = refusal(&webp, Format::Webp, lossless);
        assert!(
            message.contains("WebP") && message.contains("16383"),
            "{message}"
        );
    }
    let jpeg = picture(65_536, 1, Layout::Grey);
    let message = refusal(&jpeg, Format::Jpeg, false);
    assert!(
        message.contains("JPEG") && message.contains("65535"),
        "{message}"
    );
}

#[test]
fn formats_that_are_only_read_cannot_be_written() {
    let picture = picture(2, 2, Layout::Rgb);
    for format in [Format::Svg, Format::Pdf, Format::Heif, Format::Bmp] {
        assert_eq!(
            encode(&picture, format, &OUTPUT),
            Err(Error::Unwritable(format))
        );
    }
}

/// Whatever is wished, at sizes where blocks, strips and groups are whole and broken: a file, or a reason.
#[test]
fn no_wish_makes_an_encoder_fall() {
    let formats = [
        Format::Png,
        Format::Webp,
        Format::Gif,
        Format::Tiff,
        Format::Jxl,
        Format::Blurhash,
        Format::Thumbhash,
    ];
    let sizes = SIZES
        .into_iter()
        .chain([(255, 257), (256, 2), (2, 2), (3, 600), (513, 300)]);
    for (width, height) in sizes {
        for layout in LAYOUTS {
            let picture = picture(width, height, layout);
            let wild = Picture::new(
                width,
                height,
                layout,
                picture
                    .samples()
                    .iter()
                    .map(|sample| sample.wrapping_mul(151))
                    .collect(),
            )
            .unwrap();
            for format in formats {
                for (lossless, palette, extreme) in
                    [(false, false, 0), (true, true, 255), (false, true, 1)]
                {
                    let output = Output {
                        lossless,
                        palette,
                        quality: Some(extreme),
                        compression: Some(extreme),
                        speed: Some(extreme),
                        interlace: palette,
                        ..OUTPUT
                    };
                    for picture in [&picture, &wild] {
                        let file = encode(picture, format, &output);
                        let is_thin = width.min(height) == 1;
                        let said = format!("{format:?} {width}x{height} {layout:?}: {file:?}");
                        assert_eq!(
                            file.is_ok(),
                            !(format == Format::Jxl && is_thin),
                            "{}",
                            &said[..90.min(said.len())]
                        );
                    }
                }
            }
        }
    }
}
