//! From a formula that was found to one that is reported: numbers fitted and shortened, written
//! as simply as its equals allow.

use super::combination::{Combination, Term};
use super::constants::{NEGLIGIBLE_LOSS, fitted, shortened};
use super::expression::Expression;
use super::front::Candidate;
use super::objective::Objective;
use super::operator::Operator;
use super::simplify::Simplifier;
use std::f64::consts::{E, PI, SQRT_2};

const MAX_STEPS: usize = 12;
/// Sums of more terms are tried with fewer of their coefficients as the unit.
const MAX_UNITS: usize = 4;

/// What formulas are refined with.
pub(crate) struct Refiner<'a> {
    /// All points, on which the reported loss is computed.
    pub full: &'a dyn Objective,
    /// Points that numbers are fitted on.
    pub medium: &'a dyn Objective,
    pub simplifier: &'a Simplifier,
    pub noise: f64,
}

impl Refiner<'_> {
    /// The formula with the best constants, and its loss on the points that they were fitted on.
    pub fn fit(&self, expression: &Expression) -> Option<(Expression, f64)> {
        fitted(&expression.clone().folded(), self.medium, MAX_STEPS)
    }

    /// The candidate that a fitted formula becomes: with short numbers, simplified.
    pub fn finish(&self, expression: &Expression, loss: f64) -> Option<Candidate> {
        let variants = self.scaled(expression);
        let (shortest, _) = variants
            .into_iter()
            .map(|variant| shortened(&variant, loss, self.medium, self.noise))
            .min_by_key(|(variant, _)| {
                let variant = variant.clone().folded();
                (variant.complexity(), length_of_numbers(&variant))
            })?;
        let shortest = shortest.folded();
        let given = self.candidate(shortest.clone())?;
        let simplified = self.candidate(self.simplifier.simplified(&shortest).folded());
        // Equal on paper is not always equal in floating point.
        Some(match simplified {
            Some(simple) if simple.complexity <= given.complexity
                && simple.loss <= given.loss * 1.000_001 + NEGLIGIBLE_LOSS => simple,
            _ => given,
        })
    }

    /// A sum with each of its coefficients as the unit, any other formula as it is; with the sign
    /// that makes it rise.
    fn scaled(&self, expression: &Expression) -> Vec<Expression> {
        let rises = |expression: &Expression| {
            let found = expression.evaluate(self.medium.columns());
            self.medium.orientation(&found) >= 0.0
        };
        let sum = Combination::of_sum(expression);
        let mut variants = sum.to_expressions(&[]);
        if sum.terms.len() < 2 {
            variants = vec![expression.clone()];
            variants.push(Expression::unary(Operator::Neg, expression.clone()));
        }
        variants.retain(rises);
        variants.truncate(MAX_UNITS);
        variants
    }

    fn candidate(&self, expression: Expression) -> Option<Candidate> {
        let loss = self.full.loss(&expression.evaluate(self.full.columns()))?;
        Some(Candidate {
            complexity: expression.complexity(),
            expression,
            loss,
        })
    }
}


/// How many characters the numbers take, so that 2 is shorter than 0.5 and 1.98.
fn length_of_numbers(expression: &Expression) -> usize {
    let mut expression = expression.clone();
    let numbers = expression.constants_mut().into_iter();
    let lengths = numbers.map(|number| match [PI, E, SQRT_2].contains(&number.abs()) {
        true => 2,
        false => number.abs().to_string().len(),
    });
    lengths.sum()
}

impl Combination {
    /// The summands of a formula, their numbers taken out; constant summands are left out, as
    /// directions don't see them.
    pub fn of_sum(expression: &Expression) -> Self {
        let mut sum = Self {
            coefficients: Vec::new(),
            terms: Vec::new(),
        };
        sum.add(expression, 1.0);
        sum
    }

    fn add(&mut self, expression: &Expression, factor: f64) {
        use Expression::{Apply, Constant};
        match expression {
            Constant(_) => (),
            Apply(Operator::Add, parts) => parts.iter().for_each(|part| self.add(part, factor)),
            Apply(Operator::Sub, parts) => {
                self.add(&parts[0], factor);
                self.add(&parts[1], -factor);
            }
            Apply(Operator::Neg, parts) => self.add(&parts[0], -factor),
            Apply(Operator::Mul, parts) => match (&parts[0], &parts[1]) {
                (Constant(number), other) | (other, Constant(number)) => {
                    self.add(other, factor * number);
                }
                _ => self.push(expression, factor),
            },
            Apply(Operator::Div, parts) => match &parts[1] {
                Constant(number) if *number != 0.0 => self.add(&parts[0], factor / number),
                _ => self.push(expression, factor),
            },
            _ => self.push(expression, factor),
        }
    }

    fn push(&mut self, expression: &Expression, factor: f64) {
        self.coefficients.push(factor);
        self.terms.push(Term::Plain(expression.clone()));
    }
}
