//! The interpretation of a model.

use crate::arrays::{Rows, points};
use crate::errors::{raised, refused};
use crate::formula::json;
use crate::model::PythonModel;
use crate::options::search_options;
use crate::progress::{Failure, run};
use crate::search::Found;
use closedform::interpretation::{Interpreted, Matching, Progress};
use closedform::{Dataset, ReadingOptions, interpret_model};
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// An interpretation with everything on the way to it.
#[pyclass(frozen)]
pub struct Run {
    run: Interpreted<PythonModel>,
    training: Dataset,
    fresh: Dataset,
    options: ReadingOptions,
}

#[pymethods]
impl Run {
    /// What the search found, with the certificate in its report.
    fn found(&self) -> PyResult<Found> {
        Found::new(&self.run.found, &self.run.report(), None)
    }

    /// The formula, as JSON.
    fn formula(&self) -> PyResult<String> {
        let interpretation = &self.run.interpretation;
        let (names, threshold) = (interpretation.feature_names(), interpretation.threshold());
        json(&interpretation.candidate().expression, names, threshold)
    }

    /// A regressor's whole formula, as JSON, if there is one.
    fn whole(&self) -> PyResult<Option<String>> {
        let interpretation = &self.run.interpretation;
        let whole = interpretation.whole();
        whole
            .map(|whole| json(whole, interpretation.feature_names(), None))
            .transpose()
    }

    /// The interpretation as text.
    fn __str__(&self) -> String {
        self.run.interpretation.to_string()
    }

    /// The interpretation as HTML.
    fn html(&self) -> String {
        self.run.interpretation.to_html()
    }

    /// A regressor's predictions by the formula, or a classifier's probabilities, at rows
    /// `(n_samples, n_features)`: `(n_samples,)`.
    fn predict<'py>(
        &self,
        py: Python<'py>,
        rows: Rows<'py>,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let names = self.run.interpretation.feature_names().to_vec();
        let points = points(&rows, names)?;
        let found = self.run.interpretation.predict(&points).map_err(raised)?;
        Ok(found.into_pyarray(py))
    }

    /// Writes the run as an HTML page.
    fn save_page(
        &self,
        py: Python<'_>,
        path: PathBuf,
        about: Vec<(String, String)>,
    ) -> PyResult<()> {
        let about: Vec<(&str, String)> = about
            .iter()
            .map(|(name, text)| (name.as_str(), text.clone()))
            .collect();
        py.detach(|| {
            let (training, fresh) = (&self.training, &self.fresh);
            self.run
                .save_page(path, training, fresh, &self.options, &about)
        })
        .map_err(raised)
    }
}

/// Refuses a share of the rows that leaves none on either side.
pub fn check_held_out(held_out: f64) -> PyResult<()> {
    if held_out > 0.0 && held_out < 1.0 {
        return Ok(());
    }
    let allowed = "between 0 and 1, a share of the rows";
    Err(refused("held_out", held_out, allowed))
}

/// Interprets a model, given by an adapter, at rows.
#[pyfunction]
#[pyo3(signature = (adapter, rows, names, targets, held_out, by, smooth, options, listener))]
#[allow(
    clippy::too_many_arguments,
    reason = "one for each argument of Python's function"
)]
pub fn interpret(
    py: Python<'_>,
    adapter: &Bound<PyAny>,
    rows: PyReadonlyArray2<f64>,
    names: Vec<String>,
    targets: Option<Vec<f64>>,
    held_out: f64,
    by: &str,
    smooth: Option<f64>,
    options: &Bound<PyDict>,
    listener: Option<Py<PyAny>>,
) -> PyResult<Run> {
    let points = points(&rows, names)?;
    let search = search_options(options, points.feature_names())?;
    let seed = search.seed;
    let options = ReadingOptions {
        matching: match by {
            "auto" => Matching::Auto,
            "directions" => Matching::Directions,
            "values" => Matching::Values,
            other => return Err(refused("by", other, "auto, directions or values")),
        },
        search,
        ..ReadingOptions::with_seed(seed)
    };
    check_held_out(held_out)?;
    let n_rows = points.n_samples();
    let has_targets = targets.is_some();
    // Placeholders, which the model's answers replace.
    let targets = targets.unwrap_or_else(|| vec![0.0; n_rows]);
    let data = Dataset::new(points, "y", targets).map_err(raised)?;
    let failure = Failure::default();
    let model = PythonModel::new(adapter, &data, smooth, seed, &failure)?;
    let (run, training, fresh) = run(py, listener, &failure, |monitor| {
        let data = if has_targets {
            data
        } else {
            data.answered_by(&model)?
        };
        let (training, fresh) = data.split(1.0 - held_out, seed)?;
        let run = interpret_model(
            model,
            &training,
            &fresh,
            &options,
            |progress| match progress {
                Progress::Search(progress) => monitor(progress),
                Progress::Training(_) => ControlFlow::Continue(()),
            },
        )?;
        Ok((run, training, fresh))
    })?;
    Ok(Run {
        run,
        training,
        fresh,
        options,
    })
}
