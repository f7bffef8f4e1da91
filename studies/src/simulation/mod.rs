//! The simulation study of Morala et al. (2021). Networks are trained on random polynomials,
//! without and with a constraint that keeps potentials where the Taylor series converge. The study
//! measures how well their Taylor polynomials agree with them.
//!
//! | file | what happens there |
//! |---|---|
//! | `data` | a random polynomial, and points of it that are scaled to [-1, 1] |
//! | `plan`, `group` | all networks of a study; networks of one shape, which are trained together |
//! | `row` | the record of one network |
//! | `run`, `table` | runs group after group; keeps the rows as Parquet and CSV |
//! | `summary`, `display` | quartiles, and their text |

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
