//! The choices that define a network and its training.

use super::WeightConstraint;
use super::numbers::{
    MAX_EPOCHS, MAX_L2_PENALTY, MAX_LAYERS, MAX_LEARNING_RATE, MAX_WIDTH, WORTH_THREADS,
};
use super::threads::most_threads;
use crate::dataset::Experiment;
use crate::error::{Error, Result};
use crate::model::Activation;
use serde::{Deserialize, Serialize};

/// A hidden layer: the number of neurons and their activation.
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

/// How gradients change the weights.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Optimizer {
    /// Adam.
    Adam {
        /// The constant that keeps the denominator above zero.
        epsilon: f64,
    },
    /// Adam with decoupled weight decay.
    AdamW {
        /// The share of every weight that a step at learning rate 1 would remove.
        weight_decay: f64,
    },
    /// RMSProp (root mean square propagation) with decay 0.9.
    RmsProp,
}

/// How the learning rate changes during training.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Schedule {
    /// The learning rate stays constant.
    Constant,
    /// The learning rate is multiplied by `factor` after `patience` epochs without a lower training
    /// loss.
    Plateau {
        /// Above 0 and below 1.
        factor: f64,
        /// Epochs to wait, at least 1.
        patience: usize,
    },
    /// The learning rate rises to its peak over the first 30 % of all steps and falls to almost 0
    /// over the rest, both along a cosine (Smith & Topin 2017).
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
/// | `early_stopping` | none | 40 epochs | at least 1, epochs without a lower training loss |
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
    /// The hidden layers, in order from the inputs.
    pub layers: Vec<Layer>,
    /// The probability that a hidden neuron is left out of a training step.
    pub dropout: f64,
    /// The factor of the sum of squares of hidden weights and biases that is added to the loss.
    pub l2_penalty: f64,
    /// A bound on every hidden neuron's weights after each training step; none by default.
    #[serde(default)]
    pub constraint: Option<WeightConstraint>,
    /// The optimizer.
    pub optimizer: Optimizer,
    /// The learning rate at the start; with one-cycle, the peak.
    pub learning_rate: f64,
    /// How the learning rate changes.
    pub schedule: Schedule,
    /// Stop after this many epochs without a lower training loss.
    pub early_stopping: Option<usize>,
    /// The maximum number of passes over the training data.
    pub n_epochs: usize,
    /// Rows per training step.
    pub batch_size: usize,
    /// Whether inputs are scaled to mean 0 and variance 1 inside the network.
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
    /// The preset's hyperparameters.
    pub fn hyperparameters(self) -> Hyperparameters {
        match self {
            Self::Fast => Hyperparameters::fast(),
            Self::Paper => Hyperparameters::paper(),
        }
    }

    /// The preset's hyperparameters for a table of `n_rows` training rows; see
    /// [`Hyperparameters::for_rows`]. Those of the paper stay as they are.
    pub fn hyperparameters_for_rows(self, n_rows: usize) -> Hyperparameters {
        match self {
            Self::Fast => Hyperparameters::fast().for_rows(n_rows),
            Self::Paper => Hyperparameters::paper(),
        }
    }

    /// The preset's hyperparameters for one of the experiments; see [`Hyperparameters::paper_for`].
    pub fn hyperparameters_for(self, experiment: Experiment) -> Hyperparameters {
        match self {
            Self::Fast => Hyperparameters::fast(),
            Self::Paper => Hyperparameters::paper_for(experiment),
        }
    }

    /// The name in tables and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Paper => "paper",
        }
    }
}

impl Hyperparameters {
    /// The number of threads for a training step of `n_networks` networks at once: 1 for a small
    /// step, otherwise all that libtorch may use.
    pub(super) fn n_threads(&self, n_features: usize, n_networks: usize) -> i32 {
        if self.is_small(n_features, n_networks) {
            1
        } else {
            most_threads()
        }
    }

    /// Whether one thread is enough for a training step of `n_networks` networks at once.
    pub(super) fn is_small(&self, n_features: usize, n_networks: usize) -> bool {
        self.n_products(n_features).saturating_mul(n_networks) < WORTH_THREADS
    }

