//! The interpretation of a model: a formula with figures that say how far to trust it.

use super::ConstantInterval;
use super::intervals::direction_intervals;
use super::scores::{Answers, Scores};
use super::statistics::{is_constant, share_right, values};
use super::verdict::skill;
use super::whole::whole_formula;
use super::{Alignment, Certificate, DecisionRule, LinkFunction, Paired, Verdict, rest};
use crate::dataset::{Dataset, Task};
use crate::directions::Directions;
use crate::effort::reading::{Numbers, VerdictLimits};
use crate::error::{Error, Result};
use crate::formula::Expression;
use crate::model::Model;
use crate::numerics::{share_explained, sigmoid, spearman};
use crate::points::check_rows;
use crate::search::{Candidate, DirectionObjective, ParetoFront};

/// The seed of the resampling and of the search for phi. It is the same for every formula, so that
/// two certificates differ only by their formulas.
pub(super) const SEED: u64 = 0;

/// A formula that describes what a network has learned, judged on points that nothing was fitted
/// to.
///
/// The formula `T` grows with the latent model `f`. Class 1 is where `T` exceeds the threshold, and
/// its probability is `sigmoid(phi(T))`, where `phi` is the [link](Self::link). The
/// [certificate](Self::certificate) says how well all this holds.
///
/// An interpretation explains the network, whether the network is right or wrong. For a rule that
/// fits the data instead, see [`polish`](crate::interpretation::polish).
#[derive(Debug, Clone, PartialEq)]
pub struct Interpretation {
    feature_names: Vec<String>,
    candidate: Candidate,
    rule: Option<DecisionRule>,
    link: LinkFunction,
    whole: Option<Expression>,
    whole_explained: Option<f64>,
    certificate: Certificate,
}

impl Interpretation {
    /// Judges the best formula of a front; see [`of_candidate`](Self::of_candidate).
    ///
    /// # Errors
    /// An empty front, and the errors of [`of_candidate`](Self::of_candidate).
    pub fn new(
        front: &ParetoFront,
        model: &dyn Model,
        training: &Dataset,
        fresh: &Dataset,
        delta: f64,
    ) -> Result<Self> {
        Self::of_candidate(best(front)?, model, training, fresh, delta)
    }

    /// Judges one formula against a model.
    ///
    /// The threshold is fitted to the network's decisions on `training`, and `phi` to its latent
    /// model there. For a regressor, the whole formula is fitted to its output there. The
    /// [`Certificate`] is measured on `fresh`, rows that neither training nor search has seen;
    /// `delta` defines which of them are near the boundary.
    ///
    /// # Errors
    /// Datasets with other features than the model, a model that is constant on the fresh rows, or
    /// no fresh rows within `delta`.
    pub fn of_candidate(
        candidate: &Candidate,
        model: &dyn Model,
        training: &Dataset,
        fresh: &Dataset,
        delta: f64,
    ) -> Result<Self> {
        check(model, training, fresh)?;
        let near = match model.task() {
            Task::Classification => Some(model.directions(fresh.points(), delta)?),
            Task::Regression => None,
        };
        let given = model.directions(training.points(), delta)?;
        Self::judge(candidate, model, [training, fresh], [near, Some(given)])
    }

    /// Judges the best formula of a front also where a classifier has no rows within `delta`: then
    /// nothing is said about the boundary.
    pub(super) fn with_or_without_boundary(
        front: &ParetoFront,
        model: &dyn Model,
        training: &Dataset,
        fresh: &Dataset,
        delta: f64,
    ) -> Result<Self> {
        check(model, training, fresh)?;
        let within = |data: &Dataset| match model.directions(data.points(), delta) {
            Err(Error::Unlearned(_)) => Ok(None),
            directions => directions.map(Some),
        };
        let near = match model.task() {
            Task::Classification => within(fresh)?,
            Task::Regression => None,
        };
        Self::judge(
            best(front)?,
            model,
            [training, fresh],
            [near, within(training)?],
        )
    }

