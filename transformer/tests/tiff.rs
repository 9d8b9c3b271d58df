//! TIFF files that are made here: what few writers make, and what only an attacker would.

#![expect(
    clippy::unwrap_used,
    reason = "a picture that cannot be read is the failure looked for"
)]

mod limits;

use limits::LIMITS;
use transformer::Sources;
use transformer::encode::encode;
use transformer::error::Error;
use transformer::options::{Format, Limits, Output, Truncated};
use transformer::picture::{Layout, Picture};

/// A little-endian file: the chunks, one after the other, and a directory of tags, each with its values.
struct File {
    tags: Vec<(u16, Vec<u32>)>,
    chunks: Vec<Vec<u8>>,
}

impl File {
    /// A page of `size`, compressed as `compression`, whose samples mean `meaning`.
    fn page((width, height): (u32, u32), compression: u32, meaning: u32) -> Self {
        let samples = if meaning < 2 { 1 } else { 3 };
        let tags = [
            (256, vec![width]),
            (257, vec![height]),
            (258, vec![8; samples]),
            (259, vec![compression]),
            (262, vec![meaning]),
            (277, vec![samples as u32]),
            (278, vec![height]),
        ];
        Self {
            tags: tags.to_vec(),
            chunks: Vec::new(),
        }
    }

    fn tag(mut self, tag: u16, values: Vec<u32>) -> Self {
        self.tags.retain(|(other, _)| *other != tag);
        self.tags.push((tag, values));
        self
    }

    fn chunk(mut self, bytes: &[u8]) -> Self {
        self.chunks.push(bytes.to_vec());
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut tags = self.tags.clone();
        let is_tiled = tags.iter().any(|(tag, _)| *tag == 322);
        let (offsets, lengths) = if is_tiled { (324, 325) } else { (273, 279) };
        let mut file = b"II\x2A\0\0\0\0\0".to_vec();
        let mut places = Vec::new();
        for chunk in &self.chunks {
            places.push(file.len() as u32);
            file.extend(chunk);
        }
        if !tags.iter().any(|(tag, _)| *tag == offsets) {
            tags.push((offsets, places));
            let of = self.chunks.iter().map(|chunk| chunk.len() as u32);
            tags.push((lengths, of.collect()));
        }
        tags.sort();
        let mut entries = Vec::new();
        for (tag, values) in &tags {
            entries.extend(tag.to_le_bytes());
            entries.extend([4, 0]);
            entries.extend((values.len() as u32).to_le_bytes());
            match values.as_slice() {
                [value] => entries.extend(value.to_le_bytes()),
                values => {
                    entries.extend((file.len() as u32).to_le_bytes());
                    file.extend(values.iter().flat_map(|value| value.to_le_bytes()));
                }
            }
        }
        let directory = (file.len() as u32).to_le_bytes();
        file[4..8].copy_from_slice(&directory);
        file.extend((tags.len() as u16).to_le_bytes());
        file.extend(entries);
        file.extend([0; 4]);
        file
    }

    /// The pixels, as a picture without loss has them.
    fn pixels(&self, truncated: Truncated) -> Result<Vec<[u8; 3]>, Error> {
        let limits = Limits {
            truncated,
            ..LIMITS
        };
        let output = Output::new(Format::Png);
        let made = transformer::transform(Sources::alone(&self.bytes()), &[], &output, &limits)?;
        let mut decoder = png::Decoder::new(std::io::Cursor::new(made.bytes));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().unwrap();
        let mut samples = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut samples).unwrap();
        let pixels = samples.chunks_exact(info.color_type.samples());
        Ok(pixels
            .map(|pixel| match *pixel {
                [grey] => [grey; 3],
                [red, green, blue, ..] => [red, green, blue],
                _ => unreachable!("a pixel with alpha"),
            })
            .collect())
    }
}

/// A JPEG of one colour.
fn jpeg((width, height): (u32, u32), colour: [u8; 3]) -> Vec<u8> {
    let pixels = colour.repeat(width as usize * height as usize);
    let picture = Picture::new(width, height, Layout::Rgb, pixels).unwrap();
    let output = Output {
        quality: Some(95),
        ..Output::new(Format::Jpeg)
    };
    encode(&picture, Format::Jpeg, &output).unwrap()
}

fn assert_near(pixels: &[[u8; 3]], colour: [u8; 3]) {
    for pixel in pixels {
        for (is, should) in pixel.iter().zip(colour) {
            assert!(is.abs_diff(should) <= 3, "{pixel:?}, not {colour:?}");
        }
    }
}

#[test]
fn a_jpeg_is_converted_as_its_page_says_and_once() {
    let colour = [200, 80, 30];
    let stream = jpeg((16, 8), colour);
    let page = |meaning| File::page((16, 8), 7, meaning).chunk(&stream);
    let ycc = page(6).pixels(Truncated::Refuse).unwrap();
    assert_near(&ycc, colour);
    // Taken for lights, although the stream's own JFIF marker says otherwise: brightness and two differences.
    let lights = page(2).pixels(Truncated::Refuse).unwrap();
    assert_near(&lights, [110, 83, 192]);
}

