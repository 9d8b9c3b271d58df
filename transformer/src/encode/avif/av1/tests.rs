//! What the encoder believes a decoder will see, beside what a decoder that nobody here wrote does see.

use rusty_av1d::{Decoder, PlanarImageComponent, Settings};

use super::*;

/// Single samples, rows and columns, whole and broken blocks and superblocks.
const SIZES: [(usize, usize); 12] = [
    (1, 1),
    (1, 40),
    (40, 1),
    (7, 9),
    (16, 16),
    (17, 15),
    (33, 64),
    (63, 65),
    (70, 23),
    (100, 67),
    (130, 99),
    (257, 190),
];

fn noise(count: usize, mask: u32) -> Vec<u8> {
    let mut state = 7u32;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24 & mask) as u8
    };
    (0..count).map(next).collect()
}

type Content = (&'static str, fn(usize, usize) -> u8);

/// Samples by place, of all sorts.
const CONTENTS: [Content; 6] = [
    ("flat", |_, _| 77),
    ("gradient", |x, y| (x * 3 + y * 2) as u8),
    ("waves", |x, y| {
        let (x, y) = (x as i32 % 64 - 32, y as i32 % 48 - 24);
        (128 + (x * x - y * y) / 8).clamp(0, 255) as u8
    }),
    (
        "checks",
        |x, y| if (x / 5 + y / 7) % 2 == 0 { 255 } else { 0 },
    ),
    (
        "stripes",
        |x, y| if (x * 2 + y * 3) % 23 < 4 { 20 } else { 230 },
    ),
    (
        "dots",
        |x, y| if x % 13 == 0 && y % 11 == 0 { 255 } else { 30 },
    ),
];

/// A plane of luma, and two of chroma with half its sides.
fn planes_of(
    (width, height): (usize, usize),
    of: impl Fn(usize, usize, usize) -> u8,
) -> Vec<Plane> {
    let plane = |plane: usize| {
        let (width, height) = if plane == 0 {
            (width, height)
        } else {
            (width.div_ceil(2), height.div_ceil(2))
        };
        let samples = (0..width * height).map(|at| of(plane, at % width, at / width));
        Plane::new(width, samples.collect())
    };
    (0..3).map(plane).collect()
}

/// The planes that a decoder sees, each with its width.
fn decode(units: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let mut settings = Settings::new();
    settings.set_n_threads(1);
    settings.set_max_frame_delay(1);
    let mut decoder = Decoder::with_settings(&settings).unwrap();
    decoder
        .send_data(units.to_vec().into_boxed_slice(), None, None, None)
        .unwrap();
    let picture = decoder.get_picture().unwrap();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let components = [
        PlanarImageComponent::Y,
        PlanarImageComponent::U,
        PlanarImageComponent::V,
    ];
    let count = match picture.pixel_layout() {
        rusty_av1d::PixelLayout::I400 => 1,
        _ => 3,
    };
    components[..count]
        .iter()
        .enumerate()
        .map(|(plane, component)| {
            let half = |side: usize| if plane == 0 { side } else { side.div_ceil(2) };
            let stride = picture.stride(*component) as usize;
            let data = picture.plane(*component);
            let rows = data.chunks(stride).take(half(height));
            (
                half(width),
                rows.flat_map(|row| row[..half(width)].to_vec()).collect(),
            )
        })
        .collect()
}

/// Encode, decode, and compare every sample; how many bytes there were.
fn check(planes: &[Plane], still: Still, what: &str) -> usize {
    let (units, mut expected, sizes) = still.code(planes);
    let filters = Filters::new(AC[usize::from(still.quantiser.max(1))] as u32);
    let units_wide = expected[0].width / 4;
    deblock::deblock(&mut expected, still.size, (&sizes, units_wide), filters);
    let decoded = decode(&units);
    assert_eq!(decoded.len(), planes.len(), "{what}: planes");
    for (plane, ((width, samples), recon)) in decoded.iter().zip(&expected).enumerate() {
        assert_eq!(
            *width, planes[plane].width,
            "{what}: width of plane {plane}"
        );
        for (y, row) in samples.chunks_exact(*width).enumerate() {
            let expected = &recon.row(0, y)[..*width];
            if let Some(x) = (0..*width).find(|x| row[*x] != expected[*x]) {
                panic!(
                    "{what}: plane {plane} at {x},{y}: decoded {}, expected {}",
                    row[x], expected[x]
                );
            }
        }
    }
    units.len()
}

#[test]
fn a_decoder_sees_what_the_encoder_expects() {
    for size in SIZES {
        for (name, of) in CONTENTS {
            for (speed, quantiser) in [(1, 30), (6, 110), (9, 200), (10, 255), (9, 1)] {
                let planes = planes_of(size, |plane, x, y| of(x + plane * 5, y));
                let still = Still {
                    size,
                    quantiser,
                    speed,
                };
                check(
                    &planes,
                    still,
                    &format!("{name} {size:?} {quantiser} {speed}"),
                );
            }
        }
    }
}

#[test]
fn noise_of_any_strength_is_as_expected() {
    for size in SIZES {
        for (mask, quantiser) in [(255, 1), (255, 60), (255, 255), (15, 90), (63, 180)] {
            let samples = noise(3 * 260 * 260, mask);
            let planes = planes_of(size, |plane, x, y| samples[(plane * 260 + y) * 260 + x]);
            for speed in [3, 9] {
                let still = Still {
                    size,
                    quantiser,
                    speed,
                };
                check(
                    &planes,
                    still,
                    &format!("{mask} {size:?} {quantiser} {speed}"),
                );
            }
        }
    }
}

#[test]
fn grey_has_one_plane() {
    for size in SIZES {
        let planes = planes_of(size, |_, x, y| (x * y) as u8);
        for quantiser in [1, 90, 220] {
            let still = Still {
                size,
                quantiser,
                speed: 8,
            };
            check(&planes[..1], still, &format!("{size:?} {quantiser}"));
        }
    }
}

#[test]
fn pictures_too_large_for_a_tile_have_several() {
    for size in [(4200, 40), (8300, 20)] {
        let planes = planes_of(size, |plane, x, y| ((x / 9) ^ (y * 3 + plane)) as u8);
        let still = Still {
            size,
            quantiser: 150,
            speed: 10,
        };
        check(&planes, still, &format!("{size:?}"));
    }
}
