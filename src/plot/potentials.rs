//! Where the potentials of a network lie on its activations, and how well the Taylor series hold
//! there.

use super::Figure;
use super::style::{
    Area, BLUE, Drawn, Frame, GREEN, INK, ORANGE, figure, legend, padded, plain, power_of_ten, tint,
};
use crate::error::{Error, Result};
use crate::model::DenseNetwork;
use crate::polynomial::{NetworkPolynomials, TaylorSeries};
use plotters::prelude::*;
use std::ops::Range;

/// The column of a layer in pixels: its width, and the heights of the curve and the error.
const COLUMN: (u32, u32, u32) = (520, 340, 250);
const N_BINS: usize = 40;
/// The part of the frame's height that the highest bar takes.
const HIGHEST_BAR: f64 = 0.4;
/// How many points a curve has.
const N_POINTS: usize = 400;
/// The most neurons whose series are drawn, if each has its own center.
const MAX_SERIES: usize = 12;
/// Errors below this are rounding error, and are drawn as this.
const LEAST_ERROR: f64 = 1e-16;

/// Draws, for every expanded layer, the density of the potentials of its neurons at points
/// `(n_samples, n_inputs)`, over it the activation and its Taylor polynomial, and below the error
/// between these two.
///
/// The height of the density is arbitrary. If the neurons share a center, one series is drawn over
/// the range of all potentials. If every neuron has its own center, each series is drawn over the
/// potentials of its own neuron, for at most 12 neurons.
///
/// # Errors
/// Those of [`NetworkPolynomials::agreement`], and if no layer is expanded.
pub fn potentials_figure(
    polynomials: &NetworkPolynomials,
    network: &DenseNetwork,
    points: &[f64],
) -> Result<Figure> {
    polynomials.check_network(network)?;
    let potentials = network.potentials(points)?;
    let layers = polynomials.series().iter().zip(&potentials).enumerate();
    let expanded = layers.filter(|(_, (series, _))| !series.is_empty());
    let panels: Vec<Panel> = expanded
        .map(|(index, (series, potentials))| Panel::new(index, series, potentials))
        .collect();
    if panels.is_empty() {
        return Err(Error::NothingToDraw(
            "no activation is expanded, so there is no series to draw".into(),
        ));
    }
    let (width, upper, lower) = COLUMN;
    figure((width * panels.len() as u32, upper + lower), |area| {
        let (above, below) = area.split_vertically(upper);
        let above = above.split_evenly((1, panels.len()));
        let below = below.split_evenly((1, panels.len()));
        for ((above, below), panel) in above.iter().zip(&below).zip(&panels) {
            panel.draw_curves(above)?;
            panel.draw_errors(below)?;
        }
        Ok(())
    })
}

/// A series and the range of potentials over which it is drawn.
type Shown<'a> = (&'a TaylorSeries, Range<f64>);

struct Panel<'a> {
    layer: usize,
    potentials: &'a [f64],
    x: Range<f64>,
    shown: Vec<Shown<'a>>,
}

impl<'a> Panel<'a> {
    fn new(index: usize, series: &'a [TaylorSeries], potentials: &'a [f64]) -> Self {
        let centers = series.iter().map(TaylorSeries::center);
        let x = padded(potentials.iter().copied().chain(centers));
        let is_common = series.iter().all(|s| s.center() == series[0].center());
        let shown = if is_common {
            vec![(&series[0], x.clone())]
        } else {
            let own = |(neuron, one): (usize, &'a TaylorSeries)| {
                let own = potentials.iter().skip(neuron).step_by(series.len());
                (one, padded(own.copied()))
            };
            let step = series.len().div_ceil(MAX_SERIES);
            series.iter().enumerate().step_by(step).map(own).collect()
        };
        Self {
            layer: index + 1,
            potentials,
            x,
            shown,
        }
    }

