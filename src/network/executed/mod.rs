//! Networks of any operators, which libtorch executes and differentiates.

mod archive;
mod columns;
mod opening;
mod probe;
mod program;
mod reading;
mod script;

pub(super) use archive::holds_code;
pub(super) use opening::{Asked, Setting};
pub(super) use probe::probe_points;
pub(super) use program::Program;

use super::NetworkDescription;
use super::numbers::ROWS_AT_ONCE;
use super::tensors::to_vec;
use crate::dataset::Task;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::points::check_rows;
use columns::Columns;
use program::Loaded;
use reading::Reading;
use std::path::Path;
use tch::{Kind, Tensor};

/// A network that libtorch executes as it is: TorchScript, or the graph of an ONNX file. One of its
/// outputs, or a linear combination of some, is the latent model.
///
/// It computes in double precision, except for a TorchScript module whose code doesn't allow that.
#[derive(Debug, Clone, PartialEq)]
pub struct ExecutedNetwork {
    program: Program,
    feature_names: Vec<String>,
    task: Task,
    reading: Reading,
    /// `(mean, scale)` of each input.
    input_scaling: Vec<(f64, f64)>,
    /// `(mean, scale)` of the prediction.
    output_scaling: (f64, f64),
    /// Why its gradients don't say how its values change, if they don't.
    without_gradient: Option<String>,
}

impl ExecutedNetwork {
    /// Reads a TorchScript file. Its module takes rows `(n_samples, n_features)` and returns
    /// `(n_samples,)` or `(n_samples, n_outputs)`, or a tuple or dictionary of such tensors.
    ///
    /// The description gives the task, and optionally names of outputs, scaling and the inputs'
    /// names. Without names, the inputs are `x1`, `x2` and so on, as many as the module's first
    /// layer takes. `output` chooses one of several outputs by its name or its number, counted from
    /// 0; `2 vs 0` chooses the margin of two classes. In a dictionary, output 2 of the entry
    /// `logits` is `logits.2`. A classifier may return logits or probabilities: its latent model is
    /// the logit in both cases.
    ///
    /// ```no_run
    /// use closedform::{Model, Task};
    /// use closedform::network::{NetworkDescription, ExecutedNetwork};
    ///
    /// let description = NetworkDescription {
    ///     inputs: vec!["mass".to_string(), "speed".to_string()],
    ///     task: Some(Task::Regression),
    ///     ..Default::default()
    /// };
    /// let network = ExecutedNetwork::from_torchscript("model.pt", &description, None)?;
    /// let gradients = network.gradients(&[1.0, 2.0])?;
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// A file that is missing or isn't TorchScript; a recurrent module; inputs or an output that
    /// the module doesn't have; several outputs without a choice; an output that depends on other
    /// rows or that can't be differentiated.
    pub fn from_torchscript(
        path: impl AsRef<Path>,
        description: &NetworkDescription,
        output: Option<&str>,
    ) -> Result<Self> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|source| Error::file(path, source))?;
        let opened = Self::of_script(bytes, description, output);
        let network = opened.map_err(|error| error.in_file(path))?;
        match network.without_gradient() {
            None => Ok(network),
            Some(reason) => Err(Error::Model(reason.to_string()).in_file(path)),
        }
    }

    /// Why its gradients don't say how its values change, if they don't, as those of steps.
    pub(super) fn without_gradient(&self) -> Option<&str> {
        self.without_gradient.as_deref()
    }

    fn values(&self, points: &[f64]) -> Result<Vec<f64>> {
        let program = self.program.load()?;
        let _guard = tch::no_grad_guard();
        let mut values = Vec::with_capacity(points.len() / self.feature_names.len());
        for batch in points.chunks(ROWS_AT_ONCE * self.feature_names.len()) {
            values.extend(to_vec(&self.forward(&program, &self.to_inputs(batch)?)?)?);
        }
        Ok(values)
    }

    /// The gradients; none if the output has no gradient at all.
    fn raw_gradients(&self, points: &[f64]) -> Result<Option<Vec<f64>>> {
        let program = self.program.load()?;
        let mut gradients = Vec::with_capacity(points.len());
        for batch in points.chunks(ROWS_AT_ONCE * self.feature_names.len()) {
            let inputs = self.to_inputs(batch)?.f_set_requires_grad(true)?;
            let sum = self.forward(&program, &inputs)?.f_sum(Kind::Double)?;
            if !sum.requires_grad() {
                return Ok(None);
            }
            let gradient = Tensor::f_run_backward(&[sum], &[&inputs], false, false)?;
            if !gradient[0].defined() {
                return Ok(None);
            }
            gradients.extend(to_vec(&gradient[0])?);
        }
        Ok(Some(gradients))
    }

    fn to_inputs(&self, points: &[f64]) -> Result<Tensor> {
        Ok(Tensor::f_from_slice(points)?.f_view([-1, self.feature_names.len() as i64])?)
    }

    /// The latent model at inputs in the data's units.
    fn forward(&self, program: &Loaded, inputs: &Tensor) -> Result<Tensor> {
        let columns = self.columns(program, inputs)?;
        let precision = self.program.precision();
        let latent = self.reading.latent(&columns.values, precision)?;
        let (mean, scale) = self.output_scaling;
        Ok(latent.f_multiply_scalar(scale)?.f_add_scalar(mean)?)
    }

    /// What the program makes of inputs in the data's units.
    fn columns(&self, program: &Loaded, inputs: &Tensor) -> Result<Columns> {
        let (means, scales): (Vec<f64>, Vec<f64>) = self.input_scaling.iter().copied().unzip();
        let scaled = inputs
            .f_sub(&Tensor::f_from_slice(&means)?)?
            .f_div(&Tensor::f_from_slice(&scales)?)?;
        program.run(&scaled)
    }

    fn check_finite(&self, what: &str, points: &[f64], values: &[f64], n: usize) -> Result<()> {
        let Some(index) = values.iter().position(|value| !value.is_finite()) else {
            return Ok(());
        };
        let (row, n_features) = (index / n, self.feature_names.len());
        let point = &points[row * n_features..(row + 1) * n_features];
        let point = self.feature_names.iter().zip(point);
        let point: Vec<String> = point
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        let (row, point) = (row + 1, point.join(", "));
        let place = format!("the network's {what} at row {row} ({point})");
        Err(Error::not_finite(place, values[index]))
    }
}

impl Model for ExecutedNetwork {
    fn feature_names(&self) -> &[String] {
        &self.feature_names
    }

    /// Regression for a single one of several logits, which has no decision boundary.
    fn task(&self) -> Task {
        self.task
    }

    /// Refuses values that aren't finite.
    fn latent(&self, points: &[f64]) -> Result<Vec<f64>> {
        check_rows(points, self.feature_names.len(), "features")?;
        let values = self.values(points)?;
        self.check_finite("output", points, &values, 1)?;
        Ok(values)
    }

    /// Computed by automatic differentiation; refuses gradients that aren't finite.
    fn gradients(&self, points: &[f64]) -> Result<Vec<f64>> {
        let n_features = self.feature_names.len();
        check_rows(points, n_features, "features")?;
        let gradients = self.raw_gradients(points)?;
        let gradients = gradients.unwrap_or_else(|| vec![0.0; points.len()]);
        self.check_finite("gradient", points, &gradients, n_features)?;
        Ok(gradients)
    }
}
