//! Formulas as trees, with their values and input gradients.

use super::Operator;
use crate::error::{Error, Result};
use std::collections::BTreeSet;

/// Whole powers up to this are products: they are read, written and simplified as such.
pub(super) const MAX_WHOLE_POWER: u32 = 64;

/// A formula in the input variables.
///
/// ```
/// use closedform::{Expression, Operator};
///
/// // x1^2 + 2 x2 at (3, 1): value 11, gradient (6, 2)
/// let square = Expression::variable(0) * Expression::variable(0);
/// let formula = square + Expression::constant(2.0) * Expression::variable(1);
/// let (value, gradient) = formula.value_and_gradient(&[3.0, 1.0]);
/// assert_eq!((value, gradient), (11.0, vec![6.0, 2.0]));
/// assert_eq!(formula.to_string(), "x1**2 + 2*x2");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A number.
    Constant(f64),
    /// An input variable, counted from 0.
    Variable(usize),
    /// An operator with as many arguments as its arity; [`apply`](Expression::apply) makes one.
    Apply(Operator, Arguments),
}

/// The arguments of an operator, as many as its arity: only [`Expression::apply`] makes them.
#[derive(Debug, Clone, PartialEq)]
pub struct Arguments(Vec<Expression>);

impl std::ops::Deref for Arguments {
    type Target = [Expression];

    fn deref(&self) -> &[Expression] {
        &self.0
    }
}

impl std::ops::DerefMut for Arguments {
    fn deref_mut(&mut self) -> &mut [Expression] {
        &mut self.0
    }
}

