//! Colours do not shift: a wide-gamut source is converted to sRGB, grey stays grey, and alpha is kept
//! or laid on a colour as asked.

use image::{DynamicImage, GenericImageView, Rgb, RgbImage};
use tests::{Edge, eyes, sample};

/// Display P3 to sRGB, in linear light: the published matrix.
const P3_TO_SRGB: [[f64; 3]; 3] = [
    [1.224_94, -0.224_94, 0.0],
    [-0.042_06, 1.042_06, 0.0],
    [-0.019_64, -0.078_64, 1.098_27],
];

fn linear(value: u8) -> f64 {
    let value = f64::from(value) / 255.0;
    if value <= 0.04045 {
        value / 12.92
    } else {
        ((value + 0.055) / 1.055).powf(2.4)
    }
}

fn encoded(value: f64) -> u8 {
    let value = value.clamp(0.0, 1.0);
    let value = if value <= 0.003_130_8 {
        value * 12.92
    } else {
        1.055 * value.powf(1.0 / 2.4) - 0.055
    };
    (value * 255.0).round() as u8
}

fn to_srgb(p3: &RgbImage) -> RgbImage {
    RgbImage::from_fn(p3.width(), p3.height(), |x, y| {
        let source = p3.get_pixel(x, y).0.map(linear);
        Rgb(P3_TO_SRGB.map(|row| encoded(row.iter().zip(source).map(|(a, b)| a * b).sum())))
    })
}

#[test]
fn display_p3_is_converted() {
    let edge = Edge::shared();
    let stored = eyes::decode(&sample("sunflower_p3.jpg")).to_rgb8();
    let expected = DynamicImage::ImageRgb8(to_srgb(&stored));
    let stored = DynamicImage::ImageRgb8(stored);
    let answer = |more: &str| {
        let target = format!("/convert?type=png&file=sunflower_p3.jpg{more}");
        eyes::decode(edge.get(&target).picture())
    };
    let converted = answer("");
    let shift = eyes::psnr(&expected, &stored);
    assert!(
        shift < 30.0,
        "{shift:.1} dB: the sample does not show the difference"
    );
    assert!(
        eyes::psnr(&converted, &expected) > 35.0,
        "{:.1} dB",
        eyes::psnr(&converted, &expected)
    );
    let ignored = answer("&noprofile=true");
    assert!(
        eyes::psnr(&ignored, &stored) > 35.0,
        "{:.1} dB",
        eyes::psnr(&ignored, &stored)
    );
}

#[test]
fn grey_stays_grey() {
    let edge = Edge::shared();
    let answer = edge.get("/resize?width=256&type=png&file=camera_gray.jpg");
    let picture = eyes::decode(answer.picture()).to_rgb8();
    assert!(
        picture
            .pixels()
            .all(|pixel| pixel.0[0] == pixel.0[1] && pixel.0[1] == pixel.0[2])
    );
    let bw = eyes::decode(
        edge.get("/resize?width=150&colorspace=bw&type=png&file=parrots.jpg")
            .picture(),
    )
    .to_rgb8();
    assert!(
        bw.pixels()
            .all(|pixel| pixel.0[0] == pixel.0[1] && pixel.0[1] == pixel.0[2])
    );
}

#[test]
fn alpha_is_kept_where_the_format_has_it() {
    let edge = Edge::shared();
    for wanted in ["png", "webp"] {
        let answer = edge.get(&format!("/resize?width=128&type={wanted}&file=marble.png"));
        let picture = eyes::decode(answer.picture());
        assert_eq!(picture.get_pixel(2, 2).0[3], 0, "{wanted}: a corner");
        assert!(picture.get_pixel(64, 60).0[3] > 150, "{wanted}: the glass");
    }
}

#[test]
fn alpha_is_laid_on_black_or_on_the_background_asked() {
    let edge = Edge::shared();
    let corner = |parameters: &str| {
        let target = format!("/resize?width=128&quality=95&file=marble.png{parameters}");
        eyes::decode(edge.get(&target).picture()).get_pixel(2, 2).0
    };
    let near =
        |got: [u8; 4], wanted: [u8; 3]| got.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) < 6);
    assert!(near(corner("&type=jpeg"), [0, 0, 0]));
    assert!(near(
        corner("&type=jpeg&background=255,128,10"),
        [255, 128, 10]
    ));
    let flattened = corner("&type=png&background=255,128,10");
    assert!(
        near(flattened, [255, 128, 10]) && flattened[3] == 255,
        "{flattened:?}"
    );
}

/// Averaging colours that are invisible would draw a dark rim around the marble.
#[test]
fn shrinking_does_not_mix_in_invisible_colours() {
    let edge = Edge::shared();
    let source = image::RgbaImage::from_fn(256, 256, |x, y| {
        if (x / 3 + y / 3) % 2 == 0 {
            image::Rgba([250, 200, 40, 255])
        } else {
            image::Rgba([0, 0, 255, 0])
        }
    });
    let source = eyes::encode(&DynamicImage::ImageRgba8(source), image::ImageFormat::Png);
    let answer = edge.post("/resize?width=40&type=png", &source);
    let picture = eyes::decode(answer.picture()).to_rgba8();
    for pixel in picture.pixels().filter(|pixel| pixel.0[3] > 60) {
        let [red, green, blue, _] = pixel.0;
        assert!(
            red.abs_diff(250) < 12 && green.abs_diff(200) < 12 && blue.abs_diff(40) < 12,
            "{pixel:?}"
        );
    }
}
