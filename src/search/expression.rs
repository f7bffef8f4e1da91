//! Formulas as trees, with their values and input gradients.

use super::operator::Operator;
use super::tape::{Columns, Evaluation, Evaluator, Tape};

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
    /// An operator with as many arguments as its arity.
    Apply(Operator, Vec<Expression>),
}

/// Complexities of Wetzel (2024): 1 per variable, 3 per constant.
const VARIABLE_COMPLEXITY: usize = 1;
const CONSTANT_COMPLEXITY: usize = 3;

impl Expression {
    /// The number `value`.
    pub fn constant(value: f64) -> Self {
        Self::Constant(value)
    }

    /// The input variable `index`, counted from 0.
    pub fn variable(index: usize) -> Self {
        Self::Variable(index)
    }

    /// A unary operator applied to an argument.
    ///
    /// # Panics
    /// In debug builds, if the operator is binary.
    pub fn unary(operator: Operator, argument: Self) -> Self {
        debug_assert_eq!(operator.arity(), 1);
        Self::Apply(operator, vec![argument])
    }

    pub(crate) fn binary(operator: Operator, left: Self, right: Self) -> Self {
        debug_assert_eq!(operator.arity(), 2);
        Self::Apply(operator, vec![left, right])
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

    /// The complexity: 1 per variable, 3 per constant, and each operator's own.
    ///
    /// Source: Wetzel's published settings; see [`Operator::complexity`].
    pub fn complexity(&self) -> usize {
        match self {
            Self::Constant(_) => CONSTANT_COMPLEXITY,
            Self::Variable(_) => VARIABLE_COMPLEXITY,
            Self::Apply(operator, arguments) => {
                operator.complexity() + arguments.iter().map(Self::complexity).sum::<usize>()
            }
        }
    }

    /// The value at one point `(n_features,)`.
    ///
    /// # Panics
    /// If the point has fewer features than the formula has variables.
    pub fn value(&self, point: &[f64]) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Variable(index) => point[*index],
            Self::Apply(operator, arguments) => {
                let first = arguments[0].value(point);
                let second = arguments
                    .get(1)
                    .map_or(0.0, |argument| argument.value(point));
                operator.value(first, second)
            }
        }
    }

    /// The value and the gradient `(n_features,)` at one point `(n_features,)`.
    ///
    /// # Panics
    /// If the point has fewer features than the formula has variables.
    pub fn value_and_gradient(&self, point: &[f64]) -> (f64, Vec<f64>) {
        if point.is_empty() {
            return (self.value(point), Vec::new());
        }
        let columns: Vec<Vec<f64>> = point.iter().map(|&value| vec![value]).collect();
        let found = self.evaluate_everywhere(&Columns::new(&columns));
        let first = |column: &Vec<f64>| column.first().copied().unwrap_or(0.0);
        (
            first(&found.values),
            found.gradient.iter().map(first).collect(),
        )
    }

    /// Values and input derivatives over all points, up to a block with one that isn't finite.
    pub(crate) fn evaluate(&self, columns: &Columns) -> Evaluation {
        Evaluator::new()
            .gradients(&Tape::new(self), columns)
            .clone()
    }

    /// Values and input derivatives over all points, those that aren't finite included.
    pub(crate) fn evaluate_everywhere(&self, columns: &Columns) -> Evaluation {
        Evaluator::new()
            .everywhere(&Tape::new(self), columns)
            .clone()
    }

    /// The same function without needless numbers: constant parts computed, `1 * a` and `a / 1`
    /// written as `a`.
    pub(crate) fn folded(self) -> Self {
        let Self::Apply(operator, arguments) = self else {
            return self;
        };
        let mut arguments: Vec<Self> = arguments.into_iter().map(Self::folded).collect();
        let is_one = |argument: &Self| *argument == Self::Constant(1.0);
        match operator {
            Operator::Mul if is_one(&arguments[0]) => arguments.swap_remove(1),
            Operator::Mul | Operator::Div if is_one(&arguments[1]) => arguments.swap_remove(0),
            _ => {
                let applied = Self::Apply(operator, arguments);
                let value = if applied.n_variables() == 0 {
                    applied.value(&[])
                } else {
                    f64::NAN
                };
                if value.is_finite() {
                    Self::Constant(value)
                } else {
                    applied
                }
            }
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
                Self::Apply(*operator, arguments.collect())
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

    pub(crate) fn n_constants(&self) -> usize {
        match self {
            Self::Constant(_) => 1,
            Self::Variable(_) => 0,
            Self::Apply(_, arguments) => arguments.iter().map(Self::n_constants).sum(),
        }
    }

    /// How many times a variable stands in the formula.
    pub(crate) fn n_variables(&self) -> usize {
        match self {
            Self::Constant(_) => 0,
            Self::Variable(_) => 1,
            Self::Apply(_, arguments) => arguments.iter().map(Self::n_variables).sum(),
        }
    }

    /// Whether an operator with one argument, such as `sin`, stands in the formula.
    pub(crate) fn has_function(&self) -> bool {
        match self {
            Self::Apply(operator, arguments) => {
                operator.arity() == 1 || arguments.iter().any(Self::has_function)
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
