//! Every format that is read, into every format that is written: the right bytes under the right
//! name, and the same picture.

use image::imageops::FilterType;
use tests::{Edge, Request, eyes, sample, signing};

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
        if format == "gif" {
            // Read only, as in imaginary.
            answer.refused(400);
        } else {
            assert_eq!(
                eyes::media_type(answer.picture()),
                format!("image/{format}"),
                "{file}"
            );
        }
    }
}

#[test]
fn the_content_counts_and_not_the_name() {
    let mount = tempfile::tempdir().unwrap();
    std::fs::write(mount.path().join("liar.jpg"), sample("cat.png")).unwrap();
    let edge = Edge::mounting(mount.path()).start();
    let answer = edge.get("/resize?width=50&file=liar.jpg");
    assert_eq!(eyes::media_type(answer.picture()), "image/png");
    assert_eq!(answer.header("content-type"), Some("image/png"));
}

#[test]
fn names_of_formats_are_imaginarys_and_a_few_more() {
    let edge = Edge::shared();
    for (name, kind) in [
        ("JPEG", "image/jpeg"),
        ("jpg", "image/jpeg"),
        ("Png", "image/png"),
        ("avif", "image/avif"),
    ] {
        let answer = edge.get(&format!("/resize?width=40&type={name}&file=dunes.jpg"));
        assert_eq!(eyes::media_type(answer.picture()), kind, "{name}");
    }
    for name in ["gif", "pdf", "exe"] {
        let said = edge
            .get(&format!("/resize?width=40&type={name}&file=dunes.jpg"))
            .refused(400);
        assert!(said.contains("nsupported"), "{name}: {said}");
    }
}

#[test]
fn auto_takes_the_best_that_the_client_accepts() {
    let edge = Edge::builder().set("avif", "wait").start();
    let target = signing::sign(tests::KEY, "/resize?width=40&type=auto&file=dunes.jpg");
    for (accept, kind) in [
        ("image/avif,image/webp,*/*;q=0.8", "image/avif"),
        ("image/webp,*/*;q=0.8", "image/webp"),
        ("image/webp;q=0,*/*", "image/jpeg"),
        ("image/avif;q=0.3,image/webp;q=0.9", "image/webp"),
        ("*/*", "image/jpeg"),
        ("", "image/jpeg"),
    ] {
        let answer = edge.send(&Request::get(&target).with("Accept", accept));
        assert_eq!(eyes::media_type(answer.picture()), kind, "Accept: {accept}");
        assert_eq!(
            answer.header("content-type"),
            Some(kind),
            "Accept: {accept}"
        );
        assert_eq!(answer.header("vary"), Some("Accept"), "Accept: {accept}");
    }
    let plain = edge.get("/resize?width=40&file=dunes.jpg");
    assert_eq!(
        plain.header("vary"),
        None,
        "a URL with one answer does not vary"
    );
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
