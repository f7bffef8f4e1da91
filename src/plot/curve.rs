//! Curves as functions of one quantity.

use super::Figure;
use super::style::{BLUE, Frame, GREEN, INK, ORANGE, figure, legend, padded, plain};
use crate::error::{Error, Result};
use plotters::prelude::*;
use std::ops::Range;

/// Roughly the part of the frame that a legend takes.
const WIDTH: f64 = 0.4;
const HEIGHT: f64 = 0.3;

/// Draws named curves, each a list of `(x, y)`, in one frame. A curve with a single point is drawn
/// as a circle.
///
/// `labels` are the labels of the horizontal and the vertical axis.
///
/// ```
/// use closedform::plot::curve_figure;
///
/// let parabola: Vec<(f64, f64)> = (-10..=10).map(|k| (f64::from(k), f64::from(k * k))).collect();
/// let lowest = [(0.0, 0.0)];
/// let figure = curve_figure(("x", "x^2"), &[("parabola", &parabola), ("lowest", &lowest)])?;
/// assert!(figure.svg().contains("parabola"));
/// # Ok::<(), closedform::Error>(())
/// ```
///
/// # Errors
/// If there are no curves, if a curve has no points, or if a coordinate isn't finite.
pub fn curve_figure(labels: (&str, &str), curves: &[(&str, &[(f64, f64)])]) -> Result<Figure> {
    if curves.is_empty() {
        return Err(Error::NothingToDraw("there are no curves to draw".into()));
    }
    for (name, points) in curves {
        if points.is_empty() {
            return Err(Error::NothingToDraw(format!(
                "curve \"{name}\" has no points"
            )));
        }
        if let Some((x, y)) = points
            .iter()
            .find(|(x, y)| !(x.is_finite() && y.is_finite()))
        {
            return Err(Error::Value(format!(
                "curve \"{name}\" has the point ({x}, {y}); only finite numbers are allowed"
            )));
        }
    }
    let points = || curves.iter().flat_map(|(_, points)| points.iter());
    let x = padded(points().map(|point| point.0));
    let y = padded(points().map(|point| point.1));
    figure((620, 400), |area| {
        let mut axes = Frame {
            title: "",
            x_label: labels.0,
            y_label: labels.1,
            x: x.clone(),
            y: y.clone(),
            format_y: &plain,
        }
        .draw(area)?;
        let colors = [BLUE, ORANGE, GREEN, INK];
        for ((name, points), color) in curves.iter().zip(colors.into_iter().cycle()) {
            match points {
                [point] => {
                    axes.draw_series([Circle::new(*point, 8, color.stroke_width(3))])?
                        .label(*name)
                        .legend(move |(x, y)| Circle::new((x + 9, y), 6, color.stroke_width(3)));
                }
                _ => {
                    let line = LineSeries::new(points.iter().copied(), color.stroke_width(2));
                    axes.draw_series(line)?.label(*name).legend(move |(x, y)| {
                        PathElement::new([(x, y), (x + 18, y)], color.stroke_width(2))
                    });
                }
            }
        }
        legend(&mut axes, emptiest_corner(points(), &x, &y))?;
        Ok(())
    })
}

/// The corner of the frame with the fewest points.
fn emptiest_corner<'a>(
    points: impl Iterator<Item = &'a (f64, f64)> + Clone,
    x: &Range<f64>,
    y: &Range<f64>,
) -> SeriesLabelPosition {
    let is_near = |value: f64, range: &Range<f64>, end: f64, share: f64| {
        (value - end).abs() < share * (range.end - range.start)
    };
    let corners = [
        (SeriesLabelPosition::UpperRight, x.end, y.end),
        (SeriesLabelPosition::UpperLeft, x.start, y.end),
        (SeriesLabelPosition::LowerRight, x.end, y.start),
        (SeriesLabelPosition::LowerLeft, x.start, y.start),
    ];
    let n_near = |right: f64, upper: f64| {
        let near = points.clone().filter(|point| {
            is_near(point.0, x, right, WIDTH) && is_near(point.1, y, upper, HEIGHT)
        });
        near.count()
    };
    let counted = corners.into_iter().min_by_key(|(_, x, y)| n_near(*x, *y));
    counted.map_or(SeriesLabelPosition::UpperRight, |(position, ..)| position)
}
