//! From a formula that was found to one that is reported: numbers fitted and shortened, written
//! as simply as its equals allow.

pub(crate) mod constants;
pub(crate) mod noise;

use crate::effort::Refinement;
use crate::formula::{Dimensions, Expression, Named, Operator};
use crate::formula::{Sameness, Simplifier, Stripped};
use crate::numerics::{n_digits, rounded};
use crate::search::combination::Solved;
use crate::search::combination::{Combination, Term};
use crate::search::front::{Candidate, ParetoFront};
use crate::search::objective::{Likelihood, Objective, Offset, Symmetry};
use crate::search::options::SearchOptions;
use constants::{fitted, shortened, with_plain_numbers};
use rayon::prelude::*;
use std::cmp::Ordering::Equal;
use std::time::Instant;

/// What formulas are refined with.
pub(crate) struct Refiner<'a> {
    /// All points, on which the reported loss is computed.
    pub full: &'a dyn Objective,
    /// Points that numbers are fitted on.
    pub medium: &'a dyn Objective,
    pub simplifier: &'a Simplifier,
    pub options: &'a SearchOptions,
    pub dimensions: Option<&'a Dimensions>,
    /// When time is over: formulas that are left then aren't simplified.
    pub deadline: Option<Instant>,
}

/// One formula as a search would report it: its numbers fitted and shortened, simplified; none
/// where it isn't finite on every point.
pub(crate) fn refined(
    expression: &Expression,
    objective: &dyn Objective,
    options: &SearchOptions,
) -> Option<Candidate> {
    let dimensions = options.dimensions(objective);
    let simplifier = Simplifier::new(&options.operators, options.complexity.clone());
    let refiner = Refiner {
        full: objective,
        medium: objective,
        simplifier: &simplifier.with_effort(&options.effort),
        options,
        dimensions: dimensions.as_ref(),
        deadline: None,
    };
    let (fitted, loss) = refiner.fit(expression)?;
    refiner.finish(&fitted, loss)
}

