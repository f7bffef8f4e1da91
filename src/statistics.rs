//! How much of one list another one explains.

/// The share of the variance of `y` that `found` explains. A value that isn't finite explains
/// nothing: it counts as the mean.
pub(crate) fn share_explained(found: &[f64], y: &[f64]) -> f64 {
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    let spread: f64 = y.iter().map(|y| (y - mean).powi(2)).sum();
    let left = found
        .iter()
        .zip(y)
        .map(|(found, y)| match found.is_finite() {
            true => (found - y).powi(2),
            false => (mean - y).powi(2),
        });
    match spread > 0.0 {
        true => 1.0 - left.sum::<f64>() / spread,
        false => 0.0,
    }
}
