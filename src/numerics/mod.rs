//! Numerical methods: linear algebra, statistics, and functions that the standard library doesn't
//! have.

mod digits;
mod dot;
pub(crate) mod eigen;
mod elementary;
pub(crate) mod least_squares;
mod number;
mod projection;
mod rate;
mod special;
mod statistics;

pub(crate) use digits::{
    digits_and_order, greatest_common_divisor, n_digits, rounded, short, shortest,
};
pub(crate) use dot::{dot, weighted_dot};
pub(crate) use number::{Lane, Number, Tangent, central_difference, pow_slopes, powi_slope};
pub(crate) use projection::without;
pub use rate::Rate;
pub(crate) use special::{sigmoid, softplus};
pub(crate) use statistics::range;
pub(crate) use statistics::{mean, median, outlying};
pub use statistics::{share_explained, spearman};