impl Refiner<'_> {
    /// Fits, shortens and simplifies the promising formulas, and offers them to the front with
    /// their losses on all points.
    pub fn offer(&self, front: &mut ParetoFront, solved: &[Solved]) {
        let given = solved
            .iter()
            .map(|found| (found.expression.clone(), found.loss));
        let fitted: Vec<(Expression, f64)> = self
            .promising(given.collect())
            .into_par_iter()
            .filter_map(|(expression, loss)| {
                if self.is_late() {
                    Some((expression, loss))
                } else {
                    self.fit(&expression)
                }
            })
            .collect();
        let fitted = self.promising(fitted);
        let has_plain = self.options.effort.stages.plain_numbers;
        let with_plain = fitted.par_iter().filter(|_| has_plain);
        let plain = with_plain.flat_map_iter(|(fit, _)| self.plain(fit));
        let plain = self.unbeaten(plain.collect());
        let finished = fitted
            .into_par_iter()
            .filter_map(|(expression, loss)| self.finish(&expression, loss));
        let plain = plain
            .into_par_iter()
            .filter_map(|(expression, _)| self.candidate(expression, Vec::new()))
            .map(|candidate| self.with_short_numbers(self.simplest(candidate)));
        let max_complexity = self.options.max_complexity_for(self.full);
        let (mut candidates, too_complex): (Vec<Candidate>, Vec<Candidate>) = finished
            .chain(plain)
            .partition(|candidate| candidate.complexity <= max_complexity);
        candidates.extend(front.candidates().iter().cloned());
        // Of formulas of one length that are nearly as good, the one with the shortest numbers, and
        // of those with numbers alike the best.
        candidates.sort_by(|a, b| a.loss.total_cmp(&b.loss));
        candidates.sort_by_cached_key(|c| (c.complexity, length_of_numbers(&c.expression)));
        let least_loss = |complexity: usize| {
            let losses = candidates
                .iter()
                .filter(|c| c.complexity == complexity)
                .map(|c| c.loss);
            losses.fold(f64::INFINITY, f64::min)
        };
        let resolution = self.full.resolution();
        let is_near = |c: &&Candidate| {
            let limit = self.nearly(least_loss(c.complexity));
            c.loss <= limit.max(self.options.noise) + resolution
        };
        let mut chosen: Vec<Candidate> = candidates.iter().filter(is_near).cloned().collect();
        chosen.dedup_by_key(|candidate| candidate.complexity);
        front.clear();
        for candidate in chosen {
            front.insert(candidate);
        }
        let is_match = |c: &&Candidate| {
            let found = c.expression.evaluate(self.full.columns());
            self.full.is_exact(c.loss, &found)
        };
        if let Some(simplest) = front.candidates().iter().find(is_match) {
            front.settle(simplest.loss);
        }
        for candidate in too_complex {
            front.refuse(candidate);
        }
    }

    /// Leaves out formulas that a simpler one clearly beats, whatever their numbers will turn out
    /// to be, and of one length all but the best few and those that nothing beats as they are written.
    fn promising(&self, mut fitted: Vec<(Expression, f64)>) -> Vec<(Expression, f64)> {
        let least = |expression: &Expression| self.options.complexity.without_numbers(expression);
        fitted.sort_by(|(a, loss_a), (b, loss_b)| {
            (least(a), loss_a)
                .partial_cmp(&(least(b), loss_b))
                .unwrap_or(Equal)
        });
        self.drop_twins(&mut fitted);
        let limits = self.limits();
        let max_complexity = self.options.max_complexity_for(self.full);
        let mut lowest = f64::INFINITY;
        let mut unbeaten = self.unbeaten_as_written(&fitted).into_iter();
        let (mut length, mut n_same) = (0, 0);
        fitted.retain(|(expression, loss)| {
            let own = least(expression);
            n_same = if own == length { n_same + 1 } else { 1 };
            length = own;
            let is_unbeaten = unbeaten.next() == Some(true);
            let equal = self.options.effort.choice.noise_margin * self.options.noise;
            let limit = (lowest * limits.clearly_beaten).max(equal);
            let is_promising = *loss <= limit + self.options.effort.exactness.unrefined;
            // What is too long as it is may never become short enough to take another's place.
            if self.options.complexity.of(expression) <= max_complexity {
                lowest = lowest.min(*loss);
            }
            let most = if *loss < equal {
                limits.max_equal_of_one_length
            } else {
                limits.max_of_one_length
            };
            is_promising && (n_same <= most || is_unbeaten)
        });
        fitted
    }

    /// Which formulas no other beats that is as short with its numbers as they are. With noise, longer
    /// ones of fewer letters fit as well as the right one.
    fn unbeaten_as_written(&self, formulas: &[(Expression, f64)]) -> Vec<bool> {
        let written = formulas.iter().enumerate();
        let written = written.map(|(place, (expression, loss))| {
            (self.options.complexity.of(expression), *loss, place)
        });
        let mut written: Vec<(usize, f64, usize)> = written.collect();
        written.sort_by(|a, b| a.partial_cmp(b).unwrap_or(Equal));
        let mut unbeaten = vec![false; formulas.len()];
        let mut least = f64::INFINITY;
        for (_, loss, place) in written {
            unbeaten[place] = loss < least;
            least = least.min(loss);
        }
        unbeaten
    }

    /// Leaves out formulas that another clearly beats, however simple they turn out to be.
    fn unbeaten(&self, formulas: Vec<(Expression, f64)>) -> Vec<(Expression, f64)> {
        let rivals: Vec<(usize, f64)> = formulas
            .iter()
            .map(|(expression, loss)| (self.options.complexity.of(expression), *loss))
            .collect();
        let limits = self.limits();
        let mut unbeaten = formulas;
        unbeaten.retain(|(expression, loss)| {
            let least = self.options.complexity.without_numbers(expression);
            let beats =
                |rival: &(usize, f64)| rival.0 <= least && rival.1 * limits.clearly_beaten < *loss;
            !rivals.iter().any(beats)
        });
        unbeaten.sort_by(|a, b| a.1.total_cmp(&b.1));
        self.drop_twins(&mut unbeaten);
        unbeaten
    }

    /// Leaves out formulas that differ from the one before by rounding errors of their numbers
    /// only, as those do that were solved for in two ways.
    fn drop_twins(&self, formulas: &mut Vec<(Expression, f64)>) {
        let sameness = Sameness::Written {
            n_digits: self.limits().digits_that_count,
        };
        formulas.dedup_by(|(a, _), (b, _)| a.is_same(b, sameness));
    }

    /// The formula with the best constants, and its loss on the points that they were fitted on.
    fn fit(&self, expression: &Expression) -> Option<(Expression, f64)> {
        let effort = &self.options.effort;
        let n_steps = effort.refinement.n_steps;
        fitted(&expression.clone().folded(), self.medium, effort, n_steps)
    }

    /// The loss up to which another form of a formula with this loss is nearly as good. Where errors
    /// are independent, many rows tell losses apart that differ little.
    fn nearly(&self, loss: f64) -> f64 {
        match self.full.likelihood() {
            Likelihood::Smooth => loss * (1.0 + self.limits().max_difference),
            likelihood => {
                let nats = self.options.effort.shortening.plain_likelihood;
                loss + likelihood.slack(loss, nats)
            }
        }
    }

    fn is_late(&self) -> bool {
        self.deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
    }

    fn limits(&self) -> &Refinement {
        &self.options.effort.refinement
    }

    /// The formula with numbers as short as its loss allows.
    fn shortened(&self, expression: &Expression, loss: f64) -> Expression {
        let (noise, effort) = (self.options.noise, &self.options.effort);
        shortened(expression, loss, self.medium, noise, effort).0
    }

    /// The formula with plain numbers for all of its own, in each of its variants, and their losses.
    ///
    /// They fit less well than the loss alone would allow; but simpler as they are, they may beat
    /// all that is as simple.
    fn plain(&self, expression: &Expression) -> Vec<(Expression, f64)> {
        if expression.n_constants() == 0 || self.is_late() {
            return Vec::new();
        }
        let plain = self.variants(expression).into_iter().filter_map(|variant| {
            let plain = with_plain_numbers(&variant, &self.options.effort.shortening).folded();
            let loss = self.medium.loss(&plain.evaluate(self.medium.columns()))?;
            Some((plain, loss))
        });
        plain.collect()
    }

    /// The candidate that a fitted formula becomes: with short numbers, simplified, without what
    /// directions don't see.
    fn finish(&self, expression: &Expression, loss: f64) -> Option<Candidate> {
        if self.is_late() {
            let variants = self.variants(expression).into_iter();
            let short = variants.map(|variant| self.shortened(&variant, loss));
            let mut written = short.filter_map(|short| self.candidate(short, Vec::new()));
            return written.next();
        }
        let mut written: Vec<Candidate> = self
            .variants(expression)
            .into_iter()
            .filter_map(|variant| {
                let short = self.shortened(&variant, loss);
                let candidate = self.candidate(short, Vec::new())?;
                Some(Candidate {
                    fitted: variant,
                    ..candidate
                })
            })
            .collect();
        // Simplifying takes longest by far and changes no loss: first what is not worth it goes.
        let least = written
            .iter()
            .fold(f64::INFINITY, |least, c| least.min(c.loss));
        let limit = self.nearly(least) + self.full.resolution();
        written.retain(|c| c.loss <= limit);
        written
            .into_iter()
            .map(|given| self.with_short_numbers(self.simplest(given)))
            .min_by_key(|candidate| {
                let text = candidate.expression.to_string();
                let numbers = length_of_numbers(&candidate.expression);
                (candidate.complexity, numbers, text.len())
            })
    }

    /// The formula as it is, or simplified, or without its outer layers.
    fn simplest(&self, given: Candidate) -> Candidate {
        let bare = self
            .simplifier
            .gauge_fixed(&given.expression, self.medium.columns());
        let bare_expression = if bare.is_flipped {
            Expression::unary(Operator::Neg, bare.expression)
        } else {
            bare.expression
        };
        let others = [
            self.candidate(bare_expression, bare.stripped),
            self.candidate(bare.simplified, Vec::new()),
        ];
        // Equal on paper is not always equal in floating point.
        let is_equal = |other: &Candidate| {
            other.complexity <= given.complexity
                && other.loss
                    <= given.loss * (1.0 + self.options.effort.exactness.same_on_paper)
                        + self.full.resolution()
        };
        let simplest = others
            .into_iter()
            .flatten()
            .filter(is_equal)
            .min_by_key(|other| other.complexity);
        match simplest {
            Some(simplest) => Candidate {
                fitted: given.fitted,
                ..simplest
            },
            None => given,
        }
    }

    /// Simplifying multiplies and adds numbers: those that became long are shortened once more.
    fn with_short_numbers(&self, given: Candidate) -> Candidate {
        let is_long = |number: f64| {
            n_digits(number) > self.options.effort.shortening.max_digits
                && Named::of(number).is_none()
        };
        if !given.expression.constants().into_iter().any(is_long) {
            return given;
        }
        let found = given.expression.evaluate(self.medium.columns());
        let shorter = self.medium.loss(&found).and_then(|loss| {
            let short = self.shortened(&given.expression, loss);
            self.candidate(short, given.stripped.clone())
        });
        match shorter.filter(|short| short.complexity <= given.complexity) {
            Some(short) => Candidate {
                fitted: given.fitted,
                ..short
            },
            None => given,
        }
    }

    /// The formula in the ways that directions can't tell apart, and that rise: a sum with each
    /// of its coefficients as the unit, a quotient and its inverse.
    fn variants(&self, expression: &Expression) -> Vec<Expression> {
        let rises = |expression: &Expression| {
            let found = expression.evaluate(self.medium.columns());
            self.medium.rises(&found)
        };
        let negative =
            |expression: &Expression| Expression::unary(Operator::Neg, expression.clone());
        let symmetry = self.full.symmetry();
        if !symmetry.is_scale_free() {
            return vec![expression.clone()];
        }
        let mut sum = Combination::of_sum(expression);
        if symmetry == Symmetry::FactorAndOffset {
            sum.offset = 0.0;
        }
        let mut variants = sum.to_expressions(&[], &self.options.effort.products);
        if sum.terms.len() < 2 && sum.offset == 0.0 {
            variants = vec![expression.clone(), negative(expression)];
            if let Expression::Apply(Operator::Div, parts) = expression {
                let inverse = parts[1].clone() / parts[0].clone();
                variants.extend([negative(&inverse), inverse]);
            }
        }
        variants.retain(rises);
        variants.truncate(self.limits().max_units);
        variants
    }

    /// The best constant, however complex a number is; none for directions, which a constant has none
    /// of, and where formulas must have a form that a constant hasn't. With it comes its loss before it
    /// was rounded.
    pub fn constant(&self) -> Option<(Candidate, f64)> {
        match self.full.symmetry() {
            Symmetry::FactorAndOffset => return None,
            // Only its sign counts.
            Symmetry::Factor => {
                let signs = [1.0, -1.0].map(Expression::constant).into_iter();
                let constants = signs.filter_map(|sign| self.allowed(sign, Vec::new()));
                let best = constants.min_by(|a, b| a.loss.total_cmp(&b.loss))?;
                let loss = best.loss;
                return Some((best, loss));
            }
            Symmetry::Nothing => (),
        }
        let fit = self.full.sums()?.terms(&[], Offset::Fitted).fit(&[])?;
        let constant = Expression::constant(fit.offset);
        let nats = self.options.effort.shortening.digits_likelihood;
        let limit = fit.loss + self.full.likelihood().slack(fit.loss, nats);
        let candidate = (1..=self.options.effort.shortening.max_digits)
            .map(|n_digits| Expression::constant(rounded(fit.offset, n_digits)))
            .chain([constant.clone()])
            .filter_map(|constant| self.allowed(constant, Vec::new()))
            .find(|candidate| candidate.loss <= limit)?;
        let candidate = Candidate {
            fitted: constant,
            ..candidate
        };
        Some((candidate, fit.loss))
    }

    fn candidate(&self, expression: Expression, stripped: Vec<Stripped>) -> Option<Candidate> {
        let expression = expression.readable();
        if expression.n_variables() == 0 {
            return None;
        }
        self.allowed(expression, stripped)
    }

    /// A formula with its loss on all points, if constraints and units allow it.
    fn allowed(&self, expression: Expression, stripped: Vec<Stripped>) -> Option<Candidate> {
        if !self.options.constraints.allows(&expression) {
            return None;
        }
        let surcharge = Dimensions::surcharge(self.dimensions, &expression)?;
        let loss = self.full.loss(&expression.evaluate(self.full.columns()))?;
        Some(Candidate {
            complexity: self.options.complexity.of(&expression) + surcharge,
            fitted: expression.clone(),
            expression,
            loss,
            stripped,
            penalty: 0.0,
            held_out: None,
        })
    }
}

