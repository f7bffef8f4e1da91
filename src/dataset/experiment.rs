//! The classification experiments of Wetzel (2024), table 1, as seeded generators.

use super::{Dataset, numbered_names, sample_box};
use crate::error::{Error, Result};
use crate::formula::Expression;
use crate::points::Points;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Normal};
use std::f64::consts::PI;

/// A classification problem whose truth is known.
///
/// A point gets label 1 where `g(x) * N(1, 0.01)` exceeds the threshold. Experiments 7 and 8 have
/// two concepts; only points on which their labels agree are kept. Their `g`, as the author wrote
/// them, change sign at the boundary, so that a noise that multiplies them turns no label. Source: Wetzel (2024), table 1; experiment 8 stands in the author's scripts only.
///
/// ```
/// use closedform::Experiment;
///
/// let data = Experiment::One.sample(10_000, 0);
/// assert_eq!((data.n_samples(), data.n_features()), (10_000, 2));
/// assert_eq!(data, Experiment::One.sample(10_000, 0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Experiment {
    /// `x1^2 + 2 x2^2 > 1` in `[-1, 1]^2`.
    One,
    /// `x1^2 + 3 x1 x2 + 2 x2^2 > 5` in `[-2, 0]^2`.
    Two,
    /// `x1^2 + sin(x2 + x3) > 1` in `[-2, 0]^3`.
    Three,
    /// `exp(x1 - x2) - pi x3 > 1` in `[-1, 1]^3`.
    Four,
    /// `x1 exp(-(x2^2 + x3^2) / 2) > 1/5`, with `x1` in `[0, 2]`, the others in `[-2, 2]`.
    Five,
    /// `x1 x2 / ((x3 - x4)^2 + (x5 - x6)^2) > 1` in `[0, 2]^6`.
    Six,
    /// `x1 x2 > 1` and `x3 x4 > 1`, kept where both agree, in `[0, 2]^4`.
    Seven,
    /// `x1 x2 + x3 > 2` and `sin(x2 x3) > 1/2`, kept where both agree, in `[0, 2]^3`.
    Eight,
}

impl Experiment {
    /// All eight, in order.
    pub const ALL: [Self; 8] = [
        Self::One,
        Self::Two,
        Self::Three,
        Self::Four,
        Self::Five,
        Self::Six,
        Self::Seven,
        Self::Eight,
    ];

    /// The experiment with the paper's number.
    ///
    /// # Errors
    /// A number outside 1 to 8.
    pub fn from_number(number: usize) -> Result<Self> {
        number
            .checked_sub(1)
            .and_then(|index| Self::ALL.get(index).copied())
            .ok_or_else(|| Error::parameter("experiment", number, "a number from 1 to 8"))
    }

    /// The paper's number, 1 to 8.
    pub fn number(self) -> usize {
        self as usize + 1
    }

    /// The box the points are drawn from: one `(low, high)` per feature.
    pub fn sides(self) -> Vec<(f64, f64)> {
        match self {
            Self::One => vec![(-1.0, 1.0); 2],
            Self::Two => vec![(-2.0, 0.0); 2],
            Self::Three => vec![(-2.0, 0.0); 3],
            Self::Four => vec![(-1.0, 1.0); 3],
            Self::Five => vec![(0.0, 2.0), (-2.0, 2.0), (-2.0, 2.0)],
            Self::Six => vec![(0.0, 2.0); 6],
            Self::Seven => vec![(0.0, 2.0); 4],
            Self::Eight => vec![(0.0, 2.0); 3],
        }
    }

    /// The decision functions `g` with their thresholds: one, or two for experiments 7 and 8.
    pub fn concepts(self) -> Vec<Concept> {
        let concept = |threshold, value| Concept {
            n_features: self.sides().len(),
            threshold,
            value,
        };
        match self {
            Self::One => vec![concept(1.0, |x| x[0] * x[0] + 2.0 * x[1] * x[1])],
            Self::Two => {
                vec![concept(5.0, |x| {
                    x[0] * x[0] + 3.0 * x[0] * x[1] + 2.0 * x[1] * x[1]
                })]
            }
            Self::Three => vec![concept(1.0, |x| x[0] * x[0] + (x[1] + x[2]).sin())],
            Self::Four => vec![concept(1.0, |x| (x[0] - x[1]).exp() - PI * x[2])],
            Self::Five => {
                vec![concept(0.2, |x| {
                    x[0] * (-(x[1] * x[1] + x[2] * x[2]) / 2.0).exp()
                })]
            }
            Self::Six => vec![concept(1.0, |x| {
                x[0] * x[1] / ((x[2] - x[3]).powi(2) + (x[4] - x[5]).powi(2))
            })],
            Self::Seven => {
                vec![
                    concept(0.0, |x| x[0] * x[1] - 1.0),
                    concept(0.0, |x| x[2] * x[3] - 1.0),
                ]
            }
            Self::Eight => vec![
                concept(0.0, |x| x[0] * x[1] + x[2] - 2.0),
                concept(0.0, |x| (x[1] * x[2]).sin() - 0.5),
            ],
        }
    }

