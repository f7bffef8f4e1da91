//! TorchScript modules.

use super::archive::Code;
use crate::error::{Error, Result};
use tch::{CModule, Device, IValue, Kind, Tensor};

/// A module that Python's `torch.jit.script` or `torch.jit.trace` saved.
///
/// It holds the file's bytes; the module itself exists only during a call. The module runs in
/// double precision where its code allows that, and in evaluation mode: dropout does nothing, and
/// batch norms use their running statistics.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::network) struct Script {
    bytes: Vec<u8>,
    pub is_double: bool,
    /// Its step functions, as text.
    pub steps: String,
}

impl Script {
    pub fn read(bytes: Vec<u8>) -> Result<Self> {
        let code = Code::read(&bytes)?;
        code.check_feed_forward()?;
        Ok(Self {
            bytes,
            is_double: true,
            steps: code.steps(),
        })
    }

    pub fn load(&self) -> Result<CModule> {
        let mut module = CModule::load_data_on_device(&mut self.bytes.as_slice(), Device::Cpu)?;
        module.f_set_eval()?;
        if self.is_double {
            module.to(Device::Cpu, Kind::Double, false);
        }
        Ok(module)
    }

    /// What the module returns for features `(n_samples, n_features)`.
    pub fn run(&self, module: &CModule, features: &Tensor) -> Result<IValue> {
        let kind = if self.is_double {
            Kind::Double
        } else {
            Kind::Float
        };
        let inputs = [IValue::Tensor(features.f_to_kind(kind)?)];
        Ok(module.forward_is(&inputs)?)
    }

    /// Chooses single precision if the module's code doesn't run in double precision.
    pub fn settle_precision(&mut self, features: &Tensor) -> Result<()> {
        let runs = |script: &Self| script.run(&script.load()?, features).map(|_| ());
        runs(self).or_else(|_| {
            self.is_double = false;
            runs(self)
        })
    }

    /// The number of inputs of the module's first matrix.
    pub fn n_inputs(&self) -> Result<usize> {
        let module = self.load()?;
        let sizes = module
            .named_parameters()?
            .into_iter()
            .map(|(_, tensor)| tensor.size());
        let mut matrices = sizes.filter(|size| size.len() == 2);
        let width = matrices
            .next()
            .and_then(|size| usize::try_from(size[1]).ok());
        width.filter(|width| *width > 0).ok_or_else(|| {
            Error::Options("the number of inputs isn't told: name the inputs".into())
        })
    }
}
