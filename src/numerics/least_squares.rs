//! Least squares by a rank-revealing QR factorization.

use faer::Mat;

/// A diagonal entry of R below this share of the largest is rounding error: its column is a linear
/// combination of those before it.
const DEPENDENT: f64 = 1e-11;

/// The coefficients, and the number of independent columns.
pub(crate) struct Solution {
    /// `(n_terms,)`; 0 for columns that are linear combinations of others.
    pub coefficients: Vec<f64>,
    pub rank: usize,
}

/// Minimizes the mean square of `design c - target`, plus `ridge` times the sum of squares of all
/// coefficients but the first. `design` is `(n_rows, n_terms)`, `target` is `(n_rows, 1)`.
pub(crate) fn solve(design: &Mat<f64>, target: &Mat<f64>, ridge: f64) -> Solution {
    let (n_rows, n_terms) = (design.nrows(), design.ncols());
    if ridge > 0.0 {
        // Additional rows pull the coefficients towards 0.
        let weight = (ridge * n_rows as f64).sqrt();
        let further = Mat::from_fn(n_rows + n_terms - 1, n_terms, |row, term| {
            match row.checked_sub(n_rows) {
                None => design[(row, term)],
                Some(of_term) if of_term + 1 == term => weight,
                Some(_) => 0.0,
            }
        });
        let zeros = Mat::from_fn(n_rows + n_terms - 1, 1, |row, _| {
            if row < n_rows { target[(row, 0)] } else { 0.0 }
        });
        return solve(&further, &zeros, 0.0);
    }
    let factorized = design.col_piv_qr();
    let r = factorized.thin_R();
    let largest = r[(0, 0)].abs();
    let is_independent = |place: &usize| r[(*place, *place)].abs() > DEPENDENT * largest;
    let rank = (0..n_rows.min(n_terms)).take_while(is_independent).count();
    let right = factorized.compute_thin_Q().transpose() * target;
    let (order, _) = factorized.P().arrays();
    let mut coefficients = vec![0.0; n_terms];
    for row in (0..rank).rev() {
        let later = (row + 1..rank).map(|column| r[(row, column)] * coefficients[order[column]]);
        let later: f64 = later.sum();
        coefficients[order[row]] = (right[(row, 0)] - later) / r[(row, row)];
    }
    Solution { coefficients, rank }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: &[f64]) -> Mat<f64> {
        Mat::from_fn(values.len(), 1, |row, _| values[row])
    }

    /// The columns 1, x and 2x.
    fn dependent(x: &[f64]) -> Mat<f64> {
        Mat::from_fn(x.len(), 3, |row, term| [1.0, x[row], 2.0 * x[row]][term])
    }

    #[test]
    fn a_line_goes_through_its_points_whichever_column_carries_it() {
        let x = [0.0, 1.0, 2.0, 5.0];
        let found = solve(&dependent(&x), &column(&x.map(|x| 3.0 * x - 1.0)), 0.0);
        assert_eq!(found.rank, 2);
        let [constant, once, twice] = found.coefficients[..] else {
            panic!("{:?}", found.coefficients)
        };
        assert!((constant + 1.0).abs() < 1e-12 && (once + 2.0 * twice - 3.0).abs() < 1e-12);
        assert!(once == 0.0 || twice == 0.0);
    }

    #[test]
    fn fewer_rows_than_columns_are_met_exactly() {
        let design = Mat::from_fn(2, 4, |row, term| (row as f64 + 2.0).powi(term as i32));
        let found = solve(&design, &column(&[7.0, -3.0]), 0.0);
        assert_eq!(found.rank, 2);
        for (row, target) in [7.0, -3.0].into_iter().enumerate() {
            let value: f64 = (0..4)
                .map(|term| design[(row, term)] * found.coefficients[term])
                .sum();
            assert!((value - target).abs() < 1e-12);
        }
    }

    #[test]
    fn ridge_shrinks_a_slope_as_by_hand_and_leaves_the_constant_alone() {
        // Centred x: the constant is the mean, the slope sum(x y) / (sum(x x) + n ridge).
        let x = [-1.0, 0.0, 1.0];
        let design = Mat::from_fn(3, 2, |row, term| [1.0, x[row]][term]);
        let found = solve(&design, &column(&[1.0, 2.0, 6.0]), 0.5);
        assert!((found.coefficients[0] - 3.0).abs() < 1e-12);
        assert!((found.coefficients[1] - 5.0 / 3.5).abs() < 1e-12);
    }
}
