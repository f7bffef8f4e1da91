//! Numbers with a name: fractions, and multiples of pi, e, log(2) and small roots.

use super::{Expression, Operator};
use crate::numerics::greatest_common_divisor;
use std::f64::consts::{E, LN_2, PI, SQRT_2};
use std::sync::LazyLock;

/// The largest product of the two whole numbers of a name `above/below * unit`: 64 gives 12*pi,
/// pi/32 and 8/3*pi. Half of it loses numbers such as 1/(16*pi**2), and twice as much doubles the
/// number of names, so that one lies near any number of five digits.
const MAX_PRODUCT: u32 = 64;

/// The largest denominator of a fraction without a unit.
const MAX_DENOMINATOR: u32 = 12;

/// The largest numerator of a fraction without a unit.
const MAX_NUMERATOR: u32 = 1000;

/// Two numbers are the same if they differ by a smaller share: what a few roundings in double
/// precision leave.
const ROUNDING: f64 = 1e-15;

/// A number that a person would write as `above/below`, times or divided by a unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Named {
    pub above: u32,
    pub below: u32,
    /// The unit, and whether the number is divided by it; none for a fraction.
    unit: Option<(&'static Unit, bool)>,
}

/// An irrational number with a name of its own, and the factors that it is written with.
#[derive(Debug, PartialEq)]
struct Unit {
    value: f64,
    factors: Vec<(Expression, f64)>,
}

/// The units: pi, its square and its root, times the root of 2 or 3, e, or log(2).
static UNITS: LazyLock<Vec<Unit>> = LazyLock::new(|| {
    let constant = Expression::constant;
    let function = |operator, argument| vec![(Expression::unary(operator, argument), 1.0)];
    let powers = [
        (1.0, Vec::new()),
        (PI, vec![(constant(PI), 1.0)]),
        (PI * PI, vec![(constant(PI), 2.0)]),
        (PI.sqrt(), function(Operator::Sqrt, constant(PI))),
    ];
    let others = [
        (1.0, Vec::new()),
        (SQRT_2, function(Operator::Sqrt, constant(2.0))),
        (3f64.sqrt(), function(Operator::Sqrt, constant(3.0))),
        (E, vec![(constant(E), 1.0)]),
        (LN_2, function(Operator::Log, constant(2.0))),
    ];
    let products = powers.iter().flat_map(|(power, first)| {
        others.iter().map(move |(other, second)| Unit {
            value: power * other,
            factors: [first.clone(), second.clone()].concat(),
        })
    });
    // The first product is 1.
    products.skip(1).collect()
});

/// The multiples of units, the least first.
static NAMES: LazyLock<Vec<(f64, Named)>> = LazyLock::new(|| {
    let mut names = Vec::new();
    for above in 1..=MAX_PRODUCT {
        for below in (1..=MAX_PRODUCT / above).filter(|below| are_coprime(above, *below)) {
            let units = UNITS.iter().flat_map(|unit| [(unit, false), (unit, true)]);
            // 1/sqrt(2) is sqrt(2)/2.
            let units = units.filter(|(unit, is_divisor)| !(unit.is_root() && *is_divisor));
            names.extend(units.map(|unit| {
                let unit = Some(unit);
                let name = Named { above, below, unit };
                (name.value(), name)
            }));
        }
    }
    names.sort_by(|a, b| a.0.total_cmp(&b.0));
    names
});

fn are_coprime(a: u32, b: u32) -> bool {
    greatest_common_divisor(a.into(), b.into()) == 1
}

impl Unit {
    /// Whether it is the root of a whole number.
    fn is_root(&self) -> bool {
        let square = self.value * self.value;
        (square - square.round()).abs() < 1e-9
    }
}

impl Named {
    /// The name of a number; its sign is left out.
    pub fn of(number: f64) -> Option<Self> {
        Self::near(number.abs(), ROUNDING).next()
    }

    /// A fraction and the multiples of units that differ from a positive number by at most this share.
    pub fn near(number: f64, share: f64) -> impl Iterator<Item = Self> {
        let first = NAMES.partition_point(|(value, _)| *value < number * (1.0 - share));
        let near = NAMES[first..].iter();
        let near = near.take_while(move |(value, _)| *value <= number * (1.0 + share));
        let fraction = Self::fraction(number, share).into_iter();
        fraction.chain(near.map(|(_, name)| *name))
    }

    /// A fraction that no decimal number shows.
    fn fraction(number: f64, share: f64) -> Option<Self> {
        (3..=MAX_DENOMINATOR).find_map(|below| {
            let above = (number * f64::from(below)).round();
            let is_equal = (above / f64::from(below) / number - 1.0).abs() <= share;
            // Fractions such as 3/8 are short decimal numbers.
            let is_decimal = [4, 5, 8, 10].contains(&below);
            let is_fraction = is_equal && above <= f64::from(MAX_NUMERATOR) && !is_decimal;
            (is_fraction && above >= 1.0 && are_coprime(above as u32, below)).then_some(Self {
                above: above as u32,
                below,
                unit: None,
            })
        })
    }

    /// The number.
    pub fn value(self) -> f64 {
        let fraction = f64::from(self.above) / f64::from(self.below);
        match self.unit {
            Some((unit, true)) => fraction / unit.value,
            Some((unit, false)) => f64::from(self.above) * unit.value / f64::from(self.below),
            None => fraction,
        }
    }

    /// The factors of the unit above and below the fraction bar.
    pub fn factors(self) -> [&'static [(Expression, f64)]; 2] {
        match self.unit {
            Some((unit, true)) => [&[], &unit.factors],
            Some((unit, false)) => [&unit.factors, &[]],
            None => [&[], &[]],
        }
    }

    /// The digits of the whole numbers other than 1.
    pub fn n_digits(self) -> usize {
        let numbers = [self.above, self.below].into_iter();
        let written = numbers.filter(|number| *number != 1);
        written.map(|number| number.to_string().len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(number: f64) -> String {
        Expression::constant(number).to_string()
    }

    #[test]
    fn numbers_are_written_by_their_names() {
        let cases = [
            (10.0 * PI, "10*pi"),
            (1.0 / (4.0 * PI), "1/(4*pi)"),
            (-PI / 2.0, "-pi/2"),
            (1.0 / 3.0, "1/3"),
            (3.0 / 7.0, "3/7"),
            (3.0 * LN_2, "3*log(2)"),
            (SQRT_2 / 2.0, "sqrt(2)/2"),
            (1.0 / (2.0 * PI).sqrt(), "1/(sqrt(2)*sqrt(pi))"),
            (4.0 / 3.0 * PI, "4*pi/3"),
            (PI * PI / 6.0, "pi**2/6"),
            (0.375, "0.375"),
            (9.4247, "9.4247"),
        ];
        for (number, text) in cases {
            assert_eq!(written(number), text);
            let read: Expression = text.parse().unwrap();
            assert!((read.value(&[]) / number - 1.0).abs() < 1e-15, "{text}");
        }
    }

    #[test]
    fn no_two_names_are_one_number() {
        for pair in NAMES.windows(2) {
            let ratio = pair[1].0 / pair[0].0 - 1.0;
            assert!(ratio > 1e-12, "{:?} {:?}", pair[0], pair[1]);
        }
    }
}
