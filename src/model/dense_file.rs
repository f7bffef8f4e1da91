//! Networks as JSON, in the format that other tools write.

use super::{Activation, DenseLayer, DenseNetwork};
use crate::error::{Error, Result};
use serde::Deserialize;
use serde_json::Value;
use std::path::Path;

#[derive(Deserialize)]
struct Written {
    layers: Vec<WrittenLayer>,
}

#[derive(Deserialize)]
struct WrittenLayer {
    activation: String,
    /// Numbers, or the words that some tools write in their place.
    weights: Vec<Vec<Value>>,
}

impl DenseNetwork {
    /// Reads a network from JSON:
    /// `{"layers": [{"activation": "tanh", "weights": [[...], ...]}, ...]}`, with weights of shape
    /// `(n_inputs + 1, n_outputs)`, the biases in the first row.
    ///
    /// The activations are those of [`Activation`]. A network whose last layer is a sigmoid or
    /// softmax is a classifier: see
    /// [`TaylorOptions::expand_output`](crate::TaylorOptions::expand_output).
    ///
    /// ```
    /// use closedform::DenseNetwork;
    ///
    /// let text = r#"{"layers": [{"activation": "linear", "weights": [[1.0], [2.0], [3.0]]}]}"#;
    /// let network = DenseNetwork::from_json(text)?;
    /// assert_eq!(network.outputs(&[1.0, 1.0])?, [6.0]);
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// Text that isn't such an object, an unknown activation, or what [`DenseLayer::new`] and
    /// [`DenseNetwork::new`] refuse. The message gives the layer, counted from 1.
    pub fn from_json(text: &str) -> Result<Self> {
        let layers = parse(text)?.layers.into_iter().enumerate();
        let layers = layers.map(|(index, layer)| {
            let number = index + 1;
            read_layer(&layer).map_err(|error| error.at(format!("layer {number}")))
        });
        Self::new(layers.collect::<Result<_>>()?)
    }

    /// Reads a network from a JSON file; see [`from_json`](Self::from_json).
    ///
    /// # Errors
    /// A file that is missing or isn't text, and the errors of [`from_json`](Self::from_json).
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|source| Error::file(path, source))?;
        Self::from_json(&text).map_err(|error| error.in_file(path))
    }
}

fn parse(text: &str) -> Result<Written> {
    serde_json::from_str(text).or_else(|error| {
        // JSON has no infinite numbers and no NaN, but some tools write them. As words, they can be
        // reported with their place.
        let words = text
            .replace("-Infinity", "\"-inf\"")
            .replace("Infinity", "\"inf\"")
            .replace("NaN", "\"NaN\"");
        serde_json::from_str(&words).map_err(|_| {
            Error::Format(format!(
                "not a network ({error}); the format is {{\"layers\": [{{\"activation\": \"tanh\", \
                 \"weights\": [[...], ...]}}, ...]}}"
            ))
        })
    })
}

fn read_layer(layer: &WrittenLayer) -> Result<DenseLayer> {
    let activation = Activation::named(&layer.activation)?;
    let rows = layer.weights.iter().enumerate().map(|(row, numbers)| {
        let numbers = numbers.iter().enumerate();
        let read = numbers.map(|(column, number)| {
            number.as_f64().ok_or_else(|| {
                let found = number.as_str().map_or(number.to_string(), str::to_string);
                Error::Value(format!(
                    "the weight in row {}, column {} is {found}; only finite numbers are allowed",
                    row + 1,
                    column + 1
                ))
            })
        });
        read.collect::<Result<Vec<f64>>>()
    });
    DenseLayer::new(activation, &rows.collect::<Result<Vec<_>>>()?)
}
