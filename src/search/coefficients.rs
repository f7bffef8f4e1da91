//! Closed-form coefficients: the best sum of given terms under direction matching.

use super::expression::Dual;
use super::loss::Target;
use faer::{Mat, Side};

/// Gradients of candidate terms, ready to be combined into sums.
///
/// Directions are linear and homogeneous in the coefficients of a sum `T = sum_k c_k h_k`: with
/// unit directions `u_i`, the best `c` minimises
/// `sum_i w_i |(I - u_i u_i^T) grad T(x_i)|^2 / sum_i w_i |grad T(x_i)|^2`,
/// a generalized symmetric eigenproblem whose smallest eigenvector is `c`. The weights
/// `w_i = 1 / |grad T(x_i)|^2` turn both sums into means over angles and are renewed until `c`
/// settles.
pub(crate) struct TermGradients {
    n_samples: usize,
    /// One row per sample and feature, one column per term, each scaled to unit mean square.
    gradients: Mat<f64>,
    /// One row per sample: the term's derivative along the target direction.
    projections: Mat<f64>,
    scales: Vec<f64>,
}

/// Coefficients of a sum with the sum's loss.
#[derive(Debug, Clone)]
pub(crate) struct Fit {
    pub coefficients: Vec<f64>,
    pub loss: f64,
}

/// Relative size below which a direction among the terms counts as a linear dependence.
const DEPENDENCE: f64 = 1e-11;
/// Renewals stop when no coefficient moves by more than this share of the largest one.
const SETTLED: f64 = 1e-9;

impl TermGradients {
    pub fn new(terms: &[&Dual], target: &Target) -> Self {
        let (n_samples, n_features) = (target.n_samples, target.n_features());
        let scales: Vec<f64> = terms
            .iter()
            .map(|term| {
                let square: f64 = term.gradient.iter().flatten().map(|g| g * g).sum();
                (square / n_samples as f64).sqrt().max(f64::MIN_POSITIVE)
            })
            .collect();
        let component = |row: usize, feature: usize, term: usize| {
            terms[term].gradient[feature]
                .get(row)
                .copied()
                .unwrap_or(0.0)
                / scales[term]
        };
        let gradients = Mat::from_fn(n_samples * n_features, terms.len(), |index, term| {
            component(index / n_features, index % n_features, term)
        });
        let projections = Mat::from_fn(n_samples, terms.len(), |row, term| {
            (0..n_features)
                .map(|feature| target.directions[feature][row] * component(row, feature, term))
                .sum()
        });
        Self {
            n_samples,
            gradients,
            projections,
            scales,
        }
    }

    pub fn n_terms(&self) -> usize {
        self.scales.len()
    }

    /// The best coefficients for a subset of the terms, after at most `max_renewals` of the
    /// weights; `None` if the terms have no gradient.
    pub fn fit(&self, subset: &[usize], max_renewals: usize) -> Option<Fit> {
        let n_features = self.gradients.nrows() / self.n_samples;
        let gradients = pick(&self.gradients, subset);
        let projections = pick(&self.projections, subset);
        let mut weights = self.weights_of_equal_terms(&gradients, n_features);
        let mut best: Option<(Mat<f64>, f64)> = None;
        for _ in 0..=max_renewals {
            let vector = smallest_ratio(&gradients, &projections, &weights)?;
            let moved = best
                .as_ref()
                .map_or(f64::INFINITY, |(last, _)| change(last, &vector));
            let (squares, loss) = self.judge(&gradients, &projections, &vector, n_features);
            if best.as_ref().is_none_or(|(_, least)| loss < *least) {
                best = Some((vector, loss));
            }
            if moved < SETTLED {
                break;
            }
            // A floor keeps points near a vanishing gradient from taking all the weight.
            let mean = squares.iter().sum::<f64>() / self.n_samples as f64;
            weights = squares
                .iter()
                .map(|square| 1.0 / square.max(1e-4 * mean))
                .collect();
        }
        let (vector, loss) = best?;
        let coefficients = subset
            .iter()
            .enumerate()
            .map(|(k, &term)| vector[(k, 0)] / self.scales[term]);
        Some(Fit {
            coefficients: coefficients.collect(),
            loss,
        })
    }

