//! Few colours stay, many are approached, alpha is kept.

use super::*;

fn smooth(side: u32) -> Vec<[u8; 4]> {
    (0..side * side)
        .map(|at| {
            let (x, y) = (at % side, at / side);
            [
                (x * 255 / side) as u8,
                (y * 255 / side) as u8,
                ((x + y) * 127 / side) as u8,
                255,
            ]
        })
        .collect()
}

fn shown(indexed: &Indexed) -> Vec<[u8; 4]> {
    let colour = |&index: &u8| indexed.palette[usize::from(index)];
    indexed.indices.iter().map(colour).collect()
}

#[test]
fn up_to_256_colours_are_kept_exactly() {
    let colours = |count: u32| -> Vec<[u8; 4]> {
        (0..count)
            .map(|at| [at as u8, (at >> 8) as u8, 7, 255])
            .collect()
    };
    let indexed = quantise(&colours(256), 16, Clear::IfSeen);
    assert_eq!(shown(&indexed), colours(256));
    let more = quantise(&colours(257), 257, Clear::IfSeen);
    assert!(more.palette.len() <= 256);
    assert_ne!(shown(&more), colours(257));
    // A place kept for the transparent colour is one colour less.
    let indexed = quantise(&colours(255), 15, Clear::Always);
    assert_eq!((indexed.palette.len(), indexed.palette[0]), (256, CLEAR));
    assert_eq!(shown(&indexed), colours(255));
}

#[test]
fn the_mean_of_a_dithered_surface_is_right() {
    let pixels = smooth(128);
    let indexed = quantise(&pixels, 128, Clear::IfSeen);
    assert!((200..=256).contains(&indexed.palette.len()));
    let shown = shown(&indexed);
    // 8 by 8 pixels each, where dithering is to be seen as one colour.
    for (top, left) in (0..16).flat_map(|top| (0..16).map(move |left| (top * 8, left * 8))) {
        let mean = |pixels: &[[u8; 4]], channel: usize| {
            let block = (0..64).map(|at| (top + at / 8) * 128 + left + at % 8);
            block.map(|at| f32::from(pixels[at][channel])).sum::<f32>() / 64.0
        };
        for channel in 0..3 {
            let gap = (mean(&pixels, channel) - mean(&shown, channel)).abs();
            assert!(gap < 6.0, "{gap} at {left}, {top}");
        }
    }
}

#[test]
fn transparency_stays_where_it_was() {
    let mut pixels = smooth(64);
    for (at, pixel) in pixels.iter_mut().enumerate() {
        pixel[3] = match at % 64 {
            ..16 => 0,
            16..32 => 128,
            _ => 255,
        };
    }
    let indexed = quantise(&pixels, 64, Clear::IfSeen);
    assert_eq!(indexed.palette[0], CLEAR);
    let alphas: Vec<u8> = indexed.palette.iter().map(|colour| colour[3]).collect();
    assert!(alphas.is_sorted(), "{alphas:?}");
    for (was, is) in pixels.iter().zip(shown(&indexed)) {
        match was[3] {
            0 => assert_eq!(is, CLEAR),
            alpha => assert!(is[3].abs_diff(alpha) < 20 && is[3] > 0, "{was:?} {is:?}"),
        }
    }
}

#[test]
fn the_nearest_is_what_a_full_search_finds() {
    let mut state = 1u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        space::point((state >> 3).to_le_bytes())
    };
    let colours: Vec<Point> = (0..256).map(|_| random()).collect();
    let nearest = Nearest::new(colours.iter().copied());
    for _ in 0..2000 {
        let wanted = random();
        let least = colours
            .iter()
            .map(|&colour| space::distance(colour, wanted));
        let least = least.fold(f32::INFINITY, f32::min);
        let found = nearest.place(nearest.find(wanted));
        assert!(space::distance(found, wanted) <= least);
    }
}

#[test]
fn the_dominant_colour_is_that_of_most_pixels() {
    let mut pixels = vec![[250, 10, 10, 255]; 600];
    pixels.extend(vec![[10, 10, 250, 255]; 300]);
    pixels.extend(vec![[0, 255, 0, 0]; 5000]);
    assert_eq!(dominant(&pixels, 8), Some([250, 10, 10, 255]));
    assert_eq!(dominant(&[[1, 2, 3, 0]], 8), None);
}
