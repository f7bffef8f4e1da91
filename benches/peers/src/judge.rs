//! Whether a formula is the truth: judged by what it computes on fresh points, never by its text.

use closedform::{Directions, Expression};

/// The mean |cos| between gradients that counts as equal, for exact directions.
const EXACT_COSINE: f64 = 0.999_999;
/// The same for noisy ones, from which coefficients are known only roughly. With 0.9999 already
/// `x1 + 1.4*x2` would pass for experiment 2, whose directions differ by few degrees.
const NOISY_COSINE: f64 = 0.999_99;
/// How much more complex than the truth a formula may be: one more coefficient.
const SPARE_COMPLEXITY: usize = 4;
/// The largest relative error of values that counts as none.
pub const EXACT_VALUE: f64 = 1e-9;

/// Whether a formula has the structure of the truth, whose exact directions are given on points
/// that the search did not see.
pub fn is_recovered(
    found: &Expression,
    truth: &Expression,
    fresh: &Directions,
    is_noisy: bool,
) -> bool {
    let least_cosine = if is_noisy { NOISY_COSINE } else { EXACT_COSINE };
    found.complexity() <= truth.complexity() + SPARE_COMPLEXITY
        && fresh.mean_abs_cosine(found) > least_cosine
}

/// The largest error of predicted values. Near a zero of the truth its typical size, the root
/// mean square, takes its place: there, even a correct formula's rounding errors are relatively
/// large.
pub fn relative_error(predicted: &[f64], truth: &[f64]) -> f64 {
    assert_eq!(predicted.len(), truth.len(), "predictions of other points");
    let mean_square = truth.iter().map(|y| y * y).sum::<f64>() / truth.len() as f64;
    let errors = predicted
        .iter()
        .zip(truth)
        .map(|(p, y)| (p - y).abs() / y.abs().max(mean_square.sqrt()));
    // NaN, which f64::max would pass over, is the worst error of all.
    errors.fold(0.0, |worst, error| match error.is_nan() {
        true => f64::INFINITY,
        false => f64::max(worst, error),
    })
}
