//! Quadratic forms written as products and squares of linear ones, which takes fewer numbers.

use crate::effort::{Effort, Factors};
use crate::formula::{Expression, Operator};
use crate::search::combination::{Combination, Term};
use faer::{Mat, Side};

/// The sum as a product of linear forms and as a sum of squares, as far as it is one.
pub(crate) fn factored(sum: &Combination, effort: &Effort) -> Vec<Combination> {
    let limits = effort.stages.factors.then_some(&effort.factors);
    let product = limits.and_then(|limits| product_of_linear_forms(sum, limits));
    let squares = limits.and_then(|limits| perfect_squares(sum, limits));
    product.into_iter().chain(squares).collect()
}

/// `(a . x)(b . x)` for a quadratic form `x^T Q x` in two or more variables, where `Q` has one
/// positive and one negative eigenvalue and no other: with unit eigenvectors `v` and `w`,
/// `p (v . x)^2 - q (w . x)^2 = (r v . x + s w . x)(r v . x - s w . x)`, `r^2 = p`, `s^2 = q`.
///
/// Returns `None` for any other sum.
fn product_of_linear_forms(sum: &Combination, limits: &Factors) -> Option<Combination> {
    let mut entries = Vec::new();
    for (coefficient, term) in sum.coefficients.iter().zip(sum.plain_terms()?) {
        if !sum.is_scale_free {
            return None;
        }
        let Expression::Apply(Operator::Mul, factors) = term else {
            return None;
        };
        let [Expression::Variable(row), Expression::Variable(column)] = &factors[..] else {
            return None;
        };
        entries.push((*row, *column, *coefficient));
    }
    let n = entries
        .iter()
        .map(|(row, column, _)| row.max(column) + 1)
        .max()?;
    let mut form = Mat::<f64>::zeros(n, n);
    for (row, column, coefficient) in entries {
        form[(row, column)] += coefficient / 2.0;
        form[(column, row)] += coefficient / 2.0;
    }
    let eigen = form.self_adjoint_eigen(Side::Lower).ok()?;
    // Sorted in ascending order: the negative one comes first, the positive one last.
    let values = eigen.S().column_vector();
    let (lowest, highest) = (values[0], values[n - 1]);
    let largest = highest.max(-lowest);
    let zero = limits.negligible * largest;
    let is_rank_two = (1..n - 1).all(|k| values[k].abs() < zero);
    if n < 2 || !is_rank_two || highest < zero || -lowest < zero {
        return None;
    }
    // Its first coefficient and, divided by it, the form: so the product has one number less.
    let linear_form = |sign: f64| -> Option<(f64, Expression)> {
        let coefficients: Vec<f64> = (0..n)
            .map(|k| {
                highest.sqrt() * eigen.U()[(k, n - 1)] + sign * (-lowest).sqrt() * eigen.U()[(k, 0)]
            })
            .collect();
        let size = coefficients
            .iter()
            .fold(0.0_f64, |size, c| size.max(c.abs()));
        let mut parts = coefficients
            .iter()
            .enumerate()
            .filter(|(_, c)| c.abs() > limits.negligible * size)
            .map(|(index, c)| (*c, Expression::variable(index)));
        let (unit, first) = parts.next()?;
        let rest = parts.map(|(c, variable)| (c / unit, variable));
        let parts: Vec<_> = std::iter::once((1.0, first)).chain(rest).collect();
        Some((unit, Expression::weighted_sum(&parts)))
    };
    let (first, second) = (linear_form(1.0)?, linear_form(-1.0)?);
    Some(Combination {
        coefficients: vec![first.0 * second.0],
        terms: vec![Term::Plain(first.1 * second.1)],
        offset: sum.offset,
        is_scale_free: sum.is_scale_free,
    })
}

