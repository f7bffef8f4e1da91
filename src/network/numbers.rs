//! Every number that steers training, with its reason.
//!
//! What a caller chooses is a field of `Hyperparameters`; `presets` has its values.
//! "Measured" refers to the table of recipes in data/README.md.

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
