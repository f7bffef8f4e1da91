//! Every choice that shapes a network and its training.

use super::WeightConstraint;
use super::threads::most_threads;
use crate::dataset::Experiment;
use crate::error::{Error, Result};
use crate::model::Activation;
use serde::{Deserialize, Serialize};

/// A forward pass of as many multiplications is worth more than one thread.
const WORTH_THREADS: usize = 30_000_000;

/// A hidden layer: how many neurons, and their activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// The number of neurons.
    pub width: usize,
    /// Their activation.
    pub activation: Activation,
}

impl Layer {
    /// A hidden layer of `width` neurons.
    pub fn new(width: usize, activation: Activation) -> Self {
        Self { width, activation }
    }
}

/// How weights follow from gradients.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Optimizer {
    /// Adam, with the constant that keeps its denominator above zero.
    Adam {
        /// That constant.
        epsilon: f64,
    },
    /// Adam with decoupled weight decay.
    AdamW {
        /// The share of every weight that a step of learning rate 1 would take away.
        weight_decay: f64,
    },
    /// Root mean square propagation, decay 0.9.
    RmsProp,
}

/// How the learning rate changes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Schedule {
    /// It doesn't.
    Constant,
    /// It is multiplied by `factor` after `patience` epochs without a lower training loss.
    Plateau {
        /// Between 0 and 1.
        factor: f64,
        /// Epochs to wait.
        patience: usize,
    },
    /// It rises to its peak over the first 30 % of all steps and falls to nothing over the rest,
    /// both along a cosine (Smith & Topin 2017).
    OneCycle,
}

/// Hyperparameters of a multilayer perceptron.
///
/// | field | `fast` | `paper` | range |
/// |---|---|---|---|
/// | `layers` | 2 x 128 SiLU | 2 x 1000 ELU | 0 to 64 layers, 1 to 65 536 neurons each |
/// | `dropout` | 0 | 0.2 | 0 to below 1, after each hidden layer |
/// | `l2_penalty` | 0 | 1e-4 | 0 to 1, on hidden weights and biases |
/// | `constraint` | none | none | on each hidden neuron's weights, bias included |
/// | `optimizer` | Adam, epsilon 1e-8 | Adam, epsilon 1e-7 | |
/// | `learning_rate` | 7e-3 | 1e-3 | above 0, at most 10; the peak, for one-cycle |
/// | `schedule` | one-cycle | halved after 20 epochs | |
/// | `early_stopping` | none | 40 epochs | epochs without a lower training loss |
/// | `n_epochs` | 60 | 2000 | 1 to 100 000 |
/// | `batch_size` | 250 | 100 | 1 to the number of training rows |
/// | `standardize` | yes | no | inputs to mean 0 and variance 1 inside the network |
///
/// Weights start Glorot-uniform, biases at 0.
///
/// ```
/// use closedform::{Activation, Hyperparameters, Layer};
///
/// let hyperparameters = Hyperparameters {
///     layers: vec![Layer::new(64, Activation::Tanh)],
///     n_epochs: 20,
///     ..Hyperparameters::fast()
/// };
/// assert_eq!(hyperparameters.batch_size, 250);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hyperparameters {
    /// The hidden layers, from the inputs on.
    pub layers: Vec<Layer>,
    /// The chance that a hidden neuron is left out of a training step.
    pub dropout: f64,
    /// Factor of the sum of squares of hidden weights and biases, added to the loss.
    pub l2_penalty: f64,
    /// What holds for every hidden neuron's weights after each training step, if anything.
    #[serde(default)]
    pub constraint: Option<WeightConstraint>,
    /// The optimizer.
    pub optimizer: Optimizer,
    /// The learning rate at the start, or the peak of one-cycle.
    pub learning_rate: f64,
    /// How the learning rate changes.
    pub schedule: Schedule,
    /// Stop after so many epochs without a lower training loss.
    pub early_stopping: Option<usize>,
    /// The number of passes over the training data, at most.
    pub n_epochs: usize,
    /// Rows per training step.
    pub batch_size: usize,
    /// Whether inputs are brought to mean 0 and variance 1 inside the network.
    pub standardize: bool,
}

/// Named hyperparameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// [`Hyperparameters::fast`].
    Fast,
    /// [`Hyperparameters::paper`].
    Paper,
}

impl Preset {
    /// The hyperparameters behind the name.
    pub fn hyperparameters(self) -> Hyperparameters {
        match self {
            Self::Fast => Hyperparameters::fast(),
            Self::Paper => Hyperparameters::paper(),
        }
    }

    /// Those for one of the experiments, see [`Hyperparameters::paper_for`].
    pub fn hyperparameters_for(self, experiment: Experiment) -> Hyperparameters {
        match self {
            Self::Fast => Hyperparameters::fast(),
            Self::Paper => Hyperparameters::paper_for(experiment),
        }
    }

    /// The name, as it stands in tables and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Paper => "paper",
        }
    }
}

impl Hyperparameters {
    /// A few seconds on two cores, with gradients at least as good as the paper's.
    ///
    /// There are two hidden layers because three, whose directions are as good or better on the
    /// boundary between two classes, gave back fewer boundaries between three (data/README.md).
    pub fn fast() -> Self {
        Self {
            layers: vec![Layer::new(128, Activation::Silu); 2],
            dropout: 0.0,
            l2_penalty: 0.0,
            constraint: None,
            optimizer: Optimizer::Adam { epsilon: 1e-8 },
            learning_rate: 7e-3,
            schedule: Schedule::OneCycle,
            early_stopping: None,
            n_epochs: 60,
            batch_size: 250,
            standardize: true,
        }
    }

