//! Training recipes, compared by how faithful the gradients of their networks are.

use closedform::dataset::TRAINING_SHARE;
use closedform::interpretation::{FRESH_SEED, N_FRESH};
use closedform::model::Ensemble;
use closedform::network::{Optimizer, Schedule};
use closedform::{
    Activation, Dataset, Directions, Error, Experiment, Expression, Hyperparameters, Layer, Model,
    Network, Points, ReadingOptions, Result, Task, TrainingOptions, progress,
};
use std::time::Instant;

/// The part of every side of the box, around its middle, that counts as away from the walls.
const INNER_SHARE: f64 = 0.8;

/// A training recipe, named after what it changes in the preset `fast`.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// What it changes.
    pub name: String,
    /// The hyperparameters of the training.
    pub hyperparameters: Hyperparameters,
    /// How many networks are averaged. They are trained on the same rows, but from different
    /// initial weights and in different orders.
    pub n_networks: u64,
}

impl Recipe {
    /// One network, trained with the preset `fast` except for some hyperparameters.
    ///
    /// ```
    /// use closedform::network::Schedule;
    /// use closedform_studies::study::Recipe;
    ///
    /// let recipe = Recipe::new("constant rate", |h| h.schedule = Schedule::Constant);
    /// assert_eq!(recipe.n_networks, 1);
    /// ```
    pub fn new(name: &str, change: impl FnOnce(&mut Hyperparameters)) -> Self {
        let mut hyperparameters = Hyperparameters::fast();
        change(&mut hyperparameters);
        Self {
            name: name.to_string(),
            hyperparameters,
            n_networks: 1,
        }
    }

    /// The preset `fast`, and recipes that differ from it in one setting: activation, width, depth,
    /// batch size, epochs, learning rate, regularization, scale of the inputs, or an ensemble.
    pub fn catalogue() -> Vec<Self> {
        let layers = |n: usize, width: usize, activation: Activation| {
            move |h: &mut Hyperparameters| h.layers = vec![Layer::new(width, activation); n]
        };
        let fast = Self::new("fast", |_| ());
        let ensemble = Self {
            name: "mean of 3 networks".into(),
            n_networks: 3,
            ..fast.clone()
        };
        vec![
            fast,
            Self::new("ELU", layers(2, 128, Activation::Elu)),
            Self::new("tanh", layers(2, 128, Activation::Tanh)),
            Self::new("softplus", layers(2, 128, Activation::Softplus)),
            Self::new("ReLU", layers(2, 128, Activation::Relu)),
            Self::new("32 neurons a layer", layers(2, 32, Activation::Silu)),
            Self::new("256 neurons a layer", layers(2, 256, Activation::Silu)),
            Self::new("1 hidden layer", layers(1, 128, Activation::Silu)),
            Self::new("3 hidden layers", layers(3, 128, Activation::Silu)),
            Self::new("batches of 50", |h| h.batch_size = 50),
            Self::new("batches of 1000", |h| h.batch_size = 1000),
            Self::new("20 epochs", |h| h.n_epochs = 20),
            Self::new("180 epochs", |h| h.n_epochs = 180),
            Self::new("rate 1e-3", |h| h.learning_rate = 1e-3),
            Self::new("constant rate", |h| h.schedule = Schedule::Constant),
            Self::new("dropout 0.2", |h| h.dropout = 0.2),
            Self::new("L2 penalty 1e-4", |h| h.l2_penalty = 1e-4),
            Self::new("weight decay 0.1", |h| {
                h.optimizer = Optimizer::AdamW { weight_decay: 0.1 };
            }),
            Self::new("inputs as they are", |h| h.standardize = false),
            ensemble,
        ]
    }

    /// Trains classifiers by the recipe.
    ///
    /// # Errors
    /// Those of [`Network::train`], and if the recipe has no networks.
    pub fn train(
        &self,
        training: &Dataset,
        fresh: &Dataset,
        seed: u64,
    ) -> Result<Ensemble<Network>> {
        let members = (0..self.n_networks).map(|member| {
            let options = TrainingOptions {
                hyperparameters: self.hyperparameters.clone(),
                // Far from the seeds of other runs, so that no two runs share a network.
                seed: seed.wrapping_add(member << 32),
                ..TrainingOptions::default()
            };
            let (network, history) = Network::train(training, fresh, &options, progress::silent)?;
            if history.was_stopped {
                return Err(Error::Interrupted("the training was interrupted".into()));
            }
            Ok(network)
        });
        Ensemble::new(members.collect::<Result<_>>()?)
    }

