//! What a loss says about how likely the data are.

/// The distribution of the errors behind a loss, which decides what a lower loss is worth.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Likelihood {
    /// Errors that nearby points share, as a network's are. However many points there are, they
    /// are worth only a few independent ones.
    #[default]
    Smooth,
    /// Independent Gaussian errors of unknown size at this many points: a loss `L` has the
    /// log-likelihood `-n/2 log(L)`.
    Independent(usize),
    /// A unit of loss costs this much of the log-likelihood.
    PerUnit(f64),
}

impl Likelihood {
    /// By how much a loss may rise until the log-likelihood has fallen by `nats`. It is 0 for smooth
    /// errors, which don't say what a difference is worth.
    pub(crate) fn slack(self, loss: f64, nats: f64) -> f64 {
        match self {
            Self::Smooth => 0.0,
            Self::Independent(n) => loss * (2.0 * nats / n as f64).exp_m1(),
            Self::PerUnit(unit) => nats / unit,
        }
    }
}
