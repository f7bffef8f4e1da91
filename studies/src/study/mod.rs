//! The study: the whole pipeline on every experiment with many seeds, and how often it finds the
//! truth.
//!
//! | file | what happens there |
//! |---|---|
//! | `recipe` | ways to train, compared by how faithful their networks' gradients are |
//! | `row` | what is kept of a run |
//! | `plan`, `run` | which runs there are, and how they are made, some at once |
//! | `table` | rows as Parquet and CSV |
//! | `summary`, `display` | rates with intervals, medians, formulas; as text |

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
pub use recipe::{DirectionErrors, Recipe, RecipeRun};
pub use row::{Outcome, RunSettings, StudyRow};
#[cfg(feature = "records")]
pub use run::{FinishedRun, StudyProgress, run_study};
pub use summary::{StudyGroup, StudyLine, StudySummary, structure_rate};
#[cfg(feature = "records")]
pub use table::read_study;
