//! Formulas: what they are made of, how they are read and written, what they cost, and which are
//! allowed.

mod complexity;
mod constraints;
mod expression;
mod mathml;
mod notation;
mod operator;
mod parse;

pub use complexity::Complexity;
pub use constraints::{Constraints, Inside, Nesting, Template};
pub use expression::Expression;
pub use operator::Operator;
pub(crate) use operator::check_operators;
