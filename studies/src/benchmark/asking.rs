//! Ways to ask for a formula: by values, by labels, by directions, and through networks.

use super::Judge;
use closedform::dataset::TRAINING_SHARE;
use closedform::interpretation::Interpreted;
use closedform::network::ImportOptions;
use closedform::search::LabelLoss;
use closedform::{
    Dataset, Directions, Error, Expression, Hyperparameters, ImportedNetwork, InterpretOptions,
    LabelObjective, Model, Network, Points, ReadingOptions, Result, SearchOptions, SearchResult,
    Task, TrainingOptions, ValueObjective, interpret, interpret_model, search, search_for,
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use std::ops::ControlFlow;
use std::path::Path;

/// Whether a run goes on.
pub(crate) type Flow<'a> = &'a (dyn Fn() -> ControlFlow<()> + Sync);

/// Gaussian noise on targets, as a share of their standard deviation.
pub(crate) fn with_noise(data: &Dataset, noise: f64, rng: &mut ChaCha8Rng) -> Result<Dataset> {
    let spread = noise * deviation(data.targets());
    let targets = data.targets().iter().map(|y| y + spread * normal(rng));
    let targets = targets.collect();
    Dataset::new(data.points().clone(), data.target_name(), targets)
}

/// Gaussian noise on inputs, as a share of the standard deviation of each. Targets stay as they are.
pub(crate) fn with_input_noise(
    data: &Dataset,
    noise: f64,
    rng: &mut ChaCha8Rng,
) -> Result<Dataset> {
    let points = data.points();
    let spread = |feature| {
        let column: Vec<f64> = points.column(feature).collect();
        noise * deviation(&column)
    };
    let spreads: Vec<f64> = (0..points.n_features()).map(spread).collect();
    let numbers = points
        .rows()
        .flat_map(|row| row.iter().zip(&spreads))
        .map(|(x, spread)| x + spread * normal(rng));
    let points = Points::new(
        points.feature_names().to_vec(),
        numbers.collect::<Vec<f64>>(),
    )?;
    Dataset::new(points, data.target_name(), data.targets().to_vec())
}

/// Classes turned with this probability.
pub(crate) fn with_label_noise(
    data: &Dataset,
    noise: f64,
    rng: &mut ChaCha8Rng,
) -> Result<Dataset> {
    let turned = |class: &f64| {
        if rng.random_bool(noise) {
            1.0 - class
        } else {
            *class
        }
    };
    let classes = data.targets().iter().map(turned).collect();
    Dataset::new(data.points().clone(), data.target_name(), classes)
}

/// Class 1 where the target is above this quantile of the targets.
pub(crate) fn classes(data: &Dataset, quantile: f64) -> Result<Dataset> {
    let mut sorted = data.targets().to_vec();
    sorted.sort_by(f64::total_cmp);
    let threshold = sorted[(quantile * sorted.len() as f64) as usize];
    let class = |y: &f64| f64::from(u8::from(*y > threshold));
    let classes = data.targets().iter().map(class).collect();
    Dataset::new(data.points().clone(), data.target_name(), classes)
}

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    rng.sample(StandardNormal)
}

fn deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / n).sqrt()
}

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