    /// Draws `n_points` points of an experiment, trains on four fifths of them, and compares the
    /// directions with the true ones.
    ///
    /// # Errors
    /// Those of [`train`](Self::train) and [`DirectionErrors::new`].
    pub fn run(&self, experiment: Experiment, n_points: usize, seed: u64) -> Result<RecipeRun> {
        truth_of(experiment)?;
        let (training, fresh) = experiment
            .sample(n_points, seed)
            .split(TRAINING_SHARE, seed)?;
        let start = Instant::now();
        let model = self.train(&training, &fresh, seed)?;
        Ok(RecipeRun {
            seconds_train: start.elapsed().as_secs_f64(),
            errors: DirectionErrors::new(&model, &training, experiment)?,
        })
    }
}

/// The result of a recipe in one experiment, with one seed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecipeRun {
    /// How far the directions are from the true ones.
    pub errors: DirectionErrors,
    /// The seconds that training took.
    pub seconds_train: f64,
}

/// How far a classifier's directions are from the true directions of an experiment, at several
/// kinds of points. The errors are one minus the mean `|cos|`, which for small angles is half of
/// the mean squared angle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DirectionErrors {
    /// The share of fresh points, labelled without noise, that are classified right.
    pub accuracy: f64,
    /// At the rows that the model was trained on, where its output is between 1e-4 and 1 - 1e-4.
    pub band: f64,
    /// At fresh points in the same band: gradients need no labels (Wetzel 2024, algorithm 1.2).
    pub unlabelled: f64,
    /// At the training rows of `band`, moved onto the decision boundary.
    pub boundary: f64,
    /// At those of the boundary points that are at least a tenth of every side away from the walls
    /// of the box.
    pub inner_boundary: f64,
    /// At all fresh points, however certain the model is.
    pub everywhere: f64,
}

impl DirectionErrors {
    /// Compares a model that was trained on rows of an experiment with the experiment's truth.
    ///
    /// # Errors
    /// If the experiment has no known truth, if the model is a regressor or has other features than
    /// the experiment, or if it has no points near its boundary, or none of them away from the
    /// walls.
    pub fn new(model: &dyn Model, training: &Dataset, experiment: Experiment) -> Result<Self> {
        let truth = truth_of(experiment)?;
        if model.task() == Task::Regression {
            return Err(Error::Model(
                "a regressor has no decision boundary; a classifier is needed".into(),
            ));
        }
        let delta = ReadingOptions::with_seed(0).delta;
        let fresh = experiment.sample_with_noise(N_FRESH, 0.0, FRESH_SEED)?;
        for data in [training, &fresh] {
            (data.points()).check_features("the model", model.feature_names())?;
        }
        let decided = model.latent(fresh.points())?;
        let labels = fresh.targets().iter().map(|label| *label > 0.5);
        let is_right = |(f, label): &(&f64, bool)| (**f > 0.0) == *label;
        let n_right = decided.iter().zip(labels).filter(is_right).count();
        let boundary = model.boundary_directions(training.points(), delta)?;
        let error = |directions: &Directions| 1.0 - directions.mean_abs_cosine(&truth);
        Ok(Self {
            accuracy: n_right as f64 / N_FRESH as f64,
            band: error(&model.directions(training.points(), delta)?),
            unlabelled: error(&model.directions(fresh.points(), delta)?),
            boundary: error(&boundary),
            inner_boundary: error(&inner(&boundary, &experiment.sides())?),
            everywhere: error(&model.directions(fresh.points(), 0.0)?),
        })
    }
}

fn truth_of(experiment: Experiment) -> Result<Expression> {
    experiment.truths().into_iter().next().ok_or_else(|| {
        let allowed = "one whose truth is known: 1 to 7";
        Error::parameter("experiment", experiment.number(), allowed)
    })
}

/// The directions at points that are away from the walls of the box.
fn inner(directions: &Directions, sides: &[(f64, f64)]) -> Result<Directions> {
    let is_inner = |point: &[f64]| {
        let mut sides = point.iter().zip(sides);
        sides.all(|(x, (low, high))| {
            let from_middle = (x - low.midpoint(*high)).abs();
            from_middle <= INNER_SHARE * (high - low) / 2.0
        })
    };
    let points = directions.points();
    let units = directions.unit_gradients();
    let pairs = points.rows().zip(units.chunks_exact(points.n_features()));
    let kept = pairs.filter(|(point, _)| is_inner(point));
    let (rows, units): (Vec<&[f64]>, Vec<&[f64]>) = kept.unzip();
    let points = Points::from_rows(points.feature_names(), &rows)?;
    Directions::from_gradients(points, units.concat())
}