    /// The truth in words, as the paper's table 1 gives it.
    pub fn description(self) -> &'static str {
        match self {
            Self::One => "x1^2 + 2 x2^2 > 1",
            Self::Two => "x1^2 + 3 x1 x2 + 2 x2^2 > 5",
            Self::Three => "x1^2 + sin(x2 + x3) > 1",
            Self::Four => "exp(x1 - x2) - pi x3 > 1",
            Self::Five => "x1 exp(-(x2^2 + x3^2)/2) > 1/5",
            Self::Six => "x1 x2 / ((x3 - x4)^2 + (x5 - x6)^2) > 1",
            Self::Seven => "x1 x2 > 1 and x3 x4 > 1, or neither",
            Self::Eight => "x1 x2 + x3 > 2 and sin(x2 x3) > 1/2, or neither",
        }
    }

    /// The truth as formulas: first `g`, without its threshold, then other functions with the same
    /// decision boundary, which labels alone can't tell from it.
    ///
    /// Experiment 6 has its boundary form beside `g`; the truth of 7 is the sum of its concepts,
    /// which is what networks combine them to (Wetzel 2024, section 4.3); that of 8 is not known, and
    /// there is none.
    ///
    /// ```
    /// use closedform::Experiment;
    ///
    /// assert_eq!(Experiment::One.truths()[0].to_string(), "x1**2 + 2*x2**2");
    /// ```
    pub fn truths(self) -> Vec<Expression> {
        let texts: &[&str] = match self {
            Self::One => &["x1**2 + 2*x2**2"],
            Self::Two => &["x1**2 + 3*x1*x2 + 2*x2**2"],
            Self::Three => &["x1**2 + sin(x2 + x3)"],
            Self::Four => &["exp(x1 - x2) - pi*x3"],
            Self::Five => &["x1*exp(-x2**2/2 - x3**2/2)"],
            Self::Six => &[
                "x1*x2/((x3 - x4)**2 + (x5 - x6)**2)",
                "x1*x2 - (x3 - x4)**2 - (x5 - x6)**2",
            ],
            Self::Seven => &["x1*x2 + x3*x4"],
            Self::Eight => &[],
        };
        let read = |text: &&str| text.parse().expect("a formula that can be read");
        texts.iter().map(read).collect()
    }

    /// Draws `n_samples` labelled points, but at least 1; the same seed draws the same points.
    pub fn sample(self, n_samples: usize, seed: u64) -> Dataset {
        self.labelled(n_samples.max(1), noise(NOISE), seed)
    }

    /// The same with another noise: labels are those of `g(x) * N(1, noise)`, for 0 of `g(x)`. In
    /// experiments 7 and 8 it turns labels only where it is so large that factors are negative.
    ///
    /// ```
    /// use closedform::Experiment;
    ///
    /// let (usual, noisy) = (Experiment::One.sample(100, 7), Experiment::One.sample_with_noise(100, 0.1, 7)?);
    /// assert_eq!(usual.points(), noisy.points());
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// No points, or a noise outside 0 to 1.
    pub fn sample_with_noise(
        self,
        n_samples: usize,
        label_noise: f64,
        seed: u64,
    ) -> Result<Dataset> {
        if !(0.0..=1.0).contains(&label_noise) {
            return Err(Error::parameter(
                "label noise",
                label_noise,
                "between 0 and 1",
            ));
        }
        if n_samples == 0 {
            return Err(Error::parameter("n_samples", 0, "at least 1"));
        }
        Ok(self.labelled(n_samples, noise(label_noise), seed))
    }

    fn labelled(self, n_samples: usize, noise: Normal<f64>, seed: u64) -> Dataset {
        let sides = self.sides();
        let concepts = self.concepts();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut points = Vec::new();
        let mut labels = Vec::new();
        while labels.len() < n_samples {
            let point = sample_box(&sides, &mut rng);
            let first = concepts[0].noisy_label(&point, noise, &mut rng);
            let agreed = concepts[1..]
                .iter()
                .all(|c| c.noisy_label(&point, noise, &mut rng) == first);
            if agreed {
                points.extend(point);
                labels.push(f64::from(u8::from(first)));
            }
        }
        Dataset {
            points: Points::known(numbered_names(sides.len()), points),
            target_name: "label".to_string(),
            targets: labels,
            class_names: Vec::new(),
        }
    }
}

impl std::fmt::Display for Experiment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "experiment {}: {}", self.number(), self.description())
    }
}

/// A decision function `g` and the threshold above which a point belongs to class 1.
#[derive(Debug, Clone, Copy)]
pub struct Concept {
    n_features: usize,
    threshold: f64,
    value: fn(&[f64]) -> f64,
}

impl Concept {
    /// `g(x)`, without noise; `x` has shape `(n_features,)`, with fewer features it is NaN.
    pub fn value(&self, x: &[f64]) -> f64 {
        if x.len() < self.n_features {
            f64::NAN
        } else {
            (self.value)(x)
        }
    }

    /// The threshold of the decision.
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// Label with the multiplicative Gaussian noise of Wetzel (2024), section 4.1.
    fn noisy_label(&self, x: &[f64], noise: Normal<f64>, rng: &mut impl Rng) -> bool {
        self.value(x) * noise.sample(rng) > self.threshold
    }
}

/// The noise of Wetzel (2024), section 4.1.
const NOISE: f64 = 0.01;

fn noise(label_noise: f64) -> Normal<f64> {
    Normal::new(1.0, label_noise).expect("a finite number is a valid standard deviation")
}
