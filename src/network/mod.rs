//! Networks: multilayer perceptrons trained with libtorch and stored as plain numbers.
//!
//! `tch` is used in this folder only. A [`Network`] owns its weights as `f64`, so it can be copied,
//! saved and sent between threads. Tensors exist only during a call.

mod archive;
mod checks;
mod combination;
mod constraint;
mod device;
mod executed;
mod file;
mod folds;
mod group;
mod halves;
mod hyperparameters;
mod import;
mod interpret;
mod interpret_classes;
mod learned;
mod numbers;
mod onnx;
mod optimizer;
mod parameters;
mod penalty;
mod presets;
mod read_out;
mod scaling;
mod subnormals;
mod tensor_formula;
mod tensors;
mod threads;
mod to_dense;
mod training;
mod training_options;
mod tuning;

pub use constraint::WeightConstraint;
pub use device::Device;
pub use executed::ExecutedNetwork;
pub use halves::gradient_noise;
pub use hyperparameters::{Hyperparameters, Layer, Optimizer, Preset, Schedule};
pub use import::{
    DescribedLayer, ImportOptions, ImportedNetwork, NetworkDescription, Opened, OpenedClasses,
    Standardization,
};
pub use interpret::{InterpretOptions, interpret};
pub use interpret_classes::interpret_classes;
pub use training_options::TrainingOptions;
pub use tuning::{TuneOptions, Tuned, TuningStep, tune};

use crate::dataset::{Dataset, Task, classes::decide};
use crate::error::{Error, Result};
use crate::model::Activation;
use crate::model::Model;
use crate::points::check_rows;

impl From<tch::TchError> for Error {
    /// Takes the line of libtorch's message that says what is wrong, without the stack trace.
    fn from(error: tch::TchError) -> Self {
        let text = error.to_string();
        let said = text.split("Exception raised from").next();
        let said = said.and_then(|text| text.rsplit("RuntimeError: ").next());
        let line = said.and_then(|text| text.lines().find(|line| !line.trim().is_empty()));
        Self::Torch(line.unwrap_or("it gave no reason").trim().to_string())
    }
}

/// A dense layer: `activation(x W + b)`.
///
/// Shapes: `weights` is `(n_inputs, n_outputs)`, row after row; `biases` is `(n_outputs,)`.
#[derive(Debug, Clone, PartialEq)]
struct Dense {
    activation: Activation,
    weights: Vec<f64>,
    biases: Vec<f64>,
}

impl Dense {
    fn n_outputs(&self) -> usize {
        self.biases.len()
    }

    fn n_inputs(&self) -> usize {
        self.weights.len() / self.biases.len()
    }
}

/// A trained multilayer perceptron.
///
/// A regressor or a classifier of two classes has one output. Its *latent model* is that output
/// without the final sigmoid: the logit of a classifier, or the prediction of a regressor. A
/// classifier of more than two classes has one logit for each class. To interpret one quantity
/// inside a network, take it as a network with one output: [`margin`](Self::margin),
/// [`logit`](Self::logit), [`neuron`](Self::neuron) or [`combination`](Self::combination).
///
/// Inputs and gradients are in the data's own units, whether or not training standardized the
/// inputs.
///
/// ```no_run
/// use closedform::{Experiment, Model, Network, TrainingOptions, progress};
///
/// let (training, validation) = Experiment::One.sample(10_000, 0).split(0.8, 0)?;
/// let options = TrainingOptions::default();
/// let (network, history) = Network::train(&training, &validation, &options, progress::silent)?;
/// let directions = network.directions(training.points(), 1e-4)?;
/// println!("{} points near the boundary", directions.n_samples());
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    feature_names: Vec<String>,
    task: Task,
    layers: Vec<Dense>,
}

impl Network {
    /// The number of weights and biases.
    pub fn n_parameters(&self) -> usize {
        self.layers
            .iter()
            .map(|layer| layer.weights.len() + layer.biases.len())
            .sum()
    }

