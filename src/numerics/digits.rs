//! How people write numbers: digits, and names such as pi.

use std::f64::consts::{E, PI, SQRT_2};

/// Whether a number has a name of its own, such as pi.
pub(crate) fn is_named(number: f64) -> bool {
    [PI, E, SQRT_2].contains(&number.abs())
}

/// The number of significant decimal digits, without leading and trailing zeros.
pub(crate) fn n_digits(number: f64) -> usize {
    let text = format!("{:e}", number.abs());
    let mantissa = text.split('e').next().unwrap_or_default();
    mantissa.chars().filter(char::is_ascii_digit).count()
}

/// A measured number as text, with four significant digits.
pub(crate) fn short(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 || (1e-4..1e6).contains(&size) {
        rounded(number, 4).to_string()
    } else {
        format!("{number:.3e}")
    }
}

/// The number rounded to `n_digits` significant decimal digits.
pub(crate) fn rounded(number: f64, n_digits: usize) -> f64 {
    format!("{number:.*e}", n_digits - 1)
        .parse()
        .unwrap_or(number)
}
