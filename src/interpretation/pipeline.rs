//! From data to formula in one call: what the command line runs.

use super::noise::{self, Halves};
use super::{InterpretOptions, Interpretation, Matching, penalties};
use crate::dataset::{Dataset, Task};
use crate::error::{Error, Result};
use crate::gradients::Directions;
use crate::interrupt;
use crate::model::{Model, check_features};
use crate::network::{Epoch, Network, TrainingHistory};
use crate::report::{FormulaTree, LinkReport, Report, Seconds};
use crate::search::{
    SearchOptions, SearchProgress, SearchResult, ValueObjective, search, search_for,
};
use std::ops::ControlFlow;
use std::time::Instant;

/// What a run tells while it goes on.
#[derive(Debug, Clone)]
pub enum Progress {
    /// An epoch of training ended.
    Training(Epoch),
    /// A generation of the search begins.
    Search(SearchProgress),
}

/// Everything a run made on the way from the model to the formula.
#[derive(Debug, Clone)]
pub struct Interpreted<M = Network> {
    /// The model that the formula is about.
    pub model: M,
    /// How the training went; none for a model that was given.
    pub history: Option<TrainingHistory>,
    /// The model's directions; the search was given these, unless it was given values.
    pub directions: Directions,
    /// Those of them that the labels fix, see [`Selection`](crate::Selection); for a regressor all.
    pub near: Directions,
    /// What the search found.
    pub found: SearchResult,
    /// The best formula, judged on fresh points.
    pub interpretation: Interpretation,
    /// Where the time went.
    pub seconds: Seconds,
    /// The noise of what the search was given: measured, or that of the options where halves of the
    /// data weren't trained on.
    pub noise: f64,
    seed: u64,
}

