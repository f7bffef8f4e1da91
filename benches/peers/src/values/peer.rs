//! The side of symbolic_regression, with its default settings but for what the task says.

use super::Task;
use crate::arguments::Outcome;
use ndarray::{Array1, Array2, ArrayView2};
use symbolic_regression::prelude::{
    BuiltinOpsF64, Dataset, EvalOptions, Operators, Options, equation_search, eval_tree_array,
};
use symbolic_regression::{EarlyStop, OperatorSelectError};

/// The highest arity of its built-in operators, as in its own example.
const ARITY: usize = 3;
/// More than any time limit lets through.
const ENDLESS: usize = 1_000_000_000;

pub fn predict(task: &Task) -> Outcome<Vec<f64>> {
    let dataset = Dataset::new(
        columns(task, &task.points)?,
        Array1::from(task.values.clone()),
    );
    let options = Options::<f64, ARITY> {
        operators: operators(task).map_err(|error| error.to_string())?,
        niterations: ENDLESS,
        timeout_in_seconds: task.time_limit.as_secs_f64(),
        early_stop_condition: Some(EarlyStop::below(task.exact_loss)),
        seed: task.seed,
        progress: false,
        ..Default::default()
    };
    let found = equation_search::<_, BuiltinOpsF64, ARITY>(&dataset, &options);
    // Its front ends with the lowest loss: the best chance to be exact.
    let front = found.hall_of_fame.pareto_front();
    let best = front.last().ok_or("the search found no formula")?;
    let fresh = columns(task, &task.fresh)?;
    let (values, _) = eval_tree_array::<f64, BuiltinOpsF64, ARITY>(
        &best.expr,
        fresh.view(),
        &EvalOptions {
            check_finite: false,
            early_exit: false,
        },
    );
    Ok(values)
}

/// `(n_features, n_samples)`, one feature after the other.
fn columns(task: &Task, points: &[f64]) -> Outcome<Array2<f64>> {
    let n_features = task.feature_names.len();
    let rows = ArrayView2::from_shape((points.len() / n_features, n_features), points)?;
    Ok(rows.t().as_standard_layout().into_owned())
}

fn operators(task: &Task) -> Result<Operators<ARITY>, OperatorSelectError> {
    let names = task.operators.iter().map(|operator| match operator.name() {
        // Its "-" may also be the sign.
        "-" => "sub",
        name => name,
    });
    BuiltinOpsF64::from_names(names)
}