    fn draw_curves(&self, area: &Area) -> Drawn {
        let first = self.shown[0].0;
        let activation = first.activation();
        let curve = along(&self.x, |u| activation.value(u));
        let height = padded(curve.iter().map(|point| point.1));
        // Extend beyond the activation's own values, to show where the series leaves it.
        let tall = height.end - height.start;
        let y = height.start - 0.3 * tall..height.end + 0.3 * tall;
        let center = match self.shown.len() {
            1 => format!("around {}", plain(&first.center())),
            _ => "around each neuron's mean".into(),
        };
        let mut axes = Frame {
            title: &format!("Layer {}: {activation} {center}", self.layer),
            x_label: "potential",
            y_label: "activation",
            x: self.x.clone(),
            // Leave room for the legend above.
            y: y.start..y.end + 0.8 * tall,
            format_y: &plain,
        }
        .draw(area)?;
        let light = tint(BLUE, 0.3);
        axes.draw_series(self.bars(&y, light))?
            .label("density of potentials")
            .legend(move |(x, y)| Rectangle::new([(x, y - 6), (x + 14, y + 6)], light.filled()));
        axes.draw_series(LineSeries::new(curve, INK.stroke_width(4)))?
            .label(activation.to_string())
            .legend(|(x, y)| PathElement::new([(x, y), (x + 18, y)], INK.stroke_width(4)));
        for (index, (series, range)) in self.shown.iter().enumerate() {
            let points = along(range, |u| series.value(u));
            for part in inside(&points, &y) {
                axes.draw_series(LineSeries::new(part, ORANGE.stroke_width(2)))?;
            }
            if index == 0 {
                // An empty series for the legend, because the curve may consist of several parts.
                axes.draw_series(LineSeries::new([], ORANGE.stroke_width(2)))?
                    .label(format!("Taylor, order {}", series.order()))
                    .legend(|(x, y)| {
                        PathElement::new([(x, y), (x + 18, y)], ORANGE.stroke_width(2))
                    });
            }
        }
        legend(&mut axes, SeriesLabelPosition::UpperLeft)
    }

    /// The bars of the density, from the bottom of the frame.
    fn bars(&self, y: &Range<f64>, color: RGBColor) -> Vec<Rectangle<(f64, f64)>> {
        let width = (self.x.end - self.x.start) / N_BINS as f64;
        let mut counts = [0_usize; N_BINS];
        for u in self.potentials {
            counts[(((u - self.x.start) / width) as usize).min(N_BINS - 1)] += 1;
        }
        let highest = counts.iter().copied().max().unwrap_or(1).max(1) as f64;
        let bar = |(bin, count): (usize, &usize)| {
            let left = self.x.start + width * bin as f64;
            let share = *count as f64 / highest;
            let top = y.start + HIGHEST_BAR * share * (y.end - y.start);
            Rectangle::new([(left, y.start), (left + width, top)], color.filled())
        };
        let bins = counts.iter().enumerate();
        bins.filter(|(_, count)| **count > 0).map(bar).collect()
    }

    fn draw_errors(&self, area: &Area) -> Drawn {
        let errors = self.shown.iter().map(|(series, range)| {
            along(range, |u| series.error(u).abs().max(LEAST_ERROR).log10())
        });
        let errors: Vec<Vec<(f64, f64)>> = errors.collect();
        let y = padded(errors.iter().flatten().map(|point| point.1));
        // More powers of ten, to leave room for the legend.
        let y = y.start.floor()..y.end.ceil() + 4.0;
        let mut axes = Frame {
            title: "",
            x_label: "potential",
            y_label: "|error| of the series",
            x: self.x.clone(),
            y: y.clone(),
            format_y: &power_of_ten,
        }
        .draw(area)?;
        for part in errors {
            axes.draw_series(LineSeries::new(part, ORANGE.stroke_width(2)))?;
        }
        // Neurons with their own centers also have their own radii.
        let [(series, _)] = self.shown.as_slice() else {
            return Ok(());
        };
        let ends = [-series.radius(), series.radius()].map(|r| series.center() + r);
        let seen: Vec<f64> = ends.into_iter().filter(|u| self.x.contains(u)).collect();
        if seen.is_empty() {
            return Ok(());
        }
        let line = |u: f64| PathElement::new([(u, y.start), (u, y.end)], GREEN.stroke_width(2));
        axes.draw_series(seen.into_iter().map(line))?
            .label("radius of convergence")
            .legend(|(x, y)| PathElement::new([(x, y), (x + 18, y)], GREEN.stroke_width(2)));
        legend(&mut axes, SeriesLabelPosition::UpperMiddle)
    }
}

fn along(range: &Range<f64>, function: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    let step = (range.end - range.start) / (N_POINTS - 1) as f64;
    let places = (0..N_POINTS).map(|k| range.start + step * k as f64);
    places.map(|u| (u, function(u))).collect()
}

/// The parts of a curve that lie within the vertical range of a frame.
fn inside(points: &[(f64, f64)], y: &Range<f64>) -> Vec<Vec<(f64, f64)>> {
    let parts = points.chunk_by(|a, b| y.contains(&a.1) == y.contains(&b.1));
    let seen = parts.filter(|part| y.contains(&part[0].1));
    seen.map(<[_]>::to_vec).collect()
}
