//! Turns a polynomial into a formula of the search, and a formula into a polynomial.

use super::Polynomial;
use crate::error::{Error, Result};
use crate::formula::{Expression, Operator};

/// How many products of terms one multiplication may take: `(x1 + ... + x9)**64` would never end.
const MAX_PRODUCTS: usize = 10_000_000;

impl Polynomial {
    /// The same function as a formula of the search: the plain sum of its terms.
    ///
    /// ```
    /// use closedform::{Expression, Polynomial};
    ///
    /// let formula = Expression::parse("(x1 - x2)**2 + x1/2", &[])?;
    /// let polynomial = Polynomial::from_expression(&formula, 2)?;
    /// assert_eq!(polynomial.to_formula(&[]), "0.5*x1 + x1**2 - 2*x1*x2 + x2**2");
    /// assert_eq!(polynomial.to_expression().value(&[3.0, 1.0]), 5.5);
    /// assert!(Polynomial::from_expression(&Expression::parse("sin(x1)", &[])?, 2).is_err());
    /// # Ok::<(), closedform::Error>(())
    /// ```
    pub fn to_expression(&self) -> Expression {
        let terms: Vec<Expression> = self.terms().map(|(label, c)| term(label, c)).collect();
        balanced(&terms, |a, b| a + b).unwrap_or(Expression::constant(0.0))
    }

    /// A polynomial from a formula. All products are multiplied out.
    ///
    /// # Errors
    /// If the formula isn't a polynomial (the error names the part that isn't), if it has variables
    /// beyond `n_variables`, or if a power of a sum has too many terms.
    pub fn from_expression(expression: &Expression, n_variables: usize) -> Result<Self> {
        match expression {
            Expression::Constant(value) => Self::from_terms(n_variables, vec![(vec![], *value)]),
            Expression::Variable(index) => {
                Self::from_terms(n_variables, vec![(vec![index.saturating_add(1)], 1.0)])
            }
            Expression::Apply(operator, arguments) => {
                let arguments = arguments
                    .iter()
                    .map(|argument| Self::from_expression(argument, n_variables))
                    .collect::<Result<Vec<_>>>()?;
                let applied = apply(*operator, &arguments)?;
                applied.ok_or_else(|| {
                    let part = expression.to_formula(&[]);
                    Error::Unusable(format!("{part} is no polynomial"))
                })
            }
        }
    }

    /// The value, if the polynomial is a constant.
    fn as_constant(&self) -> Option<f64> {
        (self.order() == 0).then(|| self.coefficient(&[]))
    }
}

/// The result of an operator on polynomials, if it is a polynomial.
fn apply(operator: Operator, arguments: &[Polynomial]) -> Result<Option<Polynomial>> {
    use Operator::{Add, Cube, Div, Mul, Neg, Pow, Powi, Square, Sub};
    let first = &arguments[0];
    let second = arguments.get(1).unwrap_or(first);
    let constants = (first.as_constant(), second.as_constant());
    if let (Some(a), Some(b)) = constants {
        let value: f64 = operator.value(a, b);
        let constant = || Polynomial::constant(first.n_variables(), value);
        return Ok(value.is_finite().then(constant));
    }
    Ok(Some(match (operator, constants.1) {
        (Add, _) => first + second,
        (Sub, _) => first - second,
        (Mul, _) => checked_product(first, second)?,
        (Neg, _) => -first,
        (Div, Some(divisor)) if divisor != 0.0 => first.scaled(1.0 / divisor),
        (Square, _) => power(first, 2)?,
        (Cube, _) => power(first, 3)?,
        (Powi, Some(exponent)) if exponent.round() >= 0.0 => {
            power(first, exponent.round() as usize)?
        }
        (Pow, Some(exponent)) if exponent >= 0.0 && exponent.fract() == 0.0 => {
            power(first, exponent as usize)?
        }
        _ => return Ok(None),
    }))
}

fn power(base: &Polynomial, exponent: usize) -> Result<Polynomial> {
    let one = Polynomial::constant(base.n_variables(), 1.0);
    (0..exponent).try_fold(one, |power, _| checked_product(&power, base))
}

fn checked_product(a: &Polynomial, b: &Polynomial) -> Result<Polynomial> {
    if a.n_terms().saturating_mul(b.n_terms()) > MAX_PRODUCTS {
        return Err(Error::Limit(format!(
            "a product of sums with {} and {} terms is too long to be multiplied out",
            a.n_terms(),
            b.n_terms()
        )));
    }
    Ok(a * b)
}

fn term(label: &[usize], coefficient: f64) -> Expression {
    let variables: Vec<Expression> = label.iter().map(|v| Expression::variable(v - 1)).collect();
    match balanced(&variables, |a, b| a * b) {
        None => Expression::constant(coefficient),
        Some(monomial) if coefficient == 1.0 => monomial,
        Some(monomial) => Expression::constant(coefficient) * monomial,
    }
}

/// All parts in one balanced tree. Formulas are processed recursively, so a tree must not be deep.
fn balanced(
    parts: &[Expression],
    join: fn(Expression, Expression) -> Expression,
) -> Option<Expression> {
    match parts {
        [] => None,
        [one] => Some(one.clone()),
        _ => {
            let (left, right) = parts.split_at(parts.len() / 2);
            Some(join(balanced(left, join)?, balanced(right, join)?))
        }
    }
}
