//! Slopes of linear fits to a model's values around points.

use crate::error::Result;
use faer::Mat;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// The most numbers for which the model is evaluated at once. It bounds the memory.
const MAX_ASKED: usize = 4_000_000;

/// Offsets that are the same around every point, and the matrix that turns the values there into
/// slopes.
pub(super) struct LocalFits {
    n_features: usize,
    /// `(n_points, n_features)`.
    offsets: Vec<f64>,
    /// `(n_features, n_points)`.
    to_slopes: Vec<f64>,
}

impl LocalFits {
    /// Offsets are normally distributed with `spread` times the range as standard deviation along
    /// each feature. They are made uncorrelated, so that the fit is a mean of products, and come in
    /// pairs of opposite sign, so that even terms around a point, such as curvature, cancel.
    pub fn around(n_points: usize, seed: u64, ranges: &[f64], spread: f64) -> Self {
        let n_features = ranges.len();
        let n_pairs = n_points.div_ceil(2);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let normal: Mat<f64> =
            Mat::from_fn(n_pairs, n_features, |_, _| StandardNormal.sample(&mut rng));
        let uncorrelated = normal.qr().compute_thin_Q();
        let deviation = |feature: usize| spread * ranges[feature];
        let offset = |pair: usize, feature: usize, sign: f64| {
            sign * deviation(feature) * (n_pairs as f64).sqrt() * uncorrelated[(pair, feature)]
        };
        let rows = (0..n_pairs).flat_map(|pair| [(pair, 1.0), (pair, -1.0)]);
        let offsets: Vec<f64> = rows
            .flat_map(|(pair, sign)| (0..n_features).map(move |feature| (pair, feature, sign)))
            .map(|(pair, feature, sign)| offset(pair, feature, sign))
            .collect();
        let n_points = 2 * n_pairs;
        let to_slopes = (0..n_features).flat_map(|feature| {
            let square = n_points as f64 * deviation(feature).powi(2);
            let column = offsets[feature..].iter().step_by(n_features);
            column.map(move |offset| offset / square)
        });
        Self {
            n_features,
            to_slopes: to_slopes.collect(),
            offsets,
        }
    }

    /// Slopes `(n_samples, n_features)` of a function from points to values, at the given points.
    pub fn slopes(
        &self,
        function: impl Fn(&[f64]) -> Result<Vec<f64>>,
        points: &[f64],
    ) -> Result<Vec<f64>> {
        let n_points = self.offsets.len() / self.n_features;
        let n_rows_at_once = (MAX_ASKED / self.offsets.len()).max(1);
        let mut slopes = Vec::with_capacity(points.len());
        for block in points.chunks(n_rows_at_once * self.n_features) {
            let mut asked = Vec::with_capacity(block.len() * n_points);
            for point in block.chunks_exact(self.n_features) {
                for offset in self.offsets.chunks_exact(self.n_features) {
                    asked.extend(point.iter().zip(offset).map(|(x, step)| x + step));
                }
            }
            for values in function(&asked)?.chunks_exact(n_points) {
                slopes.extend(self.to_slopes.chunks_exact(n_points).map(|row| {
                    let products = row.iter().zip(values).map(|(weight, value)| weight * value);
                    products.sum::<f64>()
                }));
            }
        }
        Ok(slopes)
    }
}
