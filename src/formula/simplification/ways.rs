//! The ways to write a formula as a layer around a rest.

use super::collected::{Product, Sum};
use super::layer::Stripped;
use crate::formula::{Expression, Operator};
use crate::numerics::greatest_common_divisor;

/// The formula as functions of its parts, the largest part first.
pub(super) fn functions(expression: &Expression) -> Vec<(Stripped, Expression)> {
    let mut parts = Vec::new();
    collect_parts(expression, &mut parts);
    let layers = parts.into_iter().skip(1).filter_map(|part| {
        let layer = around(expression, part)?;
        Some((Stripped::Function(layer), part.clone()))
    });
    layers.collect()
}

/// The formula as a power, an exponential or a logarithm of something that it doesn't contain.
pub(super) fn powers(expression: &Expression) -> Vec<(Stripped, Expression)> {
    let product = Product::of(expression);
    let mut found = roots(&product);
    found.extend(square_root_of(&product));
    found.extend(logarithm_of(&product));
    found.extend(exponential_of(&Sum::of(expression)));
    found
}

/// A sum divided by one of its coefficients.
pub(super) fn scales(expression: &Expression) -> Vec<(Stripped, Expression)> {
    let sum = Sum::of(expression);
    let divided = |scale: f64| {
        let mut rest = Sum {
            offset: 0.0,
            terms: sum.terms.clone(),
        };
        for term in &mut rest.terms {
            term.coefficient = without_rounding(term.coefficient / scale);
        }
        let offset = sum.offset;
        (Stripped::Affine { scale, offset }, rest.expression())
    };
    let coefficients = sum.terms.iter().map(|term| term.coefficient);
    let scales = coefficients.flat_map(|coefficient| [coefficient, -coefficient]);
    [1.0, -1.0].into_iter().chain(scales).map(divided).collect()
}

/// 0.3 / 0.1 is to be 3.
fn without_rounding(value: f64) -> f64 {
    let whole = value.round();
    if (value - whole).abs() < 1e-12 * whole.abs() {
        whole
    } else {
        value
    }
}

/// `log(g)` written as a sum, `a + 2*log(b)`: what remains is `exp(a) * b^2`.
fn exponential_of(sum: &Sum) -> Option<(Stripped, Expression)> {
    let mut powers: Vec<(Expression, f64)> = Vec::new();
    let mut rest = Sum {
        offset: sum.offset,
        terms: Vec::new(),
    };
    for term in &sum.terms {
        let power = term.coefficient;
        match term.powers.as_slice() {
            [(Expression::Apply(Operator::Log, arguments), 1.0)]
                if (2.0 * power).fract() == 0.0 && power.abs() <= 4.0 =>
            {
                powers.push((arguments[0].clone(), power));
            }
            _ => rest.terms.push(term.clone()),
        }
    }
    if powers.is_empty() {
        return None;
    }
    if !rest.terms.is_empty() || rest.offset != 0.0 {
        powers.push((Expression::unary(Operator::Exp, rest.expression()), 1.0));
    }
    let product = Product {
        coefficient: 1.0,
        powers,
    };
    let layer = Expression::unary(Operator::Log, Expression::variable(0));
    Some((Stripped::Function(layer), product.expression()))
}

/// `exp(g)` written as a product, `exp(a) * b^2`: what remains is `a + 2*log(b)`.
fn logarithm_of(product: &Product) -> Option<(Stripped, Expression)> {
    let is_exponential =
        |(base, _): &(Expression, f64)| matches!(base, Expression::Apply(Operator::Exp, _));
    if product.coefficient != 1.0 || !product.powers.iter().any(is_exponential) {
        return None;
    }
    let summands = product.powers.iter().map(|(base, power)| {
        let logarithm = match base {
            Expression::Apply(Operator::Exp, arguments) => arguments[0].clone(),
            _ => Expression::unary(Operator::Log, base.clone()),
        };
        Expression::constant(*power) * logarithm
    });
    let sum = summands.reduce(|sum, summand| sum + summand)?;
    let layer = Expression::unary(Operator::Exp, Expression::variable(0));
    Some((Stripped::Function(layer), Sum::of(&sum).expression()))
}

