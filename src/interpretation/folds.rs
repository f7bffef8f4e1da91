//! The scores of a certificate by cross-validation, where too few rows are fresh to tell.

use super::scores::Answers;
use super::statistics::values;
use super::{DecisionRule, Interpretation, LinkCurve, Scores};
use crate::dataset::{Dataset, Task};
use crate::effort::{Effort, reading::Numbers};
use crate::error::Result;
use crate::formula::Expression;
use crate::model::Model;
use crate::search::{ValueObjective, fit_constants};

/// A model with the rows that it was trained on, and others.
#[derive(Debug)]
pub(crate) struct TrainedFold<M> {
    /// The model.
    pub model: M,
    /// The rows that it was trained on.
    pub training: Dataset,
    /// The rows that it is judged on.
    pub held_out: Dataset,
}

/// The scores of a formula on the held-out rows of all folds: its threshold, or its numbers and phi,
/// are fitted anew to each fold's model at its training rows. The formula itself was found on all
/// rows.
pub(super) fn cross_validated<M: Model>(
    found: &Interpretation,
    folds: &[TrainedFold<M>],
    seed: u64,
) -> Result<Option<Scores>> {
    let Some(first) = folds.first() else {
        return Ok(None);
    };
    let parts = folds.iter().map(|fold| fold.answers(found));
    let parts = parts.collect::<Result<Vec<Answers>>>()?;
    let scores = Scores::new(&Answers::joined(parts), first.model.task(), seed);
    Ok(Some(Scores {
        are_cross_validated: true,
        ..scores
    }))
}

impl<M: Model> TrainedFold<M> {
    fn answers(&self, found: &Interpretation) -> Result<Answers> {
        let at_training = self.model.latent(self.training.points())?;
        let at_held_out = self.model.latent(self.held_out.points())?;
        let number = |is: bool| f64::from(u8::from(is));
        let (model, formula) = match self.model.task() {
            Task::Regression => (at_held_out, self.predictions(found, at_training)?),
            Task::Classification => {
                let decisions = at_held_out.iter().map(|f| number(*f > 0.0));
                let formula = self.decisions(found, &at_training)?;
                (
                    decisions.collect(),
                    formula.into_iter().map(number).collect(),
                )
            }
        };
        Answers::new(
            model,
            formula,
            self.model.task(),
            &self.training,
            &self.held_out,
        )
    }

    /// A regressor's predictions by the whole formula, or by phi's curve if it has no formula.
    fn predictions(&self, found: &Interpretation, latent: Vec<f64>) -> Result<Vec<f64>> {
        if let (Some(whole), Some(_)) = (found.whole(), found.link().formula()) {
            return Ok(values(&self.fitted(whole, latent)?, &self.held_out));
        }
        let formula = &found.candidate().expression;
        let curve = LinkCurve::fit(&values(formula, &self.training), &latent)?;
        let held_out = values(formula, &self.held_out);
        Ok(held_out.into_iter().map(|t| curve.value(t)).collect())
    }

    /// The formula with numbers that fit the model.
    fn fitted(&self, formula: &Expression, latent: Vec<f64>) -> Result<Expression> {
        let objective = ValueObjective::new(self.training.points(), latent)?;
        let n_steps = Numbers::DEFAULT.n_steps;
        let fitted = fit_constants(formula, &objective, &Effort::DEFAULT, n_steps);
        Ok(fitted.map_or_else(|| formula.clone(), |(fitted, _)| fitted))
    }

    /// A classifier's decisions by the formula and a rule for this model.
    fn decisions(&self, found: &Interpretation, latent: &[f64]) -> Result<Vec<bool>> {
        let formula = &found.candidate().expression;
        let at_training = values(formula, &self.training);
        let curve = LinkCurve::of_logits(&at_training, latent)?;
        let decisions: Vec<bool> = latent.iter().map(|f| *f > 0.0).collect();
        let rule = DecisionRule::fit(&at_training, &decisions, &curve);
        let decide = |t: f64| match &rule {
            Some(rule) => rule.decides(t),
            None => curve.value(t) > 0.0,
        };
        Ok(values(formula, &self.held_out)
            .into_iter()
            .map(decide)
            .collect())
    }
}
