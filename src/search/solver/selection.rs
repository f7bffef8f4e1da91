//! Which terms of a library make a good sum: beams of subsets, and elimination from all of them.

use super::Rules;
use super::agreement::Agreement;
use super::enumeration::Block;
use crate::formula::Dimension;
use crate::search::combination::{Combination, Term};
use crate::search::objective::{Fit, Objective, TermFits};
use rayon::prelude::*;
use std::collections::HashSet;

/// Scores below this are rounding error; their logarithms would say nothing.
const ROUNDING: f64 = 1e-14;

/// Terms to choose from.
pub(crate) struct Library {
    /// What their units agree in.
    pub agreement: Agreement,
    dimensions: Vec<Dimension>,
    terms: Vec<Term>,
    complexities: Vec<usize>,
    evaluations: Vec<crate::formula::Evaluation>,
}

impl Library {
    pub fn new(agreement: Agreement) -> Self {
        Self {
            agreement,
            dimensions: Vec::new(),
            terms: Vec::new(),
            complexities: Vec::new(),
            evaluations: Vec::new(),
        }
    }

    /// Adds a block as a term, or its logarithm; one that isn't finite everywhere or disagrees with
    /// the others' units is left out.
    pub fn add(&mut self, block: &Block, term: Term) {
        let is_log = matches!(term, Term::Log(_));
        if !self.agreement.admits(is_log, &block.dimension) {
            return;
        }
        let evaluation = term.evaluation(&block.evaluation);
        let is_constant = evaluation.gradient.iter().all(Vec::is_empty);
        if evaluation.is_finite() && !is_constant {
            self.complexities.push(block.complexity);
            self.evaluations.push(evaluation);
            self.terms.push(term);
            self.dimensions.push(block.dimension.clone());
        }
    }

    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// The terms sorted by their units, where a sum may have any unit but no two; in the order in
    /// which they come.
    pub fn of_one_unit(self) -> Vec<Self> {
        if self.agreement != Agreement::One {
            return vec![self];
        }
        let mut sorted: Vec<Self> = Vec::new();
        let rest = self.complexities.into_iter().zip(self.evaluations);
        let terms = self.terms.into_iter().zip(self.dimensions);
        for ((term, dimension), (complexity, evaluation)) in terms.zip(rest) {
            let agreement = self.agreement.after(&dimension);
            let place = sorted.iter().position(|one| one.agreement == agreement);
            let place = place.unwrap_or_else(|| {
                sorted.push(Self::new(agreement));
                sorted.len() - 1
            });
            let library = &mut sorted[place];
            library.terms.push(term);
            library.dimensions.push(dimension);
            library.complexities.push(complexity);
            library.evaluations.push(evaluation);
        }
        sorted
    }

    /// Good combinations of every length, on the points of the blocks.
    ///
    /// A score below the rules' noise is as good as any; once they say to stop, sums grow no longer.
    pub fn select(
        &self,
        objective: &dyn Objective,
        max_terms: usize,
        rules: &Rules,
    ) -> Vec<(Combination, f64)> {
        if self.terms.is_empty() {
            return Vec::new();
        }
        let evaluations: Vec<_> = self.evaluations.iter().collect();
        let Some(sums) = objective.sums() else {
            return self.singles(objective);
        };
        let fits = sums.terms(&evaluations, self.agreement.offset());
        let fits = fits.as_ref();
        let limits = &rules.effort.selection;
        let mut eliminated = Vec::new();
        // Elimination goes on step by step, which leaves the other cores to the beam.
        let mut subsets = rayon::in_place_scope(|scope| {
            if rules.effort.stages.elimination && self.len() <= limits.max_eliminated {
                scope.spawn(|_| eliminated = eliminate(fits, limits.max_kept));
            }
            self.beam(fits, max_terms, rules)
        });
        subsets.extend(eliminated);
        let fitted = subsets.into_par_iter().filter_map(|subset| {
            let (subset, fit) = fit(fits, subset, limits.negligible)?;
            let combination = Combination {
                coefficients: fit.coefficients,
                terms: subset
                    .iter()
                    .map(|&term| self.terms[term].clone())
                    .collect(),
                offset: fit.offset,
                is_scale_free: objective.symmetry().is_scale_free(),
            };
            Some((combination, fit.loss))
        });
        fitted.collect()
    }

    /// Every term by itself, for an objective that can't solve for coefficients.
    fn singles(&self, objective: &dyn Objective) -> Vec<(Combination, f64)> {
        let terms = self.terms.iter().zip(&self.evaluations);
        let judged = terms.filter_map(|(term, evaluation)| {
            let combination = Combination {
                coefficients: vec![1.0],
                terms: vec![term.clone()],
                offset: 0.0,
                is_scale_free: objective.symmetry().is_scale_free(),
            };
            Some((combination, objective.loss(evaluation)?))
        });
        judged.collect()
    }

