//! Each point's part of the loss as a square, and how it changes with a constant.

use super::LabelObjective;
use crate::formula::Evaluation;
use crate::search::objective::LeastSquares;

impl LeastSquares for LabelObjective {
    /// The roots of each point's part of the loss.
    fn residuals(&self, found: &Evaluation) -> Option<Vec<f64>> {
        let n = self.labels.len();
        if found.values.len() != n {
            return None;
        }
        let scale = self.best_scale(self.loss, &found.values);
        let points = found
            .values
            .iter()
            .zip(self.labels.iter().zip(&self.weights));
        let residuals = points.map(|(value, (label, weight))| {
            (n as f64 * weight * self.loss.of_margin(scale * value * label)).sqrt()
        });
        Some(residuals.collect())
    }

    /// Without what the best factor makes up for.
    fn slopes(&self, found: &Evaluation, sensitivity: &Evaluation) -> Vec<f64> {
        let n = self.labels.len();
        let scale = self.best_scale(self.loss, &found.values);
        // Rows beyond a list that is too short add nothing.
        let entry = |list: &[f64], row: usize| list.get(row).copied().unwrap_or(0.0);
        let along = |changes: &[f64]| -> Vec<f64> {
            let points = (0..n).map(|row| {
                let margin = scale * entry(&found.values, row) * self.labels[row];
                let loss = self.loss.of_margin(margin);
                if loss <= 0.0 {
                    return 0.0;
                }
                let outer = (n as f64 * self.weights[row] / loss).sqrt() / 2.0;
                outer * self.loss.slope(margin) * scale * self.labels[row] * entry(changes, row)
            });
            points.collect()
        };
        let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        let (of_factor, mut slopes) = (along(&found.values), along(&sensitivity.values));
        let share = dot(&slopes, &of_factor) / dot(&of_factor, &of_factor).max(f64::MIN_POSITIVE);
        slopes
            .iter_mut()
            .zip(&of_factor)
            .for_each(|(slope, f)| *slope -= share * f);
        slopes
    }
}
