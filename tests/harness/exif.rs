//! EXIF orientation: a JPEG and a number from 1 to 8 in, the JPEG with that tag out; and the raster
//! that has to be stored so that it shows upright.

use image::DynamicImage;

/// The JPEG with an EXIF block that has one entry, the orientation.
pub fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let tiff = [
        b"II*\0\x08\0\0\0".as_slice(), // little-endian TIFF, first directory at 8
        b"\x01\0",                     // one entry
        b"\x12\x01\x03\0\x01\0\0\0",   // 0x0112, a short, one of it
        &[orientation, 0, 0, 0],
        b"\0\0\0\0", // no further directory
    ]
    .concat();
    let payload = [b"Exif\0\0".as_slice(), &tiff].concat();
    let length = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &payload, &jpeg[2..]].concat()
}

/// What has to be stored so that a viewer who obeys the tag sees `upright`.
pub fn stored_for(upright: &DynamicImage, orientation: u8) -> DynamicImage {
    match orientation {
        1 => upright.clone(),
        2 => upright.fliph(),
        3 => upright.rotate180(),
        4 => upright.flipv(),
        // Shown: transposed, a quarter clockwise, transposed across, three quarters clockwise.
        5 => upright.rotate90().fliph(),
        6 => upright.rotate270(),
        7 => upright.rotate270().fliph(),
        8 => upright.rotate90(),
        _ => panic!("orientation {orientation}"),
    }
}

/// The orientation tag of a JPEG, if it has an EXIF block with one.
pub fn orientation_of(jpeg: &[u8]) -> Option<u8> {
    let at = jpeg.windows(6).position(|window| window == b"Exif\0\0")? + 6;
    let tag = jpeg[at..]
        .windows(8)
        .position(|window| window == b"\x12\x01\x03\0\x01\0\0\0")?;
    jpeg.get(at + tag + 8).copied()
}
