//! Turns a network into polynomials, layer by layer.

use super::composition::{Composer, Potentials};
use super::monomials::Monomials;
use super::plan::Plan;
use super::warnings::{OBSERVED, warnings};
use super::{Polynomial, PolynomialFamily, TaylorCenter, TaylorOptions, TaylorSeries};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::model::{Activation, DenseLayer, DenseNetwork};
use crate::points::Points;
use std::borrow::Cow;

/// A network's outputs as polynomials in its inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkPolynomials {
    family: PolynomialFamily,
    output_activation: Activation,
    series: Vec<Vec<TaylorSeries>>,
    layers: Vec<LayerPolynomials>,
    warnings: Vec<String>,
}

/// One layer's polynomials in the network's inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerPolynomials {
    /// The potentials of its neurons, which are the inputs of their activations.
    pub potentials: PolynomialFamily,
    /// The outputs of its neurons: the expanded activations, or the potentials again if the
    /// activation isn't expanded.
    pub outputs: PolynomialFamily,
}

impl NetworkPolynomials {
    /// The polynomials of the outputs. If the last layer's sigmoid or softmax isn't expanded, they
    /// are those of the logits: see [`output_activation`](Self::output_activation).
    pub fn family(&self) -> &PolynomialFamily {
        &self.family
    }

    /// One output's polynomial, counted from 0.
    ///
    /// # Errors
    /// If the network doesn't have this output.
    pub fn polynomial(&self, output: usize) -> Result<Polynomial> {
        self.family.polynomial(output)
    }

    /// The activation that turns the polynomials into outputs: sigmoid or softmax for logits,
    /// otherwise linear.
    pub fn output_activation(&self) -> Activation {
        self.output_activation
    }

    /// The Taylor series of the neurons of every layer, `(n_layers, n_neurons)`; empty for a layer
    /// whose activation isn't expanded.
    pub fn series(&self) -> &[Vec<TaylorSeries>] {
        &self.series
    }

    /// The polynomials of every layer, from the first to the last; empty unless
    /// [`keep_layers`](TaylorOptions::keep_layers) asked for them.
    pub fn layers(&self) -> &[LayerPolynomials] {
        &self.layers
    }

    /// Sentences that say where the series can't describe the network. Each names the layer.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Predictions at points `(n_samples, n_inputs)`: `(n_samples, n_outputs)`. For logits they are
    /// class probabilities.
    ///
    /// # Errors
    /// If the points aren't rows with as many values as there are inputs.
    pub fn predict(&self, points: &[f64]) -> Result<Vec<f64>> {
        let mut values = self.family.values(points)?;
        for row in values.chunks_exact_mut(self.family.n_polynomials()) {
            self.output_activation.activate(row);
        }
        Ok(values)
    }
}

