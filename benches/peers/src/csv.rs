//! symbolic_regression on a table: its formula of lowest loss, for the comparison of tables.

use crate::arguments::{Arguments, Misuse, Outcome};
use closedform::{Dataset, Task};
use ndarray::{Array1, ArrayView2};
use symbolic_regression::prelude::{
    BuiltinOpsF64, Dataset as Rows, Operators, Options, equation_search,
};

/// The highest arity of its built-in operators, as in its own example.
const ARITY: usize = 3;
/// More than any time limit lets through.
const ENDLESS: usize = 1_000_000_000;

pub fn run(mut arguments: Arguments) -> Outcome {
    let missing = |name: &str| Misuse(format!("{name} is missing"));
    let path: String = arguments.value("--data")?.ok_or_else(|| missing("--data"))?;
    let seconds: f64 = arguments.value("--time-limit")?.unwrap_or(10.0);
    arguments.finish()?;
    let data = Dataset::from_file(&path, "y", Task::Regression)?;
    let shape = (data.n_samples(), data.n_features());
    let points = ArrayView2::from_shape(shape, data.points())?;
    let rows = Rows::new(
        points.t().as_standard_layout().into_owned(),
        Array1::from(data.targets().to_vec()),
    );
    let operators = ["+", "sub", "*", "/", "exp", "log", "sin", "sqrt"];
    let operators: Result<Operators<ARITY>, _> = BuiltinOpsF64::from_names(operators);
    let options = Options::<f64, ARITY> {
        operators: operators.map_err(|error| error.to_string())?,
        niterations: ENDLESS,
        timeout_in_seconds: seconds,
        progress: false,
        ..Default::default()
    };
    let found = equation_search::<_, BuiltinOpsF64, ARITY>(&rows, &options);
    let front = found.hall_of_fame.pareto_front();
    let best = front.last().ok_or("the search found no formula")?;
    println!("{}", best.expr);
    Ok(())
}
