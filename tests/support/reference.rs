//! The networks that Python's torch wrote, and what it makes of them (tests/models/write.py).

use std::path::{Path, PathBuf};

pub fn model(name: &str) -> PathBuf {
    Path::new(crate::ROOT).join("tests/models").join(name)
}

/// Torch's own outputs `(n, k)` and their gradients `(n, k, n_features)` at points
/// `(n, n_features)`.
#[derive(serde::Deserialize)]
pub struct Reference {
    pub points: Vec<f64>,
    outputs: Vec<f64>,
    gradients: Vec<f64>,
}

impl Reference {
    pub fn of(network: &str) -> Self {
        let text = std::fs::read_to_string(model("reference.json")).unwrap();
        let mut all: serde_json::Value = serde_json::from_str(&text).unwrap();
        serde_json::from_value(all[network].take()).unwrap()
    }

    fn n_features(&self) -> usize {
        self.gradients.len() / self.outputs.len()
    }

    fn n_outputs(&self) -> usize {
        self.outputs.len() * self.n_features() / self.points.len()
    }

    /// The sum of the outputs by these coefficients.
    pub fn outputs(&self, coefficients: &[f64]) -> Vec<f64> {
        let rows = self.outputs.chunks_exact(self.n_outputs());
        rows.map(|row| row.iter().zip(coefficients).map(|(y, c)| y * c).sum())
            .collect()
    }

    pub fn gradients(&self, coefficients: &[f64]) -> Vec<f64> {
        let n = self.n_features();
        let rows = self.gradients.chunks_exact(self.n_outputs() * n);
        let component = |row: &[f64], feature: usize| {
            let column = row.iter().skip(feature).step_by(n);
            column.zip(coefficients).map(|(g, c)| g * c).sum()
        };
        rows.flat_map(|row| (0..n).map(move |feature| component(row, feature)))
            .collect()
    }
}

/// The greatest difference, as a share of the greatest value.
pub fn difference(found: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let greatest = expected
        .iter()
        .fold(0.0_f64, |greatest, value| greatest.max(value.abs()));
    let pairs = found.iter().zip(expected);
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) / greatest
}
