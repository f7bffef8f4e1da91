//! The runs of a study.

use super::RunSettings;
use closedform::dataset::TRAINING_SHARE;
use closedform::interpretation::Matching;
use closedform::network::Preset;
use closedform::{
    Error, Experiment, Hyperparameters, InterpretOptions, ReadingOptions, Result, SearchOptions,
    TrainingOptions,
};

/// Runs every experiment with every seed. What else is to vary stands in a [problem file](crate::problems).
///
/// ```
/// use closedform::Experiment;
/// use closedform_studies::study::StudyPlan;
///
/// let plan = StudyPlan {
///     experiments: vec![Experiment::One, Experiment::Four],
///     n_points: 1000,
///     n_seeds: 5,
///     ..StudyPlan::default()
/// };
/// assert_eq!(plan.runs()?.len(), 10);
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct StudyPlan {
    /// The experiments; all eight by default.
    pub experiments: Vec<Experiment>,
    /// How many seeds, from 0 on; 20 by default.
    pub n_seeds: u64,
    /// The number of points; 10 000 by default.
    pub n_points: usize,
    /// The label noise; 1 % by default.
    pub label_noise: f64,
    /// The preset of the network and its training; fast by default.
    pub preset: Preset,
    /// Passes over the training data, instead of the preset's number.
    pub n_epochs: Option<usize>,
    /// Rows per training step, instead of the preset's number; never more than there are.
    pub batch_size: Option<usize>,
    /// Generations of the search's evolution, instead of the default.
    pub n_generations: Option<usize>,
}

impl Default for StudyPlan {
    fn default() -> Self {
        Self {
            experiments: Experiment::ALL.to_vec(),
            n_seeds: 20,
            n_points: 10_000,
            label_noise: 0.01,
            preset: Preset::Fast,
            n_epochs: None,
            batch_size: None,
            n_generations: None,
        }
    }
}

impl StudyPlan {
    /// The settings of all runs. All experiments with seed 0 come first, so that a study that is
    /// stopped early has the same number of runs of each.
    ///
    /// # Errors
    /// If there are fewer than 10 points, if the label noise is outside 0 to 1, or if there are no
    /// runs.
    pub fn runs(&self) -> Result<Vec<RunSettings>> {
        let (n_points, label_noise) = (self.n_points, self.label_noise);
        if n_points < 10 {
            let allowed = "at least 10";
            return Err(Error::parameter("the number of points", n_points, allowed));
        }
        if !(0.0..=1.0).contains(&label_noise) {
            return Err(Error::parameter(
                "label noise",
                label_noise,
                "between 0 and 1",
            ));
        }
        let mut runs: Vec<RunSettings> = Vec::new();
        for seed in 0..self.n_seeds {
            for &experiment in &self.experiments {
                let run = self.run(experiment, seed, n_points, label_noise);
                if !runs.contains(&run) {
                    runs.push(run);
                }
            }
        }
        if runs.is_empty() {
            Err(Error::Options(
                "there is nothing to run; the plan needs experiments and seeds".into(),
            ))
        } else {
            Ok(runs)
        }
    }

    /// The settings of the run with this data.
    pub(super) fn run(
        &self,
        experiment: Experiment,
        seed: u64,
        n_points: usize,
        label_noise: f64,
    ) -> RunSettings {
        let hyperparameters = self.preset.hyperparameters_for(experiment);
        let n_rows = (n_points as f64 * TRAINING_SHARE).round() as usize;
        let batch_size = self.batch_size.unwrap_or(hyperparameters.batch_size);
        RunSettings {
            experiment: experiment.number(),
            seed,
            n_points,
            label_noise,
            preset: self.preset.name().to_string(),
            n_epochs: self.n_epochs.unwrap_or(hyperparameters.n_epochs),
            batch_size: batch_size.min(n_rows),
            n_generations: self
                .n_generations
                .unwrap_or(SearchOptions::default().n_generations),
            version: env!("CARGO_PKG_VERSION").to_string(),
        }
    }

    /// The options of a run. They are those of `closedform experiment` with the same arguments.
    pub(super) fn options(&self, run: &RunSettings, experiment: Experiment) -> InterpretOptions {
        let hyperparameters = Hyperparameters {
            n_epochs: run.n_epochs,
            batch_size: run.batch_size,
            ..self.preset.hyperparameters_for(experiment)
        };
        let search = SearchOptions {
            n_generations: run.n_generations,
            seed: run.seed,
            ..SearchOptions::default()
        };
        experiment_options(self.preset, hyperparameters, search)
    }
}

/// The options of an experiment in a study.
pub(crate) fn experiment_options(
    preset: Preset,
    hyperparameters: Hyperparameters,
    search: SearchOptions,
) -> InterpretOptions {
    let defaults = InterpretOptions::with_preset(preset, search.seed);
    InterpretOptions {
        training: TrainingOptions {
            hyperparameters,
            ..defaults.training
        },
        reading: ReadingOptions {
            // The truths are known by their directions.
            matching: Matching::Directions,
            search,
            ..defaults.reading
        },
        // Every run of a study trains the same way.
        choose_penalty: false,
        ..defaults
    }
}
