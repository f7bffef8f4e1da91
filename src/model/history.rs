//! The history of a training, epoch by epoch.

/// One pass over the training data.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Epoch {
    /// Counted from 1.
    pub number: usize,
    /// The maximum number of epochs.
    pub n_epochs: usize,
    /// The learning rate at the epoch's end.
    pub learning_rate: f64,
    /// The mean loss over the epoch's batches, including the penalty.
    pub training_loss: f64,
    /// The loss on the validation rows, without dropout and penalty.
    pub validation_loss: f64,
    /// The share of validation rows that are classified correctly; none for regression.
    pub validation_accuracy: Option<f64>,
}

impl std::fmt::Display for Epoch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "epoch {:>4}/{}  loss {:.4}  validation loss {:.4}",
            self.number, self.n_epochs, self.training_loss, self.validation_loss
        )?;
        match self.validation_accuracy {
            Some(accuracy) => write!(f, "  accuracy {:.2} %", 100.0 * accuracy),
            None => Ok(()),
        }
    }
}

/// The history of a training.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct TrainingHistory {
    /// The epochs, in order.
    pub epochs: Vec<Epoch>,
    /// Whether the monitor or an interrupt ended training early.
    pub was_stopped: bool,
    /// How long training took, in seconds.
    pub seconds: f64,
}