    /// The number of outputs: one, or one logit per class for more than two classes.
    pub fn n_outputs(&self) -> usize {
        self.layers.last().map_or(0, Dense::n_outputs)
    }

    /// The values of the last layer at points `(n_samples, n_features)`: `(n_samples, n_outputs)`.
    /// For a classifier they are logits.
    ///
    /// # Errors
    /// No points, or values that don't make rows of as many features as the network has.
    pub fn outputs(&self, points: &[f64]) -> Result<Vec<f64>> {
        check_rows(points, self.n_features(), "features")?;
        tensors::outputs(self, points)
    }

    /// The class of highest probability at points `(n_samples, n_features)`: `(n_samples,)`.
    ///
    /// # Errors
    /// As for [`outputs`](Self::outputs), and a network that isn't a classifier.
    pub fn classify(&self, points: &[f64]) -> Result<Vec<usize>> {
        self.check_classifier()?;
        let outputs = self.outputs(points)?;
        Ok(outputs.chunks_exact(self.n_outputs()).map(decide).collect())
    }

    /// The share of rows whose class the network predicts correctly, in [0, 1].
    ///
    /// # Errors
    /// Data with another number of features than the network, targets that aren't classes of the
    /// network, or a network that isn't a classifier.
    pub fn accuracy(&self, data: &Dataset) -> Result<f64> {
        let hits = self.hits(data)?;
        Ok(hits.iter().filter(|hit| **hit).count() as f64 / hits.len() as f64)
    }

    /// Whether the network predicts each row's class correctly, `(n_samples,)`.
    fn hits(&self, data: &Dataset) -> Result<Vec<bool>> {
        self.check_classifier()?;
        self.check_features(data)?;
        check_known_classes(data, self.n_outputs().max(2))?;
        let classes = self.classify(data.points())?;
        let pairs = classes.iter().zip(data.targets());
        Ok(pairs.map(|(class, t)| *class as f64 == *t).collect())
    }

    fn check_features(&self, data: &Dataset) -> Result<()> {
        if data.n_features() != self.n_features() {
            return Err(Error::Shape(format!(
                "the data has {} features, but the network has {}",
                data.n_features(),
                self.n_features()
            )));
        }
        Ok(())
    }

    fn check_classifier(&self) -> Result<()> {
        match self.task {
            Task::Classification => Ok(()),
            Task::Regression => Err(Error::Model(
                "the network predicts a number; only a classifier has classes".into(),
            )),
        }
    }

    fn check_one_output(&self) -> Result<()> {
        match self.n_outputs() {
            1 => Ok(()),
            n => Err(Error::Model(format!(
                "the network has {n} outputs, but a single quantity is needed: choose it with \
                 margin(class, against), logit(class), neuron(layer, index) or \
                 combination(layer, coefficients)"
            ))),
        }
    }
}

impl Model for Network {
    fn feature_names(&self) -> &[String] {
        &self.feature_names
    }

    fn task(&self) -> Task {
        self.task
    }

    /// As [`outputs`](Self::outputs); refuses a network with several outputs.
    fn latent(&self, points: &[f64]) -> Result<Vec<f64>> {
        self.check_one_output()?;
        self.outputs(points)
    }

    /// Computed by automatic differentiation.
    fn gradients(&self, points: &[f64]) -> Result<Vec<f64>> {
        self.check_one_output()?;
        check_rows(points, self.n_features(), "features")?;
        tensors::gradients(self, points)
    }
}

/// Refuses targets that aren't classes of the network. The data need not hold all of its classes.
fn check_known_classes(data: &Dataset, n_classes: usize) -> Result<()> {
    let is_known = |target: f64| (0.0..n_classes as f64).contains(&target) && target.fract() == 0.0;
    match data.targets().iter().position(|&target| !is_known(target)) {
        None => Ok(()),
        Some(index) => Err(Error::Value(format!(
            "the target of row {} is {}, but the network's classes are 0 to {}",
            index + 1,
            data.targets()[index],
            n_classes - 1
        ))),
    }
}
