//! Formulas, with the names of their features and, for a classifier, their threshold.

use crate::arrays::{Rows, array, points};
use crate::errors::raised;
use closedform::{Export, Expression, Language, dataset};
use numpy::{IntoPyArray, PyArray1, PyArray2};
use pyo3::prelude::*;
use std::borrow::Cow;

/// A formula. Python's class of the same name adds what needs other packages.
#[pyclass(frozen, subclass, module = "closedform._core")]
pub struct Formula(Export);

#[pymethods]
impl Formula {
    /// From the JSON that `source("json")` writes.
    #[new]
    fn new(json: &str) -> PyResult<Self> {
        Export::from_json(json).map(Self).map_err(raised)
    }

    fn __getnewargs__(&self) -> PyResult<(String,)> {
        Ok((self.source("json")?,))
    }

    fn __str__(&self) -> String {
        self.0.expression().to_formula(self.0.feature_names())
    }

    fn __repr__(&self) -> String {
        format!("Formula({:?})", self.__str__())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    fn __hash__(&self) -> PyResult<u64> {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        self.source("json")?.hash(&mut hasher);
        Ok(hasher.finish())
    }

    #[getter]
    pub fn feature_names(&self) -> Vec<String> {
        self.0.feature_names().to_vec()
    }

    #[getter]
    fn threshold(&self) -> Option<f64> {
        self.0.threshold()
    }

    #[getter]
    fn complexity(&self) -> usize {
        self.0.expression().complexity()
    }

    fn latex(&self) -> String {
        self.0.expression().to_latex(self.0.feature_names())
    }

    /// Complete code in a language of the command line's `export`.
    fn source(&self, language: &str) -> PyResult<String> {
        let language = Language::parse(language).map_err(raised)?;
        self.0.to_source(language).map_err(raised)
    }

    /// The formula as the bytes of an ONNX file.
    fn onnx(&self) -> PyResult<Cow<'static, [u8]>> {
        self.0
            .to_bytes(Language::Onnx)
            .map(Cow::Owned)
            .map_err(raised)
    }

    /// Values at rows `(n_samples, n_features)`: `(n_samples,)`.
    fn values<'py>(&self, py: Python<'py>, rows: Rows<'py>) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let points = points(&rows, self.feature_names())?;
        let values = py.detach(|| {
            let columns = points.to_columns();
            let tape = closedform::formula::Tape::new(self.0.expression());
            let mut evaluator = closedform::formula::Evaluator::new();
            evaluator.values(&tape, &columns).to_vec()
        });
        Ok(values.into_pyarray(py))
    }

    /// Gradients at rows `(n_samples, n_features)`, of the same shape.
    fn gradients<'py>(
        &self,
        py: Python<'py>,
        rows: Rows<'py>,
    ) -> PyResult<Bound<'py, PyArray2<f64>>> {
        let points = points(&rows, self.feature_names())?;
        let expression = self.0.expression();
        let gradients = py.detach(|| {
            let rows = points.rows();
            rows.flat_map(|row| expression.value_and_gradient(row).1)
                .collect::<Vec<f64>>()
        });
        array(py, gradients, points.n_features())
    }
}

impl Formula {
    pub fn expression(&self) -> &Expression {
        self.0.expression()
    }
}

/// The JSON of a formula, from which Python makes a `Formula`.
pub fn json(expression: &Expression, names: &[String], threshold: Option<f64>) -> PyResult<String> {
    let export = Export::new(expression, names).and_then(|export| export.with_threshold(threshold));
    let export = export.map_err(raised)?;
    export.to_source(Language::Json).map_err(raised)
}

/// The JSON of a formula that is written as text.
#[pyfunction]
pub fn parse_formula(text: &str, names: Vec<String>) -> PyResult<String> {
    let expression = Expression::parse(text, &names).map_err(raised)?;
    json(&expression, &names, None)
}

/// What features with these names are called in formulas.
#[pyfunction]
pub fn feature_words(names: Vec<String>) -> PyResult<Vec<String>> {
    dataset::feature_words(&names).map_err(raised)
}

/// The front of a report as a LaTeX table.
#[pyfunction]
pub fn front_to_latex(report: &str) -> PyResult<String> {
    closedform::report::front_to_latex(report).map_err(raised)
}
