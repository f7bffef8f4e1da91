//! Problems as files: what to search for, how, and what to vary.
//!
//! | file | what happens there |
//! |---|---|
//! | `keys` | what a file may say, and which values are allowed |
//! | `file` | reads a file, and checks all of it before anything runs |
//! | `plan` | the runs, in order: each is worked out from its number |
//! | `settings` | what the settings of a run mean for the library |
//! | `sample`, `make` | the rows of a run, and what comes of it |
//! | `estimate` | time and memory, roughly |

mod estimate;
mod file;
mod keys;
mod make;
mod plan;
mod sample;
mod settings;

pub use estimate::Estimate;
pub(crate) use make::Maker;
pub use make::Measures;
pub(crate) use plan::Values;
pub use plan::{Plan, Run};

/// A commented problem file that runs as it stands.
pub const EXAMPLE: &str = include_str!("example.toml");
