//! Products of variables.

use super::Expression;
use crate::effort::Polynomials;

/// The number of monomials up to a degree, including the constant.
pub(crate) fn n_monomials(n_features: usize, degree: usize) -> usize {
    (1..=degree).fold(1, |n, d| usize::saturating_mul(n, n_features + d) / d)
}

/// The highest degree at which the number of monomials is within the limit.
pub(crate) fn highest_degree(n_features: usize, limits: &Polynomials) -> usize {
    let is_small = |degree: &usize| n_monomials(n_features, *degree) - 1 <= limits.max_monomials;
    let degrees = (2..=limits.max_degree).take_while(is_small);
    degrees.last().unwrap_or(1)
}

/// All products of at most `degree` variables.
pub(crate) fn monomials(n_features: usize, degree: usize) -> Vec<Expression> {
    let mut all: Vec<(usize, Expression)> = (0..n_features)
        .map(|index| (index, Expression::variable(index)))
        .collect();
    let mut last = all.clone();
    for _ in 1..degree {
        last = last
            .iter()
            .flat_map(|(highest, product)| {
                (*highest..n_features)
                    .map(|index| (index, product.clone() * Expression::variable(index)))
            })
            .collect();
        all.extend(last.iter().cloned());
    }
    all.into_iter().map(|(_, product)| product).collect()
}
