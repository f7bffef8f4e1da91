//! Formulas evaluated over many points: values, input derivatives and mixed derivatives, in
//! vector instructions.

mod elementary;
mod number;
mod tape;

pub(crate) use number::{Number, central_difference, powi_slope};
pub(crate) use tape::thinned;
pub use tape::{Columns, Evaluation, Evaluator, Tape};
