//! The library alone: formulas, search, polynomials, tables.

#[path = "../support/figures.rs"]
mod drawn;
#[cfg(feature = "tables")]
#[path = "../support/odd.rs"]
mod odd;
#[path = "../support/mod.rs"]
mod support;

mod activation_series;
mod black_boxes;
mod direction_loss;
mod economized;
#[cfg(feature = "tables")]
mod error_kinds;
mod evaluation;
mod experiments;
mod expression_gradients;
mod formula_text;
mod import_order;
mod network_polynomials;
#[cfg(feature = "tables")]
mod no_panics;
mod noisy_tables;
mod outliers;
mod polynomial;
mod polynomial_diagnostics;
#[cfg(feature = "plots")]
mod polynomial_figures;
mod polynomial_regression;
#[cfg(feature = "datasets")]
mod real_data;
mod recovery;
mod scaling_laws;
mod search_control;
mod structure;
mod symbolic_classification;
#[cfg(feature = "parquet")]
mod tables;
mod tables_as_they_come;
mod taken_away;
mod target_transforms;
mod turning;
#[cfg(all(feature = "excel", feature = "parquet"))]
mod typed_tables;
mod values_and_labels;
mod waves;
mod weights_and_groups;
mod wide_tables;
mod written_precision;

/// The project's folder.
const ROOT: &str = env!("CARGO_MANIFEST_DIR");
