//! `closedform interpret` and `closedform experiment`.

use super::arguments::{
    Device as DeviceChoice, ExperimentArguments, InterpretArguments, TrainingArguments,
};
use super::monitor::Monitor;
use super::output;
use closedform::{
    Dataset, Device, Error, Experiment, Hyperparameters, InterpretOptions, Preset, Result,
    SearchOptions, TRAINING_SHARE, Task, TrainingOptions,
};
use std::path::Path;

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
        run.model.save(path)?;
    }
    if json {
        output::json(&run.report())
    } else {
        output::interpretation(&run)
    }
}
