//! One function per subcommand.

#[cfg(feature = "network")]
use super::arguments::{
    Device as DeviceChoice, ExperimentArguments, InterpretArguments, TrainingArguments,
};
use super::arguments::{Loss, SearchArguments};
use super::monitor::Monitor;
use super::output;
#[cfg(feature = "network")]
use closedform::{
    Dataset, Device, Experiment, Hyperparameters, InterpretOptions, Preset, TRAINING_SHARE,
    TrainingOptions,
};
use closedform::{
    Directions, Error, LabelLoss, LabelObjective, Objective, Report, Result, SearchOptions,
    SearchProgress, SearchResult, Seconds, Task, ValueLoss, ValueObjective,
};
use std::ops::ControlFlow;
#[cfg(feature = "network")]
use std::path::Path;
use std::time::Instant;

#[cfg(feature = "network")]
pub fn interpret(arguments: &InterpretArguments) -> Result<()> {
    let data = arguments.data.read(arguments.search.seed)?.into_dataset()?;
    let preset = Preset::from(arguments.training.preset);
    let options = options(
        &arguments.training,
        preset.hyperparameters(),
        arguments.data.task(),
        arguments.search.to_options(data.feature_names())?,
    );
    let (training, fresh) = data.split(1.0 - arguments.data.held_out, options.training.seed)?;
    let json = arguments.search.json;
    run(&training, &fresh, &options, &arguments.training, json)
}

#[cfg(feature = "network")]
pub fn experiment(arguments: &ExperimentArguments) -> Result<()> {
    let experiment = Experiment::from_number(arguments.number.into())?;
    let data = experiment.sample(arguments.points, arguments.search.seed);
    if !arguments.search.json {
        println!("{experiment}\n");
    }
    let preset = Preset::from(arguments.training.preset);
    let search = arguments.search.to_options(data.feature_names())?;
    let options = options(
        &arguments.training,
        preset.hyperparameters_for(experiment),
        Task::Classification,
        search,
    );
    let (training, fresh) = data.split(TRAINING_SHARE, options.training.seed)?;
    let json = arguments.search.json;
    run(&training, &fresh, &options, &arguments.training, json)
}

pub fn search(arguments: &SearchArguments) -> Result<()> {
    let start = Instant::now();
    let given = Given::read(arguments)?;
    let reading = start.elapsed().as_secs_f64();
    let options = arguments.search.to_options(&given.feature_names())?;
    let mut monitor = Monitor::new();
    let found = given.search(&options, |progress| monitor.search(progress))?;
    monitor.finish();
    let best = found.front.best().ok_or_else(|| {
        Error::Nothing("no formula was found; raise --max-complexity or --time-limit".into())
    })?;
    let seconds = Seconds {
        train: 0.0,
        gradients: reading,
        search: found.seconds,
        total: start.elapsed().as_secs_f64(),
    };
    let directions = match &given {
        Given::Directions(directions) => Some(directions),
        _ => None,
    };
    let cosine = directions.map(|directions| directions.mean_abs_cosine(&best.expression));
    let structure = directions.map(|directions| directions.structure(options.seed).sentences());
    let report = Report {
        // Labels are told apart by the formula's sign.
        threshold: matches!(given, Given::Labels(_)).then_some(0.0),
        structure: structure.unwrap_or_default(),
        ..Report::new(&found, best, cosine, seconds, options.seed)
    };
    if arguments.search.json {
        return output::json(&report);
    }
    output::search(&report, &found)
}

/// What a formula is searched for.
enum Given {
    Directions(Directions),
    Values(ValueObjective),
    Labels(LabelObjective),
}

impl Given {
    fn read(arguments: &SearchArguments) -> Result<Self> {
        let (data, target) = match (&arguments.gradients, &arguments.data, &arguments.target) {
            (Some(gradients), ..) => return Directions::from_file(gradients).map(Self::Directions),
            (None, Some(data), Some(target)) => (data, target),
            _ => {
                return Err(Error::Data(
                    "--gradients, or --data with --target, is needed".into(),
                ));
            }
        };
        let seed = arguments.search.seed;
        let task = |task| {
            let table = arguments.rows.read(data, Some(target), task, seed)?;
            table.into_dataset()
        };
        let labels = |loss| {
            let data = task(Task::Classification)?;
            LabelObjective::from_dataset(&data, loss).map(Self::Labels)
        };
        let values = |loss| {
            let objective = ValueObjective::from_dataset(&task(Task::Regression)?)?;
            Ok(Self::Values(objective.with_loss(loss)))
        };
        match arguments.loss {
            Loss::Squared => values(ValueLoss::Squared),
            Loss::Absolute => values(ValueLoss::Absolute),
            Loss::Hinge => labels(LabelLoss::Hinge),
            Loss::SquaredHinge => labels(LabelLoss::SquaredHinge),
            Loss::Logistic => labels(LabelLoss::Logistic),
        }
    }

    fn feature_names(&self) -> Vec<String> {
        match self {
            Self::Directions(directions) => directions.feature_names().to_vec(),
            Self::Values(values) => values.feature_names(),
            Self::Labels(labels) => labels.feature_names(),
        }
    }

    fn search(
        &self,
        options: &SearchOptions,
        monitor: impl FnMut(&SearchProgress) -> ControlFlow<()>,
    ) -> Result<SearchResult> {
        match self {
            Self::Directions(directions) => closedform::search(directions, options, monitor),
            Self::Values(values) => closedform::search_for(values, options, monitor),
            Self::Labels(labels) => closedform::search_for(labels, options, monitor),
        }
    }
}

#[cfg(feature = "network")]
fn options(
    arguments: &TrainingArguments,
    preset: Hyperparameters,
    task: Task,
    search: SearchOptions,
) -> InterpretOptions {
    let device = match arguments.device {
        DeviceChoice::Auto => Device::Auto,
        DeviceChoice::Cpu => Device::Cpu,
        DeviceChoice::Cuda => Device::Cuda,
    };
    let training = TrainingOptions {
        task,
        hyperparameters: Hyperparameters {
            n_epochs: arguments.epochs.unwrap_or(preset.n_epochs),
            batch_size: arguments.batch_size.unwrap_or(preset.batch_size),
            ..preset
        },
        device,
        seed: search.seed,
    };
    InterpretOptions {
        training,
        search,
        ..InterpretOptions::with_preset(arguments.preset.into(), 0)
    }
}

/// Looks for the folder before the work begins, not after it.
#[cfg(feature = "network")]
fn check_folder(file: &Path) -> Result<()> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => Err(Error::Data(format!(
            "{}: there is no folder {}",
            file.display(),
            folder.display()
        ))),
        _ => Ok(()),
    }
}

#[cfg(feature = "network")]
fn run(
    training: &Dataset,
    fresh: &Dataset,
    options: &InterpretOptions,
    arguments: &TrainingArguments,
    json: bool,
) -> Result<()> {
    if let Some(path) = &arguments.save_network {
        check_folder(path)?;
    }
    let mut monitor = Monitor::new();
    let run = closedform::interpret(training, fresh, options, |step| monitor.step(step))?;
    monitor.finish();
    if let Some(path) = &arguments.save_network {
        run.network.save(path)?;
    }
    if json {
        output::json(&run.report())
    } else {
        output::interpretation(&run)
    }
}
