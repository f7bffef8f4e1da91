//! Classes: their numbers, their names, and the rows of two of them.

use super::Dataset;
use crate::error::{Error, Result};

/// The class that one row of logits `(n_outputs,)` gives the highest probability; two classes may
/// share one logit.
pub(crate) fn decide(logits: &[f64]) -> usize {
    match logits {
        [logit] => usize::from(*logit > 0.0),
        _ => {
            let highest = |best: usize, k: usize| if logits[k] > logits[best] { k } else { best };
            (1..logits.len()).fold(0, highest)
        }
    }
}

/// More values than this are numbers to be predicted, not classes.
pub(super) const MAX_CLASSES: usize = 100;

impl Dataset {
    /// What the classes are called in the file that the dataset was read from: class `k` is
    /// `class_names()[k]`; empty where the targets are given as numbers.
    pub fn class_names(&self) -> &[String] {
        &self.class_names
    }

    /// Checks that targets are classes 0, 1 and so on, of which each occurs, and counts them.
    ///
    /// ```
    /// use closedform::Dataset;
    ///
    /// let sides = [(0.0, 3.0), (0.0, 1.0)];
    /// let data = Dataset::from_function(&sides, 100, 0, |x| x[0].floor())?;
    /// assert_eq!(data.check_classes()?, 3);
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// Names the first row with another value, a class that no row has, or the one class that
    /// there is.
    pub fn check_classes(&self) -> Result<usize> {
        let is_class =
            |target: f64| (0.0..MAX_CLASSES as f64).contains(&target) && target.fract() == 0.0;
        if let Some(index) = self.targets.iter().position(|&target| !is_class(target)) {
            return Err(Error::Value(format!(
                "the target of row {} is {}; classification allows 0 and 1, or up to \
                 {MAX_CLASSES} classes numbered 0, 1, 2 and so on",
                index + 1,
                self.targets[index]
            )));
        }
        let mut n_rows = Vec::new();
        for &target in &self.targets {
            let class = target as usize;
            n_rows.resize(n_rows.len().max(class + 1), 0_usize);
            n_rows[class] += 1;
        }
        if n_rows.iter().filter(|n| **n > 0).count() == 1 {
            return Err(Error::Uninformative(format!(
                "all {} targets are {}; classification needs both classes",
                self.n_samples(),
                self.targets[0]
            )));
        }
        match n_rows.iter().position(|n| *n == 0) {
            None => Ok(n_rows.len()),
            Some(missing) => Err(Error::Uninformative(format!(
                "no row has class {missing}; classes are numbered from 0 without gaps, and the \
                 highest here is {}",
                n_rows.len() - 1
            ))),
        }
    }

    /// Refuses more than two classes, for what tells two apart only.
    pub(crate) fn check_two_classes(&self) -> Result<()> {
        let n_classes = self.check_classes()?;
        if n_classes == 2 {
            return Ok(());
        }
        let (names, example) = match &self.class_names[..] {
            [first, second, ..] => (self.class_names.join(", "), format!("{first},{second}")),
            _ => (format!("0 to {}", n_classes - 1), "0,1".to_string()),
        };
        Err(Error::Value(format!(
            "target \"{}\" has {n_classes} classes ({names}), but one formula tells two apart; \
             keep the rows of two classes, as with --classes {example}, take one against the \
             rest, as with --class {}, or all of them, with --each-class",
            self.target_name,
            example.split(',').next().unwrap_or(&example)
        )))
    }

    /// The same rows with targets 1 for one class, by its name in the file, and 0 for all others.
    ///
    /// ```
    /// use closedform::Dataset;
    ///
    /// let rows = [vec![1.0], vec![2.0], vec![3.0]];
    /// let data = Dataset::from_rows(&["a"], &rows, &[0.0, 1.0, 2.0])?;
    /// assert_eq!(data.against_rest("1")?.targets(), [0.0, 1.0, 0.0]);
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// Targets that [`check_classes`](Self::check_classes) refuses, or a class that no row has.
    pub fn against_rest(&self, name: &str) -> Result<Self> {
        self.against_others(name, self.names_of_classes()?)
    }

    /// The same for rows of which some class may be missing, with the classes of `whole`.
    pub(crate) fn against_rest_of(&self, name: &str, whole: &Self) -> Result<Self> {
        self.against_others(name, whole.names_of_classes()?)
    }

    /// What the classes are called, `(n_classes,)`: their names in the file, or their numbers.
    pub(crate) fn names_of_classes(&self) -> Result<Vec<String>> {
        let n_classes = self.check_classes()?;
        Ok(if self.class_names.is_empty() {
            (0..n_classes).map(|class| class.to_string()).collect()
        } else {
            self.class_names.clone()
        })
    }

    /// The share of the rows that have a class.
    pub(crate) fn share_of_class(&self, class: usize) -> f64 {
        let n_rows = self
            .targets
            .iter()
            .filter(|target| **target == class as f64);
        n_rows.count() as f64 / self.n_samples() as f64
    }

    fn against_others(&self, name: &str, names: Vec<String>) -> Result<Self> {
        let is_it = |known: &String| known == name || known.eq_ignore_ascii_case(name);
        let class = names.iter().position(is_it).ok_or_else(|| {
            let found = format!("\"{name}\"");
            Error::parameter("class", found, format!("one of {}", names.join(", ")))
        })?;
        let mut data = self.clone();
        for target in &mut data.targets {
            *target = f64::from(u8::from(*target == class as f64));
        }
        data.class_names = vec![format!("not {}", names[class]), names[class].clone()];
        Ok(data)
    }

    /// The rows of two classes, with targets 1 for `class` and 0 for `against`: what
    /// [`Network::margin`](crate::Network::margin) of the same two classes decides.
    ///
    /// ```
    /// use closedform::Dataset;
    ///
    /// let rows = [vec![1.0], vec![2.0], vec![3.0], vec![4.0]];
    /// let data = Dataset::from_rows(&["a"], &rows, &[0.0, 1.0, 2.0, 1.0])?;
    /// let pair = data.pair(2, 1)?;
    /// assert_eq!((&pair.points()[..], pair.targets()), (&[2.0, 3.0, 4.0][..], &[0.0, 1.0, 0.0][..]));
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// Twice the same class, or a class that no row has.
    pub fn pair(&self, class: usize, against: usize) -> Result<Self> {
        if class == against {
            return Err(Error::parameter("against", against, "another class"));
        }
        let is_of = |row: usize, class: usize| self.targets[row] == class as f64;
        for wanted in [class, against] {
            if !(0..self.n_samples()).any(|row| is_of(row, wanted)) {
                return Err(Error::Value(format!("no row has class {wanted}")));
            }
        }
        let rows: Vec<usize> = (0..self.n_samples())
            .filter(|&row| is_of(row, class) || is_of(row, against))
            .collect();
        let mut pair = self.select(&rows);
        for target in &mut pair.targets {
            *target = f64::from(u8::from(*target == class as f64));
        }
        if !self.class_names.is_empty() {
            pair.class_names = [against, class].map(|k| self.class_names[k].clone()).into();
        }
        Ok(pair)
    }
}
