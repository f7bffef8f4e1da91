//! What makes a run easy or hard.

use super::Truth;
use crate::noise::{in_classes, with_noise};
use closedform::{Dataset, Error, Points, Result, Task};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// The data that a network is trained on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// 4000 rows, independent inputs, noise of 1 %, classes of equal size.
    Plain,
    /// The same with noise of 10 %.
    Noisy,
    /// The same as plain with 400 rows.
    FewRows,
    /// The same as plain, with inputs that correlate by 0.84.
    Correlated,
    /// The same as plain, and class 1 has a tenth of the rows: most rows are far from the boundary.
    RareClass,
}

/// The share that correlated inputs have in common: their correlation is
/// `share^2 / (share^2 + (1 - share)^2)`.
const COMMON_SHARE: f64 = 0.7;

impl Condition {
    /// All of them with their names.
    const ALL: [(&'static str, Self); 5] = [
        ("plain", Self::Plain),
        ("noisy", Self::Noisy),
        ("few-rows", Self::FewRows),
        ("correlated", Self::Correlated),
        ("rare-class", Self::RareClass),
    ];

    /// The condition with a name.
    ///
    /// # Errors
    /// A name that no condition has.
    pub fn named(name: &str) -> Result<Self> {
        let named = Self::ALL.into_iter().find(|(known, _)| *known == name);
        named.map(|(_, condition)| condition).ok_or_else(|| {
            let names = Self::ALL.map(|(name, _)| name).join(", ");
            Error::parameter(
                "condition",
                format!("\"{name}\""),
                format!("one of {names}"),
            )
        })
    }

    /// Those that make a difference to a task: a regressor has no classes.
    pub fn of(task: Task) -> impl Iterator<Item = Self> {
        let is_for =
            move |condition: &Self| task == Task::Classification || *condition != Self::RareClass;
        Self::ALL
            .map(|(_, condition)| condition)
            .into_iter()
            .filter(is_for)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        let named = Self::ALL.into_iter().find(|(_, known)| *known == self);
        named.map_or("", |(name, _)| name)
    }

    fn n_rows(self) -> usize {
        if self == Self::FewRows { 400 } else { 4000 }
    }

    /// The standard deviation of the noise, as a share of that of the values.
    fn noise(self) -> f64 {
        if self == Self::Noisy { 0.1 } else { 0.01 }
    }

    /// The quantile of the values above which the class is 1.
    fn quantile(self) -> f64 {
        if self == Self::RareClass { 0.9 } else { 0.5 }
    }

    /// Points of a truth's box, drawn as this condition has them, with the truth's values.
    ///
    /// # Errors
    /// None for a truth of [`Truth::all`].
    pub fn points(self, truth: &Truth, n_rows: usize, rng: &mut ChaCha8Rng) -> Result<Dataset> {
        let mut points = Vec::with_capacity(n_rows * truth.sides.len());
        for _ in 0..n_rows {
            let common: f64 = rng.random();
            points.extend(truth.sides.iter().map(|(low, high)| {
                let own: f64 = rng.random();
                let place = match self {
                    Self::Correlated => COMMON_SHARE * common + (1.0 - COMMON_SHARE) * own,
                    _ => own,
                };
                low + (high - low) * place
            }));
        }
        let names = (1..=truth.sides.len()).map(|number| format!("x{number}"));
        let points = Points::new(names, points)?;
        let values = points.rows().map(|x| truth.formula.value(x)).collect();
        Dataset::new(points, "y", values)
    }

    /// The rows that a network is trained on and judged by: values or classes, both with noise.
    ///
    /// # Errors
    /// None for a truth of [`Truth::all`].
    pub fn rows(self, truth: &Truth, task: Task, seed: u64) -> Result<Dataset> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let exact = self.points(truth, self.n_rows(), &mut rng)?;
        let noisy = with_noise(&exact, self.noise(), &mut rng)?;
        match task {
            Task::Regression => Ok(noisy),
            Task::Classification => in_classes(&noisy, exact.targets(), self.quantile()),
        }
    }
}
