//! Projection onto orthonormal columns.

/// The part of values that is orthogonal to an orthonormal basis, taken twice for the sake of
/// rounding.
pub(crate) fn without(values: &[f64], basis: &[Vec<f64>]) -> Vec<f64> {
    let mut rest = values.to_vec();
    for column in basis.iter().chain(basis) {
        let along: f64 = column.iter().zip(&rest).map(|(a, b)| a * b).sum();
        rest.iter_mut()
            .zip(column)
            .for_each(|(r, c)| *r -= along * c);
    }
    rest
}
