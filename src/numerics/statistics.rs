//! How much of one list another explains, and whether the two rise together.

/// The mean of some values.
pub(crate) fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = values.len() as f64;
    values.sum::<f64>() / n
}

/// The least and the greatest value; infinity and minus infinity of none.
pub(crate) fn range(values: &[f64]) -> (f64, f64) {
    let start = (f64::INFINITY, f64::NEG_INFINITY);
    let widened = |(low, high): (f64, f64), value: &f64| (low.min(*value), high.max(*value));
    values.iter().fold(start, widened)
}

/// The median; NaN of no values.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    let n = values.len();
    if n == 0 {
        return f64::NAN;
    }
    let (below, middle, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    match below.iter().copied().max_by(f64::total_cmp) {
        Some(before) if n.is_multiple_of(2) => before.midpoint(*middle),
        _ => *middle,
    }
}

/// The places of errors that lie farther from the others' median than so many robust standard
/// deviations, and than `least`.
///
/// A robust standard deviation is 1.4826 times the median distance from the median, which is the
/// standard deviation of a normal distribution and isn't moved by outliers (Hampel 1974).
pub(crate) fn outlying(errors: &[f64], most: f64, least: f64) -> Vec<usize> {
    let center = median(errors);
    let distances: Vec<f64> = errors.iter().map(|error| (error - center).abs()).collect();
    let limit = (most * NORMAL_MAD * median(&distances)).max(least);
    let is_far = |place: &usize| distances[*place] > limit || distances[*place].is_nan();
    (0..errors.len()).filter(is_far).collect()
}

/// The standard deviation of a normal distribution as a multiple of the median distance.
const NORMAL_MAD: f64 = 1.4826;

/// The share of the variance of `y` that `found` explains, `R^2`; both `(n_samples,)`. A value that
/// isn't finite counts as the mean, so it explains nothing.
///
/// ```
/// use closedform::numerics::share_explained;
///
/// // Squares 5 around the mean, of which one unit is left.
/// assert_eq!(share_explained(&[1.0, 2.0, 3.0, 5.0], &[1.0, 2.0, 3.0, 4.0]), 0.8);
/// ```
pub fn share_explained(found: &[f64], y: &[f64]) -> f64 {
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    let spread: f64 = y.iter().map(|y| (y - mean).powi(2)).sum();
    let left = found.iter().zip(y).map(|(found, y)| {
        if found.is_finite() {
            (found - y).powi(2)
        } else {
            (mean - y).powi(2)
        }
    });
    if spread > 0.0 {
        1.0 - left.sum::<f64>() / spread
    } else {
        0.0
    }
}

/// Spearman's rank correlation of two lists of equal length, in [-1, 1]. Ties share their mean
/// rank.
///
/// It is 1 exactly if one list is a rising function of the other, whatever its shape. A constant
/// list has no ranks to compare, and the result is 0. For lists of different lengths the result is
/// NaN.
///
/// ```
/// use closedform::numerics::spearman;
///
/// assert_eq!(spearman(&[1.0, 2.0, 3.0], &[1.0, 10.0, 100.0]), 1.0);
/// assert_eq!(spearman(&[1.0, 2.0, 3.0], &[5.0, 5.0, 5.0]), 0.0);
/// ```
pub fn spearman(first: &[f64], second: &[f64]) -> f64 {
    if first.len() != second.len() {
        return f64::NAN;
    }
    let (a, b) = (ranks(first), ranks(second));
    let mean = (first.len() as f64 - 1.0) / 2.0;
    let product = |x: &[f64], y: &[f64]| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mean) * (y - mean)).sum()
    };
    let norm = (product(&a, &a) * product(&b, &b)).sqrt();
    if norm > 0.0 {
        product(&a, &b) / norm
    } else {
        0.0
    }
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let position =
            order.partition_point(|&other| values[other].total_cmp(&values[tied[0]]).is_lt());
        let mean = position as f64 + (tied.len() as f64 - 1.0) / 2.0;
        tied.iter().for_each(|&index| ranks[index] = mean);
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outliers_are_told_from_normal_errors_on_either_side() {
        let mut errors: Vec<f64> = (0..50).map(|i| 3.0 + f64::from(i % 11) - 5.0).collect();
        assert!(outlying(&errors, 5.0, 0.0).is_empty());
        errors[7] = 60.0;
        errors[20] = -60.0;
        assert_eq!(outlying(&errors, 5.0, 0.0), [7, 20]);
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), 2.5);
    }

    #[test]
    fn ties_share_their_mean_rank() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 0.0]), [2.5, 1.0, 2.5, 0.0]);
    }
}
