//! The library's errors as Python exceptions.

use pyo3::PyErr;
use pyo3::exceptions::PyValueError;

pyo3::create_exception!(
    closedform,
    Error,
    PyValueError,
    "An error of closedform, with its place, the value found and what is allowed."
);

/// The exception for an error of the library.
pub fn raised(error: closedform::Error) -> PyErr {
    Error::new_err(error.to_string())
}

/// The exception for an argument that has another value than those allowed.
pub fn refused(name: &'static str, value: impl ToString, allowed: &str) -> PyErr {
    raised(closedform::Error::parameter(name, value, allowed))
}
