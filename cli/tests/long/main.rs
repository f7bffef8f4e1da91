//! What takes minutes: studies, simulations, and runs that are interrupted or repeated.

#[path = "../../../tests/support/network.rs"]
mod small;
#[path = "../../../tests/support/mod.rs"]
mod support;

mod benchmark;
#[cfg(unix)]
mod interruptions;
#[cfg(unix)]
mod readme;
mod recipes;
mod reproducibility;
mod shards;
mod simulation;
mod study;
mod verdicts;

/// The project's folder.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
