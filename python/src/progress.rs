//! Long calls: the GIL is released, progress goes to a listener, and Ctrl-C keeps what was found.

use crate::errors::raised;
use closedform::search::SearchProgress;
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The first Python exception of a call, raised in a model, in a listener or by Ctrl-C. The library
/// only sees that the work has to end.
#[derive(Clone, Default)]
pub struct Failure(Arc<Mutex<Option<PyErr>>>);

impl Failure {
    fn slot(&self) -> MutexGuard<'_, Option<PyErr>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps an exception, and returns the error that ends the work.
    pub fn keep(&self, exception: PyErr) -> closedform::Error {
        let error = closedform::Error::Other(exception.to_string());
        self.slot().get_or_insert(exception);
        error
    }
}

/// Runs `work` without the GIL.
///
/// The work gets a monitor, which calls `listener(generation, n_generations, loss)`. An exception of
/// the listener ends the work and is raised again. Ctrl-C ends it, too, but a result that there is
/// by then is returned.
pub fn run<T: Send>(
    py: Python<'_>,
    listener: Option<Py<PyAny>>,
    failure: &Failure,
    work: impl FnOnce(&mut dyn FnMut(&SearchProgress) -> ControlFlow<()>) -> closedform::Result<T>
    + Send,
) -> PyResult<T> {
    let done = py.detach(|| {
        let mut monitor = |progress: &SearchProgress| {
            let told = Python::attach(|py| {
                py.check_signals()?;
                let Some(listener) = &listener else {
                    return Ok(());
                };
                let step = (progress.generation, progress.n_generations, progress.loss);
                listener.call1(py, step).map(drop)
            });
            match told {
                Ok(()) => ControlFlow::Continue(()),
                Err(exception) => {
                    failure.keep(exception);
                    ControlFlow::Break(())
                }
            }
        };
        work(&mut monitor)
    });
    match (done, failure.slot().take()) {
        (Ok(found), Some(exception)) if exception.is_instance_of::<PyKeyboardInterrupt>(py) => {
            Ok(found)
        }
        (_, Some(exception)) => Err(exception),
        (done, None) => done.map_err(raised),
    }
}