#[test]
fn missing_bytes_cost_the_rows_that_they_are_of() {
    let grey = [128; 3];
    let whole: Vec<u8> = (0..64).map(|at| 7 + at / 8).collect();
    let packed = |bytes: &[u8]| -> Vec<u8> {
        // Runs of as many bytes as are there.
        let head = [(bytes.len() - 1) as u8];
        [&head[..], bytes].concat()
    };
    let deflated = |bytes: &[u8]| miniz_oxide::deflate::compress_to_vec_zlib(bytes, 6);
    let short = &whole[..63];
    for (compression, stored) in [
        (1, short.to_vec()),
        (32_773, packed(short)),
        (8, deflated(short)),
    ] {
        let file = File::page((8, 8), compression, 1).chunk(&stored);
        let pixels = file.pixels(Truncated::Render).unwrap();
        assert_eq!(pixels[55], [13; 3], "{compression}");
        assert_eq!(pixels[56..], [grey; 8], "{compression}");
        let refused = file.pixels(Truncated::Refuse);
        assert!(matches!(refused, Err(Error::Malformed(_))), "{compression}");
    }
    let nothing = File::page((8, 8), 1, 1).chunk(&whole[..7]);
    assert!(nothing.pixels(Truncated::Render).is_err());
}

#[test]
fn a_strip_that_is_missing_leaves_the_others() {
    let strip = |level: u8| vec![level; 16];
    let file = File::page((8, 6), 1, 1).tag(278, vec![2]);
    let file = file.tag(273, vec![8, 9_999, 24]).tag(279, vec![16; 3]);
    let file = file.chunk(&strip(5)).chunk(&strip(9));
    let pixels = file.pixels(Truncated::Render).unwrap();
    assert_eq!(pixels[..16], [[5; 3]; 16]);
    assert_eq!(pixels[16..32], [[128; 3]; 16]);
    assert_eq!(pixels[32..], [[9; 3]; 16]);
}

#[test]
fn tiles_much_larger_than_their_page_are_refused() {
    let tiled = |side: u32, count: usize| {
        let file = File::page((1, side * count as u32), 8, 1);
        let stream = miniz_oxide::deflate::compress_to_vec_zlib(&vec![7; 1 << 16], 6);
        let (offsets, lengths) = (vec![8; count], vec![stream.len() as u32; count]);
        let file = file.tag(322, vec![side]).tag(323, vec![side]);
        file.tag(324, offsets).tag(325, lengths).chunk(&stream)
    };
    assert!(tiled(256, 2).pixels(Truncated::Render).is_ok());
    let refused = tiled(2048, 4).pixels(Truncated::Render);
    assert!(matches!(refused, Err(Error::Malformed(_))), "{refused:?}");
}

#[test]
fn strips_that_share_a_long_stream_are_refused() {
    let stream = vec![0x80; 1 << 20];
    let shared = |rows: u32| {
        let file = File::page((1, rows), 32_773, 1).tag(278, vec![1]);
        let lengths = vec![stream.len() as u32; rows as usize];
        let file = file.tag(273, vec![8; rows as usize]).tag(279, lengths);
        file.chunk(&stream).pixels(Truncated::Render)
    };
    // Nothing comes of such a stream, but it is read.
    let reason = |rows| match shared(rows) {
        Err(Error::Malformed(reason)) => reason,
        other => panic!("{other:?}"),
    };
    assert!(reason(2).contains("missing"));
    assert!(reason(100).contains("share"));
}

#[test]
fn planes_that_mean_nothing_are_not_read() {
    let planar = |samples: u32| {
        let file = File::page((4, 1), 1, 1).tag(284, vec![2]);
        let file = file
            .tag(258, vec![8; samples as usize])
            .tag(277, vec![samples]);
        file.chunk(&[1, 2, 3, 4]).pixels(Truncated::Refuse)
    };
    let ramp = [[1; 3], [2; 3], [3; 3], [4; 3]];
    assert_eq!(planar(1).unwrap(), ramp);
    assert_eq!(planar(9).unwrap(), ramp);
}

#[test]
fn shared_differences_of_colour_have_no_alpha_beside_them() {
    let file = File::page((2, 2), 1, 6).chunk(&[90, 90, 90, 90, 128, 128, 0, 0]);
    assert_near(&file.pixels(Truncated::Refuse).unwrap(), [90; 3]);
    let more = file.tag(258, vec![8; 4]).tag(277, vec![4]);
    let refused = more.pixels(Truncated::Refuse);
    assert!(matches!(refused, Err(Error::Unsupported(_))), "{refused:?}");
}
