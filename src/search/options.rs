//! The options of a search.

use super::combination::Combination;
use super::objective::{Objective, Symmetry};
use crate::effort::Effort;
use crate::error::{Error, Result};
use crate::formula::{
    Complexity, Constraints, Dimensions, Expression, Operator, UnitPolicy, Units, check_operators,
};
use std::path::PathBuf;
use std::time::Duration;

/// What a search may use, and when it stops.
///
/// | field | default | range | purpose |
/// |---|---|---|---|
/// | `operators` | [`Operator::PAPER`] | with `+` and `*` | the operators of formulas |
/// | `max_complexity` | none | 1 to 200 | more complex formulas are not tried; with none, 30, and for values room for a linear model |
/// | `complexity` | 1, 3, 5 | 1 to 100 each | the complexity of each part of a formula |
/// | `constraints` | none | | the allowed form of formulas |
/// | `units` | none | | the units of features and target, with which formulas must be consistent |
/// | `guesses` | none | in the features | formulas to start from |
/// | `noise` | 0 | 0 to 2 | the loss of a perfect formula, caused by errors in the data; with 0, only the errors that differ independently from point to point are measured |
/// | `n_generations` | 40 | 0 to 1 000 000 | generations of the evolution |
/// | `n_rounds` | 1 | 1 to 1 000 000 | how often formulas evolve for so many generations |
/// | `max_evaluations` | none | 1 or more | the largest number of sums that the evolution fits |
/// | `target_loss` | 0 | 0 or more | the search ends at this loss |
/// | `time_limit` | none | above 0 | the search ends after this time, with what it has found |
/// | `checkpoint` | none | | a file from which an interrupted search continues |
/// | `n_confirmations` | 0 | 0 to 100 | searches with other seeds, to see whether they agree |
/// | `effort` | [`Effort::default`] | see there | all numbers that control the search |
/// | `choose` | balanced | | which formula of the front is chosen, where rows can be held out |
/// | `seed` | 0 | | fixes the search, unless a time limit cuts it short |
#[derive(Debug, Clone, PartialEq)]
pub struct SearchOptions {
    /// The operators of formulas.
    pub operators: Vec<Operator>,
    /// The highest [complexity](Self::complexity) tried; with `None` that of the
    /// [objective](crate::Objective::max_complexity).
    pub max_complexity: Option<usize>,
    /// The complexity of each part of a formula.
    pub complexity: Complexity,
    /// The allowed form of formulas.
    pub constraints: Constraints,
    /// The units of features and target.
    pub units: Option<Units>,
    /// Formulas that take part from the start; their constants are fitted.
    pub guesses: Vec<Expression>,
    /// The loss that a perfect formula would have because the data are inexact. Below about this
    /// loss, the simpler formula is chosen.
    pub noise: f64,
    /// The number of generations of the evolution.
    pub n_generations: usize,
    /// How often the evolution runs for so many generations. Each round begins with new random
    /// formulas beside those of the front. Values with independent errors have all of them, because
    /// another round nearly always finds something better. Directions, labels and a model's values have
    /// more than one only while they are [matched poorly](crate::effort::Evolution::poor_loss).
    pub n_rounds: usize,
    /// The largest number of sums that the evolution fits, checked after every generation.
    pub max_evaluations: Option<u64>,
    /// Ends the search at a formula with this loss or a lower one. With 0 it ends at exact matches
    /// only.
    pub target_loss: f64,
    /// The longest time that the search may take.
    pub time_limit: Option<Duration>,
    /// The file that keeps the state of the search, from the first generation on. If the file
    /// exists, the search continues from it and ends as if it had never been interrupted. The file
    /// of another search is refused.
    pub checkpoint: Option<PathBuf>,
    /// The number of searches with the following seeds that check whether they choose the same
    /// formula.
    pub n_confirmations: u64,
    /// The numbers that control the search, from the length of sums to the price of complexity.
    pub effort: Effort,
    /// Which formula of the front is chosen, where rows can be held out.
    pub choose: Choose,
    /// Fixes every random choice.
    pub seed: u64,
}

/// Which formula of a front is chosen where errors are independent, so that a cross-validation
/// tells what formulas are worth on rows that they were not fitted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choose {
    /// The one with the least loss on held-out rows.
    Accuracy,
    /// The simplest one whose loss on held-out rows is within one standard error of the least, and
    /// from 150 rows on within a hundredth of a constant's loss.
    #[default]
    Balanced,
    /// The one with the shortest description of formula and data, without held-out rows: the least
    /// `n/2 log(loss) + 2 complexity`.
    Simple,
}

/// The most rounds that are allowed.
const MAX_ROUNDS: usize = 1_000_000;
/// A time limit of 0 is refused.
const LEAST_TIME: Duration = Duration::from_millis(1);