    /// Grows subsets term by term, keeping the best of each size.
    fn beam(&self, fits: &dyn TermFits, max_terms: usize, rules: &Rules) -> Vec<Vec<usize>> {
        let (n_terms, noise) = (self.len(), rules.noise);
        let limits = &rules.effort.selection;
        let price = |score: f64, subset: &[usize]| {
            let complexity: usize = subset.iter().map(|&term| self.complexities[term] + 1).sum();
            (score + noise).max(ROUNDING).ln() + rules.effort.prices.beam * complexity as f64
        };
        let singles: Vec<f64> = (0..n_terms).map(|term| fits.score(&[term])).collect();
        let mut kept = Vec::new();
        let mut beam: Vec<(f64, Vec<usize>)> = vec![(f64::INFINITY, Vec::new())];
        for size in 1..=max_terms.min(n_terms) {
            if size > 1 && (rules.is_stopped)() {
                break;
            }
            let starts: Vec<(f64, Vec<usize>)> = match size {
                // All pairs are scored.
                2 => (0..n_terms)
                    .map(|term| (singles[term], vec![term]))
                    .collect(),
                _ => beam,
            };
            let mut grown: Vec<(f64, f64, Vec<usize>)> = starts
                .par_iter()
                .flat_map_iter(|(before, start)| {
                    let first = if size == 2 { start[0] + 1 } else { 0 };
                    let others = (first..n_terms).filter(move |term| !start.contains(term));
                    let mut subset = start.clone();
                    let mut grown: Vec<(f64, f64, Vec<usize>)> = others
                        .filter_map(|term| {
                            subset.clone_from(start);
                            let place = subset.partition_point(|&earlier| earlier < term);
                            subset.insert(place, term);
                            let score = fits.score(&subset);
                            // A good term makes every pair with it look good.
                            let least = if size == 2 {
                                before.min(singles[term])
                            } else {
                                *before
                            };
                            let is_gain =
                                size == 1 || score + noise < limits.min_gain * (least + noise);
                            let price = price(score, &subset);
                            (is_gain && price.is_finite()).then(|| (price, score, subset.clone()))
                        })
                        .collect();
                    keep_best(&mut grown, limits.beam);
                    grown
                })
                .collect();
            let mut known = HashSet::new();
            grown.retain(|(.., subset)| known.insert(subset.clone()));
            keep_best(&mut grown, limits.n_closer);
            grown.par_iter_mut().for_each(|(own, score, subset)| {
                *score = fits.closer_score(subset);
                *own = price(*score, subset);
            });
            let n_kept = if size == 2 {
                limits.pair_beam
            } else {
                limits.beam
            };
            keep_best(&mut grown, n_kept);
            kept.extend(
                grown
                    .iter()
                    .take(limits.n_fitted)
                    .map(|(.., subset)| subset.clone()),
            );
            let least = grown
                .iter()
                .fold(f64::INFINITY, |least, (_, score, _)| least.min(*score));
            beam = grown
                .into_iter()
                .map(|(.., subset)| (fits.score(&subset), subset))
                .collect();
            // A match can't be bettered by more terms.
            if beam.is_empty() || least < rules.effort.exactness.score {
                break;
            }
        }
        kept
    }
}

/// Fits a subset, without the terms that turn out to add no more than a negligible share.
pub(crate) fn fit(
    fits: &dyn TermFits,
    mut subset: Vec<usize>,
    negligible: f64,
) -> Option<(Vec<usize>, Fit)> {
    loop {
        let fit = fits.fit(&subset)?;
        let parts = fit.coefficients.iter().zip(&subset);
        let parts: Vec<f64> = parts.map(|(c, &term)| c.abs() * fits.scale(term)).collect();
        let largest = parts.iter().copied().fold(0.0, f64::max);
        let kept = subset
            .iter()
            .zip(&parts)
            .filter(|(_, part)| **part > negligible * largest);
        let kept: Vec<usize> = kept.map(|(&term, _)| term).collect();
        if kept.len() == subset.len() || kept.is_empty() {
            return Some((subset, fit));
        }
        subset = kept;
    }
}

fn keep_best(grown: &mut Vec<(f64, f64, Vec<usize>)>, n: usize) {
    grown.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.2.cmp(&b.2)));
    grown.truncate(n);
}

/// Backward elimination: terms that help only together are never met by growing.
fn eliminate(fits: &dyn TermFits, max_kept: usize) -> Vec<Vec<usize>> {
    let mut subset: Vec<usize> = (0..fits.n_terms()).collect();
    let mut kept = Vec::new();
    while subset.len() > 1 {
        let shorter = if subset.len() > max_kept {
            without_least(fits, &subset)
        } else {
            kept.push(subset.clone());
            let variants = (0..subset.len()).map(|out| without(&subset, out));
            let scored = variants.map(|variant| (fits.score(&variant), variant));
            scored
                .min_by(|a, b| a.0.total_cmp(&b.0))
                .map(|(_, variant)| variant)
        };
        match shorter {
            Some(shorter) => subset = shorter,
            None => break,
        }
    }
    kept
}

fn without(subset: &[usize], out: usize) -> Vec<usize> {
    let mut shorter = subset.to_vec();
    shorter.remove(out);
    shorter
}

/// Drops the term that contributes least to the fitted sum.
fn without_least(fits: &dyn TermFits, subset: &[usize]) -> Option<Vec<usize>> {
    let fit = fits.fit(subset)?;
    let contributions = fit
        .coefficients
        .iter()
        .zip(subset)
        .map(|(c, &term)| c.abs() * fits.scale(term));
    let least = contributions
        .enumerate()
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(place, _)| place)?;
    Some(without(subset, least))
}
