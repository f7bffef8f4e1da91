//! Whatever numbers, lengths and texts the public functions are given, they give a result or an
//! error, but no panic. A test here fails where one panics; what comes back doesn't matter.

mod data;
#[cfg(feature = "plots")]
mod drawings;
mod formulas;
mod models;
mod polynomials;
mod searches;
mod texts;