    /// How much each term of a subset adds to the gradient of their best sum, root mean square.
    pub fn contributions(&self, subset: &[usize], max_renewals: usize) -> Option<Vec<f64>> {
        let fit = self.fit(subset, max_renewals)?;
        let terms = fit.coefficients.iter().zip(subset);
        Some(
            terms
                .map(|(coefficient, &term)| coefficient.abs() * self.scales[term])
                .collect(),
        )
    }

    fn weights_of_equal_terms(&self, gradients: &Mat<f64>, n_features: usize) -> Vec<f64> {
        let mut squares = vec![0.0; self.n_samples];
        for column in gradients.col_iter() {
            for (index, value) in column.iter().enumerate() {
                squares[index / n_features] += value * value;
            }
        }
        squares.iter().map(|square| 1.0 / (square + 1e-6)).collect()
    }

    /// Squared gradient norm per sample, and the sign-blind loss, of the sum with these
    /// (scaled) coefficients.
    fn judge(
        &self,
        gradients: &Mat<f64>,
        projections: &Mat<f64>,
        vector: &Mat<f64>,
        n_features: usize,
    ) -> (Vec<f64>, f64) {
        let sum = gradients * vector;
        let along = projections * vector;
        let mut squares = vec![0.0; self.n_samples];
        for (index, value) in sum.col(0).iter().enumerate() {
            squares[index / n_features] += value * value;
        }
        let cosines = squares.iter().zip(along.col(0).iter());
        let total: f64 = cosines
            .map(|(square, a)| {
                if *square > 0.0 {
                    a / square.sqrt()
                } else {
                    0.0
                }
            })
            .sum();
        (squares, 2.0 - 2.0 * (total / self.n_samples as f64).abs())
    }
}

fn pick(matrix: &Mat<f64>, columns: &[usize]) -> Mat<f64> {
    Mat::from_fn(matrix.nrows(), columns.len(), |row, k| {
        matrix[(row, columns[k])]
    })
}

/// The unit-norm vector `c` that minimises `c^T A c / c^T B c`, where `B` sums the weighted
/// gradients' products and `A` is the part of it across the target directions.
fn smallest_ratio(
    gradients: &Mat<f64>,
    projections: &Mat<f64>,
    weights: &[f64],
) -> Option<Mat<f64>> {
    let n_features = gradients.nrows() / weights.len();
    let weighted = Mat::from_fn(gradients.nrows(), gradients.ncols(), |row, k| {
        gradients[(row, k)] * weights[row / n_features]
    });
    let along = Mat::from_fn(projections.nrows(), projections.ncols(), |row, k| {
        projections[(row, k)] * weights[row]
    });
    let all = gradients.transpose() * &weighted;
    let across = &all - projections.transpose() * &along;
    // Whitening by B's own eigenvectors drops linear dependences among the terms.
    let eigen = all.self_adjoint_eigen(Side::Lower).ok()?;
    let values = eigen.S().column_vector();
    let largest = values.iter().copied().fold(0.0, f64::max);
    let kept: Vec<usize> = (0..values.nrows())
        .filter(|&k| values[k] > DEPENDENCE * largest)
        .collect();
    let whitening = Mat::from_fn(all.nrows(), kept.len(), |row, k| {
        eigen.U()[(row, kept[k])] / values[kept[k]].sqrt()
    });
    if kept.is_empty() {
        return None;
    }
    let reduced = whitening.transpose() * &across * &whitening;
    let inner = reduced.self_adjoint_eigen(Side::Lower).ok()?;
    // faer sorts eigenvalues in ascending order.
    let vector = &whitening * inner.U().subcols(0, 1);
    let norm = vector.norm_l2();
    (norm.is_finite() && norm > 0.0)
        .then(|| Mat::from_fn(vector.nrows(), 1, |row, _| vector[(row, 0)] / norm))
}

/// The largest change of a coefficient between two unit vectors, blind to their sign.
fn change(last: &Mat<f64>, next: &Mat<f64>) -> f64 {
    let sum = (last + next).norm_max();
    let difference = (last - next).norm_max();
    sum.min(difference)
}
