//! How much of a loss is noise: residuals that neighbours don't share.

use crate::effort::WhiteNoiseTest;
use crate::formula::Expression;
use crate::search::objective::Objective;

/// The part of a loss that differs at random from point to point, and how sure that is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct WhiteNoise {
    pub loss: f64,
    pub uncertainty: f64,
}

/// Measured from the residuals of a formula that fits well: what a formula misses, a pole or a
/// term, is shared by points that lie close together, and so are the artefacts of a network; noise
/// is not.
///
/// Nothing where the objective has no residuals or the points have too many features.
pub(crate) fn white_noise(
    expression: &Expression,
    objective: &dyn Objective,
    limits: &WhiteNoiseTest,
) -> WhiteNoise {
    let columns = objective.columns();
    let n = columns.n_samples();
    let Some(squares) = objective
        .least_squares()
        .filter(|_| columns.n_features() <= limits.max_features && n > 2)
    else {
        return WhiteNoise::default();
    };
    let Some(residuals) = squares.residuals(&expression.evaluate(columns)) else {
        return WhiteNoise::default();
    };
    // One component after the other, each with an entry per point.
    let components: Vec<&[f64]> = residuals.chunks_exact(n).collect();
    let product = |i: usize, j: usize| -> f64 { components.iter().map(|c| c[i] * c[j]).sum() };
    let scales: Vec<f64> = columns.raw().iter().map(|column| spread(column)).collect();
    let distance = |i: usize, j: usize| -> f64 {
        let features = columns.raw().iter().zip(&scales);
        features
            .map(|(column, scale)| ((column[i] - column[j]) / scale).powi(2))
            .sum()
    };
    let shared: f64 = (0..n)
        .map(|i| {
            let others = (0..n).filter(|&j| j != i);
            let nearest = others.min_by(|&a, &b| distance(i, a).total_cmp(&distance(i, b)));
            nearest.map_or(0.0, |j| product(i, j))
        })
        .sum();
    let all: f64 = (0..n).map(|i| product(i, i)).sum();
    if all == 0.0 {
        return WhiteNoise::default();
    }
    let n_entries = (n * components.len()) as f64;
    let share = (1.0 - shared / all).clamp(0.0, 1.0);
    let loss = share * all / n_entries;
    WhiteNoise {
        loss,
        uncertainty: loss * (2.0 / (n * squares.n_dimensions()) as f64).sqrt(),
    }
}

fn spread(column: &[f64]) -> f64 {
    let (low, high) = column
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
            (low.min(*v), high.max(*v))
        });
    (high - low).max(f64::MIN_POSITIVE)
}
