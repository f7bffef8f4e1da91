//! The options for turning a network into polynomials.

use crate::error::{Error, Result};
use crate::model::Activation;
use crate::model::DenseNetwork;
use crate::points::Points;

/// The highest order allowed. Far beyond it, numbers overflow.
const MAX_ORDER: usize = 1000;

/// Places of terms are 32-bit numbers, and a term takes at least 32 bytes: more memory than this
/// can't be addressed.
const MAX_BYTES: usize = 1 << 37;

/// The potential around which activations are expanded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TaylorCenter {
    /// The same for all neurons of a layer.
    At(f64),
    /// The mean potential of each neuron over [`TaylorOptions::points`].
    MeanPotential,
}

/// How a network is turned into polynomials.
///
/// | field | default | range |
/// |---|---|---|
/// | `max_order` | 2 | 1 to 1000; terms above it are left out in every layer |
/// | `taylor_orders` | 8 | 1 to 30; one for all layers, or one per layer |
/// | `taylor_centers` | 0 | one for all layers, or one per layer |
/// | `points` | none | of as many features as the network has inputs |
/// | `economized_order` | none | 0 to `max_order` |
/// | `keep_layers` | no | |
/// | `expand_output` | no | |
/// | `max_bytes` | 1 GiB | at most 128 GiB |
///
/// The defaults are those of the R package nn2poly.
#[derive(Debug, Clone, PartialEq)]
pub struct TaylorOptions {
    /// The highest order of the polynomials. Those of every layer are truncated there, as in Morala
    /// et al. (2023). The result is the same as if only the last layer's were.
    pub max_order: usize,
    /// The orders of the activations' Taylor series, from the first layer to the last. Linear
    /// layers don't need one, but they count. The last layer may be left out if it isn't expanded.
    pub taylor_orders: Vec<usize>,
    /// The centers of the series, listed in the same way.
    pub taylor_centers: Vec<TaylorCenter>,
    /// Points that show which potentials occur. They are needed for centers at the mean, and for
    /// warnings where potentials leave the radius of convergence of a series. If there are none,
    /// the warnings use points drawn in [-1, 1], the range to which the method's authors scale
    /// inputs.
    pub points: Option<Points>,
    /// Give the polynomial up to this order that is nearest over the ranges of the points, or over
    /// [-1, 1] without points: see [`Polynomial::economized`](crate::Polynomial::economized). If
    /// the series is long enough to follow the network, the economized polynomial is that of a
    /// polynomial regression on it. A truncated series is best at one point only.
    pub economized_order: Option<usize>,
    /// Whether the polynomials of every layer are kept.
    pub keep_layers: bool,
    /// Whether a sigmoid in the last layer is also expanded. If not, the polynomials are those of
    /// the logits, and sigmoid or softmax is then applied to them exactly.
    pub expand_output: bool,
    /// The most memory that the conversion may take. If it needs more, it is refused before it
    /// begins.
    pub max_bytes: usize,
}

impl Default for TaylorOptions {
    fn default() -> Self {
        Self {
            max_order: 2,
            taylor_orders: vec![8],
            taylor_centers: vec![TaylorCenter::At(0.0)],
            points: None,
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
        let points = self.points.as_ref();
        points.map_or_else(|| vec![(-1.0, 1.0); n_inputs], Points::bounds)
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
        if let Some(points) = &self.points {
            let (found, needed) = (points.n_features(), network.n_inputs());
            if found != needed {
                return Err(Error::Shape(format!(
                    "the points have {found} features, but the network has {needed} inputs"
                )));
            }
        } else if self.taylor_centers.contains(&TaylorCenter::MeanPotential) {
            return Err(Error::Options(
                "a center at the mean potential needs points to take the mean over \
                 (TaylorOptions::points, --data)"
                    .into(),
            ));
        }
        Ok(())
    }

    /// Checks that there is one for all layers, or one per layer. A last layer that isn't expanded
    /// needs none.
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
                format!("a list of one, or one per layer for the {n_layers} layers"),
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
