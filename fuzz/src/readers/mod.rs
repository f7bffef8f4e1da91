//! What is tried: for each reader its seeds, how they are mutated, and how they are read.

mod networks;
mod states;
mod tables;
mod texts;

use closedform::Result;
use std::path::{Path, PathBuf};

pub type Rng = rand_chacha::ChaCha8Rng;

/// A reader or parser of the library.
pub struct Reader {
    pub name: &'static str,
    /// The ending of its files.
    pub ending: &'static str,
    pub seeds: fn() -> Vec<Vec<u8>>,
    pub mutate: fn(&mut Rng, &[u8]) -> Vec<u8>,
    pub read: Read,
}

/// How an input is read. What can be chosen while reading is drawn.
pub enum Read {
    File(fn(&Path, &mut Rng) -> Result<()>),
    Text(fn(&str, &mut Rng) -> Result<()>),
}

pub static ALL: [Reader; 24] = [
    tables::TEXT,
    tables::PACKED,
    tables::JSON,
    tables::PARQUET,
    tables::FEATHER,
    tables::WORKBOOK,
    tables::GRADIENTS,
    networks::ONNX,
    networks::SAFETENSORS,
    networks::TORCH,
    networks::TORCHSCRIPT,
    networks::NUMPY,
    networks::KERAS,
    networks::HDF5,
    networks::WEIGHTS,
    networks::DESCRIPTION,
    states::CHECKPOINT,
    states::EXPORT,
    states::PROBLEMS,
    states::STUDY,
    states::SHARDS,
    texts::FORMULA,
    texts::UNITS,
    texts::OPTIONS,
];

/// A file of the repository.
fn of_repository(path: &str) -> Vec<u8> {
    let path = root().join(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Files of the models of the tests, by their ending.
fn models(ending: &str) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(root().join("tests/models")).expect("the tests have models");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == ending));
    // Their order must not depend on the disk.
    paths.sort();
    let files = paths
        .iter()
        .map(|path| std::fs::read(path).expect("a model can be read"));
    files.collect()
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
