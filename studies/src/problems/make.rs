//! Makes one run.

use super::Run;
use super::sample::{Drawn, Problems};
use super::settings::{Asked, Settings};
use crate::benchmark::{
    ERROR_OF_NETWORK, Flow, Found, Judge, by_directions, by_labels, by_model, by_network, by_values,
};
use crate::noise::{in_classes, with_input_noise, with_label_noise, with_noise};
use crate::study::{Outcome, experiment_options, run_experiment};
use closedform::{Error, Experiment, Result, Task};
use serde::{Deserialize, Serialize};

/// What came of a run. What a run doesn't tell is left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Measures {
    /// The formula, in the names of its inputs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    /// Its complexity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complexity: Option<u64>,
    /// Its loss on the points that it was searched with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss: Option<f64>,
    /// Whether it is the truth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<bool>,
    /// Whether the truth is on the front, chosen or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_front: Option<bool>,
    /// How far it is from the truth on fresh points: the relative error of values, or the sine of the
    /// angle between gradients; the root of the mean square.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<f64>,
    /// The verdict on a network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// In an experiment, the mean `|cos|` between the gradients of network and truth, near the
    /// boundary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fidelity: Option<f64>,
    /// The same at points of the whole box.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fidelity_of_box: Option<f64>,
    /// The mean `|cos|` between the gradients of formula and network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_cosine: Option<f64>,
    /// The mean `|cos|` between the gradients of formula and truth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truth_cosine: Option<f64>,
    /// The largest relative error of the formula's numbers, if it has the truth's structure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constants_error: Option<f64>,
    /// The share of fresh points on which formula and truth make the same decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<f64>,
    /// Why there is no formula: the data or the network didn't allow one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Makes runs, one after another.
#[derive(Default)]
pub(crate) struct Maker {
    problems: Problems,
}

impl Maker {
    /// Makes a run with a number of threads. What the data cause is a result, too.
    ///
    /// # Errors
    /// What isn't the data's fault: files that can't be read, options that contradict each other.
    pub fn make(&mut self, run: &Run, n_threads: usize, flow: Flow) -> Result<Measures> {
        let settings = run.settings()?;
        let made = match settings.experiment()? {
            Some(experiment) => of_experiment(experiment, &settings, n_threads, flow),
            None => self.found(&settings, n_threads, flow),
        };
        made.or_else(|error| match error.root() {
            Error::Uninformative(_) | Error::Unlearned(_) | Error::NoFormula(_) => Ok(Measures {
                reason: Some(error.to_string()),
                ..Measures::default()
            }),
            _ => Err(error),
        })
    }

    fn found(&mut self, settings: &Settings, n_threads: usize, flow: Flow) -> Result<Measures> {
        let drawn = self.problems.data(settings)?;
        let (options, asked) = (settings.search()?, settings.asked());
        let (noise, task) = (settings.noise(), settings.task());
        let Drawn {
            mut data,
            problem,
            mut rng,
        } = drawn;
        let names = data.feature_names().to_vec();
        if let Some(share) = settings.input_noise {
            data = with_input_noise(&data, share, &mut rng)?;
        }
        if noise > 0.0 && asked != Asked::Directions {
            data = with_noise(&data, noise, &mut rng)?;
        }
        if task == Task::Classification && settings.data.is_none() {
            data = in_classes(&data, data.targets(), settings.quantile.unwrap_or(0.5))?;
        }
        if let Some(share) = settings.label_noise {
            data = with_label_noise(&data, share, &mut rng)?;
        }
        let hyperparameters = |n_rows| {
            let preset = settings.preset().hyperparameters_for_rows(n_rows);
            settings.hyperparameters(preset, n_rows)
        };
        let found = match (asked, &settings.model, &problem) {
            (_, Some(path), _) => by_model(&data, task, path, &options, flow)?,
            (Asked::Values, ..) => by_values(&data, &options, flow)?,
            (Asked::Labels, ..) => by_labels(&data, &options, flow)?,
            (Asked::Directions, _, Some(problem)) => {
                let (points, truth) = (data.points(), &problem.truth);
                by_directions(points, truth, noise, &mut rng, &options, flow)?
            }
            (Asked::Directions, _, None) => {
                return Err(Error::Options("directions need a truth".into()));
            }
            (Asked::Regressor | Asked::Classifier, ..) => {
                let n_threads = Some(n_threads);
                by_network(&data, task, hyperparameters, n_threads, &options, flow)?
            }
        };
        let judged = problem.map(|problem| judged(&found, problem, settings));
        Ok(Measures {
            formula: Some(found.formula.to_formula(&names)),
            complexity: Some(found.complexity as u64),
            loss: Some(found.loss),
            verdict: found.verdict,
            ..judged.transpose()?.unwrap_or_default()
        })
    }
}

fn judged(
    found: &Found,
    problem: crate::benchmark::Problem,
    settings: &Settings,
) -> Result<Measures> {
    let asked = settings.asked();
    let is_by_angle = !matches!(asked, Asked::Values | Asked::Regressor);
    let judge = Judge::new(problem, is_by_angle)?;
    let noise = [Some(settings.noise()), settings.input_noise];
    let noise = noise.into_iter().flatten().fold(0.0, f64::max);
    let limit = match asked {
        Asked::Values | Asked::Directions => noise,
        Asked::Labels | Asked::Regressor | Asked::Classifier => ERROR_OF_NETWORK.max(noise),
    };
    let (is_found, is_on_front) = found.is_found(&judge, limit)?;
    Ok(Measures {
        found: Some(is_found),
        on_front: Some(is_on_front),
        error: Some(judge.error(&found.formula)).filter(|error| error.is_finite()),
        ..Measures::default()
    })
}

fn of_experiment(
    experiment: Experiment,
    settings: &Settings,
    n_threads: usize,
    flow: Flow,
) -> Result<Measures> {
    let preset = settings.preset();
    let usual = preset.hyperparameters_for(experiment);
    let hyperparameters = settings.hyperparameters(usual, settings.n_rows());
    let mut options = experiment_options(preset, hyperparameters, settings.search()?);
    options.training.n_threads = Some(n_threads);
    let (n_rows, noise) = (settings.n_rows(), settings.noise());
    let (_, outcome) = run_experiment(experiment, n_rows, noise, &options, &mut |_| flow())?;
    let Outcome { judgement, .. } = outcome;
    Ok(Measures {
        formula: Some(outcome.formula),
        complexity: Some(outcome.complexity as u64),
        loss: Some(outcome.loss),
        found: judgement.recovery.is_found(),
        fidelity: outcome.fidelity,
        fidelity_of_box: outcome.fidelity_of_box,
        network_cosine: outcome.network_cosine,
        truth_cosine: judgement.cosine,
        constants_error: judgement.constants_error,
        agreement: judgement.agreement,
        ..Measures::default()
    })
}
