//! Quotients of polynomials, solved for in one step: `p(x) - y q(x) = 0` is linear in the
//! coefficients of `p` and `q`, which are the vector that a matrix takes to nothing.

use crate::effort::Rational;
use crate::formula::Columns;
use crate::formula::Expression;
use crate::formula::monomials::{monomials, n_monomials};
use faer::Mat;

/// The quotient of lowest degree that is the target at all points, up to rounding error.
pub(crate) fn quotient(columns: &Columns, target: &[f64], limits: &Rational) -> Option<Expression> {
    let n_features = columns.n_features();
    let max_degree = match n_features {
        1 => limits.max_degree_of_one,
        _ => limits.max_degree,
    };
    let n_up_to = |degree: usize| n_monomials(n_features, degree);
    let most = (limits.max_unknowns).min(target.len() / limits.points_per_unknown);
    let degrees = (0..=max_degree).flat_map(|above| (1..=max_degree).map(move |b| (above, b)));
    let mut sized: Vec<(usize, usize, usize)> = degrees
        .map(|(above, below)| (n_up_to(above) + n_up_to(below), above, below))
        .filter(|(n_unknowns, ..)| *n_unknowns <= most)
        .collect();
    // Whoever has a factor in common above and below has a shorter form that comes first.
    sized.sort_unstable();
    let highest = sized
        .iter()
        .map(|(_, above, below)| *above.max(below))
        .max()?;
    let monomials: Vec<(Expression, Vec<f64>)> = std::iter::once(Expression::constant(1.0))
        .chain(monomials(n_features, highest))
        .map(|monomial| {
            let values = match monomial {
                Expression::Constant(one) => vec![one; target.len()],
                _ => monomial.evaluate(columns).values,
            };
            (monomial, values)
        })
        .collect();
    sized.into_iter().find_map(|(_, above, below)| {
        let side = |is_above: bool, degree: usize| {
            let terms = monomials.iter().take(n_up_to(degree));
            terms.map(move |(monomial, values)| Unknown {
                is_above,
                monomial,
                column: if is_above {
                    values.clone()
                } else {
                    values.iter().zip(target).map(|(v, y)| -v * y).collect()
                },
            })
        };
        let unknowns: Vec<Unknown> = side(true, above).chain(side(false, below)).collect();
        solved(unknowns, limits)
    })
}

/// A coefficient above or below, with what it is multiplied by at every point.
struct Unknown<'a> {
    is_above: bool,
    monomial: &'a Expression,
    column: Vec<f64>,
}

/// The quotient whose coefficients bring all columns together to nothing, without the terms that
/// don't take part.
fn solved(mut unknowns: Vec<Unknown>, limits: &Rational) -> Option<Expression> {
    loop {
        let parts = vanishing(&unknowns, limits.zero)?;
        let largest = parts
            .iter()
            .fold(0.0_f64, |largest, part| largest.max(part.abs()));
        let n_before = unknowns.len();
        let least = limits.negligible * largest;
        let mut kept = parts.iter().map(|part| part.abs() > least);
        unknowns.retain(|_| kept.next().unwrap_or(false));
        if unknowns.len() == n_before {
            let coefficients: Vec<f64> = parts
                .iter()
                .zip(&unknowns)
                .map(|(part, unknown)| part / norm(&unknown.column))
                .collect();
            return written(&unknowns, &coefficients, limits.near_whole);
        }
    }
}

/// The vector that the matrix of unit columns takes to nothing, if there is one: a singular value
/// below the share `zero` of the largest.
fn vanishing(unknowns: &[Unknown], zero: f64) -> Option<Vec<f64>> {
    let n = unknowns.len();
    let norms: Vec<f64> = unknowns
        .iter()
        .map(|unknown| norm(&unknown.column))
        .collect();
    if n < 2 || norms.iter().any(|norm| !norm.is_normal()) {
        return None;
    }
    let n_samples = unknowns[0].column.len();
    let matrix = Mat::from_fn(n_samples, n, |row, k| unknowns[k].column[row] / norms[k]);
    let decomposed = matrix.thin_svd().ok()?;
    let sizes = decomposed.S().column_vector();
    (sizes[n - 1] < zero * sizes[0]).then(|| decomposed.V().col(n - 1).iter().copied().collect())
}

fn norm(column: &[f64]) -> f64 {
    column.iter().map(|v| v * v).sum::<f64>().sqrt()
}

/// The quotient in the scale in which most coefficients are whole; a polynomial has the divisor 1.
fn written(unknowns: &[Unknown], coefficients: &[f64], near_whole: f64) -> Option<Expression> {
    let n_whole = |unit: f64| {
        let scaled = coefficients.iter().map(|c| c / unit);
        scaled
            .filter(|c| c.round() != 0.0 && (c - c.round()).abs() < near_whole * c.abs())
            .count()
    };
    let mut below = unknowns
        .iter()
        .zip(coefficients)
        .filter(|(unknown, _)| !unknown.is_above);
    let is_polynomial = |unknown: &Unknown| matches!(unknown.monomial, Expression::Constant(_));
    let unit = match (below.next(), below.next()) {
        (Some((unknown, coefficient)), None) if is_polynomial(unknown) => *coefficient,
        _ => *coefficients
            .iter()
            .rev()
            .max_by_key(|unit| n_whole(**unit))?,
    };
    let sum = |is_above: bool| {
        let parts: Vec<(f64, Expression)> = unknowns
            .iter()
            .zip(coefficients)
            .filter(|(unknown, _)| unknown.is_above == is_above)
            .map(|(unknown, c)| (c / unit, unknown.monomial.clone()))
            .collect();
        (!parts.is_empty()).then(|| Expression::weighted_sum(&parts).folded())
    };
    Some(sum(true)? / sum(false)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    fn found(truth: &str, n_features: usize) -> Option<Expression> {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut column = || (0..256).map(|_| rng.random_range(1.0..3.0)).collect();
        let columns = Columns::of_one_length((0..n_features).map(|_| column()).collect());
        let truth: Expression = truth.parse().unwrap();
        quotient(
            &columns,
            &truth.evaluate(&columns).values,
            &Rational::DEFAULT,
        )
    }

    #[test]
    fn a_quotient_of_polynomials_is_solved_for() {
        let formulas = [
            ("(x1 + x2)/(1 + x1*x2)", 2),
            ("8/(2 + x1**2 + x2**2)", 2),
            ("(3*x1**2 - x2)/(x2*x3 - 0.37*x1 + 9)", 3),
            ("x1*x2/(x3*(x4**2 + x5**2))", 5),
        ];
        for (text, n_features) in formulas {
            let truth: Expression = text.parse().unwrap();
            let found = found(text, n_features).expect(text);
            for point in [[1.1, 2.3, 1.7, 1.4, 2.2], [2.9, 1.2, 2.4, 1.9, 1.3]] {
                let error = found.value(&point) / truth.value(&point) - 1.0;
                assert!(error.abs() < 1e-10, "{text}: {found}");
            }
        }
    }

    #[test]
    fn what_is_no_quotient_is_not_taken_for_one() {
        for (text, n_features) in [("exp(x1)", 1), ("log(x1 + x2)", 2), ("sqrt(x1)*x2", 2)] {
            assert_eq!(found(text, n_features), None, "{text}");
        }
    }
}