impl DenseNetwork {
    /// The outputs as polynomials in the inputs. Activations are replaced by their Taylor series,
    /// and terms above [`max_order`](TaylorOptions::max_order) are left out.
    ///
    /// With one hidden layer and centers at 0, the coefficients are those of Morala et al. (2021):
    /// `sum_j v_j sum_n g^(n)(0) / ((n - t)! m_1! ... m_p!) w_0j^(n-t) w_1j^m_1 ... w_pj^m_p` for a
    /// monomial of order `t`. For more layers see Morala et al. (2023). For an example see
    /// [`DenseNetwork`].
    ///
    /// # Errors
    /// If an option is outside its range, if an activation has no series ([`TaylorSeries::new`]),
    /// if the conversion takes more memory than allowed, or if numbers overflow. The error names
    /// the layer, counted from 1.
    pub fn to_polynomials(&self, options: &TaylorOptions) -> Result<NetworkPolynomials> {
        options.check(self)?;
        let plan = Plan::new(self, options);
        plan.check_size()?;
        let observed = self.potentials(&observed_points(self, options.points.as_ref())?)?;
        let series = self.series(options, &observed)?;
        let monomials = Monomials::new(self.n_inputs(), plan.highest_order());
        let composer = Composer::new(&monomials, plan.highest_composed_order());
        let family = |coefficients: &[f64], order: usize| {
            let labels = monomials.labels(order);
            PolynomialFamily::new(self.n_inputs(), labels, coefficients.to_vec())
        };
        let mut layers = Vec::new();
        // Every layer's outputs, (n_monomials, n_neurons).
        let mut outputs = Vec::new();
        for (index, layer) in self.layers().iter().enumerate() {
            let step = &plan.steps[index];
            let potentials = match index {
                0 => [layer.biases(), layer.weights()].concat(),
                _ => affine(layer, &outputs),
            };
            outputs = if series[index].is_empty() {
                potentials.clone()
            } else {
                let constants = potentials.iter().zip(&series[index]);
                let recentered = constants.map(|(u, series)| series.recentered(*u));
                let recentered: Vec<Vec<f64>> = recentered.collect();
                let potentials = Potentials {
                    coefficients: &potentials,
                    n_neurons: layer.n_outputs(),
                    order: step.potential_order,
                };
                composer.compose(&potentials, &recentered, step.output_order)
            };
            if outputs.iter().any(|coefficient| !coefficient.is_finite()) {
                return Err(Error::Limit(format!(
                    "layer {}: a coefficient is too large for a number; scale the inputs, or lower \
                     the Taylor order",
                    index + 1
                )));
            }
            if options.keep_layers {
                layers.push(LayerPolynomials {
                    potentials: family(&potentials, step.potential_order),
                    outputs: family(&outputs, step.output_order),
                });
            }
        }
        let last = self.layers().len() - 1;
        let family = family(&outputs, plan.highest_order());
        Ok(NetworkPolynomials {
            family: match options.economized_order {
                None => family,
                Some(order) => family.economized(order, &options.sides(self.n_inputs()))?,
            },
            output_activation: if series[last].is_empty() {
                self.layers()[last].activation()
            } else {
                Activation::Linear
            },
            layers,
            warnings: warnings(self, options, &series, &observed),
            series,
        })
    }

    /// The series of the neurons of every layer; empty for a layer whose activation isn't expanded.
    fn series(
        &self,
        options: &TaylorOptions,
        observed: &[Vec<f64>],
    ) -> Result<Vec<Vec<TaylorSeries>>> {
        let of_layer = |index: usize| {
            let (activation, n) = (
                self.layers()[index].activation(),
                self.layers()[index].n_outputs(),
            );
            let n_samples = (observed[index].len() / n) as f64;
            let center = |neuron: usize| match options.taylor_center(index) {
                TaylorCenter::At(center) => center,
                TaylorCenter::MeanPotential => {
                    let potentials = observed[index].iter().skip(neuron).step_by(n);
                    potentials.sum::<f64>() / n_samples
                }
            };
            let order = options.taylor_order(index);
            let series = (0..n).map(|neuron| TaylorSeries::new(activation, center(neuron), order));
            let series: Result<Vec<TaylorSeries>> = series.collect();
            series.map_err(|error| error.at(format!("layer {}", index + 1)))
        };
        let layers = 0..self.layers().len();
        let series = layers.map(|index| {
            if options.expands(self, index) {
                of_layer(index)
            } else {
                Ok(Vec::new())
            }
        });
        series.collect()
    }
}

/// The points that show which potentials occur. If none are given, they are drawn in [-1, 1].
pub(crate) fn observed_points<'a>(
    network: &DenseNetwork,
    points: Option<&'a Points>,
) -> Result<Cow<'a, Points>> {
    if let Some(points) = points {
        return Ok(Cow::Borrowed(points));
    }
    let sides = vec![(-1.0, 1.0); network.n_inputs()];
    let drawn = Dataset::from_function(&sides, OBSERVED, 0, |_| 0.0)?;
    Ok(Cow::Owned(drawn.points().clone()))
}

/// The potentials that follow from the outputs of the previous layer, `(n_monomials, n_neurons)`.
fn affine(layer: &DenseLayer, outputs: &[f64]) -> Vec<f64> {
    let mut potentials = layer.weighted(outputs);
    let constants = potentials.iter_mut().zip(layer.biases());
    constants.for_each(|(constant, bias)| *constant += bias);
    potentials
}
