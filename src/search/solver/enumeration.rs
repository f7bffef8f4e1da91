//! All formulas up to a complexity, one for each meaning.

use crate::effort::Enumeration;
use crate::formula::{Columns, Evaluation};
use crate::formula::{Complexity, Constraints, Dimension, Dimensions, Expression, Operator};
use std::collections::HashSet;

/// A formula with its values and derivatives on the points of the enumeration.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub expression: Expression,
    pub complexity: usize,
    pub evaluation: Evaluation,
    pub dimension: Dimension,
}

/// The limits of an enumeration.
pub(crate) struct Grammar<'a> {
    pub operators: &'a [Operator],
    pub complexity: &'a Complexity,
    pub constraints: &'a Constraints,
    pub dimensions: Option<&'a Dimensions>,
    pub max_complexity: usize,
    pub max_blocks: usize,
    pub limits: &'a Enumeration,
}

/// A value below this share of the others' size has no sign to go by.
const SIGNLESS: f64 = 1e-6;

/// Builds formulas in the order of their complexity until a limit is reached.
///
/// The only number is 1; others are for the coefficients. Formulas that are equal up to a factor
/// on all points are one, and the simplest stands for it, if their units are the same; those whose
/// units don't agree are left out. Returned with them is the complexity up
/// to which the enumeration is complete.
pub(crate) fn enumerate(columns: &Columns, grammar: &Grammar) -> (Vec<Block>, usize) {
    let raw = columns.raw();
    let mut builder = Builder {
        blocks: Vec::new(),
        known: Known {
            fingerprints: HashSet::new(),
            limits: grammar.limits,
        },
        n_samples: columns.n_samples(),
        n_features: raw.len(),
        max_blocks: grammar.max_blocks,
        constraints: grammar.constraints,
        dimensions: grammar.dimensions,
    };
    for complexity in 1..=grammar.max_complexity {
        let is_complete = builder.add_leaves(raw, grammar, complexity)
            && builder.add_unary(grammar, complexity)
            && builder.add_binary(grammar, complexity);
        if !is_complete {
            return (builder.blocks, complexity - 1);
        }
    }
    (builder.blocks, grammar.max_complexity)
}

struct Builder<'a> {
    /// In the order of their complexity.
    blocks: Vec<Block>,
    known: Known<'a>,
    n_samples: usize,
    n_features: usize,
    max_blocks: usize,
    constraints: &'a Constraints,
    dimensions: Option<&'a Dimensions>,
}

