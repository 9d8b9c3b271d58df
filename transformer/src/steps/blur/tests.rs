//! Against the definition, in floating point and without any of the short cuts.

use super::*;
use crate::picture::Layout;

/// A picture with edges, dots and slopes.
fn drawn(width: u32, height: u32) -> Picture {
    let samples = (0..height)
        .flat_map(|y| {
            (0..width).map(move |x| match (x * 7 / width, y * 5 / height) {
                (a, b) if (a + b) % 2 == 0 => (x * 255 / width) as u8,
                _ => (255 - y * 255 / height) as u8,
            })
        })
        .collect();
    Picture::new(width, height, Layout::Grey, samples).unwrap()
}

/// One axis of the definition, over four standard deviations.
fn exact(line: &[f64], sigma: f64) -> Vec<f64> {
    let reach = (4.0 * sigma).ceil() as i64;
    let weight = |at: i64| (-0.5 * (at as f64 / sigma).powi(2)).exp();
    let sum: f64 = (-reach..=reach).map(weight).sum();
    let last = line.len() as i64 - 1;
    (0..=last)
        .map(|x| {
            let at = |offset: i64| line[(x + offset).clamp(0, last) as usize];
            (-reach..=reach)
                .map(|offset| at(offset) * weight(offset))
                .sum::<f64>()
                / sum
        })
        .collect()
}

/// Largest and mean difference from the definition.
fn differences(picture: &Picture, sigma: f32) -> (f64, f64) {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let lines: Vec<Vec<f64>> = picture
        .samples()
        .chunks_exact(width)
        .map(|row| {
            exact(
                &row.iter()
                    .map(|&level| f64::from(level))
                    .collect::<Vec<_>>(),
                sigma.into(),
            )
        })
        .collect();
    let blurred = blur(picture.clone(), sigma).unwrap();
    let (mut worst, mut total) = (0.0f64, 0.0);
    for x in 0..width {
        let column: Vec<f64> = lines.iter().map(|line| line[x]).collect();
        for (y, should) in exact(&column, sigma.into()).into_iter().enumerate() {
            let difference = (f64::from(blurred.samples()[y * width + x]) - should).abs();
            worst = worst.max(difference);
            total += difference;
        }
    }
    (worst, total / (width * height) as f64)
}

#[test]
fn narrow_blurs_are_exact_to_rounding() {
    for sigma in [0.5, 1.0, 2.5, 4.0] {
        let (worst, mean) = differences(&drawn(90, 70), sigma);
        assert!(worst < 2.0 && mean < 0.6, "{sigma}: {worst} {mean}");
    }
}

#[test]
fn blurs_at_half_the_resolution_are_nearly_so() {
    for sigma in [4.1, 4.5, 5.0, 6.0] {
        let (worst, mean) = differences(&drawn(90, 70), sigma);
        assert!(worst < 2.5 && mean < 0.65, "{sigma}: {worst} {mean}");
    }
}

#[test]
fn wide_blurs_are_close() {
    for sigma in [4.1, 4.5, 6.1, 8.0, 9.5, 12.0, 25.0] {
        let (worst, mean) = differences(&drawn(160, 120), sigma);
        // The worst is where an edge of the drawing meets the border: beyond it the exact blur repeats
        // a pixel, this one a box of pixels.
        assert!(worst < 8.0 && mean < 0.9, "{sigma}: {worst} {mean}");
    }
}

#[test]
fn a_flat_picture_stays_as_it_is() {
    for sigma in [0.01, 0.7, 3.9, 5.0, 250.0] {
        let picture = Picture::new(40, 30, Layout::Rgba, [9, 90, 200, 255].repeat(1200)).unwrap();
        assert_eq!(blur(picture.clone(), sigma).unwrap(), picture, "{sigma}");
    }
}

#[test]
fn the_widest_of_the_smallest() {
    let picture = Picture::new(1, 2, Layout::GreyAlpha, vec![0, 255, 200, 255]).unwrap();
    let blurred = blur(picture, 250.0).unwrap();
    assert!(
        blurred.samples()[0].abs_diff(100) <= 1,
        "{:?}",
        blurred.samples()
    );
}