impl Default for SearchOptions {
    fn default() -> Self {
        Self {
            operators: Operator::PAPER.to_vec(),
            max_complexity: None,
            complexity: Complexity::default(),
            constraints: Constraints::default(),
            units: None,
            guesses: Vec::new(),
            noise: 0.0,
            n_generations: 40,
            n_rounds: 1,
            max_evaluations: None,
            target_loss: 0.0,
            time_limit: None,
            checkpoint: None,
            n_confirmations: 0,
            effort: Effort::default(),
            choose: Choose::default(),
            seed: 0,
        }
    }
}

impl SearchOptions {
    /// The same for a number of generations, or for as many rounds of them as a time limit allows.
    /// With neither it is the default number of generations.
    pub fn with_length(self, n_generations: Option<usize>, time_limit: Option<Duration>) -> Self {
        Self {
            n_generations: n_generations.unwrap_or(self.n_generations),
            n_rounds: match (n_generations, time_limit) {
                (None, Some(_)) => MAX_ROUNDS,
                _ => self.n_rounds,
            },
            time_limit,
            ..self
        }
    }

    /// The highest complexity tried under an objective.
    pub(super) fn max_complexity_for(&self, objective: &dyn Objective) -> usize {
        self.max_complexity
            .unwrap_or_else(|| objective.max_complexity())
    }

    /// The same with a share of the time that is left, if time is limited and `seconds` of it are gone.
    pub(crate) fn with_time_left(&self, seconds: f64, share: f64) -> Self {
        let spent = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
        let left = |limit: Duration| limit.saturating_sub(spent).mul_f64(share);
        Self {
            time_limit: self.time_limit.map(|limit| left(limit).max(LEAST_TIME)),
            ..self.clone()
        }
    }

    /// The requirements of the units on formulas under an objective.
    pub(super) fn dimensions(&self, objective: &dyn Objective) -> Option<Dimensions> {
        let has_threshold = objective.symmetry() == Symmetry::Factor;
        let units = self.units.as_ref();
        units.map(|units| Dimensions::new(units, has_threshold))
    }

    /// The first of the formulas that a combination can be written as.
    pub(super) fn first_reading(&self, combination: &Combination) -> Option<Expression> {
        let readings = combination.to_expressions(&self.operators, &self.effort.products);
        readings.into_iter().next()
    }

    /// Whether units may exclude formulas.
    pub(super) fn excludes_by_units(&self) -> bool {
        let units = self.units.as_ref();
        units.is_some_and(|units| units.policy == UnitPolicy::Exclude)
    }

    /// Refuses options outside their ranges for an objective.
    pub(super) fn check(&self, objective: &dyn Objective) -> Result<()> {
        let n_features = objective.columns().n_features();
        if let Some(units) = &self.units {
            units.check(
                &objective.feature_names(),
                objective.symmetry().is_scale_free(),
            )?;
        }
        check_operators(&self.operators)?;
        self.complexity.check()?;
        self.constraints.check(n_features)?;
        self.effort.check()?;
        let whole = |name, value: u64, low: u64, high: u64| {
            let allowed = match low {
                0 => format!("at most {high}"),
                _ => format!("between {low} and {high}"),
            };
            if (low..=high).contains(&value) {
                Ok(())
            } else {
                Err(Error::parameter(name, value, allowed))
            }
        };
        if let Some(max_complexity) = self.max_complexity {
            whole("max_complexity", max_complexity as u64, 1, 200)?;
        }
        whole("n_generations", self.n_generations as u64, 0, 1_000_000)?;
        whole("n_rounds", self.n_rounds as u64, 1, MAX_ROUNDS as u64)?;
        whole("n_confirmations", self.n_confirmations, 0, 100)?;
        if self.max_evaluations == Some(0) {
            return Err(Error::parameter("max_evaluations", 0, "at least 1"));
        }
        if !(0.0..=2.0).contains(&self.noise) {
            return Err(Error::parameter("noise", self.noise, "between 0 and 2"));
        }
        if !(self.target_loss >= 0.0 && self.target_loss.is_finite()) {
            return Err(Error::parameter(
                "target_loss",
                self.target_loss,
                "0 or a positive number",
            ));
        }
        if self.time_limit == Some(Duration::ZERO) {
            return Err(Error::parameter("time_limit", "0 s", "a positive time"));
        }
        let knows = |guess: &&Expression| guess.variables().iter().all(|&v| v < n_features);
        match self.guesses.iter().find(|guess| !knows(guess)) {
            Some(guess) => Err(Error::parameter(
                "a guess",
                format!("\"{guess}\""),
                format!("a formula in the {n_features} features"),
            )),
            None => Ok(()),
        }
    }
}
