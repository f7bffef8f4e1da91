//! The code in a TorchScript file, which is an archive that holds the module's code as text.

use crate::error::{Error, Result};
use crate::network::archive::Archive;

/// Operators whose derivative is 0 wherever it exists, or that have none at all.
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

/// Whether a file is an archive with the code of a module, as TorchScript is.
pub(in crate::network) fn holds_code(bytes: &[u8]) -> bool {
    let archive = Archive::open(bytes);
    archive.is_ok_and(|archive| archive.names().any(|name| name.contains("/code/")))
}

/// The code of a module and of all modules inside it.
pub(super) struct Code(String);

impl Code {
    /// Reads the code out of a file.
    ///
    /// # Errors
    /// A file that isn't TorchScript. For a state dict, the message says how to save it.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let refuse = |reason: &str| {
            Error::Format(format!(
                "{reason}; in Python, write the model as TorchScript, torch.jit.script(model)\
                 .save(\"model.pt\"), or its weights as safetensors, safetensors.torch.save_file(\
                 model.state_dict(), \"model.safetensors\")"
            ))
        };
        let mut archive = Archive::open(bytes).map_err(|_| refuse("not a TorchScript file"))?;
        let names: Vec<String> = archive.names().map(str::to_string).collect();
        let mut code = String::new();
        for name in names {
            if !name.contains("/code/") || !name.ends_with(".py") {
                continue;
            }
            let text = String::from_utf8(archive.read(&name)?)
                .map_err(|error| Error::Format(format!("\"{name}\" in the archive: {error}")))?;
            code.push_str(&text);
        }
        if code.is_empty() {
            Err(refuse("this file holds pickled tensors, not TorchScript"))
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
                "the network is recurrent (it holds a layer {layer}), so its output isn't a \
                 function of one row"
            ))),
        }
    }

    /// The step functions among the operators, such as `torch.round, torch.sign`.
    pub fn steps(&self) -> String {
        let steps = STEPS.iter().filter(|operator| self.calls(operator));
        let steps: Vec<String> = steps.map(|operator| format!("torch.{operator}")).collect();
        steps.join(", ")
    }
}
