//! Functions of two inputs side by side, as maps with contour lines.

use super::Figure;
use super::contour::Grid;
use super::style::{Area, BLUE, Drawn, Frame, INK, ORANGE, TEXT, figure, padded, plain, tint};
use crate::error::{Error, Result};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Values of a function at points `(n_samples, n_inputs)`: `(n_samples,)`.
type Values<'a> = &'a dyn Fn(&[f64]) -> Result<Vec<f64>>;

const PANEL: (u32, u32) = (330, 320);
const SCALE_WIDTH: u32 = 90;
/// The number of cells along an axis.
const N_CELLS: usize = 48;
/// The number of colours of the scale. There is a contour line at every second step between them.
const N_COLORS: usize = 17;

/// Draws named functions over a plane of two inputs, side by side and with one colour scale. There
/// is a row of maps for every range of the plane, such as the range of the inputs and one twice as
/// wide.
///
/// A function takes points `(n_samples, n_inputs)` and returns `(n_samples,)` values, like
/// [`Polynomial::values`](crate::Polynomial::values), or
/// [`DenseNetwork::outputs`](crate::DenseNetwork::outputs) for a network with one output. `plane`
/// names two inputs, counted from 0. All other inputs have their values in `point` `(n_inputs,)`. A
/// range is one `(low, high)` for each of the two inputs.
///
/// The scale of a row spans the values of the first function. Values of other functions beyond it
/// get the colour of the nearest end. All maps of a row have contour lines at the same values.
///
/// ```
/// use closedform::Polynomial;
/// use closedform::plot::surfaces_figure;
///
/// let saddle = Polynomial::from_terms(3, vec![(vec![1, 2], 1.0), (vec![3], 5.0)])?;
/// let figure = surfaces_figure(
///     &[("saddle", &|points| saddle.values(points))],
///     &[0.0, 0.0, 0.0],
///     [0, 1],
///     &[[(-1.0, 1.0), (-1.0, 1.0)], [(-2.0, 2.0), (-2.0, 2.0)]],
/// )?;
/// assert!(figure.svg().contains("saddle"));
/// # Ok::<(), closedform::Error>(())
/// ```
///
/// # Errors
/// If there are no functions or no ranges, if the plane isn't made of two of the inputs, if the low
/// end of a range isn't below its high end, or if a function fails or doesn't return one value per
/// point.
pub fn surfaces_figure(
    surfaces: &[(&str, Values)],
    point: &[f64],
    plane: [usize; 2],
    ranges: &[[(f64, f64); 2]],
) -> Result<Figure> {
    if surfaces.is_empty() || ranges.is_empty() {
        return Err(Error::NothingToDraw("there are no surfaces to draw".into()));
    }
    if plane[0] == plane[1] || plane.iter().any(|input| *input >= point.len()) {
        return Err(Error::Column(format!(
            "{plane:?} are not two of {} inputs, counted from 0",
            point.len()
        )));
    }
    let rows = ranges.iter().map(|range| {
        let maps = surfaces.iter();
        maps.map(|(name, values)| Map::new(name, *values, point, plane, *range))
            .collect()
    });
    let rows: Vec<Vec<Map>> = rows.collect::<Result<_>>()?;
    let labels = plane.map(|input| format!("x{}", input + 1));
    let width = PANEL.0 * surfaces.len() as u32;
    figure((width + SCALE_WIDTH, PANEL.1 * rows.len() as u32), |area| {
        let (maps, scales) = area.split_horizontally(width);
        let maps = maps.split_evenly((rows.len(), surfaces.len()));
        let scales = scales.split_evenly((rows.len(), 1));
        for ((row, areas), area) in rows.iter().zip(maps.chunks(surfaces.len())).zip(&scales) {
            let scale = Scale::of(&row[0]);
            let mut drawn = row.iter().zip(areas);
            drawn.try_for_each(|(map, area)| map.draw(area, &labels, &scale))?;
            scale.draw(area)?;
        }
        Ok(())
    })
}

struct Map<'a> {
    name: &'a str,
    range: [(f64, f64); 2],
    /// The values at the centres of the cells.
    grid: Grid,
}

