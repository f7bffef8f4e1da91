//! `closedform search`.

use crate::arguments::{Constants, Loss, SearchArguments};
use crate::monitor::Monitor;
use crate::output;
use crate::output::check_folder;
use closedform::formula::{ConstantOfNature, Units};
use closedform::interpretation::Seconds;
use closedform::report::{Given, Report};
use closedform::search::{LabelLoss, ValueLoss};
use closedform::{Directions, Error, LabelObjective, Result, Table, Task, ValueObjective};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

pub fn search(arguments: &SearchArguments) -> Result<ExitCode> {
    let start = Instant::now();
    if let Some(path) = &arguments.report {
        check_folder(path)?;
    }
    let (given, about) = read(arguments)?;
    let reading = start.elapsed().as_secs_f64();
    let options = arguments
        .search
        .to_options(&given.feature_names(), about.units.as_ref())?;
    let constants = match (arguments.constants, &options.units) {
        (None, _) => None,
        (Some(Constants::Si), Some(units)) if units.target.is_some() => Some(units),
        (Some(Constants::Si), _) => {
            return Err(Error::Options(
                "--constants si needs the units of the features and of the target (--units with \
                 --target-unit, or a row of units in the table)"
                    .into(),
            ));
        }
    };
    let mut monitor = Monitor::new();
    let found = given.search(&options, |progress| monitor.search(progress))?;
    monitor.finish();
    let seconds = Seconds {
        train: 0.0,
        gradients: reading,
        search: found.seconds,
        total: start.elapsed().as_secs_f64(),
    };
    let constants_of_nature = constants.map(|units| {
        let names = given.feature_names();
        let best = found.front.best();
        best.map(|best| ConstantOfNature::in_formula(&best.expression, units, &names))
    });
    let report = Report {
        constants_of_nature: constants_of_nature.flatten().unwrap_or_default(),
        read_as: about.read_as,
        ..given.report(&found, seconds, options.seed)?
    };
    let target = arguments.target.as_deref().unwrap_or_default();
    let report = match (arguments.rows.transform(), found.front.best()) {
        (Some(transform), Some(best)) => report.undoing(transform, target, &best.expression),
        _ => report,
    };
    let printed = if arguments.search.json {
        output::json(&report)
    } else {
        output::search(&report, &found)
    };
    let page = arguments.report.as_ref().map(|path| {
        let file = arguments.data.as_ref().or(arguments.gradients.as_ref());
        let file = file.map(|file| ("data", file.display().to_string()));
        let about: Vec<(&str, String)> = file.into_iter().collect();
        found.save_page(path, &report, given.values(), &options, &about)
    });
    output::ended(printed, page.into_iter().chain([output::kept(&found)]))
}

/// What a table says beside its numbers.
#[derive(Default)]
struct About {
    units: Option<Units>,
    read_as: Vec<String>,
}

impl About {
    fn of(table: &Table) -> Self {
        Self {
            units: table.units().cloned(),
            read_as: table.summary().sentences(),
        }
    }
}

/// What the formula has to match, and what the table says beside it.
fn read(arguments: &SearchArguments) -> Result<(Given, About)> {
    let (data, target) = match (&arguments.gradients, &arguments.data, &arguments.target) {
        (Some(gradients), ..) => {
            let directions = Directions::from_file_as(gradients, &arguments.rows.dialect())?;
            return Ok((Given::Directions(directions), About::default()));
        }
        (None, Some(data), Some(target)) => (data, target),
        _ => {
            return Err(Error::Options(
                "--gradients, or --data with --target, is needed".into(),
            ));
        }
    };
    let seed = arguments.search.seed;
    let labels = |loss| {
        if arguments.rows.transform().is_some() {
            let reason = "--transform-target is for numbers, not for labels (--loss)";
            return Err(Error::Options(reason.into()));
        }
        for (option, column) in arguments.beside() {
            if column.is_some() {
                return Err(Error::Options(format!(
                    "{option} needs --loss squared, absolute or poisson: labels count alike"
                )));
            }
        }
        let rows = &arguments.rows;
        let table = rows.read(data, Some(target), Task::Classification, seed)?;
        let about = About::of(&table);
        let mut labels = LabelObjective::from_dataset(&table.into_dataset()?, loss)?;
        if arguments.balance {
            labels = labels.balanced()?;
        }
        Ok((Given::Labels(labels), about))
    };
    let values = |loss| {
        if arguments.balance {
            let reason =
                "--balance needs --loss hinge, squared-hinge or logistic: values have no classes";
            return Err(Error::Options(reason.into()));
        }
        let (values, about) = values(arguments, data, target, loss)?;
        Ok((Given::Values(values), about))
    };
    match arguments.loss {
        Loss::Squared => values(ValueLoss::Squared),
        Loss::Absolute => values(ValueLoss::Absolute),
        Loss::Poisson => values(ValueLoss::Poisson),
        Loss::Hinge => labels(LabelLoss::Hinge),
        Loss::SquaredHinge => labels(LabelLoss::SquaredHinge),
        Loss::Logistic => labels(LabelLoss::Logistic),
    }
}

/// The values of a table with their weights and groups.
fn values(
    arguments: &SearchArguments,
    data: &Path,
    target: &str,
    loss: ValueLoss,
) -> Result<(ValueObjective, About)> {
    let columns = arguments.beside().into_iter();
    let beside: Vec<String> = columns.filter_map(|(_, column)| column.clone()).collect();
    let seed = arguments.search.seed;
    let rows = &arguments.rows;
    let table = rows.read_beside(data, Some(target), Task::Regression, &beside, seed)?;
    let numbers = |column: &Option<String>| -> Option<Vec<f64>> {
        Some(table.beside(column.as_ref()?)?.to_vec())
    };
    let mut about = About::of(&table);
    if rows.transform().is_some() {
        // A function of the target has no unit.
        about.units = about.units.map(|units| Units {
            target: None,
            ..units
        });
    }
    let sigma = numbers(&arguments.sigma);
    let (weights, groups) = (numbers(&arguments.weights), numbers(&arguments.group));
    let mut data = table.into_dataset()?;
    if let Some(transform) = rows.transform() {
        data = transform.apply(data)?;
    }
    let mut objective = ValueObjective::from_dataset(&data)?.with_loss(loss)?;
    if let Some(sigma) = sigma {
        objective = objective.with_errors(&sigma)?;
    }
    if let Some(weights) = weights {
        objective = objective.with_weights(weights)?;
    }
    if let Some(groups) = groups {
        objective = objective.with_groups(groups)?;
    }
    Ok((objective, about))
}
