//! Scales inputs to [-1, 1], and computes all their monomials.

use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::points::check_rows;
use crate::polynomial::{Monomials, Polynomial, n_monomials};
use faer::Mat;

/// How many numbers a matrix may have: 2 GiB. Factorizing it takes the same amount again.
const MAX_NUMBERS: u128 = 1 << 28;

/// The range of every input over the training rows: its middle, and half of its width.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct InputScaling(Vec<(f64, f64)>);

impl InputScaling {
    pub fn of(data: &Dataset) -> Self {
        let sides = data.points().bounds().into_iter().map(|(low, high)| {
            let half = (high - low) / 2.0;
            (low.midpoint(high), if half > 0.0 { half } else { 1.0 })
        });
        Self(sides.collect())
    }

    /// Points `(n_samples, n_features)` with their inputs scaled.
    pub fn scaled(&self, points: &[f64]) -> Vec<f64> {
        let sides = self.0.iter().cycle();
        points
            .iter()
            .zip(sides)
            .map(|(x, (middle, half))| (x - middle) / half)
            .collect()
    }

    /// The same for points that a caller passed in, which are checked.
    pub fn checked(&self, points: &[f64]) -> Result<Vec<f64>> {
        check_rows(points, self.0.len(), "features")?;
        Ok(self.scaled(points))
    }

    /// The scaled inputs as polynomials in the original inputs.
    pub fn polynomials(&self) -> Result<Vec<Polynomial>> {
        let n = self.0.len();
        let sides = self.0.iter().enumerate();
        let of_side = |(index, (middle, half)): (usize, &(f64, f64))| {
            Polynomial::from_terms(
                n,
                vec![(vec![index + 1], 1.0 / half), (vec![], -middle / half)],
            )
        };
        sides.map(of_side).collect()
    }
}

/// The values of all monomials at all rows.
pub(super) struct Design {
    pub labels: Vec<Vec<usize>>,
    /// `(n_rows, n_terms)`; the first column is the constant's.
    pub matrix: Mat<f64>,
}

impl Design {
    pub fn new(points: &[f64], n_features: usize, order: usize) -> Result<Self> {
        let n_rows = points.len() / n_features;
        let n_terms = n_monomials(n_features, order);
        if n_terms.saturating_mul(n_rows as u128) > MAX_NUMBERS {
            return Err(Error::Limit(format!(
                "{n_features} features have {n_terms} monomials up to order {order}, too many for \
                 {n_rows} rows: at most {} fit into the allowed memory; lower max_order",
                MAX_NUMBERS / n_rows as u128
            )));
        }
        let labels = Monomials::new(n_features, order).labels(order);
        let mut matrix = Mat::zeros(n_rows, labels.len());
        for (row, point) in points.chunks_exact(n_features).enumerate() {
            for (term, label) in labels.iter().enumerate() {
                matrix[(row, term)] = label.iter().map(|variable| point[variable - 1]).product();
            }
        }
        Ok(Self { labels, matrix })
    }
}
