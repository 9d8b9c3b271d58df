//! Formats that are read beside those of every page: by their bytes alone, in the right colours, and drawings
//! at the size that is asked for.

use std::fs;
use std::path::Path;

use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage};
use tests::{Edge, eyes};

/// A picture as PNG, out of what was uploaded.
fn shown(edge: &Edge, source: &[u8], more: &str) -> DynamicImage {
    let answer = edge.post(&format!("/convert?type=png{more}"), source);
    assert_eq!(answer.status, 200, "{}", answer.text());
    eyes::decode(answer.picture())
}

#[test]
fn what_was_written_as_avif_or_tiff_is_read_again() {
    let edge = Edge::shared();
    let small = |more: &str| edge.get(&format!("/resize?width=160&file=parrots.jpg{more}"));
    let png = eyes::decode(small("&type=png").picture());
    let avif = shown(&edge, &small("&type=avif&quality=95").body, "");
    assert_eq!(avif.dimensions(), png.dimensions());
    let near = eyes::psnr(&avif, &png);
    assert!((32.0..99.0).contains(&near), "{near:.1} dB");
    let tiff = shown(&edge, &small("&type=tiff").body, "");
    assert_eq!(tiff.to_rgb8(), png.to_rgb8());
}

#[test]
fn a_jpeg_xl_without_loss_is_read_again_to_the_bit() {
    let edge = Edge::shared();
    for file in ["parrots.jpg", "marble.png", "camera_gray.jpg"] {
        let small = |format: &str| {
            let answer = edge.get(&format!("/resize?width=160&file={file}&type={format}"));
            assert_eq!(answer.status, 200, "{}", answer.text());
            answer.body
        };
        let again = shown(&edge, &small("jxl"), "");
        assert_eq!(again, eyes::decode(&small("png")), "{file}");
    }
}

/// One picture as libjxl, x265 and `OpenJPEG` write it: red and green over blue and white. None is asked for in
/// its own format, and what comes is one that every browser shows.
#[test]
fn what_phones_cameras_and_archives_write_is_shown() {
    const QUARTERS: [[u8; 3]; 4] = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255; 3]];
    let edge = Edge::shared();
    for name in ["jxl/vardct.jxl", "heic/plain.heic", "jp2/plain.jp2"] {
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
        let source = fs::read(seeds.join(name)).unwrap();
        let answer = edge.post("/resize?width=32", &source);
        assert_eq!(answer.status, 200, "{name}: {}", answer.text());
        assert_eq!(answer.header("content-type"), Some("image/jpeg"), "{name}");
        let picture = eyes::decode(answer.picture()).to_rgb8();
        assert_eq!(picture.dimensions(), (32, 24), "{name}");
        for (at, wanted) in [(8, 6), (24, 6), (8, 18), (24, 18)].iter().zip(QUARTERS) {
            let is = picture.get_pixel(at.0, at.1).0;
            let far = is
                .iter()
                .zip(wanted)
                .map(|(is, wanted)| is.abs_diff(wanted));
            assert!(far.max() <= Some(24), "{name} at {at:?}: {is:?}");
        }
    }
}

#[test]
fn alpha_of_an_avif() {
    let edge = Edge::shared();
    let avif = edge.get("/resize?width=128&type=avif&quality=95&file=marble.png");
    let picture = shown(&edge, &avif.body, "");
    assert!(picture.get_pixel(2, 2).0[3] < 8, "a corner");
    assert!(picture.get_pixel(64, 60).0[3] > 150, "the glass");
}

/// Three rows of two pixels, the lowest first, each row eight bytes.
#[test]
fn a_bitmap() {
    let mut bitmap = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0".to_vec();
    for number in [40u32, 2, 3] {
        bitmap.extend(number.to_le_bytes());
    }
    bitmap.extend([1, 0, 24, 0]);
    bitmap.extend([0; 24]);
    let rows = [
        [[1u8, 2, 3], [4, 5, 6]],
        [[7, 8, 9], [10, 11, 12]],
        [[13, 14, 15], [16, 17, 18]],
    ];
    for row in rows {
        bitmap.extend(row.concat());
        bitmap.extend([0, 0]);
    }
    let edge = Edge::shared();
    let picture = shown(&edge, &bitmap, "").to_rgb8();
    let wanted = RgbImage::from_fn(2, 3, |x, y| {
        let [blue, green, red] = rows[2 - y as usize][x as usize];
        Rgb([red, green, blue])
    });
    assert_eq!(picture, wanted);
    let cut = edge.post("/convert?type=png", &bitmap[..40]);
    assert_eq!(cut.status, 400, "{}", cut.text());
}

#[test]
fn a_drawing_is_drawn_at_the_size_that_is_asked_for() {
    let edge = Edge::shared();
    let drawing = br##"<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><script>alert(1)</script><rect width="10" height="10" fill="#f00"/><image href="http://127.0.0.1:9/a.png" width="20" height="10"/></svg>"##;
    let answer = edge.post("/enlarge?width=400&height=200", drawing);
    assert_eq!(eyes::media_type(&answer.body), "image/png");
    let picture = eyes::decode(answer.picture());
    assert_eq!(picture.dimensions(), (400, 200));
    // Scaled up from twenty pixels the edge would be soft.
    assert_eq!(picture.get_pixel(198, 100).0, [255, 0, 0, 255]);
    assert_eq!(picture.get_pixel(201, 100).0[3], 0);
    let small = shown(&edge, drawing, "");
    assert_eq!(small.dimensions(), (20, 10));
}

#[test]
fn a_drawing_that_unfolds_too_far_is_refused() {
    let edge = Edge::shared();
    let mut text = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><rect id=\"g0\" width=\"1\" height=\"1\"/>",
    );
    for level in 1..9 {
        let below = format!("<use href=\"#g{}\"/>", level - 1).repeat(10);
        text = format!("{text}<g id=\"g{level}\">{below}</g>");
    }
    text += "</svg>";
    let answer = edge.post("/convert?type=png", text.as_bytes());
    assert_eq!(answer.status, 400, "{}", answer.text());
    let deep = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\">{}{}</svg>",
        "<g>".repeat(20_000),
        "</g>".repeat(20_000)
    );
    let answer = edge.post("/convert?type=png", deep.as_bytes());
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert_eq!(edge.count("/sandbox/traps"), 0);
}

#[test]
fn what_is_not_read_is_named() {
    let edge = Edge::shared();
    for (source, name) in [(&b"%PDF-1.7\n"[..], "PDF"), (b"8BPS\0\x01", "PSD")] {
        let answer = edge.post("/convert?type=png", source);
        assert_eq!(answer.status, 415, "{}", answer.text());
        assert!(answer.text().contains(name), "{}", answer.text());
    }
}

#[test]
fn linear_light_keeps_the_brightness_of_stripes() {
    let edge = Edge::shared();
    let stripes = RgbImage::from_fn(64, 64, |x, _| Rgb([if x % 2 == 0 { 255 } else { 0 }; 3]));
    let stripes = eyes::encode(&DynamicImage::ImageRgb8(stripes), ImageFormat::Png);
    let middle = |more: &str| {
        let answer = edge.post(&format!("/resize?width=32&type=png{more}"), &stripes);
        eyes::decode(answer.picture()).to_rgb8().get_pixel(16, 16).0[0]
    };
    // Half of the light is level 188, half of the levels 128.
    assert!(middle("").abs_diff(128) <= 3, "{}", middle(""));
    assert!(
        middle("&linear=true").abs_diff(188) <= 3,
        "{}",
        middle("&linear=true")
    );
}
