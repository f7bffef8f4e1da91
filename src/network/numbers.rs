//! Every number that steers training, with its reason.
//!
//! What a caller chooses is a field of `Hyperparameters`; `presets` has its values.
//! "Measured" refers to the table of recipes in data/README.md.

// The ranges that Hyperparameters::check allows. They keep a typing error from using all memory or
// running all day; no useful value is known to lie outside them.

/// Without skip connections, networks far shallower than this already fail to train.
pub(super) const MAX_LAYERS: usize = 64;
/// Two neighbouring layers of this width need more memory than most machines have.
pub(super) const MAX_WIDTH: usize = 65_536;
/// Fifty times the longest training of the paper.
pub(super) const MAX_EPOCHS: usize = 100_000;
/// Initial weights are below 1; a step this long overwrites them.
pub(super) const MAX_LEARNING_RATE: f64 = 10.0;
/// A penalty as large as the loss itself drives all weights to 0.
pub(super) const MAX_L2_PENALTY: f64 = 1.0;
/// libtorch starts as many threads as it is told to; hardly any machine has more cores.
pub(super) const MAX_THREADS: usize = 1024;

// Optimizers and schedules.

/// Keras's defaults for RMSProp, which many published networks were trained with.
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
/// A neuron whose weights are all 0 can't be rescaled. Norms below this aren't divided by; it is
/// far below any weight that matters in single precision.
pub(super) const MIN_NORM: f64 = 1e-12;

/// The least number of training steps on a small table. Measured on 45 tables that R packages ship:
/// with the 60 to 180 steps of 60 epochs, networks on small tables may be unfinished (the R^2 on
/// fresh rows is lower by up to 0.4). With 2000, the mean changes by less than 0.01.
pub(super) const MIN_STEPS: usize = 600;

// Noise.

/// The L2 penalties that are tried if a network fits noise. Measured on the same tables: of them,
/// the one chosen by cross-fitting gives the best fresh R^2 or accuracy of all penalties from 1e-4
/// to 0.3, up to 0.02 in the mean. A finer ladder takes longer and isn't better.
pub(super) const PENALTIES: [f64; 3] = [1e-3, 1e-2, 1e-1];
/// A network fits noise if its loss on rows that it wasn't trained on exceeds its training loss by
/// this share of a constant's loss. With less, networks of exact data would be trained again and
/// again; with more, they would follow what noise is left.
pub(super) const OVERFIT: f64 = 0.05;

// Threads and memory.

/// The number of multiplications in a forward pass above which several threads are faster. Below
/// it, a step is over before a second thread wakes up, and threads that wait for each other slow
/// down a busy machine.
pub(super) const WORTH_THREADS: usize = 30_000_000;
/// Numbers of work for each thread that libtorch is to start: twice the least that it gives to one
/// thread.
pub(super) const SHARED_WORK: i64 = 1 << 16;
/// Rows per evaluation of a trained network. The number is large enough to be fast, and small
/// enough for the memory that a wide network needs.
pub(super) const ROWS_AT_ONCE: usize = 4096;

// Judging a trained network.

/// The number of random splits into halves that measure the noise of gradients. The networks of one
/// split may agree by chance; each further split costs as much as training the network itself.
pub(super) const N_SPLITS: u64 = 2;
/// With fewer fresh rows than this, a certificate's scores come from a cross-validation. With 100 rows,
/// the standard error of an accuracy of 0.8 is 0.04. With half of them it is 0.06, which is more than
/// networks and formulas usually differ by; twice as many would train networks where they aren't needed.
pub(super) const FEW_FRESH_ROWS: usize = 100;
/// The number of folds of that cross-validation. With fewer, networks see too few of the rows; each
/// further one costs another training.
pub(super) const N_FOLDS: usize = 5;
/// The number of standard errors by which a network must beat a constant answer, or by which its
/// rank correlation with the targets must exceed 0. Chance alone does so once in forty times.
pub(super) const STANDARD_ERRORS: f64 = 2.0;

// Tuning a formula's numbers.

/// The number of steps. With [`TUNING_RATE`] falling to 0 along a cosine, a number can move by ten
/// times its size, and the last steps are short enough for six digits.
pub(super) const TUNING_STEPS: usize = 2000;
/// The length of the first step, relative to each number.
pub(super) const TUNING_RATE: f64 = 0.01;
