//! Formulas for several outputs of the same inputs, such as those of a network's layer.

use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::formula::Expression;
use crate::interrupt;
use crate::numerics::share_explained;
use crate::points::Points;
use crate::search::{SearchOptions, SearchProgress, ValueObjective, search_for};
use std::ops::ControlFlow;

/// A formula for one of several outputs.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputFormula {
    /// The formula.
    pub expression: Expression,
    /// The share of the output's variance that it leaves on rows that were held out.
    pub left: f64,
}

impl OutputFormula {
    /// Searches for a formula for each output, by values that a model computed and that have no noise.
    ///
    /// `points` are the layer's inputs, and each of `outputs` `(n_outputs, n_samples)` what it makes of
    /// them. The share `held_out` of the rows judges the formulas. An output that never changes is a
    /// number.
    ///
    /// ```
    /// use closedform::interpretation::OutputFormula;
    /// use closedform::{Points, SearchOptions, progress};
    ///
    /// let rows: Vec<[f64; 2]> = (0..60).map(|i| [f64::from(i % 6), f64::from(i % 5)]).collect();
    /// let points = Points::from_rows(["x1", "x2"], &rows)?;
    /// let outputs = [rows.iter().map(|x| x[0] * x[1]).collect(), vec![2.0; 60]];
    /// let options = SearchOptions::default();
    /// let found = OutputFormula::of_each(&points, &outputs, 0.2, &options, progress::silent)?;
    /// assert_eq!(found[0].expression.to_string(), "x1*x2");
    /// assert_eq!(found[1].expression.to_string(), "2");
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// A share that leaves no rows on either side, outputs of another length than the points or that
    /// aren't finite, and the errors of [`search_for`].
    pub fn of_each(
        points: &Points,
        outputs: &[Vec<f64>],
        held_out: f64,
        options: &SearchOptions,
        monitor: impl FnMut(&SearchProgress) -> ControlFlow<()>,
    ) -> Result<Vec<Self>> {
        let mut monitor = interrupt::heed(monitor);
        let found = outputs.iter().enumerate().map(|(output, values)| {
            let found = Dataset::new(points.clone(), "output", values.clone())
                .and_then(|data| Self::of(&data, held_out, options, &mut monitor));
            found.map_err(|error| error.at(format!("output {output}")))
        });
        found.collect()
    }

    fn of(
        data: &Dataset,
        held_out: f64,
        options: &SearchOptions,
        monitor: impl FnMut(&SearchProgress) -> ControlFlow<()>,
    ) -> Result<Self> {
        let (training, fresh) = data.split(1.0 - held_out, options.seed)?;
        let first = data.targets()[0];
        if data.targets().iter().all(|value| *value == first) {
            return Ok(Self {
                expression: Expression::Constant(first),
                left: 0.0,
            });
        }
        let objective = ValueObjective::from_dataset(&training)?.with_smooth_errors();
        let found = search_for(&objective, options, monitor)?;
        let best = found.front.best().ok_or_else(|| {
            Error::NoFormula("no formula was found; allow more complexity or time".into())
        })?;
        let values = fresh.points().rows().map(|row| best.expression.value(row));
        let explained = share_explained(&values.collect::<Vec<_>>(), fresh.targets());
        Ok(Self {
            expression: best.expression.clone(),
            left: 1.0 - explained,
        })
    }
}
