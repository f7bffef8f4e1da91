//! Units of columns and formulas, which exclude formulas that can't be right.

mod codata;
mod dimension;
mod exponent;
mod names;
mod parse;
mod unit;

pub use codata::ConstantOfNature;
pub(crate) use dimension::{Dimension, Dimensions};
pub use unit::Unit;

use super::Expression;
use crate::error::{Error, Result};

/// The units of a search's features and target, and the treatment of formulas with inconsistent
/// units.
///
/// Summands must have the same unit, and functions such as `sin` and `exp` take plain numbers.
/// [`ConstantUnits`] decides whether numbers may have units; PySR has the same switch (Cranmer
/// 2023, *Interpretable Machine Learning for Science with PySR and SymbolicRegression.jl*). The
/// search doesn't even try terms that can't be right, an idea of Tenachi, Ibata and Diakogiannis
/// 2023, *Deep Symbolic Regression for Physics Guided by Units Constraints*, section 3.
///
/// ```
/// use closedform::Expression;
/// use closedform::formula::Units;
///
/// let names = ["m", "v", "h"].map(String::from);
/// let units = Units::new(Units::parse_list("kg, m/s, m", &names)?);
/// let unit_of = |text: &str| units.unit_of(&Expression::parse(text, &names).unwrap(), &names);
/// assert_eq!(unit_of("m*v**2").to_string(), "kg*m^2/s^2");
/// assert_eq!(unit_of("v**2 + 9.81*h").to_string(), "m^2/s^2", "9.81 m/s^2");
/// assert_eq!(unit_of("m**0.75").to_string(), "kg^(3/4)");
/// assert_eq!(unit_of("v + h").to_string(), "inconsistent");
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Units {
    /// The unit of each feature, `(n_features,)`.
    pub features: Vec<Unit>,
    /// The unit of the target, which the whole formula must then have. Directions and labels
    /// determine a formula only up to a factor, so for them there is none.
    pub target: Option<Unit>,
    /// Whether numbers in formulas may have units.
    pub constants: ConstantUnits,
    /// The treatment of formulas with inconsistent units.
    pub policy: UnitPolicy,
}

/// Whether the numbers in a formula may have units.
///
/// A 0 has every unit. The threshold of a formula for labels has the unit of the formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ConstantUnits {
    /// Every number that is written may have a unit, except 1 and -1, which aren't written before a
    /// term. In `v**2 + 9.81*h` the number is an acceleration. Physical laws have such constants,
    /// and the data don't say what their units are.
    #[default]
    Free,
    /// All numbers are plain, so each summand must have the right unit without their help. This is
    /// right if all relevant quantities are among the features, and then it helps a lot.
    Dimensionless,
}

/// The treatment of formulas with inconsistent units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnitPolicy {
    /// They are not tried.
    #[default]
    Exclude,
    /// This number is added to their complexity.
    Penalize(usize),
}

/// The unit of a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormulaUnit {
    /// The formula has this unit.
    Known(Unit),
    /// The formula can have any unit, because a number in it can carry one.
    Any,
    /// The formula has no unit; the text names the part with inconsistent units.
    Inconsistent(String),
}

impl std::fmt::Display for FormulaUnit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Known(unit) => unit.fmt(f),
            Self::Any => f.write_str("any"),
            Self::Inconsistent(_) => f.write_str("inconsistent"),
        }
    }
}

/// The default surcharge on the complexity. It is outweighed if the loss is lower by a factor of 7.
const USUAL_SURCHARGE: usize = 10;

impl UnitPolicy {
    /// Reads `exclude`, `penalize` (by 10) or `penalize=20`.
    ///
    /// # Errors
    /// Another word, or a number outside 1 to 200.
    pub fn parse(text: &str) -> Result<Self> {
        match text.split_once('=').unwrap_or((text, "")) {
            ("exclude", "") => Ok(Self::Exclude),
            ("penalize", "") if !text.contains('=') => Ok(Self::Penalize(USUAL_SURCHARGE)),
            ("penalize", number) if number.parse().is_ok_and(is_surcharge) => {
                Ok(Self::Penalize(number.parse().unwrap_or(USUAL_SURCHARGE)))
            }
            _ => Err(Error::parameter(
                "the policy for inconsistent units",
                format!("\"{text}\""),
                "exclude, penalize, or penalize=N with a whole number from 1 to 200",
            )),
        }
    }
}

fn is_surcharge(number: usize) -> bool {
    (1..=200).contains(&number)
}

impl Units {
    /// The units of the features, with defaults for everything else.
    pub fn new(features: Vec<Unit>) -> Self {
        Self {
            features,
            target: None,
            constants: ConstantUnits::default(),
            policy: UnitPolicy::default(),
        }
    }

