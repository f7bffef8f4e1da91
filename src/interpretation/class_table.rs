//! Formulas that tell each of several classes from all others, side by side.

use super::{Interpretation, Verdict};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use serde::Serialize;
use std::fmt::{Display, Formatter};

/// How the formulas of several classes decide together: each row belongs to the class whose formula
/// gives it the highest probability.
///
/// ```no_run
/// use closedform::{Dataset, InterpretOptions, Task, network::interpret_classes, progress};
///
/// let data = Dataset::from_file("flowers.csv", "species", Task::Classification)?;
/// let (training, fresh) = data.split(0.8, 0)?;
/// let options = InterpretOptions::with_seed(0);
/// let found = interpret_classes(&training, &fresh, &options, progress::silent)?;
/// println!("{}", found.table);
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassTable {
    /// The classes in their order.
    pub classes: Vec<ClassRow>,
    /// How many fresh rows there are of each class, and which class they were given:
    /// `confusion[class][given]`, `(n_classes, n_classes)`.
    pub confusion: Vec<Vec<usize>>,
    /// The share of fresh rows whose class is right.
    pub accuracy: f64,
    /// The share of fresh rows of the commonest class.
    pub commonest: f64,
}

/// One class against all others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassRow {
    /// What the class is called.
    pub class: String,
    /// The rule by which a row is of this class, as `x1 + x2 > 1.5`; none if there is none.
    pub rule: Option<String>,
    /// How far the formula explains the network of this class.
    pub verdict: Option<Verdict>,
    /// Why there is no rule.
    pub reason: Option<String>,
    /// The share of the class's fresh rows that are given it; none if there are no such rows.
    pub recall: Option<f64>,
    /// The share of the fresh rows with this class that are of it; none if there are no such rows.
    pub precision: Option<f64>,
}

impl ClassTable {
    /// Judges the formulas of all classes `(n_classes,)`, each found for its class against all others,
    /// on fresh rows of all classes. In place of a formula there may be the reason why a class has
    /// none; it is then as probable everywhere as it is common in `training`.
    ///
    /// # Errors
    /// Targets that are no classes, another number of formulas than of classes, fresh rows of other
    /// features or classes.
    pub fn new(
        found: &[std::result::Result<&Interpretation, &str>],
        training: &Dataset,
        fresh: &Dataset,
    ) -> Result<Self> {
        let names = training.names_of_classes()?;
        if found.len() != names.len() {
            let (n_found, n_classes) = (found.len(), names.len());
            let reason = format!("there are {n_found} formulas for {n_classes} classes");
            return Err(Error::Shape(reason));
        }
        let is_class = |target: &f64| (0..names.len()).any(|class| *target == class as f64);
        if let Some(row) = fresh.targets().iter().position(|target| !is_class(target)) {
            let reason = format!(
                "fresh row {} has class {}, but there are {} classes",
                row + 1,
                fresh.targets()[row],
                names.len()
            );
            return Err(Error::Value(reason));
        }
        let probabilities = found.iter().enumerate().map(|(class, found)| match found {
            Ok(interpretation) => interpretation.probability(fresh.points()),
            Err(_) => Ok(vec![training.share_of_class(class); fresh.n_samples()]),
        });
        let probabilities = probabilities.collect::<Result<Vec<_>>>()?;
        let n_classes = names.len();
        let mut confusion = vec![vec![0; n_classes]; n_classes];
        for (row, target) in fresh.targets().iter().enumerate() {
            // A formula without a value has no say.
            let of = |class: usize| match probabilities[class][row] {
                probability if probability.is_nan() => f64::NEG_INFINITY,
                probability => probability,
            };
            let higher =
                |best: usize, class: usize| if of(class) > of(best) { class } else { best };
            confusion[*target as usize][(1..n_classes).fold(0, higher)] += 1;
        }
        let share = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
        let rows = names.into_iter().zip(found).enumerate();
        let classes = rows.map(|(class, (name, found))| {
            let right = confusion[class][class];
            let interpretation = found.as_ref().ok();
            ClassRow {
                class: name,
                rule: interpretation.map(|found| found.rule_text()),
                verdict: interpretation.map(|found| found.certificate().verdict),
                reason: found.as_ref().err().map(|reason| reason.to_string()),
                recall: share(right, confusion[class].iter().sum()),
                precision: share(right, confusion.iter().map(|given| given[class]).sum()),
            }
        });
        let n_right: usize = (0..n_classes).map(|class| confusion[class][class]).sum();
        let commonest = confusion
            .iter()
            .map(|given| given.iter().sum::<usize>())
            .max();
        let n_rows = fresh.n_samples() as f64;
        Ok(Self {
            classes: classes.collect(),
            accuracy: n_right as f64 / n_rows,
            commonest: commonest.unwrap_or_default() as f64 / n_rows,
            confusion,
        })
    }
}

impl Display for ClassTable {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let names = || self.classes.iter().map(|row| row.class.as_str());
        let width = names().map(str::len).max().unwrap_or_default().max(5);
        writeln!(f, "{:width$}  recall  precision  rule", "class")?;
        let percent = |share: Option<f64>| match share {
            Some(share) => format!("{:.1} %", 100.0 * share),
            None => "-".to_string(),
        };
        for row in &self.classes {
            let (recall, precision) = (percent(row.recall), percent(row.precision));
            let said = row
                .rule
                .as_deref()
                .or(row.reason.as_deref())
                .unwrap_or_default();
            writeln!(
                f,
                "{:width$} {recall:>7} {precision:>10}  {said}",
                row.class
            )?;
            if let Some(verdict) = row.verdict {
                writeln!(f, "{:width$} {:>18}  {verdict}", "", "")?;
            }
        }
        let columns: Vec<usize> = names().map(|name| name.len().max(5)).collect();
        write!(f, "\n{:width$}", "")?;
        for (name, column) in names().zip(&columns) {
            write!(f, "  {name:>column$}")?;
        }
        for (row, given) in self.classes.iter().zip(&self.confusion) {
            write!(f, "\n{:width$}", row.class)?;
            for (count, column) in given.iter().zip(&columns) {
                write!(f, "  {count:>column$}")?;
            }
        }
        write!(
            f,
            "\nfresh rows of each class (down) and the class of the most probable formula (across)\n\
             accuracy {:.1} %, the commonest class {:.1} %",
            100.0 * self.accuracy,
            100.0 * self.commonest
        )
    }
}
