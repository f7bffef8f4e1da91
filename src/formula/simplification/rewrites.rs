//! The equalities that simplification knows, as one table.

use super::costs::MAX_HANDY;
use super::language::{Folding, Node};
use crate::formula::Operator;
use egg::{ConditionalApplier, EGraph, ENodeOrVar, Id, Pattern, Rewrite, Subst, Var};

pub(super) type Graph = EGraph<Node, Folding>;

/// What a rewrite asks of the variable `?c`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    Nothing,
    /// `?c` isn't the number zero.
    NotZero,
    /// `?c` is a number other than zero.
    Number,
    /// `?c` is a number below zero.
    Negative,
    /// `?c` is a number that isn't whole: no negative number has such a power.
    Fractional,
    /// `?c` is a number such as 0.25, which reads better as a divisor.
    InverseOfInteger,
}
use Asks::*;

/// The left side may be replaced by the right side: wherever the left is finite, the right has
/// the same value. A mark `+` says that the right is finite at further points, too.
pub(super) struct Rule {
    pub asks: Asks,
    pub left: &'static str,
    pub right: &'static str,
}

const fn rule(asks: Asks, left: &'static str, right: &'static str) -> Rule {
    Rule { asks, left, right }
}

#[rustfmt::skip]
pub(super) static RULES: &[Rule] = &[
    // Sums
    rule(Nothing, "(+ ?a ?b)", "(+ ?b ?a)"),
    rule(Nothing, "(+ (+ ?a ?b) ?c)", "(+ ?a (+ ?b ?c))"),
    rule(Nothing, "(+ ?a 0)", "?a"),
    rule(Nothing, "(- ?a 0)", "?a"),
    rule(Nothing, "(- 0 ?a)", "(neg ?a)"),
    rule(Nothing, "(- ?a ?a)", "0"),
    rule(Nothing, "(+ ?a ?a)", "(* 2 ?a)"),
    rule(Nothing, "(- ?a ?b)", "(+ ?a (neg ?b))"),
    rule(Nothing, "(+ ?a (neg ?b))", "(- ?a ?b)"),
    rule(Nothing, "(+ ?a (- ?b ?c))", "(- (+ ?a ?b) ?c)"),
    rule(Nothing, "(- ?a (+ ?b ?c))", "(- (- ?a ?b) ?c)"),
    rule(Nothing, "(- (- ?a ?b) ?c)", "(- ?a (+ ?b ?c))"),
    rule(Nothing, "(- ?a (- ?b ?c))", "(- (+ ?a ?c) ?b)"),
    rule(Nothing, "(- ?a (neg ?b))", "(+ ?a ?b)"),
    rule(Negative, "(+ ?a ?c)", "(- ?a (neg ?c))"),
    // Signs
    rule(Nothing, "(neg (neg ?a))", "?a"),
    rule(Nothing, "(neg (+ ?a ?b))", "(+ (neg ?a) (neg ?b))"),
    rule(Nothing, "(neg (- ?a ?b))", "(- ?b ?a)"),
    rule(Nothing, "(+ (neg ?a) (neg ?b))", "(neg (+ ?a ?b))"),
    rule(Nothing, "(neg (* ?a ?b))", "(* (neg ?a) ?b)"),
    rule(Nothing, "(* (neg ?a) ?b)", "(neg (* ?a ?b))"),
    rule(Nothing, "(* -1 ?a)", "(neg ?a)"),
    rule(Negative, "(* ?c ?a)", "(neg (* (neg ?c) ?a))"),
    rule(Nothing, "(neg (/ ?a ?b))", "(/ (neg ?a) ?b)"),
    rule(Nothing, "(/ (neg ?a) ?b)", "(neg (/ ?a ?b))"),
    rule(Nothing, "(/ ?a (neg ?b))", "(neg (/ ?a ?b))"),
    // Products
    rule(Nothing, "(* ?a ?b)", "(* ?b ?a)"),
    rule(Nothing, "(* (* ?a ?b) ?c)", "(* ?a (* ?b ?c))"),
    rule(Nothing, "(* ?a 1)", "?a"),
    rule(Nothing, "(* ?a 0)", "0"),             // + where a is infinite
    // Quotients
    rule(Nothing, "(/ ?a 1)", "?a"),
    rule(NotZero, "(/ 0 ?c)", "0"),             // + c = 0
    rule(NotZero, "(/ ?c ?c)", "1"),            // + c = 0
    rule(NotZero, "(/ (* ?a ?c) ?c)", "?a"),    // + c = 0
    rule(NotZero, "(* (/ ?a ?c) ?c)", "?a"),    // + c = 0
    rule(NotZero, "(/ (* ?a ?c) (* ?b ?c))", "(/ ?a ?b)"),  // + c = 0
    rule(Nothing, "(/ (* ?a ?b) ?c)", "(* ?a (/ ?b ?c))"),
    rule(Nothing, "(* ?a (/ ?b ?c))", "(/ (* ?a ?b) ?c)"),
    rule(Nothing, "(/ (/ ?a ?b) ?c)", "(/ ?a (* ?b ?c))"),
    rule(NotZero, "(/ ?a (/ ?b ?c))", "(/ (* ?a ?c) ?b)"),  // + c = 0
    rule(Nothing, "(* (/ ?a ?b) (/ ?d ?c))", "(/ (* ?a ?d) (* ?b ?c))"),
    rule(Number, "(/ ?a ?c)", "(* (/ 1 ?c) ?a)"),
    rule(InverseOfInteger, "(* ?c ?a)", "(/ ?a (/ 1 ?c))"),
    // Distribution and factoring
    rule(Nothing, "(* ?a (+ ?b ?c))", "(+ (* ?a ?b) (* ?a ?c))"),
    rule(Nothing, "(* ?a (- ?b ?c))", "(- (* ?a ?b) (* ?a ?c))"),
    rule(Nothing, "(+ (* ?a ?b) (* ?a ?c))", "(* ?a (+ ?b ?c))"),
    rule(Nothing, "(- (* ?a ?b) (* ?a ?c))", "(* ?a (- ?b ?c))"),
    rule(Nothing, "(+ ?a (* ?a ?b))", "(* ?a (+ ?b 1))"),
    rule(Nothing, "(- ?a (* ?a ?b))", "(* ?a (- 1 ?b))"),
    rule(Nothing, "(- (* ?a ?b) ?a)", "(* ?a (- ?b 1))"),
    rule(Nothing, "(+ (/ ?a ?c) (/ ?b ?c))", "(/ (+ ?a ?b) ?c)"),
    rule(Nothing, "(- (/ ?a ?c) (/ ?b ?c))", "(/ (- ?a ?b) ?c)"),
    rule(Nothing, "(/ (+ ?a ?b) ?c)", "(+ (/ ?a ?c) (/ ?b ?c))"),
    rule(Nothing, "(/ (- ?a ?b) ?c)", "(- (/ ?a ?c) (/ ?b ?c))"),
    rule(Nothing, "(+ (+ (* ?a ?a) (* 2 (* ?a ?b))) (* ?b ?b))", "(* (+ ?a ?b) (+ ?a ?b))"),
    rule(Nothing, "(+ (- (* ?a ?a) (* 2 (* ?a ?b))) (* ?b ?b))", "(* (- ?a ?b) (- ?a ?b))"),
    rule(Nothing, "(- (* ?a ?a) (* ?b ?b))", "(* (+ ?a ?b) (- ?a ?b))"),
    // Exponentials
    rule(Nothing, "(* (exp ?a) (exp ?b))", "(exp (+ ?a ?b))"),       // + where a factor overflows
    rule(Nothing, "(/ (exp ?a) (exp ?b))", "(exp (- ?a ?b))"),       // + likewise
    rule(Nothing, "(/ ?a (exp ?b))", "(* ?a (exp (neg ?b)))"),       // + likewise
    rule(Nothing, "(* ?a (exp (neg ?b)))", "(/ ?a (exp ?b))"),
    rule(Nothing, "(/ 1 (exp ?a))", "(exp (neg ?a))"),               // + likewise
    rule(Nothing, "(exp (neg ?a))", "(/ 1 (exp ?a))"),
    // Logarithms
    rule(Nothing, "(log (exp ?a))", "?a"),                           // + where exp overflows
    rule(Nothing, "(exp (log ?a))", "?a"),                           // + a < 0
    rule(Nothing, "(+ (log ?a) (log ?b))", "(log (* ?a ?b))"),       // + both below 0
    rule(Nothing, "(- (log ?a) (log ?b))", "(log (/ ?a ?b))"),       // + both below 0
    rule(Nothing, "(neg (log ?a))", "(log (/ 1 ?a))"),
    rule(Nothing, "(log (/ 1 ?a))", "(neg (log ?a))"),
    rule(Nothing, "(log (* (exp ?a) ?b))", "(+ ?a (log ?b))"),       // + where exp overflows
    rule(Nothing, "(log (/ ?b (exp ?a)))", "(- (log ?b) ?a)"),       // + likewise
    rule(Nothing, "(log (/ (exp ?a) ?b))", "(- ?a (log ?b))"),       // + likewise
    rule(Nothing, "(log (sqrt ?a))", "(* 0.5 (log ?a))"),
    rule(Nothing, "(* 2 (log ?a))", "(log (* ?a ?a))"),              // + a < 0
    rule(Nothing, "(exp (+ ?a (log ?b)))", "(* (exp ?a) ?b)"),       // + b < 0
    rule(Nothing, "(exp (- ?a (log ?b)))", "(/ (exp ?a) ?b)"),       // + b < 0
    rule(Nothing, "(exp (* 0.5 (log ?a)))", "(sqrt ?a)"),
    // Roots
    rule(Nothing, "(* (sqrt ?a) (sqrt ?a))", "?a"),                  // + a < 0
    rule(Nothing, "(* (sqrt ?a) (sqrt ?b))", "(sqrt (* ?a ?b))"),    // + both below 0
    rule(Nothing, "(/ (sqrt ?a) (sqrt ?b))", "(sqrt (/ ?a ?b))"),    // + both below 0
    rule(Nothing, "(/ ?a (sqrt ?a))", "(sqrt ?a)"),                  // + a = 0
    rule(Nothing, "(/ (sqrt ?a) ?a)", "(/ 1 (sqrt ?a))"),
    rule(Nothing, "(sqrt (exp ?a))", "(exp (* 0.5 ?a))"),            // + where exp overflows
    // Real powers
    rule(Nothing, "(pow ?a 0.5)", "(sqrt ?a)"),
    rule(Nothing, "(exp (* ?c (log ?a)))", "(pow ?a ?c)"),
    rule(Fractional, "(pow (exp ?a) ?c)", "(exp (* ?c ?a))"),         // + where exp overflows
    rule(Fractional, "(log (pow ?a ?c))", "(* ?c (log ?a))"),
    rule(Nothing, "(* ?a (sqrt ?a))", "(pow ?a 1.5)"),
    rule(Number, "(* ?a (pow ?a ?c))", "(pow ?a (+ ?c 1))"),         // + a = 0
    rule(Number, "(/ ?a (pow ?a ?c))", "(pow ?a (- 1 ?c))"),         // + a = 0
    rule(Number, "(/ (pow ?a ?c) ?a)", "(pow ?a (- ?c 1))"),
    rule(Negative, "(pow ?a ?c)", "(/ 1 (pow ?a (neg ?c)))"),
    rule(Number, "(/ 1 (pow ?a ?c))", "(pow ?a (neg ?c))"),          // + where the power is infinite
    rule(Number, "(/ ?b (pow ?a ?c))", "(* ?b (pow ?a (neg ?c)))"),  // + likewise
    rule(Fractional, "(* (pow ?a ?c) (pow ?b ?c))", "(pow (* ?a ?b) ?c)"),  // + both below 0
    rule(Fractional, "(/ (pow ?a ?c) (pow ?b ?c))", "(pow (/ ?a ?b) ?c)"),  // + both below 0
    rule(Fractional, "(pow (pow ?a ?c) ?b)", "(pow ?a (* ?c ?b))"),  // + a < 0
    rule(Fractional, "(sqrt (pow ?a ?c))", "(pow ?a (* 0.5 ?c))"),   // + a < 0
    rule(Number, "(pow (sqrt ?a) ?c)", "(pow ?a (* 0.5 ?c))"),       // + a < 0
    // Odd and even functions
    rule(Nothing, "(sin (neg ?a))", "(neg (sin ?a))"),
    rule(Nothing, "(neg (sin ?a))", "(sin (neg ?a))"),
    rule(Nothing, "(tanh (neg ?a))", "(neg (tanh ?a))"),
    rule(Nothing, "(neg (tanh ?a))", "(tanh (neg ?a))"),
    rule(Nothing, "(cos (neg ?a))", "(cos ?a)"),
    rule(Nothing, "(cos (- ?a ?b))", "(cos (- ?b ?a))"),
    rule(Nothing, "(+ (* (sin ?a) (sin ?a)) (* (cos ?a) (cos ?a)))", "1"),
    rule(Nothing, "(* 2 (* (sin ?a) (cos ?a)))", "(sin (* 2 ?a))"),
    rule(Nothing, "(- (* (cos ?a) (cos ?a)) (* (sin ?a) (sin ?a)))", "(cos (* 2 ?a))"),
];

