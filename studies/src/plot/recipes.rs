//! How faithful the gradients of several training recipes are.

use crate::study::{DirectionErrors, Recipe, RecipeRun};
use closedform::Figure;
use closedform::plot::style::{BLUE, Frame, ORANGE, figure, legend, name_at, padded};
use closedform::{Error, Result};
use plotters::prelude::*;

/// Sizes in pixels.
const WIDTH: u32 = 720;
const ROW_HEIGHT: u32 = 24;
/// How many rows the legend takes.
const LEGEND_ROWS: f64 = 2.5;
/// A mean |cos| closer to 1 than this is drawn at this distance.
const LEAST: f64 = 1e-8;

/// Draws how far the directions of each recipe's networks are from the true ones, with a mark for
/// every network: at the data's points near the boundary, and on the boundary itself.
///
/// # Errors
/// If no recipe was tried.
pub fn recipes_figure(tried: &[(Recipe, Vec<RecipeRun>)]) -> Result<Figure> {
    type Measure = fn(&DirectionErrors) -> f64;
    let kinds: [(&str, Measure, RGBColor, f64); 2] = [
        ("in the band", |f| f.band, ORANGE, 0.15),
        ("on the boundary", |f| f.boundary, BLUE, -0.15),
    ];
    let place = |error: f64| error.max(LEAST).log10();
    let runs = tried.iter().flat_map(|(_, runs)| runs);
    let errors = runs.flat_map(|run| [run.errors.band, run.errors.boundary]);
    let errors: Vec<f64> = errors.collect();
    if errors.is_empty() {
        return Err(Error::NothingToDraw("there are no recipes to draw".into()));
    }
    // From the bottom up, like the axis.
    let names: Vec<String> = tried.iter().rev().map(|(r, _)| r.name.clone()).collect();
    let longest = names.iter().map(|name| name.chars().count()).max();
    let room = 30 + 8 * longest.unwrap_or(0) as u32;
    let n_rows = names.len() as f64 + LEGEND_ROWS;
    let height = 100 + (n_rows * f64::from(ROW_HEIGHT)) as u32;
    figure((WIDTH, height), |area| {
        let mut axes = Frame {
            title: "Which training gives faithful gradients",
            x_label: "log10 of 1 - mean |cos| with the truth; further left is better",
            y_label: "",
            x: padded(errors.iter().map(|error| place(*error))),
            y: -0.6..n_rows - 0.4,
            format_y: &|place| name_at(&names, *place),
        }
        .draw_with_names(area, n_rows as usize, room)?;
        for (name, measure, color, offset) in kinds {
            let rows = tried.iter().rev().enumerate();
            let marks = rows.flat_map(|(row, (_, runs))| {
                let center =
                    move |run: &RecipeRun| (place(measure(&run.errors)), row as f64 + offset);
                runs.iter()
                    .map(move |run| Circle::new(center(run), 4, color.mix(0.8).filled()))
            });
            axes.draw_series(marks)?
                .label(name)
                .legend(move |(x, y)| Circle::new((x + 9, y), 4, color.filled()));
        }
        legend(&mut axes, SeriesLabelPosition::UpperLeft)
    })
}
