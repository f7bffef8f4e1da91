//! Experiments repeated over seeds: how often closedform finds a truth, and how well polynomials
//! stand for networks.
//!
//! [`study`] runs the whole pipeline on every experiment with many seeds; [`simulation`] trains
//! networks on random polynomials (Morala et al. 2021). Both are kept as one row per run, in a
//! folder that may be interrupted and resumed (feature `records`), and drawn by [`plot`].

pub mod plot;
#[cfg(feature = "records")]
mod records;
pub mod simulation;
pub mod study;