    /// Judges a formula by the directions near the boundary on fresh rows, and by those on training
    /// rows for the intervals of its numbers.
    fn judge(
        candidate: &Candidate,
        model: &dyn Model,
        [training, fresh]: [&Dataset; 2],
        [near, given]: [Option<Directions>; 2],
    ) -> Result<Self> {
        let formula = &candidate.expression;
        let at_training = Latent::new(model, formula, training)?;
        let at_fresh = Latent::new(model, formula, fresh)?;
        let is_classifier = model.task() == Task::Classification;
        let gradients = model.gradients(fresh.points())?;
        let everywhere = Directions::from_gradients(fresh.points().clone(), gradients)?;
        let in_box = Alignment::new(&everywhere, formula)?;
        let near_boundary = near.map(|near| Alignment::new(&near, formula));
        let near_boundary = near_boundary.transpose()?;
        let fit = if is_classifier {
            LinkFunction::of_classifier
        } else {
            LinkFunction::fit
        };
        let link = fit(at_training.paired(), at_fresh.paired(), SEED)?;
        let decided = || {
            let decisions = at_training.decisions();
            DecisionRule::fit(&at_training.formula, &decisions, link.curve())
        };
        let rule = if is_classifier { decided() } else { None };
        let whole = if is_classifier {
            None
        } else {
            whole_formula(formula, &link, training, &at_training.latent)
        };
        let whole_explained = whole
            .as_ref()
            .map(|whole| share_explained(&values(whole, fresh), &at_fresh.latent));
        let agrees = |truth: &[bool]| {
            let rule = rule.as_ref()?;
            let decided = at_fresh.formula.iter().map(|value| rule.decides(*value));
            Some(share_right(decided, truth.iter().copied()))
        };
        let decisions = at_fresh.decisions();
        let labels: Vec<bool> = fresh.targets().iter().map(|label| *label > 0.5).collect();
        let agreement = agrees(&decisions);
        let skill = agreement.and_then(|agreement| skill(agreement, &decisions));
        let network_accuracy =
            is_classifier.then(|| share_right(decisions.iter().copied(), labels.iter().copied()));
        let predicted = match &rule {
            _ if !is_classifier => predictions(&whole, &link, &at_fresh.formula, fresh),
            Some(rule) => {
                let decided = at_fresh.formula.iter();
                decided.map(|t| number(rule.decides(*t))).collect()
            }
            None => {
                let decided = at_fresh.formula.iter();
                decided.map(|t| number(link.value(*t) > 0.0)).collect()
            }
        };
        let own = if is_classifier {
            decisions.iter().map(|is| number(*is)).collect()
        } else {
            at_fresh.latent.clone()
        };
        let answers = Answers::new(own, predicted, model.task(), training, fresh)?;
        let intervals = |given: Directions| {
            let n_resamples = Numbers::DEFAULT.n_resamples as u64;
            let mut objective = DirectionObjective::new(&given);
            if !link.curve().turns().is_empty() {
                objective = objective.sign_free();
            }
            direction_intervals(objective, formula, n_resamples, SEED)
        };
        let constants = given.map(intervals).unwrap_or_default();
        let mut certificate = Certificate {
            verdict: Verdict::NotExplained,
            in_box,
            near_boundary,
            spearman: spearman(&at_fresh.formula, &at_fresh.latent),
            left_by_curve: 1.0 - link.explained(),
            rest: Vec::new(),
            agreement,
            skill,
            scores: Scores::new(&answers, model.task(), SEED),
            label_agreement: agrees(&labels),
            network_accuracy,
            outside: share_outside(training, fresh),
            constants,
            confirmations: Vec::new(),
        };
        certificate.verdict = Verdict::of(&certificate, 0.0);
        if certificate.verdict != Verdict::SameConcept {
            let pairs = at_training.latent.iter().zip(&at_training.formula);
            let residuals: Vec<f64> = pairs.map(|(f, t)| f - link.curve().value(*t)).collect();
            if residuals.iter().all(|residual| residual.is_finite()) {
                certificate.rest = rest::parts(&residuals, training);
            }
        }
        Ok(Self {
            feature_names: model.feature_names().to_vec(),
            candidate: candidate.clone(),
            rule,
            link,
            whole,
            whole_explained,
            certificate,
        })
    }

    /// A formula for the latent model: phi with the formula inserted, as closely as phi has one.
    pub(super) fn of_latent(&self) -> Option<Expression> {
        self.whole.clone().or_else(|| {
            let phi = self.link.nearest()?;
            Some(phi.substituted(std::slice::from_ref(&self.candidate.expression)))
        })
    }

