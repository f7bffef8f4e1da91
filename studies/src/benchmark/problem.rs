//! Equations, and the boxes that their points are drawn from.

use super::{fastsrb, feynman};
use closedform::{Dataset, Error, Expression, Operator, Points, Result};
use rand::RngExt;
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
            let number = |text: &str| {
                let no_variables: [String; 0] = [];
                Some(Expression::parse(text, &no_variables).ok()?.value(&[]))
            };
            let (low, high) = (number(low)?, number(high)?);
            (low < high && (mark != "~" || low > 0.0)).then_some((low, high))
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
    pub name: String,
    /// The names of its variables.
    pub variables: Vec<String>,
    /// The equation in these variables.
    pub truth: Expression,
    /// The range of each variable.
    pub ranges: Vec<Range>,
}

impl Problem {
    /// Reads an equation and the ranges of its variables, with blanks between them, or one for all:
    /// `0..1` is uniform, `0.1~10` uniform in the logarithm, `+-0.1~10` the same with either sign, and
    /// `1:10` whole.
    ///
    /// ```
    /// use closedform_studies::benchmark::Problem;
    ///
    /// let names = ["m".to_string(), "v".to_string()];
    /// let energy = Problem::parse("energy", "m*v**2/2", &names, "0.1~10 0..3")?;
    /// assert_eq!(energy.truth.value(&[2.0, 3.0]), 9.0);
    /// assert!(Problem::parse("energy", "m*v**2/2", &names, "0..1 0..1 0..1").is_err());
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// Text that is no formula in these variables, or no range, or another number of ranges.
    pub fn parse(name: &str, equation: &str, variables: &[String], ranges: &str) -> Result<Self> {
        let truth = Expression::parse(equation, variables)?;
        let read = |text: &str| {
            let forms = "low..high, low~high, +-low~high or low:high, with low below high";
            Range::parse(text)
                .ok_or_else(|| Error::parameter("range", format!("\"{text}\""), forms))
        };
        let mut read: Vec<Range> = ranges.split_whitespace().map(read).collect::<Result<_>>()?;
        // One range for all variables.
        if let [range] = read[..] {
            read = vec![range; variables.len()];
        }
        if read.len() != variables.len() {
            let allowed = format!("one for all variables, or {}", variables.len());
            return Err(Error::parameter(
                "the number of ranges",
                read.len(),
                allowed,
            ));
        }
        Ok(Self {
            name: name.to_string(),
            variables: variables.to_vec(),
            truth,
            ranges: read,
        })
    }

    /// # Panics
    /// If a row of the tables is no equation with ranges; a test reads them all.
    fn new((name, equation, ranges): (&str, &str, &str)) -> Self {
        let is_in = |number: &usize| equation.contains(&format!("x{number}"));
        let variables = (1..).take_while(is_in).map(|number| format!("x{number}"));
        let variables: Vec<String> = variables.collect();
        Self::parse(name, equation, &variables, ranges)
            .unwrap_or_else(|error| panic!("{name}: {error}"))
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
                let points = Points::new(self.variables.iter().cloned(), points)?;
                return Dataset::new(points, "y", values);
            }
        }
        let message = format!("{}: hardly any values are finite in its ranges", self.name);
        Err(Error::Uninformative(message))
    }

    /// Points that no run has, for comparisons.
    #[cfg(feature = "records")]
    pub(super) fn fresh(&self, n_samples: usize) -> Result<Dataset> {
        use rand::SeedableRng;
        self.sample(n_samples, &mut ChaCha8Rng::seed_from_u64(FRESH_SEED))
    }
}

#[cfg(feature = "records")]
const FRESH_SEED: u64 = 1_000_003;
