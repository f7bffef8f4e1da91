//! Writes a formula as infix text: every operation of the tree, in its order, with as few brackets
//! as possible.

use crate::formula::{Expression, Operator};

/// How strongly the outermost operation of a text binds, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Sum,
    Product,
    Sign,
    Power,
    Atom,
}

/// A part of a formula as text.
pub(super) struct Part {
    pub text: String,
    pub level: Level,
    /// Whether it has no variables.
    pub is_number: bool,
}

impl Part {
    /// The text, in brackets if it binds less strongly than `level`, or if it begins with a sign.
    fn behind(&self, level: Level) -> String {
        if self.level >= level && !self.text.starts_with('-') {
            self.text.clone()
        } else {
            format!("({})", self.text)
        }
    }

    fn before(&self, level: Level) -> String {
        if self.level >= level {
            self.text.clone()
        } else {
            format!("({})", self.text)
        }
    }

    /// The text as the base of a power or the receiver of a method.
    pub fn as_atom(&self) -> String {
        self.before(Level::Atom)
    }
}

/// What differs between the languages.
pub(super) trait Syntax {
    /// How strongly a sign's operand has to bind: a spreadsheet reads `-A2^2` as `(-A2)^2`.
    const SIGNED: Level = Level::Product;
    /// The text on both sides of `+ - * /`.
    const SPACE: &'static str = " ";
    const TIMES: &'static str = "*";
    const OVER: &'static str = "/";

    fn variable(&self, index: usize) -> String;
    /// A number that isn't negative.
    fn number(&self, value: f64) -> String;
    /// A power with a number as exponent, and how strongly it binds.
    fn power(&self, base: &Part, exponent: f64) -> (String, Level);
    /// A function of one or two arguments. Powers whose exponent has variables are functions, too.
    fn call(&self, operator: Operator, arguments: &[Part]) -> (String, Level);
}

pub(super) fn write<S: Syntax>(expression: &Expression, syntax: &S) -> Part {
    let (text, level) = match expression {
        Expression::Constant(value) => number(*value, syntax),
        Expression::Variable(index) => (syntax.variable(*index), Level::Atom),
        Expression::Apply(operator, arguments) => match as_power(expression) {
            Some((base, exponent)) => syntax.power(&write(base, syntax), exponent),
            None => apply(*operator, arguments, syntax),
        },
    };
    Part {
        text,
        level,
        is_number: expression.n_variables() == 0,
    }
}

fn apply<S: Syntax>(operator: Operator, arguments: &[Expression], syntax: &S) -> (String, Level) {
    use Operator::{Add, Div, Exp, Inv, Mul, Neg, Sigmoid, Sub};
    match (operator, arguments) {
        (Add, [left, right]) => sum(left, right, false, syntax),
        (Sub, [left, right]) => sum(left, right, true, syntax),
        (Mul, [left, right]) => product(left, S::TIMES, right, syntax),
        (Div, [left, right]) => product(left, S::OVER, right, syntax),
        (Inv, [below]) => product(&Expression::Constant(1.0), S::OVER, below, syntax),
        (Neg, [operand]) => {
            let operand = write(operand, syntax).behind(S::SIGNED);
            (format!("-{operand}"), Level::Sign)
        }
        (Sigmoid, [argument]) => {
            let exp = Expression::unary(Exp, Expression::unary(Neg, argument.clone()));
            let below = Expression::Constant(1.0) + exp;
            product(&Expression::Constant(1.0), S::OVER, &below, syntax)
        }
        _ => {
            let parts = arguments.iter().map(|argument| write(argument, syntax));
            syntax.call(operator, &parts.collect::<Vec<_>>())
        }
    }
}

fn number(value: f64, syntax: &impl Syntax) -> (String, Level) {
    let text = syntax.number(value.abs());
    if value.is_sign_negative() {
        (format!("-{text}"), Level::Sign)
    } else {
        (text, Level::Atom)
    }
}

/// A sum or difference. A sign of the right operand becomes the operator.
fn sum<S: Syntax>(
    left: &Expression,
    right: &Expression,
    is_negative: bool,
    syntax: &S,
) -> (String, Level) {
    let (right, is_negative) = match right {
        Expression::Apply(Operator::Neg, operand) => (write(&operand[0], syntax), !is_negative),
        Expression::Constant(value) if value.is_sign_negative() => {
            (write(&Expression::Constant(-value), syntax), !is_negative)
        }
        _ => (write(right, syntax), is_negative),
    };
    let sign = if is_negative { "-" } else { "+" };
    let (left, space) = (write(left, syntax).before(Level::Sum), S::SPACE);
    let right = right.behind(Level::Product);
    (format!("{left}{space}{sign}{space}{right}"), Level::Sum)
}

fn product<S: Syntax>(
    left: &Expression,
    symbol: &str,
    right: &Expression,
    syntax: &S,
) -> (String, Level) {
    let left = write(left, syntax).before(Level::Product);
    let right = write(right, syntax).behind(Level::Power);
    let space = S::SPACE;
    (
        format!("{left}{space}{symbol}{space}{right}"),
        Level::Product,
    )
}

/// The base and the exponent of a power, or of a product of equal factors.
fn as_power(expression: &Expression) -> Option<(&Expression, f64)> {
    let Expression::Apply(operator, arguments) = expression else {
        return None;
    };
    match (operator, &arguments[..]) {
        (Operator::Square, [base]) => Some((base, 2.0)),
        (Operator::Cube, [base]) => Some((base, 3.0)),
        (Operator::Pow, [base, exponent]) if exponent.n_variables() == 0 => {
            Some((base, exponent.value(&[])))
        }
        (Operator::Powi, [base, exponent]) if exponent.n_variables() == 0 => {
            // The cast saturates, like that of the operator.
            Some((base, f64::from(exponent.value(&[]).round() as i32)))
        }
        (Operator::Mul, _) => {
            let base = first_factor(expression);
            let is_number = base.n_variables() == 0;
            let n_factors = n_factors(expression, base).filter(|_| !is_number)?;
            Some((base, n_factors.into()))
        }
        _ => None,
    }
}

fn first_factor(expression: &Expression) -> &Expression {
    match expression {
        Expression::Apply(Operator::Mul, arguments) => first_factor(&arguments[0]),
        _ => expression,
    }
}

/// How many factors there are, if all of them are the base.
fn n_factors(expression: &Expression, base: &Expression) -> Option<i32> {
    match expression {
        Expression::Apply(Operator::Mul, arguments) => arguments
            .iter()
            .map(|argument| n_factors(argument, base))
            .sum(),
        _ => (expression == base).then_some(1),
    }
}
