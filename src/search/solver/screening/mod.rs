//! Short sums of terms from a dictionary too large for a library: products of powers of the
//! variables with functions, functions whose inner numbers step through a grid. A term enters for
//! what it explains of what is left; the numbers inside are then fitted.

mod dictionary;

pub(crate) use dictionary::{Dictionary, powers, with_numbers};

use super::agreement::Agreement;
use super::{Rules, selection};
use crate::effort::Effort;
use crate::formula::Evaluation;
use crate::formula::{Expression, Operator};
use crate::numerics::without;
use crate::search::combination::{Combination, Term};
use crate::search::objective::{Objective, Offset, Sums, ValueObjective};
use crate::search::refinement::constants;
use faer::Mat;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};

/// A sum that was met on the way.
#[derive(Clone)]
struct Sum {
    terms: Vec<Term>,
    values: Vec<Vec<f64>>,
    /// The share of the target's variance that is left.
    left: f64,
    /// What further terms must agree in.
    agreement: Agreement,
    /// Whether the last term has a number inside that is yet to be fitted.
    is_tunable: bool,
}

/// Sums that grow under one objective, term by term.
pub(crate) struct Screening<'a> {
    objective: &'a ValueObjective,
    /// The sums that grew from each start. Those that began with all variables explain more at
    /// first, and would crowd out the others.
    beams: Vec<Vec<Sum>>,
    n_grown: usize,
    offset: Offset,
}

impl<'a> Screening<'a> {
    /// Starts from nothing, and from a sum of all variables or of their logarithms, if these agree
    /// in their units.
    pub fn new(
        objective: &'a ValueObjective,
        agreement: Agreement,
        start: impl Fn(Expression) -> Term,
        rules: &Rules,
    ) -> Self {
        let columns = objective.columns();
        let terms: Vec<Term> = (0..columns.n_features())
            .map(|index| start(Expression::variable(index)))
            .collect();
        let values = terms.iter().map(|term| {
            let of_variable = term.expression().evaluate(columns);
            term.evaluation(&of_variable).values
        });
        let offset = agreement.offset();
        let values = values.collect();
        let of_all = terms.iter().try_fold(agreement.clone(), |agreement, term| {
            let dimension = rules.dimension_of(term.expression())?;
            let is_log = matches!(term, Term::Log(_));
            let is_admitted = agreement.admits(is_log, &dimension);
            is_admitted.then(|| agreement.after(&dimension))
        });
        let all = Sum {
            values,
            agreement: of_all.clone().unwrap_or(Agreement::Any),
            terms,
            left: 1.0,
            is_tunable: false,
        };
        let nothing = Sum {
            terms: Vec::new(),
            values: Vec::new(),
            agreement,
            left: 1.0,
            is_tunable: false,
        };
        let is_finite = all.values.iter().flatten().all(|v| v.is_finite());
        let is_sum = is_finite && of_all.is_some();
        let mut beams = vec![vec![nothing]];
        if is_sum && columns.n_features() <= rules.effort.screening.max_summed {
            beams.push(vec![all]);
        }
        Self {
            objective,
            beams,
            n_grown: 0,
            offset,
        }
    }

    /// The least share of the target's variance that a sum leaves so far.
    pub fn left(&self) -> f64 {
        let sums = self.beams.iter().flatten();
        sums.fold(1.0, |least, sum| sum.left.min(least))
    }

    /// Adds a term of the dictionary to every sum, and returns good ones with their losses.
    pub fn grow(&mut self, dictionary: &Dictionary, rules: &Rules) -> Vec<(Combination, f64)> {
        let beams = self.beams.iter();
        let beams = beams.map(|beam| self.extended(dictionary, beam, rules));
        self.beams = beams.collect();
        self.n_grown += 1;
        let sums = self.beams.iter().flatten();
        sums.filter_map(|sum| sum.combination(self.objective, self.offset, rules.effort))
            .collect()
    }

    fn extended(&self, dictionary: &Dictionary, beam: &[Sum], rules: &Rules) -> Vec<Sum> {
        let effort = rules.effort;
        let limits = &effort.screening;
        let (mut grown, mut tunable): (Vec<Sum>, Vec<Sum>) = grown(
            dictionary,
            beam,
            self.objective.target(),
            self.n_grown == 0,
            self.offset,
            effort,
        )
        .into_iter()
        .partition(|sum| !sum.is_tunable);
        tunable.truncate(limits.n_tuned[self.n_grown.min(limits.n_tuned.len() - 1)]);
        tunable
            .par_iter_mut()
            .for_each(|sum| sum.tune(self.objective, self.offset, effort));
        grown.extend(tunable);
        grown.sort_by(|a, b| a.price(effort).total_cmp(&b.price(effort)));
        // The same sum, met in another order.
        grown.dedup_by(|a, b| (a.left - b.left).abs() <= limits.precision * b.left);
        keep_some_of_each_length(&mut grown, limits.max_of_one_length, Sum::complexity);
        grown.truncate(limits.beam);
        grown
    }
}

