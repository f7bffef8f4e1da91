//! By what equal formulas are compared.

use super::language::{Node, Number};
use crate::formula::{Complexity, Expression, Operator};
use crate::numerics::{n_digits, rounded};
use egg::{CostFunction, Id};

/// Compared field by field: among formulas of one complexity, those with handy numbers read best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost {
    pub complexity: usize,
    /// Constants that are no small integers.
    pub unhandy: usize,
    /// The digits of those: `x1**0.3/x2**1.7` reads better than `(x1/x2**(17/3))**0.3`.
    pub digits: usize,
    /// Makes every formula cost more than its parts, even where an operator is free.
    pub nodes: usize,
}

impl Cost {
    fn with(self, argument: Self) -> Self {
        Self {
            complexity: self.complexity.saturating_add(argument.complexity),
            unhandy: self.unhandy.saturating_add(argument.unhandy),
            digits: self.digits.saturating_add(argument.digits),
            nodes: self.nodes.saturating_add(argument.nodes),
        }
    }

    fn plain(complexity: usize) -> Self {
        Self {
            complexity,
            unhandy: 0,
            digits: 0,
            nodes: 1,
        }
    }
}

/// More digits than these are a fitted number's, which has no end.
const MAX_DIGITS: usize = 6;

/// Whole numbers up to this read well.
pub(super) const MAX_HANDY: f64 = 100.0;

impl Complexity {
    fn cost_of_constant(&self, value: f64) -> Cost {
        if value.fract() == 0.0 && value.abs() <= MAX_HANDY {
            return Cost::plain(self.constant);
        }
        Cost {
            unhandy: 1,
            digits: n_digits(rounded(value, MAX_DIGITS)),
            ..Cost::plain(self.constant)
        }
    }

    fn cost_of_operator(&self, operator: Operator) -> Cost {
        Cost::plain(self.of_operator(operator))
    }

    pub(super) fn cost(&self, expression: &Expression) -> Cost {
        match expression {
            Expression::Constant(value) => self.cost_of_constant(*value),
            Expression::Variable(_) => Cost::plain(self.variable),
            Expression::Apply(operator, arguments) => arguments
                .iter()
                .fold(self.cost_of_operator(*operator), |cost, argument| {
                    cost.with(self.cost(argument))
                }),
        }
    }
}

/// The complexities that an e-graph's formulas are extracted by.
pub(super) struct ByCost<'a>(pub &'a Complexity);

impl CostFunction<Node> for ByCost<'_> {
    type Cost = Cost;

    fn cost<C: FnMut(Id) -> Cost>(&mut self, node: &Node, mut costs: C) -> Cost {
        let complexity = self.0;
        match node {
            Node::Constant(Number(value)) => complexity.cost_of_constant(*value),
            Node::Variable(_) => Cost::plain(complexity.variable),
            Node::Unary(operator, [a]) => complexity.cost_of_operator(*operator).with(costs(*a)),
            Node::Binary(operator, [a, b]) => complexity
                .cost_of_operator(*operator)
                .with(costs(*a))
                .with(costs(*b)),
        }
    }
}
