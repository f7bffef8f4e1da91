//! Networks: multilayer perceptrons trained with libtorch, kept as plain numbers.
//!
//! `tch` is used in this folder only. A [`Network`] itself owns its weights as `f64`, so it can
//! be copied, saved and sent between threads; tensors live for the length of a call.

mod boundary;
mod constraint;
mod device;
mod file;
mod hyperparameters;
mod import;
mod learned;
mod optimizer;
mod parameters;
mod read_out;
mod scaling;
mod scripted;
mod session;
mod tensors;
mod together;
mod training;

pub use constraint::WeightConstraint;
pub use device::Device;
pub use hyperparameters::{Hyperparameters, Layer, Optimizer, Preset, Schedule};
pub use import::{
    DescribedLayer, ImportOptions, ImportedNetwork, NetworkDescription, Standardization,
};
pub use scripted::ScriptedNetwork;
pub use training::{Epoch, TrainingHistory, TrainingOptions};

use crate::activation::{Activation, sigmoid};
use crate::dataset::{Dataset, Task, check_rows, classes::decide};
use crate::error::{Error, Result};
use crate::gradients::Directions;

/// A dense layer: `activation(x W + b)`.
///
/// Shapes: `weights` is `(n_inputs, n_outputs)`, row after row; `biases` is `(n_outputs,)`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dense {
    pub activation: Activation,
    pub weights: Vec<f64>,
    pub biases: Vec<f64>,
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
/// With one output, as regressors and classifiers of two classes have, its *latent model* is the
/// output without the final sigmoid: the logit of a classifier, the prediction itself of a
/// regressor. A classifier of more classes has one logit for each; the quantities inside of it are
/// networks with one output themselves: [`margin`](Self::margin), [`logit`](Self::logit),
/// [`neuron`](Self::neuron) and [`combination`](Self::combination).
///
/// Inputs and gradients are in the data's own units, whatever standardization training used.
///
/// ```no_run
/// use closedform::{Experiment, Network, TrainingOptions, progress};
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
    /// The features' names, in input order.
    pub fn feature_names(&self) -> &[String] {
        &self.feature_names
    }

    pub(crate) fn layers(&self) -> &[Dense] {
        &self.layers
    }

    /// The number of inputs.
    pub fn n_features(&self) -> usize {
        self.feature_names.len()
    }

    /// What the network was trained for.
    pub fn task(&self) -> Task {
        self.task
    }

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

    /// The outputs at points `(n_samples, n_features)` as the last layer gives them, logits for a
    /// classifier: `(n_samples, n_outputs)`.
    ///
    /// # Errors
    /// Points that aren't rows of as many features as the network has.
    pub fn outputs(&self, points: &[f64]) -> Result<Vec<f64>> {
        check_rows(points, self.n_features(), "features")?;
        tensors::outputs(self, points)
    }

    /// The latent model at points `(n_samples, n_features)`: `(n_samples,)`.
    ///
    /// # Errors
    /// As for [`outputs`](Self::outputs), and a network with several outputs.
    pub fn latent(&self, points: &[f64]) -> Result<Vec<f64>> {
        self.check_one_output()?;
        self.outputs(points)
    }

    /// The network's output at points `(n_samples, n_features)`: the probability of class 1 for a
    /// classifier, the prediction for a regressor; `(n_samples,)`.
    ///
    /// # Errors
    /// As for [`latent`](Self::latent).
    pub fn predict(&self, points: &[f64]) -> Result<Vec<f64>> {
        let latent = self.latent(points)?;
        Ok(match self.task {
            Task::Classification => latent.into_iter().map(sigmoid).collect(),
            Task::Regression => latent,
        })
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

    /// The gradients of the latent model with respect to the inputs, by automatic
    /// differentiation: `(n_samples, n_features)`, in the data's units.
    ///
    /// # Errors
    /// As for [`latent`](Self::latent).
    pub fn gradients(&self, points: &[f64]) -> Result<Vec<f64>> {
        self.check_one_output()?;
        check_rows(points, self.n_features(), "features")?;
        tensors::gradients(self, points)
    }

    /// The directions of the latent model's gradients at the points whose output lies within
    /// `[delta, 1 - delta]` (Wetzel 2024, algorithm 1.2; the paper's `delta` is 1e-4).
    ///
    /// Where the sigmoid is saturated, training has not shaped the latent model. A regressor has
    /// no sigmoid: all points are kept.
    ///
    /// # Errors
    /// A `delta` outside 0 to 0.5, points of another shape, or no points left.
    pub fn directions(&self, points: &[f64], delta: f64) -> Result<Directions> {
        let kept = self.band(points, delta)?;
        let gradients = self.gradients(&kept)?;
        Directions::from_gradients(self.feature_names.clone(), kept, gradients)
    }

    /// The points whose output lies within `[delta, 1 - delta]`; for a regressor all.
    fn band(&self, points: &[f64], delta: f64) -> Result<Vec<f64>> {
        if !(0.0..0.5).contains(&delta) {
            return Err(Error::parameter("delta", delta, "at least 0 and below 0.5"));
        }
        let outputs = self.predict(points)?;
        let is_kept =
            |output: f64| self.task == Task::Regression || (delta..=1.0 - delta).contains(&output);
        let kept: Vec<f64> = points
            .chunks_exact(self.n_features())
            .zip(&outputs)
            .filter(|(_, output)| is_kept(**output))
            .flat_map(|(point, _)| point.iter().copied())
            .collect();
        match kept.is_empty() {
            true => Err(Error::Nothing(format!(
                "none of {} points has an output between {delta} and {}: the network is saturated \
                 everywhere; use a smaller delta, or train with fewer epochs or more weight decay",
                outputs.len(),
                1.0 - delta
            ))),
            false => Ok(kept),
        }
    }

    /// The share of rows whose class the network predicts, in [0, 1].
    ///
    /// # Errors
    /// Data of another number of features than the network has, targets that aren't its classes,
    /// or a network that isn't a classifier.
    pub fn accuracy(&self, data: &Dataset) -> Result<f64> {
        let hits = self.hits(data)?;
        Ok(hits.iter().filter(|hit| **hit).count() as f64 / hits.len() as f64)
    }

    /// Whether each row's class is predicted, `(n_samples,)`.
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
            return Err(Error::Data(format!(
                "the data has {} features, but the network {}",
                data.n_features(),
                self.n_features()
            )));
        }
        Ok(())
    }

    fn check_classifier(&self) -> Result<()> {
        match self.task {
            Task::Classification => Ok(()),
            Task::Regression => Err(Error::Data(
                "the network predicts a number; only a classifier has classes".into(),
            )),
        }
    }

    fn check_one_output(&self) -> Result<()> {
        match self.n_outputs() {
            1 => Ok(()),
            n => Err(Error::Data(format!(
                "the network has {n} outputs, but one quantity is needed: choose it by \
                 margin(class, against), logit(class), neuron(layer, index) or \
                 combination(layer, coefficients)"
            ))),
        }
    }
}

/// Refuses targets that are no classes of a network, in data that need not hold all of them.
fn check_known_classes(data: &Dataset, n_classes: usize) -> Result<()> {
    let is_known = |target: f64| (0.0..n_classes as f64).contains(&target) && target.fract() == 0.0;
    match data.targets().iter().position(|&target| !is_known(target)) {
        None => Ok(()),
        Some(index) => Err(Error::Data(format!(
            "the target of row {} is {}, but the network's classes are 0 to {}",
            index + 1,
            data.targets()[index],
            n_classes - 1
        ))),
    }
}
