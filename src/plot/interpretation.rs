//! All figures of an interpretation.

use super::{
    Figure, coverage_figure, decision_figure, latent_figure, pareto_figure, residual_figure,
    rest_figure, training_figure,
};
use crate::dataset::{Dataset, Task};
use crate::error::Result;
use crate::interpretation::Interpreted;
use crate::model::Model;

/// Draws all figures of a run, each with a sentence that says what it shows.
///
/// The figures are: the points and the boundary, if there are two features; where the formula
/// holds; how the latent model depends on the formula; the columns that explain what it leaves of
/// the model, if some do; what it leaves of a regressor's targets; the Pareto front; and the training, if the
/// network was trained in the run. `training` and `fresh` are the rows that the run was given.
///
/// # Errors
/// If the data have other features than the model.
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
        "Where the formula's gradients point in the same direction as the model's.",
        coverage_figure(model, formula, fresh, None)?,
    ));
    let rows = fresh.points().rows();
    let values: Vec<f64> = rows.map(|row| formula.value(row)).collect();
    let latent = model.latent(fresh.points())?;
    figures.push((
        "The model's output against the formula, on held-out rows: a thin rising or falling curve \
         means that both hold the same information.",
        latent_figure(&values, &latent, &run.interpretation.formula())?,
    ));
    let certificate = run.interpretation.certificate();
    if !certificate.rest.is_empty() {
        figures.push((
            "What the formula leaves of the model, and the columns that explain it.",
            rest_figure(&certificate.rest)?,
        ));
    }
    if model.task() == Task::Regression {
        let predicted = run.interpretation.predictions(fresh).into_iter();
        let defined = predicted
            .zip(fresh.targets())
            .filter(|(p, _)| p.is_finite());
        let (predicted, truth): (Vec<f64>, Vec<f64>) = defined.unzip();
        figures.push((
            "What the formula leaves of the targets, on held-out rows: noise lies evenly around 0.",
            residual_figure(&truth, &predicted)?,
        ));
    }
    figures.push((
        "Every formula on the Pareto front: its loss against its complexity.",
        pareto_figure(&run.found.front)?,
    ));
    if let Some(history) = &run.history {
        figures.push((
            "The network's loss after every epoch.",
            training_figure(history)?,
        ));
    }
    Ok(figures)
}
