//! What the formula of a search says about a network, and how well it explains it.
//!
//! `pipeline` goes from data to formula, with the settings in `options`: `selection` chooses the
//! points; `evidence` searches by values where no short formula has the directions; `noise` and `penalties` give what the choice of a formula uses beside directions.
//! `of_model` judges a formula: `rule` finds its threshold, `curve` and `link` fit the latent
//! model as a function of it, `whole` makes the whole formula of a regressor, `alignment` compares
//! gradients, `scores` compares predictions, `rest` says where
//! the rest comes from, and `intervals` measures how well its numbers are
//! determined, `outputs` gives each output of a layer a formula, `extrapolation` what it says beyond its rows, `outlying_rows` whether few rows carry its
//! loss. `certificate` holds the
//! figures, `verdict` sums them up, and `display` shows them. `polishing` fits a rule to labels,
//! and `classification` works without a network.

mod alignment;
mod certificate;
mod class_table;
mod classification;
mod curve;
mod display;
mod evidence;
mod extrapolation;
mod folds;
mod intervals;
mod judgement;
mod label_folds;
mod link;
mod noise;
mod of_classes;
mod of_model;
mod options;
mod outlying_rows;
mod outputs;
mod penalties;
mod pipeline;
mod polishing;
mod rest;
mod rule;
mod scores;
mod selection;
mod statistics;
mod structure;
mod template;
mod verdict;
mod whole;

pub use alignment::Alignment;
#[cfg(feature = "plots")]
pub(crate) use alignment::abs_cosines;
pub use certificate::{Certificate, Verdict};
pub use class_table::{ClassRow, ClassTable};
pub use classification::{SymbolicClassification, classify_symbolically};
pub use curve::LinkCurve;
pub use extrapolation::Extrapolation;
#[cfg(feature = "network")]
pub(crate) use folds::TrainedFold;
pub use intervals::{ConstantInterval, constant_intervals, value_intervals};
pub use judgement::{FRESH_SEED, Judgement, N_FRESH, Recovery, fresh_points};
pub use link::{LinkFunction, Paired, Phi};
#[cfg(feature = "network")]
pub(crate) use noise::Halves;
pub use of_classes::{OfClasses, interpret_models};
pub use of_model::Interpretation;
pub use options::{Matching, ReadingOptions};
pub use outlying_rows::OutlyingRows;
pub use outputs::OutputFormula;
#[cfg(feature = "network")]
pub(crate) use pipeline::Reading;
pub use pipeline::{Interpreted, Progress, Seconds, interpret_model};
pub use polishing::{Polished, polish};
pub use rest::RestPart;
pub use rule::DecisionRule;
pub use scores::{Score, Scores};
pub use selection::Selection;
pub use structure::structure_error;
