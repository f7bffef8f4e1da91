//! Smallest generalized eigenvalues, of thousands of tiny matrices and of single larger ones.

use faer::{Mat, Side};

/// The largest number of terms in a subset that is scored.
pub(crate) const MAX_SUBSET: usize = 10;
/// A combination of terms that is this small relative to the terms is a linear dependence.
const DEPENDENCE: f64 = 1e-12;
/// Relative size below which an eigenvalue of the denominator counts as zero.
const RANK: f64 = 1e-11;
const MAX_ITERATIONS: usize = 12;

/// A matrix whose first rows and columns are used.
pub(crate) type Small = [[f64; MAX_SUBSET]; MAX_SUBSET];

/// The given rows and columns of a matrix.
pub(crate) fn picked(matrix: &Mat<f64>, subset: &[usize]) -> Small {
    let mut small = [[0.0; MAX_SUBSET]; MAX_SUBSET];
    for (i, &row) in subset.iter().enumerate() {
        for (j, &column) in subset.iter().enumerate() {
            small[i][j] = matrix[(row, column)];
        }
    }
    small
}

/// The least `c^T A c / c^T B c` of two symmetric matrices of size `n`, and the unit vector `c`.
/// For two rows it comes from the quadratic formula. For more rows it comes from inverse iteration;
/// it is then an upper bound, which is tight if the least value is well separated.
pub(crate) fn smallest_ratio(a: &Small, b: &Small, n: usize) -> Option<(f64, [f64; MAX_SUBSET])> {
    let mut a = *a;
    for i in 0..n {
        // If a sum's gradient cancels, both forms vanish. This distinguishes such a sum from a
        // match.
        a[i][i] += DEPENDENCE * b[i][i];
    }
    // The start has a component along every eigenvector.
    let mut vector: [f64; MAX_SUBSET] = std::array::from_fn(|i| 1.0 + 0.37 * i as f64);
    if n == 1 {
        vector[0] = 1.0;
        let ratio = a[0][0] / b[0][0];
        return ratio.is_finite().then_some((ratio, vector));
    }
    if n == 2 {
        return smallest_of_two(&a, b);
    }
    let factor = cholesky(&a, n)?;
    let mut ratio = f64::INFINITY;
    for _ in 0..MAX_ITERATIONS {
        let mut next = [0.0; MAX_SUBSET];
        for i in 0..n {
            next[i] = (0..n).map(|j| b[i][j] * vector[j]).sum();
        }
        solve(&factor, n, &mut next);
        let norm = next[..n].iter().map(|v| v * v).sum::<f64>().sqrt();
        next[..n].iter_mut().for_each(|v| *v /= norm);
        let form = |m: &Small| -> f64 {
            (0..n)
                .map(|i| next[i] * (0..n).map(|j| m[i][j] * next[j]).sum::<f64>())
                .sum()
        };
        let now = form(&a) / form(b);
        vector = next;
        let is_settled = (ratio - now).abs() <= 1e-3 * now.abs();
        ratio = now;
        if is_settled || now.is_nan() {
            break;
        }
    }
    ratio.is_finite().then(|| (ratio.max(0.0), vector))
}

/// The smaller root of `det(A - r B) = 0`, in a form without cancellation for small roots.
fn smallest_of_two(a: &Small, b: &Small) -> Option<(f64, [f64; MAX_SUBSET])> {
    let determinant = |m: &Small| m[0][0] * m[1][1] - m[0][1] * m[0][1];
    let (above, below) = (determinant(a), determinant(b));
    let mixed = a[0][0] * b[1][1] + a[1][1] * b[0][0] - 2.0 * a[0][1] * b[0][1];
    let root = (mixed * mixed - 4.0 * above * below).max(0.0).sqrt();
    let ratio = 2.0 * above / (mixed + root);
    if above <= 0.0 || !ratio.is_finite() {
        return None;
    }
    // The remaining rows are orthogonal to the vector; the longer one is more exact.
    let row = |i: usize| [0, 1].map(|j| a[i][j] - ratio * b[i][j]);
    let across = [row(0), row(1)].map(|[x, y]| (x.hypot(y), [y, -x]));
    let (length, [x, y]) = if across[0].0 > across[1].0 {
        across[0]
    } else {
        across[1]
    };
    let mut vector = [0.0; MAX_SUBSET];
    // If nothing remains, every vector has this ratio.
    (vector[0], vector[1]) = if length > 0.0 {
        (x / length, y / length)
    } else {
        (1.0, 0.0)
    };
    Some((ratio, vector))
}

