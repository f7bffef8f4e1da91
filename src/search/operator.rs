//! The operators formulas are built from, one table entry each.

use crate::error::{Error, Result};

/// An operator with one or two arguments.
///
/// Everything the library knows of an operator stands in one table: name, arity, complexity,
/// value and partial derivatives.
///
/// ```
/// use closedform::Operator;
///
/// let operators = Operator::parse_list("+,-,*,/,sin,exp")?;
/// assert_eq!(operators.len(), 6);
/// assert!(Operator::parse_list("+,besselj").is_err());
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operator {
    /// `a + b`
    Add,
    /// `a - b`
    Sub,
    /// `a * b`
    Mul,
    /// `a / b`
    Div,
    /// `sin(a)`
    Sin,
    /// `cos(a)`
    Cos,
    /// `exp(a)`
    Exp,
    /// `log(a)`, the natural logarithm
    Log,
    /// `sqrt(a)`
    Sqrt,
    /// `tanh(a)`
    Tanh,
    /// `-a`; a sign is as cheap as a binary operator
    Neg,
}

pub(crate) struct Entry {
    operator: Operator,
    pub name: &'static str,
    pub arity: usize,
    /// Wetzel (2024): 1 for a binary operator, 5 for a unary one.
    pub complexity: usize,
    pub value: fn(f64, f64) -> f64,
    /// Partial derivatives with respect to both arguments; a unary operator ignores the second.
    pub partials: fn(f64, f64) -> (f64, f64),
    pub latex: &'static str,
}

const fn binary(
    operator: Operator,
    name: &'static str,
    value: fn(f64, f64) -> f64,
    partials: fn(f64, f64) -> (f64, f64),
) -> Entry {
    Entry {
        operator,
        name,
        arity: 2,
        complexity: 1,
        value,
        partials,
        latex: name,
    }
}

const fn unary(
    operator: Operator,
    name: &'static str,
    latex: &'static str,
    value: fn(f64, f64) -> f64,
    partials: fn(f64, f64) -> (f64, f64),
) -> Entry {
    Entry {
        operator,
        name,
        arity: 1,
        complexity: 5,
        value,
        partials,
        latex,
    }
}

#[rustfmt::skip]
static TABLE: [Entry; 11] = [
    binary(Operator::Add, "+", |a, b| a + b, |_, _| (1.0, 1.0)),
    binary(Operator::Sub, "-", |a, b| a - b, |_, _| (1.0, -1.0)),
    binary(Operator::Mul, "*", |a, b| a * b, |a, b| (b, a)),
    binary(Operator::Div, "/", |a, b| a / b, |a, b| (1.0 / b, -a / (b * b))),
    unary(Operator::Sin, "sin", "\\sin", |a, _| a.sin(), |a, _| (a.cos(), 0.0)),
    unary(Operator::Cos, "cos", "\\cos", |a, _| a.cos(), |a, _| (-a.sin(), 0.0)),
    unary(Operator::Exp, "exp", "\\exp", |a, _| a.exp(), |a, _| (a.exp(), 0.0)),
    unary(Operator::Log, "log", "\\log", |a, _| a.ln(), |a, _| (1.0 / a, 0.0)),
    unary(Operator::Sqrt, "sqrt", "\\sqrt", |a, _| a.sqrt(), |a, _| (0.5 / a.sqrt(), 0.0)),
    unary(Operator::Tanh, "tanh", "\\tanh", |a, _| a.tanh(), |a, _| (1.0 - a.tanh().powi(2), 0.0)),
    Entry { complexity: 1, ..unary(Operator::Neg, "neg", "-", |a, _| -a, |_, _| (-1.0, 0.0)) },
];

impl Operator {
    /// The search space of Wetzel (2024), section 3.3.3: `+ - * /`, `sin`, `exp`.
    pub const PAPER: [Self; 6] = [
        Self::Add,
        Self::Sub,
        Self::Mul,
        Self::Div,
        Self::Sin,
        Self::Exp,
    ];

    pub(crate) fn entry(self) -> &'static Entry {
        &TABLE[self as usize]
    }

    /// The name, as it stands in a formula and on the command line.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// The number of arguments, 1 or 2.
    pub fn arity(self) -> usize {
        self.entry().arity
    }

    /// What the operator adds to a formula's complexity.
    pub fn complexity(self) -> usize {
        self.entry().complexity
    }

    /// Reads a comma-separated list of operator names.
    ///
    /// # Errors
    /// An unknown name, or a list without `+` and `*`, without which no sum with coefficients
    /// can be written.
    pub fn parse_list(list: &str) -> Result<Vec<Self>> {
        let mut operators = Vec::new();
        for name in list.split(',').map(str::trim) {
            let entry = TABLE
                .iter()
                .find(|entry| entry.name == name)
                .ok_or_else(|| {
                    let known: Vec<&str> = TABLE.iter().map(|entry| entry.name).collect();
                    Error::parameter(
                        "operator",
                        format!("\"{name}\""),
                        format!("one of {}", known.join(" ")),
                    )
                })?;
            if !operators.contains(&entry.operator) {
                operators.push(entry.operator);
            }
        }
        check_operators(&operators)?;
        Ok(operators)
    }
}

pub(crate) fn check_operators(operators: &[Operator]) -> Result<()> {
    if operators.contains(&Operator::Add) && operators.contains(&Operator::Mul) {
        return Ok(());
    }
    let names: Vec<&str> = operators.iter().map(|operator| operator.name()).collect();
    Err(Error::parameter(
        "operators",
        format!("\"{}\"", names.join(",")),
        "a list with + and * (formulas are sums with coefficients)",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_stands_in_the_order_of_the_enum() {
        for (index, entry) in TABLE.iter().enumerate() {
            assert_eq!(entry.operator as usize, index, "{}", entry.name);
        }
    }
}
