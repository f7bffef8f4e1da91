//! Equations, and the boxes that their points are drawn from.

use super::{fastsrb, feynman};
use closedform::{Dataset, Error, Expression, Operator, Points, Result};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// A collection of equations that are searched for with the same operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemSet {
    /// The 100 equations of Udrescu and Tegmark (2020), from the Feynman Lectures on Physics.
    Feynman,
    /// The 120 equations of FastSRB (Martinek 2025), with constants of nature and ranges of decades.
    Fastsrb,
}

impl ProblemSet {
    /// The set with a name.
    ///
    /// # Errors
    /// A name that no set has.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "feynman" => Ok(Self::Feynman),
            "fastsrb" => Ok(Self::Fastsrb),
            _ => Err(Error::parameter(
                "set",
                format!("\"{name}\""),
                "feynman or fastsrb",
            )),
        }
    }

    /// Its equations.
    pub fn problems(self) -> Vec<Problem> {
        let equations = match self {
            Self::Feynman => feynman::EQUATIONS,
            Self::Fastsrb => fastsrb::EQUATIONS,
        };
        equations.iter().map(|row| Problem::new(*row)).collect()
    }

    /// The operators that its equations are searched for with: what most of them are written with, the
    /// same for all.
    pub fn operators(self) -> Vec<Operator> {
        use Operator::{Add, Cos, Div, Exp, Log, Mul, Sin, Sqrt, Sub};
        vec![Add, Sub, Mul, Div, Sin, Cos, Exp, Log, Sqrt]
    }
}

/// The range of a variable, and how its points lie in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Range {
    /// Uniform, written `0..1`.
    Uniform(f64, f64),
    /// Uniform in the logarithm, written `0.1~10`.
    Logarithmic(f64, f64),
    /// The same with either sign, written `+-0.1~10`.
    EitherSign(f64, f64),
    /// Whole numbers, both ends included, written `1:10`.
    Whole(f64, f64),
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        let ends = |text: &str, mark| {
            let (low, high) = text.split_once(mark)?;
            let number = |text: &str| Some(text.parse::<Expression>().ok()?.value(&[]));
            Some((number(low)?, number(high)?))
        };
        if let Some(text) = text.strip_prefix("+-") {
            let (low, high) = ends(text, "~")?;
            return Some(Self::EitherSign(low, high));
        }
        if let Some((low, high)) = ends(text, "~") {
            return Some(Self::Logarithmic(low, high));
        }
        if let Some((low, high)) = ends(text, "..") {
            return Some(Self::Uniform(low, high));
        }
        let (low, high) = ends(text, ":")?;
        Some(Self::Whole(low, high))
    }

    fn sample(self, rng: &mut ChaCha8Rng) -> f64 {
        let mut decades = |low: f64, high: f64| rng.random_range(low.ln()..high.ln()).exp();
        match self {
            Self::Uniform(low, high) => rng.random_range(low..high),
            Self::Logarithmic(low, high) => decades(low, high),
            Self::EitherSign(low, high) => {
                let size = decades(low, high);
                if rng.random_bool(0.5) { size } else { -size }
            }
            Self::Whole(low, high) => rng.random_range(low..high + 1.0).floor(),
        }
    }

    /// The lowest and the highest value.
    pub fn side(self) -> (f64, f64) {
        match self {
            Self::Uniform(low, high) | Self::Logarithmic(low, high) | Self::Whole(low, high) => {
                (low, high)
            }
            Self::EitherSign(_, high) => (-high, high),
        }
    }
}

/// An equation and the ranges of its variables.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Its name.
    pub name: &'static str,
    /// The equation in `x1`, `x2`, ...
    pub truth: Expression,
    /// The range of each variable.
    pub ranges: Vec<Range>,
}

impl Problem {
    /// # Panics
    /// If a row of the tables is no equation with ranges; a test reads them all.
    fn new((name, equation, ranges): (&'static str, &str, &str)) -> Self {
        let truth: Expression = equation
            .parse()
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let read: Option<Vec<Range>> = ranges.split(' ').map(Range::parse).collect();
        let mut read = read.unwrap_or_else(|| panic!("{name}: no ranges \"{ranges}\""));
        let is_in = |number: &usize| equation.contains(&format!("x{number}"));
        let n_features = (1..).take_while(is_in).count();
        // One range for all variables.
        if let [range] = read[..] {
            read = vec![range; n_features];
        }
        assert_eq!(read.len(), n_features, "{name}");
        Self {
            name,
            truth,
            ranges: read,
        }
    }

    /// Points of the ranges with the equation's values, where these are finite.
    ///
    /// # Errors
    /// An equation that has hardly any finite values in its ranges.
    pub fn sample(&self, n_samples: usize, rng: &mut ChaCha8Rng) -> Result<Dataset> {
        let (mut points, mut values) = (Vec::new(), Vec::new());
        // Where a root is negative, others are drawn: an equation is defined on a tenth at least.
        for _ in 0..10 * n_samples {
            let mut point: Vec<f64> = self.ranges.iter().map(|range| range.sample(rng)).collect();
            let value = self.truth.value(&point);
            if value.is_finite() {
                points.append(&mut point);
                values.push(value);
            }
            if values.len() == n_samples {
                let names = (1..=self.ranges.len()).map(|number| format!("x{number}"));
                return Dataset::new(Points::new(names, points)?, "y", values);
            }
        }
        let message = format!("{}: hardly any values are finite in its ranges", self.name);
        Err(Error::Uninformative(message))
    }

    /// Points that no run has, for comparisons.
    pub(super) fn fresh(&self, n_samples: usize) -> Result<Dataset> {
        self.sample(n_samples, &mut ChaCha8Rng::seed_from_u64(FRESH_SEED))
    }
}

const FRESH_SEED: u64 = 1_000_003;