    /// Reads a unit for every feature: in their order as `m, s, kg, 1`, or by name as `x=m, t=s`.
    ///
    /// # Errors
    /// A unit that can't be read, a feature with no unit or with several, or an unknown feature.
    pub fn parse_list(text: &str, feature_names: &[String]) -> Result<Vec<Unit>> {
        let refuse = |value: String, allowed: String| Error::parameter("units", value, allowed);
        let entries: Vec<&str> = text.split(',').map(str::trim).collect();
        if !text.contains('=') {
            if entries.len() != feature_names.len() {
                return Err(refuse(
                    format!("a list of {}", entries.len()),
                    format!(
                        "one for each of the {} features {} (1 for none)",
                        feature_names.len(),
                        feature_names.join(", ")
                    ),
                ));
            }
            let pairs = entries.iter().zip(feature_names);
            return pairs.map(|(unit, name)| of_feature(unit, name)).collect();
        }
        let mut units: Vec<Option<Unit>> = vec![None; feature_names.len()];
        for entry in entries {
            let (name, unit) = entry.split_once('=').ok_or_else(|| {
                refuse(
                    format!("\"{entry}\""),
                    "FEATURE=UNIT like the others".into(),
                )
            })?;
            let name = name.trim();
            let place = feature_names.iter().position(|known| known == name);
            let place = place.ok_or_else(|| {
                let names = feature_names.join(", ");
                refuse(
                    format!("\"{entry}\""),
                    format!("of features of the data: {names}"),
                )
            })?;
            if units[place].is_some() {
                let allowed = format!("one for each feature; {name} has two");
                return Err(refuse(format!("\"{text}\""), allowed));
            }
            units[place] = Some(of_feature(unit, name)?);
        }
        let all = units.into_iter().zip(feature_names);
        let all = all.map(|(unit, name)| {
            unit.ok_or_else(|| {
                let allowed = format!("one for each feature; {name} has none (write {name}=1)");
                refuse(format!("\"{text}\""), allowed)
            })
        });
        all.collect()
    }

    /// The unit of a formula. `feature_names` `(n_features,)` are used in the reason why it has
    /// none.
    ///
    /// A formula that can have any unit has the target's unit, if there is one.
    pub fn unit_of(&self, formula: &Expression, feature_names: &[String]) -> FormulaUnit {
        Dimensions::new(self, false).unit_of(formula, feature_names)
    }

    /// Refuses units that don't fit the features, and a target that no formula can have.
    pub(crate) fn check(&self, feature_names: &[String], is_scale_free: bool) -> Result<()> {
        if self.features.len() != feature_names.len() {
            return Err(Error::parameter(
                "units",
                format!("a list of {}", self.features.len()),
                format!("one for each of the {} features", feature_names.len()),
            ));
        }
        if let UnitPolicy::Penalize(number) = self.policy
            && !is_surcharge(number)
        {
            let allowed = "between 1 and 200";
            return Err(Error::parameter("the penalty for units", number, allowed));
        }
        self.check_scales()?;
        let Some(target) = &self.target else {
            return Ok(());
        };
        if is_scale_free {
            return Err(Error::parameter(
                "the target's unit",
                target,
                "left out: directions and labels don't determine a formula's factor, nor its unit",
            ));
        }
        let must_be_reached =
            self.constants == ConstantUnits::Dimensionless && self.policy == UnitPolicy::Exclude;
        if must_be_reached && !self.reaches(target) {
            Err(self.out_of_reach(target, feature_names))
        } else {
            Ok(())
        }
    }

    fn out_of_reach(&self, target: &Unit, feature_names: &[String]) -> Error {
        let features = feature_names.iter().zip(&self.features);
        let features: Vec<String> = features
            .map(|(name, unit)| format!("{name} ({unit})"))
            .collect();
        Error::NoFormula(format!(
            "no formula of {} has the target's unit {target} as long as numbers have no units; let \
             them have units (ConstantUnits::Free, no --dimensionless-constants), or add the missing \
             feature",
            features.join(", ")
        ))
    }

    /// Refuses a unit next to a multiple of it, such as `km` and `m`, which can't be added.
    pub(crate) fn check_scales(&self) -> Result<()> {
        let all = self.features.iter().chain(&self.target);
        let mut symbols: Vec<&str> = all.flat_map(Unit::symbols).collect();
        symbols.sort_unstable();
        symbols.dedup();
        for multiple in &symbols {
            let Some(name) = names::multiple_of(multiple) else {
                continue;
            };
            let si = |text: &str| Unit::parse(text).unwrap_or_default();
            let base = si(name);
            let is_beside = |other: &&&str| {
                let of = si(names::multiple_of(other).unwrap_or(other));
                *other != multiple && of.symbols().any(|part| base.exponent(part) != 0.0)
            };
            if let Some(other) = symbols.iter().find(is_beside) {
                return Err(Error::parameter(
                    "units",
                    format!("\"{multiple}\" beside \"{other}\""),
                    format!(
                        "in one scale: {multiple} is a multiple of {name}, and formulas don't \
                         convert units; convert a column"
                    ),
                ));
            }
        }
        Ok(())
    }

    /// Whether the target's unit is a product of powers of the features' units, for any powers.
    fn reaches(&self, target: &Unit) -> bool {
        let all = self.features.iter().chain([target]);
        let mut symbols: Vec<&str> = all.flat_map(Unit::symbols).collect();
        symbols.sort_unstable();
        symbols.dedup();
        let row = |unit: &Unit| -> Vec<f64> {
            symbols.iter().map(|symbol| unit.exponent(symbol)).collect()
        };
        // The part of each vector that is linearly independent of those before it.
        let mut known: Vec<Vec<f64>> = Vec::new();
        let mut rest = Vec::new();
        for unit in self.features.iter().chain([target]) {
            rest = row(unit);
            for other in &known {
                let dot =
                    |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
                let along = dot(&rest, other) / dot(other, other);
                rest.iter_mut()
                    .zip(other)
                    .for_each(|(r, o)| *r -= along * o);
            }
            if !is_nothing(&rest) {
                known.push(rest.clone());
            }
        }
        is_nothing(&rest)
    }
}

fn is_nothing(rest: &[f64]) -> bool {
    rest.iter().all(|part| part.abs() < 1e-6)
}

fn of_feature(unit: &str, name: &str) -> Result<Unit> {
    Unit::parse(unit).map_err(|error| error.at(format!("units, feature {name}")))
}
