//! Where copies stand, and what becomes of the pixels under them.

use super::*;
use crate::text::inscribe;

const RED: Rgb = Rgb {
    red: 255,
    green: 0,
    blue: 0,
};

fn writing(text: &str, tiling: Tiling) -> Writing {
    Writing {
        inscription: inscribe(text, 40.0, u32::MAX).unwrap(),
        margin: 30,
        tiling,
        colour: RED,
        opacity: 1.0,
    }
}

fn white(width: u32, height: u32, layout: Layout) -> Picture {
    let bytes = width as usize * height as usize * layout.channels();
    Picture::new(width, height, layout, vec![255; bytes]).unwrap()
}

/// Columns and rows in which something is written.
fn touched(picture: &Picture) -> (Vec<usize>, Vec<usize>) {
    let (mut columns, mut rows) = (Vec::new(), Vec::new());
    let channels = picture.layout().channels();
    for (y, row) in picture.samples().chunks_exact(picture.stride()).enumerate() {
        for (x, pixel) in row.chunks_exact(channels).enumerate() {
            if pixel.iter().any(|sample| *sample != 255) {
                columns.push(x);
                rows.push(y);
            }
        }
    }
    columns.sort_unstable();
    columns.dedup();
    rows.sort_unstable();
    rows.dedup();
    (columns, rows)
}

#[test]
fn once_is_at_the_corner_and_nowhere_else() {
    let writing = writing("HH", Tiling::Once);
    let ink = writing.inscription.ink;
    let written = write(white(300, 250, Layout::Rgb), &writing).unwrap();
    let (columns, rows) = touched(&written);
    assert_eq!((columns[0], rows[0]), (100, 100));
    assert_eq!(*columns.last().unwrap(), 99 + ink.width as usize);
    assert_eq!(*rows.last().unwrap(), 99 + ink.height as usize);
    let outside = write(white(100, 90, Layout::Rgb), &writing).unwrap();
    assert_eq!(outside, white(100, 90, Layout::Rgb));
}

#[test]
fn copies_stand_a_margin_apart_on_both_sides_of_the_corner() {
    let mut writing = writing("H", Tiling::Repeated);
    assert_eq!(copies(&writing, 20, 260), [0, 50, 100, 150, 200, 250]);
    writing.margin = 500;
    assert_eq!(copies(&writing, 20, 260), [100]);
    assert_eq!(copies(&writing, 20, 90), [0; 0]);
    writing.margin = 79;
    assert_eq!(copies(&writing, 20, 260), [1, 100, 199]);
    writing.margin = 110;
    assert_eq!(copies(&writing, 20, 99), [0; 0]);
    writing.margin = u32::MAX;
    assert_eq!(copies(&writing, u32::MAX, 200), [100]);
}

#[test]
fn all_over_covers_the_picture_to_its_edges() {
    let written = write(
        white(300, 250, Layout::Rgb),
        &writing("H", Tiling::Repeated),
    )
    .unwrap();
    let (columns, rows) = touched(&written);
    assert!(columns[0] < 60 && *columns.last().unwrap() > 240);
    assert!(rows[0] < 60 && *rows.last().unwrap() > 190);
}

#[test]
fn every_layout_can_be_written_on() {
    for (layout, after) in [
        (Layout::Grey, Layout::Rgb),
        (Layout::GreyAlpha, Layout::Rgba),
        (Layout::Rgb, Layout::Rgb),
        (Layout::Rgba, Layout::Rgba),
    ] {
        let written = write(white(200, 200, layout), &writing("H", Tiling::Once)).unwrap();
        assert_eq!(written.layout(), after);
        let pure = after.channels();
        let red = [255, 0, 0, 255];
        let pixels = written.samples().chunks_exact(pure);
        assert!(
            pixels.clone().any(|pixel| *pixel == red[..pure]),
            "{layout:?}"
        );
    }
    let grey = Writing {
        colour: Rgb {
            red: 0,
            green: 0,
            blue: 0,
        },
        ..writing("H", Tiling::Once)
    };
    let written = write(white(200, 200, Layout::Grey), &grey).unwrap();
    assert_eq!(written.layout(), Layout::Grey);
}

#[test]
fn opacity_is_how_much_of_the_colour_shows() {
    let faint = Writing {
        opacity: 0.25,
        ..writing("H", Tiling::Once)
    };
    let written = write(white(200, 200, Layout::Rgb), &faint).unwrap();
    let darkest = written.samples().as_chunks::<3>().0.iter();
    assert_eq!(darkest.map(|pixel| pixel[1]).min(), Some(191));
}
