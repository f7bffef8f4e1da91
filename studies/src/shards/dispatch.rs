//! From a place to what runs workers there.

use super::back_end::BackEnd;
use super::local::Local;
use super::place::Place;
use super::script::Script;
use super::slurm::Slurm;

impl Place {
    /// What runs workers there.
    pub(super) fn back_end(&self) -> Box<dyn BackEnd> {
        match self {
            Self::Local(options) => Box::new(Local::new(options)),
            Self::Slurm(options) => Box::new(Slurm::new(options)),
            Self::Script => Box::new(Script),
        }
    }
}
