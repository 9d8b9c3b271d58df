//! Reduced scales of grey pictures against their definition in floating point.
#![expect(
    clippy::unwrap_used,
    reason = "in a test, what fails here fails the test"
)]

use transformer::jpeg::Scale;

use super::compare::{djpeg, ours, parse_pnm};

/// Reduced scales by their definition: djpeg's full-size picture is transformed forward, block by block,
/// and the lowest frequencies back at their own size. Our samples must be those within two levels, where
/// the full size was not cut off at 0 or 255. For grey pictures, whose blocks all can be seen whole.
pub(super) fn reduced_failure(name: &str, source: &[u8]) -> Option<String> {
    let full = djpeg(source, Scale::Full).unwrap();
    let (width, height, _, full) = parse_pnm(&full);
    let (width, height) = (width as usize, height as usize);
    for scale in [Scale::Half, Scale::Quarter, Scale::Eighth] {
        let side = scale.block_side();
        let got = ours(source, scale).unwrap();
        for (row, column) in
            (0..height / 8 * (width / 8)).map(|at| (at / (width / 8), at % (width / 8)))
        {
            let sample = |y: usize, x: usize| full[(row * 8 + y) * width + column * 8 + x];
            if (0..64).any(|at| matches!(sample(at / 8, at % 8), 0 | 255)) {
                continue;
            }
            let wanted = reduced(side, &|y, x| f64::from(sample(y, x)));
            for (at, wanted) in wanted.iter().enumerate() {
                let place =
                    (row * side + at / side) * got.width as usize + column * side + at % side;
                let got = f64::from(got.samples[place]);
                if (got - wanted.clamp(0.0, 255.0)).abs() > 2.0 {
                    return Some(format!(
                        "{name} at {scale:?}, block {row},{column}: {got} for {wanted}"
                    ));
                }
            }
        }
    }
    None
}

/// A block of 64 samples at a smaller size, by the definition of the transform.
fn reduced(side: usize, sample: &dyn Fn(usize, usize) -> f64) -> Vec<f64> {
    let basis = |size: usize, frequency: usize, place: usize| {
        let scale = if frequency == 0 { 1.0 } else { 2.0 } / size as f64;
        let angle = (2 * place + 1) as f64 * frequency as f64 * std::f64::consts::PI;
        scale.sqrt() * (angle / (2 * size) as f64).cos()
    };
    let frequency = |v: usize, u: usize| -> f64 {
        (0..64)
            .map(|at| sample(at / 8, at % 8) * basis(8, v, at / 8) * basis(8, u, at % 8))
            .sum()
    };
    let frequencies: Vec<f64> = (0..side * side)
        .map(|at| frequency(at / side, at % side))
        .collect();
    let level = |y: usize, x: usize| -> f64 {
        let term = |(at, value): (usize, &f64)| {
            value * basis(side, at / side, y) * basis(side, at % side, x)
        };
        frequencies.iter().enumerate().map(term).sum()
    };
    (0..side * side)
        .map(|at| level(at / side, at % side) * side as f64 / 8.0)
        .collect()
}
