//! How far unit gradients are from the directions, and how that changes with a constant.

use super::{DirectionObjective, Sign};
use crate::formula::Evaluation;
use crate::search::objective::LeastSquares;

impl LeastSquares for DirectionObjective {
    /// `g/|g| - s u`, with the sign `s`, each point's own where they are free: their squared length is `2 - 2 s cos`.
    fn residuals(&self, found: &Evaluation) -> Option<Vec<f64>> {
        if !self.is_complete(found) {
            return None;
        }
        let cosines = self.cosines(found);
        let common = self.mean(cosines.iter().copied()).signum();
        let sign = |row: usize| match self.sign {
            Sign::EachFree => cosines[row].signum(),
            Sign::CommonFree => common,
            Sign::Given => 1.0,
        };
        let n = self.columns.n_samples();
        let norms = norms(found, n);
        let mut residuals = Vec::with_capacity(n * self.directions.len());
        for (column, direction) in found.gradient.iter().zip(&self.directions) {
            for row in 0..n {
                let unit = column.get(row).map_or(0.0, |g| g / norms[row]);
                residuals
                    .push(if unit.is_finite() { unit } else { 0.0 } - sign(row) * direction[row]);
            }
        }
        self.scale(&mut residuals);
        Some(residuals)
    }

    /// `(I - v v^T) dg / |g|` with `v = g / |g|`.
    fn slopes(&self, found: &Evaluation, sensitivity: &Evaluation) -> Vec<f64> {
        let n = self.columns.n_samples();
        let norms = norms(found, n);
        let entry = |column: &Vec<f64>, row: usize| column.get(row).copied().unwrap_or(0.0);
        let along: Vec<f64> = (0..n)
            .map(|row| {
                let pairs = found.gradient.iter().zip(&sensitivity.gradient);
                pairs
                    .map(|(g, change)| entry(g, row) * entry(change, row))
                    .sum::<f64>()
                    / (norms[row] * norms[row])
            })
            .collect();
        let mut slopes = Vec::with_capacity(n * self.directions.len());
        for (g, change) in found.gradient.iter().zip(&sensitivity.gradient) {
            for row in 0..n {
                let across = entry(change, row) - along[row] * entry(g, row);
                let slope = across / norms[row];
                slopes.push(if slope.is_finite() { slope } else { 0.0 });
            }
        }
        self.scale(&mut slopes);
        slopes
    }

    /// Unit directions move across themselves only.
    fn n_dimensions(&self) -> usize {
        (self.directions.len() - 1).max(1)
    }
}

impl DirectionObjective {
    /// Scales components per feature and point so that their mean square is the weighted mean of
    /// the points' squared lengths.
    fn scale(&self, components: &mut [f64]) {
        let n_features = self.directions.len() as f64;
        for column in components.chunks_exact_mut(self.weights.len()) {
            for (component, weight) in column.iter_mut().zip(&self.weights) {
                *component *= (n_features * weight).sqrt();
            }
        }
    }
}

fn norms(found: &Evaluation, n: usize) -> Vec<f64> {
    let mut squares = vec![0.0; n];
    for column in &found.gradient {
        for (square, g) in squares.iter_mut().zip(column) {
            *square += g * g;
        }
    }
    squares.into_iter().map(f64::sqrt).collect()
}
