//! Points by class, the network's decision boundary, and its gradients (Wetzel 2024, figure 2a).

use super::Figure;
use super::contour::Grid;
use super::style::{BLUE, Frame, GREEN, INK, ORANGE, figure, legend, plain};
use crate::dataset::Dataset;
use crate::directions::Directions;
use crate::error::{Error, Result};
use crate::model::Model;
use plotters::prelude::*;
use std::ops::Range;

const MAX_POINTS: usize = 2500;
const MAX_ARROWS: usize = 60;
const GRID_SIZE: usize = 121;

/// Draws the points by class, the network's decision boundary, and the directions of its
/// gradients (Wetzel 2024, figure 2a). At most 2500 points and 60 arrows are shown.
///
/// # Errors
/// If the network, the data or the directions don't have exactly 2 features.
pub fn decision_figure(
    model: &dyn Model,
    data: &Dataset,
    directions: &Directions,
) -> Result<Figure> {
    let shown = [
        model.n_features(),
        data.n_features(),
        directions.n_features(),
    ];
    for n_features in shown {
        if n_features != 2 {
            return Err(Error::Shape(format!(
                "this figure shows 2 features, but there are {n_features}"
            )));
        }
    }
    let bounds = data.points().bounds();
    // Leave room for arrows that reach out of the box, and for the legend on the right.
    let widened = |(low, high): (f64, f64), left: f64, right: f64| {
        low - left * (high - low)..high + right * (high - low)
    };
    let ranges = (
        widened(bounds[0], 0.07, 0.33),
        widened(bounds[1], 0.07, 0.07),
    );
    let boundary = boundary(model, &bounds)?;
    let names = data.feature_names();
    let step = data.n_samples().div_ceil(MAX_POINTS).max(1);
    let rows: Vec<usize> = (0..data.n_samples()).step_by(step).collect();
    let of_class = |class: f64| {
        rows.iter()
            .filter(move |&&row| data.targets()[row] == class)
            .map(|&row| {
                let point = data.point(row);
                (point[0], point[1])
            })
    };
    figure((760, 580), |area| {
        let mut axes = Frame {
            title: "Data, decision boundary and gradient directions",
            x_label: &names[0],
            y_label: &names[1],
            x: ranges.0.clone(),
            y: ranges.1.clone(),
            format_y: &plain,
        }
        .draw(area)?;
        axes.draw_series(
            of_class(0.0).map(|point| Circle::new(point, 2, BLUE.mix(0.45).filled())),
        )?
        .label("class 0")
        .legend(|(x, y)| Circle::new((x + 9, y), 4, BLUE.filled()));
        axes.draw_series(of_class(1.0).map(|point| Cross::new(point, 2, ORANGE.mix(0.8))))?
            .label("class 1")
            .legend(|(x, y)| Cross::new((x + 9, y), 4, ORANGE.stroke_width(2)));
        axes.draw_series(
            boundary
                .iter()
                .map(|&(from, to)| PathElement::new([from, to], INK.stroke_width(2))),
        )?
        .label("boundary")
        .legend(|(x, y)| PathElement::new([(x, y), (x + 18, y)], INK.stroke_width(2)));
        axes.draw_series(arrows(directions, &bounds, &ranges))?
            .label("gradient")
            .legend(|(x, y)| PathElement::new([(x, y), (x + 18, y)], GREEN.stroke_width(2)));
        legend(&mut axes, SeriesLabelPosition::UpperRight)?;
        Ok(())
    })
}

/// The lines inside the bounds where the network's logit is zero.
#[allow(clippy::type_complexity)]
pub(super) fn boundary(
    model: &dyn Model,
    bounds: &[(f64, f64)],
) -> Result<Vec<((f64, f64), (f64, f64))>> {
    let axis = |(low, high): (f64, f64)| -> Vec<f64> {
        (0..GRID_SIZE)
            .map(|k| low + (high - low) * k as f64 / (GRID_SIZE - 1) as f64)
            .collect()
    };
    let (x, y) = (axis(bounds[0]), axis(bounds[1]));
    let points: Vec<f64> = y
        .iter()
        .flat_map(|&b| x.iter().flat_map(move |&a| [a, b]))
        .collect();
    let values = model.latent(&points)?;
    Ok(Grid { x, y, values }.zero_segments())
}

/// Arrows of equal length, each with one shaft and two barbs.
fn arrows<'a>(
    directions: &'a Directions,
    bounds: &[(f64, f64)],
    ranges: &'a (Range<f64>, Range<f64>),
) -> impl Iterator<Item = PathElement<(f64, f64)>> + 'a {
    let width = bounds[0].1 - bounds[0].0;
    let height = bounds[1].1 - bounds[1].0;
    let length = 0.07 * width.min(height);
    let step = directions.n_samples().div_ceil(MAX_ARROWS);
    let pairs = directions
        .points()
        .rows()
        .zip(directions.unit_gradients().chunks_exact(2));
    // Those that start outside of the axes, which may be anywhere, are left out.
    let shown = pairs.filter(|(point, _)| {
        let (x, y) = (&ranges.0, &ranges.1);
        x.contains(&point[0]) && y.contains(&point[1])
    });
    shown.step_by(step).map(move |(point, unit)| {
        let from = (point[0], point[1]);
        let tip = (from.0 + length * unit[0], from.1 + length * unit[1]);
        let barb = |side: f64| {
            let (along, across) = (0.3 * length, 0.18 * length * side);
            (
                tip.0 - along * unit[0] - across * unit[1],
                tip.1 - along * unit[1] + across * unit[0],
            )
        };
        PathElement::new(
            vec![from, tip, barb(1.0), tip, barb(-1.0)],
            GREEN.stroke_width(2),
        )
    })
}
