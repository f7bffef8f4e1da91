//! Predictions of polynomials against outputs of the network.

use super::Figure;
use super::style::{BLUE, Drawn, Frame, GREEN, INK, ORANGE, figure, legend, padded, plain};
use crate::error::{Error, Result};
use crate::model::DenseNetwork;
use crate::polynomial::{Agreement, NetworkPolynomials};
use plotters::prelude::*;

const PANEL: (u32, u32) = (470, 440);
/// The most marks in a panel, over all outputs together.
const MAX_MARKS: usize = 1500;
/// The axis extends beyond the range of the network's outputs by this many times its width.
const REACH: f64 = 0.5;

/// Draws predictions of polynomials against outputs of the network, in a panel for every named set
/// of points `(n_samples, n_inputs)`. On the diagonal, both agree.
///
/// The title gives the mean squared error and R² over all points and outputs. At most 1500 values
/// are shown. Predictions far outside the network's range are drawn as crosses at the edge.
///
/// # Errors
/// If there are no sets, and those of [`NetworkPolynomials::agreement`].
pub fn agreement_figure(
    polynomials: &NetworkPolynomials,
    network: &DenseNetwork,
    sets: &[(&str, &[f64])],
) -> Result<Figure> {
    if sets.is_empty() {
        return Err(Error::NothingToDraw("there are no points to draw".into()));
    }
    let panels = sets.iter().map(|(name, points)| {
        Ok(Panel {
            name,
            agreement: polynomials.agreement(network, points)?,
            found: polynomials.predict(points)?,
            expected: network.outputs(points)?,
        })
    });
    let panels: Vec<Panel> = panels.collect::<Result<_>>()?;
    let n_outputs = network.n_outputs();
    figure((PANEL.0 * panels.len() as u32, PANEL.1), |area| {
        let areas = area.split_evenly((1, panels.len()));
        let mut areas = areas.iter().zip(&panels);
        areas.try_for_each(|(area, panel)| panel.draw(area, n_outputs))
    })
}

struct Panel<'a> {
    name: &'a str,
    agreement: Agreement,
    /// Both `(n_samples, n_outputs)`.
    found: Vec<f64>,
    expected: Vec<f64>,
}

impl Panel<'_> {
    fn draw(&self, area: &super::style::Area, n_outputs: usize) -> Drawn {
        let Agreement { mse, r_squared, .. } = self.agreement;
        let x = padded(self.expected.iter().copied());
        let reach = REACH * (x.end - x.start);
        let inside = |y: f64| y.clamp(x.start - reach, x.end + reach);
        let y = padded(
            self.found
                .iter()
                .map(|found| inside(*found))
                .chain([x.start, x.end]),
        );
        let mut axes = Frame {
            title: &format!("{}: MSE {mse:.2e}, R² {r_squared:.4}", self.name),
            x_label: "network",
            y_label: "polynomial",
            x: x.clone(),
            y: y.clone(),
            format_y: &plain,
        }
        .draw_with_x(area, 5, &plain)?;
        let ends = (x.start.max(y.start), x.end.min(y.end));
        let diagonal = [(ends.0, ends.0), (ends.1, ends.1)];
        axes.draw_series(LineSeries::new(diagonal, INK.stroke_width(1)))?;
        let step = self
            .agreement
            .n_samples
            .div_ceil((MAX_MARKS / n_outputs).max(1));
        let colors = [BLUE, ORANGE, GREEN, INK];
        for (output, color) in (0..n_outputs).zip(colors.into_iter().cycle()) {
            let values = self.expected.iter().zip(&self.found).skip(output);
            let values = values.step_by(step * n_outputs);
            // A prediction that isn't a number can't be drawn.
            let values = values.filter(|(_, found)| !found.is_nan());
            let (near, far): (Vec<_>, Vec<_>) =
                values.partition(|(_, found)| inside(**found) == **found);
            let mark = |(x, y): (&f64, &f64)| (*x, inside(*y));
            let near = near.into_iter().map(mark);
            axes.draw_series(near.map(|place| Circle::new(place, 2, color.mix(0.5).filled())))?
                .label(format!("output {}", output + 1))
                .legend(move |(x, y)| Circle::new((x + 9, y), 4, color.filled()));
            let far = far.into_iter().map(mark);
            axes.draw_series(far.map(|place| Cross::new(place, 3, color.stroke_width(1))))?;
        }
        match n_outputs {
            1 => Ok(()),
            _ => legend(&mut axes, SeriesLabelPosition::UpperLeft),
        }
    }
}
