//! Networks of one shape: trained together, turned into polynomials, measured.

use super::{SimulatedData, SimulationRow, SimulationSettings};
use closedform::dataset::TRAINING_SHARE;
use closedform::network::{Device, WeightConstraint};
use closedform::polynomial::Agreement;
use closedform::polynomial::NetworkPolynomials;
use closedform::{
    Activation, Dataset, DenseNetwork, Hyperparameters, Layer, Network, Result, Task,
    TaylorOptions, TrainingOptions,
};
use std::ops::ControlFlow;
use std::time::Instant;

/// How many times wider the extended range is than that of the inputs.
pub const EXTENDED_RANGE: f64 = 2.0;

/// Rows per training step.
const BATCH_SIZE: usize = 25;
/// The peak of the learning rate. Small networks can take large steps.
const LEARNING_RATE: f64 = 2e-2;

/// Networks of one shape, one per seed, that are trained as one tensor program.
///
/// ```no_run
/// use closedform::progress;
/// use closedform_studies::simulation::{SimulationPlan, SimulationSummary};
///
/// let group = &SimulationPlan::default().groups()?[0];
/// let rows = group.run(progress::silent)?;
/// println!("{}", SimulationSummary::new(&rows));
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SimulationGroup {
    /// The number of inputs.
    pub n_inputs: usize,
    /// The activation of the hidden neurons.
    pub activation: Activation,
    /// The number of hidden neurons.
    pub width: usize,
    /// Whether the l1 norm of each hidden neuron's weights, bias included, is kept at 1.
    pub constrained: bool,
    /// How many points are drawn of each polynomial; four fifths of them train the network.
    pub n_samples: usize,
    /// The standard deviation of the noise, as a share of that of the values.
    pub noise: f64,
    /// Passes over the training data.
    pub n_epochs: usize,
    /// The order of the Taylor series around 0, which is also that of the polynomials.
    pub taylor_order: usize,
    /// One seed for each network, which fixes its polynomial, points, initial weights and order of
    /// rows.
    pub seeds: Vec<u64>,
}

impl SimulationGroup {
    /// The data of every network, in the order of the seeds.
    ///
    /// # Errors
    /// Those of [`SimulatedData::draw`].
    pub fn data(&self) -> Result<Vec<SimulatedData>> {
        let draw =
            |seed: &u64| SimulatedData::draw(self.n_inputs, self.n_samples, self.noise, *seed);
        self.seeds.iter().map(draw).collect()
    }

    /// The shape of the networks and their training: one hidden layer, and Adam with a one-cycle
    /// learning rate.
    pub fn hyperparameters(&self) -> Hyperparameters {
        Hyperparameters {
            layers: vec![Layer::new(self.width, self.activation)],
            constraint: self.constrained.then_some(WeightConstraint::L1Sphere),
            learning_rate: LEARNING_RATE,
            n_epochs: self.n_epochs,
            batch_size: BATCH_SIZE.min(self.n_training_rows()),
            standardize: false,
            ..Hyperparameters::fast()
        }
    }

    /// Trains a network on each of the group's data, all of them together.
    ///
    /// `monitor` is called with the number of every epoch, and may end the training there.
    ///
    /// # Errors
    /// Those of [`Network::train_together`].
    pub fn train(
        &self,
        data: &[SimulatedData],
        monitor: impl FnMut(&usize) -> ControlFlow<()>,
    ) -> Result<Vec<Network>> {
        let training: Vec<Dataset> = data.iter().map(|data| data.training.clone()).collect();
        let options = TrainingOptions {
            task: Task::Regression,
            hyperparameters: self.hyperparameters(),
            // The tensors are too small to be worth moving to another device.
            device: Device::Cpu,
            ..TrainingOptions::default()
        };
        Network::train_together(&training, &self.seeds, &options, monitor)
    }

    /// The Taylor polynomial of one of the networks, with all terms of the series.
    ///
    /// # Errors
    /// Those of [`DenseNetwork::to_polynomials`].
    pub fn polynomial(&self, network: &DenseNetwork) -> Result<NetworkPolynomials> {
        network.to_polynomials(&TaylorOptions {
            max_order: self.taylor_order,
            taylor_orders: vec![self.taylor_order],
            ..TaylorOptions::default()
        })
    }

    /// Draws the data, trains the networks, turns each into its polynomial, and measures both.
    ///
    /// # Errors
    /// Those of [`data`](Self::data), [`train`](Self::train) and [`polynomial`](Self::polynomial).
    pub fn run(
        &self,
        monitor: impl FnMut(&usize) -> ControlFlow<()>,
    ) -> Result<Vec<SimulationRow>> {
        let data = self.data()?;
        let start = Instant::now();
        let networks = self.train(&data, monitor)?;
        let seconds_train = start.elapsed().as_secs_f64();
        let start = Instant::now();
        let pairs = self.seeds.iter().zip(networks.iter().zip(&data));
        let rows = pairs.map(|(seed, (network, data))| self.row(*seed, network, &data.test));
        let mut rows = rows.collect::<Result<Vec<SimulationRow>>>()?;
        let seconds_polynomials = start.elapsed().as_secs_f64();
        for row in &mut rows {
            row.seconds_train = seconds_train;
            row.seconds_polynomials = seconds_polynomials;
        }
        Ok(rows)
    }

    pub(super) fn check(&self) -> Result<()> {
        self.hyperparameters().check(self.n_training_rows())
    }

    fn n_training_rows(&self) -> usize {
        (self.n_samples as f64 * TRAINING_SHARE).round() as usize
    }

    /// The settings of one of the networks.
    pub(super) fn settings(&self, seed: u64) -> SimulationSettings {
        SimulationSettings {
            seed,
            n_inputs: self.n_inputs,
            activation: self.activation,
            width: self.width,
            constrained: self.constrained,
            n_samples: self.n_samples,
            noise: self.noise,
            n_epochs: self.n_epochs,
            taylor_order: self.taylor_order,
            version: env!("CARGO_PKG_VERSION").to_string(),
        }
    }

    /// The row of a network, without the seconds, which are those of the whole group.
    fn row(&self, seed: u64, network: &Network, test: &Dataset) -> Result<SimulationRow> {
        let network = DenseNetwork::from_network(network)?;
        let polynomial = self.polynomial(&network)?;
        let points = test.points();
        let extended: Vec<f64> = points.iter().map(|x| EXTENDED_RANGE * x).collect();
        let fit = Agreement::of(&network.outputs(points)?, test.targets(), 1)?;
        let within = polynomial.agreement(&network, points)?;
        let beyond = polynomial.agreement(&network, &extended)?;
        let hidden = &network.potentials(points)?[0];
        let radius = polynomial.series()[0][0].radius();
        let n_inside = hidden.iter().filter(|u| u.abs() < radius).count();
        let largest = hidden.iter().map(|u| u.abs()).fold(0.0, f64::max);
        Ok(SimulationRow {
            settings: self.settings(seed),
            network_mse: fit.mse,
            network_r2: fit.r_squared,
            polynomial_mse: within.mse,
            polynomial_r2: within.r_squared,
            extended_mse: beyond.mse,
            inside_share: n_inside as f64 / hidden.len() as f64,
            largest_potential: largest / radius,
            seconds_train: 0.0,
            seconds_polynomials: 0.0,
        })
    }
}