/// The sums of the beam with one more term, the most promising first.
///
/// Functions with a number inside are multiplied by variables in the first term only: it is what
/// most of the time would go to later.
fn grown(
    dictionary: &Dictionary,
    beam: &[Sum],
    target: &[f64],
    is_first: bool,
    offset: Offset,
    effort: &Effort,
) -> Vec<Sum> {
    let bases = beam.iter().map(|sum| Basis::new(sum, target, offset));
    let bases: Vec<Basis> = bases.collect();
    let n_samples = target.len();
    // Side by side: of each sum its orthonormal columns and what it leaves.
    let columns: Vec<&[f64]> = bases
        .iter()
        .flat_map(|basis| basis.columns.iter().chain([&basis.rest]).map(Vec::as_slice))
        .collect();
    let wide = Mat::from_fn(n_samples, columns.len(), |row, k| columns[k][row]);
    let scored: Vec<Vec<Vec<Scored>>> = dictionary
        .factors
        .par_iter()
        .enumerate()
        .map(|(index, factor)| {
            let n_multipliers = if is_first || factor.family.is_none() {
                factor.n_multipliers
            } else {
                1
            };
            let multipliers = &dictionary.multipliers[..n_multipliers];
            let terms = Mat::from_fn(n_samples, multipliers.len(), |row, k| {
                factor.values[row] * multipliers[k].1[row]
            });
            let products = terms.transpose() * &wide;
            let mut found = vec![Vec::new(); bases.len()];
            for (k, (multiplier, _)) in multipliers.iter().enumerate() {
                let column = terms.col_as_slice(k);
                let square: f64 = column.iter().map(|v| v * v).sum();
                if !(square.is_normal() && column.iter().all(|v| v.is_finite())) {
                    continue;
                }
                let complexity = length(multiplier) + length(&factor.expression);
                let dimension = dictionary.dimension((index, k));
                let mut place = 0;
                for ((basis, found), sum) in bases.iter().zip(&mut found).zip(beam) {
                    let within: f64 = (0..basis.columns.len())
                        .map(|j| products[(k, place + j)].powi(2))
                        .sum();
                    let along = products[(k, place + basis.columns.len())];
                    place += basis.columns.len() + 1;
                    let new = square - within;
                    let is_admitted = sum.agreement.admits(factor.is_log, &dimension);
                    if new > effort.screening.dependent * square && is_admitted {
                        let left = (1.0 - along * along / new / basis.square).max(0.0) * basis.left;
                        let price = price(left, complexity, effort);
                        found.push(Scored {
                            price,
                            left,
                            complexity,
                            place: (index, k),
                            family: factor.family.map(|family| (family, k)),
                        });
                    }
                }
            }
            found.iter_mut().for_each(|found| keep_best(found, effort));
            found
        })
        .collect();
    let mut grown: Vec<Sum> = Vec::new();
    for (place, sum) in beam.iter().enumerate() {
        let mut best: Vec<_> = scored
            .iter()
            .flat_map(|of| of[place].iter().copied())
            .collect();
        keep_best(&mut best, effort);
        for scored in best {
            let (term, values) = dictionary.term(scored.place);
            let mut longer = sum.clone();
            longer.terms.push(term);
            longer.agreement = longer.agreement.after(&dictionary.dimension(scored.place));
            longer.values.push(values);
            longer.left = scored.left;
            longer.is_tunable = scored.family.is_some();
            grown.push(longer);
        }
    }
    grown.sort_by(|a, b| a.price(effort).total_cmp(&b.price(effort)));
    grown
}

fn price(left: f64, complexity: usize, effort: &Effort) -> f64 {
    (left + effort.screening.precision).ln() + effort.prices.beam * complexity as f64
}

/// The complexity of a factor, which is none for the number 1.
fn length(factor: &Expression) -> usize {
    match factor {
        Expression::Constant(_) => 0,
        _ => factor.complexity(),
    }
}

/// The best of every complexity, and of every family one.
fn keep_best(found: &mut Vec<Scored>, effort: &Effort) {
    let limits = &effort.screening;
    found.sort_by(|a, b| a.price.total_cmp(&b.price).then(a.place.cmp(&b.place)));
    found.dedup_by(|a, b| (a.left - b.left).abs() <= limits.precision * b.left);
    let (mut fixed, mut tunable): (Vec<Scored>, Vec<Scored>) =
        found.iter().partition(|scored| scored.family.is_none());
    keep_some_of_each_length(&mut fixed, limits.max_of_one_length, |scored| {
        scored.complexity
    });
    let mut families = HashSet::new();
    tunable.retain(|scored| families.insert(scored.family));
    fixed.truncate(limits.n_terms_kept);
    tunable.truncate(limits.n_tuned[0]);
    fixed.extend(tunable);
    *found = fixed;
}

