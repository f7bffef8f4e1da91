//! The one JSON object that the command line prints.

use super::export::FormulaTree;
use crate::interpretation::{Certificate, Interpreted, LinkFunction, Seconds};
use crate::search::{Candidate, ParetoFront, SearchResult, StopReason};
use serde::Serialize;

/// What was found, in the fields of the command line's `--json`.
///
/// Formulas are in a syntax that sympy's parser reads, with the features' names.
/// [`Export::from_json`](crate::Export::from_json) takes the formula out of it again.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The features' names, in the order of the data's columns.
    pub features: Vec<String>,
    /// The chosen formula.
    pub formula: String,
    /// The same as LaTeX.
    pub latex: String,
    /// The same as a tree, which other programs read without a parser and with whatever names.
    pub tree: FormulaTree,
    /// Its complexity.
    pub complexity: usize,
    /// The formula's unit; none where the features' units weren't given.
    pub unit: Option<String>,
    /// Its loss on all points that the search was given.
    pub loss: f64,
    /// Mean `|cos|` between its gradients and the given ones: on fresh points where there is a
    /// network to ask, else on the given points; none where no gradients are given.
    pub cosine: Option<f64>,
    /// Class 1 is where the formula exceeds this; none without classes.
    pub threshold: Option<f64>,
    /// Why the search ended.
    pub stop_reason: StopReason,
    /// Every formula of the front, simplest first.
    pub pareto_front: Vec<FrontRow>,
    /// The formula that comes next, if the front has more than one.
    pub runner_up: Option<RunnerUp>,
    /// For each of the other seeds asked, whether it chose the same formula.
    pub confirmations: Vec<bool>,
    /// What the directions show of the function's structure, in sentences; empty without
    /// directions.
    pub structure: Vec<String>,
    /// How far the formula explains the network; none where there is no network to ask.
    pub certificate: Option<Certificate>,
    /// How the network's latent model follows from the formula; none without a network.
    pub link: Option<LinkReport>,
    /// A regressor's whole formula, see [`Interpretation::whole`](crate::Interpretation::whole);
    /// none for classifiers.
    pub whole_formula: Option<String>,
    /// The same as a tree.
    pub whole_tree: Option<FormulaTree>,
    /// Where the time went.
    pub seconds: Seconds,
    /// The seed that fixes the run.
    pub seed: u64,
}

/// The function phi in `f = phi(T)`, with the formula `T` and the latent model `f`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LinkReport {
    /// Whether the latent model rises with the formula.
    pub is_rising: bool,
    /// The share of the latent model's variance on fresh points that a monotone curve explains.
    pub explained: f64,
    /// phi as a formula in `T`; none where no short one is about as good as the curve.
    pub formula: Option<String>,
    /// The share of the latent model's variance that this formula explains.
    pub formula_explained: Option<f64>,
}

impl LinkReport {
    /// A link function in the fields of the command line's `--json`.
    pub fn new(link: &LinkFunction) -> Self {
        Self {
            is_rising: link.curve().is_rising(),
            explained: link.explained(),
            formula: link.formula_text(),
            formula_explained: link.formula_explained(),
        }
    }
}

/// One formula of the front.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FrontRow {
    /// The formula's complexity.
    pub complexity: usize,
    /// Its unit, `any` where a number in it carries one, `inconsistent` where there is none; none
    /// where the features' units weren't given.
    pub unit: Option<String>,
    /// Its loss.
    pub loss: f64,
    /// The formula.
    pub formula: String,
    /// The same before its numbers were shortened and it was simplified.
    pub fitted: String,
}

/// The formula that would be chosen if the chosen one were not there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunnerUp {
    /// The formula.
    #[serde(flatten)]
    pub row: FrontRow,
    /// By how much it is dearer than the chosen one; see [`ParetoFront::runner_up`].
    pub margin: f64,
}

impl Report {
    /// The report of a search that chose `candidate` from its front, without a threshold.
    ///
    /// `cosine` is the candidate's mean `|cos|`.
    pub fn new(
        found: &SearchResult,
        candidate: &Candidate,
        cosine: Option<f64>,
        seconds: Seconds,
        seed: u64,
    ) -> Self {
        let names = found.front.feature_names();
        let candidates = found.front.candidates().iter();
        let rows = candidates.map(|candidate| row(&found.front, candidate));
        let runner_up = found.front.runner_up();
        Self {
            features: names.to_vec(),
            formula: candidate.expression.to_formula(names),
            latex: candidate.expression.to_latex(names),
            tree: FormulaTree::new(&candidate.expression, names),
            complexity: candidate.complexity,
            unit: unit(&found.front, candidate),
            loss: candidate.loss,
            cosine,
            threshold: None,
            stop_reason: found.stop_reason,
            pareto_front: rows.collect(),
            runner_up: runner_up.map(|(next, margin)| RunnerUp {
                row: row(&found.front, next),
                margin,
            }),
            confirmations: found.confirmations.clone(),
            structure: Vec::new(),
            certificate: None,
            link: None,
            whole_formula: None,
            whole_tree: None,
            seconds,
            seed,
        }
    }
}

fn row(front: &ParetoFront, candidate: &Candidate) -> FrontRow {
    FrontRow {
        complexity: candidate.complexity,
        unit: unit(front, candidate),
        loss: candidate.loss,
        formula: front.formula(candidate),
        fitted: candidate.fitted.to_formula(front.feature_names()),
    }
}

fn unit(front: &ParetoFront, candidate: &Candidate) -> Option<String> {
    front.unit(candidate).map(|unit| unit.to_string())
}

impl<M> Interpreted<M> {
    /// The run in the fields of the command line's `--json`.
    pub fn report(&self) -> Report {
        let candidate = self.interpretation.candidate();
        let names = self.interpretation.feature_names();
        let whole = self.interpretation.whole();
        Report {
            threshold: self.interpretation.threshold(),
            certificate: Some(self.interpretation.certificate().clone()),
            link: Some(LinkReport::new(self.interpretation.link())),
            whole_formula: self.interpretation.whole_formula(),
            whole_tree: whole.map(|whole| FormulaTree::new(whole, names)),
            ..Report::new(
                &self.found,
                candidate,
                Some(self.interpretation.cosine()),
                self.seconds,
                self.seed,
            )
        }
    }
}
