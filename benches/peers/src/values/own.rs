//! The side of closedform, with its default settings but for what the task says.

use super::{Task, values};
use crate::arguments::Outcome;
use closedform::{Objective, SearchOptions, ValueObjective, progress, search_for};

/// More than any time limit lets through.
const ENDLESS: usize = 1_000_000;

pub fn predict(task: &Task) -> Outcome<Vec<f64>> {
    let objective = ValueObjective::new(
        task.feature_names.clone(),
        task.points.clone(),
        task.values.clone(),
    )?;
    let options = SearchOptions {
        operators: task.operators.clone(),
        n_generations: ENDLESS,
        time_limit: Some(task.time_limit),
        seed: task.seed,
        ..Default::default()
    };
    let found = search_for(&objective as &dyn Objective, &options, progress::silent)?;
    let best = found.front.best().ok_or("the search found no formula")?;
    Ok(values(
        &best.expression,
        &task.fresh,
        task.feature_names.len(),
    ))
}
