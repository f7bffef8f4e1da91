//! Reads out, as a formula a person can understand, what a trained neural network has learned.
//!
//! A classifier `F = sigmoid(f(x))` often hides a simple quantity `g(x)` behind a monotone `phi`:
//! `f = phi(g)`. The normalized gradients of `f` and `g` then agree everywhere, so a formula is
//! searched whose normalized gradients match the network's (Wetzel 2024, "Closed-Form
//! Interpretation of Neural Network Classifiers with Symbolic Gradients").
//!
//! From data to formula:
//!
//! ```no_run
//! # #[cfg(feature = "network")] {
//! use closedform::{Dataset, InterpretOptions, Language, Task, interpret, progress};
//!
//! let data = Dataset::from_file("points.csv", "label", Task::Classification)?;
//! let (training, fresh) = data.split(0.8, 0)?;
//! let run = interpret(&training, &fresh, &InterpretOptions::with_seed(0), progress::silent)?;
//! println!("{}", run.interpretation); // the formula, its threshold, and how far it holds
//! println!("{}", run.interpretation.export()?.to_source(Language::Numpy)?);
//! # }
//! # Ok::<(), closedform::Error>(())
//! ```
//!
//! Data flows one way, and the folders show it:
//! dataset → network → gradients → search → interpretation → report and plots.
//! Whatever else has values and gradients may stand in the network's place, see [`Model`]. What all
//! this doesn't do, and when to use something else, says [`limits`].
//! Beside it, networks become polynomials by Taylor series (Morala et al. 2021), and polynomials are
//! fitted to data, for comparison.

pub mod dataset;
mod directions;
pub mod effort;
mod error;
pub mod files;
pub mod formula;
pub mod interpretation;
#[doc = include_str!("../limits.md")]
pub mod limits {}
pub mod model;
#[cfg(feature = "network")]
pub mod network;
pub mod notebook;
pub mod numerics;
#[cfg(feature = "plots")]
pub mod plot;
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
pub use polynomial::{NetworkPolynomials, Polynomial, TaylorOptions};
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
