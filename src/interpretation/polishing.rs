//! A decision rule fitted to the data's labels, starting from an interpretation.

use super::Interpretation;
use super::statistics::share_told;
use crate::dataset::Dataset;
use crate::effort::{Effort, reading::Numbers};
use crate::error::{Error, Result};
use crate::formula::Expression;
use crate::search::{LabelLoss, LabelObjective, fit_constants};

/// A rule whose numbers were fitted to labels. Class 1 is where the formula is positive.
#[derive(Debug, Clone, PartialEq)]
pub struct Polished {
    feature_names: Vec<String>,
    expression: Expression,
    agreement: f64,
    agreement_before: f64,
}

/// Fits the numbers of an interpretation's rule `T - t > 0`, including the threshold, to the labels
/// of `training` by the logistic loss. The rule is judged on the labels of `fresh`.
///
/// An interpretation explains the network; a polished rule explains the data. It may decide better
/// than the network, and so it no longer describes the network. That is why the two are kept apart.
///
/// # Errors
/// An interpretation without a threshold, data with other features, or labels that are all the
/// same.
pub fn polish(
    interpretation: &Interpretation,
    training: &Dataset,
    fresh: &Dataset,
) -> Result<Polished> {
    let threshold = interpretation.threshold().ok_or_else(|| {
        Error::Model("the interpretation has no threshold; only a rule can be polished".into())
    })?;
    let feature_names = interpretation.feature_names().to_vec();
    for data in [training, fresh] {
        data.points()
            .check_features("the interpretation", &feature_names)?;
    }
    let formula = interpretation.candidate().expression.clone();
    let before = formula - Expression::constant(threshold);
    let objective = LabelObjective::from_dataset(training, LabelLoss::Logistic)?;
    let fitted = fit_constants(
        &before,
        &objective,
        &Effort::DEFAULT,
        Numbers::DEFAULT.n_steps_of_rule,
    );
    let expression = fitted.map_or_else(|| before.clone(), |(expression, _)| expression);
    Ok(Polished {
        agreement: share_told(&expression, fresh),
        agreement_before: share_told(&before, fresh),
        feature_names,
        expression,
    })
}

impl Polished {
    /// The formula that is positive on class 1.
    pub fn expression(&self) -> &Expression {
        &self.expression
    }

    /// The formula in sympy's notation.
    pub fn formula(&self) -> String {
        self.expression.to_formula(&self.feature_names)
    }

    /// The share of fresh labels that the polished rule gives correctly, in [0, 1].
    pub fn agreement(&self) -> f64 {
        self.agreement
    }

    /// The share of fresh labels that the interpretation's own rule gives correctly, in [0, 1].
    pub fn agreement_before(&self) -> f64 {
        self.agreement_before
    }
}

impl std::fmt::Display for Polished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [now, before] = [self.agreement, self.agreement_before].map(|share| 100.0 * share);
        writeln!(f, "{}  >  0", self.formula())?;
        writeln!(
            f,
            "  same as the labels {now:.2} %, unpolished {before:.2} %"
        )
    }
}
