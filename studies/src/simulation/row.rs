//! The record of one network.

use closedform::Activation;

/// Everything needed to train a network again.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulationSettings {
    /// The seed that fixes the polynomial, its points, the initial weights and the order of rows.
    pub seed: u64,
    /// The number of inputs.
    pub n_inputs: usize,
    /// The activation of the hidden neurons.
    pub activation: Activation,
    /// The number of hidden neurons.
    pub width: usize,
    /// Whether the l1 norm of each hidden neuron's weights, bias included, was kept at 1.
    pub constrained: bool,
    /// How many points were drawn; four fifths of them trained the network.
    pub n_samples: usize,
    /// The standard deviation of the noise, as a share of that of the values.
    pub noise: f64,
    /// Passes over the training data.
    pub n_epochs: usize,
    /// The order of the activations' Taylor series around 0, which is also that of the polynomial.
    pub taylor_order: usize,
    /// The library's version.
    pub version: String,
}

/// A network of the simulation study, measured on its test rows. The targets lie in [-1, 1].
#[derive(Debug, Clone, PartialEq)]
pub struct SimulationRow {
    /// The settings of the network.
    pub settings: SimulationSettings,
    /// The mean squared error of the network on the data.
    pub network_mse: f64,
    /// The coefficient of determination of the network on the data; 1 is best.
    pub network_r2: f64,
    /// The mean squared error between the network and its polynomial.
    pub polynomial_mse: f64,
    /// The coefficient of determination of the polynomial, with the network as the truth.
    pub polynomial_r2: f64,
    /// The mean squared error between the two in a range of inputs that is
    /// [`EXTENDED_RANGE`](super::EXTENDED_RANGE) times as wide.
    pub extended_mse: f64,
    /// The share of the potentials within the Taylor series' radius of convergence.
    pub inside_share: f64,
    /// The largest potential, in absolute value, divided by that radius.
    pub largest_potential: f64,
    /// The seconds that training the whole group took.
    pub seconds_train: f64,
    /// The seconds that the polynomials of the whole group took, including all measurements.
    pub seconds_polynomials: f64,
}
