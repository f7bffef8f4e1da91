//! Sums over points with several partial sums at once.

/// The number of partial sums. With a single sum, every addition would wait for the one before it.
const LANES: usize = 8;

/// `sum_i a_i b_i` of slices of the same length.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let ((a, rest_of_a), (b, rest_of_b)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let mut sums = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest = rest_of_a.iter().zip(rest_of_b);
    sums.iter().sum::<f64>() + rest.map(|(a, b)| a * b).sum::<f64>()
}

/// `sum_i a_i b_i w_i` of slices of the same length.
pub(crate) fn weighted_dot(a: &[f64], b: &[f64], weights: &[f64]) -> f64 {
    let ((a, rest_of_a), (b, rest_of_b)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let (weights, rest_of_weights) = weights.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for ((a, b), weights) in a.iter().zip(b).zip(weights) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane] * weights[lane];
        }
    }
    let rest = rest_of_a.iter().zip(rest_of_b).zip(rest_of_weights);
    sums.iter().sum::<f64>() + rest.map(|((a, b), w)| a * b * w).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_counts_whatever_their_number() {
        for n in 0..40 {
            // Integers add up without rounding, in any order.
            let a: Vec<f64> = (0..n).map(f64::from).collect();
            let b: Vec<f64> = (0..n).map(|i| f64::from(i % 7) - 3.0).collect();
            let weights: Vec<f64> = (0..n).map(|i| f64::from(i % 5)).collect();
            let pairs = a.iter().zip(&b);
            assert_eq!(dot(&a, &b), pairs.clone().map(|(a, b)| a * b).sum::<f64>());
            let weighted: f64 = pairs.zip(&weights).map(|((a, b), w)| a * b * w).sum();
            assert_eq!(weighted_dot(&a, &b, &weights), weighted);
        }
    }
}
