//! Every choice in turning a network into polynomials.

use crate::dataset::{bounds_of, check_rows};
use crate::error::{Error, Result};
use crate::model::Activation;
use crate::model::DenseNetwork;

/// The highest order that can be asked for; far beyond, numbers overflow.
const MAX_ORDER: usize = 1000;

/// Terms of 32 bytes and more that places of 32 bits can tell apart.
const MAX_BYTES: usize = 1 << 37;

/// The potential around which activations are expanded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TaylorCenter {
    /// The same for all neurons of a layer.
    At(f64),
    /// Each neuron's own mean potential over [`TaylorOptions::points`].
    MeanPotential,
}

/// How a network is turned into polynomials.
///
/// | field | default | range |
/// |---|---|---|
/// | `max_order` | 2 | 1 to 1000: terms above it are left out in every layer |
/// | `taylor_orders` | 8 | 1 to 30, one for all layers or one for each |
/// | `taylor_centers` | 0 | one for all layers or one for each |
/// | `points` | none | `(n_samples, n_inputs)` |
/// | `economized_order` | none | 0 to `max_order` |
/// | `keep_layers` | no | |
/// | `expand_output` | no | |
/// | `max_bytes` | 1 GiB | at most 128 GiB |
///
/// The defaults are those of the R package nn2poly.
#[derive(Debug, Clone, PartialEq)]
pub struct TaylorOptions {
    /// The highest order of the polynomials. Every layer's polynomials are cut off there, as Morala
    /// et al. (2023) do: what stays is the same as if only the last were.
    pub max_order: usize,
    /// The orders of the activations' Taylor series, from the first layer on; linear layers
    /// need none, but are counted. The last layer may be left out if it isn't expanded.
    pub taylor_orders: Vec<usize>,
    /// Their centers, listed in the same way.
    pub taylor_centers: Vec<TaylorCenter>,
    /// Points that show which potentials occur: for centers at the mean, and for warnings where
    /// potentials leave a series' radius of convergence. Without any, warnings look at points drawn
    /// in [-1, 1], to which the method's authors scale their inputs.
    pub points: Vec<f64>,
    /// Of all polynomials up to this order, take the nearest over the points' ranges, or over
    /// [-1, 1]: see [`Polynomial::economized`](crate::Polynomial::economized). A series that is
    /// long enough to follow the network, economized, is its polynomial regression; one that is cut
    /// off there is best at one point only.
    pub economized_order: Option<usize>,
    /// Whether the polynomials of every layer are kept.
    pub keep_layers: bool,
    /// Whether a sigmoid in the last layer is expanded, too. Without it the polynomials are those of
    /// the logits, to which sigmoid and softmax are then applied exactly.
    pub expand_output: bool,
    /// More memory than this is not taken: the conversion is refused before it begins.
    pub max_bytes: usize,
}

impl Default for TaylorOptions {
    fn default() -> Self {
        Self {
            max_order: 2,
            taylor_orders: vec![8],
            taylor_centers: vec![TaylorCenter::At(0.0)],
            points: Vec::new(),
            economized_order: None,
            keep_layers: false,
            expand_output: false,
            max_bytes: 1 << 30,
        }
    }
}

impl TaylorOptions {
    /// Whether a layer's activation is replaced by its series.
    pub(super) fn expands(&self, network: &DenseNetwork, layer: usize) -> bool {
        let is_last = layer + 1 == network.layers().len();
        match network.layers()[layer].activation() {
            Activation::Linear => false,
            Activation::Sigmoid | Activation::Softmax if is_last => self.expand_output,
            _ => true,
        }
    }

    pub(super) fn taylor_order(&self, layer: usize) -> usize {
        of_layer(&self.taylor_orders, layer)
    }

    pub(super) fn taylor_center(&self, layer: usize) -> TaylorCenter {
        of_layer(&self.taylor_centers, layer)
    }

    /// The box over which polynomials are economized.
    pub(super) fn sides(&self, n_inputs: usize) -> Vec<(f64, f64)> {
        if self.points.is_empty() {
            vec![(-1.0, 1.0); n_inputs]
        } else {
            bounds_of(&self.points, n_inputs)
        }
    }

    pub(super) fn check(&self, network: &DenseNetwork) -> Result<()> {
        if !(1..=MAX_ORDER).contains(&self.max_order) {
            let allowed = format!("between 1 and {MAX_ORDER}");
            return Err(Error::parameter("max_order", self.max_order, allowed));
        }
        if let Some(order) = self
            .economized_order
            .filter(|order| *order > self.max_order)
        {
            let allowed = format!("between 0 and max_order, {}", self.max_order);
            return Err(Error::parameter("economized_order", order, allowed));
        }
        if self.max_bytes > MAX_BYTES {
            let allowed = format!("at most {MAX_BYTES} (128 GiB)");
            return Err(Error::parameter("max_bytes", self.max_bytes, allowed));
        }
        self.check_count("taylor_orders", self.taylor_orders.len(), network)?;
        self.check_count("taylor_centers", self.taylor_centers.len(), network)?;
        if !self.points.is_empty() {
            check_rows(&self.points, network.n_inputs(), "variables")?;
        } else if self.taylor_centers.contains(&TaylorCenter::MeanPotential) {
            return Err(Error::Options(
                "centers at the mean potential need points over which to take the mean (--data)"
                    .into(),
            ));
        }
        Ok(())
    }

    /// One for all layers, or one for each; one that isn't expanded needs none if it is the last.
    fn check_count(&self, name: &'static str, found: usize, network: &DenseNetwork) -> Result<()> {
        let n_layers = network.layers().len();
        let is_right = found == 1
            || found == n_layers
            || found + 1 == n_layers && !self.expands(network, n_layers - 1);
        if is_right {
            Ok(())
        } else {
            Err(Error::parameter(
                name,
                format!("a list of {found}"),
                format!("a list of one, or of one for each of the {n_layers} layers"),
            ))
        }
    }
}

fn of_layer<T: Copy>(list: &[T], layer: usize) -> T {
    match list {
        [one] => *one,
        _ => list[layer],
    }
}
