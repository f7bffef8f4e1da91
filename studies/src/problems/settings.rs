//! The settings of one run, and what they mean for the library.

use crate::benchmark::ProblemSet;
use closedform::network::{Optimizer, Preset, Schedule};
use closedform::search::Choose;
use closedform::{
    Activation, Error, Experiment, Hyperparameters, Layer, Operator, Result, SearchOptions, Task,
};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;

/// What the search is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Asked {
    Values,
    Labels,
    Directions,
    Regressor,
    Classifier,
}

/// Where equations come from that needn't be written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Set {
    Feynman,
    Fastsrb,
    Experiments,
}

impl Set {
    /// The equations, for those that are no experiments.
    pub fn problems(self) -> Option<ProblemSet> {
        match self {
            Self::Feynman => Some(ProblemSet::Feynman),
            Self::Fastsrb => Some(ProblemSet::Fastsrb),
            Self::Experiments => None,
        }
    }
}

/// The settings of one run, as the keys of a problem file name them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// Where the rows of the table say which problem it is.
    #[allow(dead_code, reason = "read by people, who know runs by it")]
    name: String,
    pub set: Option<Set>,
    pub equation: Option<String>,
    pub formula: Option<String>,
    pub inputs: Option<String>,
    pub ranges: Option<String>,
    pub data: Option<PathBuf>,
    pub target: Option<String>,
    pub model: Option<PathBuf>,
    pub truth: Option<String>,
    pub task: Option<Asked>,
    pub seed: u64,
    pub rows: Option<usize>,
    pub noise: Option<f64>,
    pub input_noise: Option<f64>,
    pub label_noise: Option<f64>,
    pub quantile: Option<f64>,
    pub max_seconds: Option<f64>,
    #[serde(rename = "search.operators")]
    operators: Option<String>,
    #[serde(rename = "search.max_complexity")]
    max_complexity: Option<usize>,
    #[serde(rename = "search.generations")]
    pub generations: Option<usize>,
    #[serde(rename = "search.time_limit")]
    pub time_limit: Option<f64>,
    #[serde(rename = "search.choose")]
    choose: Option<String>,
    #[serde(rename = "training.preset")]
    preset: Option<Preset>,
    #[serde(rename = "training.epochs")]
    epochs: Option<usize>,
    #[serde(rename = "training.batch_size")]
    batch_size: Option<usize>,
    #[serde(rename = "training.layers")]
    layers: Option<usize>,
    #[serde(rename = "training.width")]
    width: Option<usize>,
    #[serde(rename = "training.activation")]
    activation: Option<Activation>,
    #[serde(rename = "training.learning_rate")]
    learning_rate: Option<f64>,
    #[serde(rename = "training.schedule")]
    schedule: Option<String>,
    #[serde(rename = "training.dropout")]
    dropout: Option<f64>,
    #[serde(rename = "training.l2_penalty")]
    l2_penalty: Option<f64>,
    #[serde(rename = "training.weight_decay")]
    weight_decay: Option<f64>,
    #[serde(rename = "training.early_stopping")]
    early_stopping: Option<usize>,
    #[serde(rename = "training.standardize")]
    standardize: Option<bool>,
}

/// Rows for a search by values, labels or directions: those of the benchmark.
const N_POINTS: usize = 1000;
/// Rows for a network, which has to learn the equation first.
const N_ROWS: usize = 4000;
/// Points of an experiment, as in the paper.
const N_OF_EXPERIMENT: usize = 10_000;
/// The label noise of an experiment, as in the paper.
const NOISE_OF_EXPERIMENT: f64 = 0.01;

impl Settings {
    /// The experiment, if the problem is one.
    pub fn experiment(&self) -> Result<Option<Experiment>> {
        if self.set != Some(Set::Experiments) {
            return Ok(None);
        }
        let number = self.equation.as_deref().and_then(|text| text.parse().ok());
        Experiment::from_number(number.unwrap_or(0)).map(Some)
    }

    pub fn asked(&self) -> Asked {
        self.task.unwrap_or(Asked::Classifier)
    }

    /// The task of the network.
    pub fn task(&self) -> Task {
        match self.asked() {
            Asked::Values | Asked::Directions | Asked::Regressor => Task::Regression,
            Asked::Labels | Asked::Classifier => Task::Classification,
        }
    }

    /// Whether a network is trained.
    pub fn has_network(&self) -> bool {
        self.model.is_none() && matches!(self.asked(), Asked::Regressor | Asked::Classifier)
    }

    /// How many rows are drawn; those of a table are all of its rows if not given.
    pub fn n_rows(&self) -> usize {
        let usual = match (self.set, self.asked()) {
            (Some(Set::Experiments), _) => N_OF_EXPERIMENT,
            (_, Asked::Regressor | Asked::Classifier) => N_ROWS,
            _ => N_POINTS,
        };
        self.rows.unwrap_or(usual)
    }

    pub fn noise(&self) -> f64 {
        let of_experiment = (self.set == Some(Set::Experiments)).then_some(NOISE_OF_EXPERIMENT);
        self.noise.or(of_experiment).unwrap_or(0.0)
    }

    /// The options of the search. Its length is one of generations, so that the same run gives the same
    /// row on every machine; a time limit, if there is one, depends on the machine.
    pub fn search(&self) -> Result<SearchOptions> {
        let operators = match (&self.operators, self.set.and_then(Set::problems)) {
            (Some(list), _) => Operator::parse_list(list)?,
            (None, Some(set)) => set.operators(),
            (None, None) => Operator::PAPER.to_vec(),
        };
        let choose = match self.choose.as_deref() {
            Some("accuracy") => Choose::Accuracy,
            Some("simple") => Choose::Simple,
            _ => Choose::Balanced,
        };
        let time_limit = self.time_limit.map(Duration::from_secs_f64);
        Ok(SearchOptions {
            operators,
            max_complexity: self.max_complexity,
            choose,
            seed: self.seed,
            ..SearchOptions::default()
        }
        .with_length(self.generations, time_limit))
    }

