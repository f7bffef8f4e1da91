//! How exactly values were written down.

use crate::numerics::digits_and_order;

/// Written with fewer digits than this, values count as measured: their error is for the search to
/// find. With 4, three more powers of ten of a loss would count as exact; with 6, tables of five
/// digits get terms that fit the rounding.
const MIN_DIGITS: usize = 5;

/// The step between neighbouring numbers as each of the values was written: the last decimal place
/// or the last significant digit that any value has, whichever is coarser; 0 for all where they
/// have few digits.
pub(super) fn steps(values: &[f64]) -> Vec<f64> {
    if are_single(values) {
        return values
            .iter()
            .map(|y| f64::from(f32::EPSILON) * y.abs())
            .collect();
    }
    let written: Vec<(usize, i32)> = values.iter().map(|y| digits_and_order(*y)).collect();
    let n_significant = written.iter().map(|(n_digits, _)| *n_digits).max();
    let n_significant = n_significant.unwrap_or(0);
    if n_significant < MIN_DIGITS {
        return vec![0.0; values.len()];
    }
    let last_place = |n_digits: usize, order: i32| order - n_digits as i32 + 1;
    let others = values.iter().zip(&written).filter(|(y, _)| **y != 0.0);
    let last_decimal = others.map(|(_, (n_digits, order))| last_place(*n_digits, *order));
    let last_decimal = last_decimal.min().unwrap_or(0);
    let step =
        |(_, order): &(usize, i32)| 10f64.powi(last_place(n_significant, *order).max(last_decimal));
    written.iter().map(step).collect()
}

/// Whether the values are numbers of single precision that decimal digits don't show.
fn are_single(values: &[f64]) -> bool {
    let is_single = |y: &f64| f64::from(*y as f32) == *y;
    values.iter().all(is_single) && values.iter().any(|y| digits_and_order(*y).0 > 9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_places_and_significant_digits_are_told_apart() {
        assert_eq!(steps(&[12.345, 0.21, 103.512]), [1e-3; 3]);
        assert_eq!(steps(&[1.2345e-7, 3.1, 4.4444e5]), [1e-11, 1e-4, 10.0]);
        assert_eq!(steps(&[1.25, 3.5]), [0.0; 2]);
    }

    #[test]
    fn single_precision_is_recognised() {
        let values = [0.1f32, 0.7, 3.3].map(f64::from);
        let steps = steps(&values);
        assert!((steps[1] / 0.7 - 2f64.powi(-23)).abs() < 1e-12);
    }
}
