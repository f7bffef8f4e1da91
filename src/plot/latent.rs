//! The latent model against a concept (Wetzel 2024, figure 2b).

use super::Figure;
use super::style::{BLUE, Frame, INK, figure, legend, padded, plain};
use crate::error::{Error, Result};
use crate::numerics::spearman;
use plotters::prelude::*;

const MAX_POINTS: usize = 1000;

/// Draws the values of the latent model against those of a concept at the same points, both
/// `(n_samples,)` (Wetzel 2024, figure 2b). A thin rising curve means that both hold the same
/// information.
///
/// The title gives the Spearman correlation. At most 1000 points are shown.
///
/// # Errors
/// If the lists are empty or have different lengths.
pub fn latent_figure(concept: &[f64], latent: &[f64], concept_name: &str) -> Result<Figure> {
    if concept.is_empty() || concept.len() != latent.len() {
        return Err(Error::Shape(format!(
            "{} concept values and {} latent values don't pair up",
            concept.len(),
            latent.len()
        )));
    }
    let title = format!(
        "Latent model and concept: Spearman {:.4}",
        spearman(concept, latent)
    );
    let step = concept.len().div_ceil(MAX_POINTS).max(1);
    let points = || {
        concept
            .iter()
            .copied()
            .zip(latent.iter().copied())
            .step_by(step)
    };
    let (x, y) = (
        padded(concept.iter().copied()),
        padded(latent.iter().copied()),
    );
    figure((620, 460), |area| {
        let mut axes = Frame {
            title: &title,
            x_label: concept_name,
            y_label: "latent model f(x)",
            x: x.clone(),
            y: y.clone(),
            format_y: &plain,
        }
        .draw(area)?;
        axes.draw_series(LineSeries::new(
            [(x.start, 0.0), (x.end, 0.0)],
            INK.stroke_width(1),
        ))?
        .label("f = 0")
        .legend(|(x, y)| PathElement::new([(x, y), (x + 18, y)], INK.stroke_width(1)));
        axes.draw_series(points().map(|point| Circle::new(point, 2, BLUE.mix(0.5).filled())))?
            .label("points")
            .legend(|(x, y)| Circle::new((x + 9, y), 4, BLUE.filled()));
        legend(&mut axes, SeriesLabelPosition::LowerRight)?;
        Ok(())
    })
}
