//! Results as people and programs read them: JSON, notebook display, files, formulas to take away.

mod display;
mod export;
mod json;
#[cfg(feature = "plots")]
mod page;

pub use export::{Export, FormulaTree, Language};
pub use json::{FrontRow, LinkReport, Report, RunnerUp};