/// How many characters a formula's numbers take, so that 2 is shorter than 0.5 and 1.98.
fn length_of_numbers(expression: &Expression) -> usize {
    let numbers = expression.constants().into_iter();
    let lengths = numbers.map(|number| match Named::of(number) {
        Some(named) => 2 + named.n_digits(),
        None => number.abs().to_string().len(),
    });
    lengths.sum()
}

impl Combination {
    /// The summands of a formula, their numbers taken out.
    pub fn of_sum(expression: &Expression) -> Self {
        let mut sum = Self {
            coefficients: Vec::new(),
            terms: Vec::new(),
            offset: 0.0,
            is_scale_free: true,
        };
        sum.add(expression, 1.0);
        sum
    }

    fn add(&mut self, expression: &Expression, factor: f64) {
        let mut parts = Vec::new();
        expression.collect_parts(factor, &mut parts);
        for (coefficient, term) in parts {
            match &term {
                Expression::Constant(number) => {
                    self.offset += coefficient * number;
                    continue;
                }
                Expression::Apply(Operator::Div, sides) => {
                    if let Expression::Constant(number) = sides[1]
                        && number != 0.0
                    {
                        self.add(&sides[0], coefficient / number);
                        continue;
                    }
                }
                _ => (),
            }
            self.coefficients.push(coefficient);
            self.terms.push(Term::Plain(term));
        }
    }
}
