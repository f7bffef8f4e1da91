//! The study: the whole pipeline on every experiment with many seeds, and how often it finds the
//! truth.
//!
//! | file | what happens there |
//! |---|---|
//! | `recipe` | ways to train, compared by how faithful their networks' gradients are |
//! | `template`, `structure` | whether a formula has a truth's structure, constants aside |
//! | `judgement` | a formula against the truth, on fresh points |
//! | `row` | what is kept of a run |
//! | `plan`, `run` | which runs there are, and how they are made, some at once |
//! | `table` | rows as Parquet and CSV |
//! | `summary`, `display` | rates with intervals, medians, formulas; as text |

mod display;
mod judgement;
#[cfg(all(feature = "network", feature = "frames"))]
mod plan;
#[cfg(feature = "network")]
mod recipe;
mod row;
#[cfg(all(feature = "network", feature = "frames"))]
mod run;
mod structure;
mod summary;
#[cfg(feature = "frames")]
mod table;
mod template;

pub use judgement::{Judgement, Recovery};
#[cfg(all(feature = "network", feature = "frames"))]
pub use plan::StudyPlan;
#[cfg(feature = "network")]
pub use recipe::{DirectionErrors, Recipe, RecipeRun};
pub use row::{Outcome, RunSettings, StudyRow};
#[cfg(all(feature = "network", feature = "frames"))]
pub use run::{FinishedRun, StudyProgress, run_study};
pub use structure::structure_error;
pub use summary::{Rate, StudyGroup, StudyLine, StudySummary};
#[cfg(feature = "frames")]
pub use table::read_study;
