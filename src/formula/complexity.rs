//! The complexity of a formula for its reader.

use super::Expression;
use super::Operator;
use crate::error::{Error, Result};
use std::collections::BTreeMap;

/// The complexity of every part of a formula. The default is that of Wetzel (2024): 1 per variable
/// and binary operator, 3 per constant, 5 per function.
///
/// ```
/// use closedform::{Expression, Operator};
/// use closedform::formula::Complexity;
///
/// let sine = Expression::apply(Operator::Sin, vec![Expression::variable(0)])?;
/// let cheap = Complexity {
///     operators: [(Operator::Sin, 2)].into(),
///     ..Complexity::default()
/// };
/// assert_eq!((Complexity::default().of(&sine), cheap.of(&sine)), (6, 3));
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complexity {
    /// Of a variable, each time it occurs.
    pub variable: usize,
    /// Of a constant.
    pub constant: usize,
    /// Of operators that differ from [`Operator::complexity`].
    pub operators: BTreeMap<Operator, usize>,
}

impl Default for Complexity {
    fn default() -> Self {
        Self {
            variable: 1,
            constant: 3,
            operators: BTreeMap::new(),
        }
    }
}

/// The allowed range for a part.
const ALLOWED: std::ops::RangeInclusive<usize> = 1..=100;

impl Complexity {
    /// The complexity of a formula: the sum over its parts.
    pub fn of(&self, expression: &Expression) -> usize {
        match expression {
            Expression::Constant(_) => self.constant,
            Expression::Variable(_) => self.variable,
            Expression::Apply(operator, arguments) => {
                let parts = arguments.iter().map(|argument| self.of(argument));
                parts.fold(self.of_operator(*operator), usize::saturating_add)
            }
        }
    }

    /// The complexity that a formula would have if all its numbers turned out to be 1 and vanished,
    /// each with its operator.
    pub(crate) fn without_numbers(&self, expression: &Expression) -> usize {
        let numbers = expression.n_constants() * (self.constant + 1);
        self.of(expression).saturating_sub(numbers)
    }

    /// The complexity of an operator by itself.
    pub fn of_operator(&self, operator: Operator) -> usize {
        let own = self.operators.get(&operator).copied();
        own.unwrap_or_else(|| operator.complexity())
    }

    /// Reads changes to the default such as `sin=2, constant=1`. Operators have their names;
    /// `variable` and `constant` stand for themselves.
    ///
    /// # Errors
    /// An unknown part, or a complexity that isn't an integer from 1 to 100.
    pub fn parse(text: &str) -> Result<Self> {
        let mut complexity = Self::default();
        for entry in text.split(',').map(str::trim) {
            let (name, value) = entry.split_once('=').unwrap_or((entry, ""));
            let (name, value) = (name.trim(), value.trim());
            let number = value.parse().ok().filter(|number| ALLOWED.contains(number));
            let number = number.ok_or_else(|| {
                Error::parameter(
                    "complexity",
                    format!("\"{entry}\""),
                    "NAME=NUMBER with an integer from 1 to 100, as in sin=2",
                )
            })?;
            match (name, Operator::named(name)) {
                ("variable", _) => complexity.variable = number,
                ("constant", _) => complexity.constant = number,
                (_, Some(operator)) => {
                    complexity.operators.insert(operator, number);
                }
                (_, None) => {
                    return Err(Error::parameter(
                        "complexity",
                        format!("\"{entry}\""),
                        "of variable, constant or an operator's name",
                    ));
                }
            }
        }
        Ok(complexity)
    }

    pub(crate) fn check(&self) -> Result<()> {
        let operators = self
            .operators
            .iter()
            .map(|(operator, number)| (operator.name(), number));
        let parts = [("variable", &self.variable), ("constant", &self.constant)];
        match parts
            .into_iter()
            .chain(operators)
            .find(|(_, number)| !ALLOWED.contains(number))
        {
            Some((name, number)) => Err(Error::parameter(
                "complexity",
                format!("{name}={number}"),
                "between 1 and 100 for every part",
            )),
            None => Ok(()),
        }
    }
}

impl Expression {
    /// The complexity: 1 per variable, 3 per constant, and the complexity of each operator.
    ///
    /// Source: Wetzel's published settings; see [`Operator::complexity`].
    pub fn complexity(&self) -> usize {
        Complexity::default().of(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_that_of_a_formula_itself() {
        let formula = Expression::parse("2*sin(x1*x2) - exp(x3)/x1", &[]).unwrap();
        assert_eq!(Complexity::default().of(&formula), formula.complexity());
    }

    #[test]
    fn parts_that_are_unknown_free_or_too_dear_are_refused() {
        for text in ["sin", "sin=0", "sin=101", "besselj=2", "sin=x", ""] {
            assert!(Complexity::parse(text).is_err(), "{text}");
        }
        let read = Complexity::parse("sin=2, constant = 1,variable=4").unwrap();
        assert_eq!((read.constant, read.variable), (1, 4));
        assert_eq!(read.of_operator(Operator::Sin), 2);
    }
}
