//! What formulas for a logit are worth for labels, on held-out rows.

use super::statistics::values;
use crate::dataset::Dataset;
use crate::formula::Expression;
use crate::numerics::{mean, sigmoid, softplus};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// The loss of a row where a formula has no value, far above that of any wrong answer.
const NO_VALUE: f64 = 100.0;
/// The steps of Newton's method, which settles in about 8.
const N_STEPS: usize = 25;
/// The weight of the square of the slope in units of one row, which keeps it finite where a formula
/// separates the classes.
const PRIOR: f64 = 1.0;

/// A table's labels, split at random so that every row is held out once, and each part holds both
/// classes in proportion.
pub(super) struct LabelFolds {
    data: Dataset,
    /// The part that each row belongs to.
    parts: Vec<usize>,
    n_parts: usize,
}

impl LabelFolds {
    /// Takes at most `n_rows` of the rows.
    pub fn new(data: &Dataset, n_rows: usize, n_parts: usize, seed: u64) -> Self {
        let step = data.n_samples().div_ceil(n_rows.max(1)).max(1);
        let rows: Vec<usize> = (0..data.n_samples()).step_by(step).collect();
        let data = data.select(&rows);
        let mut order: Vec<usize> = (0..data.n_samples()).collect();
        order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        order.sort_by(|&a, &b| data.targets()[a].total_cmp(&data.targets()[b]));
        let mut parts = vec![0; order.len()];
        let n_parts = n_parts.min(order.len());
        for (place, row) in order.into_iter().enumerate() {
            parts[row] = place % n_parts;
        }
        Self {
            data,
            parts,
            n_parts,
        }
    }

    /// The logistic loss of every row, in units of a guess between two classes. The slope and the
    /// offset of the formula are fitted to the other parts; its numbers are as they are.
    pub fn losses(&self, formula: &Expression) -> Vec<f64> {
        let values = values(formula, &self.data);
        let is_finite = |value: &&f64| value.is_finite();
        let n = values.iter().filter(is_finite).count().max(1) as f64;
        let center = values.iter().filter(is_finite).sum::<f64>() / n;
        let squares = values
            .iter()
            .filter(is_finite)
            .map(|v| (v - center).powi(2));
        let scale = (squares.sum::<f64>() / n).sqrt().max(f64::MIN_POSITIVE);
        let standard: Vec<f64> = values.iter().map(|v| (v - center) / scale).collect();
        let labels = self.data.targets();
        let mut losses = vec![NO_VALUE; values.len()];
        for part in 0..self.n_parts {
            let training = (0..values.len())
                .filter(|&row| self.parts[row] != part && standard[row].is_finite())
                .map(|row| (standard[row], labels[row]));
            let [slope, offset] = logistic(&training.collect::<Vec<_>>());
            let held_out = (0..values.len()).filter(|&row| self.parts[row] == part);
            for row in held_out.filter(|&row| standard[row].is_finite()) {
                let f = slope * standard[row] + offset;
                losses[row] = ((softplus(f) - labels[row] * f) / 2.0_f64.ln()).min(NO_VALUE);
            }
        }
        losses
    }
}

/// The slope and the offset of a logistic regression on one variable, by Newton's method.
fn logistic(rows: &[(f64, f64)]) -> [f64; 2] {
    let share = mean(rows.iter().map(|(_, label)| *label));
    let share = share.clamp(f64::EPSILON, 1.0 - f64::EPSILON);
    let (mut slope, mut offset) = (0.0, (share / (1.0 - share)).ln());
    for _ in 0..N_STEPS {
        let (mut g, mut h) = ([PRIOR * slope, 0.0], [PRIOR, 0.0, f64::MIN_POSITIVE]);
        for (value, label) in rows {
            let p = sigmoid(slope * value + offset);
            let (error, weight) = (p - label, p * (1.0 - p));
            g[0] += error * value;
            g[1] += error;
            h[0] += weight * value * value;
            h[1] += weight * value;
            h[2] += weight;
        }
        let determinant = h[0] * h[2] - h[1] * h[1];
        let step = [
            (h[2] * g[0] - h[1] * g[1]) / determinant,
            (h[0] * g[1] - h[1] * g[0]) / determinant,
        ];
        if !step.iter().all(|s| s.is_finite()) {
            break;
        }
        slope -= step[0].clamp(-2.0, 2.0);
        offset -= step[1].clamp(-2.0, 2.0);
    }
    [slope, offset]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folds(n: usize, label: impl Fn(&[f64]) -> bool) -> LabelFolds {
        let number = |x: &[f64]| f64::from(u8::from(label(x)));
        let data = Dataset::from_function(&[(-1.0, 1.0); 2], n, 3, number).unwrap();
        LabelFolds::new(&data, n, 10, 0)
    }

    fn mean_loss(folds: &LabelFolds, formula: &str) -> f64 {
        mean(folds.losses(&formula.parse().unwrap()).into_iter())
    }

    #[test]
    fn a_formula_that_separates_the_classes_loses_little_and_a_constant_a_guess() {
        let folds = folds(200, |x| x[0] + x[1] > 0.0);
        let (right, half, none) = (
            mean_loss(&folds, "x1 + x2"),
            mean_loss(&folds, "x1"),
            mean_loss(&folds, "3"),
        );
        assert!(right < 0.2 && right > 0.0, "{right}");
        assert!(right < half && half < none, "{right} {half} {none}");
        assert!((none - 1.0).abs() < 0.1, "{none}");
    }

    #[test]
    fn the_scale_and_the_sign_of_a_formula_do_not_matter() {
        let folds = folds(100, |x| x[0] > 0.2);
        let plain = mean_loss(&folds, "x1");
        for same in ["1000*x1 + 7", "-x1/1000"] {
            assert!((mean_loss(&folds, same) - plain).abs() < 1e-6);
        }
    }
}
