//! The one JSON object that the command line prints.

use super::export::FormulaTree;
use crate::dataset::TargetTransform;
use crate::effort::reading::Numbers;
use crate::error::Result;
use crate::formula::{Complexity, ConstantOfNature, Expression, Operator, Simplifier};
use crate::interpretation::{
    Certificate, ConstantInterval, DecisionRule, Extrapolation, Interpreted, LinkFunction,
    OutlyingRows, Seconds, value_intervals,
};
use crate::numerics::short;
use crate::search::{
    Candidate, HeldOut, ParetoFront, SearchResult, StopReason, ValueLoss, ValueObjective,
};
use serde::Serialize;

/// The result of a run, with the fields of the command line's `--json`.
///
/// Formulas have a syntax that sympy's parser reads, with the features' names.
/// [`Export::from_json`](crate::Export::from_json) reads the formula back.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The features' names, in the order of the data's columns.
    pub features: Vec<String>,
    /// The chosen formula.
    pub formula: String,
    /// The chosen formula as LaTeX.
    pub latex: String,
    /// The chosen formula as a tree, which other programs can read without a parser, whatever the
    /// names.
    pub tree: FormulaTree,
    /// Its complexity.
    pub complexity: usize,
    /// The formula's unit; none if the features' units weren't given.
    pub unit: Option<String>,
    /// Its loss on all points that the search was given.
    pub loss: f64,
    /// The mean `|cos|` between its gradients and the given ones: on fresh points if there is a
    /// network, otherwise on the given points; none if no gradients are given.
    pub cosine: Option<f64>,
    /// Class 1 is where the formula exceeds this number; none if there are no classes.
    pub threshold: Option<f64>,
    /// The intervals of the formula that mean class 1; null for an end that is open. None for
    /// regressors.
    pub intervals: Option<Vec<[f64; 2]>>,
    /// Why the search ended.
    pub stop_reason: StopReason,
    /// Why the checkpoint doesn't hold the last state of the search; none if it does, or if there is
    /// none.
    pub unsaved: Option<String>,
    /// Every formula of the front, the simplest first.
    pub pareto_front: Vec<FrontRow>,
    /// The runner-up, if the front has more than one formula.
    pub runner_up: Option<RunnerUp>,
    /// The user's guesses as they were given, each with its loss.
    pub guesses: Vec<FrontRow>,
    /// The best formula above the highest complexity allowed, if it is far better than the others.
    pub too_complex: Option<FrontRow>,
    /// For each of the other seeds that were tried, whether it chose the same formula.
    pub confirmations: Vec<bool>,
    /// What the formula is worth on held-out rows; none where no rows were held out.
    pub held_out: Option<HeldOutShare>,
    /// The formula's numbers with 95 % bootstrap intervals, if it was searched for by values.
    pub numbers: Vec<ConstantInterval>,
    /// The numbers that are constants of nature, if these were asked for.
    pub constants_of_nature: Vec<ConstantOfNature>,
    /// What the formula says beyond its rows, if it was searched for by values.
    pub extrapolation: Option<Extrapolation>,
    /// The few rows that carry most of the loss; none if there are no such rows, or if the formula
    /// wasn't searched for by squared errors.
    pub outlying_rows: Option<OutlyingRows>,
    /// What the directions show about the function's structure, in sentences; empty if there are no
    /// directions.
    pub structure: Vec<String>,
    /// How far the formula explains the network; none if there is no network.
    pub certificate: Option<Certificate>,
    /// How the network's latent model depends on the formula; none if there is no network.
    pub link: Option<LinkReport>,
    /// A regressor's whole formula, see [`Interpretation::whole`](crate::Interpretation::whole);
    /// none for classifiers.
    pub whole_formula: Option<String>,
    /// The share of the network's variance on fresh rows that the whole formula explains.
    pub whole_explained: Option<f64>,
    /// The whole formula as a tree.
    pub whole_tree: Option<FormulaTree>,
    /// The formula for the target itself, where a function of it was learned; none otherwise.
    pub undone: Option<Undone>,
    /// What was concluded about the table, in sentences; empty if it was taken as it is, or there is
    /// none.
    pub read_as: Vec<String>,
    /// Where the time went.
    pub seconds: Seconds,
    /// The seed that fixes the run.
    pub seed: u64,
}

