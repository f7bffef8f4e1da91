//! What a search is given to match, and the report of what it found.

use super::Report;
use crate::directions::Directions;
use crate::error::{Error, Result};
use crate::interpretation::Seconds;
use crate::search::{
    LabelObjective, Objective, SearchOptions, SearchProgress, SearchResult, ValueObjective, search,
    search_for,
};
use std::ops::ControlFlow;

/// What the formula of a search has to match: directions, values or labels.
///
/// ```
/// use closedform::interpretation::Seconds;
/// use closedform::report::Given;
/// use closedform::{Points, SearchOptions, ValueObjective, progress};
///
/// let points = Points::new(["x1"], (1..100).map(f64::from).collect::<Vec<_>>())?;
/// let values = points.rows().map(|x| 2.0 * x[0] + 1.0).collect();
/// let given = Given::Values(ValueObjective::new(&points, values)?);
/// let options = SearchOptions::default();
/// let found = given.search(&options, progress::silent)?;
/// let report = given.report(&found, Seconds::default(), options.seed)?;
/// assert_eq!(report.formula, "2*x1 + 1");
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug)]
pub enum Given {
    /// Directions of gradients.
    Directions(Directions),
    /// Values, such as a table's target.
    Values(ValueObjective),
    /// Labels of two classes.
    Labels(LabelObjective),
}

impl Given {
    /// The features' names, `(n_features,)`.
    pub fn feature_names(&self) -> Vec<String> {
        match self {
            Self::Directions(directions) => directions.feature_names().to_vec(),
            Self::Values(values) => values.feature_names(),
            Self::Labels(labels) => labels.feature_names(),
        }
    }

    /// The values, if these are given.
    pub fn values(&self) -> Option<&ValueObjective> {
        match self {
            Self::Values(values) => Some(values),
            Self::Directions(_) | Self::Labels(_) => None,
        }
    }

    /// Searches for formulas that match.
    ///
    /// # Errors
    /// Those of [`search`](fn@crate::search) and [`search_for`].
    pub fn search(
        &self,
        options: &SearchOptions,
        monitor: impl FnMut(&SearchProgress) -> ControlFlow<()>,
    ) -> Result<SearchResult> {
        match self {
            Self::Directions(directions) => search(directions, options, monitor),
            Self::Values(values) => search_for(values, options, monitor),
            Self::Labels(labels) => search_for(labels, options, monitor),
        }
    }

    /// The report of what a search found: of directions with their structure, of values with
    /// intervals of the numbers, and of labels with the threshold 0, because the sign of the formula
    /// decides.
    ///
    /// # Errors
    /// A search that found no formula.
    pub fn report(&self, found: &SearchResult, seconds: Seconds, seed: u64) -> Result<Report> {
        let best = found.front.best().ok_or_else(|| {
            Error::NoFormula("no formula was found; allow more complexity or time".into())
        })?;
        let report = |cosine| Report::new(found, best, cosine, seconds, seed);
        Ok(match self {
            Self::Directions(directions) => Report {
                structure: directions.structure(seed).sentences(),
                ..report(Some(directions.mean_abs_cosine(&best.expression)))
            },
            Self::Values(values) => report(None).with_values(values, &best.expression)?,
            Self::Labels(_) => Report {
                threshold: Some(0.0),
                ..report(None)
            },
        })
    }
}