    /// The same with scores that come from other rows.
    pub(super) fn with_scores(mut self, scores: Scores) -> Self {
        self.certificate.scores = scores;
        self
    }

    /// The verdict for a model that is itself uncertain about the share `noise` of its variance or
    /// its decisions.
    pub(super) fn with_noise(mut self, noise: f64) -> Self {
        self.certificate.verdict = Verdict::of(&self.certificate, noise);
        self
    }

    /// The same with other intervals of the numbers.
    pub(super) fn with_constants(mut self, constants: Vec<ConstantInterval>) -> Self {
        self.certificate.constants = constants;
        self
    }

    /// A regressor's predictions by the formula, `(n_samples,)`.
    pub(crate) fn predictions(&self, data: &Dataset) -> Vec<f64> {
        let formula = values(&self.candidate.expression, data);
        predictions(&self.whole, &self.link, &formula, data)
    }

    /// Adds the results of a search's [other seeds](crate::SearchOptions::n_confirmations).
    pub(super) fn with_confirmations(mut self, confirmations: &[bool]) -> Self {
        self.certificate.confirmations = confirmations.to_vec();
        self
    }

    /// The formula with its complexity and loss.
    pub fn candidate(&self) -> &Candidate {
        &self.candidate
    }

    /// The features' names.
    pub fn feature_names(&self) -> &[String] {
        &self.feature_names
    }

    /// The formula in sympy's notation.
    pub fn formula(&self) -> String {
        self.candidate.expression.to_formula(&self.feature_names)
    }

    /// The formula as LaTeX.
    pub fn latex(&self) -> String {
        self.candidate.expression.to_latex(&self.feature_names)
    }

    /// The figures that say how well the formula explains the network.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The link: the latent model as a function of the formula.
    pub fn link(&self) -> &LinkFunction {
        &self.link
    }

    /// A regressor's whole formula: phi with the formula inserted, simplified, and with its numbers
    /// refined together on the network's output (Wetzel 2024, equations 19 and 20). If no formula for
    /// phi is as good as its curve, the closest one is inserted. None for a classifier, or if the
    /// formula's values don't allow a search for phi.
    pub fn whole(&self) -> Option<&Expression> {
        self.whole.as_ref()
    }

    /// The [whole formula](Self::whole) in sympy's notation.
    pub fn whole_formula(&self) -> Option<String> {
        let whole = self.whole.as_ref();
        whole.map(|whole| whole.to_formula(&self.feature_names))
    }

    /// The share of the network's variance on fresh points that the whole formula explains.
    pub fn whole_explained(&self) -> Option<f64> {
        self.whole_explained
    }

    /// Mean `|cos|` between the gradients of the formula and of the latent model on fresh points,
    /// in [0, 1]: near the boundary for a classifier, at all points for a regressor.
    pub fn cosine(&self) -> f64 {
        let certificate = &self.certificate;
        certificate
            .near_boundary
            .as_ref()
            .unwrap_or(&certificate.in_box)
            .mean
    }

    /// Spearman correlation between the formula and the latent model on fresh points, in [-1, 1].
    pub fn spearman(&self) -> f64 {
        self.certificate.spearman
    }

    /// The fitted threshold: class 1 is where the formula exceeds it. None for a regressor, for a
    /// network that decides the same everywhere, and for a [rule](Self::rule) with more bounds.
    pub fn threshold(&self) -> Option<f64> {
        self.rule.as_ref().and_then(DecisionRule::threshold)
    }

    /// A classifier's rule: a threshold, or intervals if phi turns back. None for a regressor, or
    /// for a network that decides the same everywhere.
    pub fn rule(&self) -> Option<&DecisionRule> {
        self.rule.as_ref()
    }

    /// The share of fresh points on which the rule and the network make the same decision, in
    /// [0, 1].
    pub fn agreement(&self) -> Option<f64> {
        self.certificate.agreement
    }

