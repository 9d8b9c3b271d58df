//! Animations from frame to frame: whatever a file does with offsets, disposal and blending, each frame that
//! comes out shows what the frame that went in shows. Frames are looked at as stills (`page`).

#![expect(
    clippy::unwrap_used,
    reason = "an animation that cannot be read back is the failure looked for"
)]

use std::io::Cursor;

use gif::{DisposalMethod, Encoder, Frame, Repeat};
use transformer::error::{Error, Limit};
use transformer::options::{Format, Limits, Metadata, Output, Profile, Truncated};
use transformer::rendition::Rendition;
use transformer::{Sources, transform};

const LIMITS: Limits = Limits {
    source_pixels_max: 1_000_000,
    output_pixels_max: 1_000_000,
    output_side_max: 10_000,
    memory_bytes_max: 1 << 28,
    frames_max: 40,
    animation_pixels_max: 1_000_000,
    truncated: Truncated::Refuse,
};

const fn output(format: Format, page: Option<u32>) -> Output {
    Output {
        format: Some(format),
        page,
        quality: Some(90),
        compression: Some(1),
        speed: None,
        interlace: false,
        lossless: true,
        palette: false,
        linear: false,
        profile: Profile::Convert,
        metadata: Metadata::None,
    }
}

fn made(source: &[u8], output: &Output) -> Result<Rendition, Error> {
    transform(Sources::alone(source), &[], output, &LIMITS)
}

/// A frame as four samples a pixel.
fn frame(source: &[u8], page: u32) -> Vec<u8> {
    let png = made(source, &output(Format::Png, Some(page)))
        .unwrap()
        .bytes;
    let mut decoder = png::Decoder::new(Cursor::new(png));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().unwrap();
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    let channels = reader
        .next_frame(&mut samples)
        .unwrap()
        .color_type
        .samples();
    let pixel = |pixel: &[u8]| match *pixel {
        [grey] => [grey, grey, grey, 255],
        [grey, alpha] => [grey, grey, grey, alpha],
        [red, green, blue] => [red, green, blue, 255],
        _ => [pixel[0], pixel[1], pixel[2], pixel[3]],
    };
    // What is wholly transparent has no colour.
    let clear = |pixel: [u8; 4]| if pixel[3] == 0 { [0; 4] } else { pixel };
    samples
        .chunks_exact(channels)
        .flat_map(|samples| clear(pixel(samples)))
        .collect()
}

/// Numbers below a limit, the same on every run.
struct Chance(u32);

impl Chance {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % limit
    }
}

const WIDTH: u16 = 23;
const HEIGHT: u16 = 17;
const FRAMES: u32 = 12;

/// Frames of any place, size and disposal, with holes.
fn wild(seed: u32) -> Vec<u8> {
    let mut chance = Chance(seed);
    let palette: Vec<u8> = (0..48).map(|at: u8| at.wrapping_mul(83)).collect();
    let mut encoder = Encoder::new(Vec::new(), WIDTH, HEIGHT, &palette).unwrap();
    encoder.set_repeat(Repeat::Finite(2)).unwrap();
    for _ in 0..FRAMES {
        let (left, top) = (chance.below(20) as u16, chance.below(14) as u16);
        let width = 1 + chance.below(u32::from(WIDTH - left)) as u16;
        let height = 1 + chance.below(u32::from(HEIGHT - top)) as u16;
        let detail = 1 + chance.below(9);
        let disposals = [
            DisposalMethod::Any,
            DisposalMethod::Keep,
            DisposalMethod::Background,
            DisposalMethod::Previous,
        ];
        let pixels = u32::from(width) * u32::from(height);
        let buffer: Vec<u8> = (0..pixels)
            .map(|at| {
                if chance.below(3) == 0 {
                    0
                } else {
                    (at / detail % 16) as u8
                }
            })
            .collect();
        encoder
            .write_frame(&Frame {
                delay: chance.below(30) as u16,
                dispose: disposals[chance.below(4) as usize],
                transparent: (chance.below(4) > 0).then_some(0),
                left,
                top,
                width,
                height,
                buffer: buffer.into(),
                ..Frame::default()
            })
            .unwrap();
    }
    encoder.into_inner().unwrap()
}