impl Builder<'_> {
    /// Adds variables and the number 1 if their complexity is `complexity`; false once there is no
    /// room.
    fn add_leaves(&mut self, raw: &[Vec<f64>], grammar: &Grammar, complexity: usize) -> bool {
        for (index, values) in raw.iter().enumerate() {
            if complexity == grammar.complexity.variable {
                if !self.has_room() {
                    return false;
                }
                let mut gradient = vec![Vec::new(); self.n_features];
                gradient[index] = vec![1.0; self.n_samples];
                let values = values.clone();
                let variable = Expression::variable(index);
                let dimension = self.dimensions.and_then(|all| all.of_part(&variable));
                self.push(
                    variable,
                    complexity,
                    Evaluation { values, gradient },
                    dimension.unwrap_or(Dimension::Free),
                );
            }
        }
        if grammar.complexity.constant == complexity {
            if !self.has_room() {
                return false;
            }
            let evaluation = Evaluation {
                values: vec![1.0; self.n_samples],
                gradient: vec![Vec::new(); self.n_features],
            };
            let dimension = self.dimensions.map(Dimensions::of_number);
            let dimension = dimension.unwrap_or(Dimension::Free);
            self.push(Expression::constant(1.0), complexity, evaluation, dimension);
        }
        true
    }

    /// Adds every function of one argument; false once there is no room.
    fn add_unary(&mut self, grammar: &Grammar, complexity: usize) -> bool {
        for &operator in grammar
            .operators
            .iter()
            .filter(|operator| operator.arity() == 1 && **operator != Operator::Neg)
        {
            let cost = grammar
                .complexity
                .of_operator(operator)
                .min(grammar.limits.max_function_cost);
            // A function of the negative is another function, unless it is odd or even.
            let is_symmetric = matches!(
                operator,
                Operator::Square
                    | Operator::Cube
                    | Operator::Inv
                    | Operator::Sin
                    | Operator::Cos
                    | Operator::Tan
                    | Operator::Tanh
                    | Operator::Abs
                    | Operator::Atan
                    | Operator::Asin
                    | Operator::Sinh
                    | Operator::Cosh
            );
            for index in self.of_complexity(complexity.saturating_sub(cost)) {
                // A difference is turned around at no cost.
                let is_turned = !is_symmetric && is_difference(&self.blocks[index].expression);
                for negated in [false, true].into_iter().take(1 + usize::from(is_turned)) {
                    if !self.has_room() {
                        return false;
                    }
                    self.apply(operator, index, negated, complexity);
                }
            }
            let others = self.of_complexity(complexity.saturating_sub(cost + 1));
            for index in others.take_while(|_| !is_symmetric) {
                if is_difference(&self.blocks[index].expression) {
                    continue;
                }
                if !self.has_room() {
                    return false;
                }
                self.apply(operator, index, true, complexity);
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
            let rest = complexity.saturating_sub(grammar.complexity.of_operator(operator));
            let commutes = matches!(
                operator,
                Operator::Add | Operator::Mul | Operator::Max | Operator::Min
            );
            if matches!(operator, Operator::Powi | Operator::Pow) {
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
        let Some(dimension) = self.dimension(operator, &[&block.dimension]) else {
            return;
        };
        let argument = &block.evaluation;
        let sign = if negated { -1.0 } else { 1.0 };
        let signed: Vec<f64> = argument.values.iter().map(|value| sign * value).collect();
        let mut values = vec![0.0; self.n_samples];
        operator.values(&signed, &signed, &mut values);
        if !self.known.takes(&values, &dimension) {
            return;
        }
        let outer = vec![sign; self.n_samples];
        let (mut slopes, mut spare) = (values.clone(), values.clone());
        operator.partials(&signed, &signed, &values, &outer, &mut slopes, &mut spare);
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
        let inner = match (&block.expression, negated) {
            (inner, false) => inner.clone(),
            (Expression::Apply(Operator::Sub, sides), true) => sides[1].clone() - sides[0].clone(),
            (inner, true) => Expression::unary(Operator::Neg, inner.clone()),
        };
        let expression = Expression::unary(operator, inner);
        self.push_new(expression, complexity, evaluation, dimension);
    }

    fn combine(&mut self, operator: Operator, first: usize, second: usize, complexity: usize) {
        let (left, right) = (&self.blocks[first], &self.blocks[second]);
        let both = [&left.dimension, &right.dimension];
        let Some(dimension) = self.dimension(operator, &both) else {
            return;
        };
        let (a, b) = (&left.evaluation, &right.evaluation);
        let mut values = vec![0.0; self.n_samples];
        operator.values(&a.values, &b.values, &mut values);
        if !self.known.takes(&values, &dimension) {
            return;
        }
        let outer = vec![1.0; self.n_samples];
        let (mut to_a, mut to_b) = (values.clone(), values.clone());
        operator.partials(&a.values, &b.values, &values, &outer, &mut to_a, &mut to_b);
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
        self.push_new(expression, complexity, evaluation, dimension);
    }

    /// The dimension of an operator's value, if its arguments' agree.
    fn dimension(&self, operator: Operator, arguments: &[&Dimension]) -> Option<Dimension> {
        match self.dimensions {
            Some(_) => Dimension::applied(operator, arguments),
            None => Some(Dimension::Free),
        }
    }

    fn push(
        &mut self,
        expression: Expression,
        complexity: usize,
        evaluation: Evaluation,
        dimension: Dimension,
    ) {
        if self.known.takes(&evaluation.values, &dimension) {
            self.push_new(expression, complexity, evaluation, dimension);
        }
    }

    fn push_new(
        &mut self,
        expression: Expression,
        complexity: usize,
        evaluation: Evaluation,
        dimension: Dimension,
    ) {
        if evaluation.is_finite() && self.constraints.allows_part(&expression) {
            self.blocks.push(Block {
                expression,
                complexity,
                evaluation,
                dimension,
            });
        }
    }
}

fn is_difference(expression: &Expression) -> bool {
    matches!(expression, Expression::Apply(Operator::Sub, _))
}

/// What was met so far.
struct Known<'a> {
    fingerprints: HashSet<([i64; 8], Dimension)>,
    limits: &'a Enumeration,
}

impl Known<'_> {
    /// Remembers a formula of this dimension with these values; false if one that is equal up to a
    /// factor is known already, or if it is of no use.
    fn takes(&mut self, values: &[f64], dimension: &Dimension) -> bool {
        let largest = values
            .iter()
            .fold(0.0_f64, |largest, v| largest.max(v.abs()));
        let has_nan = values.iter().any(|value| value.is_nan());
        let limits = self.limits;
        if has_nan || !(limits.min_value..limits.max_value).contains(&largest) {
            return false;
        }
        let n = values.len();
        let picked: [f64; 8] = std::array::from_fn(|k| values[(2 * k + 1) * n / 16]);
        let size = picked.iter().map(|v| v * v).sum::<f64>().sqrt();
        let first = picked.iter().find(|v| v.abs() > SIGNLESS * size);
        let sign = first.map_or(1.0, |v| v.signum());
        let fingerprint = picked.map(|v| (v / (sign * size) * limits.same_parts).round() as i64);
        self.fingerprints.insert((fingerprint, dimension.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::Columns;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    const N_VARIABLES: usize = 2;
    const N_POINTS: usize = 64;
    const ARITHMETIC_AND_SINE: [Operator; 5] = [
        Operator::Add,
        Operator::Sub,
        Operator::Mul,
        Operator::Div,
        Operator::Sin,
    ];
    const SINE_COST: usize = 2;
    const CONSTANT_COST: usize = 3;

    fn points() -> Vec<Vec<f64>> {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let mut column = || (0..N_POINTS).map(|_| rng.random_range(0.4..2.6)).collect();
        (0..N_VARIABLES).map(|_| column()).collect()
    }

    fn enumerated(
        operators: &[Operator],
        max_complexity: usize,
        max_blocks: usize,
    ) -> (Vec<Block>, usize) {
        let grammar = Grammar {
            operators,
            complexity: &Complexity::default(),
            constraints: &Constraints::default(),
            dimensions: None,
            max_complexity,
            max_blocks,
            limits: &Enumeration::DEFAULT,
        };
        enumerate(&Columns::of_one_length(points()), &grammar)
    }

    /// The factor that one list of numbers is of another, if it is the same for all.
    fn factor(a: &[f64], b: &[f64]) -> Option<f64> {
        let factor = a[0] / b[0];
        let mut pairs = a.iter().zip(b);
        pairs
            .all(|(a, b)| (a - factor * b).abs() <= 1e-9 * a.abs().max(1e-3))
            .then_some(factor)
    }

    struct Tree {
        expression: Expression,
        values: Vec<f64>,
    }

    /// Meanings up to a factor with the least cost of each, from all trees without exception. A
    /// tree that is a multiple of a simpler one, such as `x1 + x1`, is in no other tree: numbers
    /// are for the coefficients.
    fn meanings(max_complexity: usize) -> Vec<(Tree, usize)> {
        let raw = points();
        let mut found: Vec<(Tree, usize)> = Vec::new();
        let mut of_cost: Vec<Vec<Tree>> = vec![Vec::new()];
        for cost in 1..=max_complexity {
            let mut trees: Vec<Expression> = Vec::new();
            if cost == 1 {
                trees.extend((0..N_VARIABLES).map(Expression::variable));
            }
            if cost == CONSTANT_COST {
                trees.push(Expression::constant(1.0));
            }
            if cost > SINE_COST {
                let inner = of_cost[cost - SINE_COST].iter();
                trees.extend(
                    inner.map(|tree| Expression::unary(Operator::Sin, tree.expression.clone())),
                );
            }
            for left in 1..cost.saturating_sub(1) {
                for a in &of_cost[left] {
                    for b in &of_cost[cost - 1 - left] {
                        for operator in &ARITHMETIC_AND_SINE[..4] {
                            let (a, b) = (a.expression.clone(), b.expression.clone());
                            trees.push(Expression::binary(*operator, a, b));
                        }
                    }
                }
            }
            let mut here = Vec::new();
            let max_value = crate::effort::Enumeration::DEFAULT.max_value;
            for expression in trees {
                let values: Vec<f64> = (0..N_POINTS)
                    .map(|row| expression.value(&[raw[0][row], raw[1][row]]))
                    .collect();
                let is_zero = values.iter().all(|value| value.abs() < 1e-9);
                if is_zero || !values.iter().all(|value| value.abs() < max_value) {
                    continue;
                }
                let factor = found
                    .iter()
                    .find_map(|(known, _)| factor(&values, &known.values));
                let copy = |values: &Vec<f64>| Tree {
                    expression: expression.clone(),
                    values: values.clone(),
                };
                if factor.is_none() {
                    found.push((copy(&values), cost));
                }
                if factor.is_none_or(|factor| (factor.abs() - 1.0).abs() < 1e-9) {
                    here.push(copy(&values));
                }
            }
            of_cost.push(here);
        }
        found
    }

    #[test]
    fn every_meaning_is_there_once_with_its_least_complexity() {
        const MAX: usize = 7;
        let (blocks, complete) = enumerated(&ARITHMETIC_AND_SINE, MAX, 1_000_000);
        assert_eq!(complete, MAX);
        let meanings = meanings(MAX);
        assert!(meanings.len() > 500, "{}", meanings.len());
        for (tree, cost) in &meanings {
            let same: Vec<&Block> = blocks
                .iter()
                .filter(|block| factor(&block.evaluation.values, &tree.values).is_some())
                .collect();
            let texts: Vec<String> = same.iter().map(|b| b.expression.to_string()).collect();
            assert_eq!(same.len(), 1, "{} is there as {texts:?}", tree.expression);
            assert_eq!(same[0].complexity, *cost, "{}, {texts:?}", tree.expression);
        }
        assert_eq!(blocks.len(), meanings.len());
    }

    #[test]
    fn blocks_are_in_the_order_of_their_complexity() {
        let (blocks, _) = enumerated(Operator::ALL, 6, 20_000);
        assert!(blocks.is_sorted_by_key(|block| block.complexity));
        assert!(blocks.iter().any(|block| block.complexity == 6));
    }

    #[test]
    fn blocks_have_the_values_and_derivatives_of_their_expressions() {
        let (blocks, _) = enumerated(Operator::ALL, 5, 20_000);
        let columns = Columns::of_one_length(points());
        let close = |a: &[f64], b: &[f64]| {
            let mut pairs = a.iter().zip(b);
            pairs.all(|(a, b)| (a - b).abs() <= 1e-9 * (1.0 + a.abs()))
        };
        for block in &blocks {
            let expected = block.expression.evaluate_everywhere(&columns);
            let text = block.expression.to_string();
            assert!(close(&block.evaluation.values, &expected.values), "{text}");
            for index in 0..N_VARIABLES {
                let mut own = block.evaluation.gradient[index].clone();
                let mut other = expected.gradient[index].clone();
                own.resize(N_POINTS, 0.0);
                other.resize(N_POINTS, 0.0);
                assert!(close(&own, &other), "{text}: {own:?} {other:?}");
            }
        }
        let used = |operator: &Operator| {
            let uses = |block: &Block| match &block.expression {
                Expression::Apply(own, _) => own == operator,
                _ => false,
            };
            blocks.iter().any(uses)
        };
        // A sign is a coefficient's, a power is a product, and exponents are fitted elsewhere.
        let unused = [Operator::Neg, Operator::Powi, Operator::Pow];
        for operator in Operator::ALL.iter().filter(|o| !unused.contains(o)) {
            assert!(used(operator), "{}", operator.name());
        }
    }

    #[test]
    fn no_more_blocks_are_built_than_allowed_and_those_are_the_first() {
        let (all, _) = enumerated(&ARITHMETIC_AND_SINE, 7, 1_000_000);
        for max_blocks in [1, 2, 3, 10, 50, 51, 300, all.len() - 1] {
            let (few, complete) = enumerated(&ARITHMETIC_AND_SINE, 7, max_blocks);
            assert!(few.len() == max_blocks, "{} {max_blocks}", few.len());
            for (few, all) in few.iter().zip(&all) {
                assert_eq!(few.expression, all.expression);
            }
            let n_complete = all.iter().filter(|block| block.complexity <= complete);
            assert!(n_complete.count() <= max_blocks);
            assert!(complete >= few[few.len() - 1].complexity - 1);
        }
    }
}