/// The rewrites that lead to allowed operators; a sign is always allowed.
pub(super) fn rewrites(allowed: &[Operator]) -> Vec<Rewrite<Node, Folding>> {
    let is_allowed = |operator| operator == Operator::Neg || allowed.contains(&operator);
    RULES
        .iter()
        .filter_map(|rule| {
            let (left, right) = rule.patterns()?;
            let mut operators = right.ast.as_ref().iter().filter_map(|node| match node {
                ENodeOrVar::ENode(node) => node.operator(),
                ENodeOrVar::Var(_) => None,
            });
            operators
                .all(is_allowed)
                .then(|| rule.rewrite(left, right))?
        })
        .collect()
}

impl Rule {
    fn patterns(&self) -> Option<(Pattern<Node>, Pattern<Node>)> {
        Some((self.left.parse().ok()?, self.right.parse().ok()?))
    }

    fn rewrite(&self, left: Pattern<Node>, right: Pattern<Node>) -> Option<Rewrite<Node, Folding>> {
        let name = format!("{} => {}", self.left, self.right);
        if self.asks == Nothing {
            return Rewrite::new(name, left, right).ok();
        }
        let asks = self.asks;
        let variable: Var = "?c".parse().ok()?;
        let applier = ConditionalApplier {
            condition: move |graph: &mut Graph, _: Id, found: &Subst| {
                asks.is_met(graph[found[variable]].data)
            },
            applier: right,
        };
        Rewrite::new(name, left, applier).ok()
    }
}

