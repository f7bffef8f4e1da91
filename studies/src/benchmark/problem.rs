//! Equations, and the boxes that their points are drawn from.

use super::feynman;
use closedform::{Error, Expression, Operator, Result};
use serde::{Deserialize, Serialize};

/// A collection of equations that are searched for with the same operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemSet {
    /// The 100 equations of Udrescu and Tegmark (2020), from the Feynman Lectures on Physics.
    Feynman,
}

impl ProblemSet {
    /// The set with a name.
    ///
    /// # Errors
    /// A name that no set has.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "feynman" => Ok(Self::Feynman),
            _ => Err(Error::parameter("set", format!("\"{name}\""), "feynman")),
        }
    }

    /// Its equations.
    pub fn problems(self) -> Vec<Problem> {
        let Self::Feynman = self;
        let equations = feynman::EQUATIONS.iter();
        equations.map(|row| Problem::new(*row)).collect()
    }

    /// The operators that its equations are searched for with: what most of them are written with, the
    /// same for all.
    pub fn operators(self) -> Vec<Operator> {
        use Operator::{Add, Cos, Div, Exp, Log, Mul, Sin, Sqrt, Sub};
        vec![Add, Sub, Mul, Div, Sin, Cos, Exp, Log, Sqrt]
    }
}

/// An equation and its box.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Its name.
    pub name: &'static str,
    /// The equation in `x1`, `x2`, ...
    pub truth: Expression,
    /// The range of each variable.
    pub sides: Vec<(f64, f64)>,
}

impl Problem {
    /// # Panics
    /// If a row of the tables is no equation with ranges; a test reads them all.
    fn new((name, equation, ranges): (&'static str, &str, &str)) -> Self {
        let truth: Expression = equation
            .parse()
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let range = |text: &str| {
            let (low, high) = text.split_once('-')?;
            Some((low.parse().ok()?, high.parse().ok()?))
        };
        let sides: Option<Vec<(f64, f64)>> = ranges.split(' ').map(range).collect();
        let mut sides = sides.unwrap_or_else(|| panic!("{name}: no ranges \"{ranges}\""));
        // One range for all variables.
        let is_in = |number: &usize| equation.contains(&format!("x{number}"));
        let n_features = (1..).take_while(is_in).count();
        if let [side] = sides[..] {
            sides = vec![side; n_features];
        }
        assert_eq!(sides.len(), n_features, "{name}");
        Self { name, truth, sides }
    }
}
