//! Measures how well polynomials follow their network.

use super::NetworkPolynomials;
use super::warnings::outside;
use crate::error::{Error, Result};
use crate::model::Activation;
use crate::model::DenseNetwork;
use crate::numerics::share_explained;
use crate::points::check_rows;
use serde::Serialize;

/// How far values are from the expected ones, over all outputs together.
///
/// ```
/// use closedform::polynomial::Agreement;
///
/// let agreement = Agreement::of(&[1.0, 2.0, 4.0], &[1.0, 2.0, 3.0], 1)?;
/// assert_eq!((agreement.mse, agreement.max_error), (1.0 / 3.0, 1.0));
/// assert_eq!(agreement.r_squared, 0.5);
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Agreement {
    /// The number of points.
    pub n_samples: usize,
    /// The mean squared error.
    pub mse: f64,
    /// The share of the variance of the expected values that is explained, with each output's
    /// variance about its own mean: 1 if all of it is, below 0 if the means alone would do better,
    /// and 0 if the expected values don't vary.
    pub r_squared: f64,
    /// The largest error.
    pub max_error: f64,
}

impl Agreement {
    /// Compares values `(n_samples, n_outputs)`, row after row.
    ///
    /// # Errors
    /// If the lists are empty, have different lengths, or aren't rows of `n_outputs` values.
    pub fn of(found: &[f64], expected: &[f64], n_outputs: usize) -> Result<Self> {
        let n = expected.len();
        if n == 0 || found.len() != n || n_outputs == 0 || !n.is_multiple_of(n_outputs) {
            return Err(Error::Shape(format!(
                "{} values and {n} expected values don't pair up as rows of {n_outputs} outputs",
                found.len()
            )));
        }
        let n_samples = n / n_outputs;
        let column_mean = |output: usize| {
            let column = expected.iter().skip(output).step_by(n_outputs);
            column.sum::<f64>() / n_samples as f64
        };
        let means: Vec<f64> = (0..n_outputs).map(column_mean).collect();
        let centered = |values: &[f64]| -> Vec<f64> {
            let pairs = values.iter().zip(means.iter().cycle());
            pairs.map(|(value, mean)| value - mean).collect()
        };
        let errors = || found.iter().zip(expected).map(|(a, b)| (a - b).abs());
        Ok(Self {
            n_samples,
            mse: errors().map(|error| error * error).sum::<f64>() / n as f64,
            r_squared: share_explained(&centered(found), &centered(expected)),
            max_error: errors().fold(0.0, |most, e| if e > most || e.is_nan() { e } else { most }),
        })
    }
}

/// How well the Taylor series of one layer follow its activation at the potentials that occur.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SeriesFit {
    /// The layer, counted from 1.
    pub layer: usize,
    /// Its activation.
    pub activation: Activation,
    /// The lowest potential of its neurons.
    pub low: f64,
    /// The highest potential of its neurons.
    pub high: f64,
    /// The share of the potentials that lie outside the radius of convergence of their series.
    pub outside: f64,
    /// The mean distance between series and activation, over all potentials.
    pub mean_error: f64,
    /// The largest distance between series and activation.
    pub max_error: f64,
}

impl NetworkPolynomials {
    /// Compares the polynomials' [predictions](Self::predict) with the network's outputs at points
    /// `(n_samples, n_inputs)`.
    ///
    /// ```
    /// use closedform::{Activation, DenseNetwork, TaylorOptions};
    /// use closedform::model::DenseLayer;
    ///
    /// let hidden = DenseLayer::new(Activation::Sin, &[vec![0.0], vec![1.0]])?;
    /// let network = DenseNetwork::new(vec![hidden])?;
    /// let found = network.to_polynomials(&TaylorOptions { max_order: 3, ..TaylorOptions::default() })?;
    /// let agreement = found.agreement(&network, &[-0.5, 0.0, 0.5])?;
    /// // The error of x - x^3/6 is below x^5/120.
    /// assert!(agreement.max_error < 0.5_f64.powi(5) / 120.0 && agreement.r_squared > 0.999);
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the network's shape shows that the polynomials were made from another one, or if the
    /// points aren't rows of its inputs.
    pub fn agreement(&self, network: &DenseNetwork, points: &[f64]) -> Result<Agreement> {
        self.check_network(network)?;
        let expected = network.outputs(points)?;
        Agreement::of(&self.predict(points)?, &expected, network.n_outputs())
    }

    /// How well the series of every expanded layer follow its activation at the potentials that the
    /// network has at points `(n_samples, n_inputs)`.
    ///
    /// The potentials are the network's own, without the errors of previous layers.
    ///
    /// # Errors
    /// As for [`agreement`](Self::agreement).
    pub fn series_fits(&self, network: &DenseNetwork, points: &[f64]) -> Result<Vec<SeriesFit>> {
        self.check_network(network)?;
        check_rows(points, network.n_inputs(), "variables")?;
        let potentials = network.potentials(points)?;
        let layers = self.series().iter().zip(&potentials).enumerate();
        let expanded = layers.filter(|(_, (series, _))| !series.is_empty());
        let fits = expanded.map(|(index, (series, potentials))| {
            let errors = potentials.iter().zip(series.iter().cycle());
            let errors = errors.map(|(u, series)| series.error(*u).abs());
            let (sum, max_error) = errors.fold((0.0, 0.0_f64), |(sum, most), error| {
                (sum + error, most.max(error))
            });
            SeriesFit {
                layer: index + 1,
                activation: network.layers()[index].activation(),
                low: potentials.iter().copied().fold(f64::INFINITY, f64::min),
                high: potentials.iter().copied().fold(f64::NEG_INFINITY, f64::max),
                outside: outside(series, potentials).map_or(0.0, |(share, ..)| share),
                mean_error: sum / potentials.len() as f64,
                max_error,
            }
        });
        Ok(fits.collect())
    }

    /// Refuses a network whose shape differs from that of the network behind the polynomials.
    pub(crate) fn check_network(&self, network: &DenseNetwork) -> Result<()> {
        let family = self.family();
        let shapes = [
            (family.n_variables(), network.n_inputs()),
            (family.n_polynomials(), network.n_outputs()),
            (self.series().len(), network.layers().len()),
        ];
        let layers = self.series().iter().zip(network.layers());
        let mut widths = layers.filter(|(series, _)| !series.is_empty());
        let is_same = shapes.iter().all(|(own, given)| own == given)
            && widths.all(|(series, layer)| series.len() == layer.n_outputs());
        if is_same {
            Ok(())
        } else {
            Err(Error::Model(format!(
                "the polynomials are those of a network with {} inputs, {} outputs and {} layers, \
             not of this network, which has {} inputs, {} outputs and {} layers, or other numbers \
             of neurons",
                shapes[0].0, shapes[1].0, shapes[2].0, shapes[0].1, shapes[1].1, shapes[2].1
            )))
        }
    }
}