/// A formula for the target itself, from one for a function of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Undone {
    /// What was learned in the target's place, such as `log(y)`.
    pub learned: String,
    /// The formula for the target.
    pub formula: String,
    /// The same as a tree.
    pub tree: FormulaTree,
}

/// The function phi in `f = phi(T)`, with the formula `T` and the latent model `f`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LinkReport {
    /// Whether the latent model rises with the formula, up to the first turning point.
    pub is_rising: bool,
    /// The values of the formula at which the latent model turns back; empty if it is monotone.
    pub turns: Vec<f64>,
    /// The share of the latent model's variance on fresh points that the curve explains.
    pub explained: f64,
    /// phi as a formula in `T`; none if no short one is about as good as the curve.
    pub formula: Option<String>,
    /// The share of the latent model's variance that this formula explains.
    pub formula_explained: Option<f64>,
}

impl LinkReport {
    /// A link function with the fields of the command line's `--json`.
    pub fn new(link: &LinkFunction) -> Self {
        Self {
            is_rising: link.curve().is_rising(),
            turns: link.curve().turns().to_vec(),
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
    /// Its unit: `any` if a number in it carries a unit, `inconsistent` if it has no unit; none if
    /// the features' units weren't given.
    pub unit: Option<String>,
    /// Its loss.
    pub loss: f64,
    /// What it loses on rows that its numbers were not fitted to; none where no rows were held out.
    pub held_out: Option<HeldOut>,
    /// The formula.
    pub formula: String,
    /// The formula before its numbers were shortened and it was simplified.
    pub fitted: String,
}

/// The formula that would be chosen if the chosen one weren't on the front.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunnerUp {
    /// The formula.
    #[serde(flatten)]
    pub row: FrontRow,
    /// How much worse it is than the chosen one; see [`ParetoFront::runner_up`].
    pub margin: f64,
}

/// What the chosen formula is worth on rows that its numbers were not fitted to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeldOutShare {
    /// The share of the target's variance that it explains; of its absolute error or its Poisson
    /// deviance, if that is the loss.
    pub r2: f64,
    /// The standard error of that share.
    pub standard_error: f64,
    /// The share that a linear model of all features explains.
    pub linear_r2: f64,
    /// The share that boosted regression trees explain, a ceiling without a formula; none without
    /// the feature `trees`, and where rows have weights.
    pub trees_r2: Option<f64>,
    /// The root mean squared error, in the target's units; none if these aren't known, and for other
    /// losses.
    pub rmse: Option<f64>,
    /// How errors count, which says what the shares are of.
    pub loss: ValueLoss,
}

impl HeldOutShare {
    /// What the shares are called.
    pub fn measure(&self) -> &'static str {
        match self.loss {
            ValueLoss::Squared => "R^2",
            ValueLoss::Absolute => "share of the absolute error",
            ValueLoss::Poisson => "share of the deviance",
        }
    }
}

impl std::fmt::Display for HeldOutShare {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rmse = self.rmse.map(|rmse| format!("; RMSE {}", short(rmse)));
        let trees = self.trees_r2.map(|r2| format!(", boosted trees {r2:.3}"));
        write!(
            f,
            "{} {:.3} (standard error {:.3}), a linear model {:.3}{}{}",
            self.measure(),
            self.r2,
            self.standard_error,
            self.linear_r2,
            trees.unwrap_or_default(),
            rmse.unwrap_or_default()
        )
    }
}

