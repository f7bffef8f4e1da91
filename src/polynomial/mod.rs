//! Networks as polynomials: activations replaced by their Taylor series, layer by layer.
//!
//! Source: Morala, Cifuentes, Lillo & Ucar (2021), "Towards a mathematical framework to inform
//! neural network modelling via polynomial regression", for one hidden layer, and the same (2023),
//! "NN2Poly: a polynomial representation for deep feed-forward artificial neural networks", for
//! more.
//!
//! | file | what it holds |
//! |---|---|
//! | `algebra`, `evaluation`, `notation`, `expression` | a polynomial, its values, how it is written, and as a formula of the search |
//! | `series`, `remainder` | Taylor series of activations, and how far they can be trusted |
//! | `monomials`, `composition` | all monomials to an order, and series composed on them |
//! | `options`, `plan`, `conversion`, `warnings` | from network to polynomials |
//! | `family` | polynomials on the same monomials: the result |
//! | `economy` | the best polynomial of a lower order over a box |
//! | `diagnostics` | how well the result follows its network |

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
