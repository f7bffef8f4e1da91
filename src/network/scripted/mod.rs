//! TorchScript modules: networks of any operators, which libtorch runs and differentiates.

mod archive;
mod columns;
mod opening;
mod probe;
mod reading;

use super::NetworkDescription;
use super::numbers::ROWS_AT_ONCE;
use super::tensors::to_vec;
use crate::dataset::Task;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::points::check_rows;
use columns::Columns;
use reading::Reading;
use std::path::Path;
use tch::{CModule, Device, IValue, Kind, TchError, Tensor};

/// A network that Python's `torch.jit.script` or `torch.jit.trace` saved. One of its outputs is the
/// latent model.
///
/// It holds the file's bytes; the module itself exists only during a call. The module runs in
/// double precision where its code allows that, and in evaluation mode: dropout does nothing, and
/// batch norms use their running statistics.
#[derive(Debug, Clone, PartialEq)]
pub struct ScriptedNetwork {
    bytes: Vec<u8>,
    feature_names: Vec<String>,
    task: Task,
    reading: Reading,
    is_double: bool,
    /// `(mean, scale)` of each input.
    input_scaling: Vec<(f64, f64)>,
    /// `(mean, scale)` of the prediction.
    output_scaling: (f64, f64),
}

impl ScriptedNetwork {
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
    /// use closedform::network::{NetworkDescription, ScriptedNetwork};
    ///
    /// let description = NetworkDescription {
    ///     inputs: vec!["mass".to_string(), "speed".to_string()],
    ///     task: Some(Task::Regression),
    ///     ..Default::default()
    /// };
    /// let network = ScriptedNetwork::load("model.pt", &description, None)?;
    /// let gradients = network.gradients(&[1.0, 2.0])?;
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// A file that is missing or isn't TorchScript; a recurrent module; inputs or an output that
    /// the module doesn't have; several outputs without a choice; an output that depends on other
    /// rows or that can't be differentiated.
    pub fn load(
        path: impl AsRef<Path>,
        description: &NetworkDescription,
        output: Option<&str>,
    ) -> Result<Self> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|source| Error::file(path, source))?;
        Self::parse(bytes, description, output).map_err(|error| error.in_file(path))
    }

    fn values(&self, points: &[f64]) -> Result<Vec<f64>> {
        let module = load(&self.bytes, self.is_double)?;
        let _guard = tch::no_grad_guard();
        let mut values = Vec::with_capacity(points.len() / self.feature_names.len());
        for batch in points.chunks(ROWS_AT_ONCE * self.feature_names.len()) {
            values.extend(to_vec(&self.forward(&module, &self.to_inputs(batch)?)?)?);
        }
        Ok(values)
    }

    /// The gradients; none if the output has no gradient at all.
    fn raw_gradients(&self, points: &[f64]) -> Result<Option<Vec<f64>>> {
        let module = load(&self.bytes, self.is_double)?;
        let mut gradients = Vec::with_capacity(points.len());
        for batch in points.chunks(ROWS_AT_ONCE * self.feature_names.len()) {
            let inputs = self.to_inputs(batch)?.f_set_requires_grad(true)?;
            let sum = self.forward(&module, &inputs)?.f_sum(Kind::Double)?;
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
    fn forward(&self, module: &CModule, inputs: &Tensor) -> Result<Tensor> {
        let columns = self.columns(module, inputs)?;
        let eps = if self.is_double {
            f64::EPSILON
        } else {
            f32::EPSILON.into()
        };
        let latent = self.reading.latent(&columns.values, eps)?;
        let (mean, scale) = self.output_scaling;
        Ok(latent.f_multiply_scalar(scale)?.f_add_scalar(mean)?)
    }

    fn columns(&self, module: &CModule, inputs: &Tensor) -> Result<Columns> {
        Columns::new(self.run(module, inputs)?, inputs.size()[0])
    }

    /// What the module returns for inputs in the data's units.
    fn run(&self, module: &CModule, inputs: &Tensor) -> Result<IValue> {
        let (means, scales): (Vec<f64>, Vec<f64>) = self.input_scaling.iter().copied().unzip();
        let kind = if self.is_double {
            Kind::Double
        } else {
            Kind::Float
        };
        let scaled = inputs
            .f_sub(&Tensor::f_from_slice(&means)?)?
            .f_div(&Tensor::f_from_slice(&scales)?)?
            .f_to_kind(kind)?;
        let returned = module.forward_is(&[IValue::Tensor(scaled)]);
        returned.map_err(|error| Error::Model(reason(&error)))
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

impl Model for ScriptedNetwork {
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

fn load(bytes: &[u8], is_double: bool) -> Result<CModule> {
    let module = CModule::load_data_on_device(&mut &*bytes, Device::Cpu);
    let mut module = module.map_err(|error| Error::Model(reason(&error)))?;
    module.f_set_eval()?;
    if is_double {
        module.to(Device::Cpu, Kind::Double, false);
    }
    Ok(module)
}

/// The line of libtorch's message that says what is wrong, without the stack trace around it.
fn reason(error: &TchError) -> String {
    let text = error.to_string();
    let text = text
        .split("Exception raised from")
        .next()
        .unwrap_or_default();
    let told = text.rsplit("RuntimeError: ").next().unwrap_or(text);
    let line = told.lines().find(|line| !line.trim().is_empty());
    line.unwrap_or("libtorch can't run it").trim().to_string()
}
