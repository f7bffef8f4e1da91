//! The native part of the Python package `closedform`: searches, interpretations, formulas and
//! polynomials.
//!
//! It turns Python's arguments into those of the library, calls it without the GIL, and hands back
//! its results as text and numbers. Models are called back. `package/closedform/_core.pyi` documents what
//! Python sees.

mod arrays;
mod errors;
mod formula;
mod interpret;
mod link;
mod model;
mod options;
mod outputs;
mod polynomial;
mod progress;
mod search;

#[pyo3::pymodule]
mod _core {
    #[pymodule_export]
    use crate::errors::Error;
    #[pymodule_export]
    use crate::formula::{Formula, feature_words, front_to_latex, parse_formula};
    #[pymodule_export]
    use crate::interpret::{Run, interpret};
    #[pymodule_export]
    use crate::link::{Link, fit_link};
    #[pymodule_export]
    use crate::model::model_gradients;
    #[pymodule_export]
    use crate::outputs::{OutputFormula, replace_outputs};
    #[pymodule_export]
    use crate::polynomial::{Polynomials, polynomials};
    #[pymodule_export]
    use crate::search::{Found, search_directions, search_labels, search_values};
}
