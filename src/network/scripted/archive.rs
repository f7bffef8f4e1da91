//! What a TorchScript file says of itself: an archive with the module's code as text.

use crate::error::{Error, Result};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Operators that are 0 wherever they can be differentiated, or can't be at all.
const STEPS: [&str; 20] = [
    "argmax",
    "argmin",
    "argsort",
    "bernoulli",
    "bucketize",
    "ceil",
    "eq",
    "floor",
    "floor_divide",
    "ge",
    "gt",
    "heaviside",
    "le",
    "lt",
    "multinomial",
    "ne",
    "one_hot",
    "round",
    "searchsorted",
    "sign",
];

/// Operators that carry a state from row to row.
const RECURRENT: [(&str, &str); 8] = [
    ("lstm", "LSTM"),
    ("gru", "GRU"),
    ("rnn_tanh", "RNN"),
    ("rnn_relu", "RNN"),
    ("lstm_cell", "LSTMCell"),
    ("gru_cell", "GRUCell"),
    ("rnn_tanh_cell", "RNNCell"),
    ("rnn_relu_cell", "RNNCell"),
];

/// The code of a module and all modules inside of it.
pub(super) struct Code(String);

impl Code {
    /// Reads the code out of a file.
    ///
    /// # Errors
    /// A file that isn't TorchScript; of a state dict it is said how to bring it.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let refuse = |reason: &str| {
            Error::Format(format!(
                "{reason}; in Python, write the model as TorchScript, torch.jit.script(model)\
                 .save(\"model.pt\"), or its weights as safetensors, safetensors.torch.save_file(\
                 model.state_dict(), \"model.safetensors\")"
            ))
        };
        let archive = ZipArchive::new(Cursor::new(bytes));
        let mut archive = archive.map_err(|_| refuse("no TorchScript"))?;
        let names: Vec<String> = archive.file_names().map(str::to_string).collect();
        let mut code = String::new();
        for name in names {
            if !name.contains("/code/") || !name.ends_with(".py") {
                continue;
            }
            let unreadable = |error: &dyn std::fmt::Display| {
                Error::Format(format!("\"{name}\" in the archive: {error}"))
            };
            let mut file = archive.by_name(&name).map_err(|e| unreadable(&e))?;
            file.read_to_string(&mut code).map_err(|e| unreadable(&e))?;
        }
        if code.is_empty() {
            Err(refuse(
                "this holds tensors as Python pickles them, not TorchScript",
            ))
        } else {
            Ok(Self(code))
        }
    }

    fn calls(&self, operator: &str) -> bool {
        self.0.contains(&format!("torch.{operator}("))
    }

    pub fn check_feed_forward(&self) -> Result<()> {
        match RECURRENT.iter().find(|(operator, _)| self.calls(operator)) {
            None => Ok(()),
            Some((_, layer)) => Err(Error::Model(format!(
                "the network is recurrent (it holds a layer {layer}), so its output is no function \
                 of one row"
            ))),
        }
    }

    /// The operators that are steps, such as `torch.round, torch.sign`.
    pub fn steps(&self) -> String {
        let steps = STEPS.iter().filter(|operator| self.calls(operator));
        let steps: Vec<String> = steps.map(|operator| format!("torch.{operator}")).collect();
        steps.join(", ")
    }
}