impl IntoIterator for Arguments {
    type Item = Expression;
    type IntoIter = std::vec::IntoIter<Expression>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Arguments {
    type Item = &'a Expression;
    type IntoIter = std::slice::Iter<'a, Expression>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl Expression {
    /// The number `value`.
    pub fn constant(value: f64) -> Self {
        Self::Constant(value)
    }

    /// The input variable `index`, counted from 0.
    pub fn variable(index: usize) -> Self {
        Self::Variable(index)
    }

    /// An operator applied to its arguments.
    ///
    /// ```
    /// use closedform::{Expression, Operator};
    ///
    /// let sine = Expression::apply(Operator::Sin, vec![Expression::variable(0)])?;
    /// assert_eq!(sine.to_string(), "sin(x1)");
    /// assert!(Expression::apply(Operator::Max, vec![sine]).is_err());
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// Another number of arguments than the operator's arity.
    pub fn apply(operator: Operator, arguments: Vec<Self>) -> Result<Self> {
        if arguments.len() == operator.arity() {
            Ok(Self::applied(operator, arguments))
        } else {
            Err(Error::parameter(
                "the number of arguments",
                arguments.len(),
                format!("{} for \"{}\"", operator.arity(), operator.name()),
            ))
        }
    }

    /// The same for arguments that are known to be as many as the operator's arity.
    pub(crate) fn applied(operator: Operator, arguments: Vec<Self>) -> Self {
        debug_assert_eq!(arguments.len(), operator.arity());
        Self::Apply(operator, Arguments(arguments))
    }

    pub(crate) fn unary(operator: Operator, argument: Self) -> Self {
        Self::applied(operator, vec![argument])
    }

    pub(crate) fn binary(operator: Operator, left: Self, right: Self) -> Self {
        Self::applied(operator, vec![left, right])
    }

    /// The factors of a power whose exponent, above 0, is whole or a half more.
    pub(crate) fn half_power(base: &Self, exponent: f64) -> Vec<Self> {
        let mut factors = vec![base.clone(); exponent as usize];
        if exponent.fract() != 0.0 {
            factors.push(Self::unary(Operator::Sqrt, base.clone()));
        }
        factors
    }

    /// A product of variables to whole or half powers, those below 0 in the denominator.
    pub(crate) fn product_of_powers(powers: &[(usize, f64)]) -> Self {
        let side = |is_below: bool| {
            let powers = powers
                .iter()
                .filter(move |(_, power)| (*power < 0.0) == is_below);
            let factors = powers.flat_map(|(variable, power)| {
                Self::half_power(&Self::Variable(*variable), power.abs())
            });
            factors.reduce(|product, factor| product * factor)
        };
        let above = side(false).unwrap_or(Self::Constant(1.0));
        match side(true) {
            Some(below) => above / below,
            None => above,
        }
    }

    /// The numbers of the formula without its whole exponents, in the order of its text.
    pub(crate) fn numbers_mut(&mut self) -> Vec<&mut Self> {
        match self {
            Self::Constant(_) => vec![self],
            Self::Variable(_) => Vec::new(),
            Self::Apply(Operator::Powi, arguments) => arguments[0].numbers_mut(),
            Self::Apply(_, arguments) => arguments.iter_mut().flat_map(Self::numbers_mut).collect(),
        }
    }

    /// The sum of `coefficient * term`; coefficients 1 and -1 are not written.
    pub(crate) fn weighted_sum(parts: &[(f64, Self)]) -> Self {
        let scaled = |coefficient: f64, term: &Self| match coefficient.abs() {
            1.0 => term.clone(),
            magnitude => Self::constant(magnitude) * term.clone(),
        };
        let mut sum: Option<Self> = None;
        let (positive, negative): (Vec<_>, Vec<_>) = parts.iter().partition(|(c, _)| *c >= 0.0);
        for (coefficient, term) in positive {
            let summand = scaled(*coefficient, term);
            sum = Some(match sum {
                Some(sum) => sum + summand,
                None => summand,
            });
        }
        for (coefficient, term) in negative {
            let summand = scaled(*coefficient, term);
            sum = Some(match sum {
                Some(sum) => sum - summand,
                None => Self::unary(Operator::Neg, summand),
            });
        }
        sum.unwrap_or(Self::Constant(0.0))
    }

    /// Refuses a formula in features that aren't there.
    ///
    /// # Errors
    /// A variable beyond the first `n_features`.
    pub fn check_features(&self, n_features: usize) -> Result<()> {
        match self.variables().last() {
            Some(index) if *index >= n_features => Err(Error::Column(format!(
                "the formula {self} has {}, but there are {n_features} features",
                numbered(*index)
            ))),
            _ => Ok(()),
        }
    }

    /// Whether all variables are among the first `n_features`.
    pub(super) fn has_features(&self, n_features: usize) -> bool {
        match self {
            Self::Constant(_) => true,
            Self::Variable(index) => *index < n_features,
            Self::Apply(_, arguments) => arguments.iter().all(|part| part.has_features(n_features)),
        }
    }

    /// The value at one point `(n_features,)`; NaN if the point lacks a variable of the formula.
    pub fn value(&self, point: &[f64]) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Variable(index) => point.get(*index).copied().unwrap_or(f64::NAN),
            Self::Apply(operator, arguments) => {
                let first = arguments[0].value(point);
                let second = arguments
                    .get(1)
                    .map_or(0.0, |argument| argument.value(point));
                operator.value(first, second)
            }
        }
    }

    /// The summands with the numbers before them.
    pub(crate) fn collect_parts(&self, factor: f64, parts: &mut Vec<(f64, Self)>) {
        match self {
            Self::Apply(Operator::Add, arguments) => {
                arguments
                    .iter()
                    .for_each(|part| part.collect_parts(factor, parts));
            }
            Self::Apply(Operator::Sub, arguments) => {
                arguments[0].collect_parts(factor, parts);
                arguments[1].collect_parts(-factor, parts);
            }
            Self::Apply(Operator::Neg, arguments) => arguments[0].collect_parts(-factor, parts),
            Self::Apply(Operator::Mul, arguments) => match &arguments[..] {
                [Self::Constant(number), other] | [other, Self::Constant(number)] => {
                    other.collect_parts(factor * number, parts);
                }
                _ => parts.push((factor, self.clone())),
            },
            _ => parts.push((factor, self.clone())),
        }
    }

    /// The same formula with other formulas in the place of its variables.
    pub(crate) fn substituted(&self, definitions: &[Self]) -> Self {
        match self {
            Self::Constant(value) => Self::Constant(*value),
            Self::Variable(index) => definitions[*index].clone(),
            Self::Apply(operator, arguments) => {
                let arguments = arguments
                    .iter()
                    .map(|argument| argument.substituted(definitions));
                Self::applied(*operator, arguments.collect())
            }
        }
    }

    pub(crate) fn constants_mut(&mut self) -> Vec<&mut f64> {
        match self {
            Self::Constant(value) => vec![value],
            Self::Variable(_) => Vec::new(),
            Self::Apply(_, arguments) => {
                arguments.iter_mut().flat_map(Self::constants_mut).collect()
            }
        }
    }

    /// The numbers of the formula, in the order of [`constants_mut`](Self::constants_mut).
    pub(crate) fn constants(&self) -> Vec<f64> {
        match self {
            Self::Constant(value) => vec![*value],
            Self::Variable(_) => Vec::new(),
            Self::Apply(_, arguments) => arguments.iter().flat_map(Self::constants).collect(),
        }
    }

    /// For each of the [`constants`](Self::constants), whether it is one of those that the formula is
    /// linear in, all of them together, while the others stay as they are: coefficients of a sum.
    pub(crate) fn linear_constants(&self) -> Vec<bool> {
        let none = |part: &Self| vec![false; part.n_constants()];
        match self {
            Self::Constant(_) => vec![true],
            Self::Apply(Operator::Add | Operator::Sub | Operator::Neg, parts) => {
                parts.iter().flat_map(Self::linear_constants).collect()
            }
            // Of two factors one only: the formula isn't linear in a product of their numbers.
            Self::Apply(Operator::Mul, parts) => {
                let count = |linear: &[bool]| linear.iter().filter(|linear| **linear).count();
                let (first, second) = (parts[0].linear_constants(), parts[1].linear_constants());
                if count(&first) >= count(&second) {
                    [first, none(&parts[1])].concat()
                } else {
                    [none(&parts[0]), second].concat()
                }
            }
            Self::Apply(Operator::Div, parts) => {
                [parts[0].linear_constants(), none(&parts[1])].concat()
            }
            _ => none(self),
        }
    }

    /// For each of the [`constants`](Self::constants), whether it divides: a factor below the
    /// fraction bar.
    pub(crate) fn divisors(&self) -> Vec<bool> {
        self.divisors_of(false)
    }

    fn divisors_of(&self, is_below: bool) -> Vec<bool> {
        match self {
            Self::Constant(_) => vec![is_below],
            Self::Apply(Operator::Mul | Operator::Neg, parts) => {
                let parts = parts.iter();
                parts.flat_map(|part| part.divisors_of(is_below)).collect()
            }
            Self::Apply(Operator::Div, parts) => {
                let [above, below] = [is_below, !is_below];
                [parts[0].divisors_of(above), parts[1].divisors_of(below)].concat()
            }
            Self::Apply(Operator::Inv, parts) => parts[0].divisors_of(!is_below),
            Self::Variable(_) => Vec::new(),
            Self::Apply(_, parts) => {
                let parts = parts.iter();
                parts.flat_map(|part| part.divisors_of(false)).collect()
            }
        }
    }

    pub(crate) fn n_constants(&self) -> usize {
        self.constants().len()
    }

    /// How many times a variable stands in the formula.
    pub(crate) fn n_variables(&self) -> usize {
        match self {
            Self::Constant(_) => 0,
            Self::Variable(_) => 1,
            Self::Apply(_, arguments) => arguments.iter().map(Self::n_variables).sum(),
        }
    }

    /// The variables that stand in the formula, counted from 0.
    pub(crate) fn variables(&self) -> BTreeSet<usize> {
        match self {
            Self::Constant(_) => BTreeSet::new(),
            Self::Variable(index) => BTreeSet::from([*index]),
            Self::Apply(_, arguments) => arguments.iter().flat_map(Self::variables).collect(),
        }
    }

    /// Whether an operator with one argument, such as `sin`, or a real power stands in the formula.
    pub(crate) fn has_function(&self) -> bool {
        match self {
            Self::Apply(operator, arguments) => {
                let is_function = operator.arity() == 1 || *operator == Operator::Pow;
                is_function || arguments.iter().any(Self::has_function)
            }
            _ => false,
        }
    }

    pub(crate) fn n_nodes(&self) -> usize {
        match self {
            Self::Apply(_, arguments) => 1 + arguments.iter().map(Self::n_nodes).sum::<usize>(),
            _ => 1,
        }
    }

    /// The subtree at a place in pre-order.
    pub(crate) fn node_mut(&mut self, place: usize) -> Option<&mut Self> {
        fn find<'a>(node: &'a mut Expression, left: &mut usize) -> Option<&'a mut Expression> {
            if *left == 0 {
                return Some(node);
            }
            *left -= 1;
            match node {
                Expression::Apply(_, arguments) => arguments
                    .iter_mut()
                    .find_map(|argument| find(argument, left)),
                _ => None,
            }
        }
        find(self, &mut { place })
    }
}

