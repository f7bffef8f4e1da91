//! Searches for values, labels and directions.

use crate::arrays::{Rows, points};
use crate::errors::{raised, refused};
use crate::formula::json;
use crate::options::search_options;
use crate::progress::{Failure, run};
use closedform::interpretation::Seconds;
use closedform::plot::pareto_figure;
use closedform::report::{Given, Report};
use closedform::search::{LabelLoss, ValueLoss};
use closedform::{Directions, Error, LabelObjective, SearchResult, ValueObjective};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// What a search found, as texts.
#[pyclass(frozen, get_all)]
pub struct Found {
    /// The command line's `--json`.
    report: String,
    /// The chosen formula, as JSON.
    formula: String,
    /// Every formula of the front, as JSON, in the order of the report's.
    front: Vec<String>,
    /// The front as an SVG drawing.
    figure: String,
    /// What makes values of a formula for labels logits.
    logit_scale: Option<f64>,
}

impl Found {
    pub fn new(found: &SearchResult, report: &Report, logit_scale: Option<f64>) -> PyResult<Self> {
        let front = &found.front;
        let best = front
            .best()
            .ok_or_else(|| raised(Error::NoFormula("the search found no formula".into())))?;
        let names = front.feature_names();
        let all = front.candidates().iter();
        let all = all.map(|candidate| json(&candidate.expression, names, report.threshold));
        Ok(Self {
            report: text(report)?,
            formula: json(&best.expression, names, report.threshold)?,
            front: all.collect::<PyResult<_>>()?,
            figure: pareto_figure(front).map_err(raised)?.svg().to_string(),
            logit_scale,
        })
    }
}

/// A report as JSON.
fn text(report: &Report) -> PyResult<String> {
    serde_json::to_string(report).map_err(|error| {
        let sentence = format!("the report can't be written as JSON: {error}");
        raised(Error::Other(sentence))
    })
}

/// Searches for a formula with values near the targets.
#[pyfunction]
#[pyo3(signature = (rows, names, targets, weights, groups, loss, options, listener))]
#[allow(
    clippy::too_many_arguments,
    reason = "one for each argument of Python's method fit"
)]
pub fn search_values(
    py: Python<'_>,
    rows: Rows,
    names: Vec<String>,
    targets: Vec<f64>,
    weights: Option<Vec<f64>>,
    groups: Option<Vec<f64>>,
    loss: &str,
    options: &Bound<PyDict>,
    listener: Option<Py<PyAny>>,
) -> PyResult<Found> {
    let loss = match loss {
        "squared" => ValueLoss::Squared,
        "absolute" => ValueLoss::Absolute,
        "poisson" => ValueLoss::Poisson,
        other => return Err(refused("loss", other, "squared, absolute or poisson")),
    };
    let values = ValueObjective::new(&points(&rows, names)?, targets);
    let mut values = values
        .and_then(|values| values.with_loss(loss))
        .map_err(raised)?;
    if let Some(weights) = weights {
        values = values.with_weights(weights).map_err(raised)?;
    }
    if let Some(groups) = groups {
        values = values.with_groups(groups).map_err(raised)?;
    }
    search(py, Given::Values(values), options, listener)
}

/// Searches for a formula whose sign tells two classes apart.
#[pyfunction]
#[pyo3(signature = (rows, names, labels, weights, loss, options, listener))]
#[allow(
    clippy::too_many_arguments,
    reason = "one for each argument of Python's method fit"
)]
pub fn search_labels(
    py: Python<'_>,
    rows: Rows,
    names: Vec<String>,
    labels: Vec<bool>,
    weights: Option<Vec<f64>>,
    loss: &str,
    options: &Bound<PyDict>,
    listener: Option<Py<PyAny>>,
) -> PyResult<Found> {
    let loss = match loss {
        "hinge" => LabelLoss::Hinge,
        "squared_hinge" => LabelLoss::SquaredHinge,
        "logistic" => LabelLoss::Logistic,
        other => return Err(refused("loss", other, "hinge, squared_hinge or logistic")),
    };
    let labels = LabelObjective::new(&points(&rows, names)?, labels, loss);
    let mut labels = labels.map_err(raised)?;
    if let Some(weights) = weights {
        labels = labels.with_weights(weights).map_err(raised)?;
    }
    search(py, Given::Labels(labels), options, listener)
}

/// Searches for a formula whose gradients have the directions of the given ones.
#[pyfunction]
#[pyo3(signature = (rows, names, gradients, weights, options, listener))]
pub fn search_directions(
    py: Python<'_>,
    rows: Rows,
    names: Vec<String>,
    gradients: Rows,
    weights: Option<Vec<f64>>,
    options: &Bound<PyDict>,
    listener: Option<Py<PyAny>>,
) -> PyResult<Found> {
    let gradients = gradients.as_slice()?.to_vec();
    let directions = Directions::from_gradients(points(&rows, names)?, gradients);
    let mut directions = directions.map_err(raised)?;
    if let Some(weights) = weights {
        directions = directions.with_weights(weights).map_err(raised)?;
    }
    search(py, Given::Directions(directions), options, listener)
}

fn search(
    py: Python<'_>,
    given: Given,
    options: &Bound<PyDict>,
    listener: Option<Py<PyAny>>,
) -> PyResult<Found> {
    let options = search_options(options, &given.feature_names())?;
    let (found, report, logit_scale) = run(py, listener, &Failure::default(), |monitor| {
        let found = given.search(&options, monitor)?;
        let seconds = Seconds {
            search: found.seconds,
            total: found.seconds,
            ..Seconds::default()
        };
        let report = given.report(&found, seconds, options.seed)?;
        let logit_scale = match (&given, found.front.best()) {
            (Given::Labels(labels), Some(best)) => Some(labels.logit_scale(&best.expression)),
            _ => None,
        };
        Ok((found, report, logit_scale))
    })?;
    Found::new(&found, &report, logit_scale)
}
