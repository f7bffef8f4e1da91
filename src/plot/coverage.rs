//! Shows where the gradients of a formula point in the same direction as those of the network.

use super::Figure;
use super::decision::boundary;
use super::style::{BLUE, Frame, INK, ORANGE, figure, legend, plain, tint};
use crate::dataset::{Dataset, Task};
use crate::effort::reading::VerdictLimits;
use crate::error::{Error, Result};
use crate::formula::Expression;
use crate::interpretation::abs_cosines;
use crate::model::Model;
use plotters::prelude::*;

/// The number of cells along an axis, if the plane itself is sampled.
const GRID_SIZE: usize = 60;
/// About how many rows of the data fall into a cell, if there are more than two features.
const ROWS_PER_CELL: usize = 6;
const MAX_CELLS: usize = 30;
/// The lowest mean `|cos|` of each colour, best first. They are angles of 8, 18 and 37 degrees.
const LEVELS: [(f64, &str); 4] = [
    (VerdictLimits::DEFAULT.aligned, "above 0.99"),
    (0.95, "0.95 to 0.99"),
    (0.8, "0.8 to 0.95"),
    (0.0, "below 0.8"),
];

/// Draws where a formula holds: the mean `|cos|` between its gradients and those of the model, over
/// a plane of two features.
///
/// With two features, the box of `data` is sampled evenly, and a classifier's boundary is drawn.
/// With more features, the rows of `data` in each cell are averaged; cells without rows stay white.
/// `features` names the two features of the plane. Without it, these are the two that change the
/// model's output most over the data.
///
/// # Errors
/// If the data or the formula have other features than the model, if the model has only one
/// feature, or if the plane isn't made of two of its features.
pub fn coverage_figure(
    model: &dyn Model,
    formula: &Expression,
    data: &Dataset,
    features: Option<[&str; 2]>,
) -> Result<Figure> {
    let names = model.feature_names();
    if data.feature_names() != names || names.len() < 2 {
        return Err(Error::Column(format!(
            "this figure needs at least 2 features, the same for model and data, but there are \
             {names:?} and {:?}",
            data.feature_names()
        )));
    }
    formula.check_features(names.len())?;
    let plane = match features {
        Some(named) => to_plane(named, names)?,
        None => most_relevant(model, data)?,
    };
    let bounds = data.points().bounds();
    let sides = plane.map(|feature| bounds[feature]);
    // The boundary, too, needs a model that can be evaluated at any point.
    let is_map = names.len() == 2 && model.is_known_everywhere();
    let (points, n_cells) = if is_map {
        (centres(&bounds), GRID_SIZE)
    } else {
        let n_cells = (data.n_samples() / ROWS_PER_CELL).isqrt();
        (data.points().to_vec(), n_cells.clamp(1, MAX_CELLS))
    };
    let gradients = model.gradients(&points)?;
    let cosines = abs_cosines(formula, &points, &gradients, names.len());
    let cells = Cells::new(&points, &cosines, plane, sides, n_cells);
    let boundary = match model.task() {
        Task::Classification if is_map => boundary(model, &bounds)?,
        _ => Vec::new(),
    };
    let compared: Vec<f64> = cosines.into_iter().flatten().collect();
    let n_covered = compared
        .iter()
        .filter(|cosine| **cosine > VerdictLimits::DEFAULT.aligned)
        .count();
    let title = format!(
        "|cos| of formula and model: above 0.99 on {:.1} %",
        100.0 * n_covered as f64 / compared.len().max(1) as f64
    );
    // Leave room for the legend on the right.
    let (low, high) = sides[0];
    let x_range = low..high + 0.33 * (high - low);
    figure((760, 580), |area| {
        let mut axes = Frame {
            title: &title,
            x_label: &names[plane[0]],
            y_label: &names[plane[1]],
            x: x_range.clone(),
            y: sides[1].0..sides[1].1,
            format_y: &plain,
        }
        .draw(area)?;
        let colors = [BLUE, tint(BLUE, 0.45), tint(ORANGE, 0.45), ORANGE];
        for (level, ((_, name), color)) in LEVELS.iter().zip(colors).enumerate() {
            let shown = cells.of_level(level);
            axes.draw_series(shown.map(|corners| Rectangle::new(corners, color.filled())))?
                .label(*name)
                .legend(move |(x, y)| {
                    Rectangle::new([(x, y - 6), (x + 14, y + 6)], color.filled())
                });
        }
        if !boundary.is_empty() {
            let lines = boundary.iter();
            let lines = lines.map(|&(a, b)| PathElement::new([a, b], INK.stroke_width(2)));
            axes.draw_series(lines)?
                .label("boundary")
                .legend(|(x, y)| PathElement::new([(x, y), (x + 14, y)], INK.stroke_width(2)));
        }
        legend(&mut axes, SeriesLabelPosition::UpperRight)?;
        Ok(())
    })
}