    /// Exactly the network and training of Wetzel (2024), section 3.3.1 and published scripts.
    ///
    /// Experiments 7 and 8 wait longer: see [`paper_for`](Self::paper_for).
    pub fn paper() -> Self {
        Self {
            layers: vec![Layer::new(1000, Activation::Elu); 2],
            dropout: 0.2,
            l2_penalty: 1e-4,
            constraint: None,
            optimizer: Optimizer::Adam { epsilon: 1e-7 },
            learning_rate: 1e-3,
            schedule: Schedule::Plateau {
                factor: 0.5,
                patience: 20,
            },
            early_stopping: Some(40),
            n_epochs: 2000,
            batch_size: 100,
            standardize: false,
        }
    }

    /// The paper's settings for one of its experiments: 7 and 8 wait 200 epochs before the
    /// learning rate is halved and 400 before training stops.
    pub fn paper_for(experiment: Experiment) -> Self {
        match experiment.number() {
            7 | 8 => Self {
                schedule: Schedule::Plateau {
                    factor: 0.5,
                    patience: 200,
                },
                early_stopping: Some(400),
                ..Self::paper()
            },
            _ => Self::paper(),
        }
    }

    /// The threads that a training step of so many networks at once is worth.
    ///
    /// Steps of a small network are over before a second thread is awake, and threads that wait
    /// for each other make a busy machine crawl; a large one gets all that libtorch may use.
    pub(super) fn n_threads(&self, n_features: usize, n_networks: usize) -> i32 {
        let products = self.n_products(n_features).saturating_mul(n_networks);
        if products < WORTH_THREADS {
            1
        } else {
            most_threads()
        }
    }

    /// Whether one thread is enough.
    pub(crate) fn is_small(&self, n_features: usize) -> bool {
        self.n_products(n_features) < WORTH_THREADS
    }

    /// Refuses what [`Network::train_together`](crate::Network::train_together) can't do: one
    /// learning rate and one end serve all networks, and masks of dropout, drawn number by number,
    /// would take longer than all the steps.
    pub(super) fn check_together(&self) -> Result<()> {
        if self.dropout > 0.0 {
            let allowed = "0 for networks trained together";
            return Err(Error::parameter("dropout", self.dropout, allowed));
        }
        if let Schedule::Plateau { .. } = self.schedule {
            let allowed = "constant or one-cycle for networks trained together";
            return Err(Error::parameter("the schedule", "plateau", allowed));
        }
        match self.early_stopping {
            Some(patience) => {
                let allowed = "none for networks trained together";
                Err(Error::parameter("early_stopping", patience, allowed))
            }
            None => Ok(()),
        }
    }

    /// The multiplications of a forward pass.
    fn n_products(&self, n_features: usize) -> usize {
        let widths = self.layers.iter().map(|layer| layer.width).chain([1]);
        let products = widths.scan(n_features, |last, width| {
            Some(std::mem::replace(last, width).saturating_mul(width))
        });
        products.sum::<usize>().saturating_mul(self.batch_size)
    }

    /// Refuses hyperparameters outside their ranges, and batches larger than the training data.
    ///
    /// # Errors
    /// The first hyperparameter that is refused, with what is allowed.
    pub fn check(&self, n_rows: usize) -> Result<()> {
        let in_range = |name, value: f64, valid: bool, allowed: &str| {
            if valid {
                Ok(())
            } else {
                Err(Error::parameter(name, value, allowed))
            }
        };
        if self.layers.len() > 64 {
            return Err(Error::parameter(
                "layers",
                self.layers.len(),
                "at most 64 layers",
            ));
        }
        if let Some(layer) = self
            .layers
            .iter()
            .find(|l| !(1..=65_536).contains(&l.width))
        {
            return Err(Error::parameter(
                "width",
                layer.width,
                "between 1 and 65536",
            ));
        }
        if !(1..=100_000).contains(&self.n_epochs) {
            return Err(Error::parameter(
                "n_epochs",
                self.n_epochs,
                "between 1 and 100000",
            ));
        }
        if self.batch_size == 0 || self.batch_size > n_rows {
            let allowed =
                format!("between 1 and the number of training rows, {n_rows} (--batch-size)");
            return Err(Error::parameter("batch_size", self.batch_size, allowed));
        }
        let rate = self.learning_rate;
        in_range(
            "learning_rate",
            rate,
            rate > 0.0 && rate <= 10.0,
            "above 0, at most 10",
        )?;
        let dropout = self.dropout;
        in_range(
            "dropout",
            dropout,
            (0.0..1.0).contains(&dropout),
            "at least 0 and below 1",
        )?;
        let penalty = self.l2_penalty;
        in_range(
            "l2_penalty",
            penalty,
            (0.0..=1.0).contains(&penalty),
            "between 0 and 1",
        )?;
        if let Schedule::Plateau { factor, .. } = self.schedule {
            in_range(
                "factor",
                factor,
                factor > 0.0 && factor < 1.0,
                "between 0 and 1",
            )?;
        }
        match self.optimizer {
            Optimizer::Adam { epsilon } => in_range(
                "epsilon",
                epsilon,
                epsilon > 0.0 && epsilon < 1.0,
                "between 0 and 1",
            ),
            Optimizer::AdamW { weight_decay } => {
                let valid = (0.0..=1.0).contains(&weight_decay);
                in_range("weight_decay", weight_decay, valid, "between 0 and 1")
            }
            Optimizer::RmsProp => Ok(()),
        }
    }
}
