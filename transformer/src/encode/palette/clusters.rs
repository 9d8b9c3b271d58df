//! Colours moved to the middle of the bins that are nearest to them (Lloyd's iteration), a few times.

use super::bins::Weighted;
use super::nearest::Nearest;
use super::space::{Point, plus};

/// More rounds move colours by less than a level.
const ROUNDS: usize = 4;

/// The colours at rest, each with the weight that it stands for. One that nothing is nearest to is dropped.
pub(super) fn settled(bins: &[Weighted], mut colours: Vec<Point>) -> Vec<(Point, f32)> {
    let mut weights = Vec::new();
    for _ in 0..ROUNDS {
        let nearest = Nearest::new(colours.iter().copied());
        let mut sums = vec![[0.0; 4]; colours.len()];
        weights = vec![0.0; colours.len()];
        for bin in bins {
            let at = usize::from(nearest.find(bin.place));
            sums[at] = plus(sums[at], bin.place, bin.weight);
            weights[at] += bin.weight;
        }
        for ((colour, sum), &weight) in colours.iter_mut().zip(sums).zip(&weights) {
            if weight > 0.0 {
                *colour = sum.map(|sum| sum / weight);
            }
        }
    }
    let settled = colours.into_iter().zip(weights);
    settled.filter(|&(_, weight)| weight > 0.0).collect()
}
