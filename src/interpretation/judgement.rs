//! How good a formula is where the truth is known.

use super::structure_error;
use crate::dataset::{Dataset, Experiment};
use crate::directions::Directions;
use crate::error::Result;
use crate::formula::Expression;

/// Fresh points of the box that formulas are judged on.
pub const N_FRESH: usize = 10_000;
/// No run of a study has this seed, so no network and no search has seen these points.
pub const FRESH_SEED: u64 = u64::MAX;

/// Which structure a formula has, see [`structure_error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// That of the truth.
    Truth,
    /// That of another function with the truth's decision boundary.
    Boundary,
    /// Another one.
    Other,
    /// The truth isn't known.
    Unknown,
}

impl Recovery {
    /// The name in a study's tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Truth => "truth",
            Self::Boundary => "boundary",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }

    /// The recovery of a name in a study's tables.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Truth, Self::Boundary, Self::Other, Self::Unknown];
        all.into_iter().find(|recovery| recovery.name() == name)
    }

    /// Whether the structure was found, which labels know up to the boundary; `None` if the truth
    /// isn't known.
    pub fn is_found(self) -> Option<bool> {
        match self {
            Self::Truth | Self::Boundary => Some(true),
            Self::Other => Some(false),
            Self::Unknown => None,
        }
    }
}

/// A formula against an experiment's truth, on fresh points of the whole box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    /// Mean `|cos|` between the gradients of formula and truth; none if the truth isn't known.
    pub cosine: Option<f64>,
    /// Which structure the formula has.
    pub recovery: Recovery,
    /// The largest relative error of its constants, if it has a known structure.
    pub constants_error: Option<f64>,
    /// The share of points, without noise, on which `formula > threshold` decides as the truth;
    /// with two concepts, of the points on which both decide alike. None without a threshold.
    pub agreement: Option<f64>,
}

impl Judgement {
    /// Judges a formula; class 1 is said to be where it exceeds the threshold, if there is one.
    ///
    /// ```
    /// use closedform::Experiment;
    /// use closedform::interpretation::{Judgement, Recovery};
    ///
    /// let formula = "x1**2 + 1.9*x2**2".parse()?;
    /// let judged = Judgement::new(&formula, Some(1.0), Experiment::One)?;
    /// assert_eq!(judged.recovery, Recovery::Truth);
    /// assert!((judged.constants_error.unwrap() - 0.05).abs() < 1e-6);
    /// assert!(judged.cosine.unwrap() > 0.999 && judged.agreement.unwrap() > 0.97);
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// A formula in more features than the experiment has.
    pub fn new(
        formula: &Expression,
        threshold: Option<f64>,
        experiment: Experiment,
    ) -> Result<Self> {
        let sides = experiment.sides();
        formula.check_features(sides.len())?;
        let truths = experiment.truths();
        let cosine = true_directions(experiment)?.map(|truth| truth.mean_abs_cosine(formula));
        let mut recovery = if truths.is_empty() {
            Recovery::Unknown
        } else {
            Recovery::Other
        };
        let mut constants_error = None;
        for (truth, name) in truths.iter().zip([Recovery::Truth, Recovery::Boundary]) {
            constants_error = structure_error(formula, truth, &sides)?;
            if constants_error.is_some() {
                recovery = name;
                break;
            }
        }
        Ok(Self {
            cosine,
            recovery,
            constants_error,
            agreement: match threshold {
                Some(threshold) => Some(agreement(formula, threshold, experiment)?),
                None => None,
            },
        })
    }
}

/// Fresh points of the whole box, `(n_samples, n_features)`; their targets mean nothing.
pub fn fresh_points(experiment: Experiment) -> Result<Dataset> {
    Dataset::from_function(&experiment.sides(), N_FRESH, FRESH_SEED, |_| 0.0)
}

/// The truth's directions at the fresh points, if the truth is known.
fn true_directions(experiment: Experiment) -> Result<Option<Directions>> {
    let truths = experiment.truths();
    let Some(truth) = truths.first() else {
        return Ok(None);
    };
    let fresh = fresh_points(experiment)?;
    let rows = fresh.points().rows();
    let gradients = rows.flat_map(|x| truth.value_and_gradient(x).1).collect();
    Directions::from_gradients(fresh.points().clone(), gradients).map(Some)
}

fn agreement(formula: &Expression, threshold: f64, experiment: Experiment) -> Result<f64> {
    let fresh = fresh_points(experiment)?;
    let concepts = experiment.concepts();
    let (mut n_judged, mut n_equal) = (0_usize, 0_usize);
    for x in fresh.points().rows() {
        let mut labels = concepts
            .iter()
            .map(|concept| concept.value(x) > concept.threshold());
        let first = labels.next();
        if labels.all(|label| Some(label) == first) {
            n_judged += 1;
            n_equal += usize::from(Some(formula.value(x) > threshold) == first);
        }
    }
    Ok(n_equal as f64 / n_judged as f64)
}
