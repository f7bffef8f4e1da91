//! Noise on what a known formula gives.

use closedform::{Dataset, Points, Result};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

/// The same rows with Gaussian noise on their values, whose standard deviation is this share of theirs.
///
/// # Errors
/// None for finite values.
pub(crate) fn with_noise(data: &Dataset, share: f64, rng: &mut ChaCha8Rng) -> Result<Dataset> {
    let spread = share * deviation(data.targets());
    let targets = data.targets().iter().map(|y| y + spread * normal(rng));
    let targets = targets.collect();
    Dataset::new(data.points().clone(), data.target_name(), targets)
}

/// Gaussian noise on inputs, as a share of the standard deviation of each. Targets stay as they are.
pub(crate) fn with_input_noise(
    data: &Dataset,
    noise: f64,
    rng: &mut ChaCha8Rng,
) -> Result<Dataset> {
    let points = data.points();
    let spread = |feature| {
        let column: Vec<f64> = points.column(feature).collect();
        noise * deviation(&column)
    };
    let spreads: Vec<f64> = (0..points.n_features()).map(spread).collect();
    let numbers = points
        .rows()
        .flat_map(|row| row.iter().zip(&spreads))
        .map(|(x, spread)| x + spread * normal(rng));
    let points = Points::new(
        points.feature_names().to_vec(),
        numbers.collect::<Vec<f64>>(),
    )?;
    Dataset::new(points, data.target_name(), data.targets().to_vec())
}

/// Classes turned with this probability.
pub(crate) fn with_label_noise(
    data: &Dataset,
    noise: f64,
    rng: &mut ChaCha8Rng,
) -> Result<Dataset> {
    let turned = |class: &f64| {
        if rng.random_bool(noise) {
            1.0 - class
        } else {
            *class
        }
    };
    let classes = data.targets().iter().map(turned).collect();
    Dataset::new(data.points().clone(), data.target_name(), classes)
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

/// A number of the standard normal distribution.
pub(crate) fn normal(rng: &mut ChaCha8Rng) -> f64 {
    rng.sample(StandardNormal)
}

fn deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / n).sqrt()
}
