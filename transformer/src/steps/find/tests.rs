//! Pictures with one subject, off the middle.

use super::*;
use crate::picture::Layout;

const GRASS: [u8; 3] = [96, 110, 84];

/// Flat, with a checked disc of `radius` around `(x, y)`.
fn disc(width: u32, height: u32, (x, y, radius): (i64, i64, i64), colour: [u8; 3]) -> Picture {
    let samples = (0..i64::from(height))
        .flat_map(|row| (0..i64::from(width)).map(move |column| (column, row)))
        .flat_map(|(column, row)| {
            let inside = (column - x).pow(2) + (row - y).pow(2) < radius * radius;
            let dark = (column / 16 + row / 16) % 2 == 0;
            match (inside, dark) {
                (false, _) => GRASS,
                (true, false) => colour,
                (true, true) => colour.map(|sample| sample / 2),
            }
        })
        .collect();
    Picture::new(width, height, Layout::Rgb, samples).unwrap()
}

fn found(picture: &Picture, width: u32, height: u32) -> Rect {
    let keep = Rect::whole(Size { width, height });
    let whole = super::super::size(picture);
    find(picture, Scale { whole, keep })
}

/// Whether the window holds the whole disc.
fn holds(rect: Rect, (x, y, radius): (i64, i64, i64)) -> bool {
    let (left, top) = (i64::from(rect.left), i64::from(rect.top));
    let (right, bottom) = (
        left + i64::from(rect.size.width),
        top + i64::from(rect.size.height),
    );
    left <= x - radius && x + radius <= right && top <= y - radius && y + radius <= bottom
}

#[test]
fn a_subject_off_the_middle_is_kept() {
    for place in [
        (80, 150, 60),
        (500, 150, 60),
        (300, 150, 60),
        (150, 100, 70),
    ] {
        for colour in [[230, 40, 40], [224, 172, 138], [200, 200, 200]] {
            let picture = disc(600, 300, place, colour);
            let rect = found(&picture, 300, 300);
            assert!(holds(rect, place), "{place:?} {colour:?}: {rect:?}");
        }
    }
    let tall = disc(300, 900, (150, 760, 80), [230, 40, 40]);
    assert!(holds(found(&tall, 300, 300), (150, 760, 80)));
}

#[test]
fn both_axes_may_be_free() {
    let place = (480, 90, 50);
    let picture = disc(640, 480, place, [224, 172, 138]);
    assert!(holds(found(&picture, 200, 160), place));
}

#[test]
fn skin_counts_more_than_other_edges() {
    let mut both = disc(800, 300, (120, 150, 70), [200, 200, 200]).into_samples();
    let face = disc(800, 300, (680, 150, 70), [224, 172, 138]);
    for (sample, other) in both.iter_mut().zip(face.samples()) {
        if *other != GRASS[0] && *other != GRASS[1] && *other != GRASS[2] {
            *sample = *other;
        }
    }
    let both = Picture::new(800, 300, Layout::Rgb, both).unwrap();
    assert!(
        found(&both, 300, 300).left > 400,
        "{:?}",
        found(&both, 300, 300)
    );
}

#[test]
fn with_nothing_to_see_the_middle_is_kept() {
    for layout in [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba] {
        let flat = vec![77; 400 * 100 * layout.channels()];
        let flat = Picture::new(400, 100, layout, flat).unwrap();
        let rect = found(&flat, 100, 100);
        assert!(rect.left.abs_diff(150) <= 5 && rect.top == 0, "{rect:?}");
    }
}

#[test]
fn a_mirrored_picture_gives_the_mirrored_part() {
    let place = (130, 100, 60);
    let left = found(&disc(640, 200, place, [230, 40, 40]), 200, 200);
    let right = found(&disc(640, 200, (510, 100, 60), [230, 40, 40]), 200, 200);
    assert!(
        left.left.abs_diff(440 - right.left) <= 16,
        "{left:?} {right:?}"
    );
}

#[test]
fn the_smallest_and_the_thinnest() {
    for (width, height, keep) in [(2, 1, (1, 1)), (1, 5000, (1, 7)), (5000, 1, (4999, 1))] {
        let picture = Picture::new(
            width,
            height,
            Layout::Grey,
            vec![9; (width * height) as usize],
        );
        let rect = found(&picture.unwrap(), keep.0, keep.1);
        assert!(rect.fits(Size { width, height }), "{rect:?}");
    }
}

#[test]
fn what_is_invisible_is_not_worth_looking_at() {
    let checked = |x: usize| if (x / 8).is_multiple_of(2) { 255 } else { 0 };
    let samples = (0..100)
        .flat_map(|_| 0..400)
        .flat_map(|x| match x {
            0..100 => [checked(x), 0, 0, 0],
            300..400 => [90 + checked(x) / 4, 90, 90, 255],
            _ => [90, 90, 90, 255],
        })
        .collect();
    let picture = Picture::new(400, 100, Layout::Rgba, samples).unwrap();
    assert!(found(&picture, 120, 100).left > 140);
}