#[test]
fn every_frame_shows_what_it_showed() {
    for seed in 0..40 {
        let source = wild(seed);
        let gif = made(&source, &output(Format::Gif, None)).unwrap();
        let webp = made(&source, &output(Format::Webp, None)).unwrap();
        let again = made(&webp.bytes, &output(Format::Gif, None)).unwrap();
        assert_eq!(
            (gif.width, gif.height),
            (u32::from(WIDTH), u32::from(HEIGHT))
        );
        for page in 0..FRAMES {
            let shown = frame(&source, page);
            for (name, file) in [("GIF", &gif), ("WebP", &webp), ("WebP to GIF", &again)] {
                assert_eq!(frame(&file.bytes, page), shown, "{name} {page} of {seed}");
            }
        }
        let refused = made(&gif.bytes, &output(Format::Png, Some(FRAMES)));
        assert!(
            matches!(refused, Err(Error::BadOperation(_))),
            "{refused:?}"
        );
    }
}

#[test]
fn delays_and_the_loop_survive() {
    let source = wild(7);
    let delays = |gif: &[u8]| {
        let mut decoder = gif::DecodeOptions::new().read_info(gif).unwrap();
        let mut delays = Vec::new();
        while let Some(frame) = decoder.read_next_frame().unwrap() {
            delays.push(frame.delay);
        }
        (delays, decoder.repeat())
    };
    let webp = made(&source, &output(Format::Webp, None)).unwrap().bytes;
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(&webp)).unwrap();
    assert_eq!(decoder.num_frames(), FRAMES);
    assert!(
        matches!(decoder.loop_count(), image_webp::LoopCount::Times(times) if times.get() == 3)
    );
    let mut samples = vec![0; decoder.output_buffer_size().unwrap()];
    let milliseconds: Vec<u32> = (0..FRAMES)
        .map(|_| decoder.read_frame(&mut samples).unwrap())
        .collect();
    let (expected, repeat) = delays(&source);
    assert!(matches!(repeat, Repeat::Finite(2)));
    let in_milliseconds: Vec<u32> = expected
        .iter()
        .map(|&delay| u32::from(delay) * 10)
        .collect();
    assert_eq!(milliseconds, in_milliseconds);
    for file in [
        made(&source, &output(Format::Gif, None)),
        made(&webp, &output(Format::Gif, None)),
    ] {
        let (seen, repeat) = delays(&file.unwrap().bytes);
        assert!(matches!(repeat, Repeat::Finite(2)));
        assert_eq!(seen, expected);
    }
}

#[test]
fn stills_are_the_first_frame() {
    let source = wild(3);
    for format in [Format::Png, Format::Webp, Format::Gif] {
        let still = made(&source, &output(format, Some(0))).unwrap().bytes;
        assert_eq!(frame(&still, 0), frame(&source, 0), "{format:?}");
        assert!(
            made(&still, &output(Format::Png, Some(1))).is_err(),
            "{format:?}"
        );
    }
    let unasked = made(&source, &output(Format::Png, None)).unwrap().bytes;
    assert_eq!(frame(&unasked, 0), frame(&source, 0));
}

