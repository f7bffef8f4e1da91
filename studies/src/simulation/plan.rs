//! The networks of a simulation study.

use super::{SimulationGroup, data};
use closedform::polynomial::TaylorSeries;
use closedform::{Activation, Error, Result};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Random polynomials, and a network of every activation, size and constraint for each of them.
///
/// ```
/// use closedform::Activation;
/// use closedform_studies::simulation::SimulationPlan;
///
/// let plan = SimulationPlan {
///     n_networks: 100,
///     activations: vec![Activation::Tanh],
///     ..SimulationPlan::default()
/// };
/// let groups = plan.groups()?;
/// // 3 numbers of inputs, 3 sizes, without and with the constraint.
/// assert_eq!(groups.len(), 18);
/// assert_eq!(groups.iter().map(|group| group.seeds.len()).sum::<usize>(), 600);
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SimulationPlan {
    /// How many polynomials are drawn; each is learned by a network of every activation, size and
    /// constraint. 500 by default.
    pub n_networks: usize,
    /// The numbers of inputs. The polynomials take them in turn; 3, 4 and 5 by default.
    pub n_inputs: Vec<usize>,
    /// Activations of the hidden neurons; softplus, tanh and sigmoid by default.
    pub activations: Vec<Activation>,
    /// Numbers of hidden neurons; 4, 10 and 25 by default.
    pub widths: Vec<usize>,
    /// Whether the l1 norm of each hidden neuron's weights, bias included, is kept at 1; both
    /// without and with by default.
    pub constraints: Vec<bool>,
    /// How many points are drawn of each polynomial; 250 by default.
    pub n_samples: usize,
    /// The standard deviation of the noise, as a share of that of the values; 0.1 by default.
    pub noise: f64,
    /// Passes over the training data; 200 by default.
    pub n_epochs: usize,
    /// The order of the Taylor series around 0; 8 by default.
    pub taylor_order: usize,
    /// The seed that fixes everything that is drawn; 0 by default.
    pub seed: u64,
}

impl Default for SimulationPlan {
    fn default() -> Self {
        Self {
            n_networks: 500,
            n_inputs: vec![3, 4, 5],
            activations: vec![Activation::Softplus, Activation::Tanh, Activation::Sigmoid],
            widths: vec![4, 10, 25],
            constraints: vec![false, true],
            n_samples: 250,
            noise: 0.1,
            n_epochs: 200,
            taylor_order: 8,
            seed: 0,
        }
    }
}

impl SimulationPlan {
    /// The networks, in groups of one shape. The first polynomials are the same, however many are
    /// drawn. Every activation, size and constraint has the same polynomials.
    ///
    /// # Errors
    /// If there are no networks, or if a setting is outside its range.
    pub fn groups(&self) -> Result<Vec<SimulationGroup>> {
        for &n_inputs in &self.n_inputs {
            data::check(n_inputs, self.n_samples, self.noise)?;
        }
        for &activation in &self.activations {
            TaylorSeries::new(activation, 0.0, self.taylor_order)?;
        }
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        // 32 bits, which every program that reads tables takes as a whole number.
        let seeds: Vec<u64> = (0..self.n_networks)
            .map(|_| u64::from(rng.next_u32()))
            .collect();
        let mut groups: Vec<SimulationGroup> = Vec::new();
        for &width in &self.widths {
            for (turn, &n_inputs) in self.n_inputs.iter().enumerate() {
                let seeds = seeds.iter().skip(turn).step_by(self.n_inputs.len());
                for &activation in &self.activations {
                    for &constrained in &self.constraints {
                        let group = SimulationGroup {
                            n_inputs,
                            activation,
                            width,
                            constrained,
                            n_samples: self.n_samples,
                            noise: self.noise,
                            n_epochs: self.n_epochs,
                            taylor_order: self.taylor_order,
                            seeds: seeds.clone().copied().collect(),
                        };
                        if !group.seeds.is_empty() && !groups.contains(&group) {
                            group.check()?;
                            groups.push(group);
                        }
                    }
                }
            }
        }
        if groups.is_empty() {
            Err(Error::Options(
                "there are no networks to train; the plan needs networks, inputs, activations, \
                 widths and constraints"
                    .into(),
            ))
        } else {
            Ok(groups)
        }
    }
}
