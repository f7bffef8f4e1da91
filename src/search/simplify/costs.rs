//! What a formula costs a reader.

use super::language::{Node, Number};
use crate::search::expression::Expression;
use crate::search::operator::Operator;
use egg::{CostFunction, Id};
use std::collections::BTreeMap;

/// The complexity of every part of a formula; by default that of [`Expression::complexity`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Costs {
    pub variable: usize,
    pub constant: usize,
    /// Operators that cost something else than [`Operator::complexity`].
    pub operators: BTreeMap<Operator, usize>,
}

impl Default for Costs {
    fn default() -> Self {
        Self {
            variable: Expression::variable(0).complexity(),
            constant: Expression::constant(0.0).complexity(),
            operators: BTreeMap::new(),
        }
    }
}

/// Compared field by field: among formulas of one complexity, those with handy numbers read best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost {
    pub complexity: usize,
    /// Constants that are no small integers.
    pub unhandy: usize,
    /// Makes every formula cost more than its parts, even where an operator is free.
    pub nodes: usize,
}

impl Cost {
    fn with(self, argument: Self) -> Self {
        Self {
            complexity: self.complexity.saturating_add(argument.complexity),
            unhandy: self.unhandy.saturating_add(argument.unhandy),
            nodes: self.nodes.saturating_add(argument.nodes),
        }
    }
}

impl Costs {
    fn of_constant(&self, value: f64) -> Cost {
        let is_handy = value.fract() == 0.0 && value.abs() <= 100.0;
        Cost {
            complexity: self.constant,
            unhandy: usize::from(!is_handy),
            nodes: 1,
        }
    }

    fn of_variable(&self) -> Cost {
        Cost {
            complexity: self.variable,
            unhandy: 0,
            nodes: 1,
        }
    }

    fn of_operator(&self, operator: Operator) -> Cost {
        let own = self.operators.get(&operator).copied();
        Cost {
            complexity: own.unwrap_or_else(|| operator.complexity()),
            unhandy: 0,
            nodes: 1,
        }
    }

    pub(super) fn of(&self, expression: &Expression) -> Cost {
        match expression {
            Expression::Constant(value) => self.of_constant(*value),
            Expression::Variable(_) => self.of_variable(),
            Expression::Apply(operator, arguments) => arguments
                .iter()
                .fold(self.of_operator(*operator), |cost, argument| {
                    cost.with(self.of(argument))
                }),
        }
    }
}

impl CostFunction<Node> for &Costs {
    type Cost = Cost;

    fn cost<C: FnMut(Id) -> Cost>(&mut self, node: &Node, mut costs: C) -> Cost {
        match node {
            Node::Constant(Number(value)) => self.of_constant(*value),
            Node::Variable(_) => self.of_variable(),
            Node::Unary(operator, [a]) => self.of_operator(*operator).with(costs(*a)),
            Node::Binary(operator, [a, b]) => {
                self.of_operator(*operator).with(costs(*a)).with(costs(*b))
            }
        }
    }
}
