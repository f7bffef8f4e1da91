//! Finds a formula that a person can understand for what a trained neural network has learned.
//!
//! A classifier `F = sigmoid(f(x))` often hides a simple quantity `g(x)` behind a monotone `phi`:
//! `f = phi(g)`. The normalized gradients of `f` and `g` then agree everywhere. closedform searches
//! for a formula whose normalized gradients match those of the network (Wetzel 2024, "Closed-Form
//! Interpretation of Neural Network Classifiers with Symbolic Gradients").
//!
//! ```
//! use closedform::{Directions, Points, SearchOptions, progress, search};
//!
//! // Gradients of f = phi(x1^2 + 2 x2^2): their lengths depend on phi, their directions don't.
//! let points: Vec<f64> = (1..100).flat_map(|i| [(i % 9) as f64 - 4.5, (i % 7) as f64 - 3.5]).collect();
//! let gradients = points.chunks(2).flat_map(|x| [6.0 * x[0], 12.0 * x[1]]).collect();
//! let points = Points::new(["x1", "x2"], points)?;
//! let directions = Directions::from_gradients(points, gradients)?;
//!
//! let found = search(&directions, &SearchOptions::default(), progress::silent)?;
//! let best = found.front.best().expect("a search finds at least a variable");
//! assert_eq!(found.front.formula(best), "x1**2 + 2*x2**2");
//! # Ok::<(), closedform::Error>(())
//! ```
//!
//! With the feature `network`, [`interpret`] trains a network and does the rest in one call;
//! [`interpret_model`] reads any trained [`Model`]. An [`Interpretation`] says how far its formula
//! holds. [`limits`] says what all this can't do, and when to use something else.
//!
//! Data flows one way, and the modules show it: [`dataset`] → [`network`] or [`model`] →
//! [`Directions`] → [`search`](mod@search) → [`interpretation`] → [`report`] and [`plot`].
//! Beside it, [`polynomial`] turns networks into polynomials by Taylor series (Morala et al. 2021),
//! and [`regression`] fits polynomials to data, for comparison.
//!
//! Features: `tables` (CSV; on by default), `parquet`, `excel`, `datasets`, `plots`, `onnx` (formulas
//! as ONNX graphs), and `network` (libtorch).

pub mod dataset;
mod directions;
pub mod effort;
mod error;
pub mod files;
pub mod foreign;
pub mod formula;
pub mod interpretation;
pub mod interrupt;
#[doc = include_str!("../limits.md")]
pub mod limits {}
pub mod model;
#[cfg(feature = "network")]
pub mod network;
pub mod notebook;
pub mod numerics;
#[cfg(feature = "onnx")]
mod onnx_messages;
#[cfg(feature = "plots")]
pub mod plot;
mod points;
pub mod polynomial;
pub mod prelude;
pub mod progress;
pub mod regression;
pub mod report;
pub mod search;

#[cfg(feature = "tables")]
pub use dataset::Table;
pub use dataset::{Dataset, Experiment, Task};
pub use directions::Directions;
pub use error::{Error, Result};
pub use formula::{Expression, Operator};
pub use interpretation::{Interpretation, ReadingOptions, Verdict, interpret_model};
pub use model::{Activation, BlackBox, DenseNetwork, Model, Predictions};
#[cfg(feature = "network")]
pub use network::{
    Hyperparameters, ImportedNetwork, InterpretOptions, Layer, Network, TrainingOptions, interpret,
};
#[cfg(feature = "plots")]
pub use plot::Figure;
pub use points::Points;
pub use polynomial::{Polynomial, TaylorOptions};
pub use regression::PolynomialRegression;
pub use report::{Export, Language};
pub use search::{
    LabelObjective, Objective, ParetoFront, SearchOptions, SearchResult, ValueObjective, search,
    search_for,
};

/// The README's example, compiled as a documentation test.
#[cfg(all(doctest, feature = "network"))]
#[doc = include_str!("../README.md")]
mod readme {}
