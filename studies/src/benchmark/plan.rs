//! The runs of a benchmark.

use super::{Problem, ProblemSet, Question, Source};
use closedform::{Error, Result};

/// Asks for every equation of a set, in every way and with every noise and seed.
///
/// ```
/// use closedform_studies::benchmark::{BenchmarkPlan, Source};
///
/// let plan = BenchmarkPlan {
///     sources: vec![Source::Values, Source::Directions],
///     noises: vec![0.0, 0.01],
///     ..BenchmarkPlan::default()
/// };
/// // The one equation in a single variable has no directions to match.
/// assert_eq!(plan.questions()?.len(), 2 * 100 + 2 * 99);
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct BenchmarkPlan {
    /// The equations.
    pub set: ProblemSet,
    /// The names of the equations to ask for; empty for all.
    pub names: Vec<String>,
    /// Where the search gets them from; values by default.
    pub sources: Vec<Source>,
    /// The noises; none by default.
    pub noises: Vec<f64>,
    /// The quantiles that are thresholds of classes; the median by default.
    pub quantiles: Vec<f64>,
    /// The number of points; 1000 by default, and four times as many for networks.
    pub n_points: Option<usize>,
    /// How many seeds, from 0 on; 1 by default.
    pub n_seeds: u64,
    /// The time limit of a search, in seconds; 10 by default.
    pub time_limit: f64,
}

impl Default for BenchmarkPlan {
    fn default() -> Self {
        Self {
            set: ProblemSet::Feynman,
            names: Vec::new(),
            sources: vec![Source::Values],
            noises: vec![0.0],
            quantiles: vec![0.5],
            n_points: None,
            n_seeds: 1,
            time_limit: 10.0,
        }
    }
}

/// Rows for a search by values or directions.
const N_POINTS: usize = 1000;
/// Rows for a network, which has to learn the equation first.
const N_ROWS: usize = 4000;

impl BenchmarkPlan {
    /// All runs, those with seed 0 first.
    ///
    /// # Errors
    /// A name that no equation has, a noise or a quantile outside of its range, or nothing to run.
    pub fn questions(&self) -> Result<Vec<Question>> {
        let known = self.set.problems();
        let is_known = |name: &&String| known.iter().any(|problem| problem.name == **name);
        if let Some(name) = self.names.iter().find(|name| !is_known(name)) {
            let allowed = "the name of an equation of the set, such as I.8.14";
            return Err(Error::parameter("problem", format!("\"{name}\""), allowed));
        }
        if let Some(noise) = self
            .noises
            .iter()
            .find(|noise| !(0.0..=1.0).contains(*noise))
        {
            return Err(Error::parameter("noise", noise, "between 0 and 1"));
        }
        let is_inside = |quantile: &&f64| **quantile > 0.0 && **quantile < 1.0;
        if let Some(quantile) = self.quantiles.iter().find(|quantile| !is_inside(quantile)) {
            let allowed = "between 0 and 1, where both classes have points";
            return Err(Error::parameter("quantile", quantile, allowed));
        }
        let asked =
            |problem: &&Problem| self.names.is_empty() || self.names.contains(&problem.name);
        let mut questions = Vec::new();
        for seed in 0..self.n_seeds {
            for &source in &self.sources {
                for &noise in &self.noises {
                    for problem in known.iter().filter(asked) {
                        questions.extend(self.ways(problem, source, noise, seed));
                    }
                }
            }
        }
        if questions.is_empty() {
            let message = "there is nothing to run; the plan needs sources, noises and seeds";
            return Err(Error::Options(message.into()));
        }
        Ok(questions)
    }

    /// The runs for one equation: several for classes, none where there are no directions.
    fn ways(&self, problem: &Problem, source: Source, noise: f64, seed: u64) -> Vec<Question> {
        let has_directions = problem.ranges.len() > 1;
        let (quantiles, n_points): (Vec<Option<f64>>, usize) = match source {
            Source::Values => (vec![None], N_POINTS),
            Source::Regressor => (vec![None], N_ROWS),
            Source::Directions | Source::Classifier if !has_directions => return Vec::new(),
            Source::Directions => (vec![None], N_POINTS),
            Source::Classifier => (self.quantiles.iter().copied().map(Some).collect(), N_ROWS),
        };
        let question = |quantile| Question {
            problem: problem.name.to_string(),
            source,
            noise,
            quantile,
            n_points: self.n_points.unwrap_or(n_points),
            seed,
            time_limit: self.time_limit,
        };
        quantiles.into_iter().map(question).collect()
    }
}
