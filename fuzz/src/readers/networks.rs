//! Networks of other programs.

use super::{Read, Reader, Rng, models, of_repository, root};
use crate::bytes::{mutated, pick};
use crate::structure::{archive, json, message, packed, pickle, safetensors};
use closedform::network::{ImportOptions, NetworkDescription};
use closedform::{Activation, DenseNetwork, ImportedNetwork, Model, Result, Task};
use rand::RngExt;
use safetensors::{Dtype, tensor::TensorView};
use std::path::Path;

const OPENED: Read = Read::File(open);

pub const ONNX: Reader = Reader {
    name: "onnx",
    ending: "onnx",
    seeds: || models("onnx"),
    mutate: |rng, seed| {
        if rng.random_bool(0.7) {
            message(rng, seed)
        } else {
            mutated(rng, seed)
        }
    },
    read: OPENED,
};
pub const SAFETENSORS: Reader = Reader {
    name: "safetensors",
    ending: "safetensors",
    seeds: || {
        let mut files = models("safetensors");
        files.push(saved());
        files
    },
    mutate: |rng, seed| {
        if rng.random_bool(0.7) {
            safetensors(rng, seed)
        } else {
            mutated(rng, seed)
        }
    },
    read: OPENED,
};
/// State dicts, whose pickles are read without running them.
pub const TORCH: Reader = Reader {
    name: "torch",
    ending: "pt",
    seeds: || torch_files(false),
    mutate: |rng, seed| {
        archive(rng, seed, |rng, name, content| {
            if name.ends_with("data.pkl") {
                pickle(rng, content)
            } else {
                mutated(rng, content)
            }
        })
    },
    read: OPENED,
};
/// Modules with code, which libtorch reads and runs.
pub const TORCHSCRIPT: Reader = Reader {
    name: "torchscript",
    ending: "pt",
    seeds: || torch_files(true),
    mutate: |rng, seed| archive(rng, seed, |rng, _, content| mutated(rng, content)),
    read: OPENED,
};
pub const NUMPY: Reader = Reader {
    name: "npz",
    ending: "npz",
    seeds: || vec![arrays()],
    mutate: |rng, seed| archive(rng, seed, |rng, _, content| mutated(rng, content)),
    read: OPENED,
};
pub const KERAS: Reader = Reader {
    name: "keras",
    ending: "keras",
    seeds: || models("keras"),
    mutate: |rng, seed| {
        archive(rng, seed, |rng, name, content| {
            if name.ends_with("json") {
                json(rng, content)
            } else {
                mutated(rng, content)
            }
        })
    },
    read: OPENED,
};
pub const HDF5: Reader = Reader {
    name: "hdf5",
    ending: "h5",
    seeds: || models("h5"),
    mutate: mutated,
    read: OPENED,
};
pub const WEIGHTS: Reader = Reader {
    name: "json-weights",
    ending: "json",
    seeds: || {
        vec![
            of_repository("data/tanh_network.json"),
            br#"{"layers": [{"activation": "tanh", "weights": [[0.1, 0.2], [0.5, -1.0], [1.0, 2.0]]}, {"activation": "linear", "weights": [[0.0], [1.0], [-0.5]]}]}"#.to_vec(),
            br#"{"tanh": [[0.1, 0.2], [0.5, -1.0]], "linear": [[0.0], [1.0], [-0.5]]}"#.to_vec(),
        ]
    },
    mutate: |rng, seed| {
        if rng.random_bool(0.7) {
            json(rng, seed)
        } else {
            mutated(rng, seed)
        }
    },
    read: Read::File(|path, rng| {
        DenseNetwork::from_file(path).map(drop)?;
        open(path, rng)
    }),
};
/// What a file doesn't say, as a JSON file of its own.
pub const DESCRIPTION: Reader = Reader {
    name: "description",
    ending: "json",
    seeds: || {
        let mut seeds = vec![
            of_repository("tests/models/regressor.json"),
            of_repository("tests/models/scaled.json"),
        ];
        seeds.push(br#"{"inputs": ["a", "b"], "task": "regression", "layers": [{"linear": "fc1"}, {"activation": "tanh"}, {"batch_norm": {"name": "n", "eps": 1e-5}}, {"dropout": 0.1}, {"linear": "fc2"}], "fixed": {"b": 2}, "output_scaling": {"mean": [1], "scale": [2]}}"#.to_vec());
        seeds
    },
    mutate: |rng, seed| {
        if rng.random_bool(0.8) {
            json(rng, seed)
        } else {
            mutated(rng, seed)
        }
    },
    read: Read::File(|path, _| {
        NetworkDescription::from_file(path).map(drop)?;
        let options = ImportOptions {
            description: Some(path.to_path_buf()),
            ..ImportOptions::default()
        };
        let network = root().join("tests/models/regressor.safetensors");
        // The message may be of the network, to which the description doesn't fit.
        let _ = ImportedNetwork::open(network, &options);
        Ok(())
    }),
};

/// Opens a network, and asks it for values and gradients.
fn open(path: &Path, rng: &mut Rng) -> Result<()> {
    let tasks = [None, Some(Task::Regression), Some(Task::Classification)];
    let outputs = [None, None, Some("0"), Some("1 vs 0"), Some("2.fc1 - 0.5 0")];
    let options = ImportOptions {
        description: Some(root().join("fuzz/description.json")),
        task: *pick(rng, &tasks),
        output: pick(rng, &outputs).map(str::to_string),
        ..ImportOptions::default()
    };
    // Only state dicts need what the description says, and only they may have it.
    let is_state_dict = ImportedNetwork::open(path, &options);
    let options = ImportOptions {
        description: None,
        ..options
    };
    let network = match is_state_dict {
        Ok(network) => network,
        Err(_) => ImportedNetwork::open(path, &options)?,
    };
    if network.n_features() <= 64 {
        let rows = vec![0.5; 2 * network.n_features()];
        // Whether it has values there is for whoever asks.
        let _ = network.latent(&rows);
        let _ = network.gradients(&rows);
    }
    Ok(())
}

/// PyTorch's archives with code, or those without.
fn torch_files(with_code: bool) -> Vec<Vec<u8>> {
    let holds_code = |bytes: &Vec<u8>| {
        let name = b"/code/";
        bytes.windows(name.len()).any(|window| window == name)
    };
    let mut files = models("pt");
    files.retain(|bytes| holds_code(bytes) == with_code);
    files
}

/// A network as this library saves it.
fn saved() -> Vec<u8> {
    let numbers = |n: usize| -> Vec<u8> {
        (0..n)
            .flat_map(|i| (i as f64 / 3.0).to_le_bytes())
            .collect()
    };
    let shapes = [
        ("layers.0.weights", vec![2, 3]),
        ("layers.0.biases", vec![3]),
        ("layers.1.weights", vec![3, 1]),
        ("layers.1.biases", vec![1]),
    ];
    let parts: Vec<(&str, Vec<usize>, Vec<u8>)> = shapes
        .into_iter()
        .map(|(name, shape)| {
            let n = shape.iter().product();
            (name, shape, numbers(n))
        })
        .collect();
    let views = parts.iter().map(|(name, shape, data)| {
        let view = TensorView::new(Dtype::F64, shape.clone(), data);
        (*name, view.expect("a shape that fits"))
    });
    let activations = [Activation::Tanh, Activation::Linear];
    let description = serde_json::json!({
        "format": 1, "feature_names": ["a", "b"], "task": Task::Regression, "activations": activations
    });
    let metadata = [("closedform".to_string(), description.to_string())].into();
    safetensors::serialize(views, Some(metadata)).expect("memory can be written")
}

/// A state dict of two layers as numpy saves it.
fn arrays() -> Vec<u8> {
    let shapes: [(&str, &[usize]); 4] = [
        ("fc1.weight", &[3, 2]),
        ("fc1.bias", &[3]),
        ("fc2.weight", &[1, 3]),
        ("fc2.bias", &[1]),
    ];
    let files = shapes.map(|(name, shape)| {
        let sides = format!("{shape:?}")
            .replace('[', "(")
            .replace(']', if shape.len() == 1 { ",)" } else { ")" });
        let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {sides}, }}");
        let header = format!("{header:<117}\n");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        let n = shape.iter().product::<usize>();
        bytes.extend((0..n).flat_map(|i| (i as f64 / 3.0).to_le_bytes()));
        (format!("{name}.npy"), bytes)
    });
    packed(&files).expect("memory can be written")
}