/// `x*exp(y/2)` written as the root of `x^2*exp(y)`: what remains has no halves.
fn square_root_of(product: &Product) -> Option<(Stripped, Expression)> {
    let mut has_halves = false;
    let squares = product.powers.iter().map(|(base, power)| match base {
        Expression::Apply(Operator::Exp, arguments) => {
            let mut exponent = Sum::of(&arguments[0]);
            exponent.offset *= 2.0;
            for term in &mut exponent.terms {
                has_halves |= term.coefficient.fract() != 0.0;
                term.coefficient *= 2.0;
            }
            (
                Expression::unary(Operator::Exp, exponent.expression()),
                *power,
            )
        }
        _ => (base.clone(), 2.0 * power),
    });
    let square = Product {
        coefficient: 1.0,
        powers: squares.collect(),
    };
    let layer = Product {
        coefficient: 1.0,
        powers: vec![(Expression::variable(0), 0.5)],
    };
    let is_root = product.coefficient == 1.0 && has_halves;
    is_root.then(|| (Stripped::Function(layer.expression()), square.expression()))
}

/// A product as a power of a product: all powers divided by what they have in common, with
/// either sign, and by a half if there are roots; real powers by each of them.
fn roots(product: &Product) -> Vec<(Stripped, Expression)> {
    if product.coefficient.abs() != 1.0 || product.powers.is_empty() {
        return Vec::new();
    }
    let root = |divisor: f64, sign: f64| {
        let powers = product.powers.iter();
        let powers = powers.map(|(base, power)| (base.clone(), without_rounding(power / divisor)));
        let rest = Product {
            coefficient: 1.0,
            powers: powers.collect(),
        };
        let layer = Product {
            coefficient: sign,
            powers: vec![(Expression::variable(0), divisor)],
        };
        (Stripped::Function(layer.expression()), rest.expression())
    };
    // A root is positive; the formula itself may have been negative.
    let of_both_signs = |divisor: f64| {
        let signs = [1.0, -1.0];
        let both = signs.map(|sign| [root(divisor, sign), root(-divisor, sign)]);
        both.into_iter().flatten()
    };
    divisors(product)
        .into_iter()
        .flat_map(of_both_signs)
        .collect()
}

/// The greatest common divisor of powers that are whole or halves, or else each of them.
fn divisors(product: &Product) -> Vec<f64> {
    let powers = product.powers.iter().map(|(_, power)| *power);
    if powers.clone().all(|power| (2.0 * power).fract() == 0.0) {
        let halves = powers.map(|power| (2.0 * power).abs() as u64);
        return vec![halves.fold(0, greatest_common_divisor) as f64 / 2.0];
    }
    powers.map(f64::abs).collect()
}

fn collect_parts<'a>(expression: &'a Expression, parts: &mut Vec<&'a Expression>) {
    if expression.n_variables() == 0 || parts.contains(&expression) {
        return;
    }
    parts.push(expression);
    if let Expression::Apply(_, arguments) = expression {
        for argument in arguments {
            collect_parts(argument, parts);
        }
    }
}

/// The formula as a function of one of its parts, unless its variables stand elsewhere, too.
fn around(expression: &Expression, part: &Expression) -> Option<Expression> {
    if expression == part {
        return Some(Expression::variable(0));
    }
    match expression {
        Expression::Constant(_) => Some(expression.clone()),
        Expression::Variable(_) => None,
        Expression::Apply(operator, arguments) => {
            let arguments = arguments.iter().map(|argument| around(argument, part));
            let arguments = arguments.collect::<Option<Vec<Expression>>>()?;
            Some(Expression::applied(*operator, arguments))
        }
    }
}
