//! A model of Python, called back for values and, where it has them, for gradients.

use crate::arrays::{Rows, array, points};
use crate::errors::{raised, refused};
use crate::progress::{Failure, run};
use closedform::model::{Answers, Gradients};
use closedform::{BlackBox, Dataset, Error, Model, Result, Task};
use numpy::{PyArray2, PyReadonlyArray1};
use pyo3::prelude::*;
use std::sync::Arc;

/// A model of Python: a function of rows, and one for gradients if there is one. Without it,
/// gradients are differences of values.
pub struct PythonModel {
    values: BlackBox,
    gradients: Option<Py<PyAny>>,
    failure: Failure,
}

impl PythonModel {
    /// Takes an adapter with the attributes `values`, `gradients`, `task` and `answers`, see
    /// `package/closedform/_models`.
    pub fn new(
        adapter: &Bound<PyAny>,
        data: &Dataset,
        smooth: Option<f64>,
        seed: u64,
        failure: &Failure,
    ) -> PyResult<Self> {
        let task = task(adapter)?;
        let answers = match adapter.getattr("answers")?.extract::<String>()?.as_str() {
            "probability" => Answers::Probability,
            "latent" => Answers::Latent,
            other => return Err(refused("answers", other, "probability or latent")),
        };
        let n_features = data.n_features();
        let function: Arc<Py<PyAny>> = Arc::new(adapter.getattr("values")?.unbind());
        let kept = failure.clone();
        let values = move |points: &[f64]| {
            let asked = Python::attach(|py| {
                let rows = array(py, points.to_vec(), n_features)?;
                let values = function.call1(py, (rows,))?;
                let values: PyReadonlyArray1<f64> = values.extract(py)?;
                Ok(values.as_slice()?.to_vec())
            });
            let values = asked.map_err(|exception| kept.keep(exception))?;
            answers.to_latent(task, values)
        };
        let values = BlackBox::of_rows(data, task, values).map_err(raised)?;
        let gradients = adapter.getattr("gradients")?;
        let (values, gradients) = match smooth {
            Some(spread) => {
                let fits = Gradients::local_fits(spread, n_features, seed);
                (values.with_gradients(fits).map_err(raised)?, None)
            }
            None => (values, (!gradients.is_none()).then(|| gradients.unbind())),
        };
        Ok(Self {
            values,
            gradients,
            failure: failure.clone(),
        })
    }
}

/// The gradients of a model, given by an adapter, at rows `(n_samples, n_features)`.
#[pyfunction]
pub fn model_gradients<'py>(
    py: Python<'py>,
    adapter: &Bound<'py, PyAny>,
    rows: Rows<'py>,
    names: Vec<String>,
    smooth: Option<f64>,
    seed: u64,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let points = points(&rows, names)?;
    let (n_samples, n_features) = (points.n_samples(), points.n_features());
    let data = Dataset::new(points, "y", vec![0.0; n_samples]).map_err(raised)?;
    let failure = Failure::default();
    let model = PythonModel::new(adapter, &data, smooth, seed, &failure)?;
    let gradients = run(py, None, &failure, |_| model.gradients(data.points()))?;
    array(py, gradients, n_features)
}

/// What an adapter's model was trained for.
fn task(adapter: &Bound<PyAny>) -> PyResult<Task> {
    match adapter.getattr("task")?.extract::<String>()?.as_str() {
        "classification" => Ok(Task::Classification),
        "regression" => Ok(Task::Regression),
        other => Err(refused("task", other, "classification or regression")),
    }
}

impl Model for PythonModel {
    fn feature_names(&self) -> &[String] {
        self.values.feature_names()
    }

    fn task(&self) -> Task {
        self.values.task()
    }

    fn latent(&self, points: &[f64]) -> Result<Vec<f64>> {
        self.values.latent(points)
    }

    fn gradients(&self, points: &[f64]) -> Result<Vec<f64>> {
        let Some(function) = &self.gradients else {
            return self.values.gradients(points);
        };
        let asked = Python::attach(|py| {
            let rows = array(py, points.to_vec(), self.n_features())?;
            let gradients = function.call1(py, (rows,))?;
            let gradients: Rows = gradients.extract(py)?;
            Ok(gradients.as_slice()?.to_vec())
        });
        let gradients = asked.map_err(|exception| self.failure.keep(exception))?;
        if gradients.len() == points.len() {
            Ok(gradients)
        } else {
            Err(Error::Shape(format!(
                "the model gives {} components of gradients at points with {} coordinates",
                gradients.len(),
                points.len()
            )))
        }
    }
}
