//! Networks as polynomials.

use crate::arrays::{Rows, points};
use crate::errors::{raised, refused};
use crate::formula::json;
use closedform::polynomial::TaylorCenter;
use closedform::{DenseNetwork, Error, TaylorOptions};
use pyo3::prelude::*;

/// The polynomials of a network's outputs.
#[pyclass(frozen, get_all)]
pub struct Polynomials {
    /// The polynomial of each output, as the JSON of a formula.
    formulas: Vec<String>,
    /// The monomials' labels and coefficients, in the JSON of the R package nn2poly.
    family: String,
    /// What turns the polynomials into outputs: linear, sigmoid or softmax.
    activation: String,
    /// Where the series can't describe the network.
    warnings: Vec<String>,
}

/// Turns a network, given as JSON, into polynomials.
#[pyfunction]
#[pyo3(signature = (network, names, rows, max_order, taylor_orders, taylor_centers, economize, expand_output, max_memory))]
#[allow(
    clippy::too_many_arguments,
    reason = "one for each argument of Python's function"
)]
pub fn polynomials(
    py: Python<'_>,
    network: &str,
    names: Vec<String>,
    rows: Option<Rows>,
    max_order: usize,
    taylor_orders: Vec<usize>,
    taylor_centers: Vec<Py<PyAny>>,
    economize: Option<usize>,
    expand_output: bool,
    max_memory: usize,
) -> PyResult<Polynomials> {
    let network = DenseNetwork::from_json(network).map_err(raised)?;
    let centers = taylor_centers
        .iter()
        .map(|center| center_of(center.bind(py)));
    let options = TaylorOptions {
        max_order,
        taylor_orders,
        taylor_centers: centers.collect::<PyResult<_>>()?,
        points: rows.map(|rows| points(&rows, names.clone())).transpose()?,
        economized_order: economize,
        expand_output,
        max_bytes: max_memory.saturating_mul(1 << 20),
        ..TaylorOptions::default()
    };
    let found = py
        .detach(|| network.to_polynomials(&options))
        .map_err(raised)?;
    let family = found.family();
    let formulas = (0..family.n_polynomials()).map(|output| {
        let polynomial = family.polynomial(output).map_err(raised)?;
        json(&polynomial.to_expression(), &names, None)
    });
    Ok(Polynomials {
        formulas: formulas.collect::<PyResult<_>>()?,
        family: serde_json::to_string(family).map_err(|error| {
            let sentence = format!("the polynomials can't be written as JSON: {error}");
            raised(Error::Other(sentence))
        })?,
        activation: found.output_activation().to_string(),
        warnings: found.warnings().to_vec(),
    })
}

fn center_of(center: &Bound<PyAny>) -> PyResult<TaylorCenter> {
    if let Ok(number) = center.extract() {
        return Ok(TaylorCenter::At(number));
    }
    match center.extract::<String>() {
        Ok(word) if word == "mean" => Ok(TaylorCenter::MeanPotential),
        _ => Err(refused(
            "taylor_center",
            center.repr()?,
            "a number or \"mean\"",
        )),
    }
}
