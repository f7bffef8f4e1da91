//! All figures of an interpretation.

use super::{
    Figure, coverage_figure, decision_figure, latent_figure, pareto_figure, training_figure,
};
use crate::dataset::{Dataset, Task};
use crate::error::Result;
use crate::interpretation::Interpreted;
use crate::model::Model;

/// Draws all figures of a run, each with what it shows, in a sentence.
///
/// Points and boundary where there are two features to draw, where the formula holds, how the
/// latent model follows from it, the front, and the training where the network was trained for the
/// run. `training` and `fresh` are the rows that the run was given.
///
/// # Errors
/// Data with other features than the model.
pub fn interpretation_figures<M: Model>(
    run: &Interpreted<M>,
    training: &Dataset,
    fresh: &Dataset,
) -> Result<Vec<(&'static str, Figure)>> {
    let model = &run.model;
    let formula = &run.interpretation.candidate().expression;
    let is_map = model.n_features() == 2 && model.is_known_everywhere();
    let mut figures = Vec::new();
    if is_map && model.task() == Task::Classification {
        figures.push((
            "Points by class, the model's boundary, and the directions of its gradients.",
            decision_figure(model, training, &run.directions)?,
        ));
    }
    figures.push((
        "Where the formula's gradients point where the model's do.",
        coverage_figure(model, formula, fresh, None)?,
    ));
    let rows = fresh.points().chunks_exact(fresh.n_features());
    let values: Vec<f64> = rows.map(|row| formula.value(row)).collect();
    let latent = model.latent(fresh.points())?;
    figures.push((
        "The model over the formula, on rows that nothing was fitted to: a thin rising or falling \
         curve means that both hold the same information.",
        latent_figure(&values, &latent, &run.interpretation.formula())?,
    ));
    figures.push((
        "Every formula of the search: what it misses over how long it is.",
        pareto_figure(&run.found.front)?,
    ));
    if let Some(history) = &run.history {
        figures.push((
            "The network's loss, epoch by epoch.",
            training_figure(history)?,
        ));
    }
    Ok(figures)
}
