//! Results for people and programs: JSON, HTML pages, notebook display, and formulas as code in
//! other languages.

mod classes;
mod display;
mod export;
mod given;
mod json;
#[cfg(feature = "plots")]
mod page;

pub use classes::ClassesReport;
pub use export::{Export, FormulaTree, Language, front_to_latex};
pub use given::Given;
pub use json::{FrontRow, HeldOutShare, LinkReport, Report, RunnerUp, Undone};
