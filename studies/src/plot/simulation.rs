//! Figures of a simulation study: box plots of the errors, and what the errors depend on.

use crate::simulation::{Quartiles, SimulationRow};
use closedform::plot::style::{
    Axes, BLUE, Drawn, Frame, INK, ORANGE, figure, legend, name_at, padded, plain, power_of_ten,
};
use closedform::{Activation, Error, Figure, Result};
use plotters::prelude::*;
use std::ops::Range;

const PANEL: (u32, u32) = (360, 380);
/// Mean squared errors below this are rounding error, and are drawn as this.
const LEAST: f64 = 1e-30;
/// Half the width of a box; activations are 1 apart.
const HALF: f64 = 0.16;
/// Points that lie further from a box than this many times its height are drawn one by one (Tukey
/// 1977).
const REACH: f64 = 1.5;
/// The most networks that are drawn one by one.
const MAX_MARKS: usize = 3000;

/// The boxes without and with the constraint.
const SIDES: [(bool, &str, RGBColor, f64); 2] = [
    (false, "without constraint", ORANGE, -0.2),
    (true, "l1 norm of 1", BLUE, 0.2),
];

/// Draws all figures of a simulation's rows, with names for their files.
///
/// # Errors
/// If there are no rows, or if a figure can't be drawn.
pub fn simulation_figures(rows: &[SimulationRow]) -> Result<Vec<(&'static str, Figure)>> {
    Ok(vec![
        ("agreement.svg", simulation_agreement_figure(rows)?),
        ("extended_range.svg", simulation_extended_figure(rows)?),
        ("fit.svg", simulation_fit_figure(rows)?),
        ("potentials.svg", simulation_potentials_figure(rows)?),
    ])
}

/// Draws the mean squared error between networks and their polynomials: a box for each activation
/// without and with the constraint, in a frame for each size.
///
/// # Errors
/// If there are no rows.
pub fn simulation_agreement_figure(rows: &[SimulationRow]) -> Result<Figure> {
    boxes(rows, "MSE, network and polynomial", |row| {
        row.polynomial_mse
    })
}

/// Draws the same for inputs in a range that is
/// [`EXTENDED_RANGE`](crate::simulation::EXTENDED_RANGE) times as wide.
///
/// # Errors
/// If there are no rows.
pub fn simulation_extended_figure(rows: &[SimulationRow]) -> Result<Figure> {
    boxes(rows, "MSE, extended range", |row| row.extended_mse)
}

/// Draws the mean squared error of the networks on their data, in the same way.
///
/// # Errors
/// If there are no rows.
pub fn simulation_fit_figure(rows: &[SimulationRow]) -> Result<Figure> {
    boxes(rows, "MSE, network and data", |row| row.network_mse)
}

/// Draws the mean squared error between network and polynomial against the largest potential
/// divided by the radius of convergence, in a frame for each activation. Beyond 1, the series
/// doesn't converge.
///
/// # Errors
/// If there are no rows.
pub fn simulation_potentials_figure(rows: &[SimulationRow]) -> Result<Figure> {
    let step = rows.len().div_ceil(MAX_MARKS).max(1);
    let activations = activations(rows)?;
    let place =
        |row: &SimulationRow| (row.largest_potential.log10(), log_error(row.polynomial_mse));
    let x = padded(rows.iter().map(|row| place(row).0));
    let y = whole_powers(rows.iter().map(|row| row.polynomial_mse));
    let size = (PANEL.0 * activations.len() as u32, PANEL.1);
    figure(size, |area| {
        let areas = area.split_evenly((1, activations.len()));
        for (area, activation) in areas.iter().zip(&activations) {
            let mut axes = Frame {
                title: &activation.to_string(),
                x_label: "log10 of largest potential / radius",
                y_label: "MSE, network and polynomial",
                x: x.clone(),
                y: y.clone(),
                format_y: &power_of_ten,
            }
            .draw_with_x(area, 5, &plain)?;
            let limit = [(0.0, y.start), (0.0, y.end)];
            axes.draw_series([PathElement::new(limit, INK.stroke_width(1))])?;
            for (constrained, name, color, _) in SIDES {
                let is_drawn = |row: &&SimulationRow| {
                    row.settings.activation == *activation
                        && row.settings.constrained == constrained
                };
                let marks = rows.iter().step_by(step).filter(is_drawn);
                let mark = |row| Circle::new(place(row), 2, color.mix(0.5).filled());
                axes.draw_series(marks.map(mark))?
                    .label(name)
                    .legend(move |(x, y)| Circle::new((x + 9, y), 4, color.filled()));
            }
            legend(&mut axes, SeriesLabelPosition::LowerRight)?;
        }
        Ok(())
    })
}

