//! The simulation study of Morala et al. (2021): networks trained on random polynomials, and how
//! well the polynomials that their Taylor series give agree with them, without and with a
//! constraint that keeps potentials where the series hold.
//!
//! | file | what happens there |
//! |---|---|
//! | `data` | a random polynomial, and points of it scaled to [-1, 1] |
//! | `plan`, `group` | which networks there are; those of one shape, trained together |
//! | `row` | what is kept of a network |
//! | `run`, `table` | group after group, on disk as Parquet and CSV |
//! | `summary`, `display` | quartiles; as text |

mod data;
mod display;
mod group;
mod plan;
mod row;
#[cfg(feature = "records")]
mod run;
mod summary;
#[cfg(feature = "records")]
mod table;

pub use data::SimulatedData;
pub use group::{EXTENDED_RANGE, SimulationGroup};
pub use plan::SimulationPlan;
pub use row::{SimulationRow, SimulationSettings};
#[cfg(feature = "records")]
pub use run::{FinishedGroup, SimulationProgress, run_simulation};
pub use summary::{Quartiles, SimulationLine, SimulationSummary};
#[cfg(feature = "records")]
pub use table::read_simulation;
