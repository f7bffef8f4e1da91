//! The side of closedform, with its default settings but for what the task says.

use super::{Task, values};
use crate::arguments::Outcome;
use closedform::{Points, SearchOptions, ValueObjective, progress, search_for};

/// More than any time limit lets through.
const ENDLESS: usize = 1_000_000;
/// The peer's 30 nodes, in a measure that counts 3 for a number and 5 for a function.
const MAX_COMPLEXITY: usize = 60;

pub fn predict(task: &Task) -> Outcome<Vec<f64>> {
    let points = Points::new(&task.feature_names, &task.points[..])?;
    let objective = ValueObjective::new(&points, task.values.clone())?;
    let options = SearchOptions {
        operators: task.operators.clone(),
        max_complexity: Some(MAX_COMPLEXITY),
        n_generations: ENDLESS,
        time_limit: Some(task.time_limit),
        seed: task.seed,
        ..Default::default()
    };
    let found = search_for(&objective, &options, progress::silent)?;
    let best = found.front.best().ok_or("the search found no formula")?;
    Ok(values(
        &best.expression,
        &task.fresh,
        task.feature_names.len(),
    ))
}
