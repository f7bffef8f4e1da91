//! Known equations, asked for in several ways: how often the search finds them.
//!
//! | file | what happens there |
//! |---|---|
//! | `problem` | an equation, and how its points are drawn |
//! | `feynman`, `fastsrb` | the equations |
//! | `question` | what the search is given: values, directions, or a network |
//! | `row` | the record of one run |
//! | `plan`, `run` | the runs of a benchmark, and how they are made, several at once |
//! | `asking` | ways to ask for a formula, shared with problem files |
//! | `judge` | whether what was found is the equation |
//! | `summary` | rates with intervals, and every problem with its formula, failures first |

#[cfg(feature = "records")]
mod asking;
mod fastsrb;
mod feynman;
#[cfg(feature = "records")]
mod judge;
mod plan;
mod problem;
mod question;
mod row;
#[cfg(feature = "records")]
mod run;
mod summary;

#[cfg(feature = "records")]
pub(crate) use asking::{Flow, Found, by_directions, by_labels, by_model, by_network, by_values};
#[cfg(feature = "records")]
pub(crate) use judge::{ERROR_OF_NETWORK, Judge};
pub use plan::BenchmarkPlan;
pub use problem::{Problem, ProblemSet, Range};
pub use question::{Question, Source};
pub use row::{BenchmarkRow, Finding};
#[cfg(feature = "records")]
pub use run::{BenchmarkProgress, read_benchmark, run_benchmark};
pub use summary::{BenchmarkLine, BenchmarkSummary};
