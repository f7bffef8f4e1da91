//! What a formula says beyond the rows that it was found on.

use crate::effort::reading::ExtrapolationLimits;
use crate::error::Result;
use crate::formula::Expression;
use crate::numerics::{range, short};
use crate::search::{Objective, ValueObjective};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

const LIMITS: ExtrapolationLimits = ExtrapolationLimits::DEFAULT;

/// A formula's values within twice the range of the inputs: in the box with the same center as the
/// rows' and sides twice as long. A side ends at 0 where no row is beyond.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Extrapolation {
    /// The least finite value.
    pub low: f64,
    /// The greatest finite value.
    pub high: f64,
    /// The share of the box in which the formula has no finite value.
    pub undefined: f64,
    /// Whether it has none somewhere, or leaves the targets' range by more than ten times its width.
    pub is_wild: bool,
    /// The least and the greatest target.
    pub targets: (f64, f64),
}

impl Extrapolation {
    /// Evaluates a formula for values at random points of the box.
    ///
    /// # Errors
    /// A formula in more features than the values have.
    pub fn new(formula: &Expression, values: &ValueObjective, seed: u64) -> Result<Self> {
        let columns = values.columns();
        formula.check_features(columns.n_features())?;
        let sides: Vec<(f64, f64)> = columns.raw().iter().map(|c| doubled(range(c))).collect();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let found = (0..LIMITS.n_points).map(|_| {
            let point = sides.iter();
            let point = point.map(|(low, high)| low + (high - low) * rng.random::<f64>());
            formula.value(&point.collect::<Vec<f64>>())
        });
        let found: Vec<f64> = found.filter(|value| value.is_finite()).collect();
        let undefined = 1.0 - found.len() as f64 / LIMITS.n_points as f64;
        let (low, high) = range(&found);
        let targets = range(values.target());
        let room = LIMITS.wild * (targets.1 - targets.0);
        let is_inside = low >= targets.0 - room && high <= targets.1 + room;
        Ok(Self {
            low,
            high,
            undefined,
            is_wild: undefined > 0.0 || !is_inside,
            targets,
        })
    }
}

impl std::fmt::Display for Extrapolation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (least, greatest) = self.targets;
        write!(
            f,
            "within twice the inputs' range its values go from {} to {} (targets: {} to {})",
            short(self.low),
            short(self.high),
            short(least),
            short(greatest)
        )?;
        if self.undefined > 0.0 {
            let percent = 100.0 * self.undefined;
            write!(f, ", and {percent:.1} % of that box has no value")?;
        }
        if self.is_wild {
            f.write_str("; it can't be trusted outside the range of the rows")?;
        }
        Ok(())
    }
}

/// Twice as wide, but on the same side of 0: lengths and counts have no values on the other.
fn doubled((low, high): (f64, f64)) -> (f64, f64) {
    let half = (high - low) / 2.0;
    let least = if low >= 0.0 { 0.0 } else { f64::NEG_INFINITY };
    let greatest = if high <= 0.0 { 0.0 } else { f64::INFINITY };
    ((low - half).max(least), (high + half).min(greatest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dataset, Expression};

    fn of(formula: &str) -> Extrapolation {
        let data = Dataset::from_function(&[(1.0, 3.0)], 200, 0, |x| x[0]).unwrap();
        let values = ValueObjective::from_dataset(&data).unwrap();
        let names = data.feature_names();
        let formula = Expression::parse(formula, names).unwrap();
        Extrapolation::new(&formula, &values, 0).unwrap()
    }

    #[test]
    fn lines_and_squares_are_tame_and_poles_and_exponentials_are_wild() {
        let line = of("x1");
        assert!(!line.is_wild && line.undefined == 0.0, "{line}");
        assert!(
            line.low < 0.1 && line.low > -0.1 && line.high > 3.9,
            "{line}"
        );
        assert!(!of("x1**2").is_wild);
        assert!(of("exp(2*x1)").is_wild);
        assert!(of("1/(x1 - 0.5)").is_wild);
        let root = of("sqrt(x1 - 1)");
        assert!(
            root.is_wild && (root.undefined - 0.25).abs() < 0.05,
            "{root}"
        );
    }
}
