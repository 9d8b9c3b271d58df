//! Against the definition in floating point, and the edges of what an axis may be.

use super::*;

fn axis(span: (f64, f64), available: usize, wanted: usize) -> Axis {
    Axis {
        span: Span {
            start: span.0,
            length: span.1,
        },
        available,
        wanted,
        samples: Samples::Points,
    }
}

/// A sample of a picture that has slopes and edges.
fn sample(x: usize, y: usize) -> u8 {
    ((x * 7 + y * 3) % 200 + if x / 5 % 2 == y / 9 % 2 { 55 } else { 0 }) as u8
}

fn resampled(horizontal: Axis, vertical: Axis) -> Vec<u8> {
    let mut resampler = Resampler::new(horizontal, vertical);
    let mut row_out = vec![0; horizontal.wanted];
    let mut out = Vec::new();
    for y in 0..vertical.available {
        let row: Vec<u8> = (0..horizontal.available).map(|x| sample(x, y)).collect();
        resampler.push(&row);
        while resampler.pull(&mut row_out) == Pulled::Row {
            out.extend_from_slice(&row_out);
        }
    }
    assert_eq!(resampler.pull(&mut row_out), Pulled::End);
    assert_eq!(out.len(), horizontal.wanted * vertical.wanted);
    out
}

/// Every sample's weight in sample `index` of the result, by definition.
fn defined(axis: Axis, index: usize) -> Vec<f64> {
    let ratio = axis.span.length / axis.wanted as f64;
    let centre = axis.span.start + (index as f64 + 0.5) * ratio;
    let sinc = |x: f64| {
        let angle = x * std::f64::consts::PI;
        if x == 0.0 { 1.0 } else { angle.sin() / angle }
    };
    let kernel = |at: usize| {
        let place = (at as f64 + 0.5 - centre) / ratio.max(1.0);
        if place.abs() < 3.0 {
            sinc(place) * sinc(place / 3.0)
        } else {
            0.0
        }
    };
    let weights: Vec<f64> = (0..axis.available).map(kernel).collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

fn check(horizontal: Axis, vertical: Axis) {
    let got = resampled(horizontal, vertical);
    for y in 0..vertical.wanted {
        let down = defined(vertical, y);
        let line: Vec<f64> = (0..horizontal.available)
            .map(|x| {
                let column = down.iter().enumerate();
                column
                    .map(|(y, weight)| weight * f64::from(sample(x, y)))
                    .sum()
            })
            .collect();
        for x in 0..horizontal.wanted {
            let across = defined(horizontal, x);
            let wanted: f64 = across.iter().zip(&line).map(|(a, b)| a * b).sum();
            let got = f64::from(got[y * horizontal.wanted + x]);
            assert!(
                (got - wanted.clamp(0.0, 255.0)).abs() < 0.6,
                "{horizontal:?} {vertical:?} at {x},{y}: {got} for {wanted}"
            );
        }
    }
}

#[test]
fn follows_the_definition() {
    check(axis((0.0, 90.0), 90, 40), axis((0.0, 61.0), 61, 20));
    // A window between samples, and a source that ends in the middle of one.
    check(axis((3.3, 55.2), 90, 31), axis((7.75, 40.0), 61, 33));
    check(axis((0.0, 89.25), 90, 11), axis((0.0, 60.5), 61, 7));
    // Enlarging, and a single sample.
    check(axis((0.0, 9.0), 9, 40), axis((0.0, 5.0), 5, 17));
    check(axis((0.0, 1.0), 1, 3), axis((0.0, 1.0), 1, 3));
    check(axis((0.0, 40.0), 40, 1), axis((0.0, 40.0), 40, 1));
}

#[test]
fn flat_stays_flat() {
    for level in [0_u8, 1, 127, 254, 255] {
        let mut resampler = Resampler::new(axis((0.0, 997.0), 997, 3), axis((0.0, 50.0), 50, 13));
        let mut out = [7; 3];
        let mut rows = 0;
        for _ in 0..50 {
            resampler.push(&[level; 997]);
            while resampler.pull(&mut out) == Pulled::Row {
                assert_eq!(out, [level; 3]);
                rows += 1;
            }
        }
        assert_eq!(rows, 13);
    }
}

#[test]
fn a_wave_of_means_comes_out_as_high_as_it_was() {
    // Ten samples a period: their means are 1.6 % lower, and what is given back leaves 0.1 % of that.
    let wave = |at: f64| 128.0 + 120.0 * (at * std::f64::consts::PI / 5.0).cos();
    let means: Vec<u8> = (0..60u8)
        .map(|at| {
            let fine = (0..100).map(|part| wave(f64::from(at) + (f64::from(part) + 0.5) / 100.0));
            (fine.sum::<f64>() / 100.0).round() as u8
        })
        .collect();
    let off = |samples: Samples| {
        let across = Axis {
            samples,
            ..axis((0.0, 60.0), 60, 60)
        };
        let mut resampler = Resampler::new(across, axis((0.0, 1.0), 1, 1));
        resampler.push(&means);
        let mut row = [0; 60];
        assert_eq!(resampler.pull(&mut row), Pulled::Row);
        let inside = row.iter().enumerate().skip(3).take(54);
        let off = inside.map(|(at, got)| (f64::from(*got) - wave(at as f64 + 0.5)).abs());
        off.fold(0.0, f64::max)
    };
    assert!(off(Samples::Means) < 1.1, "{}", off(Samples::Means));
    assert!(off(Samples::Points) > 1.4, "{}", off(Samples::Points));
}

#[test]
fn halves_are_what_the_enlarged_picture_gives() {
    // Seven samples stand for thirteen or fourteen; enlarged first, by hand, they give the same to within rounding.
    let stored: [u8; 7] = [10, 200, 30, 30, 250, 0, 90];
    let enlarged: Vec<u8> = (0..14)
        .map(|at: usize| {
            let nearer = at / 2;
            let farther = [nearer.saturating_sub(1), (nearer + 1).min(6)][at % 2];
            let sum = u16::from(stored[nearer]) * 3 + u16::from(stored[farther]);
            ((sum + 2) / 4) as u8
        })
        .collect();
    for (from, to, wanted) in [
        (0.0, 7.0, 14),
        (0.0, 7.0, 11),
        (0.5, 5.5, 30),
        (1.0, 5.0, 3),
        (0.0, 6.5, 1),
    ] {
        let halves = Axis {
            samples: Samples::Halves,
            ..axis((from, to - from), 7, wanted)
        };
        let points = axis((from * 2.0, (to - from) * 2.0), 14, wanted);
        let row = |across: Axis, samples: &[u8]| {
            let mut resampler = Resampler::new(across, axis((0.0, 1.0), 1, 1));
            resampler.push(samples);
            let mut row = vec![0; wanted];
            assert_eq!(resampler.pull(&mut row), Pulled::Row);
            row
        };
        let (got, expected) = (row(halves, &stored), row(points, &enlarged));
        let most = got.iter().zip(&expected).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(
            most <= Some(1),
            "{from} {to} {wanted}: {got:?} {expected:?}"
        );
        assert!(halves.taps_max() >= Weights::new(halves, across::TAPS_STEP).taps);
    }
}
