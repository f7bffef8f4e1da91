//! The Pareto front: loss against complexity (Wetzel 2024, figure 3).

use super::Figure;
use super::style::{BLUE, Frame, INK, ORANGE, TEXT, figure, legend, padded, power_of_ten};
use crate::error::{Error, Result};
use crate::search::ParetoFront;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Losses below this are rounding error. The figure's axis ends here.
const LOWEST: f64 = 1e-16;
const MAX_LABEL: usize = 44;

/// Draws the loss of every formula against its complexity, and marks the chosen one with its
/// formula (Wetzel 2024, figure 3).
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
    let label = shortened(&front.formula(best));
    // A front falls steeply and then flattens, which leaves room above it on the right and below it
    // on the left. Near the bottom of the figure, the axis leaves room only beside the mark.
    let is_right = marked.0 > (x.start + x.end) / 2.0;
    let is_low = marked.1 < y.start + 0.15 * (y.end - y.start);
    let (anchor, offset) = match (is_right, is_low) {
        (true, true) => (HPos::Right, (-14, -7)),
        (true, false) => (HPos::Right, (0, 14)),
        (false, _) => (HPos::Left, (10, -28)),
    };
    figure((620, 400), |area| {
        let mut axes = Frame {
            title: "Pareto front",
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
        let style = TEXT
            .into_font()
            .color(&INK)
            .pos(Pos::new(anchor, VPos::Top));
        axes.draw_series([EmptyElement::at(marked) + Text::new(label.clone(), offset, style)])?;
        legend(&mut axes, SeriesLabelPosition::UpperRight)?;
        Ok(())
    })
}

fn shortened(formula: &str) -> String {
    match formula.chars().count() {
        n if n > MAX_LABEL => formula.chars().take(MAX_LABEL - 1).chain(['…']).collect(),
        _ => formula.to_string(),
    }
}
