//! Summarizes a study's rows: how often the structure is found, and how good the results are.

use super::{Outcome, StudyRow};
use closedform::numerics::Rate;

/// Constants within this relative error count as found.
const NEAR: f64 = 0.05;
/// How often the structure was found, among the rows whose truth is known.
pub fn structure_rate<'r>(rows: impl Iterator<Item = &'r StudyRow>) -> Rate {
    let judged: Vec<bool> = rows.filter_map(StudyRow::is_found).collect();
    Rate {
        n_found: judged.iter().filter(|found| **found).count(),
        n: judged.len(),
    }
}

/// From this mean `|cos|` on, where the network isn't saturated, formula and network are the same
/// concept. A [`Verdict`](closedform::Verdict) also looks away from the boundary.
const SAME_CONCEPT: f64 = 0.99;
/// From this share of equal decisions on, formula and truth make the same decision.
const SAME_DECISION: f64 = 0.995;
/// All runs of a study, grouped by their data.
#[derive(Debug, Clone, PartialEq)]
pub struct StudySummary {
    /// One group for each number of points and label noise.
    pub groups: Vec<StudyGroup>,
}

/// Runs with the same number of points and the same label noise.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyGroup {
    /// How many points were drawn.
    pub n_points: usize,
    /// The label noise.
    pub label_noise: f64,
    /// The name of the networks' preset.
    pub preset: String,
    /// Passes over the training data.
    pub n_epochs: usize,
    /// One line per experiment.
    pub lines: Vec<StudyLine>,
}

/// The runs of one experiment with the same settings, except for the seed. Medians are over the
/// runs that have the number; none if there are no such runs.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyLine {
    /// The experiment's number.
    pub experiment: usize,
    /// How many runs there are.
    pub n_runs: usize,
    /// How many of them failed, and why.
    pub failures: Vec<(String, usize)>,
    /// How often the structure was found.
    pub structure: Rate,
    /// How often it was found with all constants within 5 % of the truth's.
    pub constants: Rate,
    /// The median of the largest relative error of the constants, if the structure was found.
    pub constants_error: Option<f64>,
    /// How often formula and network were the same concept: a mean `|cos|` of at least 0.99.
    pub same_concept: Rate,
    /// How often formula and truth made the same decision on at least 99.5 % of fresh points.
    pub same_decision: Rate,
    /// The median fidelity of the network, see [`Outcome::fidelity`].
    pub fidelity: Option<f64>,
    /// The same at points of the whole box.
    pub fidelity_of_box: Option<f64>,
    /// The median of the mean `|cos|` between formula and network.
    pub network_cosine: Option<f64>,
    /// The median of the mean `|cos|` between formula and truth.
    pub truth_cosine: Option<f64>,
    /// The median share of equal decisions.
    pub agreement: Option<f64>,
    /// The median seconds of training.
    pub seconds_train: Option<f64>,
    /// The median seconds of the search.
    pub seconds_search: Option<f64>,
    /// The median seconds of a whole run.
    pub seconds_total: Option<f64>,
    /// The formulas, the most frequent one first: whether it has the structure of the truth, if
    /// that is known, and how often it was found.
    pub formulas: Vec<(String, Option<bool>, usize)>,
}

impl StudySummary {
    /// Summarizes rows. Groups and lines are in ascending order.
    pub fn new(rows: &[StudyRow]) -> Self {
        let mut sorted: Vec<&StudyRow> = rows.iter().collect();
        sorted.sort_by(|a, b| {
            let (a, b) = (&a.settings, &b.settings);
            let noise = a.label_noise.total_cmp(&b.label_noise);
            let points = a.n_points.cmp(&b.n_points);
            points.then(noise).then(a.experiment.cmp(&b.experiment))
        });
        let data = |row: &StudyRow| (row.settings.n_points, row.settings.label_noise);
        let group = |rows: &[&StudyRow]| StudyGroup {
            n_points: rows[0].settings.n_points,
            label_noise: rows[0].settings.label_noise,
            preset: rows[0].settings.preset.clone(),
            n_epochs: rows[0].settings.n_epochs,
            lines: rows
                .chunk_by(|a, b| a.settings.experiment == b.settings.experiment)
                .map(StudyLine::new)
                .collect(),
        };
        let groups = sorted.chunk_by(|a, b| data(a) == data(b));
        Self {
            groups: groups.map(group).collect(),
        }
    }

    /// The group with the most runs, and among equals the one with the most points.
    pub fn main_group(&self) -> Option<&StudyGroup> {
        let n_runs = |group: &StudyGroup| group.lines.iter().map(|line| line.n_runs).sum::<usize>();
        self.groups
            .iter()
            .max_by_key(|group| (n_runs(group), group.n_points))
    }
}

impl StudyLine {
    fn new(rows: &[&StudyRow]) -> Self {
        let outcomes: Vec<&Outcome> = rows
            .iter()
            .filter_map(|row| row.outcome.as_ref().ok())
            .collect();
        let middle =
            |of: &dyn Fn(&Outcome) -> Option<f64>| median(outcomes.iter().filter_map(|o| of(o)));
        let done = rows.iter().filter(|row| row.outcome.is_ok());
        let seconds = |of: fn(&StudyRow) -> f64| median(done.clone().map(|row| of(row)));
        // A run without a formula has neither of the two.
        let share = |is_same: &dyn Fn(&Outcome) -> bool| Rate {
            n_found: outcomes.iter().filter(|outcome| is_same(outcome)).count(),
            n: rows.len(),
        };
        let structure = structure_rate(rows.iter().copied());
        let is_near = |row: &&&StudyRow| row.constants_error().is_some_and(|error| error <= NEAR);
        let failed = rows
            .iter()
            .filter_map(|row| row.outcome.as_ref().err().cloned());
        let formula = |o: &&Outcome| (o.formula.clone(), o.judgement.recovery.is_found());
        Self {
            experiment: rows[0].settings.experiment,
            n_runs: rows.len(),
            failures: counted(failed.collect()),
            structure,
            constants: Rate {
                n_found: rows.iter().filter(is_near).count(),
                n: structure.n,
            },
            constants_error: middle(&|o| o.judgement.constants_error),
            same_concept: share(&|o| o.network_cosine >= Some(SAME_CONCEPT)),
            same_decision: share(&|o| o.judgement.agreement >= Some(SAME_DECISION)),
            fidelity: middle(&|o| o.fidelity),
            fidelity_of_box: middle(&|o| o.fidelity_of_box),
            network_cosine: middle(&|o| o.network_cosine),
            truth_cosine: middle(&|o| o.judgement.cosine),
            agreement: middle(&|o| o.judgement.agreement),
            seconds_train: seconds(|row| row.seconds.train),
            seconds_search: seconds(|row| row.seconds.search),
            seconds_total: seconds(|row| row.seconds.total),
            formulas: counted(outcomes.iter().map(formula).collect())
                .into_iter()
                .map(|((formula, is_found), n)| (formula, is_found, n))
                .collect(),
        }
    }
}

/// The middle value, or the mean of the two middle ones.
fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let (below, above) = (values.len().checked_sub(1)? / 2, values.len() / 2);
    Some(values[below].midpoint(values[above]))
}

/// Each different item and how often it occurs, the most frequent first.
fn counted<T: Ord>(mut items: Vec<T>) -> Vec<(T, usize)> {
    items.sort();
    let mut counts: Vec<(T, usize)> = Vec::new();
    for item in items {
        match counts.last_mut() {
            Some((known, n)) if *known == item => *n += 1,
            _ => counts.push((item, 1)),
        }
    }
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    counts
}
