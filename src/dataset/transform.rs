//! Functions of the target, for values over many decades.

use super::Dataset;
use crate::error::{Error, Result};
use crate::formula::{Expression, Operator};
use std::fmt::{Display, Formatter};

/// A function of the target that is learned in its place: with heavy tails, squared errors of the
/// target itself see nothing but its largest values.
///
/// ```
/// use closedform::dataset::TargetTransform;
/// use closedform::{Dataset, Expression};
///
/// let data = Dataset::from_rows(&["a"], &[vec![1.0], vec![2.0]], &[1.0, 1e6])?;
/// let taken = TargetTransform::Log.apply(data)?;
/// assert_eq!(taken.targets(), [0.0, 1e6_f64.ln()]);
/// let formula: Expression = "2*x1".parse()?;
/// assert_eq!(TargetTransform::Log.undo(&formula).to_string(), "exp(2*x1)");
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetTransform {
    /// The logarithm, of targets above 0: equal ratios count alike.
    Log,
    /// The inverse hyperbolic sine, of any targets: a logarithm of both signs, linear near 0.
    Asinh,
}

impl TargetTransform {
    /// The rows with the function of their targets.
    ///
    /// # Errors
    /// A target without a logarithm.
    pub fn apply(self, mut data: Dataset) -> Result<Dataset> {
        let has_value = |target: &f64| self != Self::Log || *target > 0.0;
        if let Some(row) = data.targets.iter().position(|target| !has_value(target)) {
            return Err(Error::Value(format!(
                "target \"{}\" is {} in kept row {}, which has no logarithm; only targets above 0 have \
                 one, asinh takes all",
                data.target_name,
                data.targets[row],
                row + 1
            )));
        }
        for target in &mut data.targets {
            *target = match self {
                Self::Log => target.ln(),
                Self::Asinh => target.asinh(),
            };
        }
        Ok(data)
    }

    /// A formula for the target itself, from one for its function.
    pub fn undo(self, formula: &Expression) -> Expression {
        let inverse = match self {
            Self::Log => Operator::Exp,
            Self::Asinh => Operator::Sinh,
        };
        Expression::unary(inverse, formula.clone())
    }

    /// The function of a target with this name, as `log(y)`.
    pub fn of(self, target: &str) -> String {
        format!("{self}({target})")
    }
}

impl Display for TargetTransform {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Log => "log",
            Self::Asinh => "asinh",
        })
    }
}
