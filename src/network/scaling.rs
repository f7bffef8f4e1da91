//! Data as training sees it: shifted, scaled, in single precision, on the training device.

use crate::dataset::{Dataset, Task};
use crate::error::Result;
use tch::Tensor;

/// The shift and scale that training applies to inputs and, for regression, to targets.
pub(super) struct Scaling {
    pub inputs: Vec<(f64, f64)>,
    pub target: (f64, f64),
}

impl Scaling {
    pub fn new(data: &Dataset, task: Task, standardize: bool) -> Self {
        let inputs = (0..data.n_features())
            .map(|feature| {
                if standardize {
                    mean_and_deviation(data.points().column(feature))
                } else {
                    (0.0, 1.0)
                }
            })
            .collect();
        let target = match task {
            Task::Classification => (0.0, 1.0),
            Task::Regression if standardize => mean_and_deviation(data.targets().iter().copied()),
            Task::Regression => (0.0, 1.0),
        };
        Self { inputs, target }
    }
}

fn mean_and_deviation(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    let variance = values.map(|value| (value - mean).powi(2)).sum::<f64>() / n;
    (mean, variance.sqrt().max(f64::MIN_POSITIVE))
}

/// Scaled data on the training device.
pub(super) struct ScaledData {
    pub inputs: Tensor,
    pub targets: Tensor,
}

impl ScaledData {
    pub fn new(data: &Dataset, scaling: &Scaling, device: tch::Device) -> Result<Self> {
        let rows = data.points().rows();
        let inputs: Vec<f32> = rows
            .flat_map(|row| row.iter().zip(&scaling.inputs))
            .map(|(value, (shift, scale))| ((value - shift) / scale) as f32)
            .collect();
        let (shift, scale) = scaling.target;
        let targets: Vec<f32> = data
            .targets()
            .iter()
            .map(|target| ((target - shift) / scale) as f32)
            .collect();
        Ok(Self {
            inputs: Tensor::f_from_slice(&inputs)?
                .f_view([-1, data.n_features() as i64])?
                .f_to_device(device)?,
            targets: Tensor::f_from_slice(&targets)?.f_to_device(device)?,
        })
    }

    /// The rows of all parts, one part after another.
    pub fn joined(parts: &[Self]) -> Result<Self> {
        let inputs: Vec<&Tensor> = parts.iter().map(|part| &part.inputs).collect();
        let targets: Vec<&Tensor> = parts.iter().map(|part| &part.targets).collect();
        Ok(Self {
            inputs: Tensor::f_cat(&inputs, 0)?,
            targets: Tensor::f_cat(&targets, 0)?,
        })
    }

    pub fn n_samples(&self) -> usize {
        self.targets.size()[0] as usize
    }
}
