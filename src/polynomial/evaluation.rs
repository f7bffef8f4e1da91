//! Values and gradients of polynomials at many points.

use super::Polynomial;
use crate::error::Result;
use crate::points::check_rows;
use rayon::prelude::*;

/// Rows that are computed together.
const BLOCK: usize = 256;

impl Polynomial {
    /// The values at points `(n_samples, n_variables)`: `(n_samples,)`.
    ///
    /// # Errors
    /// If the points aren't rows with as many values as the polynomial has variables.
    pub fn values(&self, points: &[f64]) -> Result<Vec<f64>> {
        evaluate(points, self.n_variables(), 1, || self.terms_with_slices())
    }

    /// The gradients at points `(n_samples, n_variables)`: `(n_samples, n_variables)`.
    ///
    /// # Errors
    /// As for [`values`](Self::values).
    pub fn gradients(&self, points: &[f64]) -> Result<Vec<f64>> {
        let partials =
            (1..=self.n_variables()).map(|variable| self.derivative(variable)?.values(points));
        let partials = partials.collect::<Result<Vec<_>>>()?;
        let n_samples = points.len() / self.n_variables();
        let rows = (0..n_samples).flat_map(|row| partials.iter().map(move |partial| partial[row]));
        Ok(rows.collect())
    }
}

/// The values of polynomials that share their monomials, `(n_samples, n_polynomials)`. A term is a
/// label with the coefficients of all polynomials.
pub(super) fn evaluate<'a, Terms>(
    points: &[f64],
    n_variables: usize,
    n_polynomials: usize,
    terms: impl Fn() -> Terms + Sync,
) -> Result<Vec<f64>>
where
    Terms: Iterator<Item = (&'a [usize], &'a [f64])>,
{
    check_rows(points, n_variables, "variables")?;
    let blocks = points.par_chunks(BLOCK * n_variables);
    let values = blocks.flat_map_iter(|block| {
        let columns: Vec<Vec<f64>> = (0..n_variables)
            .map(|variable| {
                block
                    .iter()
                    .skip(variable)
                    .step_by(n_variables)
                    .copied()
                    .collect()
            })
            .collect();
        block_values(&columns, n_polynomials, terms())
    });
    Ok(values.collect())
}

/// The values at points given as columns, row after row.
fn block_values<'a>(
    columns: &[Vec<f64>],
    n_polynomials: usize,
    terms: impl Iterator<Item = (&'a [usize], &'a [f64])>,
) -> Vec<f64> {
    let n_rows = columns[0].len();
    let mut sums = vec![vec![0.0; n_rows]; n_polynomials];
    // The products of a term's first factors: neighbouring terms share most of them.
    let mut products = vec![vec![1.0; n_rows]];
    let mut known: &[usize] = &[];
    for (label, coefficients) in terms {
        let common = known.iter().zip(label).take_while(|(a, b)| a == b).count();
        products.truncate(common + 1);
        for depth in common..label.len() {
            let factors = products[depth].iter().zip(&columns[label[depth] - 1]);
            products.push(factors.map(|(product, x)| product * x).collect());
        }
        known = label;
        for (sum, coefficient) in sums.iter_mut().zip(coefficients) {
            let parts = sum.iter_mut().zip(&products[label.len()]);
            parts.for_each(|(sum, product)| *sum += coefficient * product);
        }
    }
    let rows = (0..n_rows).flat_map(|row| sums.iter().map(move |sum| sum[row]));
    rows.collect()
}