#[test]
fn an_animated_png_is_an_animation_too() {
    let size = (9u32, 5u32);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, size.0, size.1);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_animated(3, 4).unwrap();
    encoder.set_frame_delay(1, 5).unwrap();
    encoder.set_dispose_op(png::DisposeOp::Background).unwrap();
    let mut writer = encoder.write_header().unwrap();
    let whole: Vec<u8> = (0..size.0 * size.1)
        .flat_map(|at| [at as u8, 9, 200, 255])
        .collect();
    writer.write_image_data(&whole).unwrap();
    writer.set_frame_dimension(2, 2).unwrap();
    writer.set_frame_position(3, 1).unwrap();
    writer.set_dispose_op(png::DisposeOp::None).unwrap();
    writer
        .write_image_data(&[255, 0, 0, 255].repeat(4))
        .unwrap();
    writer.set_frame_position(4, 2).unwrap();
    writer.set_blend_op(png::BlendOp::Over).unwrap();
    writer
        .write_image_data(&[0, 0, 255, 128].repeat(4))
        .unwrap();
    writer.finish().unwrap();
    let webp = made(&file, &output(Format::Webp, None)).unwrap().bytes;
    for page in 0..3 {
        assert_eq!(frame(&webp, page), frame(&file, page), "{page}");
    }
    let pixel = |page: u32, x: usize, y: usize| frame(&webp, page)[(y * 9 + x) * 4..][..4].to_vec();
    assert_eq!(pixel(0, 8, 4), [44, 9, 200, 255]);
    assert_eq!(
        (pixel(1, 8, 4), pixel(1, 3, 1)),
        (vec![0; 4], vec![255, 0, 0, 255])
    );
    assert_eq!(
        (pixel(2, 3, 1), pixel(2, 4, 2)),
        (vec![255, 0, 0, 255], vec![127, 0, 128, 255])
    );
    assert_eq!(pixel(2, 5, 3), [0, 0, 255, 128]);
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(&webp)).unwrap();
    assert!(
        matches!(decoder.loop_count(), image_webp::LoopCount::Times(times) if times.get() == 4)
    );
    let mut samples = vec![0; decoder.output_buffer_size().unwrap()];
    assert_eq!(decoder.read_frame(&mut samples).unwrap(), 200);
}

#[test]
fn a_default_picture_that_is_no_frame_has_no_number() {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 1, 1);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_animated(2, 0).unwrap();
    encoder.set_sep_def_img(true).unwrap();
    let mut writer = encoder.write_header().unwrap();
    for red in [10, 20, 30] {
        writer.write_image_data(&[red, 0, 0, 255]).unwrap();
    }
    writer.finish().unwrap();
    let red = |page| frame(&file, page)[0];
    assert_eq!((red(0), red(1)), (20, 30));
    let still = made(&file, &output(Format::Png, None)).unwrap().bytes;
    assert_eq!(frame(&still, 0)[0], 10);
}

#[test]
fn frames_and_pixels_obeyed_and_violated() {
    let source = wild(1);
    let with = |frames_max, animation_pixels_max| {
        let limits = Limits {
            frames_max,
            animation_pixels_max,
            ..LIMITS
        };
        let output = output(Format::Gif, None);
        transform(Sources::alone(&source), &[], &output, &limits).map(drop)
    };
    let pixels = u64::from(WIDTH) * u64::from(HEIGHT) * u64::from(FRAMES);
    assert_eq!(with(FRAMES, pixels), Ok(()));
    assert_eq!(
        with(FRAMES - 1, pixels),
        Err(Error::TooLarge {
            limit: Limit::Frames,
            asked: u64::from(FRAMES),
            allowed: u64::from(FRAMES) - 1
        })
    );
    assert_eq!(
        with(FRAMES, pixels - 1),
        Err(Error::TooLarge {
            limit: Limit::AnimationPixels,
            asked: pixels,
            allowed: pixels - 1
        })
    );
}

#[test]
fn broken_animations_are_an_error_or_shorter() {
    let whole = [
        wild(5),
        made(&wild(5), &output(Format::Webp, None)).unwrap().bytes,
    ];
    let render = Limits {
        truncated: Truncated::Render,
        ..LIMITS
    };
    for source in &whole {
        for format in [Format::Gif, Format::Webp] {
            for end in (0..source.len()).step_by(7) {
                let cut = &source[..end];
                let _whatever = made(cut, &output(format, None));
                let _whatever = transform(Sources::alone(cut), &[], &output(format, None), &render);
            }
            for at in (0..source.len()).step_by(5) {
                let mut broken = source.clone();
                broken[at] ^= 0x55;
                let output = output(format, None);
                let _whatever = transform(Sources::alone(&broken), &[], &output, &render);
            }
        }
    }
}
