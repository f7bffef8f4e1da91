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

/// The highest degree at which the number of quotients of powers is within the limit; none if that is
/// below 3, where polynomials and their quotients are much the same.
pub(crate) fn highest_degree_of_quotients(
    n_features: usize,
    limits: &Polynomials,
) -> Option<usize> {
    let is_small = |degree: &usize| powers(n_features, *degree).len() <= limits.max_quotients;
    (3..=limits.max_degree).take_while(is_small).last()
}

/// All products of positive and negative powers with exponents whose sizes add up to at most `degree`.
pub(crate) fn quotients_of_monomials(n_features: usize, degree: usize) -> Vec<Expression> {
    let written = powers(n_features, degree).into_iter().map(|powers| {
        let powers = powers.into_iter().map(f64::from).enumerate();
        Expression::product_of_powers(&powers.collect::<Vec<_>>())
    });
    written.collect()
}

/// The exponents of these, the lowest degree first, without those that are all 0.
fn powers(n_features: usize, degree: usize) -> Vec<Vec<i32>> {
    let mut all = vec![Vec::new()];
    for _ in 0..n_features {
        let longer = all.into_iter().flat_map(|powers: Vec<i32>| {
            let left = degree as i32 - size(&powers);
            (-left..=left).map(move |power| [&powers[..], &[power]].concat())
        });
        all = longer.collect();
    }
    all.retain(|powers| size(powers) > 0);
    all.sort_by_key(|powers| size(powers));
    all
}

fn size(powers: &[i32]) -> i32 {
    powers.iter().map(|power| power.abs()).sum()
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
