//! Results for people and programs: JSON, HTML pages, notebook display, and formulas as code in
//! other languages.

mod display;
mod export;
mod given;
mod json;
#[cfg(feature = "plots")]
mod page;

pub use export::{Export, FormulaTree, Language};
pub use given::Given;
pub use json::{FrontRow, HeldOutShare, LinkReport, Report, RunnerUp};
