//! From data to formula in one call: what the command line runs.

use super::{Interpretation, Selection, decisions, noise};
use crate::dataset::{Dataset, Task};
use crate::error::Result;
use crate::gradients::Directions;
use crate::network::{Epoch, Network, Preset, TrainingHistory, TrainingOptions};
use crate::report::{FormulaTree, LinkReport, Report, Seconds};
use crate::search::{SearchOptions, SearchProgress, SearchResult, search};
use std::ops::ControlFlow;
use std::time::Instant;

/// The share of the rows that trains the network; the others judge the formula (Wetzel 2024,
/// section 3.3.1).
pub const TRAINING_SHARE: f64 = 0.8;

/// The options of the three steps of Wetzel (2024), algorithm 1.
#[derive(Debug, Clone, PartialEq)]
pub struct InterpretOptions {
    /// Step 1: training the network.
    pub training: TrainingOptions,
    /// Step 2: gradients are taken where the output lies within `[delta, 1 - delta]`.
    pub delta: f64,
    /// Step 2: whether there, or on the decision boundary itself.
    pub selection: Selection,
    /// Whether the noise of the gradients is measured, see
    /// [`gradient_noise`](crate::gradient_noise); `search.noise` is then ignored.
    pub measure_noise: bool,
    /// Step 3: searching the formula.
    pub search: SearchOptions,
}

impl InterpretOptions {
    /// Defaults throughout, with one seed for training and search.
    pub fn with_seed(seed: u64) -> Self {
        Self {
            training: TrainingOptions {
                seed,
                ..TrainingOptions::default()
            },
            delta: 1e-4,
            selection: Selection::Boundary,
            measure_noise: true,
            search: SearchOptions {
                seed,
                ..SearchOptions::default()
            },
        }
    }
}

impl InterpretOptions {
    /// The options of a preset: [`with_seed`](Self::with_seed) for `fast`; for `paper` its network,
    /// the band that it takes the directions in, and no measurement of noise, which would double
    /// the minutes that it trains.
    pub fn with_preset(preset: Preset, seed: u64) -> Self {
        let fast = Self::with_seed(seed);
        match preset {
            Preset::Fast => fast,
            Preset::Paper => Self {
                training: TrainingOptions {
                    hyperparameters: preset.hyperparameters(),
                    ..fast.training
                },
                selection: Selection::Band,
                measure_noise: false,
                ..fast
            },
        }
    }
}

/// What a run tells while it goes on.
#[derive(Debug, Clone)]
pub enum Progress {
    /// An epoch of training ended.
    Training(Epoch),
    /// A generation of the search begins.
    Search(SearchProgress),
}

/// Everything a run made, from the network to the formula.
#[derive(Debug, Clone)]
pub struct Interpreted {
    /// The trained network.
    pub network: Network,
    /// How its training went.
    pub history: TrainingHistory,
    /// The directions that the search was given.
    pub directions: Directions,
    /// Those of them that the labels fix, see [`Selection`]; for a regressor all.
    pub near: Directions,
    /// What the search found.
    pub found: SearchResult,
    /// The best formula, judged on fresh points.
    pub interpretation: Interpretation,
    /// Where the time went.
    pub seconds: Seconds,
    /// The noise of the directions: measured, or given where halves of the data can't be trained on.
    pub noise: f64,
    seed: u64,
}

/// Trains a network, takes its gradients, and searches the formula behind them
/// (Wetzel 2024, algorithm 1).
///
/// Where two networks of halves of the data show how exact the network is, that weighs the
/// directions, sets the noise of the search, and penalizes formulas that decide otherwise than the
/// network more often than it errs: see [`ParetoFront::best`](crate::ParetoFront::best).
///
/// `fresh` holds rows that nothing is fitted to: training is watched and the formula judged on
/// them. `monitor` hears of every step; `Break` ends the step at hand, and the run goes on with
/// what that step has.
///
/// # Errors
/// More than two classes, and those of [`Network::train`], [`Network::check_learned`],
/// [`Network::directions`], [`search`](fn@search) and
/// [`Interpretation::new`].
pub fn interpret(
    training: &Dataset,
    fresh: &Dataset,
    options: &InterpretOptions,
    mut monitor: impl FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Interpreted> {
    let start = Instant::now();
    if options.training.task == Task::Classification {
        training.check_two_classes()?;
    }
    let mut train = || {
        Network::train(training, fresh, &options.training, |epoch| {
            monitor(&Progress::Training(*epoch))
        })
    };
    let (trained, halves) = match options.measure_noise {
        true => noise::train_with_halves(&mut train, training, fresh, &options.training)?,
        false => (train()?, None),
    };
    let (network, history) = trained;
    network.check_learned(fresh)?;
    let mut seconds = Seconds {
        train: start.elapsed().as_secs_f64(),
        ..Seconds::default()
    };
    let before_gradients = Instant::now();
    let selected = (options.selection).of(&network, training.points(), options.delta)?;
    let mut directions = selected.all;
    let mut search_options = options.search.clone();
    if let Some(halves) = &halves {
        directions = halves.weigh(directions)?;
        search_options.noise = halves.noise(&directions)?;
    }
    seconds.gradients = before_gradients.elapsed().as_secs_f64();
    let mut found = search(&directions, &search_options, |progress| {
        monitor(&Progress::Search(progress.clone()))
    })?;
    if let Some(halves) = &halves
        && options.training.task == Task::Classification
    {
        decisions::penalize(&mut found.front, &network, halves, training)?;
    }
    let interpretation =
        Interpretation::new(&found.front, &network, training, fresh, options.delta)?
            .with_confirmations(&found.confirmations);
    seconds.search = found.seconds;
    seconds.total = start.elapsed().as_secs_f64();
    let (noise, seed) = (search_options.noise, options.search.seed);
    Ok(Interpreted {
        network,
        history,
        directions,
        near: selected.near,
        found,
        interpretation,
        seconds,
        noise,
        seed,
    })
}

impl Interpreted {
    /// The run in the fields of the command line's `--json`.
    pub fn report(&self) -> Report {
        let candidate = self.interpretation.candidate();
        let names = self.interpretation.feature_names();
        let whole = self.interpretation.whole();
        Report {
            threshold: self.interpretation.threshold(),
            certificate: Some(self.interpretation.certificate().clone()),
            link: Some(LinkReport::new(self.interpretation.link())),
            whole_formula: self.interpretation.whole_formula(),
            whole_tree: whole.map(|whole| FormulaTree::new(whole, names)),
            ..Report::new(
                &self.found,
                candidate,
                Some(self.interpretation.cosine()),
                self.seconds,
                self.seed,
            )
        }
    }
}
