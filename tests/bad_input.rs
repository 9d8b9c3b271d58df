//! Bytes that are no picture, or a broken one, or one that is too large: an answer that says so, and
//! a server that goes on.

use image::ImageFormat::{Jpeg, Png};
use tests::{Edge, eyes, sample};

/// A picture file whose header claims this size and that has next to no data.
fn claiming(width: u32, height: u32) -> Vec<(&'static str, Vec<u8>)> {
    let mut png = eyes::encode(&eyes::quarters(8, 8), Png);
    // Signature, then the first chunk: length, IHDR, width, height, five bytes, CRC.
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32(&png[12..29]).to_be_bytes();
    png[29..33].copy_from_slice(&crc);
    let mut jpeg = eyes::encode(&eyes::quarters(8, 8), Jpeg);
    let frame = jpeg
        .windows(2)
        .position(|marker| matches!(marker, [0xFF, 0xC0 | 0xC1]))
        .unwrap();
    jpeg[frame + 5..frame + 7].copy_from_slice(&(height as u16).to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&(width as u16).to_be_bytes());
    vec![("PNG", png), ("JPEG", jpeg)]
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(crc & 1))
        })
    })
}

#[test]
fn a_corrupt_picture_is_400() {
    let edge = Edge::shared();
    let mut png = sample("cat.png");
    let middle = png.len() / 2;
    for byte in &mut png[middle..middle + 400] {
        *byte ^= 0x5A;
    }
    edge.post("/resize?width=40", &png).refused(400);
    edge.post("/resize?width=40", &sample("cat.png")[..60])
        .refused(400);
    edge.post("/resize?width=40", &sample("coffee.webp")[..200])
        .refused(400);
    edge.post("/resize?width=40", &sample("parrots.jpg")[..200])
        .refused(400);
    edge.post("/resize?width=40&type=png", &sample("orbit.gif")[..12])
        .refused(400);
}

#[test]
fn a_jpeg_without_its_tail_is_rendered_as_far_as_it_goes() {
    let edge = Edge::shared();
    let answer = edge.get("/resize?width=300&type=png&file=truncated.jpg");
    let picture = eyes::decode(answer.picture()).to_rgb8();
    assert_eq!(picture.dimensions(), (300, 200));
    // The sky is there; nothing is made up for the sea.
    let sky = picture.get_pixel(30, 5).0;
    assert!(sky[2] > sky[0], "{sky:?}");
    assert_eq!(picture.get_pixel(10, 198), picture.get_pixel(290, 198));
    let strict = Edge::builder().switch("fail-on-truncated").start();
    strict
        .get("/resize?width=300&file=truncated.jpg")
        .refused(400);
    strict.get("/resize?width=300&file=coast.jpg").picture();
}

#[test]
fn too_many_pixels_are_422_from_the_header_alone() {
    let edge = Edge::builder().set("max-allowed-resolution", "0.5").start();
    for (format, source) in claiming(1000, 501) {
        let said = edge.post("/resize?width=40", &source).refused(422);
        assert_eq!(said, "Image resolution is too big", "{format}");
    }
    // No trap, no memory: the header was enough.
    assert_eq!(
        (
            edge.count("/sandbox/traps"),
            edge.count("/sandbox/memory_kills")
        ),
        (0, 0)
    );
    let allowed = eyes::encode(&eyes::quarters(1000, 500), Png);
    edge.post("/resize?width=40", &allowed).picture();
    let too_large = eyes::encode(&eyes::quarters(1000, 501), Png);
    edge.post("/resize?width=40", &too_large).refused(422);
}

#[test]
fn a_header_that_claims_the_world_is_refused_by_default() {
    let edge = Edge::shared();
    for (width, height) in [(65_500, 65_500), (20_000, 14_000)] {
        for (format, source) in claiming(width, height) {
            let answer = edge.post("/resize?width=40", &source);
            assert_eq!(
                answer.status,
                422,
                "{format} {width}x{height}: {}",
                answer.text()
            );
        }
    }
}

#[test]
fn an_output_that_is_too_large_is_422() {
    let edge = Edge::builder()
        .set("max-output-resolution", "1")
        .set("max-output-side", "2000")
        .start();
    let status = |operation: &str| edge.get(&format!("/{operation}&file=dunes.jpg")).status;
    for (allowed, refused) in [
        (
            "enlarge?width=1000&height=1000",
            "enlarge?width=1000&height=1001",
        ),
        (
            "resize?width=2000&height=100&force=true",
            "resize?width=2001&height=100&force=true",
        ),
        ("thumbnail?width=800", "thumbnail?width=1000"),
        ("convert?type=png", "zoom?factor=2"),
    ] {
        assert_eq!(
            (status(allowed), status(refused)),
            (200, 422),
            "{allowed}, {refused}"
        );
    }
    Edge::shared()
        .get("/resize?width=100000&height=100000&force=1&file=dunes.jpg")
        .refused(422);
}

/// Whatever was sent before, the next picture is right.
#[test]
fn the_server_goes_on_after_bytes_turned_over() {
    let edge = Edge::builder().start();
    for (file, step) in [
        ("parrots.jpg", 997),
        ("cat.png", 1999),
        ("coffee.webp", 797),
        ("orbit.gif", 409),
    ] {
        let good = sample(file);
        for at in (2..good.len()).step_by(good.len() / 24).take(24) {
            let mut bad = good.clone();
            for (offset, byte) in bad[at..].iter_mut().step_by(step).enumerate() {
                *byte = byte.wrapping_add(offset as u8 | 1);
            }
            let answer = edge.post("/resize?width=40&type=jpeg", &bad);
            assert!(
                matches!(answer.status, 200 | 400 | 406 | 422),
                "{file} from {at}: {} {}",
                answer.status,
                answer.text()
            );
        }
    }
    assert_eq!(edge.count("/sandbox/traps"), 0);
    edge.get("/resize?width=40&file=dunes.jpg").picture();
}
