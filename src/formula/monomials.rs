//! Products of variables.

use super::Expression;

/// Polynomials have at most this degree and this many monomials.
const MAX_DEGREE: usize = 7;
const MAX_MONOMIALS: usize = 56;

/// The highest degree at which there are not too many monomials.
pub(crate) fn highest_degree(n_features: usize) -> usize {
    let n_monomials = |degree: usize| (1..=degree).fold(1, |n, d| n * (n_features + d) / d) - 1;
    let degrees = (2..=MAX_DEGREE).take_while(|&degree| n_monomials(degree) <= MAX_MONOMIALS);
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
