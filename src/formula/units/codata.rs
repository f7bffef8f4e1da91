//! The constants of nature that numbers in a formula may be.

use super::exponent::Exponent;
use super::{FormulaUnit, Unit, Units};
use crate::formula::Expression;
use crate::numerics::{n_digits, rounded};
use serde::Serialize;
use std::f64::consts::PI;

/// Symbols, names, values and units: CODATA 2022 (Mohr, Newell, Taylor and Tiesinga 2024), and the
/// standard acceleration of gravity, which is a convention.
const CONSTANTS: [(&str, &str, f64, &str); 24] = [
    ("c", "speed of light in vacuum", 299_792_458.0, "m/s"),
    ("h", "Planck constant", 6.626_070_15e-34, "J*s"),
    (
        "hbar",
        "reduced Planck constant",
        1.054_571_817_646e-34,
        "J*s",
    ),
    (
        "G",
        "Newtonian constant of gravitation",
        6.674_30e-11,
        "m^3/(kg*s^2)",
    ),
    ("g", "standard acceleration of gravity", 9.806_65, "m/s^2"),
    ("e", "elementary charge", 1.602_176_634e-19, "C"),
    ("k_B", "Boltzmann constant", 1.380_649e-23, "J/K"),
    ("N_A", "Avogadro constant", 6.022_140_76e23, "1/mol"),
    ("R", "molar gas constant", 8.314_462_618, "J/(mol*K)"),
    ("F", "Faraday constant", 96_485.332_12, "C/mol"),
    (
        "epsilon_0",
        "vacuum electric permittivity",
        8.854_187_818_8e-12,
        "F/m",
    ),
    (
        "mu_0",
        "vacuum magnetic permeability",
        1.256_637_061_27e-6,
        "N/A^2",
    ),
    ("k_e", "Coulomb constant", 8.987_551_786_2e9, "N*m^2/C^2"),
    (
        "sigma",
        "Stefan-Boltzmann constant",
        5.670_374_419e-8,
        "W/(m^2*K^4)",
    ),
    (
        "b",
        "Wien wavelength displacement constant",
        2.897_771_955e-3,
        "m*K",
    ),
    ("m_e", "electron mass", 9.109_383_713_9e-31, "kg"),
    ("m_p", "proton mass", 1.672_621_925_95e-27, "kg"),
    ("m_n", "neutron mass", 1.674_927_500_56e-27, "kg"),
    ("u", "atomic mass constant", 1.660_539_068_92e-27, "kg"),
    ("a_0", "Bohr radius", 5.291_772_105_44e-11, "m"),
    ("R_inf", "Rydberg constant", 10_973_731.568_157, "1/m"),
    ("mu_B", "Bohr magneton", 9.274_010_065_7e-24, "J/T"),
    ("Phi_0", "magnetic flux quantum", 2.067_833_848e-15, "Wb"),
    (
        "Z_0",
        "characteristic impedance of vacuum",
        376.730_313_412,
        "Ohm",
    ),
];

/// What constants are multiplied by in formulas of physics, with its text.
const FACTORS: [(&str, f64); 11] = [
    ("", 1.0),
    ("2*", 2.0),
    ("1/2*", 0.5),
    ("3/2*", 1.5),
    ("pi*", PI),
    ("2*pi*", 2.0 * PI),
    ("4*pi*", 4.0 * PI),
    ("8*pi*", 8.0 * PI),
    ("1/pi*", 1.0 / PI),
    ("1/(2*pi)*", 0.5 / PI),
    ("1/(4*pi)*", 0.25 / PI),
];

/// The powers of a constant that are looked for.
const POWERS: [(&str, i32); 4] = [("", 1), ("**2", 2), ("**(-1)", -1), ("**(-2)", -2)];

/// The least number of significant digits of a number that is named. With two, one number in 90 has
/// the digits of a given constant; with four, 9.81 is no longer named.
const LEAST_DIGITS: usize = 3;

/// A number in a formula that is a constant of nature.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConstantOfNature {
    /// The number in the formula.
    pub number: f64,
    /// What it is, in the constant's symbol: `G`, `c**2`, `1/(4*pi)*epsilon_0**(-1)`.
    pub text: String,
    /// The name of the constant.
    pub name: &'static str,
    /// The value of the constant.
    pub value: f64,
    /// The constant's unit.
    pub unit: &'static str,
}

impl std::fmt::Display for ConstantOfNature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            number,
            text,
            name,
            value,
            unit,
        } = self;
        write!(f, "{number} is {text}, with the {name}, {value} {unit}")
    }
}

