//! Runs the whole pipeline on every experiment with many seeds, and measures how often it finds the
//! truth.
//!
//! | file | what happens there |
//! |---|---|
//! | `recipe` | training recipes, compared by how faithful their networks' gradients are |
//! | `row` | the record of one run |
//! | `plan`, `run` | the runs of a study, and how they are made, several at once |
//! | `table` | rows as Parquet and CSV |
//! | `summary`, `display` | rates with intervals, medians and formulas, and their text |

mod display;
#[cfg(feature = "records")]
mod plan;
mod recipe;
mod row;
#[cfg(feature = "records")]
mod run;
mod summary;
#[cfg(feature = "records")]
mod table;

#[cfg(feature = "records")]
pub use plan::StudyPlan;
#[cfg(feature = "records")]
pub(crate) use plan::experiment_options;
pub use recipe::{DirectionErrors, Recipe, RecipeRun};
pub use row::{Outcome, RunSettings, StudyRow};
#[cfg(feature = "records")]
pub(crate) use run::run_experiment;
#[cfg(feature = "records")]
pub use run::{FinishedRun, StudyProgress, run_study};
pub use summary::{StudyGroup, StudyLine, StudySummary, structure_rate};
#[cfg(feature = "records")]
pub use table::read_study;
