//! Noise on the values of a known formula.

use closedform::{Dataset, Result};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

/// The same rows with Gaussian noise on their values, whose standard deviation is this share of theirs.
///
/// # Errors
/// None for finite values.
pub(crate) fn with_noise(data: &Dataset, share: f64, rng: &mut ChaCha8Rng) -> Result<Dataset> {
    let n = data.n_samples() as f64;
    let mean = data.targets().iter().sum::<f64>() / n;
    let square: f64 = data.targets().iter().map(|y| (y - mean).powi(2)).sum();
    let spread = share * (square / n).sqrt();
    let noisy = |y: &f64| y + spread * rng.sample::<f64, _>(StandardNormal);
    let targets = data.targets().iter().map(noisy).collect();
    Dataset::new(data.points().clone(), data.target_name(), targets)
}

/// The same rows in classes: 1 where the value exceeds a quantile of `values`.
///
/// # Errors
/// None for finite values.
pub(crate) fn in_classes(data: &Dataset, values: &[f64], quantile: f64) -> Result<Dataset> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let threshold = sorted[(quantile * sorted.len() as f64) as usize];
    let class = |y: &f64| f64::from(u8::from(*y > threshold));
    let classes = data.targets().iter().map(class).collect();
    Dataset::new(data.points().clone(), data.target_name(), classes)
}
