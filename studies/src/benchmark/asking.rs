//! Ways to ask for a formula: by values, by labels, by directions, and through networks.

use super::Judge;
use crate::noise::normal;
use closedform::dataset::TRAINING_SHARE;
use closedform::interpretation::Interpreted;
use closedform::network::ImportOptions;
use closedform::search::LabelLoss;
use closedform::{
    Dataset, Directions, Error, Expression, Hyperparameters, ImportedNetwork, InterpretOptions,
    LabelObjective, Model, Network, Points, ReadingOptions, Result, SearchOptions, SearchResult,
    Task, TrainingOptions, ValueObjective, interpret, interpret_model, search, search_for,
};
use rand_chacha::ChaCha8Rng;
use std::ops::ControlFlow;
use std::path::Path;

/// Whether a run goes on.
pub(crate) type Flow<'a> = &'a (dyn Fn() -> ControlFlow<()> + Sync);

/// The chosen formula, and those beside it.
pub(crate) struct Found {
    pub formula: Expression,
    pub complexity: usize,
    pub loss: f64,
    pub front: Vec<Expression>,
    pub verdict: Option<String>,
}

impl Found {
    fn new(found: &SearchResult) -> Result<Self> {
        let Some(best) = found.front.best() else {
            return Err(Error::NoFormula("the front is empty".into()));
        };
        let candidates = found.front.candidates().iter();
        Ok(Self {
            formula: best.expression.clone(),
            complexity: best.complexity,
            loss: best.loss,
            front: candidates.map(|c| c.expression.clone()).collect(),
            verdict: None,
        })
    }

    fn of_model<M>(run: &Interpreted<M>, task: Task) -> Result<Self> {
        let interpretation = &run.interpretation;
        let candidate = interpretation.candidate();
        // A regressor says more than the concept: the whole formula, if there is one.
        let whole = interpretation.whole().filter(|_| task == Task::Regression);
        Ok(Self {
            formula: whole.unwrap_or(&candidate.expression).clone(),
            complexity: candidate.complexity,
            loss: candidate.loss,
            verdict: Some(interpretation.certificate().verdict.to_string()),
            ..Self::new(&run.found)?
        })
    }

    /// Whether this is the truth, and whether another formula of the front is.
    pub fn is_found(&self, judge: &Judge, limit: f64) -> Result<(bool, bool)> {
        let is_found = judge.is_found(&self.formula, limit)?;
        let mut is_on_front = is_found;
        for formula in &self.front {
            is_on_front = is_on_front || judge.is_found(formula, limit)?;
        }
        Ok((is_found, is_on_front))
    }
}

/// A formula for the values.
pub(crate) fn by_values(data: &Dataset, options: &SearchOptions, flow: Flow) -> Result<Found> {
    let objective = ValueObjective::from_dataset(data)?;
    Found::new(&search_for(&objective, options, |_| flow())?)
}

/// A formula that is positive for class 1.
pub(crate) fn by_labels(data: &Dataset, options: &SearchOptions, flow: Flow) -> Result<Found> {
    let objective = LabelObjective::from_dataset(data, LabelLoss::Logistic)?;
    Found::new(&search_for(&objective, options, |_| flow())?)
}

/// A formula with the directions of the truth's gradients, with noise on each component.
pub(crate) fn by_directions(
    points: &Points,
    truth: &Expression,
    noise: f64,
    rng: &mut ChaCha8Rng,
    options: &SearchOptions,
    flow: Flow,
) -> Result<Found> {
    let gradients = points.rows().flat_map(|x| truth.value_and_gradient(x).1);
    let exact = Directions::from_gradients(points.clone(), gradients.collect())?;
    let noisy = exact.unit_gradients().iter();
    let noisy: Vec<f64> = noisy.map(|g| g + noise * normal(rng)).collect();
    let directions = Directions::from_gradients(exact.points().clone(), noisy)?;
    Found::new(&search(&directions, options, |_| flow())?)
}

/// The formula behind a network that is trained on the data.
pub(crate) fn by_network(
    data: &Dataset,
    task: Task,
    hyperparameters: impl FnOnce(usize) -> Hyperparameters,
    n_threads: Option<usize>,
    options: &SearchOptions,
    flow: Flow,
) -> Result<Found> {
    let (training, fresh) = data.split(TRAINING_SHARE, options.seed)?;
    let defaults = InterpretOptions::with_seed(options.seed);
    let options = InterpretOptions {
        training: TrainingOptions {
            task,
            hyperparameters: hyperparameters(training.n_samples()),
            n_threads,
            ..defaults.training
        },
        reading: reading(options),
        ..defaults
    };
    let run: Interpreted<Network> = interpret(&training, &fresh, &options, |_| flow())?;
    Found::of_model(&run, task)
}

/// The formula behind a trained model in a file, at the data's points.
pub(crate) fn by_model(
    data: &Dataset,
    task: Task,
    path: &Path,
    options: &SearchOptions,
    flow: Flow,
) -> Result<Found> {
    let import = ImportOptions {
        feature_names: Some(data.feature_names().to_vec()),
        task: Some(task),
        ..ImportOptions::default()
    };
    let model: Box<dyn Model> =
        ImportedNetwork::open_for(data, path, &import, None, options.seed)?.model;
    let (training, fresh) = data
        .answered_by(&*model)?
        .split(TRAINING_SHARE, options.seed)?;
    let run = interpret_model(&*model, &training, &fresh, &reading(options), |_| flow())?;
    Found::of_model(&run, task)
}

fn reading(options: &SearchOptions) -> ReadingOptions {
    ReadingOptions {
        search: options.clone(),
        ..ReadingOptions::with_seed(options.seed)
    }
}
