//! Logistic regression, by reweighted least squares.

use crate::numerics::least_squares::{self, Solution};
use crate::numerics::sigmoid;
use faer::Mat;

const MAX_STEPS: usize = 50;
/// The steps end when no logit moves by more than this.
const SETTLED: f64 = 1e-8;
/// The lowest ridge penalty. If a polynomial separates the classes completely, its coefficients
/// would otherwise grow to infinity.
const MIN_RIDGE: f64 = 1e-6;
/// A row whose class is certain keeps this weight, so that nothing is divided by 0.
const MIN_WEIGHT: f64 = 1e-6;

/// Scales the probabilities of all classes so that they add up to 1.
pub(super) fn normalize(probabilities: &mut [f64]) {
    let sum: f64 = probabilities.iter().sum();
    let n = probabilities.len() as f64;
    for probability in probabilities {
        *probability = if sum > 0.0 {
            *probability / sum
        } else {
            1.0 / n
        };
    }
}

/// Minimizes the mean logistic loss of labels 0 and 1, `(n_rows, 1)`, plus the ridge penalty. Each
/// step is a weighted least squares fit (McCullagh & Nelder 1989, section 4.4).
pub(super) fn solve(design: &Mat<f64>, labels: &Mat<f64>, ridge: f64) -> Solution {
    let (n_rows, n_terms) = (design.nrows(), design.ncols());
    let mut found = Solution {
        coefficients: vec![0.0; n_terms],
        rank: 0,
    };
    let mut logits = vec![0.0; n_rows];
    for _ in 0..MAX_STEPS {
        let probabilities: Vec<f64> = logits.iter().map(|logit| sigmoid(*logit)).collect();
        let weights: Vec<f64> = probabilities
            .iter()
            .map(|p| (p * (1.0 - p)).max(MIN_WEIGHT))
            .collect();
        let weighted = Mat::from_fn(n_rows, n_terms, |row, term| {
            weights[row].sqrt() * design[(row, term)]
        });
        let target = Mat::from_fn(n_rows, 1, |row, _| {
            let step = (labels[(row, 0)] - probabilities[row]) / weights[row];
            weights[row].sqrt() * (logits[row] + step)
        });
        found = least_squares::solve(&weighted, &target, ridge.max(MIN_RIDGE));
        let value = |row: usize| -> f64 {
            (0..n_terms)
                .map(|term| design[(row, term)] * found.coefficients[term])
                .sum()
        };
        let moved: Vec<f64> = (0..n_rows).map(value).collect();
        let steps = moved.iter().zip(&logits).map(|(a, b)| (a - b).abs());
        let largest = steps.fold(0.0, f64::max);
        logits = moved;
        if largest < SETTLED {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_groups_have_the_logits_of_their_shares() {
        // x = 0: 1 of 4 has class 1; x = 1: 3 of 4. The logits are ln(1/3) and ln(3).
        let x = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
        let labels = [1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0];
        let design = Mat::from_fn(8, 2, |row, term| [1.0, x[row]][term]);
        let found = solve(&design, &Mat::from_fn(8, 1, |row, _| labels[row]), 0.0);
        let third = 3.0_f64.ln();
        assert!(
            (found.coefficients[0] + third).abs() < 1e-4,
            "{:?}",
            found.coefficients
        );
        assert!((found.coefficients[1] - 2.0 * third).abs() < 1e-4);
    }

    #[test]
    fn classes_that_part_completely_have_finite_coefficients() {
        let design = Mat::from_fn(20, 2, |row, term| [1.0, row as f64 / 10.0 - 0.95][term]);
        let labels = Mat::from_fn(20, 1, |row, _| f64::from(u8::from(row >= 10)));
        let found = solve(&design, &labels, 0.0);
        assert!(found.coefficients.iter().all(|c| c.is_finite()));
        assert!(found.coefficients[1] > 10.0);
    }
}