/// `a x^2 + b x y + c y^2` with `b^2 = 4 a c` written as `a (x + r y)^2`, wherever a sum has it;
/// `None` if it is nowhere.
fn perfect_squares(sum: &Combination, limits: &Factors) -> Option<Combination> {
    let mut parts: Vec<(f64, &Expression)> = sum
        .coefficients
        .iter()
        .copied()
        .zip(sum.plain_terms()?)
        .collect();
    let mut squares = Vec::new();
    while let Some((found, square)) = next_square(&parts, limits) {
        squares.push(square);
        parts.retain(|(_, term)| !found.contains(term));
    }
    if squares.is_empty() {
        return None;
    }
    let rest = parts.into_iter().map(|(c, term)| (c, term.clone()));
    let (coefficients, terms) = rest
        .chain(squares)
        .map(|(c, term)| (c, Term::Plain(term)))
        .unzip();
    Some(Combination {
        coefficients,
        terms,
        ..sum.clone()
    })
}

/// The three terms of a square, and the square with its coefficient.
fn next_square(
    parts: &[(f64, &Expression)],
    limits: &Factors,
) -> Option<([Expression; 3], (f64, Expression))> {
    let coefficient_of = |wanted: &Expression| {
        let place = parts.iter().find(|(_, term)| *term == wanted);
        place.map(|(c, _)| *c)
    };
    parts.iter().find_map(|(b, mixed)| {
        let Expression::Apply(Operator::Mul, factors) = mixed else {
            return None;
        };
        let [
            x @ Expression::Variable(first),
            y @ Expression::Variable(second),
        ] = &factors[..]
        else {
            return None;
        };
        let (square_x, square_y) = (x.clone() * x.clone(), y.clone() * y.clone());
        let (a, c) = (coefficient_of(&square_x)?, coefficient_of(&square_y)?);
        if first == second || (b * b / (4.0 * a * c) - 1.0).abs() > limits.near_square {
            return None;
        }
        let root = Expression::weighted_sum(&[(1.0, x.clone()), (b / (2.0 * a), y.clone())]);
        let found = [square_x, square_y, (*mixed).clone()];
        Some((found, (a, root.clone() * root)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effort::Products;

    #[test]
    fn perfect_squares_are_seen_among_other_terms() {
        let x = Expression::variable;
        let sum = Combination {
            coefficients: vec![1.0, -1.0, 2.0, -1.0, 3.0],
            terms: [
                x(0) * x(1),
                x(2) * x(2),
                x(2) * x(3),
                x(3) * x(3),
                x(0) * x(0),
            ]
            .map(Term::Plain)
            .to_vec(),
            offset: 0.5,
            is_scale_free: false,
        };
        let squares = perfect_squares(&sum, &Factors::DEFAULT).expect("-(x3 - x4)^2 is a square");
        assert_eq!(squares.terms.len(), 3);
        let value = |sum: &Combination| {
            sum.to_expressions(&[], &Products::DEFAULT)[0].value(&[0.3, -1.0, 2.0, 0.7])
        };
        assert!((value(&squares) - value(&sum)).abs() < 1e-12);
    }

    #[test]
    fn an_indefinite_quadratic_form_becomes_a_product() {
        let x = Expression::variable;
        let form = Combination {
            coefficients: vec![1.0, 3.0, 2.0],
            terms: [x(0) * x(0), x(0) * x(1), x(1) * x(1)]
                .map(Term::Plain)
                .to_vec(),
            offset: 0.0,
            is_scale_free: true,
        };
        let product = product_of_linear_forms(&form, &Factors::DEFAULT)
            .expect("x1^2 + 3 x1 x2 + 2 x2^2 factors");
        let value = |sum: &Combination, point: &[f64]| {
            sum.to_expressions(&[], &Products::DEFAULT)[0].value(point)
        };
        for point in [[0.3, -1.0], [2.0, 5.0], [-1.0, 1.0]] {
            let ratio = value(&product, &point) - value(&form, &point);
            assert!(ratio.abs() < 1e-12, "{point:?}");
        }
    }

    #[test]
    fn a_definite_form_has_no_real_factors() {
        let x = Expression::variable;
        let form = Combination {
            coefficients: vec![1.0, 2.0],
            terms: [x(0) * x(0), x(1) * x(1)].map(Term::Plain).to_vec(),
            offset: 0.0,
            is_scale_free: true,
        };
        assert!(product_of_linear_forms(&form, &Factors::DEFAULT).is_none());
    }
}
