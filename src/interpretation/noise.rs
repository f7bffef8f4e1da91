//! How exact a model's gradients are, measured with models trained on halves of its data.

use super::intervals::fitted_numbers;
use crate::directions::Directions;
use crate::error::Result;
use crate::formula::Expression;
use crate::model::Model;
use crate::search::DirectionObjective;

/// Pairs of models, each trained on one of two disjoint halves of the model's data.
pub(crate) struct Halves<M>(pub Vec<[M; 2]>);

impl<M: Model> Halves<M> {
    /// Half of the mean squared difference between the normalized gradients of the two models of a
    /// pair.
    pub fn noise(&self, directions: &Directions) -> Result<f64> {
        self.disagreement(directions, |cosine| cosine)
    }

    /// The same for directions up to their signs, which are uncertain where a model turns back.
    pub fn noise_of_axes(&self, directions: &Directions) -> Result<f64> {
        self.disagreement(directions, f64::abs)
    }

    fn disagreement(&self, directions: &Directions, agreed: fn(f64) -> f64) -> Result<f64> {
        let weights = directions.weights();
        let total: f64 = weights.iter().sum();
        self.mean(|pair| {
            let [first, second] = at_points_of(directions, pair)?;
            let cosines = first.cosines(&second)?;
            let agreement: f64 = cosines
                .iter()
                .zip(weights)
                .map(|(c, w)| agreed(*c) * w)
                .sum();
            Ok(1.0 - agreement / total)
        })
    }

    /// The share of points `(n_samples, n_features)` that a model of all of the data misclassifies:
    /// half of the share on which the two models of a pair differ.
    ///
    /// Between two boundaries with random shifts, the share of points is proportional to their
    /// distance. The distance within a pair is sqrt(2) times the error of one model, which is again
    /// sqrt(2) times the error with twice the data.
    pub fn share_of_errors(&self, points: &[f64]) -> Result<f64> {
        self.mean(|[first, second]| {
            let (first, second) = (first.latent(points)?, second.latent(points)?);
            let pairs = first.iter().zip(&second);
            let n_different = pairs.filter(|(a, b)| (**a > 0.0) != (**b > 0.0)).count();
            Ok(n_different as f64 / first.len() as f64 / 2.0)
        })
    }

    /// The error of a model of all of the data as a share of the variance of `predicted`, a
    /// regressor's predictions at points `(n_samples, n_features)`. It is a quarter of the mean
    /// squared difference within a pair, because squares add up.
    pub fn share_of_variance(&self, points: &[f64], predicted: &[f64]) -> Result<f64> {
        let mean = predicted.iter().sum::<f64>() / predicted.len() as f64;
        let spread: f64 = predicted.iter().map(|f| (f - mean).powi(2)).sum();
        self.mean(|[first, second]| {
            let (first, second) = (first.latent(points)?, second.latent(points)?);
            let pairs = first.iter().zip(&second);
            let squares: f64 = pairs.map(|(a, b)| (a - b).powi(2)).sum();
            Ok(squares / 4.0 / spread)
        })
    }

    /// The directions with weights that say how well each pair and the model itself agree: 1 where
    /// they agree fully, 1/2 at the median of their disagreement.
    pub fn weigh(&self, directions: Directions) -> Result<Directions> {
        let mut disagreements = vec![0.0; directions.n_samples()];
        for pair in &self.0 {
            let [first, second] = at_points_of(&directions, pair)?;
            let cosines = [
                first.cosines(&second)?,
                first.cosines(&directions)?,
                second.cosines(&directions)?,
            ];
            for (point, sum) in disagreements.iter_mut().enumerate() {
                *sum += 3.0 - cosines.iter().map(|cosines| cosines[point]).sum::<f64>();
            }
        }
        let mut sorted = disagreements.clone();
        sorted.sort_by(f64::total_cmp);
        let median = sorted[sorted.len() / 2].max(f64::EPSILON);
        let weighted = directions.weights().iter().zip(&disagreements);
        let weights = weighted.map(|(weight, d)| weight * median / (median + d));
        let weights = weights.collect();
        directions.with_weights(weights)
    }

    /// A formula's numbers as they fit the two models of each pair, at the points of `directions`. A
    /// pair that the formula can't be fitted to is left out.
    pub fn numbers(
        &self,
        formula: &Expression,
        directions: &Directions,
        is_sign_free: bool,
    ) -> Result<Vec<[Vec<f64>; 2]>> {
        let fitted = |of_model: &Directions| {
            let objective = DirectionObjective::new(of_model);
            if is_sign_free {
                fitted_numbers(&objective.sign_free(), formula)
            } else {
                fitted_numbers(&objective, formula)
            }
        };
        let mut pairs = Vec::new();
        for pair in &self.0 {
            let [first, second] = at_points_of(directions, pair)?;
            if let (Some(first), Some(second)) = (fitted(&first), fitted(&second)) {
                pairs.push([first, second]);
            }
        }
        Ok(pairs)
    }

    /// The mean over the pairs.
    fn mean(&self, of_pair: impl Fn(&[M; 2]) -> Result<f64>) -> Result<f64> {
        let sum = self.0.iter().map(of_pair).sum::<Result<f64>>()?;
        Ok(sum / self.0.len() as f64)
    }
}

/// Both models' directions at the points of `directions`.
fn at_points_of<M: Model>(directions: &Directions, pair: &[M; 2]) -> Result<[Directions; 2]> {
    let at_points = |model: &M| -> Result<Directions> {
        let points = directions.points();
        Directions::from_gradients(points.clone(), model.gradients(points)?)
    };
    let [first, second] = pair;
    Ok([at_points(first)?, at_points(second)?])
}