impl Report {
    /// The report of a search that chose `candidate` from its front. It has no threshold.
    ///
    /// `cosine` is the mean `|cos|` of the candidate.
    pub fn new(
        found: &SearchResult,
        candidate: &Candidate,
        cosine: Option<f64>,
        seconds: Seconds,
        seed: u64,
    ) -> Self {
        let names = found.front.feature_names();
        let in_front = |candidate: &Candidate| row(&found.front, candidate);
        let rows = found.front.candidates().iter().map(in_front);
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
            intervals: None,
            stop_reason: found.stop_reason,
            unsaved: found.unsaved.clone(),
            pareto_front: rows.collect(),
            runner_up: runner_up.map(|(next, margin)| RunnerUp {
                row: row(&found.front, next),
                margin,
            }),
            guesses: found.guesses.iter().map(in_front).collect(),
            too_complex: found.front.too_complex().map(in_front),
            confirmations: found.confirmations.clone(),
            held_out: candidate
                .held_out
                .zip(found.baselines)
                .map(|(own, baselines)| HeldOutShare {
                    r2: 1.0 - own.loss,
                    standard_error: own.loss_error,
                    linear_r2: 1.0 - baselines.linear,
                    trees_r2: baselines.trees.map(|loss| 1.0 - loss),
                    rmse: None,
                    loss: ValueLoss::default(),
                }),
            numbers: Vec::new(),
            constants_of_nature: Vec::new(),
            extrapolation: None,
            outlying_rows: None,
            structure: Vec::new(),
            certificate: None,
            link: None,
            whole_formula: None,
            whole_explained: None,
            whole_tree: None,
            undone: None,
            read_as: Vec::new(),
            seconds,
            seed,
        }
    }
}

impl Report {
    /// The report with the formula for the target itself, of which a function was learned; `formula`
    /// is one for that function.
    pub fn undoing(
        mut self,
        transform: TargetTransform,
        target: &str,
        formula: &Expression,
    ) -> Self {
        let simplifier = Simplifier::new(Operator::ALL, Complexity::default());
        let undone = simplifier.simplified(&transform.undo(formula));
        self.undone = Some(Undone {
            learned: transform.of(target),
            formula: undone.to_formula(&self.features),
            tree: FormulaTree::new(&undone, &self.features),
        });
        self
    }

    /// The report with what the values themselves tell: errors in the target's units, and intervals
    /// of the chosen formula's numbers.
    ///
    /// # Errors
    /// A formula in more features than the values have.
    pub fn with_values(mut self, values: &ValueObjective, chosen: &Expression) -> Result<Self> {
        if let Some(share) = &mut self.held_out {
            share.loss = values.value_loss();
            let rmse = ((1.0 - share.r2) * values.variance()).sqrt();
            share.rmse = (share.loss == ValueLoss::Squared).then_some(rmse);
            let n_resamples = Numbers::DEFAULT.n_resamples as u64;
            self.numbers = value_intervals(values, chosen, n_resamples, self.seed)?;
        }
        self.extrapolation = Some(Extrapolation::new(chosen, values, self.seed)?);
        self.outlying_rows = OutlyingRows::of(chosen, values)?;
        Ok(self)
    }
}

fn row(front: &ParetoFront, candidate: &Candidate) -> FrontRow {
    FrontRow {
        complexity: candidate.complexity,
        unit: unit(front, candidate),
        loss: candidate.loss,
        held_out: candidate.held_out,
        formula: front.formula(candidate),
        fitted: candidate.fitted.to_formula(front.feature_names()),
    }
}

fn unit(front: &ParetoFront, candidate: &Candidate) -> Option<String> {
    front.unit(candidate).map(|unit| unit.to_string())
}

impl<M> Interpreted<M> {
    /// The run with the fields of the command line's `--json`.
    pub fn report(&self) -> Report {
        let candidate = self.interpretation.candidate();
        let names = self.interpretation.feature_names();
        let whole = self.interpretation.whole();
        Report {
            threshold: self.interpretation.threshold(),
            intervals: self.interpretation.rule().map(DecisionRule::intervals),
            certificate: Some(self.interpretation.certificate().clone()),
            link: Some(LinkReport::new(self.interpretation.link())),
            whole_formula: self.interpretation.whole_formula(),
            whole_explained: self.interpretation.whole_explained(),
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