    /// The interpretation's value of the latent model, `phi(T(x))`, at points
    /// `(n_samples, n_features)`: `(n_samples,)`.
    ///
    /// # Errors
    /// No points, or values that don't make rows of as many features as the network has.
    pub fn latent(&self, points: &[f64]) -> Result<Vec<f64>> {
        let n_features = self.feature_names.len();
        check_rows(points, n_features, "features")?;
        let rows = points.chunks_exact(n_features);
        let value = |row| self.link.value(self.candidate.expression.value(row));
        Ok(rows.map(value).collect())
    }

    /// A regressor's predictions by the formula, at points `(n_samples, n_features)`: `(n_samples,)`.
    /// They are those of the [whole formula](Self::whole), or of phi's curve if no formula for phi is
    /// as good. For a classifier they are the [probabilities](Self::probability).
    ///
    /// # Errors
    /// Those of [`latent`](Self::latent).
    pub fn predict(&self, points: &[f64]) -> Result<Vec<f64>> {
        match &self.whole {
            Some(whole) if self.link.formula().is_some() => {
                let n_features = self.feature_names.len();
                check_rows(points, n_features, "features")?;
                let rows = points.chunks_exact(n_features);
                Ok(rows.map(|row| whole.value(row)).collect())
            }
            _ if self.certificate.network_accuracy.is_some() => self.probability(points),
            _ => self.latent(points),
        }
    }

    /// The interpretation's probability of class 1, `sigmoid(phi(T(x)))`, at points
    /// `(n_samples, n_features)`: `(n_samples,)`. Meaningful for a classifier only.
    ///
    /// # Errors
    /// Those of [`latent`](Self::latent).
    pub fn probability(&self, points: &[f64]) -> Result<Vec<f64>> {
        Ok(self.latent(points)?.into_iter().map(sigmoid).collect())
    }
}

fn best(front: &ParetoFront) -> Result<&Candidate> {
    front.best().ok_or_else(|| {
        Error::NoFormula(
            "no formula was found within the allowed complexity and time; raise either".into(),
        )
    })
}

/// The values of a regressor's whole formula, or of phi's curve at the values of the formula if no
/// formula for phi is as good.
fn predictions(
    whole: &Option<Expression>,
    link: &LinkFunction,
    formula: &[f64],
    data: &Dataset,
) -> Vec<f64> {
    match whole {
        Some(whole) if link.formula().is_some() => values(whole, data),
        _ => formula.iter().map(|t| link.value(*t)).collect(),
    }
}

fn number(is: bool) -> f64 {
    f64::from(u8::from(is))
}

/// The values of the formula and of the latent model at the rows of a dataset.
struct Latent {
    formula: Vec<f64>,
    latent: Vec<f64>,
}

impl Latent {
    fn new(model: &dyn Model, formula: &Expression, data: &Dataset) -> Result<Self> {
        Ok(Self {
            formula: values(formula, data),
            latent: model.latent(data.points())?,
        })
    }

    fn paired(&self) -> Paired<'_> {
        Paired {
            formula: &self.formula,
            latent: &self.latent,
        }
    }

    /// The network's decisions.
    fn decisions(&self) -> Vec<bool> {
        self.latent.iter().map(|f| *f > 0.0).collect()
    }
}

/// Refuses rows of other features than the model's, and a model that gives one answer for all of
/// the fresh ones.
fn check(model: &dyn Model, training: &Dataset, fresh: &Dataset) -> Result<()> {
    for data in [training, fresh] {
        (data.points()).check_features("the model", model.feature_names())?;
    }
    let latent = model.latent(fresh.points())?;
    if is_constant(&latent, fresh) {
        Err(Error::Unlearned(format!(
            "the latent model is {} on all {} fresh rows: a constant needs no explanation",
            latent[0],
            latent.len()
        )))
    } else {
        Ok(())
    }
}

/// The share of fresh rows outside the box that the training rows span.
fn share_outside(training: &Dataset, fresh: &Dataset) -> f64 {
    let bounds = training.points().bounds();
    let is_outside = |row: &[f64]| {
        let mut sides = row.iter().zip(&bounds);
        sides.any(|(value, (low, high))| {
            let margin = VerdictLimits::DEFAULT.margin * (high - low);
            *value < low - margin || *value > high + margin
        })
    };
    let rows = fresh.points().rows();
    rows.filter(|row| is_outside(row)).count() as f64 / fresh.n_samples() as f64
}
