//! The Pareto front: loss against complexity (Wetzel 2024, figure 3).

use super::Figure;
use super::style::{BLUE, Frame, ORANGE, figure, legend, padded, power_of_ten, shortened};
use crate::error::{Error, Result};
use crate::search::ParetoFront;
use plotters::prelude::*;

/// Losses below this are rounding error. The figure's axis ends here.
const LOWEST: f64 = 1e-16;
/// As many characters of the chosen formula as fit above the axes.
const LONGEST: usize = 44;

/// Draws the loss of every formula against its complexity, marks the chosen one, and names it above
/// the axes (Wetzel 2024, figure 3).
///
/// # Errors
/// If the front is empty.
pub fn pareto_figure(front: &ParetoFront) -> Result<Figure> {
    let best = front
        .best()
        .ok_or_else(|| Error::NothingToDraw("the front has no formulas to draw".into()))?;
    let place = |complexity: usize, loss: f64| (complexity as f64, loss.max(LOWEST).log10());
    let points: Vec<(f64, f64)> = front
        .candidates()
        .iter()
        .map(|c| place(c.complexity, c.loss))
        .collect();
    let marked = place(best.complexity, best.loss);
    let x = padded(points.iter().map(|point| point.0));
    let y = padded(points.iter().map(|point| point.1));
    let y = y.start.floor()..y.end.ceil();
    let title = format!(
        "Pareto front, chosen: {}",
        shortened(&front.formula(best), LONGEST)
    );
    figure((620, 400), |area| {
        let mut axes = Frame {
            title: &title,
            x_label: "complexity",
            y_label: "loss",
            x,
            y,
            format_y: &power_of_ten,
        }
        .draw(area)?;
        axes.draw_series(LineSeries::new(
            points.clone(),
            BLUE.mix(0.5).stroke_width(2),
        ))?;
        axes.draw_series(
            points
                .iter()
                .map(|&point| Circle::new(point, 4, BLUE.filled())),
        )?
        .label("formulas")
        .legend(|(x, y)| Circle::new((x + 9, y), 4, BLUE.filled()));
        axes.draw_series([Circle::new(marked, 8, ORANGE.stroke_width(3))])?
            .label("chosen")
            .legend(|(x, y)| Circle::new((x + 9, y), 6, ORANGE.stroke_width(3)));
        legend(&mut axes, SeriesLabelPosition::UpperRight)?;
        Ok(())
    })
}
