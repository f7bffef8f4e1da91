//! What a search's formula says about a network, and how far it holds.
//!
//! `pipeline` leads from data to formula as its `options` say: `selection` chooses the points, `noise`
//! and `penalties` say what the choice of a formula rests on beside directions. `of_model` judges a
//! formula: `statistics` finds its threshold, `curve` and `link` how the latent model follows from it,
//! which makes the `whole` formula of a regressor, `alignment` how its gradients lie, `intervals` how
//! well its numbers are fixed; `certificate` keeps the figures, and `verdict` says what they come to.
//! `display` and `export` show and take away what was found. Beside it stand `polishing` on labels, and
//! `classification` without a network.

mod alignment;
mod certificate;
mod classification;
mod curve;
#[cfg(feature = "network")]
mod display;
#[cfg(feature = "network")]
mod export;
mod intervals;
mod link;
#[cfg(feature = "network")]
mod noise;
#[cfg(feature = "network")]
mod of_model;
#[cfg(feature = "network")]
mod options;
#[cfg(feature = "network")]
mod penalties;
#[cfg(feature = "network")]
mod pipeline;
#[cfg(feature = "network")]
mod polishing;
#[cfg(feature = "network")]
mod selection;
mod statistics;
#[cfg(feature = "network")]
mod verdict;
#[cfg(feature = "network")]
mod whole;

pub use alignment::Alignment;
#[cfg(all(feature = "network", feature = "plots"))]
pub(crate) use alignment::{ALIGNED, abs_cosines};
pub use certificate::{Certificate, Verdict};
pub use classification::{SymbolicClassification, classify_symbolically};
pub use curve::MonotoneCurve;
pub use intervals::{ConstantInterval, constant_intervals};
pub use link::{LinkFunction, Paired};
#[cfg(feature = "network")]
pub use noise::gradient_noise;
#[cfg(feature = "network")]
pub use of_model::Interpretation;
#[cfg(feature = "network")]
pub use options::{InterpretOptions, Matching, TRAINING_SHARE};
#[cfg(feature = "network")]
pub use pipeline::{Interpreted, Progress, interpret, interpret_model};
#[cfg(feature = "network")]
pub use polishing::{Polished, polish};
#[cfg(feature = "network")]
pub use selection::Selection;
pub use statistics::spearman;