impl ConstantOfNature {
    /// The numbers of a formula that are constants of nature, in the order of its text.
    ///
    /// A number is one if the constant, its square, or a multiple such as `2*pi` of it agrees with all
    /// of the number's digits, at least three, and if the formula has the target's unit exactly when
    /// the number has the constant's. So without a unit for the target none is named.
    ///
    /// ```
    /// use closedform::Expression;
    /// use closedform::formula::{ConstantOfNature, Unit, Units};
    ///
    /// let names = ["m1", "m2", "r"].map(String::from);
    /// let units = Units {
    ///     target: Some(Unit::parse("N")?),
    ///     ..Units::new(Units::parse_list("kg, kg, m", &names)?)
    /// };
    /// let formula = Expression::parse("6.674e-11*m1*m2/r**2", &names)?;
    /// let found = ConstantOfNature::in_formula(&formula, &units, &names);
    /// assert_eq!(found[0].name, "Newtonian constant of gravitation");
    /// # Ok::<(), closedform::Error>(())
    /// ```
    pub fn in_formula(formula: &Expression, units: &Units, names: &[String]) -> Vec<Self> {
        let Some(target) = &units.target else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for place in 0..formula.clone().numbers_mut().len() {
            let mut opened = formula.clone();
            let unknown = Expression::Variable(names.len());
            let number = std::mem::replace(opened.numbers_mut()[place], unknown);
            let Expression::Constant(number) = number else {
                continue;
            };
            let has_its_unit = |unit: &Unit| {
                let mut units = units.clone();
                units.features.push(unit.clone());
                let names = [names, &["constant".to_string()]].concat();
                units.unit_of(&opened, &names) == FormulaUnit::Known(target.clone())
            };
            found.extend(
                candidates(number)
                    .find_map(|(candidate, unit)| has_its_unit(&unit).then_some(candidate)),
            );
        }
        found
    }
}

/// The constants that agree with all digits of a number, with the units that it would have.
fn candidates(number: f64) -> impl Iterator<Item = (ConstantOfNature, Unit)> {
    let n_digits = n_digits(number);
    let of_power = move |(suffix, power): (&'static str, i32)| {
        FACTORS.into_iter().flat_map(move |(prefix, factor)| {
            CONSTANTS
                .into_iter()
                .filter_map(move |(symbol, name, value, unit)| {
                    let exact = factor * value.powi(power);
                    let is_near = rounded(exact, n_digits) == number.abs();
                    let parsed = Unit::parse(unit).ok()?.to_power(Exponent::whole(power))?;
                    is_near.then(|| {
                        let constant = ConstantOfNature {
                            number,
                            text: format!("{prefix}{symbol}{suffix}"),
                            name,
                            value,
                            unit,
                        };
                        (constant, parsed)
                    })
                })
        })
    };
    let powers = POWERS.into_iter().filter(move |_| n_digits >= LEAST_DIGITS);
    powers.flat_map(of_power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(formula: &str, features: &str, target: &str) -> Vec<String> {
        let names = ["a", "b", "c"].map(String::from);
        let units = Units {
            target: Some(Unit::parse(target).unwrap()),
            ..Units::new(Units::parse_list(features, &names).unwrap())
        };
        let formula = Expression::parse(formula, &names).unwrap();
        let found = ConstantOfNature::in_formula(&formula, &units, &names);
        found.into_iter().map(|constant| constant.text).collect()
    }

    #[test]
    fn every_constant_has_a_unit_of_the_si() {
        for (symbol, .., unit) in CONSTANTS {
            assert!(Unit::parse(unit).is_ok(), "{symbol}");
        }
    }

    #[test]
    fn numbers_are_constants_if_digits_and_units_agree() {
        assert_eq!(named("8.98755e16*a", "kg, 1, 1", "J"), ["c**2"]);
        assert_eq!(named("19.6133*a*b", "m, 1, 1", "m^2/s^2"), ["2*g"]);
        assert_eq!(named("8.314*a*b/c", "mol, K, m^3", "Pa"), ["R"]);
        assert_eq!(
            named("a*exp(-b/(1.380649e-23*c))", "1/s, J, K", "1/s"),
            ["k_B"]
        );
        // The wrong unit, too few digits, other digits.
        assert!(named("8.314*a*b/c", "mol, K, m^2", "Pa").is_empty());
        assert!(named("8.3*a*b/c", "mol, K, m^3", "Pa").is_empty());
        assert!(named("8.316*a*b/c", "mol, K, m^3", "Pa").is_empty());
    }
}