fn boxes(
    rows: &[SimulationRow],
    y_label: &str,
    error: fn(&SimulationRow) -> f64,
) -> Result<Figure> {
    let activations = activations(rows)?;
    let names: Vec<String> = activations.iter().map(|a| a.to_string()).collect();
    let mut widths: Vec<usize> = rows.iter().map(|row| row.settings.width).collect();
    widths.sort_unstable();
    widths.dedup();
    let y = whole_powers(rows.iter().map(error));
    let size = (PANEL.0 * widths.len() as u32, PANEL.1);
    figure(size, |area| {
        let areas = area.split_evenly((1, widths.len()));
        for (area, width) in areas.iter().zip(&widths) {
            let mut axes = Frame {
                title: &format!("{width} neurons"),
                x_label: "activation",
                y_label,
                x: -0.5..names.len() as f64 - 0.5,
                // Leave room for the legend.
                y: y.start..y.end + (y.end - y.start) / 4.0,
                format_y: &power_of_ten,
            }
            .draw_with_x(area, 2 * names.len(), &|x| name_at(&names, *x))?;
            for (constrained, name, color, offset) in SIDES {
                for (index, activation) in activations.iter().enumerate() {
                    let is_drawn = |row: &&SimulationRow| {
                        let settings = &row.settings;
                        (settings.activation, settings.width, settings.constrained)
                            == (*activation, *width, constrained)
                    };
                    let errors = rows
                        .iter()
                        .filter(is_drawn)
                        .map(|row| log_error(error(row)));
                    draw_box(
                        &mut axes,
                        index as f64 + offset,
                        &errors.collect::<Vec<_>>(),
                        color,
                    )?;
                }
                axes.draw_series(std::iter::empty::<Circle<(f64, f64), i32>>())?
                    .label(name)
                    .legend(move |(x, y)| {
                        Rectangle::new([(x + 4, y - 5), (x + 14, y + 5)], color.filled())
                    });
            }
            legend(&mut axes, SeriesLabelPosition::UpperLeft)?;
        }
        Ok(())
    })
}

/// Draws a box from quartile to quartile, whiskers to the last values within reach, and the others
/// as points.
fn draw_box(axes: &mut Axes, x: f64, values: &[f64], color: RGBColor) -> Drawn {
    let Some(found) = Quartiles::of(values) else {
        return Ok(());
    };
    let Quartiles {
        lower,
        median,
        upper,
    } = found;
    let reach = REACH * (upper - lower);
    let inside = |value: &f64| (lower - reach..=upper + reach).contains(value);
    let near = values.iter().copied().filter(inside);
    let (low, high) = near.fold((lower, upper), |(low, high), v| (low.min(v), high.max(v)));
    let line = |from: (f64, f64), to: (f64, f64), color: RGBColor, width: u32| {
        PathElement::new([from, to], color.stroke_width(width))
    };
    axes.draw_series([
        line((x, low), (x, lower), color, 1),
        line((x, upper), (x, high), color, 1),
        line((x - HALF / 2.0, low), (x + HALF / 2.0, low), color, 1),
        line((x - HALF / 2.0, high), (x + HALF / 2.0, high), color, 1),
    ])?;
    let corners = [(x - HALF, lower), (x + HALF, upper)];
    axes.draw_series([Rectangle::new(corners, color.mix(0.35).filled())])?;
    axes.draw_series([Rectangle::new(corners, color.stroke_width(1))])?;
    axes.draw_series([line((x - HALF, median), (x + HALF, median), INK, 2)])?;
    let far = values.iter().filter(|value| !inside(value));
    axes.draw_series(far.map(|value| Circle::new((x, *value), 2, color.mix(0.4).filled())))?;
    Ok(())
}

/// The activations in the order of their first occurrence.
fn activations(rows: &[SimulationRow]) -> Result<Vec<Activation>> {
    let mut found = Vec::new();
    for row in rows {
        if !found.contains(&row.settings.activation) {
            found.push(row.settings.activation);
        }
    }
    if found.is_empty() {
        Err(Error::NothingToDraw("there are no networks to draw".into()))
    } else {
        Ok(found)
    }
}

fn log_error(error: f64) -> f64 {
    error.max(LEAST).log10()
}

/// A range of decimal logarithms that ends at whole powers of ten.
fn whole_powers(errors: impl Iterator<Item = f64>) -> Range<f64> {
    let range = padded(errors.map(log_error));
    range.start.floor()..range.end.ceil()
}
