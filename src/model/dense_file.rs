//! Networks as JSON, in the format that other tools write.

use super::{Activation, DenseLayer, DenseNetwork};
use crate::error::{Error, Result};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;
use std::fmt::Formatter;
use std::path::Path;

/// The layers in the order of the file: a list of them, or matrices under the names of their
/// activations, as R writes a named list.
struct Written(Vec<WrittenLayer>);

#[derive(Deserialize)]
struct WrittenLayer {
    activation: Word,
    weights: Matrix,
}

/// R's jsonlite writes a single value as an array of one.
#[derive(Deserialize)]
#[serde(untagged, expecting = "an activation must be a word, such as \"tanh\"")]
enum Word {
    Alone(String),
    Array([String; 1]),
}

/// Numbers, or the words that some tools write in their place.
#[derive(Deserialize)]
#[serde(untagged, expecting = "weights must be rows of numbers, [[...], ...]")]
enum Matrix {
    Rows(Vec<Vec<Value>>),
    /// The weights of one neuron, a row each.
    Column(Vec<Value>),
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

/// Reads an object without losing the order of its entries.
struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Written;

    fn expecting(&self, f: &mut Formatter) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Written, A::Error> {
        let (mut listed, mut named) = (None, Vec::new());
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "layers" => listed = Some(map.next_value()?),
                _ => named.push((name, map.next_value::<Value>()?)),
            }
        }
        if let Some(layers) = listed {
            return Ok(Written(layers));
        }
        let layers = named.into_iter().map(|(name, weights)| {
            // R numbers names that occur twice: tanh, tanh.1.
            let activation = name.split('.').next().unwrap_or(&name);
            Ok(WrittenLayer {
                activation: Word::Alone(activation.to_string()),
                weights: serde_json::from_value(weights).map_err(A::Error::custom)?,
            })
        });
        let layers: Vec<WrittenLayer> = layers.collect::<std::result::Result<_, A::Error>>()?;
        if layers.is_empty() {
            Err(A::Error::missing_field("layers"))
        } else {
            Ok(Written(layers))
        }
    }
}

impl DenseNetwork {
    /// Reads a network from JSON:
    /// `{"layers": [{"activation": "tanh", "weights": [[...], ...]}, ...]}`, with weights of shape
    /// `(n_inputs + 1, n_outputs)`, the biases in the first row.
    ///
    /// What R's jsonlite writes is read, too: `{"tanh": [[...], ...], "linear": [...]}` of a named
    /// list of matrices, and single values as arrays of one.
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
        let layers = parse(text)?.0.into_iter().enumerate();
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
    let (Word::Alone(name) | Word::Array([name])) = &layer.activation;
    let activation = Activation::named(name)?;
    let rows: Vec<&[Value]> = match &layer.weights {
        Matrix::Rows(rows) => rows.iter().map(Vec::as_slice).collect(),
        Matrix::Column(column) => column.chunks(1).collect(),
    };
    let rows = rows.iter().enumerate().map(|(row, numbers)| {
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
