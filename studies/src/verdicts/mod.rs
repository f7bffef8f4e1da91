//! What verdicts and intervals are worth: networks are trained on known truths, and what their
//! certificates say is compared with these.
//!
//! | file | what happens there |
//! |---|---|
//! | `truth` | the formulas that networks are trained on |
//! | `condition` | what makes a run easy or hard: rows, noise, correlated inputs, a rare class |
//! | `row` | the record of one run |
//! | `plan`, `run` | the runs, and how they are made, several at once |
//! | `summary` | how often verdicts are wrong, and how often intervals hold the truth |

mod condition;
mod plan;
mod row;
#[cfg(feature = "records")]
mod run;
mod summary;
mod truth;

pub use condition::Condition;
pub use plan::VerdictPlan;
pub use row::{Judged, VerdictCase, VerdictRow};
#[cfg(feature = "records")]
pub use run::{VerdictProgress, read_verdicts, run_verdicts};
pub use summary::{VerdictLine, VerdictSummary};
pub use truth::Truth;
