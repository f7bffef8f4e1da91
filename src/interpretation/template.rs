//! A formula's structure: the formula with all its numbers free.

use crate::formula::{Expression, Operator};

/// The formula with a parameter for every number, starting at its value. Numbers that aren't
/// written count, too: each term of a sum has a coefficient, each argument of a function a factor.
///
/// A factor of the whole formula doesn't change directions and is left out. So is a factor that
/// another coefficient can replace: `(x1 - x2)^2 + 3 x3` becomes `(x1 - a x2)^2 + b x3`.
pub(super) fn template_of(formula: &Expression) -> Expression {
    freed(formula).1
}

/// The parameters of a template, in the order of its numbers; exponents aren't parameters.
pub(super) fn parameters(template: &mut Expression) -> Vec<&mut f64> {
    let numbers = template.numbers_mut().into_iter();
    let values = numbers.filter_map(|number| match number {
        Expression::Constant(value) => Some(value),
        _ => None,
    });
    values.collect()
}

/// A formula as a scale times an expression whose first coefficient is 1.
fn freed(formula: &Expression) -> (f64, Expression) {
    match formula {
        Expression::Constant(value) => (*value, Expression::Constant(1.0)),
        Expression::Variable(_) => (1.0, formula.clone()),
        Expression::Apply(Operator::Add | Operator::Sub | Operator::Neg, _) => {
            let terms = freed_terms(formula);
            let Some(first) = terms.iter().position(|(_, term)| term.n_variables() > 0) else {
                return (1.0, formula.clone());
            };
            let scale = terms[first].0;
            let term = |(index, (coefficient, term)): (usize, &(f64, Expression))| match index {
                _ if index == first => term.clone(),
                _ => times(coefficient / scale, term),
            };
            (scale, sum(terms.iter().enumerate().map(term)))
        }
        Expression::Apply(Operator::Mul | Operator::Div | Operator::Inv | Operator::Powi, _) => {
            freed_product(formula)
        }
        // A factor of the base is a factor of the power.
        Expression::Apply(Operator::Pow, arguments) if arguments[1].n_variables() == 0 => {
            let (scale, base) = freed(&arguments[0]);
            let exponent = arguments[1].value(&[]);
            let power =
                |base| Expression::binary(Operator::Pow, base, Expression::Constant(exponent));
            match scale.powf(exponent) {
                scale if scale.is_finite() => (scale, power(base)),
                _ => (1.0, power(times(scale, &base))),
            }
        }
        Expression::Apply(operator, arguments) => {
            let argument = |argument: &Expression| {
                let terms = freed_terms(argument);
                sum(terms.iter().map(|(scale, term)| times(*scale, term)))
            };
            let arguments = arguments.iter().map(argument).collect();
            (1.0, Expression::applied(*operator, arguments))
        }
    }
}

/// The terms of a sum, each with its scale. Any other formula is a single term.
fn freed_terms(formula: &Expression) -> Vec<(f64, Expression)> {
    let mut parts = Vec::new();
    formula.collect_parts(1.0, &mut parts);
    let free = |(coefficient, term): &(f64, Expression)| {
        let (scale, term) = freed(term);
        (coefficient * scale, term)
    };
    parts.iter().map(free).collect()
}

/// Equal factors become one power, so that their numbers stay equal.
fn freed_product(formula: &Expression) -> (f64, Expression) {
    let mut factors: Vec<(Expression, i32)> = Vec::new();
    collect_factors(formula, 1, &mut factors);
    let mut scale = 1.0;
    let (mut above, mut below): (Option<Expression>, Option<Expression>) = (None, None);
    for (factor, exponent) in factors {
        let (own_scale, factor) = freed(&factor);
        scale *= own_scale.powi(exponent);
        if exponent == 0 || factor.n_variables() == 0 {
            continue;
        }
        let power = match exponent.abs() {
            1 => factor,
            n => Expression::applied(Operator::Powi, vec![factor, Expression::Constant(n.into())]),
        };
        let side = if exponent > 0 { &mut above } else { &mut below };
        *side = Some(match side.take() {
            Some(product) => product * power,
            None => power,
        });
    }
    let above = above.unwrap_or(Expression::Constant(1.0));
    match below {
        // The 1 in the numerator isn't a parameter, because the scale replaces it.
        Some(below) if above.n_variables() == 0 => {
            (scale, Expression::applied(Operator::Inv, vec![below]))
        }
        Some(below) => (scale, above / below),
        None => (scale, above),
    }
}

fn collect_factors(formula: &Expression, exponent: i32, factors: &mut Vec<(Expression, i32)>) {
    match formula {
        Expression::Apply(Operator::Mul, sides) => {
            collect_factors(&sides[0], exponent, factors);
            collect_factors(&sides[1], exponent, factors);
        }
        Expression::Apply(Operator::Div, sides) => {
            collect_factors(&sides[0], exponent, factors);
            collect_factors(&sides[1], -exponent, factors);
        }
        Expression::Apply(Operator::Inv, sides) => collect_factors(&sides[0], -exponent, factors),
        Expression::Apply(Operator::Powi, sides) => {
            let power = match sides[1] {
                Expression::Constant(power) => power as i32,
                _ => 1,
            };
            collect_factors(&sides[0], exponent.saturating_mul(power), factors);
        }
        _ => match factors.iter_mut().find(|(known, _)| known == formula) {
            Some((_, sum)) => *sum += exponent,
            None => factors.push((formula.clone(), exponent)),
        },
    }
}

fn times(coefficient: f64, term: &Expression) -> Expression {
    match term {
        Expression::Constant(value) => Expression::Constant(coefficient * value),
        _ => Expression::Constant(coefficient) * term.clone(),
    }
}

fn sum(terms: impl Iterator<Item = Expression>) -> Expression {
    let sum = terms.reduce(|sum, term| sum + term);
    sum.unwrap_or(Expression::Constant(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Experiment;

    #[test]
    fn every_number_that_matters_is_a_parameter() {
        let expected: [(&str, &[f64]); 9] = [
            ("x1**2 + 2*x2**2", &[2.0]),
            ("3*x1**2 + 2*x2**2", &[2.0 / 3.0]),
            ("x1**2 + sin(x2 + x3)", &[1.0, 1.0, 1.0]),
            ("exp(x1 - x2) - pi*x3", &[1.0, -1.0, -std::f64::consts::PI]),
            ("x1*exp(-x2**2/2 - x3**2/2)", &[-0.5, -0.5]),
            ("x1*x2 - (x3 - x4)**2", &[-1.0, -1.0]),
            ("(2*x1 - x2)/(x1 + x2)", &[-0.5, 1.0]),
            ("1/(x1 + 3*x2)", &[3.0]),
            ("sin(x1 + 0.5)*x2", &[1.0, 0.5]),
        ];
        for (text, expected) in expected {
            let mut template = template_of(&text.parse().unwrap());
            let found: Vec<f64> = parameters(&mut template).iter().map(|p| **p).collect();
            assert_eq!(found, expected, "{text} as {template}");
        }
    }

    #[test]
    fn a_template_with_its_first_numbers_is_the_formula_up_to_a_factor() {
        for truth in Experiment::ALL.into_iter().flat_map(Experiment::truths) {
            let (scale, template) = freed(&truth);
            for point in [
                [0.3, 0.7, 0.2, 1.1, 0.4, 0.9],
                [1.3, 0.1, 0.8, 0.5, 1.4, 0.6],
            ] {
                let (expected, found) = (truth.value(&point), scale * template.value(&point));
                assert!((expected - found).abs() < 1e-12, "{truth} as {template}");
            }
        }
    }
}
