//! Networks written down by hand, whose latent model is a quadratic form.

// Every test file compiles this module for itself and uses only a part of it.
#![allow(dead_code)]

use closedform::Network;

/// `silu(e a) + silu(-e a)` is `(e a)^2 / 2` up to the share `(e a)^2 / 12`: 3 in 10 000 at `a` = 3.
const SMALL: f64 = 0.02;

/// A classifier in `x1`, `x2` with the latent model `offset + sum_k weight_k (v_k x)^2`.
pub fn quadratic(squares: &[(f64, [f64; 2])], offset: f64) -> Network {
    let n = 2 * squares.len();
    let signs = [SMALL, -SMALL];
    let of_feature = |feature: usize| {
        let both = squares
            .iter()
            .flat_map(move |(_, v)| signs.map(|s| s * v[feature]));
        both.collect::<Vec<f64>>()
    };
    let last = squares
        .iter()
        .flat_map(|(weight, _)| [2.0 * weight / (SMALL * SMALL); 2]);
    let data: Vec<f64> = [of_feature(0), of_feature(1), vec![0.0; n]]
        .into_iter()
        .flatten()
        .chain(last)
        .chain([offset])
        .collect();
    let mut start = 0;
    let mut tensor = |shape: &[usize]| {
        let end = start + 8 * shape.iter().product::<usize>();
        let entry =
            serde_json::json!({"dtype": "F64", "shape": shape, "data_offsets": [start, end]});
        start = end;
        entry
    };
    let description = serde_json::json!({
        "format": 1,
        "feature_names": ["x1", "x2"],
        "task": "classification",
        "activations": ["silu", "linear"],
    });
    let header = serde_json::json!({
        "__metadata__": {"closedform": description.to_string()},
        "layers.0.weights": tensor(&[2, n]),
        "layers.0.biases": tensor(&[n]),
        "layers.1.weights": tensor(&[n, 1]),
        "layers.1.biases": tensor(&[1]),
    });
    let header = header.to_string();
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend(data.iter().flat_map(|number| number.to_le_bytes()));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quadratic.safetensors");
    std::fs::write(&path, bytes).unwrap();
    Network::load(path).unwrap()
}

/// The latent model `steepness (x1 x2 - 1)`.
pub fn product(steepness: f64) -> Network {
    let quarter = steepness / 4.0;
    quadratic(
        &[(quarter, [1.0, 1.0]), (-quarter, [1.0, -1.0])],
        -steepness,
    )
}
