//! All formulas up to a complexity, one for each meaning.

use super::expression::Expression;
use super::operator::Operator;
use super::tape::{Columns, Evaluation};
use pulp::Arch;
use std::collections::HashSet;

/// A formula with its values and derivatives on the points of the enumeration.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub expression: Expression,
    pub complexity: usize,
    pub evaluation: Evaluation,
}

/// The limits of an enumeration.
pub(crate) struct Grammar<'a> {
    pub operators: &'a [Operator],
    pub constant_cost: usize,
    pub max_complexity: usize,
    pub max_blocks: usize,
}

/// In the order of the enumeration a function costs no more than this: a short function of a
/// product is more likely to be a term than a long quotient.
const MAX_FUNCTION_COST: usize = 2;
/// Formulas larger than this at a point are no use to any sum.
const MAX_VALUE: f64 = 1e9;
/// Two formulas are one if they agree to this many parts of their size.
const FINGERPRINT_DIGITS: f64 = 1e8;

/// Builds formulas in the order of their complexity until a limit is reached.
///
/// The only number is 1; others are for the coefficients. Formulas that are equal up to a factor
/// on all points are one, and the simplest stands for it. Returned with them is the complexity up
/// to which the enumeration is complete.
pub(crate) fn enumerate(columns: &Columns, grammar: &Grammar) -> (Vec<Block>, usize) {
    let raw = columns.raw();
    let mut builder = Builder {
        arch: Arch::new(),
        blocks: Vec::new(),
        known: HashSet::new(),
        n_samples: columns.n_samples(),
        n_features: raw.len(),
        max_blocks: grammar.max_blocks,
    };
    for complexity in 1..=grammar.max_complexity {
        builder.add_leaves(raw, grammar, complexity);
        let is_complete =
            builder.add_unary(grammar, complexity) && builder.add_binary(grammar, complexity);
        if !is_complete {
            return (builder.blocks, complexity - 1);
        }
    }
    (builder.blocks, grammar.max_complexity)
}

struct Builder {
    arch: Arch,
    /// In the order of their complexity.
    blocks: Vec<Block>,
    known: HashSet<[i64; 8]>,
    n_samples: usize,
    n_features: usize,
    max_blocks: usize,
}

impl Builder {
    fn add_leaves(&mut self, raw: &[Vec<f64>], grammar: &Grammar, complexity: usize) {
        for (index, values) in raw.iter().enumerate() {
            if complexity == 1 {
                let mut gradient = vec![Vec::new(); self.n_features];
                gradient[index] = vec![1.0; self.n_samples];
                let values = values.clone();
                self.push(
                    Expression::variable(index),
                    complexity,
                    Evaluation { values, gradient },
                );
            }
        }
        if grammar.constant_cost == complexity {
            let evaluation = Evaluation {
                values: vec![1.0; self.n_samples],
                gradient: vec![Vec::new(); self.n_features],
            };
            self.push(Expression::constant(1.0), complexity, evaluation);
        }
    }

    /// Adds every function of complexity `complexity`; false once there is no room.
    fn add_unary(&mut self, grammar: &Grammar, complexity: usize) -> bool {
        for &operator in grammar
            .operators
            .iter()
            .filter(|operator| operator.arity() == 1)
        {
            let cost = operator.complexity().min(MAX_FUNCTION_COST);
            // A function of the negative is another function, unless it is odd or even.
            let is_symmetric = matches!(
                operator,
                Operator::Neg
                    | Operator::Square
                    | Operator::Cube
                    | Operator::Inv
                    | Operator::Sin
                    | Operator::Cos
                    | Operator::Tan
                    | Operator::Tanh
                    | Operator::Abs
                    | Operator::Atan
            );
            for negated in [false, true] {
                let cost = cost + usize::from(negated);
                if cost >= complexity || (negated && is_symmetric) || operator == Operator::Neg {
                    continue;
                }
                for index in self.of_complexity(complexity - cost) {
                    if !self.has_room() {
                        return false;
                    }
                    self.apply(operator, index, negated, complexity);
                }
            }
        }
        true
    }

    fn add_binary(&mut self, grammar: &Grammar, complexity: usize) -> bool {
        for &operator in grammar
            .operators
            .iter()
            .filter(|operator| operator.arity() == 2)
        {
            let rest = complexity.saturating_sub(operator.complexity());
            let commutes = matches!(
                operator,
                Operator::Add | Operator::Mul | Operator::Max | Operator::Min
            );
            if operator == Operator::Powi {
                continue;
            }
            for first in 1..rest {
                let second = rest - first;
                // a - b and b - a are one up to their sign.
                if (commutes || operator == Operator::Sub) && first > second {
                    continue;
                }
                for a in self.of_complexity(first) {
                    for b in self.of_complexity(second) {
                        if !self.has_room() {
                            return false;
                        }
                        if first == second && (commutes || operator == Operator::Sub) && a > b {
                            continue;
                        }
                        self.combine(operator, a, b, complexity);
                    }
                }
            }
        }
        true
    }