    pub fn preset(&self) -> Preset {
        self.preset.unwrap_or(Preset::Fast)
    }

    /// The preset's hyperparameters with what the settings change, for a number of training rows.
    pub fn hyperparameters(&self, preset: Hyperparameters, n_rows: usize) -> Hyperparameters {
        let first = preset.layers.first();
        let usual = first.map_or((128, Activation::Silu), |l| (l.width, l.activation));
        let layer = Layer::new(
            self.width.unwrap_or(usual.0),
            self.activation.unwrap_or(usual.1),
        );
        let n_layers = self.layers.unwrap_or(preset.layers.len());
        let decayed = |weight_decay| Optimizer::AdamW { weight_decay };
        let schedule = match self.schedule.as_deref() {
            Some("constant") => Schedule::Constant,
            Some(_) => Schedule::OneCycle,
            None => preset.schedule,
        };
        Hyperparameters {
            layers: vec![layer; n_layers],
            dropout: self.dropout.unwrap_or(preset.dropout),
            l2_penalty: self.l2_penalty.unwrap_or(preset.l2_penalty),
            optimizer: self.weight_decay.map_or(preset.optimizer, decayed),
            learning_rate: self.learning_rate.unwrap_or(preset.learning_rate),
            schedule,
            early_stopping: self.early_stopping.or(preset.early_stopping),
            n_epochs: self.epochs.unwrap_or(preset.n_epochs),
            batch_size: self.batch_size.unwrap_or(preset.batch_size).min(n_rows),
            standardize: self.standardize.unwrap_or(preset.standardize),
            constraint: preset.constraint,
        }
    }

    /// Where the reader of the message has to look.
    pub(super) fn key_of(&self, error: &Error, origin: &'static str) -> &'static str {
        match error.root() {
            Error::Parameter { name, .. } if name.contains("range") => "ranges",
            _ if origin == "set" => "equation",
            Error::Column(_) if self.target.is_some() => "target",
            Error::Formula { .. } if self.truth.is_some() && origin == "data" => "truth",
            _ => origin,
        }
    }

    pub(super) fn check_presence(
        &self,
        origin: &'static str,
    ) -> Result<(), (&'static str, String)> {
        let is_network = matches!(self.asked(), Asked::Regressor | Asked::Classifier);
        let needed = [
            (
                "task",
                self.task.is_some() || self.set == Some(Set::Experiments),
                "is missing; one of values, labels, directions, regressor, classifier is needed",
            ),
            (
                "task",
                self.model.is_none() || is_network,
                "must be regressor or classifier, for that is what a model is",
            ),
            (
                "ranges",
                origin != "formula" || self.ranges.is_some(),
                "is missing; a formula needs the ranges of its variables",
            ),
            (
                "target",
                origin != "data" || self.target.is_some() || self.model.is_some(),
                "is missing; a table needs the name of its target column",
            ),
            (
                "truth",
                self.asked() != Asked::Directions || origin != "data" || self.truth.is_some(),
                "is missing; without it a table has no directions",
            ),
        ];
        let missing = needed.into_iter().find(|(_, is_there, _)| !is_there);
        missing.map_or(Ok(()), |(key, _, reason)| Err((key, reason.to_string())))
    }
}

/// Why a key means nothing to runs of this kind, if it doesn't: from a set, a formula or data, with or
/// without a model, and with a task, which the paper's experiments don't need.
pub(super) fn idle(
    key: &str,
    origin: &str,
    has_model: bool,
    task: Option<&str>,
) -> Option<&'static str> {
    let is_experiment = origin == "experiments";
    let is_drawn = matches!(origin, "feynman" | "fastsrb" | "formula");
    let is_labelled = matches!(task, Some("labels" | "classifier"));
    let is_trained =
        is_experiment || (!has_model && matches!(task, Some("regressor" | "classifier")));
    let (is_used, reason) = match key {
        "equation" => (
            is_drawn && origin != "formula" || is_experiment,
            "needs a set",
        ),
        "ranges" => (
            origin == "formula",
            "needs a formula, whose variables they are for",
        ),
        "inputs" => (
            matches!(origin, "formula" | "data"),
            "needs a formula or data; the variables of a set are known",
        ),
        "target" => (origin == "data", "needs data, whose column it is"),
        "model" => (origin == "data", "needs data, the rows at which it is read"),
        "truth" => (
            origin == "data",
            "needs data; a formula or a set is its own truth",
        ),
        "task" => (
            !is_experiment || task == Some("classifier"),
            "can only be classifier: the paper's experiments are",
        ),
        "noise" => (
            is_experiment || is_drawn || (!has_model && !is_labelled),
            "is one on numbers; label_noise turns classes, and a model has its own",
        ),
        "input_noise" => (
            !is_experiment && task != Some("directions"),
            "needs inputs beside the truth; directions and experiments have noise",
        ),
        "label_noise" => (
            !is_experiment && is_labelled && !has_model,
            "turns classes; it needs labels or classifier as task",
        ),
        "quantile" => (
            is_drawn && is_labelled,
            "makes classes of an equation's values; it needs labels or classifier as task",
        ),
        _ if key.starts_with("training.") => (
            is_trained,
            "needs a network that is trained: regressor or classifier as task, without a model",
        ),
        _ => (true, ""),
    };
    (!is_used).then_some(reason)
}
