//! The commands and their arguments.

use crate::data::DataNameArguments;
#[cfg(feature = "network")]
use crate::data_arguments::DataArguments;
use crate::data_arguments::TableArguments;
use crate::export::ExportArguments;
#[cfg(feature = "network")]
use crate::model_arguments::ModelArguments;
#[cfg(feature = "network")]
use crate::parse::{Device, Preset};
use crate::polynomial::PolynomialArguments;
use crate::search_options::SearchOptionArguments;
#[cfg(feature = "network")]
use crate::simulation::SimulationArguments;
#[cfg(feature = "network")]
use crate::study::StudyArguments;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Finds a formula that a person can understand for what a trained neural network has learned.
#[derive(Parser)]
#[command(
    version,
    after_help = "\
Examples:
  closedform experiment 1
  closedform study --experiments 1,3 --seeds 5
  closedform interpret --data points.csv --target label
  closedform interpret --data rows.parquet --target y --task regression --json
  closedform search --gradients gradients.csv --operators '+,-,*,/,sin,exp'
  closedform search --data rows.csv --target y
  closedform data diabetes > diabetes.csv
  closedform export --from result.json --language numpy
  closedform polynomial --weights network.json --max-order 3
  closedform simulation --networks 50

Ctrl-C ends the current step and keeps what was found. A second Ctrl-C quits at once.
Exit codes: 0 for success, 1 for failure, 2 for wrong usage, 3 if the result was printed, but a file
beside it (--report, --save-network, --checkpoint, --figures, --output) couldn't be written."
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Train a network on a table, or take a given model, and find the formula behind it.
    #[cfg(feature = "network")]
    Interpret(Box<InterpretArguments>),
    /// Run one of the classification experiments of Wetzel (2024), table 1.
    #[cfg(feature = "network")]
    Experiment(Box<ExperimentArguments>),
    /// Run the experiments with many seeds, and report how often the truth is found.
    #[cfg(feature = "network")]
    Study(Box<StudyArguments>),
    /// Search for a formula that matches given gradients, values or labels, without any network.
    Search(Box<SearchArguments>),
    /// Print measured data that come with the program as CSV: iris, diabetes or wine-quality.
    Data(DataNameArguments),
    /// Write a formula as Python, Rust, C, JavaScript, R, MATLAB, SQL, LaTeX, JSON, spreadsheet cells
    /// or ONNX.
    Export(ExportArguments),
    /// Turn a network into polynomials by Taylor series (Morala et al. 2021, 2023).
    Polynomial(PolynomialArguments),
    /// Train networks on random polynomials, and compare each with its Taylor polynomial.
    #[cfg(feature = "network")]
    Simulation(SimulationArguments),
}

#[cfg(feature = "network")]
#[derive(Args)]
#[command(after_help = "\
Class 1 is the larger of the target's two values: by size for numbers, by alphabet for words.

Examples:
  closedform interpret --data points.csv --target label --seed 7 --json
  closedform interpret --data houses.csv --target price --task regression --inputs area,rooms
  closedform interpret --data iris.csv --target species --classes versicolor,virginica
  closedform interpret --data big.parquet --target label --exclude id --missing drop --one-hot")]
pub struct InterpretArguments {
    #[command(flatten)]
    pub data: DataArguments,
    #[command(flatten)]
    pub model: ModelArguments,
    /// Write the results to one HTML page: formula, certificate, figures, settings.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    #[command(flatten)]
    pub training: TrainingArguments,
    #[command(flatten)]
    pub search: SearchOptionArguments,
}

#[cfg(feature = "network")]
#[derive(Args)]
#[command(after_help = "\
Experiments:
  1  x1^2 + 2 x2^2 > 1                          in [-1, 1]^2
  2  x1^2 + 3 x1 x2 + 2 x2^2 > 5                in [-2, 0]^2
  3  x1^2 + sin(x2 + x3) > 1                    in [-2, 0]^3
  4  exp(x1 - x2) - pi x3 > 1                   in [-1, 1]^3
  5  x1 exp(-(x2^2 + x3^2)/2) > 1/5             in [0, 2] x [-2, 2]^2
  6  x1 x2 / ((x3 - x4)^2 + (x5 - x6)^2) > 1    in [0, 2]^6
  7  x1 x2 > 1 and x3 x4 > 1, or neither        in [0, 2]^4
  8  x1 x2 + x3 > 2 and sin(x2 x3) > 1/2, or neither, in [0, 2]^3

Example:
  closedform experiment 1 --seed 2 --preset fast")]
pub struct ExperimentArguments {
    /// The number of the experiment, 1 to 8.
    #[arg(value_parser = clap::value_parser!(u8).range(1..=8))]
    pub number: u8,
    /// How many points to draw; four fifths of them train the network.
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = crate::parse::parse_n_points)]
    pub points: usize,
    #[command(flatten)]
    pub training: TrainingArguments,
    #[command(flatten)]
    pub search: SearchOptionArguments,
}

