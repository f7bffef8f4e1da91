//! How good a formula is when the truth is known.

use super::structure_error;
use crate::dataset::{Dataset, Experiment};
use crate::directions::Directions;
use crate::error::Result;
use crate::formula::Expression;

/// The number of fresh points in the box on which formulas are judged.
pub const N_FRESH: usize = 10_000;
/// No run of a study has this seed, so no network and no search has seen these points.
pub const FRESH_SEED: u64 = u64::MAX;

/// The structure of a formula compared with the truth; see [`structure_error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// The structure of the truth.
    Truth,
    /// The structure of another function with the same decision boundary as the truth.
    Boundary,
    /// Another structure.
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

    /// The value with the given name in a study's tables.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Truth, Self::Boundary, Self::Other, Self::Unknown];
        all.into_iter().find(|recovery| recovery.name() == name)
    }

    /// Whether the structure of the truth, or of a function with the same boundary, was found;
    /// `None` if the truth isn't known.
    pub fn is_found(self) -> Option<bool> {
        match self {
            Self::Truth | Self::Boundary => Some(true),
            Self::Other => Some(false),
            Self::Unknown => None,
        }
    }
}

/// A formula compared with an experiment's truth, on fresh points of the whole box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    /// Mean `|cos|` between the gradients of the formula and of the truth; none if the truth isn't
    /// known.
    pub cosine: Option<f64>,
    /// The structure of the formula.
    pub recovery: Recovery,
    /// The largest relative error of the formula's constants, if its structure is known.
    pub constants_error: Option<f64>,
    /// The share of fresh points, without noise, on which `formula > threshold` decides as the
    /// truth does. With two concepts, only points where both decide alike count. None without a
    /// threshold.
    pub agreement: Option<f64>,
}

impl Judgement {
    /// Judges a formula. With a threshold, class 1 is where the formula exceeds it.
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

/// Fresh points of the whole box, `(n_samples, n_features)`. Their targets have no meaning.
pub fn fresh_points(experiment: Experiment) -> Result<Dataset> {
    Dataset::from_function(&experiment.sides(), N_FRESH, FRESH_SEED, |_| 0.0)
}

/// The truth's directions at the fresh points; none if the truth isn't known.
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
