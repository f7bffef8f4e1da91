//! What the search is given.

use closedform::{Error, Result};
use serde::{Deserialize, Serialize};

/// Where the search gets an equation from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Its values at points.
    Values,
    /// The directions of its gradients.
    Directions,
    /// A network that was trained on its values.
    Regressor,
    /// A network that was trained on classes: whether its values exceed a quantile.
    Classifier,
}

impl Source {
    /// All sources with their names.
    const ALL: [(&'static str, Self); 4] = [
        ("values", Self::Values),
        ("directions", Self::Directions),
        ("regressor", Self::Regressor),
        ("classifier", Self::Classifier),
    ];

    /// The source with a name.
    ///
    /// # Errors
    /// A name that no source has.
    pub fn named(name: &str) -> Result<Self> {
        let named = Self::ALL.into_iter().find(|(known, _)| *known == name);
        named.map(|(_, source)| source).ok_or_else(|| {
            let names = Self::ALL.map(|(name, _)| name).join(", ");
            Error::parameter("source", format!("\"{name}\""), format!("one of {names}"))
        })
    }

    /// Whether formulas are compared by the angles between gradients: a classifier is one of many
    /// functions with its decisions, and so are directions.
    #[cfg(feature = "records")]
    pub(super) fn is_by_angle(self) -> bool {
        matches!(self, Self::Directions | Self::Classifier)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        let named = Self::ALL.into_iter().find(|(_, source)| *source == self);
        named.map_or("", |(name, _)| name)
    }
}

/// One run: an equation, and how it is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The equation's name.
    pub problem: String,
    /// Where the search gets it from.
    pub source: Source,
    /// The standard deviation of Gaussian noise: on values as a share of theirs, on each component
    /// of unit directions. For networks it is on the values that they are trained on.
    pub noise: f64,
    /// The quantile of the values above which the class is 1; none unless there are classes.
    pub quantile: Option<f64>,
    /// The number of points.
    pub n_points: usize,
    /// The seed of points, noise, training and search.
    pub seed: u64,
    /// The time limit of a search, in seconds.
    pub time_limit: f64,
}