fn to_plane(named: [&str; 2], names: &[String]) -> Result<[usize; 2]> {
    let place = |name: &str| names.iter().position(|known| known == name);
    match named.map(place) {
        [Some(first), Some(second)] if first != second => Ok([first, second]),
        _ => Err(Error::Column(format!(
            "{named:?} are not two of the features {names:?}"
        ))),
    }
}

/// The two features that change the latent model most, measured by the mean absolute derivative
/// times the feature's range.
fn most_relevant(model: &dyn Model, data: &Dataset) -> Result<[usize; 2]> {
    let n_features = data.n_features();
    let gradients = model.gradients(data.points())?;
    let mut weights: Vec<(f64, usize)> = data
        .points()
        .bounds()
        .iter()
        .enumerate()
        .map(|(feature, (low, high))| {
            let column = gradients.iter().skip(feature).step_by(n_features);
            (column.map(|g| g.abs()).sum::<f64>() * (high - low), feature)
        })
        .collect();
    weights.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (first, second) = (weights[0].1, weights[1].1);
    Ok([first.min(second), first.max(second)])
}

/// The centres of all cells of a plane, row after row.
fn centres(bounds: &[(f64, f64)]) -> Vec<f64> {
    let place = |(low, high): (f64, f64), k: usize| {
        low + (high - low) * (k as f64 + 0.5) / GRID_SIZE as f64
    };
    let both = (0..GRID_SIZE).flat_map(|row| (0..GRID_SIZE).map(move |column| (row, column)));
    both.flat_map(|(row, column)| [place(bounds[0], column), place(bounds[1], row)])
        .collect()
}

/// Means over the cells of a plane.
struct Cells {
    sides: [(f64, f64); 2],
    n_cells: usize,
    /// The sum over the points in each cell, and their number.
    sums: Vec<(f64, usize)>,
}

impl Cells {
    fn new(
        points: &[f64],
        cosines: &[Option<f64>],
        plane: [usize; 2],
        sides: [(f64, f64); 2],
        n_cells: usize,
    ) -> Self {
        let n_features = points.len() / cosines.len();
        let mut sums = vec![(0.0, 0); n_cells * n_cells];
        for (point, cosine) in points.chunks_exact(n_features).zip(cosines) {
            let Some(cosine) = cosine else { continue };
            let [column, row] = [0, 1].map(|axis| {
                let (low, high) = sides[axis];
                let share = (point[plane[axis]] - low) / (high - low);
                ((share * n_cells as f64) as usize).min(n_cells - 1)
            });
            let cell = &mut sums[row * n_cells + column];
            *cell = (cell.0 + cosine, cell.1 + 1);
        }
        Self {
            sides,
            n_cells,
            sums,
        }
    }

    /// Opposite corners of the cells whose mean belongs to a level.
    fn of_level(&self, level: usize) -> impl Iterator<Item = [(f64, f64); 2]> {
        let cells = self.sums.iter().enumerate().filter(move |(_, (sum, n))| {
            let mean = sum / *n as f64;
            let is_above = |(lowest, _): &&(f64, &str)| mean >= *lowest;
            *n > 0 && LEVELS.iter().position(|l| is_above(&l)) == Some(level)
        });
        cells.map(|(index, _)| {
            let corner = |step: usize| {
                let place = |axis: usize, k: usize| {
                    let (low, high) = self.sides[axis];
                    low + (high - low) * (k + step) as f64 / self.n_cells as f64
                };
                (
                    place(0, index % self.n_cells),
                    place(1, index / self.n_cells),
                )
            };
            [corner(0), corner(1)]
        })
    }
}