fn keep_some_of_each_length<T>(sorted: &mut Vec<T>, most: usize, length: impl Fn(&T) -> usize) {
    let mut n_of_length = HashMap::new();
    sorted.retain(|item| {
        let n = n_of_length.entry(length(item)).or_insert(0);
        *n += 1;
        *n <= most
    });
}

/// A term that was tried beside a sum.
#[derive(Clone, Copy)]
struct Scored {
    price: f64,
    left: f64,
    complexity: usize,
    /// Of the factor and its multiplier.
    place: (usize, usize),
    /// The same for terms that differ only in the number inside.
    family: Option<(usize, usize)>,
}

/// What a sum spans, and what it leaves of the target.
struct Basis {
    columns: Vec<Vec<f64>>,
    rest: Vec<f64>,
    square: f64,
    left: f64,
}

impl Basis {
    fn new(sum: &Sum, target: &[f64], offset: Offset) -> Self {
        let one = vec![1.0; target.len()];
        let one = (offset == Offset::Fitted).then_some(&one);
        let mut columns: Vec<Vec<f64>> = Vec::new();
        for values in one.into_iter().chain(&sum.values) {
            let mut column = without(values, &columns);
            let norm = column.iter().map(|v| v * v).sum::<f64>().sqrt();
            if norm > 0.0 {
                column.iter_mut().for_each(|v| *v /= norm);
                columns.push(column);
            }
        }
        let rest = without(target, &columns);
        Self {
            square: rest.iter().map(|v| v * v).sum(),
            columns,
            rest,
            left: sum.left,
        }
    }
}

impl Sum {
    fn complexity(&self) -> usize {
        self.terms
            .iter()
            .map(|term| term.expression().complexity())
            .sum()
    }

    fn combination(
        &self,
        objective: &ValueObjective,
        offset: Offset,
        effort: &Effort,
    ) -> Option<(Combination, f64)> {
        let evaluations: Vec<Evaluation> = self
            .values
            .iter()
            .map(|values| Evaluation {
                values: values.clone(),
                gradient: Vec::new(),
            })
            .collect();
        let all: Vec<usize> = (0..self.terms.len()).collect();
        let fits = objective.terms(&evaluations.iter().collect::<Vec<_>>(), offset);
        let (kept, fit) = selection::fit(fits.as_ref(), all, effort.selection.negligible)?;
        let combination = Combination {
            coefficients: fit.coefficients,
            terms: kept.iter().map(|&term| self.terms[term].clone()).collect(),
            offset: fit.offset,
            is_scale_free: objective.symmetry().is_scale_free(),
        };
        Some((combination, fit.loss))
    }

    fn price(&self, effort: &Effort) -> f64 {
        price(self.left, self.complexity(), effort)
    }

    /// Fits the numbers inside the terms.
    fn tune(&mut self, objective: &ValueObjective, offset: Offset, effort: &Effort) {
        let is_log = self.terms.iter().any(|term| matches!(term, Term::Log(_)));
        let combination = self.combination(objective, offset, effort);
        let sum = combination.and_then(|(mut sum, _)| {
            sum.terms = sum.terms.into_iter().map(unlogged).collect();
            sum.to_expressions(&[], &effort.products).pop()
        });
        let n_steps = effort.screening.n_steps;
        let fitted = sum.and_then(|sum| constants::fitted(&sum, objective, effort, n_steps));
        let Some((expression, loss)) = fitted else {
            return;
        };
        let mut terms = Combination::of_sum(&expression).terms;
        let values: Vec<Vec<f64>> = terms
            .iter()
            .map(|term| term.expression().evaluate(objective.columns()).values)
            .collect();
        if is_log {
            terms = terms.into_iter().map(logged).collect();
        }
        if terms.len() <= self.terms.len() && loss < self.left {
            (self.terms, self.values, self.left) = (terms, values, loss);
        }
    }
}

/// A logarithm as a formula of its own, for the fit of the numbers inside.
fn unlogged(term: Term) -> Term {
    match term {
        Term::Log(expression) => Term::Plain(Expression::unary(Operator::Log, expression)),
        plain => plain,
    }
}

fn logged(term: Term) -> Term {
    match term {
        Term::Plain(Expression::Apply(Operator::Log, parts)) => Term::Log(parts[0].clone()),
        other => other,
    }
}
