//! The loss during training.

use super::Figure;
use super::style::{BLUE, Frame, ORANGE, figure, legend, padded, power_of_ten};
use crate::error::{Error, Result};
use crate::model::{Epoch, TrainingHistory};
use plotters::prelude::*;

/// Draws the training loss and the validation loss of every epoch, on a logarithmic scale.
///
/// # Errors
/// If the history has no epochs.
pub fn training_figure(history: &TrainingHistory) -> Result<Figure> {
    if history.epochs.is_empty() {
        return Err(Error::NothingToDraw(
            "the training history has no epochs to draw".into(),
        ));
    }
    let curve = |loss: fn(&Epoch) -> f64| -> Vec<(f64, f64)> {
        let epochs = history.epochs.iter();
        epochs
            .map(|epoch| (epoch.number as f64, loss(epoch).max(1e-300).log10()))
            .collect()
    };
    let training = curve(|epoch| epoch.training_loss);
    let validation = curve(|epoch| epoch.validation_loss);
    let last = history.epochs.iter().map(|epoch| epoch.number).max();
    let range = padded(training.iter().chain(&validation).map(|point| point.1));
    figure((620, 400), |area| {
        let mut axes = Frame {
            title: "Training",
            x_label: "epoch",
            y_label: "loss",
            x: 0.0..last.unwrap_or(0) as f64 + 1.0,
            // Include at least one whole power of ten at each end, so that the axis has labels.
            y: range.start.floor()..range.end.ceil(),
            format_y: &power_of_ten,
        }
        .draw(area)?;
        for (points, name, color) in [
            (training, "training", BLUE),
            (validation, "validation", ORANGE),
        ] {
            axes.draw_series(LineSeries::new(points, color.stroke_width(2)))?
                .label(name)
                .legend(move |(x, y)| {
                    PathElement::new([(x, y), (x + 18, y)], color.stroke_width(2))
                });
        }
        legend(&mut axes, SeriesLabelPosition::UpperRight)?;
        Ok(())
    })
}
