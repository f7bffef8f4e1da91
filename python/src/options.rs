//! The options of a search, by their names.

use crate::errors::{raised, refused};
use closedform::formula::{
    Complexity, ConstantUnits, Constraints, Inside, Nesting, Template, Unit, UnitPolicy, Units,
};
use closedform::search::Choose;
use closedform::{Expression, Operator, Result, SearchOptions};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

/// Options that Python gives by name; none is the default.
struct Given<'a, 'py> {
    options: &'a Bound<'py, PyDict>,
    known: BTreeSet<&'static str>,
}

impl<'py> Given<'_, 'py> {
    /// The option with this name, if it is given.
    fn take<T>(&mut self, name: &'static str) -> PyResult<Option<T>>
    where
        T: for<'a> FromPyObject<'a, 'py>,
    {
        self.known.insert(name);
        let Some(value) = self
            .options
            .get_item(name)?
            .filter(|value| !value.is_none())
        else {
            return Ok(None);
        };
        match value.extract() {
            Ok(value) => Ok(Some(value)),
            Err(error) => {
                let error: PyErr = error.into();
                let reason = error.value(self.options.py()).to_string();
                Err(refused(
                    name,
                    value.repr()?,
                    &format!("of another type ({reason})"),
                ))
            }
        }
    }

    /// The same, read from text.
    fn read<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T>,
    ) -> PyResult<Option<T>> {
        let text: Option<String> = self.take(name)?;
        text.map(|text| parse(&text)).transpose().map_err(raised)
    }

    /// The same for a list of texts.
    fn read_list<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T>,
    ) -> PyResult<Vec<T>> {
        let texts: Option<Vec<String>> = self.take(name)?;
        let texts = texts.unwrap_or_default();
        let read = texts.iter().map(|text| parse(text));
        read.collect::<Result<_>>().map_err(raised)
    }

    /// Refuses options that nothing has asked for.
    fn check(&self) -> PyResult<()> {
        for name in self.options.keys() {
            let name: String = name.extract()?;
            if !self.known.contains(name.as_str()) {
                let known: Vec<&str> = self.known.iter().copied().collect();
                return Err(refused(
                    "an option",
                    name,
                    &format!("one of {}", known.join(", ")),
                ));
            }
        }
        Ok(())
    }
}

/// The options of a search among features with these names.
pub fn search_options(options: &Bound<PyDict>, names: &[String]) -> PyResult<SearchOptions> {
    let mut given = Given {
        options,
        known: BTreeSet::new(),
    };
    let defaults = SearchOptions::default();
    let constraints = Constraints {
        max_depth: given.take("max_depth")?,
        max_terms: given.take("max_terms")?,
        nesting: given.read_list("nesting", Nesting::parse)?,
        inside: given.read_list("inside", |text| Inside::parse(text, names))?,
        template: given.read("template", |text| Template::parse(text, names))?,
    };
    let time_limit: Option<f64> = given.take("time_limit")?;
    let time_limit = time_limit.map(seconds).transpose()?;
    let n_generations = given.take("n_generations")?;
    let found = SearchOptions {
        operators: given
            .read("operators", Operator::parse_list)?
            .unwrap_or(defaults.operators),
        max_complexity: given.take("max_complexity")?,
        complexity: given
            .read("complexity", Complexity::parse)?
            .unwrap_or_default(),
        constraints,
        units: units(&mut given, names)?,
        guesses: given.read_list("guesses", |text| Expression::parse(text, names))?,
        max_evaluations: given.take("max_evaluations")?,
        target_loss: given.take("target_loss")?.unwrap_or(defaults.target_loss),
        checkpoint: given.take::<PathBuf>("checkpoint")?,
        n_confirmations: given
            .take("n_confirmations")?
            .unwrap_or(defaults.n_confirmations),
        choose: choose(&mut given)?,
        seed: given.take("seed")?.unwrap_or(defaults.seed),
        ..SearchOptions::default()
    };
    given.check()?;
    Ok(found.with_length(n_generations, time_limit))
}

fn seconds(number: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(number)
        .map_err(|_| refused("time_limit", number, "a positive number of seconds"))
}

fn choose(given: &mut Given) -> PyResult<Choose> {
    match given.take::<String>("choose")?.as_deref() {
        None => Ok(Choose::default()),
        Some("accuracy") => Ok(Choose::Accuracy),
        Some("balanced") => Ok(Choose::Balanced),
        Some("simple") => Ok(Choose::Simple),
        Some(other) => Err(refused("choose", other, "accuracy, balanced or simple")),
    }
}

fn units(given: &mut Given, names: &[String]) -> PyResult<Option<Units>> {
    let features = given.read("units", |text| Units::parse_list(text, names))?;
    let target = given.read("target_unit", Unit::parse)?;
    let is_dimensionless: Option<bool> = given.take("dimensionless_constants")?;
    let policy = given.read("inconsistent", UnitPolicy::parse)?;
    let constants = match is_dimensionless {
        Some(true) => ConstantUnits::Dimensionless,
        _ => ConstantUnits::Free,
    };
    Ok(features.map(|features| Units {
        target,
        constants,
        policy: policy.unwrap_or_default(),
        ..Units::new(features)
    }))
}