impl Asks {
    /// `number` is the value of `?c` if that is a number.
    fn is_met(self, number: Option<f64>) -> bool {
        match self {
            Nothing => true,
            NotZero => number != Some(0.0),
            Number => number.is_some_and(|c| c != 0.0),
            Negative => number.is_some_and(|c| c < 0.0),
            Fractional => number.is_some_and(|c| c.fract() != 0.0),
            InverseOfInteger => number.is_some_and(|c| {
                let inverse = 1.0 / c;
                inverse.fract() == 0.0 && (2.0..=MAX_HANDY).contains(&inverse) && 1.0 / inverse == c
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::Expression;
    use crate::formula::simplification::language;
    use crate::formula::simplification::samples::{ALL, generator};
    use rand::RngExt;

    const LETTERS: [&str; 4] = ["?a", "?b", "?c", "?d"];

    fn side(pattern: &Pattern<Node>) -> Expression {
        let nodes = pattern.ast.as_ref().iter().map(|node| match node {
            ENodeOrVar::ENode(node) => node.clone(),
            ENodeOrVar::Var(variable) => {
                let letter = variable.to_string();
                Node::Variable(LETTERS.iter().position(|known| **known == letter).unwrap())
            }
        });
        language::to_expression(&nodes.collect())
    }

    #[test]
    fn every_rule_is_understood() {
        let allowed = [&ALL[..], &[Operator::Pow]].concat();
        assert_eq!(rewrites(&allowed).len(), RULES.len());
    }

    #[test]
    fn every_rule_keeps_the_value_wherever_its_left_side_has_one() {
        let mut random = generator(1);
        let candidates = [-2.0, -0.5, 0.0, 0.25, 0.5, 1.0, 3.0];
        for rule in RULES {
            let (left, right) = rule.patterns().unwrap();
            let (left, right) = (side(&left), side(&right));
            let mut n_compared = 0;
            for _ in 0..400 {
                let mut point: Vec<f64> = LETTERS.map(|_| random.random_range(-3.0..3.0)).to_vec();
                if !matches!(rule.asks, Nothing | NotZero) {
                    point[2] = candidates[random.random_range(0..candidates.len())];
                }
                let value = left.value(&point);
                if !rule.asks.is_met(Some(point[2])) || !value.is_finite() {
                    continue;
                }
                n_compared += 1;
                let error = (right.value(&point) - value).abs();
                assert!(
                    error <= 1e-9 * value.abs().max(1.0),
                    "{} => {} at {point:?}: {value}, {}",
                    rule.left,
                    rule.right,
                    right.value(&point)
                );
            }
            assert!(n_compared >= 20, "{} => {}", rule.left, rule.right);
        }
    }

    #[test]
    fn rules_lead_to_allowed_operators_and_signs_only() {
        for rewrite in rewrites(&[Operator::Add, Operator::Mul]) {
            let (_, right) = rewrite.name.as_str().split_once(" => ").unwrap();
            let names = right.split([' ', '(', ')']);
            let mut operators = names.filter_map(Operator::named);
            assert!(operators.all(|operator| ["+", "*", "neg"].contains(&operator.name())));
        }
    }
}
