//! Formulas for the outputs of a layer.

use crate::arrays::{Rows, points};
use crate::formula::json;
use crate::interpret::check_held_out;
use crate::options::search_options;
use crate::progress::{Failure, run};
use closedform::interpretation::OutputFormula as Found;
use numpy::PyUntypedArrayMethods;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// A formula for one output.
#[pyclass(frozen, get_all)]
pub struct OutputFormula {
    /// The formula, as JSON.
    formula: String,
    /// The share of the output's variance that it leaves on rows that were held out.
    left: f64,
}

/// Searches for a formula for each output `(n_samples, n_outputs)` of rows.
#[pyfunction]
#[pyo3(signature = (rows, names, outputs, held_out, options, listener))]
pub fn replace_outputs(
    py: Python<'_>,
    rows: Rows,
    names: Vec<String>,
    outputs: Rows,
    held_out: f64,
    options: &Bound<PyDict>,
    listener: Option<Py<PyAny>>,
) -> PyResult<Vec<OutputFormula>> {
    check_held_out(held_out)?;
    let points = points(&rows, names)?;
    let options = search_options(options, points.feature_names())?;
    let (n_outputs, values) = (outputs.shape()[1], outputs.as_slice()?);
    let columns: Vec<Vec<f64>> = (0..n_outputs)
        .map(|output| {
            values
                .iter()
                .skip(output)
                .step_by(n_outputs)
                .copied()
                .collect()
        })
        .collect();
    let found = run(py, listener, &Failure::default(), |monitor| {
        Found::of_each(&points, &columns, held_out, &options, monitor)
    })?;
    let written = found.into_iter().map(|output| {
        Ok(OutputFormula {
            formula: json(&output.expression, points.feature_names(), None)?,
            left: output.left,
        })
    });
    written.collect()
}
