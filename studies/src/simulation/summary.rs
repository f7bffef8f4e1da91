//! Summarizes a simulation's rows: quartiles for every activation, size and constraint.

use super::SimulationRow;
use closedform::Activation;
use serde::Serialize;

/// The median and the quartiles of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quartiles {
    /// A quarter of the values lie below this.
    pub lower: f64,
    /// The median.
    pub median: f64,
    /// A quarter of the values lie above this.
    pub upper: f64,
}

impl Quartiles {
    /// The quartiles of a sample, interpolated linearly between two values; none for an empty
    /// sample.
    ///
    /// ```
    /// use closedform_studies::simulation::Quartiles;
    ///
    /// let found = Quartiles::of(&[4.0, 1.0, 3.0, 2.0]).unwrap();
    /// assert_eq!((found.lower, found.median, found.upper), (1.75, 2.5, 3.25));
    /// assert_eq!(Quartiles::of(&[]), None);
    /// ```
    pub fn of(values: &[f64]) -> Option<Self> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().checked_sub(1)?;
        let at = |share: f64| {
            let place = share * last as f64;
            let (below, above) = (sorted[place as usize], sorted[place.ceil() as usize]);
            below + place.fract() * (above - below)
        };
        Some(Self {
            lower: at(0.25),
            median: at(0.5),
            upper: at(0.75),
        })
    }
}

/// The summary of a simulation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SimulationSummary {
    /// How many networks there are.
    pub n_networks: usize,
    /// One line for each activation, size and constraint, in ascending order.
    pub lines: Vec<SimulationLine>,
}

/// The networks of one activation and size, without or with the constraint.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SimulationLine {
    /// The activation.
    pub activation: Activation,
    /// The number of hidden neurons.
    pub width: usize,
    /// Whether their weights were constrained.
    pub constrained: bool,
    /// How many networks there are.
    pub n_networks: usize,
    /// See [`SimulationRow::network_mse`].
    pub network_mse: Quartiles,
    /// See [`SimulationRow::polynomial_mse`].
    pub polynomial_mse: Quartiles,
    /// See [`SimulationRow::extended_mse`].
    pub extended_mse: Quartiles,
    /// The median coefficient of determination of the networks on the data.
    pub network_r2: f64,
    /// The mean share of potentials within the radius of convergence.
    pub inside_share: f64,
    /// The share of networks whose potentials all lie within it.
    pub all_inside: f64,
}

impl SimulationSummary {
    /// Summarizes rows.
    pub fn new(rows: &[SimulationRow]) -> Self {
        let key = |row: &SimulationRow| {
            let settings = &row.settings;
            let activation = settings.activation.to_string();
            (activation, settings.width, settings.constrained)
        };
        let mut sorted: Vec<&SimulationRow> = rows.iter().collect();
        sorted.sort_by_key(|row| key(row));
        let lines = sorted.chunk_by(|a, b| key(a) == key(b));
        Self {
            n_networks: rows.len(),
            lines: lines.filter_map(SimulationLine::new).collect(),
        }
    }
}

impl SimulationLine {
    fn new(rows: &[&SimulationRow]) -> Option<Self> {
        let quartiles = |of: fn(&SimulationRow) -> f64| {
            Quartiles::of(&rows.iter().map(|row| of(row)).collect::<Vec<_>>())
        };
        let mean = |of: &dyn Fn(&SimulationRow) -> f64| {
            rows.iter().map(|row| of(row)).sum::<f64>() / rows.len() as f64
        };
        let settings = &rows.first()?.settings;
        Some(Self {
            activation: settings.activation,
            width: settings.width,
            constrained: settings.constrained,
            n_networks: rows.len(),
            network_mse: quartiles(|row| row.network_mse)?,
            polynomial_mse: quartiles(|row| row.polynomial_mse)?,
            extended_mse: quartiles(|row| row.extended_mse)?,
            network_r2: quartiles(|row| row.network_r2)?.median,
            inside_share: mean(&|row| row.inside_share),
            all_inside: mean(&|row| f64::from(u8::from(row.inside_share == 1.0))),
        })
    }
}
