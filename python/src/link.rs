//! The link: what is explained, as a function of a formula.

use crate::errors::raised;
use crate::formula::json;
use closedform::interpretation::{LinkFunction, Paired};
use pyo3::prelude::*;

/// The function phi in `f = phi(T)`.
#[pyclass(frozen, get_all)]
pub struct Link {
    /// phi as a formula in `T`, as JSON; none if no short one is about as good as the curve.
    formula: Option<String>,
    /// The corners `(T, f)` of the curve, which is straight between them.
    knots: Vec<(f64, f64)>,
}

impl Link {
    pub fn new(link: &LinkFunction) -> PyResult<Self> {
        let names = ["T".to_string()];
        let formula = link.formula().map(|formula| json(formula, &names, None));
        Ok(Self {
            formula: formula.transpose()?,
            knots: link.curve().knots().to_vec(),
        })
    }
}

/// Fits phi to values of a formula and of what it explains, both `(n_samples,)`.
#[pyfunction]
pub fn fit_link(formula: Vec<f64>, latent: Vec<f64>, seed: u64) -> PyResult<Link> {
    let paired = Paired {
        formula: &formula,
        latent: &latent,
    };
    let link = LinkFunction::fit(paired, paired, seed).map_err(raised)?;
    Link::new(&link)
}
