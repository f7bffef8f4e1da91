//! Activations: the functions that layers apply to their neurons' potentials.

use crate::error::{Error, Result};
use crate::numerics::{sigmoid, softplus};
use serde::{Deserialize, Serialize};

/// The function that a layer applies to its neurons' potentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activation {
    /// `x` above 0, `exp(x) - 1` below.
    Elu,
    /// `exp(x)`.
    Exp,
    /// The potential itself.
    Linear,
    /// `max(x, 0)`.
    Relu,
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
    /// `x sigmoid(x)`.
    Silu,
    /// `sin(x)`.
    Sin,
    /// `exp(x)` divided by its sum over the layer: the probabilities of several classes.
    Softmax,
    /// `log(1 + exp(x))`.
    Softplus,
    /// The hyperbolic tangent.
    Tanh,
}

impl Activation {
    /// All activations.
    pub const ALL: [Self; 10] = [
        Self::Elu,
        Self::Exp,
        Self::Linear,
        Self::Relu,
        Self::Sigmoid,
        Self::Silu,
        Self::Sin,
        Self::Softmax,
        Self::Softplus,
        Self::Tanh,
    ];

    /// The activation with the given name, such as `tanh`; upper and lower case are the same.
    ///
    /// ```
    /// use closedform::Activation;
    ///
    /// assert_eq!(Activation::named("SiLU")?, Activation::Silu);
    /// assert!(Activation::named("swoosh").is_err());
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// An unknown name; the message lists the known ones.
    pub fn named(name: &str) -> Result<Self> {
        let known = |activation: &Self| activation.to_string().eq_ignore_ascii_case(name);
        Self::ALL.into_iter().find(known).ok_or_else(|| {
            let names = Self::ALL.map(|activation| activation.to_string());
            Error::parameter(
                "the activation",
                format!("\"{name}\""),
                format!("one of {}", names.join(", ")),
            )
        })
    }

    /// Applies the activation in place to one layer's potentials, `(n_neurons,)`.
    pub fn activate(self, potentials: &mut [f64]) {
        match self {
            Self::Softmax => softmax(potentials),
            _ => potentials.iter_mut().for_each(|u| *u = self.value(*u)),
        }
    }

    /// The activation of one potential. The softmax of a single neuron is 1 everywhere.
    pub fn value(self, u: f64) -> f64 {
        match self {
            Self::Elu if u > 0.0 => u,
            Self::Elu => u.exp_m1(),
            Self::Exp => u.exp(),
            Self::Linear => u,
            Self::Relu => u.max(0.0),
            Self::Sigmoid => sigmoid(u),
            Self::Silu => u * sigmoid(u),
            Self::Sin => u.sin(),
            Self::Softmax => 1.0,
            Self::Softplus => softplus(u),
            Self::Tanh => u.tanh(),
        }
    }
}

impl std::fmt::Display for Activation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&format!("{self:?}").to_lowercase())
    }
}

fn softmax(potentials: &mut [f64]) {
    let highest = potentials.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    potentials
        .iter_mut()
        .for_each(|u| *u = (*u - highest).exp());
    let sum: f64 = potentials.iter().sum();
    potentials.iter_mut().for_each(|u| *u /= sum);
}
