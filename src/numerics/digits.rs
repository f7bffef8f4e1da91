//! How people write numbers: in digits, and as fractions in lowest terms.

/// The digits of a double that a computation leaves exact.
const EXACT_DIGITS: usize = 15;

/// The number of significant decimal digits, without leading and trailing zeros.
pub(crate) fn n_digits(number: f64) -> usize {
    digits_and_order(number).0
}

/// The significant decimal digits, and the power of ten of the first.
pub(crate) fn digits_and_order(number: f64) -> (usize, i32) {
    let text = format!("{:e}", number.abs());
    let (mantissa, order) = text.split_once('e').unwrap_or((&text, "0"));
    let n_digits = mantissa.chars().filter(char::is_ascii_digit).count();
    (n_digits, order.parse().unwrap_or(0))
}

/// The greatest number that divides both; the other one where one of them is 0.
pub(crate) fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The number without the last digits if they are a computation's: 6.674e-11 where 1/(1/6.674e-11)
/// gives 6.6740000000000006e-11.
pub(crate) fn shortest(number: f64) -> f64 {
    let exact = rounded(number, EXACT_DIGITS);
    if exact.is_finite() && n_digits(exact) < EXACT_DIGITS {
        exact
    } else {
        number
    }
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
