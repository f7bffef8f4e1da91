//! Where a network is trained.

use crate::error::{Error, Result};

/// The processor that trains a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Device {
    /// CUDA if libtorch finds it, otherwise the CPU.
    #[default]
    Auto,
    /// The CPU.
    Cpu,
    /// The first CUDA device.
    Cuda,
}

impl Device {
    /// # Errors
    /// CUDA is asked for, but libtorch sees no CUDA device.
    pub(super) fn to_torch(self) -> Result<tch::Device> {
        match self {
            Self::Auto => Ok(tch::Device::cuda_if_available()),
            Self::Cpu => Ok(tch::Device::Cpu),
            Self::Cuda if tch::Cuda::is_available() => Ok(tch::Device::Cuda(0)),
            Self::Cuda => Err(Error::parameter(
                "device",
                "cuda",
                "auto or cpu here: this libtorch sees no CUDA device (see environment.md)",
            )),
        }
    }
}
