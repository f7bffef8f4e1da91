//! From a trained model to its formula in one call.

use super::folds::{TrainedFold, cross_validated};
use super::intervals::with_errors_of_model;
use super::noise::Halves;
use super::of_model::SEED;
use super::selection::{Selected, Selection};
use super::{Interpretation, Matching, ReadingOptions, evidence, penalties};
use crate::dataset::{Dataset, Task};
use crate::directions::Directions;
use crate::effort::reading::{EvidenceLimits, TimeShares, TurnLimits};
use crate::error::{Error, Result};
use crate::formula::Expression;
use crate::interrupt;
use crate::model::{Epoch, Model, TrainingHistory};
use crate::search::{
    Candidate, DirectionObjective, SearchOptions, SearchProgress, SearchResult, StopReason,
    ValueObjective, search, search_for, search_short,
};
use std::ops::ControlFlow;
use std::time::Instant;

/// The progress of a run, as its monitor receives it.
#[derive(Debug, Clone)]
pub enum Progress {
    /// An epoch of training ended.
    Training(Epoch),
    /// A generation of the search begins.
    Search(SearchProgress),
}

impl std::fmt::Display for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Training(epoch) => epoch.fmt(f),
            Self::Search(progress) => progress.fmt(f),
        }
    }
}

/// Seconds spent on each part of a run; 0 for a part that wasn't run.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
pub struct Seconds {
    /// Training the network.
    pub train: f64,
    /// Computing or reading the gradients.
    pub gradients: f64,
    /// Searching.
    pub search: f64,
    /// The whole run.
    pub total: f64,
}

/// All results of a run on the way from the model to the formula.
#[derive(Debug, Clone)]
pub struct Interpreted<M> {
    /// The model that the formula describes.
    pub model: M,
    /// The history of the training; none for a model that was given.
    pub history: Option<TrainingHistory>,
    /// The model's directions. The search uses them unless it matches values.
    pub directions: Directions,
    /// The directions that the labels determine, see
    /// [`Selection`](crate::interpretation::Selection); all of them for a regressor.
    pub near: Directions,
    /// What the search found.
    pub found: SearchResult,
    /// The best formula, judged on fresh points.
    pub interpretation: Interpretation,
    /// The time spent on each part.
    pub seconds: Seconds,
    /// The noise that the search assumed: measured, or that of the options if no networks were
    /// trained on halves of the data.
    pub noise: f64,
    /// The seed of the search.
    pub seed: u64,
}

/// Searches for the formula behind any trained model: a network, a closure, an executable.
///
/// `training` holds the points at which the model is evaluated, `fresh` those on which the formula
/// is judged. The rule is compared with their targets and with the model. `monitor` receives the
/// progress of the search.
///
/// ```
/// use closedform::{BlackBox, Dataset, ReadingOptions, Task, interpret_model, progress};
///
/// let data = Dataset::from_function(&[(0.5, 2.0); 2], 1000, 0, |x| (x[0] * x[1]).ln())?;
/// let (training, fresh) = data.split(0.8, 0)?;
/// let model = BlackBox::new(&data, Task::Regression, |x| (x[0] * x[1]).ln())?;
/// let options = ReadingOptions::with_seed(0);
/// let run = interpret_model(model, &training, &fresh, &options, progress::silent)?;
/// assert_eq!(run.interpretation.formula(), "x1*x2");
/// # Ok::<(), closedform::Error>(())
/// ```
///
/// # Errors
/// A model without gradients, and the errors of [`Model::directions`], [`search`](fn@search) and
/// [`Interpretation::new`].
pub fn interpret_model<M: Model>(
    model: M,
    training: &Dataset,
    fresh: &Dataset,
    options: &ReadingOptions,
    monitor: impl FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Interpreted<M>> {
    let reading = Reading {
        model,
        halves: None,
        folds: &[],
        training,
        fresh,
        options,
    };
    reading.interpret(monitor)
}

/// A trained model with what its interpretation needs.
pub(crate) struct Reading<'a, M> {
    pub model: M,
    pub halves: Option<&'a Halves<M>>,
    /// Models for a cross-validation, if there are too few fresh rows to judge by.
    pub folds: &'a [TrainedFold<M>],
    pub training: &'a Dataset,
    pub fresh: &'a Dataset,
    pub options: &'a ReadingOptions,
}

