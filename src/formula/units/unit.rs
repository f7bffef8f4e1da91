//! A single unit, and how it is written.

use super::exponent::Exponent;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A unit of measurement: a product of powers of base symbols, such as `kg*m/s^2`.
///
/// The SI's base units are base symbols, and its derived units (`N J W Pa Hz V C Ohm` and so on)
/// are products of these. Any other word is a base symbol of its own: `usd`, `people`, `km`.
/// Formulas have dimensions but no scales: they don't treat `km` as a multiple of `m`, so
/// [`Units`](super::Units) refuses the two together.
///
/// ```
/// use closedform::formula::Unit;
///
/// let force = Unit::parse("N")?;
/// assert_eq!(force, Unit::parse("kg m s^-2")?);
/// assert_eq!(force.to_string(), "kg*m/s^2");
/// assert!(Unit::parse("1")?.is_none());
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Unit {
    /// None of the exponents is 0.
    powers: BTreeMap<Arc<str>, Exponent>,
}

impl Unit {
    /// The unit of plain numbers, written `1`.
    pub fn none() -> Self {
        Self::default()
    }

    /// Whether this is the unit of plain numbers.
    pub fn is_none(&self) -> bool {
        self.powers.is_empty()
    }

    pub(super) fn base(symbol: &str) -> Self {
        Self {
            powers: BTreeMap::from([(symbol.into(), Exponent::ONE)]),
        }
    }

    /// The product; `None` if an exponent overflows.
    pub(crate) fn times(&self, other: &Self) -> Option<Self> {
        let mut product = self.clone();
        for (symbol, exponent) in &other.powers {
            let sum = match product.powers.get(symbol) {
                Some(own) => own.plus(*exponent)?,
                None => *exponent,
            };
            if sum.is_zero() {
                product.powers.remove(symbol)
            } else {
                product.powers.insert(symbol.clone(), sum)
            };
        }
        Some(product)
    }

    /// A power; `None` if an exponent overflows.
    pub(crate) fn to_power(&self, power: Exponent) -> Option<Self> {
        if power.is_zero() {
            return Some(Self::none());
        }
        let powers = self.powers.iter();
        let powers = powers.map(|(symbol, own)| Some((symbol.clone(), own.times(power)?)));
        Some(Self {
            powers: powers.collect::<Option<_>>()?,
        })
    }

    /// The base symbols in the unit.
    pub(super) fn symbols(&self) -> impl Iterator<Item = &str> {
        self.powers.keys().map(AsRef::as_ref)
    }

    /// The exponent of a base symbol; 0 if it isn't in the unit.
    pub(super) fn exponent(&self, symbol: &str) -> f64 {
        self.powers.get(symbol).map_or(0.0, |own| own.to_f64())
    }
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let side = |is_below: bool| -> Vec<String> {
            let powers = self.powers.iter();
            let powers = powers.filter(|(_, exponent)| exponent.is_negative() == is_below);
            let written = powers.map(|(symbol, exponent)| match exponent.magnitude() {
                Exponent::ONE => symbol.to_string(),
                magnitude => format!("{symbol}^{magnitude}"),
            });
            written.collect()
        };
        let (above, below) = (side(false), side(true));
        if above.is_empty() {
            f.write_str("1")?
        } else {
            f.write_str(&above.join("*"))?
        }
        match below.as_slice() {
            [] => Ok(()),
            [one] => write!(f, "/{one}"),
            many => write!(f, "/({})", many.join("*")),
        }
    }
}
