//! What a search's formula says about a network, and how far it holds.

mod classification;
#[cfg(feature = "network")]
mod noise;
#[cfg(feature = "network")]
mod pipeline;
mod statistics;

pub use classification::{SymbolicClassification, classify_symbolically};
#[cfg(feature = "network")]
pub use noise::gradient_noise;
#[cfg(feature = "network")]
pub use pipeline::{InterpretOptions, Interpreted, Progress, Selection, interpret};
pub use statistics::spearman;

#[cfg(feature = "network")]
pub use of_network::Interpretation;

#[cfg(feature = "network")]
mod of_network;
