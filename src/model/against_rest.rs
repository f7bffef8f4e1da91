//! One of several classes against all others, as a model.

use super::Model;
use crate::dataset::Task;
use crate::error::{Error, Result};

/// The logit of one class against all others, from its margins to each of them.
///
/// A margin is the difference of two classes' logits, `m_j = z - z_j`. Then the odds of the class are
/// `1 / sum_j exp(-m_j)`, whatever the classes' logits have in common.
///
/// ```
/// use closedform::{BlackBox, Dataset, Model, Task};
/// use closedform::model::AgainstRest;
///
/// let data = Dataset::from_function(&[(0.0, 1.0)], 10, 0, |x| x[0])?;
/// let margin = |slope: f64| {
///     BlackBox::new(&data, Task::Classification, move |x: &[f64]| slope * x[0])
/// };
/// let class = AgainstRest::new(vec![margin(1.0)?, margin(1.0)?])?;
/// // Two equal rivals halve the odds.
/// assert!((class.latent(&[3.0])?[0] - (3.0 - 2.0_f64.ln())).abs() < 1e-12);
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct AgainstRest<M>(Vec<M>);

impl<M: Model> AgainstRest<M> {
    /// The class with these margins, which have the same features.
    ///
    /// # Errors
    /// No margins, or margins that differ in their features.
    pub fn new(margins: Vec<M>) -> Result<Self> {
        let Some(first) = margins.first() else {
            return Err(Error::Model("a class needs at least one other".into()));
        };
        let is_alike = |margin: &M| margin.feature_names() == first.feature_names();
        if let Some(other) = margins.iter().find(|margin| !is_alike(margin)) {
            return Err(Error::Model(format!(
                "a margin has features {:?}, but the first one has {:?}",
                other.feature_names(),
                first.feature_names()
            )));
        }
        Ok(Self(margins))
    }

    /// The margins at points, `(n_margins, n_samples)`.
    fn margins(&self, points: &[f64]) -> Result<Vec<Vec<f64>>> {
        self.0.iter().map(|margin| margin.latent(points)).collect()
    }
}

/// The class's logit at one row, and the share of each rival in the odds against it. Without the
/// least margin as a unit, the sum would overflow.
fn logit_and_shares(margins: impl Iterator<Item = f64> + Clone) -> (f64, Vec<f64>) {
    let least = margins.clone().fold(f64::INFINITY, f64::min);
    let odds: Vec<f64> = margins.map(|margin| (least - margin).exp()).collect();
    let sum: f64 = odds.iter().sum();
    let shares = odds.iter().map(|odds| odds / sum).collect();
    (least - sum.ln(), shares)
}

impl<M: Model> Model for AgainstRest<M> {
    fn feature_names(&self) -> &[String] {
        self.0[0].feature_names()
    }

    fn task(&self) -> Task {
        Task::Classification
    }

    fn latent(&self, points: &[f64]) -> Result<Vec<f64>> {
        let margins = self.margins(points)?;
        let n_samples = margins[0].len();
        let of_row = |row: usize| logit_and_shares(margins.iter().map(|margin| margin[row])).0;
        Ok((0..n_samples).map(of_row).collect())
    }

    fn gradients(&self, points: &[f64]) -> Result<Vec<f64>> {
        let margins = self.margins(points)?;
        let n_features = self.n_features();
        let mut total = vec![0.0; points.len()];
        for (index, margin) in self.0.iter().enumerate() {
            let gradients = margin.gradients(points)?;
            let rows = gradients.chunks_exact(n_features);
            for (row, (total, gradient)) in total.chunks_exact_mut(n_features).zip(rows).enumerate()
            {
                let share = logit_and_shares(margins.iter().map(|margin| margin[row])).1[index];
                let sums = total.iter_mut().zip(gradient);
                sums.for_each(|(total, gradient)| *total += share * gradient);
            }
        }
        Ok(total)
    }

    fn is_known_everywhere(&self) -> bool {
        self.0.iter().all(Model::is_known_everywhere)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BlackBox, Dataset};

    #[test]
    fn the_logit_and_its_gradient_are_those_of_the_softmax() {
        let sides = [(-2.0, 2.0), (-2.0, 2.0)];
        let data = Dataset::from_function(&sides, 10, 0, |x| x[0]).unwrap();
        let logits = |x: &[f64]| [x[0] * x[1], x[0].sin(), 700.0 * x[1]];
        let margin = |rival: usize| {
            let of = move |x: &[f64]| logits(x)[0] - logits(x)[rival];
            BlackBox::new(&data, Task::Classification, of).unwrap()
        };
        let class = AgainstRest::new(vec![margin(1), margin(2)]).unwrap();
        let points = [1.5, 0.001, -0.5, -1.0, 0.3, 2.0];
        let latent = class.latent(&points).unwrap();
        // Computed with a common factor taken out, so that nothing overflows.
        let log_odds = |x: &[f64]| {
            let [z, a, b] = logits(x);
            let most = a.max(b);
            z - most - ((a - most).exp() + (b - most).exp()).ln()
        };
        for (x, latent) in points.chunks(2).zip(latent) {
            assert!((log_odds(x) - latent).abs() < 1e-9 * latent.abs().max(1.0));
        }
        let gradients = class.gradients(&points).unwrap();
        for (x, gradient) in points.chunks(2).zip(gradients.chunks(2)) {
            for feature in 0..2 {
                let shifted = |step: f64| {
                    let mut x = x.to_vec();
                    x[feature] += step;
                    log_odds(&x)
                };
                let slope = (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
                let error = (slope - gradient[feature]).abs();
                assert!(error < 1e-3 * slope.abs().max(1.0), "{slope} {gradient:?}");
            }
        }
    }
}