impl<M: Model> Reading<'_, M> {
    pub fn interpret(
        self,
        monitor: impl FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<Interpreted<M>> {
        let mut monitor = interrupt::heed(monitor);
        let start = Instant::now();
        let options = self.options;
        for data in [self.training, self.fresh] {
            check_answers(&self.model, data)?;
        }
        let selected = self.selected()?;
        let mut directions = selected.all;
        check_has_gradients(&directions)?;
        let mut search_options = options.search.clone();
        if let Some(halves) = self.halves {
            directions = halves.weigh(directions)?;
            search_options.noise = match options.matching {
                Matching::Auto | Matching::Directions => halves.noise(&directions)?,
                Matching::Values => {
                    let points = self.training.points();
                    halves.share_of_variance(points, &self.model.latent(points)?)?
                }
            };
        }
        let gradients = start.elapsed().as_secs_f64();
        let mut listener = |progress: &SearchProgress| monitor(&Progress::Search(progress.clone()));
        let (found, interpretation) = self.found(&directions, &search_options, &mut listener)?;
        let seconds = Seconds {
            train: 0.0,
            gradients,
            search: found.seconds,
            total: start.elapsed().as_secs_f64(),
        };
        Ok(Interpreted {
            model: self.model,
            history: None,
            directions,
            near: selected.near,
            found,
            interpretation,
            seconds,
            noise: search_options.noise,
            seed: options.search.seed,
        })
    }

    /// What the searches found, and its best formula, judged.
    fn found(
        &self,
        directions: &Directions,
        options: &SearchOptions,
        monitor: &mut impl FnMut(&SearchProgress) -> ControlFlow<()>,
    ) -> Result<(SearchResult, Interpretation)> {
        let is_auto = self.options.matching == Matching::Auto;
        // All functions of one feature have the same directions.
        let has_directions =
            self.model.n_features() > 1 && options.noise <= EvidenceLimits::DEFAULT.noise;
        if is_auto && !has_directions {
            return self.by_values(None, 0.0, monitor);
        }
        // The searches together keep the time limit.
        let share = if is_auto {
            TimeShares::DEFAULT.of_one
        } else {
            1.0
        };
        let first = options.with_time_left(0.0, share);
        let mut found = self.search(directions, &first, &mut *monitor)?;
        self.penalize(&mut found)?;
        if self.options.matching == Matching::Values {
            let judged = self.judged_by_values(&found)?;
            return Ok((found, judged));
        }
        let judged = self.judged_by_directions(&found)?;
        if !is_auto || found.stop_reason == StopReason::Interrupted {
            return Ok((found, judged));
        }
        let is_enough = evidence::carries(&judged, &self.model, self.training)?;
        let is_short = judged.candidate().complexity <= TurnLimits::DEFAULT.short;
        let turns = !judged.link().curve().turns().is_empty();
        if is_enough && is_short && !turns {
            return Ok((found, judged));
        }
        let mut seconds = found.seconds;
        if let Some((turning, other)) = self.turning(directions, options, &found, monitor)? {
            seconds += turning.seconds;
            let is_shorter = other.candidate().complexity <= judged.candidate().complexity;
            if (is_shorter || !is_enough) && evidence::carries(&other, &self.model, self.training)?
            {
                let unsaved = found.unsaved;
                let turning = SearchResult {
                    seconds,
                    unsaved,
                    ..turning
                };
                return Ok((turning, other));
            }
        }
        if is_enough {
            return Ok((found, judged));
        }
        let unsaved = found.unsaved;
        let (by_values, judged) = self.by_values(judged.of_latent(), seconds, monitor)?;
        let by_values = SearchResult {
            unsaved,
            ..by_values
        };
        Ok((by_values, judged))
    }

    /// A search that is blind to the sign of each direction, which turns round where phi turns back;
    /// none if a short search of that kind finds nothing as good as `so_far`, or half as long.
    fn turning(
        &self,
        directions: &Directions,
        options: &SearchOptions,
        so_far: &SearchResult,
        monitor: &mut impl FnMut(&SearchProgress) -> ControlFlow<()>,
    ) -> Result<Option<(SearchResult, Interpretation)>> {
        let objective = DirectionObjective::new(directions).sign_free();
        let short = search_short(&objective, options)?;
        let limits = TurnLimits::DEFAULT;
        let least = so_far.front.least_loss().min(limits.promising);
        let chosen = so_far.front.best();
        let is_promising = |c: &Candidate| {
            let is_shorter = chosen.is_some_and(|chosen| 2 * c.complexity <= chosen.complexity);
            c.loss <= least || is_shorter && c.loss <= limits.promising
        };
        if !short.candidates().iter().any(is_promising) {
            return Ok(None);
        }
        let halves = self.halves.map(|halves| halves.noise_of_axes(directions));
        let options = SearchOptions {
            noise: halves.transpose()?.unwrap_or(options.noise),
            // A checkpoint belongs to the search before.
            checkpoint: None,
            ..options.clone()
        };
        let options = options.with_time_left(so_far.seconds, TimeShares::DEFAULT.of_one);
        let mut found = search_for(&objective, &options, monitor)?;
        self.penalize(&mut found)?;
        let judged = self.judged_by_directions(&found)?;
        Ok(Some((found, judged)))
    }

    /// A search by values, which has `other` for a start and took `seconds` so far.
    fn by_values(
        &self,
        other: Option<Expression>,
        seconds: f64,
        monitor: &mut impl FnMut(&SearchProgress) -> ControlFlow<()>,
    ) -> Result<(SearchResult, Interpretation)> {
        let (model, options) = (
            &self.model,
            self.options.search.with_time_left(seconds, 1.0),
        );
        let mut found =
            evidence::search_by_values(model, self.training, other.as_ref(), &options, monitor)?;
        found.seconds += seconds;
        let judged = self.judged_by_values(&found)?;
        Ok((found, judged))
    }

    /// The model's directions. Where none lies on the boundary, or its whole sigmoid is saturated,
    /// `auto` takes those of more points: of the band, then of all.
    fn selected(&self) -> Result<Selected> {
        let (points, delta) = (self.training.points(), self.options.delta);
        let selection = self.options.selection;
        let mut selected = selection.of(&self.model, points, delta);
        for delta in [delta, 0.0] {
            match &selected {
                Err(Error::Unlearned(_)) if self.options.matching == Matching::Auto => {
                    selected = Selection::Band.of(&self.model, points, delta);
                }
                _ => break,
            }
        }
        selected
    }

    fn penalize(&self, found: &mut SearchResult) -> Result<()> {
        let front = &mut found.front;
        match (self.model.task(), self.halves) {
            (Task::Regression, halves) => {
                penalties::by_values(front, &self.model, halves, self.training)
            }
            (Task::Classification, Some(halves)) => {
                penalties::by_decisions(front, &self.model, halves, self.training)
            }
            (Task::Classification, None) => Ok(()),
        }
    }

    fn judged(&self, found: &SearchResult) -> Result<Interpretation> {
        let points = self.training.points();
        let noise = match (self.halves, self.model.task()) {
            (None, _) => 0.0,
            (Some(halves), Task::Regression) => {
                halves.share_of_variance(points, &self.model.latent(points)?)?
            }
            (Some(halves), Task::Classification) => halves.share_of_errors(points)?,
        };
        let (model, delta) = (&self.model, self.options.delta);
        let judge = match self.options.matching {
            Matching::Auto => Interpretation::with_or_without_boundary,
            Matching::Directions | Matching::Values => Interpretation::new,
        };
        let judged = judge(&found.front, model, self.training, self.fresh, delta)?;
        let judged = match cross_validated(&judged, self.folds, SEED)? {
            Some(scores) => judged.with_scores(scores),
            None => judged,
        };
        Ok(judged
            .with_noise(noise)
            .with_confirmations(&found.confirmations))
    }

    /// The same with intervals of the numbers as they fit the data's own values.
    fn judged_by_values(&self, found: &SearchResult) -> Result<Interpretation> {
        let judged = self.judged(found)?;
        let intervals = evidence::intervals(&judged, self.training)?;
        Ok(judged.with_constants(intervals))
    }

    /// The same with intervals that know how networks of other rows would differ.
    fn judged_by_directions(&self, found: &SearchResult) -> Result<Interpretation> {
        let judged = self.judged(found)?;
        let (points, delta) = (self.training.points(), self.options.delta);
        let (Some(halves), Ok(directions)) = (self.halves, self.model.directions(points, delta))
        else {
            return Ok(judged);
        };
        let turns = !judged.link().curve().turns().is_empty();
        let pairs = halves.numbers(&judged.candidate().expression, &directions, turns)?;
        let constants = judged.certificate().constants.clone();
        Ok(judged.with_constants(with_errors_of_model(constants, &pairs)))
    }

    fn search(
        &self,
        directions: &Directions,
        options: &SearchOptions,
        monitor: impl FnMut(&SearchProgress) -> ControlFlow<()>,
    ) -> Result<SearchResult> {
        match self.options.matching {
            Matching::Auto | Matching::Directions => search(directions, options, monitor),
            Matching::Values => {
                let points = self.training.points();
                let objective =
                    ValueObjective::new(points, self.model.latent(points)?)?.with_smooth_errors();
                search_for(&objective, options, monitor)
            }
        }
    }
}

/// Refuses data with other features than the model's, and a model whose answer for a row isn't
/// finite.
fn check_answers(model: &dyn Model, data: &Dataset) -> Result<()> {
    (data.points()).check_features("the model", model.feature_names())?;
    let latent = model.latent(data.points())?;
    match latent.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(row) => Err(Error::Value(format!(
            "the model gives {} at {:?}; only finite numbers are allowed",
            latent[row],
            data.point(row)
        ))),
    }
}

/// Refuses step functions, whose gradients are 0 nearly everywhere.
fn check_has_gradients(directions: &Directions) -> Result<()> {
    let (n, n_zero) = (directions.n_samples(), directions.n_zero());
    if 2 * n_zero > n {
        Err(Error::Unlearned(format!(
            "the model's gradients are 0 at {n_zero} of {n} points: it is constant, or made of \
         steps as trees are; take the gradients of steps by local fits"
        )))
    } else {
        Ok(())
    }
}