pub(crate) fn cholesky(a: &Small, n: usize) -> Option<Small> {
    let mut factor = [[0.0; MAX_SUBSET]; MAX_SUBSET];
    for i in 0..n {
        for j in 0..=i {
            let rest = a[i][j] - (0..j).map(|k| factor[i][k] * factor[j][k]).sum::<f64>();
            if i == j {
                if rest <= 0.0 || !rest.is_finite() {
                    return None;
                }
                factor[i][i] = rest.sqrt();
            } else {
                factor[i][j] = rest / factor[j][j];
            }
        }
    }
    Some(factor)
}

pub(crate) fn solve(factor: &Small, n: usize, vector: &mut [f64; MAX_SUBSET]) {
    for i in 0..n {
        let known: f64 = (0..i).map(|k| factor[i][k] * vector[k]).sum();
        vector[i] = (vector[i] - known) / factor[i][i];
    }
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|k| factor[k][i] * vector[k]).sum();
        vector[i] = (vector[i] - known) / factor[i][i];
    }
}

/// The unit vector `c` that minimizes `c^T A c / c^T B c`.
pub(crate) fn smallest_eigenvector(above: &Mat<f64>, below: &Mat<f64>) -> Option<Vec<f64>> {
    // Whitening by B's eigenvectors drops linear dependences among the terms.
    let eigen = below.self_adjoint_eigen(Side::Lower).ok()?;
    let values = eigen.S().column_vector();
    let largest = values.iter().copied().fold(0.0, f64::max);
    let kept: Vec<usize> = (0..values.nrows())
        .filter(|&k| values[k] > RANK * largest)
        .collect();
    if kept.is_empty() {
        return None;
    }
    let whitening = Mat::from_fn(below.nrows(), kept.len(), |row, k| {
        eigen.U()[(row, kept[k])] / values[kept[k]].sqrt()
    });
    let reduced = whitening.transpose() * above * &whitening;
    let inner = reduced.self_adjoint_eigen(Side::Lower).ok()?;
    // faer sorts eigenvalues in ascending order.
    let vector = &whitening * inner.U().subcols(0, 1);
    let norm = vector.norm_l2();
    (norm.is_finite() && norm > 0.0).then(|| vector.col(0).iter().map(|c| c / norm).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn inverse_iteration_agrees_with_the_dense_solver() {
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        for n in 1..=6 {
            let mut gram = || {
                let factor = Mat::from_fn(n, n + 2, |_, _| rng.random_range(-1.0..1.0));
                &factor * factor.transpose()
            };
            let below = gram();
            // One direction is well separated, as it is when terms match.
            let apart = Mat::from_fn(n, n, |i, j| below[(i, j)] + f64::from(u8::from(i == j)));
            let (above, below) = (gram(), apart);
            let dense = smallest_eigenvector(&above, &below).expect("B is definite");
            let form = |m: &Mat<f64>| -> f64 {
                (0..n)
                    .flat_map(|i| (0..n).map(move |j| (i, j)))
                    .map(|(i, j)| dense[i] * m[(i, j)] * dense[j])
                    .sum()
            };
            let expected = form(&above) / form(&below);
            let subset: Vec<usize> = (0..n).collect();
            let (a, b) = (picked(&above, &subset), picked(&below, &subset));
            let (found, _) = smallest_ratio(&a, &b, n).expect("both are definite");
            assert!(
                found >= expected * 0.999 && found <= expected * 1.5 + 1e-9,
                "{n}: {found} {expected}"
            );
        }
    }
}
