//! Networks as polynomials: activations replaced by their Taylor series, layer by layer.
//!
//! The potential of a neuron is the input of its activation (the pre-activation).
//!
//! Sources: for one hidden layer Morala, Cifuentes, Lillo & Ucar (2021), "Towards a mathematical
//! framework to inform neural network modelling via polynomial regression"; for more layers the
//! same authors (2023), "NN2Poly: a polynomial representation for deep feed-forward artificial
//! neural networks".
//!
//! | file | what it holds |
//! |---|---|
//! | `algebra`, `evaluation`, `notation`, `expression` | a polynomial, its values, its text forms, and its form as a formula of the search |
//! | `series`, `remainder` | Taylor series of activations, and how far they can be trusted |
//! | `monomials`, `composition` | all monomials up to an order, and series composed with polynomials |
//! | `options`, `plan`, `conversion`, `warnings` | from network to polynomials |
//! | `family` | the result: polynomials that share their monomials |
//! | `economy` | the best polynomial of a lower order over a box |
//! | `diagnostics` | how well the result follows the network |

mod algebra;
mod composition;
mod conversion;
mod diagnostics;
mod economy;
mod evaluation;
mod expression;
mod family;
mod monomials;
mod notation;
mod options;
mod plan;
mod remainder;
mod series;
mod warnings;

pub use algebra::Polynomial;
#[cfg(feature = "plots")]
pub(crate) use conversion::observed_points;
pub use conversion::{LayerPolynomials, NetworkPolynomials};
pub use diagnostics::{Agreement, SeriesFit};
pub use family::PolynomialFamily;
pub use monomials::Monomials;
pub(crate) use monomials::n_monomials;
pub use options::{TaylorCenter, TaylorOptions};
pub use remainder::Remainder;
pub use series::TaylorSeries;
