//! Formulas: what they are made of, how they are read and written, what they cost, and which are
//! allowed.

mod complexity;
mod constraints;
mod expression;
mod mathml;
mod notation;
mod operator;
mod parse;
mod units;

pub use complexity::Complexity;
pub use constraints::{Constraints, Inside, Nesting, Template};
pub use expression::Expression;
pub use operator::Operator;
pub(crate) use operator::check_operators;
pub use units::{ConstantUnits, FormulaUnit, Unit, UnitPolicy, Units};
pub(crate) use units::{Dimension, Dimensions};
