//! Weighted linear least squares of terms: what value and label fits are made of.

use super::Offset;
use crate::formula::Evaluation;
use crate::numerics::dot;
use crate::numerics::eigen::{MAX_SUBSET, Small, cholesky, picked, solve};
use faer::linalg::solvers::{Llt, Solve};
use faer::{Mat, Side};

/// Added to the diagonal of the standardized normal equations, so that dependent terms do no harm.
const RIDGE: f64 = 1e-13;
/// An offset below this share of the target's size is rounding error.
const ROUNDING: f64 = 1e-13;

/// Terms standardized under weights (without an offset: scaled only), with the products that subsets are solved from.
pub(super) struct LinearTerms {
    n_samples: usize,
    /// Column by column, each centred and scaled to unit weighted variance.
    standardized: Mat<f64>,
    means: Vec<f64>,
    scales: Vec<f64>,
    products: Mat<f64>,
    /// Products with the standardized target.
    projections: Vec<f64>,
    target_mean: f64,
    target_scale: f64,
}

/// Coefficients and offset in the terms' own units.
pub(super) struct Solution {
    pub coefficients: Vec<f64>,
    pub offset: f64,
}

/// Of few terms by the thousand, or of more of them one at a time.
#[expect(
    clippy::large_enum_variant,
    reason = "a box would be allocated for every one of thousands of subsets"
)]
enum Factor {
    Few(Small),
    Many(Llt<f64>),
}

impl Factor {
    fn solve(&self, vector: &mut [f64]) {
        match self {
            Self::Few(factor) => {
                let mut padded = [0.0; MAX_SUBSET];
                padded[..vector.len()].copy_from_slice(vector);
                solve(factor, vector.len(), &mut padded);
                vector.copy_from_slice(&padded[..vector.len()]);
            }
            Self::Many(factor) => {
                let right = Mat::from_fn(vector.len(), 1, |row, _| vector[row]);
                vector.copy_from_slice(factor.solve(&right).col_as_slice(0));
            }
        }
    }
}

impl LinearTerms {
    /// `weights` sum to 1.
    pub fn new(terms: &[&Evaluation], target: &[f64], weights: &[f64], offset: Offset) -> Self {
        let n_samples = target.len();
        let moments = |column: &[f64]| {
            let mean: f64 = match offset {
                Offset::Fitted => column.iter().zip(weights).map(|(v, w)| v * w).sum(),
                Offset::Zero => 0.0,
            };
            let square: f64 = column
                .iter()
                .zip(weights)
                .map(|(v, w)| w * (v - mean).powi(2))
                .sum();
            (mean, square.sqrt().max(f64::MIN_POSITIVE))
        };
        let (target_mean, target_scale) = moments(target);
        let (means, scales): (Vec<f64>, Vec<f64>) =
            terms.iter().map(|term| moments(&term.values)).unzip();
        let roots: Vec<f64> = weights.iter().map(|weight| weight.sqrt()).collect();
        let standardized = Mat::from_fn(n_samples, terms.len(), |row, k| {
            roots[row] * (terms[k].values[row] - means[k]) / scales[k]
        });
        let aim = Mat::from_fn(n_samples, 1, |row, _| {
            roots[row] * (target[row] - target_mean) / target_scale
        });
        let products = standardized.transpose() * &standardized;
        let projections = (standardized.transpose() * &aim)
            .col(0)
            .iter()
            .copied()
            .collect();
        Self {
            n_samples,
            standardized,
            means,
            scales,
            products,
            projections,
            target_mean,
            target_scale,
        }
    }

    pub fn n_terms(&self) -> usize {
        self.scales.len()
    }

    pub fn scale(&self, term: usize) -> f64 {
        self.scales[term]
    }

    /// The share of the target's weighted variance that the best sum leaves; without an offset, of
    /// its mean square.
    pub fn unexplained(&self, subset: &[usize]) -> f64 {
        let Some(factor) = self.factor(subset) else {
            return f64::INFINITY;
        };
        let mut solution = self.projections_of(subset);
        factor.solve(&mut solution);
        let explained: f64 = subset
            .iter()
            .zip(&solution)
            .map(|(&term, c)| c * self.projections[term])
            .sum();
        (1.0 - explained).max(0.0)
    }

    /// The Cholesky factor of the subset's normal equations.
    fn factor(&self, subset: &[usize]) -> Option<Factor> {
        let n = subset.len();
        if n <= MAX_SUBSET {
            let mut matrix: Small = picked(&self.products, subset);
            for (i, row) in matrix.iter_mut().enumerate().take(n) {
                row[i] += RIDGE;
            }
            return Some(Factor::Few(cholesky(&matrix, n)?));
        }
        let matrix = Mat::from_fn(n, n, |i, j| {
            self.products[(subset[i], subset[j])] + if i == j { RIDGE } else { 0.0 }
        });
        Some(Factor::Many(matrix.llt(Side::Lower).ok()?))
    }

    fn projections_of(&self, subset: &[usize]) -> Vec<f64> {
        subset.iter().map(|&term| self.projections[term]).collect()
    }

    /// The best coefficients, refined twice on the residuals: normal equations alone would lose
    /// half of the digits.
    pub fn solve(&self, subset: &[usize], target: &[f64], weights: &[f64]) -> Option<Solution> {
        let factor = self.factor(subset)?;
        let mut sum = self.projections_of(subset);
        factor.solve(&mut sum);
        for _ in 0..2 {
            let mut residual: Vec<f64> = (0..self.n_samples)
                .map(|row| {
                    weights[row].sqrt() * (target[row] - self.target_mean) / self.target_scale
                })
                .collect();
            for (&term, c) in subset.iter().zip(&sum) {
                let column = self.standardized.col_as_slice(term);
                residual
                    .iter_mut()
                    .zip(column)
                    .for_each(|(r, v)| *r -= c * v);
            }
            let mut correction: Vec<f64> = subset
                .iter()
                .map(|&term| dot(self.standardized.col_as_slice(term), &residual))
                .collect();
            factor.solve(&mut correction);
            sum.iter_mut()
                .zip(&correction)
                .for_each(|(c, more)| *c += more);
        }
        let coefficients: Vec<f64> = subset
            .iter()
            .zip(&sum)
            .map(|(&term, c)| c * self.target_scale / self.scales[term])
            .collect();
        let shift: f64 = subset
            .iter()
            .zip(&coefficients)
            .map(|(&term, c)| c * self.means[term])
            .sum();
        let offset = self.target_mean - shift;
        let is_finite = coefficients.iter().all(|c| c.is_finite());
        is_finite.then_some(Solution {
            offset: if offset.abs() > ROUNDING * (self.target_mean.abs() + self.target_scale) {
                offset
            } else {
                0.0
            },
            coefficients,
        })
    }
}
