//! The rows of a run, before any noise.

use super::settings::{Set, Settings};
use crate::benchmark::{Problem, ProblemSet, Range};
use closedform::dataset::TableOptions;
use closedform::{Dataset, Error, Expression, Result, Table, Task};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::path::Path;

/// Draws or reads rows. The ready sets are parsed once.
#[derive(Default)]
pub(crate) struct Problems {
    sets: Vec<(ProblemSet, Vec<Problem>)>,
}

/// Rows with their targets, and the truth behind them.
pub(crate) struct Drawn {
    pub data: Dataset,
    /// The truth and the ranges in which formulas are compared with it, if it is known.
    pub problem: Option<Problem>,
    /// For the noise.
    pub rng: ChaCha8Rng,
}

impl Problems {
    /// The rows of a run.
    ///
    /// # Errors
    /// A table that can't be read, or an equation that has hardly any finite values.
    pub fn data(&mut self, settings: &Settings) -> Result<Drawn> {
        let mut rng = ChaCha8Rng::seed_from_u64(settings.seed);
        if let Some(experiment) = settings.experiment()? {
            let (n_rows, seed) = (settings.n_rows(), settings.seed);
            let data = experiment.sample_with_noise(n_rows, settings.noise(), seed)?;
            return Ok(Drawn {
                data,
                problem: None,
                rng,
            });
        }
        if let Some(path) = &settings.data {
            let (data, problem) = table(path, settings)?;
            return Ok(Drawn { data, problem, rng });
        }
        let problem = match settings.set.and_then(Set::problems) {
            Some(set) => self.named(set, settings.equation.as_deref().unwrap_or(""))?,
            None => written(settings)?,
        };
        Ok(Drawn {
            data: problem.sample(settings.n_rows(), &mut rng)?,
            problem: Some(problem),
            rng,
        })
    }

    fn named(&mut self, set: ProblemSet, name: &str) -> Result<Problem> {
        if !self.sets.iter().any(|(known, _)| *known == set) {
            self.sets.push((set, set.problems()));
        }
        let of_set = self.sets.iter().filter(|(known, _)| *known == set);
        let mut problems = of_set.flat_map(|(_, problems)| problems);
        let found = problems.find(|problem| problem.name == name).cloned();
        found.ok_or_else(|| {
            let allowed = "the name of an equation of the set, such as I.12.4";
            Error::parameter("the equation", format!("\"{name}\""), allowed)
        })
    }
}

impl Settings {
    /// Checks what no key can tell alone, and draws or reads the data once.
    ///
    /// # Errors
    /// The key that is wrong, and why.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        let origins = [
            ("set", self.set.is_some()),
            ("formula", self.formula.is_some()),
            ("data", self.data.is_some()),
        ];
        let mut given = origins.iter().filter(|(_, is_given)| *is_given);
        let origin = match (given.next(), given.next()) {
            (Some((origin, _)), None) => *origin,
            (None, _) => {
                let message = "a problem needs set, formula or data: where its rows come from";
                return Err(("name", message.into()));
            }
            (Some(_), Some((second, _))) => {
                let message = "set, formula and data are three ways to say where rows come from; \
                               give one";
                return Err((second, message.into()));
            }
        };
        self.check_presence(origin)?;
        let refuse = |key| move |error: Error| (key, error.to_string());
        self.search().map_err(refuse("search.operators"))?;
        let drawn = Problems::default().data(self);
        drawn
            .map(drop)
            .map_err(|error| (self.key_of(&error, origin), error.to_string()))
    }
}

/// The equation that stands in the file.
fn written(settings: &Settings) -> Result<Problem> {
    let text = settings.formula.as_deref().unwrap_or("");
    let ranges = settings.ranges.as_deref().unwrap_or("");
    let variables = match &settings.inputs {
        Some(inputs) => names(inputs),
        None => {
            let is_in = |number: &usize| text.contains(&format!("x{number}"));
            let known = (1..).take_while(is_in);
            known.map(|number| format!("x{number}")).collect()
        }
    };
    Problem::parse("formula", text, &variables, ranges)
}

fn table(path: &Path, settings: &Settings) -> Result<(Dataset, Option<Problem>)> {
    let options = TableOptions {
        target: settings.target.clone(),
        // A model says what the targets are.
        task: match settings.model {
            Some(_) => Task::Regression,
            None => settings.task(),
        },
        inputs: settings.inputs.as_deref().map(names),
        max_rows: settings.rows,
        seed: settings.seed,
        ..TableOptions::default()
    };
    let table = Table::read(path, &options)?;
    let data = if settings.target.is_some() {
        table.into_dataset()?
    } else {
        let n_rows = table.points().n_samples();
        table.with_targets("target", vec![0.0; n_rows])?
    };
    let Some(truth) = &settings.truth else {
        return Ok((data, None));
    };
    let variables = data.feature_names().to_vec();
    let bounds = data.points().bounds().into_iter();
    let problem = Problem {
        name: "table".into(),
        truth: Expression::parse(truth, &variables)?,
        ranges: bounds
            .map(|(low, high)| Range::Uniform(low, high))
            .collect(),
        variables,
    };
    Ok((data, Some(problem)))
}

/// Names between commas.
fn names(list: &str) -> Vec<String> {
    list.split(',')
        .map(|name| name.trim().to_string())
        .collect()
}
