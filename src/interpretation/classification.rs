//! Symbolic classification: a formula from labels alone, for comparison with interpretation.

use super::statistics::share_told;
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::notebook::{escape_html, show};
use crate::search::{
    Candidate, LabelLoss, LabelObjective, SearchOptions, SearchProgress, SearchResult, search_for,
};
use std::ops::ControlFlow;

/// A formula whose sign separates two classes, found without a network.
#[derive(Debug, Clone)]
pub struct SymbolicClassification {
    /// All formulas, each with its hinge loss, and why the search ended.
    pub found: SearchResult,
    candidate: Candidate,
    agreement: f64,
}

/// Searches for a formula whose sign separates two classes, by the hinge loss (Wetzel 2024,
/// appendix A, equation 21).
///
/// The formula is fitted to `training` and judged on `fresh`, which holds other rows. The paper's
/// search of labels counts a constant with complexity 1; the default is 3.
///
/// ```
/// use closedform::{Dataset, Operator, SearchOptions, progress};
/// use closedform::formula::Complexity;
/// use closedform::interpretation::classify_symbolically;
///
/// let label = |x: &[f64]| f64::from(u8::from(x[0] > x[1] * x[1]));
/// let data = Dataset::from_function(&[(-1.0, 1.0), (-1.0, 1.0)], 500, 0, label)?;
/// let (training, fresh) = data.split(0.8, 0)?;
/// let options = SearchOptions {
///     complexity: Complexity { constant: 1, ..Complexity::default() },
///     operators: Operator::parse_list("+,-,*")?,
///     n_generations: 0,
///     ..SearchOptions::default()
/// };
/// let classification = classify_symbolically(&training, &fresh, &options, progress::silent)?;
/// assert!(classification.agreement() > 0.95, "{classification}");
/// # Ok::<(), closedform::Error>(())
/// ```
///
/// # Errors
/// Data with other columns or more than two classes, the errors of [`search_for`], or if no formula
/// is found.
pub fn classify_symbolically(
    training: &Dataset,
    fresh: &Dataset,
    options: &SearchOptions,
    monitor: impl FnMut(&SearchProgress) -> ControlFlow<()>,
) -> Result<SymbolicClassification> {
    (fresh.points()).check_features("the training data", training.feature_names())?;
    let objective = LabelObjective::from_dataset(training, LabelLoss::Hinge)?;
    let found = search_for(&objective, options, monitor)?;
    let candidate = found.front.best().cloned().ok_or_else(|| {
        Error::NoFormula(
            "no formula separates the classes within the allowed complexity and time".into(),
        )
    })?;
    Ok(SymbolicClassification {
        agreement: share_told(&candidate.expression, fresh),
        found,
        candidate,
    })
}

impl SymbolicClassification {
    /// The formula with its complexity and loss.
    pub fn candidate(&self) -> &Candidate {
        &self.candidate
    }

    /// The formula in sympy's notation; class 1 is where it is positive.
    pub fn formula(&self) -> String {
        self.found.front.formula(&self.candidate)
    }

    /// The formula as LaTeX.
    pub fn latex(&self) -> String {
        let names = self.found.front.feature_names();
        self.candidate.expression.to_latex(names)
    }

    /// The share of fresh rows whose label is the formula's sign, in [0, 1].
    pub fn agreement(&self) -> f64 {
        self.agreement
    }

    /// Shows the rule in a notebook; the kernel calls this for a cell's last value.
    pub fn evcxr_display(&self) {
        let html = format!(
            "$$\\displaystyle {} > 0 $$<p>{}</p>",
            escape_html(&self.latex()),
            self.figures()
        );
        show(&[("text/html", &html), ("text/plain", &self.to_string())]);
    }

    fn figures(&self) -> String {
        format!(
            "complexity {}, hinge loss {:.2e}, right on {:.2} % of fresh rows",
            self.candidate.complexity,
            self.candidate.loss,
            100.0 * self.agreement
        )
    }
}

impl std::fmt::Display for SymbolicClassification {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}  >  0\n  {}", self.formula(), self.figures())
    }
}
