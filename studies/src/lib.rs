//! Experiments repeated over many seeds: how often closedform finds the truth, and how well
//! polynomials describe networks.
//!
//! [`study`] runs the whole pipeline on every experiment with many seeds. [`benchmark`] asks for known
//! equations by values, by directions, and through networks. [`verdicts`] compares what certificates
//! say with the truth. [`simulation`] trains networks on random polynomials (Morala et al. 2021). All
//! write one row per run to a folder, and can be interrupted and resumed (feature `records`). [`plot`]
//! draws them. [`problems`] and [`shards`] are for studies of one's own: problems in a file, whose runs
//! are made on one machine or on many.

pub mod benchmark;
mod noise;
pub mod plot;
#[cfg(feature = "records")]
pub mod problems;
#[cfg(feature = "records")]
mod records;
#[cfg(feature = "records")]
pub mod shards;
pub mod simulation;
pub mod study;
pub mod verdicts;
