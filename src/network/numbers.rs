//! Every number that steers training, with its reason.
//!
//! What a caller chooses is a field of [`Hyperparameters`], here with the values of the presets.
//! "Measured" refers to the table of recipes in data/README.md.

use super::hyperparameters::{Hyperparameters, Layer, Optimizer, Schedule};
use crate::dataset::Experiment;
use crate::model::Activation;

// What Hyperparameters::check allows. The limits keep slips of the keyboard from taking all memory
// or all day; nothing that is known to help lies beyond them.

/// Without shortcuts between layers, much fewer are the most that can still be trained.
pub(super) const MAX_LAYERS: usize = 64;
/// Two neighbouring layers of this width need more memory than most machines have.
pub(super) const MAX_WIDTH: usize = 65_536;
/// Fifty times the longest training of the paper.
pub(super) const MAX_EPOCHS: usize = 100_000;
/// Weights start below 1: a step of this length forgets them.
pub(super) const MAX_LEARNING_RATE: f64 = 10.0;
/// A penalty of the size of the loss itself leaves no weights.
pub(super) const MAX_L2_PENALTY: f64 = 1.0;
/// libtorch starts as many threads as it is told; hardly any machine has more cores.
pub(super) const MAX_THREADS: usize = 1024;

// Optimizers and schedules.

/// Keras's defaults for RMSProp, with which published networks are trained.
pub(super) const RMSPROP_DECAY: f64 = 0.9;
/// See [`RMSPROP_DECAY`].
pub(super) const RMSPROP_EPSILON: f64 = 1e-7;
/// One-cycle: the share of steps in which the learning rate rises. This and the next two are the
/// defaults of PyTorch's `OneCycleLR`.
pub(super) const ONE_CYCLE_RISE: f64 = 0.3;
/// One-cycle: the peak over the first learning rate.
pub(super) const ONE_CYCLE_START: f64 = 25.0;
/// One-cycle: the peak over the last learning rate, which is a ten-thousandth of the first.
pub(super) const ONE_CYCLE_END: f64 = 1e4 * ONE_CYCLE_START;
/// A neuron whose weights are all 0 has no direction to be scaled along: norms below this, far
/// below any weight that matters in single precision, aren't divided by.
pub(super) const MIN_NORM: f64 = 1e-12;

// Threads and memory.

/// From this many multiplications in a forward pass on, more than one thread is worth it: below,
/// a step is over before a second thread is awake, and threads that wait for each other make a busy
/// machine crawl.
pub(super) const WORTH_THREADS: usize = 30_000_000;
/// Numbers for each thread that libtorch is made to start: twice what it gives to one at least.
pub(super) const SHARED_WORK: i64 = 1 << 16;
/// Rows per evaluation of a trained network: large enough to be fast, small enough for the memory
/// that a wide network takes.
pub(super) const ROWS_AT_ONCE: usize = 4096;

// What a trained network is worth.

/// Into how many pairs of halves the data is split to measure the noise of gradients. One pair may
/// agree by chance; each further pair costs as much as the network itself.
pub(super) const N_SPLITS: u64 = 2;
/// By how many standard errors a network must beat a constant answer: luck does so once in forty
/// times.
pub(super) const STANDARD_ERRORS: f64 = 2.0;

// Tuning a formula's numbers.

/// Steps. With [`TUNING_RATE`] that falls to 0 along a cosine, a number can move by ten times its
/// size, and the last steps are short enough for six digits.
pub(super) const TUNING_STEPS: usize = 2000;
/// The length of the first step, as a share of each number.
pub(super) const TUNING_RATE: f64 = 0.01;

impl Hyperparameters {
    /// A few seconds on two cores, with gradients at least as good as the paper's.
    ///
    /// There are two hidden layers because three, whose directions are as good or better on the
    /// boundary between two classes, gave back fewer boundaries between three (data/README.md).
    pub fn fast() -> Self {
        Self {
            // Measured: SiLU beats ELU, tanh, softplus and ReLU; 32 neurons are worse away from the
            // boundary, and 256 take twice the time for nothing.
            layers: vec![Layer::new(128, Activation::Silu); 2],
            // Measured: 0.2 makes directions up to 300 times worse.
            dropout: 0.0,
            // Measured: 1e-4 and AdamW's decay gain nothing.
            l2_penalty: 0.0,
            constraint: None,
            // Adam's and PyTorch's default.
            optimizer: Optimizer::Adam { epsilon: 1e-8 },
            // Measured: with 1e-3, directions are three to nine times worse in experiments 4 and 5.
            learning_rate: 7e-3,
            // Measured: a constant rate is up to thirteen times worse.
            schedule: Schedule::OneCycle,
            early_stopping: None,
            // Measured: 20 are up to eight times worse, 180 take thrice the time for a third less.
            n_epochs: 60,
            // Measured: 50 take 2.5 times as long and are no better, 1000 are up to six times worse.
            batch_size: 250,
            // Makes no difference where columns are of size 1, as in the experiments; others may
            // have any unit.
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
}
