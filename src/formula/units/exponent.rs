//! Exponents of units. They are rational numbers, because the square root of a metre has 1/2.

use crate::numerics::greatest_common_divisor;

/// The largest denominator of a number's exponent.
const MAX_DENOMINATOR: i32 = 1000;
/// How far a multiple of a number may be from a whole one: the rounding error of 2/3.
const NEAR_WHOLE: f64 = 1e-9;

/// A rational number in lowest terms with a positive denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Exponent {
    numerator: i32,
    denominator: i32,
}

impl Exponent {
    pub const ONE: Self = Self::whole(1);
    pub const HALF: Self = Self {
        numerator: 1,
        denominator: 2,
    };

    pub const fn whole(number: i32) -> Self {
        Self {
            numerator: number,
            denominator: 1,
        }
    }

    /// The quotient; none if the divisor is 0 or a part is too large in lowest terms.
    pub fn new(numerator: i64, denominator: i64) -> Option<Self> {
        let parts = [numerator, denominator].map(i64::unsigned_abs);
        let divisor = i64::try_from(greatest_common_divisor(parts[0], parts[1])).ok()?;
        let divisor = divisor * denominator.signum();
        let small = |part: i64| i32::try_from(part.checked_div(divisor)?).ok();
        // The magnitude of the lowest number doesn't fit.
        let numerator = small(numerator).filter(|numerator| *numerator > i32::MIN)?;
        Some(Self {
            numerator,
            denominator: small(denominator)?,
        })
    }

    /// A number of few digits, or another one to three digits behind the point; none if it is too
    /// large.
    pub fn near(value: f64) -> Option<Self> {
        let is_near = |below: &i32| {
            let above = value * f64::from(*below);
            (above - above.round()).abs() < NEAR_WHOLE
        };
        let below = (1..MAX_DENOMINATOR)
            .find(is_near)
            .unwrap_or(MAX_DENOMINATOR);
        let above = (value * f64::from(below)).round();
        Self::new(above as i64, below.into())
    }

    pub fn plus(self, other: Self) -> Option<Self> {
        let (a, b) = (i64::from(self.numerator), i64::from(self.denominator));
        let (c, d) = (i64::from(other.numerator), i64::from(other.denominator));
        Self::new(a * d + c * b, b * d)
    }

    pub fn times(self, other: Self) -> Option<Self> {
        Self::new(
            i64::from(self.numerator) * i64::from(other.numerator),
            i64::from(self.denominator) * i64::from(other.denominator),
        )
    }

    pub fn is_zero(self) -> bool {
        self.numerator == 0
    }

    pub fn is_negative(self) -> bool {
        self.numerator < 0
    }

    pub fn magnitude(self) -> Self {
        Self {
            numerator: self.numerator.abs(),
            ..self
        }
    }

    pub fn to_f64(self) -> f64 {
        f64::from(self.numerator) / f64::from(self.denominator)
    }
}

impl std::fmt::Display for Exponent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.denominator {
            1 => write!(f, "{}", self.numerator),
            denominator => write!(f, "({}/{denominator})", self.numerator),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_numbers_become_fractions() {
        for (value, text) in [
            (0.75, "(3/4)"),
            (2.0 / 3.0, "(2/3)"),
            (-2.5, "(-5/2)"),
            (3.0, "3"),
            (0.7483621, "(187/250)"),
        ] {
            assert_eq!(Exponent::near(value).unwrap().to_string(), text);
        }
        assert_eq!(Exponent::near(1e12), None);
    }
}