/// Trains a network, takes its gradients, and searches the formula behind them
/// (Wetzel 2024, algorithm 1).
///
/// Where networks of halves of the data show how exact the network is, that weighs the
/// directions, sets the noise of the search, and penalizes formulas that decide otherwise than the
/// network more often than it errs, or leave more of its values: see
/// [`ParetoFront::best`](crate::ParetoFront::best).
///
/// `fresh` holds rows that nothing is fitted to: training is watched and the formula judged on
/// them. `monitor` hears of every step; `Break` ends the step at hand, and the run goes on with
/// what that step has.
///
/// # Errors
/// More than two classes, and those of [`Network::train`], [`Network::check_learned`] and
/// [`interpret_model`].
pub fn interpret(
    training: &Dataset,
    fresh: &Dataset,
    options: &InterpretOptions,
    monitor: impl FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Interpreted> {
    let mut monitor = interrupt::heed(monitor);
    let start = Instant::now();
    if options.training.task == Task::Classification {
        training.check_two_classes()?;
    }
    let mut train = || {
        Network::train(training, fresh, &options.training, |epoch| {
            monitor(&Progress::Training(*epoch))
        })
    };
    let ((network, history), halves) = match options.measure_noise {
        true => noise::train_with_halves(&mut train, training, fresh, &options.training)?,
        false => (train()?, None),
    };
    network.check_learned(fresh)?;
    let seconds = start.elapsed().as_secs_f64();
    let reading = Reading {
        model: network,
        halves: halves.as_ref(),
        training,
        fresh,
        options,
    };
    let mut run = reading.interpret(monitor)?;
    run.history = Some(history);
    run.seconds.train = seconds;
    run.seconds.total += seconds;
    Ok(run)
}

/// Searches the formula behind a model that is trained already, whatever it is: a network, a
/// closure, an executable.
///
/// `training` holds the points at which the model is looked at, `fresh` those on which the formula
/// is judged; their targets are what the rule is compared with beside the model. `monitor` hears of
/// the search as in [`interpret`]. `options.training` and `options.measure_noise` have no say.
///
/// ```
/// use closedform::{BlackBox, Dataset, InterpretOptions, Task, interpret_model, progress};
///
/// let data = Dataset::from_function(&[(0.5, 2.0); 2], 1000, 0, |x| (x[0] * x[1]).ln())?;
/// let (training, fresh) = data.split(0.8, 0)?;
/// let model = BlackBox::new(&data, Task::Regression, |x| (x[0] * x[1]).ln())?;
/// let options = InterpretOptions::with_seed(0);
/// let run = interpret_model(model, &training, &fresh, &options, progress::silent)?;
/// assert_eq!(run.interpretation.formula(), "x1*x2");
/// # Ok::<(), closedform::Error>(())
/// ```
///
/// # Errors
/// A model without gradients, and those of [`Model::directions`], [`search`](fn@search) and
/// [`Interpretation::new`].
pub fn interpret_model<M: Model>(
    model: M,
    training: &Dataset,
    fresh: &Dataset,
    options: &InterpretOptions,
    monitor: impl FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Interpreted<M>> {
    let reading = Reading {
        model,
        halves: None,
        training,
        fresh,
        options,
    };
    reading.interpret(monitor)
}

/// A trained model, and what is known about it.
struct Reading<'a, M> {
    model: M,
    halves: Option<&'a Halves>,
    training: &'a Dataset,
    fresh: &'a Dataset,
    options: &'a InterpretOptions,
}

impl<M: Model> Reading<'_, M> {
    fn interpret(
        self,
        monitor: impl FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<Interpreted<M>> {
        let mut monitor = interrupt::heed(monitor);
        let start = Instant::now();
        let options = self.options;
        for data in [self.training, self.fresh] {
            check_answers(&self.model, data)?;
        }
        let selected =
            (options.selection).of(&self.model, self.training.points(), options.delta)?;
        let mut directions = selected.all;
        check_has_gradients(&directions)?;
        let mut search_options = options.search.clone();
        if let Some(halves) = self.halves {
            directions = halves.weigh(directions)?;
            search_options.noise = match options.matching {
                Matching::Directions => halves.noise(&directions)?,
                Matching::Values => {
                    let points = self.training.points();
                    halves.share_of_variance(points, &self.model.latent(points)?)?
                }
            };
        }
        let gradients = start.elapsed().as_secs_f64();
        let mut found = self.search(&directions, &search_options, |progress| {
            monitor(&Progress::Search(progress.clone()))
        })?;
        match (self.model.task(), self.halves) {
            (Task::Regression, halves) => {
                penalties::by_values(&mut found.front, &self.model, halves, self.training)?;
            }
            (Task::Classification, Some(halves)) => {
                penalties::by_decisions(&mut found.front, &self.model, halves, self.training)?;
            }
            (Task::Classification, None) => {}
        }
        let interpretation = Interpretation::new(
            &found.front,
            &self.model,
            self.training,
            self.fresh,
            options.delta,
        )?
        .with_confirmations(&found.confirmations);
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

    fn search(
        &self,
        directions: &Directions,
        options: &SearchOptions,
        monitor: impl FnMut(&SearchProgress) -> ControlFlow<()>,
    ) -> Result<SearchResult> {
        match self.options.matching {
            Matching::Directions => search(directions, options, monitor),
            Matching::Values => {
                let points = self.training.points().to_vec();
                let values = self.model.latent(&points)?;
                let names = self.model.feature_names().to_vec();
                let objective = ValueObjective::new(names, points, values)?;
                search_for(&objective, options, monitor)
            }
        }
    }
}

/// Refuses data with other features than the model, and a model that has no answer for a row.
fn check_answers(model: &dyn Model, data: &Dataset) -> Result<()> {
    check_features(model, data)?;
    let latent = model.latent(data.points())?;
    match latent.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(row) => Err(Error::Data(format!(
            "the model gives {} at {:?}; only finite numbers are allowed",
            latent[row],
            data.point(row)
        ))),
    }
}

/// Models of steps have gradients of 0 nearly everywhere.
fn check_has_gradients(directions: &Directions) -> Result<()> {
    let (n, n_zero) = (directions.n_samples(), directions.n_zero());
    match 2 * n_zero > n {
        true => Err(Error::Nothing(format!(
            "the model's gradients are 0 at {n_zero} of {n} points: it is constant, or made of \
             steps as trees are; take the gradients of steps by local fits"
        ))),
        false => Ok(()),
    }
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