#[derive(Args)]
#[command(after_help = "\
With --gradients, FILE has a column for each feature (with any name), and for each feature `a` a
column `d_a` with that component of the gradient. Only directions matter: neither lengths nor the
common sign do.
With --data, FILE has a column for each feature and one for the target. The losses squared,
absolute (where some rows are far off) and poisson (for counts) match values. The losses hinge,
squared-hinge and logistic match labels (two values); the formula is then positive for the larger
of the two.

Examples:
  closedform search --gradients gradients.csv --time-limit 20 --json
  closedform search --data rows.csv --target y --operators '+,-,*,/,sin,cos,sqrt'
  closedform search --data points.csv --target label --loss hinge
  closedform search --data days.csv --target accidents --loss poisson
  closedform search --data rows.csv --target y --sigma error --group patient
  closedform search --data export.csv --target y --separator ';' --decimal ,
  closedform search --data rows.csv --target y --time-limit 60 --report page.html
  closedform search --data fall.csv --target E --units 'kg, m' --target-unit J --constants si
  closedform search --gradients gradients.csv --nesting sin:sin=0 --complexity sin=2,exp=2
  closedform search --gradients gradients.csv --template 'f(x1, x2) + g(x3)'
  closedform search --gradients gradients.csv --checkpoint long.json --generations 10000")]
pub struct SearchArguments {
    /// A table with points and gradients, in any format of --data; all of its columns are read.
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "data",
        conflicts_with_all = [
            "data", "inputs", "exclude", "keep", "missing", "missing_values", "one_hot", "match_case",
            "max_rows", "transform_target",
        ]
    )]
    pub gradients: Option<PathBuf>,
    /// A table with points and their values or labels: text with cells between commas, semicolons,
    /// tabs, bars or blanks, or JSON objects, also packed by gzip or zstd; Parquet or Feather; or a
    /// workbook of Excel or OpenDocument. - reads standard input.
    #[arg(long, value_name = "FILE", requires = "target")]
    pub data: Option<PathBuf>,
    /// The target column of --data; all other columns are inputs, unless --inputs or --exclude is
    /// given.
    #[arg(long, value_name = "COLUMN", requires = "data")]
    pub target: Option<String>,
    #[command(flatten)]
    pub rows: TableArguments,
    /// A column with the standard deviation of each row's error: exact rows count more, by
    /// 1/sigma^2. For losses of values.
    #[arg(
        long,
        value_name = "COLUMN",
        requires = "data",
        conflicts_with = "weights"
    )]
    pub sigma: Option<String>,
    /// A column with the weight of each row; only ratios matter. For losses of values.
    #[arg(long, value_name = "COLUMN", requires = "data")]
    pub weights: Option<String>,
    /// A column of numbers that are equal for rows which belong together, such as those of one
    /// patient: they are held out together, so that the formula is judged on other groups. For losses of
    /// values.
    #[arg(long, value_name = "COLUMN", requires = "data")]
    pub group: Option<String>,
    /// The loss by which the formula is matched to the target of --data.
    #[arg(
        long,
        value_enum,
        default_value = "squared",
        conflicts_with = "gradients"
    )]
    pub loss: Loss,
    /// Let both labels count alike, however rare one is. For losses of labels.
    #[arg(long, requires = "data")]
    pub balance: bool,
    /// Name the numbers in the formula that are constants of nature (si: CODATA 2022, in SI units). The
    /// units of the features and of the target are needed: the unit decides, beside the digits.
    #[arg(long, value_name = "TABLE")]
    pub constants: Option<Constants>,
    /// Write the results to one HTML page: formula, figures, front, settings.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    #[command(flatten)]
    pub search: SearchOptionArguments,
}

/// A table of constants of nature.
#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Constants {
    Si,
}

impl SearchArguments {
    /// The options that name a column beside the features.
    pub fn beside(&self) -> [(&'static str, &Option<String>); 3] {
        [
            ("--sigma", &self.sigma),
            ("--weights", &self.weights),
            ("--group", &self.group),
        ]
    }
}

#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Loss {
    /// Mean squared error.
    Squared,
    /// Mean absolute error: outliers count less.
    Absolute,
    /// Poisson deviance, for counts.
    Poisson,
    /// Hinge, for labels.
    Hinge,
    /// Squared hinge, for labels.
    SquaredHinge,
    /// Logistic, for labels.
    Logistic,
}

#[cfg(feature = "network")]
#[derive(Args)]
pub struct TrainingArguments {
    /// fast takes seconds on two cores; paper is exactly the network of Wetzel (2024), and takes
    /// minutes.
    #[arg(long, value_enum, default_value = "fast")]
    pub preset: Preset,
    /// Passes over the training data, instead of the preset's number.
    #[arg(long, value_name = "N")]
    pub epochs: Option<usize>,
    /// Rows per training step, instead of the preset's number.
    #[arg(long, value_name = "N")]
    pub batch_size: Option<usize>,
    /// Let each class count as much as the others, however rare it is: the boundary is then where it
    /// would be if all classes had as many rows.
    #[arg(long)]
    pub balance: bool,
    /// The device to train on.
    #[arg(long, value_enum, default_value = "auto")]
    pub device: Device,
    /// Save the trained network to this file (safetensors).
    #[arg(long, value_name = "FILE")]
    pub save_network: Option<PathBuf>,
}