    /// Refuses what [`Network::train_together`](crate::Network::train_together) can't do. All its
    /// networks share one learning rate and one end of training. Dropout masks are drawn number by
    /// number, so shared steps would make them no faster.
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

    /// The number of multiplications in a forward pass.
    fn n_products(&self, n_features: usize) -> usize {
        let widths = self.layers.iter().map(|layer| layer.width).chain([1]);
        let products = widths.scan(n_features, |last, width| {
            Some(std::mem::replace(last, width).saturating_mul(width))
        });
        // Saturating, because this is called before widths are checked.
        let sum = products.fold(0, usize::saturating_add);
        sum.saturating_mul(self.batch_size)
    }

    /// Refuses hyperparameters outside their ranges, and batches larger than the training data.
    ///
    /// # Errors
    /// The first hyperparameter that is out of range, with the allowed range.
    pub fn check(&self, n_rows: usize) -> Result<()> {
        let (n_layers, allowed) = (self.layers.len(), format!("at most {MAX_LAYERS} layers"));
        require(n_layers <= MAX_LAYERS, "layers", n_layers, allowed)?;
        for (index, Layer { width, .. }) in self.layers.iter().enumerate() {
            let place = format!("{width} in hidden layer {index}");
            let allowed = format!("between 1 and {MAX_WIDTH}");
            require((1..=MAX_WIDTH).contains(width), "width", place, allowed)?;
        }
        let n_epochs = self.n_epochs;
        let allowed = format!("between 1 and {MAX_EPOCHS}");
        require(
            (1..=MAX_EPOCHS).contains(&n_epochs),
            "n_epochs",
            n_epochs,
            allowed,
        )?;
        let rows = self.batch_size;
        let allowed = format!(
            "between 1 and the number of training rows, {n_rows} \
             (Hyperparameters::batch_size, --batch-size)"
        );
        require((1..=n_rows).contains(&rows), "batch_size", rows, allowed)?;
        let rate = self.learning_rate;
        let allowed = format!("above 0, at most {MAX_LEARNING_RATE}");
        let is_valid = rate > 0.0 && rate <= MAX_LEARNING_RATE;
        require(is_valid, "learning_rate", rate, allowed)?;
        let dropout = self.dropout;
        let is_valid = (0.0..1.0).contains(&dropout);
        require(is_valid, "dropout", dropout, "at least 0 and below 1")?;
        let penalty = self.l2_penalty;
        let allowed = format!("between 0 and {MAX_L2_PENALTY}");
        let is_valid = (0.0..=MAX_L2_PENALTY).contains(&penalty);
        require(is_valid, "l2_penalty", penalty, allowed)?;
        let is_inside = |share: f64| share > 0.0 && share < 1.0;
        let inside = "above 0 and below 1";
        if let Schedule::Plateau { factor, patience } = self.schedule {
            require(is_inside(factor), "the schedule's factor", factor, inside)?;
            let name = "the schedule's patience";
            require(patience > 0, name, patience, "at least 1")?;
        }
        if let Some(patience) = self.early_stopping {
            require(
                patience > 0,
                "early_stopping",
                patience,
                "at least 1, or none",
            )?;
        }
        match self.optimizer {
            Optimizer::Adam { epsilon } => require(
                is_inside(epsilon),
                "the optimizer's epsilon",
                epsilon,
                inside,
            ),
            Optimizer::AdamW { weight_decay } => {
                let is_valid = (0.0..=1.0).contains(&weight_decay);
                let name = "the optimizer's weight_decay";
                require(is_valid, name, weight_decay, "between 0 and 1")
            }
            Optimizer::RmsProp => Ok(()),
        }
    }
}

fn require(
    is_valid: bool,
    name: &'static str,
    value: impl ToString,
    allowed: impl Into<String>,
) -> Result<()> {
    if is_valid {
        Ok(())
    } else {
        Err(Error::parameter(name, value, allowed))
    }
}
