//! Warnings where a series can't describe the network.

use super::series::radius;
use super::{TaylorCenter, TaylorOptions, TaylorSeries};
use crate::model::DenseNetwork;

/// How many points are drawn to observe potentials, if none are given.
pub(super) const OBSERVED: usize = 256;

/// Warnings about the series of every layer at the observed potentials. The series of a layer whose
/// activation isn't expanded are empty.
pub(super) fn warnings(
    network: &DenseNetwork,
    options: &TaylorOptions,
    series: &[Vec<TaylorSeries>],
    observed: &[Vec<f64>],
) -> Vec<String> {
    let mut warnings = Vec::new();
    let expanded = network.layers().iter().enumerate();
    for (index, layer) in expanded.filter(|(index, _)| !series[*index].is_empty()) {
        let activation = layer.activation();
        let place = format!("layer {} ({activation})", index + 1);
        let at_zero = radius(activation, 0.0);
        if let TaylorCenter::At(center) = options.taylor_center(index)
            && at_zero > 0.0
            && center.abs() >= at_zero
        {
            warnings.push(format!(
                "{place}: the Taylor center {center} lies outside the radius of convergence around \
                 0, {at_zero:.3}; the polynomial is only accurate near that center, where the \
                 radius is {:.3}",
                radius(activation, center)
            ));
        }
        let outside = outside(&series[index], &observed[index]);
        if let Some((share, distance, radius)) = outside {
            let points = if options.points.is_none() {
                format!("{OBSERVED} points drawn in [-1, 1]")
            } else {
                "the given points".to_string()
            };
            warnings.push(format!(
                "{place}: {:.1} % of the potentials at {points} lie outside the radius of \
                 convergence, the farthest {distance:.3} from its Taylor center, where the radius \
                 is {radius:.3}; there the polynomial can't follow the network",
                100.0 * share
            ));
        }
    }
    warnings
}

/// The share of the potentials `(n_samples, n_neurons)` outside the radius of their series, then
/// the distance of the farthest one from its center, and the radius there.
pub(super) fn outside(series: &[TaylorSeries], potentials: &[f64]) -> Option<(f64, f64, f64)> {
    let pairs = potentials.iter().zip(series.iter().cycle());
    let distances = pairs.map(|(u, series)| ((u - series.center()).abs(), series.radius()));
    let outside: Vec<(f64, f64)> = distances
        .filter(|(distance, radius)| distance >= radius)
        .collect();
    let share = outside.len() as f64 / potentials.len() as f64;
    let farthest = outside
        .into_iter()
        .max_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    farthest.map(|(distance, radius)| (share, distance, radius))
}
