//! Formulas: their parts, how they are read and written, their complexity, and constraints on them.

mod complexity;
mod constraints;
mod evaluation;
mod expression;
mod gradient;
mod mathml;
pub(crate) mod monomials;
mod named;
mod notation;
mod operator;
mod parse;
mod sameness;
pub(crate) mod simplification;
mod units;

pub use complexity::Complexity;
pub use constraints::{Constraints, Inside, Nesting, Template};
pub(crate) use evaluation::thinned;
pub use evaluation::{Columns, Evaluation, Evaluator, Tape};
pub(crate) use expression::numbered;
pub use expression::{Arguments, Expression};
pub(crate) use named::Named;
pub use operator::Operator;
pub(crate) use operator::check_operators;
pub(crate) use sameness::Sameness;
pub(crate) use simplification::Simplifier;
pub use simplification::Stripped;
pub use units::{ConstantOfNature, ConstantUnits, FormulaUnit, Unit, UnitPolicy, Units};
pub(crate) use units::{Dimension, Dimensions};
