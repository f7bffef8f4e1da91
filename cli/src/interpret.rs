//! `closedform interpret` and `closedform experiment`.

use crate::arguments::{ExperimentArguments, InterpretArguments, TrainingArguments};
use crate::monitor::Monitor;
use crate::output;
use crate::output::check_folder;
use crate::parse::{Device as DeviceChoice, Preset as PresetChoice};
use closedform::dataset::TRAINING_SHARE;
use closedform::formula::Units;
use closedform::interpretation::{Interpreted, Matching, interpret_models};
use closedform::network::{Device, Opened, OpenedClasses, Preset, interpret_classes};
use closedform::report::ClassesReport;
use closedform::{
    Dataset, Error, Experiment, Hyperparameters, InterpretOptions, Model, Network, ReadingOptions,
    Result, SearchOptions, Task, TrainingOptions,
};
use std::process::ExitCode;

pub fn interpret(arguments: &InterpretArguments) -> Result<ExitCode> {
    check_training(arguments)?;
    check_folders(arguments)?;
    let (seed, task) = (arguments.search.seed, arguments.data.task());
    let table = arguments.data.read(&arguments.model, seed)?;
    // The gradients don't determine the formula's unit.
    let units = table.units().map(|units| Units {
        target: None,
        ..units.clone()
    });
    let mut read_as = table.summary().sentences();
    let has_labels = table.targets().is_some() && !arguments.model.predictions;
    let n_rows = table.points().n_samples();
    let data = match (table.targets().is_some(), &arguments.data.class) {
        (true, Some(class)) => table.into_dataset()?.against_rest(class)?,
        (true, None) => table.into_dataset()?,
        // Placeholders, which the model's answers replace once the model is open.
        (false, _) => table.with_targets("target", vec![0.0; n_rows])?,
    };
    let data = match arguments.data.transform() {
        None => data,
        Some(_) if arguments.model.takes_columns() => {
            let reason = "--transform-target is for training, but the model is given";
            return Err(Error::Options(reason.into()));
        }
        Some(transform) if task == Task::Regression => transform.apply(data)?,
        Some(_) => {
            let reason = "--transform-target is for numbers (--task regression)";
            return Err(Error::Options(reason.into()));
        }
    };
    let (data, left_out) = arguments.model.readable(data, task);
    if let Some(sentence) = left_out {
        output::say(format_args!(
            "{}: {sentence}",
            arguments.data.data.display()
        ));
        read_as.push(sentence);
    }
    let (of_classes, opened) = if arguments.data.each_class {
        (arguments.model.open_classes(&data, seed)?, None)
    } else {
        (None, arguments.model.open(&data, task, seed)?)
    };
    let remarks = of_classes.iter().flat_map(OpenedClasses::remarks);
    let remarks = remarks.chain(opened.iter().filter_map(|opened| opened.remark.as_deref()));
    for remark in remarks {
        output::say(format_args!("closedform: {remark}"));
        read_as.push(remark.to_string());
    }
    let about = origin(arguments, &read_as);
    let preset = Preset::from(arguments.training.preset);
    let search = arguments
        .search
        .to_options(data.feature_names(), units.as_ref())?;
    let share = 1.0 - arguments.data.held_out;
    let n_training = (share * data.n_samples() as f64) as usize;
    let hyperparameters = preset.hyperparameters_for_rows(n_training);
    let mut options = options(&arguments.training, hyperparameters, task, search);
    options.reading = arguments.model.options(options.reading);
    let Some(Opened { model, .. }) = opened else {
        let (training, fresh) = data.split(share, seed)?;
        if arguments.data.each_class {
            let json = arguments.search.json;
            let classes = (training, fresh);
            let printed = each_class(of_classes, &classes, &options, read_as, json);
            return output::ended(printed, []);
        }
        let run = train(&training, &fresh, &options)?;
        let network = || save_network(&run, &arguments.training);
        return finish(
            &run, &training, &fresh, &options, arguments, &about, read_as, network,
        );
    };
    let data = if has_labels {
        data
    } else {
        data.answered_by(&*model)?
    };
    let (training, fresh) = data.split(share, seed)?;
    let mut monitor = Monitor::new();
    let run = closedform::interpret_model(&*model, &training, &fresh, &options.reading, |step| {
        monitor.step(step)
    })?;
    monitor.finish();
    let no_network = || Ok(());
    finish(
        &run, &training, &fresh, &options, arguments, &about, read_as, no_network,
    )
}

/// Interprets each class against the rest, of a given model or of networks that are trained on the
/// first of two datasets, and prints all of them.
fn each_class(
    opened: Option<OpenedClasses>,
    (training, fresh): &(Dataset, Dataset),
    options: &InterpretOptions,
    read_as: Vec<String>,
    is_json: bool,
) -> Result<()> {
    let mut monitor = Monitor::new();
    let report = match opened {
        None => {
            let found = interpret_classes(training, fresh, options, |step| monitor.step(step))?;
            ClassesReport::new(&found, read_as)
        }
        Some(opened) => {
            let models: Vec<&dyn Model> = opened.models.iter().map(|class| &*class.model).collect();
            let reading = &options.reading;
            let found =
                interpret_models(models, training, fresh, reading, |step| monitor.step(step))?;
            ClassesReport::new(&found, read_as)
        }
    };
    monitor.finish();
    if is_json {
        return output::json(&report);
    }
    output::print(&report.table.to_string())
}