impl<'a> Map<'a> {
    fn new(
        name: &'a str,
        values: Values,
        point: &[f64],
        plane: [usize; 2],
        range: [(f64, f64); 2],
    ) -> Result<Self> {
        for (low, high) in range {
            if !(low < high && low.is_finite() && high.is_finite()) {
                return Err(Error::Value(format!(
                    "the range from {low} to {high} can't be drawn: both ends must be finite, with \
                     the lower one first"
                )));
            }
        }
        let [x, y] = range.map(|(low, high)| -> Vec<f64> {
            let step = (high - low) / N_CELLS as f64;
            (0..N_CELLS)
                .map(|k| low + step * (k as f64 + 0.5))
                .collect()
        });
        let mut points = Vec::with_capacity(N_CELLS * N_CELLS * point.len());
        for b in &y {
            for a in &x {
                let mut moved = point.to_vec();
                (moved[plane[0]], moved[plane[1]]) = (*a, *b);
                points.extend(moved);
            }
        }
        let values = values(&points)?;
        if values.len() != N_CELLS * N_CELLS {
            return Err(Error::Shape(format!(
                "\"{name}\" returns {} values for {} points",
                values.len(),
                N_CELLS * N_CELLS
            )));
        }
        let grid = Grid { x, y, values };
        Ok(Self { name, range, grid })
    }

    fn draw(&self, area: &Area, labels: &[String; 2], scale: &Scale) -> Drawn {
        let [(left, right), (bottom, top)] = self.range;
        let mut axes = Frame {
            title: self.name,
            x_label: &labels[0],
            y_label: &labels[1],
            x: left..right,
            y: bottom..top,
            format_y: &plain,
        }
        .draw_with_x(area, 5, &plain)?;
        let steps = [(right - left), (top - bottom)].map(|side| side / N_CELLS as f64);
        for (row, values) in self.grid.values.chunks(N_CELLS).enumerate() {
            let colors: Vec<usize> = values.iter().map(|value| scale.place(*value)).collect();
            let low = bottom + steps[1] * row as f64;
            let mut column = 0;
            // Neighbouring cells of one colour are drawn as one rectangle.
            for same in colors.chunk_by(|a, b| a == b) {
                let place = |column: usize| left + steps[0] * column as f64;
                let corners = [
                    (place(column), low),
                    (place(column + same.len()), low + steps[1]),
                ];
                column += same.len();
                let color = Scale::color(same[0]).filled();
                axes.draw_series([Rectangle::new(corners, color)])?;
            }
        }
        for level in scale.levels() {
            let lines = self.grid.moved(level).zero_segments().into_iter();
            let thin = INK.mix(0.6).stroke_width(1);
            axes.draw_series(lines.map(|(from, to)| PathElement::new([from, to], thin)))?;
        }
        Ok(())
    }
}

/// Colours for the values between two ends, in equal steps.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    fn of(map: &Map) -> Self {
        let range = padded(map.grid.values.iter().copied());
        let (low, high) = (range.start, range.end);
        Self { low, high }
    }

    fn step(&self) -> f64 {
        (self.high - self.low) / N_COLORS as f64
    }

    fn place(&self, value: f64) -> usize {
        // Negative places and NaN become 0.
        (((value - self.low) / self.step()) as usize).min(N_COLORS - 1)
    }

    /// From blue for low values through white to orange for high values.
    fn color(place: usize) -> RGBColor {
        let share = 2.0 * place as f64 / (N_COLORS - 1) as f64 - 1.0;
        tint(if share < 0.0 { BLUE } else { ORANGE }, share.abs())
    }

    fn levels(&self) -> impl Iterator<Item = f64> {
        (1..N_COLORS)
            .step_by(2)
            .map(|k| self.low + self.step() * k as f64)
    }

    /// Draws a bar of all colours, with numbers at its ends and in the middle.
    fn draw(&self, area: &Area) -> Drawn {
        let (top, bottom) = (44, PANEL.1 as i32 - 60);
        let height = f64::from(bottom - top) / N_COLORS as f64;
        for place in 0..N_COLORS {
            let y = |k: usize| bottom - (height * k as f64).round() as i32;
            let corners = [(0, y(place)), (18, y(place + 1))];
            area.draw(&Rectangle::new(corners, Self::color(place).filled()))?;
        }
        let middle = self.low.midpoint(self.high);
        let anchor = Pos::new(HPos::Left, VPos::Center);
        let style = TEXT.into_font().color(&INK).pos(anchor);
        let places = [
            (self.low, bottom),
            (middle, top.midpoint(bottom)),
            (self.high, top),
        ];
        for (value, y) in places {
            area.draw(&Text::new(short(value), (24, y), style.clone()))?;
        }
        Ok(())
    }
}

/// A number with about three digits.
fn short(value: f64) -> String {
    if (1e-2..1e4).contains(&value.abs()) || value == 0.0 {
        format!("{}", (value * 100.0).round() / 100.0 + 0.0)
    } else {
        format!("{value:.1e}")
    }
}