    fn has_room(&self) -> bool {
        self.blocks.len() < self.max_blocks
    }

    fn of_complexity(&self, complexity: usize) -> std::ops::Range<usize> {
        let start = self
            .blocks
            .partition_point(|block| block.complexity < complexity);
        let end = self
            .blocks
            .partition_point(|block| block.complexity <= complexity);
        start..end
    }

    fn apply(&mut self, operator: Operator, index: usize, negated: bool, complexity: usize) {
        let block = &self.blocks[index];
        let argument = &block.evaluation;
        let sign = if negated { -1.0 } else { 1.0 };
        let signed: Vec<f64> = argument.values.iter().map(|value| sign * value).collect();
        let mut values = vec![0.0; self.n_samples];
        operator.values(&signed, &signed, &mut values);
        if !is_new(&mut self.known, &values) {
            return;
        }
        let outer = vec![sign; self.n_samples];
        let (mut slopes, mut spare) = (values.clone(), values.clone());
        operator.partials(
            (&signed, &signed),
            &values,
            &outer,
            (&mut slopes, &mut spare),
        );
        let gradient = argument.gradient.iter().map(|column| {
            column
                .iter()
                .zip(&slopes)
                .map(|(g, slope)| g * slope)
                .collect()
        });
        let evaluation = Evaluation {
            gradient: gradient.collect(),
            values,
        };
        let inner = match negated {
            true => Expression::unary(Operator::Neg, block.expression.clone()),
            false => block.expression.clone(),
        };
        self.push_new(Expression::unary(operator, inner), complexity, evaluation);
    }

    fn combine(&mut self, operator: Operator, first: usize, second: usize, complexity: usize) {
        let (left, right) = (&self.blocks[first], &self.blocks[second]);
        let (a, b) = (&left.evaluation, &right.evaluation);
        let mut values = vec![0.0; self.n_samples];
        self.arch.dispatch(
            #[inline(always)]
            || operator.values(&a.values, &b.values, &mut values),
        );
        if !is_new(&mut self.known, &values) {
            return;
        }
        let outer = vec![1.0; self.n_samples];
        let (mut to_a, mut to_b) = (values.clone(), values.clone());
        operator.partials(
            (&a.values, &b.values),
            &values,
            &outer,
            (&mut to_a, &mut to_b),
        );
        let gradient = a.gradient.iter().zip(&b.gradient).map(|(ga, gb)| {
            let n = ga.len().max(gb.len());
            let entry = |column: &Vec<f64>, row: usize| column.get(row).copied().unwrap_or(0.0);
            (0..n)
                .map(|row| to_a[row] * entry(ga, row) + to_b[row] * entry(gb, row))
                .collect()
        });
        let evaluation = Evaluation {
            gradient: gradient.collect(),
            values,
        };
        let expression =
            Expression::binary(operator, left.expression.clone(), right.expression.clone());
        self.push_new(expression, complexity, evaluation);
    }

    fn push(&mut self, expression: Expression, complexity: usize, evaluation: Evaluation) {
        if is_new(&mut self.known, &evaluation.values) {
            self.push_new(expression, complexity, evaluation);
        }
    }

    fn push_new(&mut self, expression: Expression, complexity: usize, evaluation: Evaluation) {
        if evaluation.is_finite() {
            self.blocks.push(Block {
                expression,
                complexity,
                evaluation,
            });
        }
    }
}

/// Whether no formula with these values up to a factor is known yet; remembers them.
fn is_new(known: &mut HashSet<[i64; 8]>, values: &[f64]) -> bool {
    let largest = values
        .iter()
        .fold(0.0_f64, |largest, v| largest.max(v.abs()));
    let has_nan = values.iter().any(|value| value.is_nan());
    if has_nan || !(1e-9..MAX_VALUE).contains(&largest) {
        return false;
    }
    let n = values.len();
    let picked: [f64; 8] = std::array::from_fn(|k| values[(2 * k + 1) * n / 16]);
    let size = picked.iter().map(|v| v * v).sum::<f64>().sqrt();
    let first = picked.iter().find(|v| v.abs() > 1e-6 * size);
    let sign = first.map_or(1.0, |v| v.signum());
    known.insert(picked.map(|v| (v / (sign * size) * FINGERPRINT_DIGITS).round() as i64))
}
