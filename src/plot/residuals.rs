//! Residuals against predictions.

use super::Figure;
use super::prediction::checked_pairs;
use super::style::{BLUE, Frame, INK, figure, padded, plain};
use crate::error::Result;
use plotters::prelude::*;

/// Draws what predictions leave of the true values at the same rows, both `(n_samples,)`, against
/// the predictions. Noise lies evenly around 0; a bend shows that something is missing, and a
/// widening that larger values are noisier.
///
/// At most 1500 rows are shown.
///
/// # Errors
/// If the lists are empty or have different lengths, or if a value isn't finite.
pub fn residual_figure(truth: &[f64], predicted: &[f64]) -> Result<Figure> {
    let pairs = checked_pairs(truth, predicted)?;
    let marks: Vec<(f64, f64)> = pairs.into_iter().map(|(t, p)| (p, t - p)).collect();
    let x = padded(predicted.iter().copied());
    let y = padded(truth.iter().zip(predicted).map(|(t, p)| t - p));
    figure((560, 360), |area| {
        let mut axes = Frame {
            title: "What the formula leaves",
            x_label: "prediction",
            y_label: "truth - prediction",
            x: x.clone(),
            y,
            format_y: &plain,
        }
        .draw(area)?;
        axes.draw_series(LineSeries::new(
            [(x.start, 0.0), (x.end, 0.0)],
            INK.stroke_width(1),
        ))?;
        let circle = |place: &(f64, f64)| Circle::new(*place, 2, BLUE.mix(0.5).filled());
        axes.draw_series(marks.iter().map(circle))?;
        Ok(())
    })
}
