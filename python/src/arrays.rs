//! Arrays of numpy as rows of the library, and back.

use crate::errors::raised;
use closedform::Points;
use numpy::ndarray::Array2;
use numpy::{IntoPyArray, PyArray2, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;

/// Rows `(n_samples, n_features)`; the caller's array is C-contiguous.
pub type Rows<'py> = PyReadonlyArray2<'py, f64>;

/// Points of features with these names.
pub fn points(rows: &Rows, names: Vec<String>) -> PyResult<Points> {
    let n_columns = rows.shape()[1];
    if n_columns != names.len() {
        let sentence = format!(
            "X has {n_columns} columns, but there are {} names",
            names.len()
        );
        return Err(raised(closedform::Error::Shape(sentence)));
    }
    Points::new(names, rows.as_slice()?).map_err(raised)
}

/// Numbers `(n_samples, n_features)`, row after row, as an array of numpy.
pub fn array<'py>(
    py: Python<'py>,
    numbers: Vec<f64>,
    n_features: usize,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let shape = (numbers.len() / n_features.max(1), n_features);
    let rows = Array2::from_shape_vec(shape, numbers)
        .map_err(|error| raised(closedform::Error::Shape(error.to_string())))?;
    Ok(rows.into_pyarray(py))
}
