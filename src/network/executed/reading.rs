//! The quantity that is interpreted, made of a module's columns.

use crate::dataset::Task;
use crate::error::{Error, Result};
use crate::network::combination::terms;
use tch::{Kind, Tensor};

/// How a module's columns give one latent model.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Reading {
    /// The columns that are used, and the coefficient of each.
    pub terms: Vec<(usize, f64)>,
    /// Whether the columns are probabilities, whose logits are taken. While a program is opened:
    /// whether they may be.
    pub of_probabilities: bool,
}

impl Reading {
    /// Chooses among columns by name; see [`Network::read_out_by_name`]. A single logit has no
    /// decision boundary, so it is treated like a regressor.
    ///
    /// [`Network::read_out_by_name`]: crate::Network::read_out_by_name
    pub fn choose(names: &[String], task: Task, output: Option<&str>) -> Result<(Self, Task)> {
        let position = |name: &str| position(names, name);
        let is_classifier = task == Task::Classification;
        let reading = |terms: &[(usize, f64)]| Self {
            terms: terms.to_vec(),
            of_probabilities: is_classifier,
        };
        let margin = |class, against| (reading(&[(class, 1.0), (against, -1.0)]), task);
        let Some(output) = output else {
            return match names.len() {
                1 => Ok((reading(&[(0, 1.0)]), task)),
                // Only the difference of two logits matters.
                2 if is_classifier => Ok(margin(1, 0)),
                n => Err(Error::Model(format!(
                    "the module has {n} outputs: choose {}",
                    list(names, is_classifier)
                ))),
            };
        };
        if let Some((class, against)) = output.split_once(" vs ")
            && let (Some(class), Some(against)) = (position(class), position(against))
            && class != against
            && is_classifier
        {
            return Ok(margin(class, against));
        }
        let name = output
            .strip_prefix("logit ")
            .filter(|_| is_classifier)
            .unwrap_or(output);
        match position(output).or(position(name)) {
            Some(0) if names.len() == 1 => Ok((reading(&[(0, 1.0)]), task)),
            Some(column) => Ok((reading(&[(column, 1.0)]), Task::Regression)),
            None => match Self::combined(names, &terms(output)) {
                Ok(combined) => Ok((combined, Task::Regression)),
                Err(_) => Err(unknown(output, names, is_classifier)),
            },
        }
    }

    /// A linear combination of named columns.
    pub fn combined(names: &[String], terms: &[(f64, String)]) -> Result<Self> {
        let terms = terms.iter().map(|(coefficient, name)| {
            let column = position(names, name).ok_or_else(|| unknown(name, names, false))?;
            Ok((column, *coefficient))
        });
        Ok(Self {
            terms: terms.collect::<Result<_>>()?,
            of_probabilities: false,
        })
    }

    /// Whether the columns used, of `(n_samples, n_columns)`, are probabilities from a sigmoid or
    /// softmax: at inputs of all magnitudes, logits would leave the range from 0 to 1.
    pub fn sees_probabilities(&self, columns: &[f64], n_columns: usize) -> bool {
        let is_within = |row: &[f64]| {
            let mut values = self.terms.iter().map(|(column, _)| row[*column]);
            values.all(|value| (0.0..=1.0).contains(&value))
        };
        columns.chunks_exact(n_columns).all(is_within)
    }

    /// The latent model `(n_samples,)` from columns `(n_samples, n_columns)`.
    ///
    /// Where a probability rounds to 0 or 1, its logit can't be computed: the value is clamped
    /// there, and its gradient is 0.
    pub fn latent(&self, columns: &Tensor, eps: f64) -> Result<Tensor> {
        let mut total = Tensor::f_zeros([columns.size()[0]], (Kind::Double, columns.device()))?;
        let is_alone = self.terms.len() == 1;
        for &(column, weight) in &self.terms {
            let values = columns.f_select(1, column as i64)?;
            let values = match (self.of_probabilities, is_alone) {
                (false, _) => values,
                (true, true) => values.f_logit(eps)?,
                // The logits of a softmax, up to a term that all of them have in common.
                (true, false) => values.f_clamp_min(f64::from(f32::MIN_POSITIVE))?.f_log()?,
            };
            total = total.f_add(&values.f_multiply_scalar(weight)?)?;
        }
        Ok(total)
    }
}

/// The column of this name. The only value of a tensor needs no number.
fn position(names: &[String], name: &str) -> Option<usize> {
    let find = |name: &str| names.iter().position(|n| n == name);
    let name = name.trim();
    let alone =
        |name: &str| find(&format!("{name}.0")).filter(|_| find(&format!("{name}.1")).is_none());
    find(name).or_else(|| alone(name))
}

fn unknown(name: &str, names: &[String], is_classifier: bool) -> Error {
    Error::parameter(
        "the output",
        format!("\"{name}\""),
        list(names, is_classifier),
    )
}

fn list(names: &[String], is_classifier: bool) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let one = format!("one of {}", quoted.join(", "));
    match names {
        [first, second, ..] if is_classifier => {
            format!("{one}, or two of them, such as \"{second} vs {first}\"")
        }
        _ => one,
    }
}
