//! The runs of a study of verdicts.

use super::{Condition, Truth, VerdictCase};
use closedform::{Error, Result, Task};

/// A network for every truth, for both tasks, under every condition and with every seed.
///
/// ```
/// use closedform_studies::verdicts::{Condition, VerdictPlan};
///
/// let plan = VerdictPlan {
///     conditions: vec![Condition::Plain, Condition::RareClass],
///     n_seeds: 2,
///     ..VerdictPlan::default()
/// };
/// // A regressor has no rare class.
/// assert_eq!(plan.cases()?.len(), 2 * 17 * (2 + 1));
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct VerdictPlan {
    /// The kinds of truths; empty for all.
    pub kinds: Vec<String>,
    /// What the data are like; all conditions by default.
    pub conditions: Vec<Condition>,
    /// How many seeds, from 0 on; 3 by default, which makes 459 runs.
    pub n_seeds: u64,
}

impl Default for VerdictPlan {
    fn default() -> Self {
        Self {
            kinds: Vec::new(),
            conditions: Condition::of(Task::Classification).collect(),
            n_seeds: 3,
        }
    }
}

impl VerdictPlan {
    /// All runs, those with seed 0 first.
    ///
    /// # Errors
    /// A kind that no truth has, or nothing to run.
    pub fn cases(&self) -> Result<Vec<VerdictCase>> {
        let truths = Truth::all();
        let is_known = |kind: &&String| truths.iter().any(|truth| truth.kind == **kind);
        if let Some(kind) = self.kinds.iter().find(|kind| !is_known(kind)) {
            let kinds: Vec<&str> = truths.iter().map(|truth| truth.kind).collect();
            let allowed = format!("one of {}", kinds.join(", "));
            return Err(Error::parameter("kind", format!("\"{kind}\""), allowed));
        }
        let is_asked = |truth: &&Truth| {
            self.kinds.is_empty() || self.kinds.iter().any(|kind| kind == truth.kind)
        };
        let mut cases = Vec::new();
        for seed in 0..self.n_seeds {
            for task in [Task::Classification, Task::Regression] {
                for condition in Condition::of(task).filter(|c| self.conditions.contains(c)) {
                    cases.extend(truths.iter().filter(is_asked).map(|truth| VerdictCase {
                        kind: truth.kind.to_string(),
                        task,
                        condition,
                        seed,
                    }));
                }
            }
        }
        if cases.is_empty() {
            let message = "there is nothing to run; the plan needs conditions and seeds";
            return Err(Error::Options(message.into()));
        }
        Ok(cases)
    }
}
