//! `closedform interpret` and `closedform experiment`.

use super::arguments::{
    Device as DeviceChoice, ExperimentArguments, InterpretArguments, Task as TaskChoice,
    TrainingArguments,
};
use super::monitor::Monitor;
use super::output;
use closedform::{
    Dataset, Device, Error, Experiment, Hyperparameters, InterpretOptions, Preset, Result,
    SearchOptions, TRAINING_SHARE, Task, TrainingOptions,
};
use std::path::Path;

pub fn interpret(arguments: &InterpretArguments) -> Result<()> {
    let task = match arguments.task {
        TaskChoice::Classification => Task::Classification,
        TaskChoice::Regression => Task::Regression,
    };
    let data = Dataset::from_file(&arguments.data, &arguments.target, task)?;
    let preset = Preset::from(arguments.training.preset);
    let options = options(
        &arguments.training,
        preset.hyperparameters(),
        task,
        arguments.search.to_options(data.feature_names())?,
    );
    run(&data, &options, &arguments.training, arguments.search.json)
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
    run(&data, &options, &arguments.training, arguments.search.json)
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
    data: &Dataset,
    options: &InterpretOptions,
    arguments: &TrainingArguments,
    json: bool,
) -> Result<()> {
    if let Some(path) = &arguments.save_network {
        check_folder(path)?;
    }
    let (training, fresh) = data.split(TRAINING_SHARE, options.training.seed)?;
    let mut monitor = Monitor::new();
    let run = closedform::interpret(&training, &fresh, options, |step| monitor.step(step))?;
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
