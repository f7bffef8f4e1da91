//! The mean of several models, as a model.

use super::Model;
use crate::dataset::Task;
use crate::error::{Error, Result};

/// The mean of several models' latent models, and of their gradients.
///
/// Independent errors of the members, such as those caused by initial weights, shrink in the mean.
/// Errors that all members take from the same data stay.
///
/// ```
/// use closedform::{BlackBox, Dataset, Model, Task};
/// use closedform::model::Ensemble;
///
/// let data = Dataset::from_function(&[(0.0, 1.0)], 10, 0, |x| x[0])?;
/// let times = |factor: f64| {
///     let values = move |x: &[f64]| factor * x[0];
///     BlackBox::new(&data, Task::Regression, values)
/// };
/// let ensemble = Ensemble::new(vec![times(1.0)?, times(3.0)?])?;
/// assert_eq!(ensemble.latent(&[5.0])?, [10.0]);
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Ensemble<M>(Vec<M>);

impl<M: Model> Ensemble<M> {
    /// The mean of models with the same features and task.
    ///
    /// # Errors
    /// No models, or models that differ in their features or task.
    pub fn new(members: Vec<M>) -> Result<Self> {
        let Some(first) = members.first() else {
            return Err(Error::Model(
                "an ensemble needs at least one model; there is none".into(),
            ));
        };
        let is_alike = |member: &M| {
            member.feature_names() == first.feature_names() && member.task() == first.task()
        };
        if let Some(index) = members.iter().position(|member| !is_alike(member)) {
            let other = &members[index];
            return Err(Error::Model(format!(
                "model {} of the ensemble has features {:?} and task {:?}, but model 1 has {:?} \
                 and {:?}",
                index + 1,
                other.feature_names(),
                other.task(),
                first.feature_names(),
                first.task()
            )));
        }
        Ok(Self(members))
    }

    /// The models.
    pub fn members(&self) -> &[M] {
        &self.0
    }

    fn mean(&self, of_member: impl Fn(&M) -> Result<Vec<f64>>) -> Result<Vec<f64>> {
        let mut sums = of_member(&self.0[0])?;
        for member in &self.0[1..] {
            for (sum, value) in sums.iter_mut().zip(of_member(member)?) {
                *sum += value;
            }
        }
        let n_members = self.0.len() as f64;
        Ok(sums.into_iter().map(|sum| sum / n_members).collect())
    }
}

impl<M: Model> Model for Ensemble<M> {
    fn feature_names(&self) -> &[String] {
        self.0[0].feature_names()
    }

    fn task(&self) -> Task {
        self.0[0].task()
    }

    fn latent(&self, points: &[f64]) -> Result<Vec<f64>> {
        self.mean(|member| member.latent(points))
    }

    fn gradients(&self, points: &[f64]) -> Result<Vec<f64>> {
        self.mean(|member| member.gradients(points))
    }

    fn is_known_everywhere(&self) -> bool {
        self.0.iter().all(M::is_known_everywhere)
    }
}