/// The name of a variable that has none of its own: `x1` for the first.
pub(crate) fn numbered(index: usize) -> String {
    // In a wider number, as there may be a variable of the highest index.
    format!("x{}", index as u128 + 1)
}

macro_rules! arithmetic {
    ($($trait:ident $method:ident $operator:ident),*) => {$(
        impl std::ops::$trait for Expression {
            type Output = Self;

            fn $method(self, other: Self) -> Self {
                Self::binary(Operator::$operator, self, other)
            }
        }
    )*};
}

arithmetic!(Add add Add, Sub sub Sub, Mul mul Mul, Div div Div);

#[cfg(test)]
mod tests {
    use super::Expression;

    const POINT: [f64; 2] = [0.7, 1.9];

    /// The value with these numbers in place of the formula's coefficients.
    fn value(formula: &Expression, coefficients: &[f64]) -> f64 {
        let is_linear = formula.linear_constants();
        let mut changed = formula.clone();
        let constants = changed.constants_mut().into_iter().zip(is_linear);
        let linear = constants.filter(|(_, is_linear)| *is_linear);
        linear
            .zip(coefficients)
            .for_each(|((constant, _), coefficient)| *constant = *coefficient);
        changed.value(&POINT)
    }

    #[test]
    fn a_formula_is_linear_in_its_coefficients_together() {
        let formulas = [
            ("3*x1 - 2*exp(0.5*x2) + 7", 3),
            ("(2*x1 + 5)*(3*x2 + 4)", 2),
            ("((0.2*x1 + 3)*x1 - 4)*x2/(x1 + 2)", 3),
            ("sin(2*x1 + 3)", 0),
            ("-(4*x1)*2", 1),
            ("x1*x2", 0),
        ];
        let (a, b) = ([0.3, -1.2, 5.0], [2.0, 0.7, -0.4]);
        for (text, n_coefficients) in formulas {
            let formula: Expression = text.parse().unwrap();
            let n_linear = formula.linear_constants().iter().filter(|is| **is).count();
            assert_eq!(n_linear, n_coefficients, "{text}");
            let both: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a + b).collect();
            let sum = value(&formula, &both) + value(&formula, &[0.0; 3]);
            let apart = value(&formula, &a) + value(&formula, &b);
            assert!((sum - apart).abs() < 1e-12, "{text}: {sum} {apart}");
        }
    }
}
