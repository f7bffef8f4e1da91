//! What is seen at once: numbers that can be computed, and summands that are alike.

use crate::formula::{Expression, Operator};

impl Expression {
    /// The same function without needless numbers: constant parts computed, `1 * a`, `a / 1` and
    /// `a + 0` written as `a`, `-a / (b - c)` as `a / (c - b)`.
    pub(crate) fn folded(self) -> Self {
        let Self::Apply(operator, arguments) = self else {
            return self;
        };
        let arguments = arguments.into_iter().map(Self::folded).collect();
        let mut folded = without_needless_numbers(operator, arguments);
        if is_product(&folded) && has_minus(&folded) && turn_difference(&mut folded) {
            take_minus(&mut folded);
            return folded.folded();
        }
        folded
    }

    /// The same function [folded](Self::folded), and with like summands added up: `2 * a` for
    /// `a + a`, which is shorter but harder to read.
    pub(crate) fn readable(self) -> Self {
        with_like_summands_added(self.folded())
    }
}

/// The operator applied to folded arguments, unless that is a number or one of the arguments.
fn without_needless_numbers(operator: Operator, mut arguments: Vec<Expression>) -> Expression {
    let is = |argument: &Expression, number: f64| *argument == Expression::Constant(number);
    let ([first], second) = (&arguments[..1], arguments.get(1)) else {
        return Expression::applied(operator, arguments);
    };
    let second_is = |number: f64| second.is_some_and(|second| is(second, number));
    match operator {
        Operator::Mul if is(first, 0.0) || second_is(0.0) => Expression::Constant(0.0),
        Operator::Div if is(first, 0.0) => Expression::Constant(0.0),
        Operator::Mul | Operator::Add if is(first, unit_of(operator)) => arguments.swap_remove(1),
        Operator::Sub if is(first, 0.0) => {
            Expression::unary(Operator::Neg, arguments.swap_remove(1))
        }
        Operator::Pow if second_is(0.0) => Expression::Constant(1.0),
        Operator::Pow if second.is_some_and(is_short_power) => whole_power(arguments),
        Operator::Mul | Operator::Div | Operator::Add | Operator::Sub
            if second_is(unit_of(operator)) =>
        {
            arguments.swap_remove(0)
        }
        _ => {
            let applied = Expression::applied(operator, arguments);
            let value = if applied.n_variables() == 0 {
                applied.value(&[])
            } else {
                f64::NAN
            };
            if value.is_finite() {
                Expression::Constant(value)
            } else {
                applied
            }
        }
    }
}

fn is_product(expression: &Expression) -> bool {
    let products = [Operator::Mul, Operator::Div, Operator::Neg];
    matches!(expression, Expression::Apply(operator, _) if products.contains(operator))
}

/// Whether a product begins with a minus.
fn has_minus(expression: &Expression) -> bool {
    match expression {
        Expression::Constant(number) => *number < 0.0,
        Expression::Apply(Operator::Neg, _) => true,
        Expression::Apply(_, factors) if is_product(expression) => has_minus(&factors[0]),
        _ => false,
    }
}

/// Leaves out the minus that a product begins with.
fn take_minus(expression: &mut Expression) {
    match expression {
        Expression::Constant(number) => *number = -*number,
        Expression::Apply(Operator::Neg, argument) => *expression = argument[0].clone(),
        Expression::Apply(_, factors) => take_minus(&mut factors[0]),
        Expression::Variable(_) => (),
    }
}

/// Turns the first difference among a product's factors around; false if there is none.
fn turn_difference(expression: &mut Expression) -> bool {
    let is_product = is_product(expression);
    match expression {
        Expression::Apply(Operator::Sub, sides) => {
            sides.swap(0, 1);
            true
        }
        Expression::Apply(_, factors) if is_product => factors.iter_mut().any(turn_difference),
        _ => false,
    }
}

/// Whole powers up to this are written as products.
const MAX_PRODUCT: f64 = 4.0;

fn is_short_power(exponent: &Expression) -> bool {
    let is_short = |value: f64| value.fract() == 0.0 && value.abs() <= MAX_PRODUCT;
    matches!(exponent, Expression::Constant(value) if is_short(*value))
}

/// A base with a whole exponent other than 0, as a product or one over it.
fn whole_power(mut arguments: Vec<Expression>) -> Expression {
    let exponent = arguments.pop().map_or(1.0, |exponent| exponent.value(&[]));
    let factors = (0..exponent.abs() as usize).map(|_| arguments[0].clone());
    let product = factors.reduce(|product, factor| product * factor);
    let product = product.unwrap_or(Expression::Constant(1.0));
    if exponent < 0.0 {
        without_needless_numbers(Operator::Div, vec![Expression::Constant(1.0), product])
    } else if product.n_variables() == 0 {
        Expression::Constant(product.value(&[]))
    } else {
        product
    }
}

/// The number that changes nothing as the second argument.
fn unit_of(operator: Operator) -> f64 {
    match operator {
        Operator::Mul | Operator::Div => 1.0,
        _ => 0.0,
    }
}

fn with_like_summands_added(expression: Expression) -> Expression {
    let Expression::Apply(operator, arguments) = expression else {
        return expression;
    };
    let arguments = arguments.into_iter().map(with_like_summands_added);
    let rebuilt = Expression::applied(operator, arguments.collect());
    if !matches!(operator, Operator::Add | Operator::Sub) {
        return rebuilt;
    }
    let mut parts: Vec<(f64, Expression)> = Vec::new();
    rebuilt.collect_parts(1.0, &mut parts);
    let mut merged: Vec<(f64, Expression)> = Vec::new();
    for (coefficient, term) in &parts {
        match merged.iter_mut().find(|(_, known)| known == term) {
            Some((sum, _)) => *sum += coefficient,
            None => merged.push((*coefficient, term.clone())),
        }
    }
    if merged.len() == parts.len() {
        rebuilt
    } else {
        Expression::weighted_sum(&merged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minus_before_a_difference_turns_it_around() {
        let cases = [
            ("-x1/(1 - exp(x2))", "x1/(exp(x2) - 1)"),
            ("-2*x1*(x2 - x3)", "2*(x3 - x2)*x1"),
            ("-(x1 - x2)/x3", "(x2 - x1)/x3"),
            ("-x1/(x2 + x3)", "-x1/(x2 + x3)"),
            ("-x1*exp(x2 - x3)", "-exp(x2 - x3)*x1"),
        ];
        for (written, folded) in cases {
            let written: Expression = written.parse().unwrap();
            assert_eq!(written.folded().to_string(), folded);
        }
    }
}
