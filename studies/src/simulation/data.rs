//! A random polynomial, and points of it that are scaled to [-1, 1].

use closedform::dataset::TRAINING_SHARE;
use closedform::polynomial::Monomials;
use closedform::{Dataset, Error, Points, Polynomial, Result};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// The degree of the polynomials.
const DEGREE: usize = 2;
/// The largest absolute value of their coefficients.
const LARGEST: f64 = 5.0;

/// Points of a random polynomial of degree 2 with all squares and interactions.
///
/// Coefficients are drawn uniformly from [-5, 5], and inputs uniformly from [-1, 1]. The values get
/// Gaussian noise. Then every input and the target are scaled to [-1, 1] over all rows, so that the
/// bound on potentials of Morala et al. (2021) holds for both training and test rows.
///
/// ```
/// use closedform_studies::simulation::SimulatedData;
///
/// let data = SimulatedData::draw(3, 500, 0.1, 7)?;
/// assert_eq!((data.training.n_samples(), data.test.n_samples()), (400, 100));
/// assert_eq!(data.polynomial.n_terms(), 10);
/// let inside = |value: &f64| (-1.0..=1.0).contains(value);
/// assert!(data.test.points().iter().all(inside));
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SimulatedData {
    /// The polynomial without noise, from the scaled inputs to the scaled target.
    pub polynomial: Polynomial,
    /// Four fifths of the rows, for training.
    pub training: Dataset,
    /// The other rows, for testing.
    pub test: Dataset,
}

impl SimulatedData {
    /// Draws a polynomial in `n_inputs` variables and `n_samples` points of it. `noise` is the
    /// standard deviation of the noise, as a share of that of the values.
    ///
    /// # Errors
    /// If there are no inputs, if there are fewer than 10 points, or if the noise is negative or
    /// not finite.
    pub fn draw(n_inputs: usize, n_samples: usize, noise: f64, seed: u64) -> Result<Self> {
        check(n_inputs, n_samples, noise)?;
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let labels = Monomials::new(n_inputs, DEGREE).labels(DEGREE);
        let terms = labels
            .into_iter()
            .map(|label| (label, rng.random_range(-LARGEST..LARGEST)));
        let polynomial = Polynomial::from_terms(n_inputs, terms.collect())?;
        let mut points: Vec<f64> = (0..n_samples * n_inputs)
            .map(|_| rng.random_range(-1.0..1.0))
            .collect();
        let mut targets = polynomial.values(&points)?;
        let size = noise * deviation(&targets);
        targets.iter_mut().for_each(|target| {
            let draw: f64 = StandardNormal.sample(&mut rng);
            *target += size * draw;
        });

        let column = |input: usize| points.iter().skip(input).step_by(n_inputs);
        let inputs: Vec<Scale> = (0..n_inputs)
            .map(|input| Scale::of(column(input)))
            .collect();
        let target = Scale::of(targets.iter());
        for row in points.chunks_exact_mut(n_inputs) {
            let values = row.iter_mut().zip(&inputs);
            values.for_each(|(value, scale)| *value = scale.apply(*value));
        }
        targets
            .iter_mut()
            .for_each(|value| *value = target.apply(*value));
        let unscaled = inputs.iter().enumerate().map(|(index, scale)| {
            let terms = vec![(vec![], scale.middle), (vec![index + 1], scale.half)];
            Polynomial::from_terms(n_inputs, terms)
        });
        let unscaled = unscaled.collect::<Result<Vec<_>>>()?;
        let middle = Polynomial::from_terms(n_inputs, vec![(vec![], target.middle)])?;
        let scaled = &polynomial.substituted(&unscaled, DEGREE)? - &middle;

        let names = (1..=n_inputs).map(|number| format!("x{number}"));
        let data = Dataset::new(Points::new(names, points)?, "y", targets)?;
        let (training, test) = data.split(TRAINING_SHARE, seed)?;
        Ok(Self {
            polynomial: scaled.scaled(1.0 / target.half),
            training,
            test,
        })
    }
}

/// Refuses settings with which no data can be drawn.
pub(super) fn check(n_inputs: usize, n_samples: usize, noise: f64) -> Result<()> {
    if n_inputs == 0 {
        return Err(Error::parameter("the number of inputs", 0, "at least 1"));
    }
    if n_samples < 10 {
        return Err(Error::parameter(
            "the number of points",
            n_samples,
            "at least 10",
        ));
    }
    if !(noise >= 0.0 && noise.is_finite()) {
        return Err(Error::parameter(
            "the noise",
            noise,
            "at least 0, and finite",
        ));
    }
    Ok(())
}

/// A range, given by its middle and half of its width.
#[derive(Clone, Copy)]
struct Scale {
    middle: f64,
    half: f64,
}

impl Scale {
    /// The range of numbers.
    fn of<'a>(numbers: impl Iterator<Item = &'a f64> + Clone) -> Self {
        let low = numbers.clone().copied().fold(f64::INFINITY, f64::min);
        let high = numbers.copied().fold(f64::NEG_INFINITY, f64::max);
        Self {
            middle: low.midpoint(high),
            half: (high - low) / 2.0,
        }
    }

    /// Clamps, because rounding must not lead out of [-1, 1].
    fn apply(self, value: f64) -> f64 {
        ((value - self.middle) / self.half).clamp(-1.0, 1.0)
    }
}

fn deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares = values.iter().map(|value| (value - mean).powi(2));
    (squares.sum::<f64>() / n).sqrt()
}
