//! Where labels change, before any formula is known.

use super::{LabelLoss, LabelObjective, fits};
use crate::formula::Evaluation;
use crate::formula::monomials::{highest_degree, monomials};

/// The way from each point to the boundary of a logistic polynomial, as the polynomial's value and
/// gradient give it.
#[derive(Debug, Clone, Default)]
pub(super) struct Boundary {
    /// In features of unit variance.
    pub distances: Vec<f64>,
    /// In the features' own units, feature after feature.
    pub ways: Vec<Vec<f64>>,
}

impl Boundary {
    pub fn roughly(objective: &LabelObjective) -> Self {
        let (columns, limits) = (&objective.columns, &objective.fits);
        let (n, n_features) = (columns.n_samples(), columns.n_features());
        let evaluate = |degree: usize| -> Vec<Evaluation> {
            let monomials = monomials(n_features, degree);
            let terms = monomials.iter().map(|term| term.evaluate(columns));
            terms.collect()
        };
        // The degree that the labels support: the shortest description of them. Higher degrees
        // have boundaries where there are no points to contradict them.
        let degrees = 1..=highest_degree(n_features, &limits.polynomials);
        let fitted = degrees.filter_map(|degree| {
            let terms = evaluate(degree);
            let (fit, latent) = fits::logistic(objective, &terms.iter().collect::<Vec<_>>())?;
            let lost = n as f64 * fit.loss * LabelLoss::Logistic.log_likelihood();
            let length = lost + limits.coefficient_price * terms.len() as f64 * (n as f64).ln();
            Some((length, degree, fit, latent))
        });
        let Some((_, degree, fit, latent)) = fitted.min_by(|a, b| a.0.total_cmp(&b.0)) else {
            return Self {
                distances: vec![0.0; n],
                ways: vec![vec![0.0; n]; n_features],
            };
        };
        let terms = evaluate(degree);
        let scales = objective.scales();
        // The polynomial's gradient in features of unit variance.
        let mut ways = vec![vec![0.0; n]; n_features];
        for (term, c) in terms.iter().zip(&fit.coefficients) {
            for ((way, column), scale) in ways.iter_mut().zip(&term.gradient).zip(&scales) {
                let entries = way.iter_mut().zip(column);
                entries.for_each(|(sum, g)| *sum += scale * c * g);
            }
        }
        let mut distances = Vec::with_capacity(n);
        for (row, latent) in latent.iter().enumerate() {
            let square: f64 = ways.iter().map(|way| way[row] * way[row]).sum();
            let square = square.max(f64::MIN_POSITIVE);
            distances.push(latent.abs() / square.sqrt());
            for (way, scale) in ways.iter_mut().zip(&scales) {
                way[row] *= -scale * latent / square;
            }
        }
        Self { distances, ways }
    }

    /// The points that lie nearest.
    pub fn nearest(&self, n: usize) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..self.distances.len()).collect();
        rows.sort_by(|&a, &b| self.distances[a].total_cmp(&self.distances[b]));
        rows.truncate(n);
        rows
    }
}
