//! Predictions against true values.

use super::Figure;
use super::style::{BLUE, Frame, INK, figure, padded, plain};
use crate::error::{Error, Result};
use crate::numerics::share_explained;
use plotters::prelude::*;

/// The most points that are shown.
const MAX_MARKS: usize = 1500;

/// Draws predictions against true values at the same rows, both `(n_samples,)`. On the diagonal
/// they are right.
///
/// The title gives R² and the root mean squared error. At most 1500 rows are shown.
///
/// # Errors
/// If the lists are empty or have different lengths, or if a value isn't finite.
pub fn prediction_figure(truth: &[f64], predicted: &[f64]) -> Result<Figure> {
    let marks = checked_pairs(truth, predicted)?;
    let pairs = truth.iter().zip(predicted);
    let squares = pairs.map(|(t, p)| (t - p).powi(2)).sum::<f64>();
    let title = format!(
        "Predictions against truth: R² {:.5}, root mean squared error {:.2e}",
        share_explained(predicted, truth),
        (squares / truth.len() as f64).sqrt()
    );
    let x = padded(truth.iter().copied());
    let y = padded(truth.iter().chain(predicted).copied());
    figure((560, 500), |area| {
        let mut axes = Frame {
            title: &title,
            x_label: "truth",
            y_label: "prediction",
            x: x.clone(),
            y: y.clone(),
            format_y: &plain,
        }
        .draw(area)?;
        axes.draw_series(LineSeries::new(
            [(x.start, x.start), (x.end, x.end)],
            INK.stroke_width(1),
        ))?;
        let circle = |place: &(f64, f64)| Circle::new(*place, 2, BLUE.mix(0.5).filled());
        axes.draw_series(marks.iter().map(circle))?;
        Ok(())
    })
}

/// True values with their predictions, of every k-th row if there are many; refused if they don't
/// pair up or aren't finite.
pub(super) fn checked_pairs(truth: &[f64], predicted: &[f64]) -> Result<Vec<(f64, f64)>> {
    if truth.is_empty() || truth.len() != predicted.len() {
        return Err(Error::Shape(format!(
            "{} true values and {} predictions don't pair up",
            truth.len(),
            predicted.len()
        )));
    }
    let mut pairs = truth.iter().zip(predicted);
    if let Some(row) = pairs.position(|(t, p)| !(t.is_finite() && p.is_finite())) {
        return Err(Error::Value(format!(
            "row {}: the truth is {} and the prediction {}; only finite numbers are allowed",
            row + 1,
            truth[row],
            predicted[row]
        )));
    }
    let step = truth.len().div_ceil(MAX_MARKS).max(1);
    let pairs = truth.iter().copied().zip(predicted.iter().copied());
    Ok(pairs.step_by(step).collect())
}
