//! What needs libtorch: training, importing and interpreting networks.

#[path = "../support/quadratic.rs"]
mod by_hand;
#[path = "../support/figures.rs"]
mod drawn;
#[path = "../support/odd.rs"]
mod odd;
#[path = "../support/reference.rs"]
mod reference;
#[path = "../support/network.rs"]
mod small;
#[path = "../support/mod.rs"]
mod support;

mod boundary;
mod certificate;
mod classes;
mod figures;
mod foreign_models;
mod hostile_files;
mod imported_networks;
mod learned;
mod links;
mod network_gradients;
mod neurons;
mod no_panics;
mod noisy_tables;
mod polynomials_or_networks;
mod rebuild;
mod recovery_from_networks;
mod refusals;
mod regressors;
mod saved_networks;
mod scripted_networks;
mod tuning;
mod weight_constraints;

/// The project's folder.
const ROOT: &str = env!("CARGO_MANIFEST_DIR");
