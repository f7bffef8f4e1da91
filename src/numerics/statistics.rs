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

/// The share of the variance of `y` that `found` explains. A value that isn't finite counts as the
/// mean, so it explains nothing.
pub(crate) fn share_explained(found: &[f64], y: &[f64]) -> f64 {
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
    fn ties_share_their_mean_rank() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 0.0]), [2.5, 1.0, 2.5, 0.0]);
    }
}
