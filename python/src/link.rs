//! The link: what is explained, as a function of a formula.

use crate::arrays::points;
use crate::errors::raised;
use crate::formula::json;
use closedform::interpretation::{LinkCurve, LinkFunction, Phi};
use closedform::{Error, Export};
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;

/// The function phi in `f = phi(T)`.
#[pyclass(frozen, module = "closedform._core")]
pub struct Link(Phi);

#[pymethods]
impl Link {
    /// From what `__getnewargs__` gives.
    #[new]
    fn new(formula: Option<&str>, curve: &str) -> PyResult<Self> {
        let read = |text| Export::from_json(text).map(|export| export.expression().clone());
        let formula = formula.map(read).transpose().map_err(raised)?;
        let curve: LinkCurve = serde_json::from_str(curve).map_err(unreadable)?;
        Ok(Self(Phi { curve, formula }))
    }

    fn __getnewargs__(&self) -> PyResult<(Option<String>, String)> {
        let curve = serde_json::to_string(&self.0.curve).map_err(unreadable)?;
        Ok((self.formula()?, curve))
    }

    /// phi as a formula in `T`, as JSON; none if no short one is about as good as the curve.
    #[getter]
    fn formula(&self) -> PyResult<Option<String>> {
        let formula = self.0.formula.as_ref();
        formula
            .map(|formula| json(formula, &["T".to_string()], None))
            .transpose()
    }

    /// phi at values of `T` `(n_samples,)`: from the formula if there is one, otherwise from the curve.
    fn values<'py>(
        &self,
        py: Python<'py>,
        t: PyReadonlyArray1<f64>,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let values: Vec<f64> = t.as_slice()?.iter().map(|&t| self.0.value(t)).collect();
        Ok(values.into_pyarray(py))
    }
}

fn unreadable(error: serde_json::Error) -> PyErr {
    raised(Error::Format(format!("a link: {error}")))
}

/// Fits phi to values `(n_samples,)` that a formula's function has at rows.
#[pyfunction]
pub fn fit_link(
    formula: &crate::formula::Formula,
    rows: PyReadonlyArray2<f64>,
    values: Vec<f64>,
    seed: u64,
) -> PyResult<Link> {
    let points = points(&rows, formula.feature_names())?;
    let link = LinkFunction::to_values(formula.expression(), &points, &values, seed);
    link.map(|link| Link(link.phi().clone())).map_err(raised)
}