/// Checks beforehand what would otherwise fail after minutes of work.
fn check_folders(arguments: &InterpretArguments) -> Result<()> {
    if let Some(path) = &arguments.report {
        check_folder(path)?;
    }
    match &arguments.training.save_network {
        None => Ok(()),
        Some(path) => check_folder(path),
    }
}

/// Refuses training options if the model is given, because nothing is trained then.
fn check_training(arguments: &InterpretArguments) -> Result<()> {
    let training = &arguments.training;
    let options = [
        ("--save-network", training.save_network.is_some()),
        ("--epochs", training.epochs.is_some()),
        ("--batch-size", training.batch_size.is_some()),
        ("--balance", training.balance),
        ("--preset paper", training.preset == PresetChoice::Paper),
        ("--device", !matches!(training.device, DeviceChoice::Auto)),
    ];
    let is_idle = |(_, is_set): &&(&str, bool)| arguments.model.is_given() && *is_set;
    match options.iter().find(is_idle) {
        None => Ok(()),
        Some((option, _)) => Err(Error::Options(format!(
            "{option} is an option for training, but the model is given and none is trained"
        ))),
    }
}

/// Where the rows and the model come from: lines of a name and a text.
fn origin(arguments: &InterpretArguments, read_as: &[String]) -> Vec<(&'static str, String)> {
    let file = ("data", arguments.data.data.display().to_string());
    let sentences = read_as.iter().cloned();
    std::iter::once(file)
        .chain(sentences.map(|sentence| ("", sentence)))
        .chain(arguments.model.described().map(|model| ("model", model)))
        .collect()
}

/// Prints the run, then writes the files that are asked for.
#[allow(
    clippy::too_many_arguments,
    reason = "a page shows where all of it comes from"
)]
fn finish<M: Model>(
    run: &Interpreted<M>,
    training: &Dataset,
    fresh: &Dataset,
    options: &InterpretOptions,
    arguments: &InterpretArguments,
    about: &[(&str, String)],
    read_as: Vec<String>,
    save_network: impl FnOnce() -> Result<()>,
) -> Result<ExitCode> {
    let whole = run.interpretation.whole();
    let undone = arguments.data.transform().zip(whole);
    let undone = undone.map(|(transform, whole)| (transform, training.target_name(), whole));
    let printed = output::run(run, read_as, undone, arguments.search.json);
    let page = arguments.report.as_ref();
    let page = page.map(|path| run.save_page(path, training, fresh, options, about));
    let beside = [save_network(), output::kept(&run.found)];
    output::ended(printed, page.into_iter().chain(beside))
}

pub fn experiment(arguments: &ExperimentArguments) -> Result<ExitCode> {
    if let Some(path) = &arguments.training.save_network {
        check_folder(path)?;
    }
    let experiment = Experiment::from_number(arguments.number.into())?;
    let data = experiment.sample(arguments.points, arguments.search.seed);
    if !arguments.search.json {
        output::print(&format!("{experiment}\n"))?;
    }
    let preset = Preset::from(arguments.training.preset);
    let search = arguments.search.to_options(data.feature_names(), None)?;
    let mut options = options(
        &arguments.training,
        preset.hyperparameters_for(experiment),
        Task::Classification,
        search,
    );
    // The truths of the experiments are known by their directions, as in the paper.
    options.reading.matching = Matching::Directions;
    options.choose_penalty = false;
    let (training, fresh) = data.split(TRAINING_SHARE, options.training.seed)?;
    let run = train(&training, &fresh, &options)?;
    let printed = output::run(&run, Vec::new(), None, arguments.search.json);
    let beside = [
        save_network(&run, &arguments.training),
        output::kept(&run.found),
    ];
    output::ended(printed, beside)
}

fn save_network(run: &Interpreted<Network>, arguments: &TrainingArguments) -> Result<()> {
    match &arguments.save_network {
        None => Ok(()),
        Some(path) => run.model.save(path),
    }
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
        balance: arguments.balance,
        hyperparameters: Hyperparameters {
            n_epochs: arguments.epochs.unwrap_or(preset.n_epochs),
            batch_size: arguments.batch_size.unwrap_or(preset.batch_size),
            ..preset
        },
        device,
        seed: search.seed,
        ..TrainingOptions::default()
    };
    let of_preset = InterpretOptions::with_preset(arguments.preset.into(), 0);
    InterpretOptions {
        training,
        reading: ReadingOptions {
            search,
            ..of_preset.reading
        },
        ..of_preset
    }
}

fn train(
    training: &Dataset,
    fresh: &Dataset,
    options: &InterpretOptions,
) -> Result<Interpreted<Network>> {
    let mut monitor = Monitor::new();
    let run = closedform::interpret(training, fresh, options, |step| monitor.step(step))?;
    monitor.finish();
    Ok(run)
}
