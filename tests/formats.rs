//! Every format that is read, into every format that is written: the right bytes under the right
//! name, and the same picture.

use image::imageops::FilterType;
use tests::{Edge, eyes, sample};

const SOURCES: [(&str, &str); 5] = [
    ("parrots.jpg", "jpeg"),
    ("julia_progressive.jpg", "jpeg"),
    ("cat.png", "png"),
    ("coffee.webp", "webp"),
    ("orbit.gif", "gif"),
];

#[test]
fn each_source_becomes_each_format() {
    let edge = Edge::shared();
    for (file, _) in SOURCES {
        let expected = eyes::decode(&sample(file)).resize(150, 1000, FilterType::Lanczos3);
        for wanted in ["jpeg", "png", "webp", "avif"] {
            let answer = edge.get(&format!(
                "/resize?width=150&quality=90&type={wanted}&file={file}"
            ));
            let body = answer.picture();
            assert_eq!(
                answer.header("content-type").unwrap(),
                format!("image/{wanted}"),
                "{file}"
            );
            assert_eq!(eyes::media_type(body), format!("image/{wanted}"), "{file}");
            assert_eq!(
                eyes::size(body),
                (expected.width(), expected.height()),
                "{file} to {wanted}"
            );
            let alike_min = match wanted {
                // Lossy WebP halves the colours: of the fractal, libwebp itself keeps 26.4 dB.
                "webp" => 24.5,
                _ => 27.0,
            };
            // No decoder here reads AVIF.
            if wanted != "avif" {
                let alike = eyes::psnr(&eyes::decode(body), &expected);
                assert!(alike > alike_min, "{file} to {wanted}: {alike:.1} dB");
            }
        }
    }
}

#[test]
fn without_a_type_the_source_keeps_its_own() {
    let edge = Edge::shared();
    for (file, format) in SOURCES {
        let answer = edge.get(&format!("/resize?width=50&file={file}"));
        assert_eq!(
            eyes::media_type(answer.picture()),
            format!("image/{format}"),
            "{file}"
        );
    }
}

#[test]
fn quality_costs_bytes_and_interlace_is_progressive() {
    let edge = Edge::shared();
    let body = |parameters: &str| {
        edge.get(&format!("/resize?width=300&file=parrots.jpg{parameters}"))
            .picture()
            .to_vec()
    };
    let (low, middle, high) = (body("&quality=20"), body(""), body("&quality=95"));
    assert!(
        low.len() < middle.len() && middle.len() < high.len(),
        "{} {} {}",
        low.len(),
        middle.len(),
        high.len()
    );
    assert_eq!(body("&quality=75"), middle, "75 is the default");
    let webp = |quality| body(&format!("&type=webp&quality={quality}")).len();
    assert!(webp(20) < webp(90));
    let progressive = |jpeg: &[u8]| jpeg.windows(2).any(|marker| marker == [0xFF, 0xC2]);
    assert!(!progressive(&middle) && progressive(&body("&interlace=true")));
}

#[test]
fn no_metadata_is_left() {
    let edge = Edge::shared();
    for wanted in ["jpeg", "png", "webp", "avif"] {
        for file in ["lighthouse_orientation_6.jpg", "sunflower_p3.jpg"] {
            let body = edge
                .get(&format!("/resize?width=60&type={wanted}&file={file}"))
                .picture()
                .to_vec();
            for trace in [
                b"Exif\0\0".as_slice(),
                b"eXIf",
                b"EXIF",
                b"http://ns.adobe.com",
                b"darkroom samples",
            ] {
                assert!(
                    !body.windows(trace.len()).any(|w| w == trace),
                    "{file} as {wanted}: {}",
                    trace.escape_ascii()
                );
            }
        }
    }
}
