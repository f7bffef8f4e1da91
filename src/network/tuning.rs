//! Tuning a formula's numbers on data by gradient descent.

use super::numbers::{TUNING_RATE, TUNING_STEPS};
use super::tensor_formula::TensorFormula;
use super::threads::start_threads;
use crate::dataset::{Dataset, Task};
use crate::error::{Error, Result};
use crate::formula::Expression;
use crate::interrupt;
use std::f64::consts::PI;
use std::ops::ControlFlow;
use tch::nn::OptimizerConfig;
use tch::{Device, Reduction, Tensor, nn};

/// Options for tuning a formula.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TuneOptions {
    /// Squared error for regression, logistic loss for classification; regression by default.
    pub task: Task,
    /// Steps over all rows, at least 1; 2000 by default.
    pub n_steps: usize,
    /// How far the first step moves a number, relative to its size; above 0, 0.01 by default. The
    /// rate falls to 0 along a cosine.
    pub learning_rate: f64,
}

impl Default for TuneOptions {
    fn default() -> Self {
        Self {
            task: Task::Regression,
            n_steps: TUNING_STEPS,
            learning_rate: TUNING_RATE,
        }
    }
}

/// One step over all rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TuningStep {
    /// Counted from 1.
    pub number: usize,
    /// The number of planned steps.
    pub n_steps: usize,
    /// The loss before the step.
    pub loss: f64,
}

impl std::fmt::Display for TuningStep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (number, all) = (self.number, self.n_steps);
        write!(f, "step {number} of {all}: loss {:.4e}", self.loss)
    }
}

/// A formula whose numbers were tuned.
#[derive(Debug, Clone, PartialEq)]
pub struct Tuned {
    /// The formula with the numbers that had the lowest loss on the way.
    pub expression: Expression,
    /// That loss: the mean squared error, or the mean logistic loss.
    pub loss: f64,
    /// The loss of the formula before tuning.
    pub loss_before: f64,
}

/// Tunes all numbers of a formula on data by Adam, except the exponents of integer powers.
///
/// For classification the formula is the logit, positive for class 1: for a rule `T > t`, pass
/// `T - t`. The same call gives the same numbers. `monitor` is called before every step and may end
/// the tuning there.
///
/// [`polish`](crate::interpretation::polish) fits the few numbers of an interpretation's rule to a
/// minimum of the loss. This function takes a fixed number of steps downhill, for any formula with
/// any number of constants.
///
/// ```
/// use closedform::{Dataset, Expression, progress};
/// use closedform::network::{TuneOptions, tune};
///
/// let data = Dataset::from_function(&[(-1.0, 1.0), (-1.0, 1.0)], 200, 0, |x| x[0] + 3.0 * x[1])?;
/// let rough = Expression::parse("1.1*x1 + 2.5*x2", &[])?;
/// let tuned = tune(&rough, &data, &TuneOptions::default(), progress::silent)?;
/// assert!((tuned.expression.value(&[0.0, 1.0]) - 3.0).abs() < 1e-3);
/// # Ok::<(), closedform::Error>(())
/// ```
///
/// # Errors
/// Options outside their ranges, a formula without numbers, user-defined operators, variables
/// beyond the data's features, a number of classes other than two, or a loss that isn't finite.
pub fn tune(
    expression: &Expression,
    data: &Dataset,
    options: &TuneOptions,
    monitor: impl FnMut(&TuningStep) -> ControlFlow<()>,
) -> Result<Tuned> {
    let mut monitor = interrupt::heed(monitor);
    check(options)?;
    if options.task == Task::Classification {
        data.check_two_classes()?;
    }
    // With several threads, the order in which rows are summed would depend on their number.
    start_threads(1)?;
    let store = nn::VarStore::new(Device::Cpu);
    let formula = TensorFormula::new(expression, data.n_features(), &store)?;
    let parameters = store.trainable_variables();
    if parameters.is_empty() {
        return Err(Error::Unusable(format!(
            "the formula {expression} has no numbers to tune"
        )));
    }
    let sizes = sizes(&parameters)?;
    let mut optimizer = nn::Adam::default().build(&store, options.learning_rate)?;
    let points = Tensor::f_from_slice(data.points())?.f_view([-1, data.n_features() as i64])?;
    let targets = Tensor::f_from_slice(data.targets())?;
    let loss_of_now = || loss(&formula.values(&points)?, &targets, options.task);
    let mut best: Option<Tuned> = None;
    // One evaluation more than there are steps: it is for the result of the last step.
    for index in 0..=options.n_steps {
        let tensor = loss_of_now()?;
        let loss = tensor.f_double_value(&[])?;
        if !loss.is_finite() {
            break;
        }
        let loss_before = best.as_ref().map_or(loss, |best| best.loss_before);
        if best.as_ref().is_none_or(|best| loss < best.loss) {
            best = Some(Tuned {
                expression: formula.to_expression()?,
                loss,
                loss_before,
            });
        }
        let step = TuningStep {
            number: index + 1,
            n_steps: options.n_steps,
            loss,
        };
        if index == options.n_steps || monitor(&step).is_break() {
            break;
        }
        let share = (1.0 + (PI * index as f64 / options.n_steps as f64).cos()) / 2.0;
        for (parameter, size) in sizes.iter().enumerate() {
            optimizer.set_lr_group(parameter, options.learning_rate * share * size);
        }
        optimizer.zero_grad();
        tensor.f_backward()?;
        optimizer.step();
    }
    best.ok_or_else(|| {
        Error::Unusable(format!(
            "the formula {expression} isn't finite on all rows of the data, so it \
             can't be tuned on them"
        ))
    })
}

/// The unit in which each number moves: its own size, or 1 if it is 0.
fn sizes(parameters: &[Tensor]) -> Result<Vec<f64>> {
    let values = parameters.iter().map(|tensor| tensor.f_double_value(&[]));
    let sizes = values.map(|value| match value?.abs() {
        0.0 => Ok(1.0),
        size => Ok(size),
    });
    sizes.collect()
}

fn check(options: &TuneOptions) -> Result<()> {
    if options.n_steps == 0 {
        return Err(Error::parameter("n_steps", 0, "at least 1"));
    }
    let rate = options.learning_rate;
    if rate.is_finite() && rate > 0.0 {
        Ok(())
    } else {
        Err(Error::parameter("learning_rate", rate, "above 0"))
    }
}

fn loss(values: &Tensor, targets: &Tensor, task: Task) -> Result<Tensor> {
    Ok(match task {
        Task::Regression => values.f_mse_loss(targets, Reduction::Mean)?,
        Task::Classification => values.f_binary_cross_entropy_with_logits::<Tensor>(
            targets,
            None,
            None,
            Reduction::Mean,
        )?,
    })
}
