//! Figures of a study: rates with intervals, and the fidelity of the networks.

use crate::study::{StudyRow, StudySummary};
use closedform::Figure;
use closedform::numerics::Rate;
use closedform::plot::style::{BLUE, Frame, ORANGE, figure, legend, name_at, padded, power_of_ten};
use closedform::{Error, Result};
use plotters::prelude::*;

/// A mean |cos| closer to 1 than this is drawn at this distance.
const LEAST_ANGLE: f64 = 1e-8;
/// The width of the marks of one experiment's seeds; experiments are 1 apart.
const SPREAD: f64 = 0.6;

/// A rate and its place, counted from 0.
type Placed = (usize, Rate);

/// Draws all figures that a study has enough rows for, with names for their files.
///
/// # Errors
/// If a figure can't be drawn.
pub fn study_figures(rows: &[StudyRow]) -> Result<Vec<(&'static str, Figure)>> {
    type Draw = fn(&[StudyRow]) -> Result<Figure>;
    let figures: [(&'static str, Draw); 2] = [
        ("rates.svg", rates_figure),
        ("fidelity.svg", fidelity_figure),
    ];
    let mut drawn = Vec::new();
    for (name, draw) in figures {
        match draw(rows) {
            Ok(figure) => drawn.push((name, figure)),
            Err(Error::NothingToDraw(_)) => (),
            Err(error) => return Err(error),
        }
    }
    Ok(drawn)
}

/// Draws how often the structure was found in each experiment, with 95 % intervals, among the
/// runs of the summary's [main group](StudySummary::main_group).
///
/// # Errors
/// If there are no runs of an experiment with a known truth.
pub fn rates_figure(rows: &[StudyRow]) -> Result<Figure> {
    let summary = StudySummary::new(rows);
    let lines = summary
        .main_group()
        .into_iter()
        .flat_map(|group| &group.lines);
    let known: Vec<_> = lines.filter(|line| line.structure.n > 0).collect();
    if known.is_empty() {
        return Err(nothing());
    }
    let names: Vec<String> = known
        .iter()
        .map(|line| line.experiment.to_string())
        .collect();
    let structure: Vec<Placed> = known
        .iter()
        .map(|line| line.structure)
        .enumerate()
        .collect();
    let constants: Vec<Placed> = known
        .iter()
        .map(|line| line.constants)
        .enumerate()
        .collect();
    figure((620, 400), |area| {
        let frame = Frame {
            y: -0.03..1.3,
            ..rate_frame("Structure found", "experiment", &names)
        };
        // Marks may be at any height up to 100 %, so the legend is above them.
        let mut axes = frame.draw_with_x(area, 2 * names.len(), &|x| name_at(&names, *x))?;
        for (rates, name, color, offset) in [
            (structure, "structure", BLUE, -0.12),
            (constants, "and all constants within 5 %", ORANGE, 0.12),
        ] {
            let mark = move |center| Circle::new(center, 5, color.filled());
            axes.draw_series(intervals(&rates, offset, color))?;
            axes.draw_series(
                rates
                    .iter()
                    .filter_map(|placed| center(placed, offset))
                    .map(mark),
            )?
            .label(name)
            .legend(move |(x, y)| Circle::new((x + 9, y), 5, color.filled()));
        }
        legend(&mut axes, SeriesLabelPosition::UpperRight)
    })
}

/// Draws the fidelity of every network of the main group: one minus the mean `|cos|` between its
/// gradients and the true ones, at the points near or on the boundary that the search was given.
/// Colours show whether the structure was found.
///
/// # Errors
/// If there are no runs of an experiment with a known truth.
pub fn fidelity_figure(rows: &[StudyRow]) -> Result<Figure> {
    let summary = StudySummary::new(rows);
    let group = summary.main_group().ok_or_else(nothing)?;
    let data = (group.n_points, group.label_noise);
    let mut names: Vec<String> = Vec::new();
    let (mut found, mut missed) = (Vec::new(), Vec::new());
    for line in &group.lines {
        let is_of_line = |row: &&StudyRow| {
            let settings = &row.settings;
            settings.experiment == line.experiment
                && (settings.n_points, settings.label_noise) == data
        };
        let runs = rows.iter().filter(is_of_line).filter_map(|row| {
            let fidelity = row.outcome.as_ref().ok()?.fidelity?;
            Some((1.0 - fidelity, row.is_found()?))
        });
        let runs: Vec<(f64, bool)> = runs.collect();
        for (index, (angle, is_found)) in runs.iter().enumerate() {
            let offset = SPREAD * ((index as f64 + 0.5) / runs.len() as f64 - 0.5);
            let place = (names.len() as f64 + offset, angle.max(LEAST_ANGLE).log10());
            let side = if *is_found { &mut found } else { &mut missed };
            side.push(place);
        }
        if !runs.is_empty() {
            names.push(line.experiment.to_string());
        }
    }
    if names.is_empty() {
        return Err(nothing());
    }
    let y = padded(found.iter().chain(&missed).map(|(_, y)| *y));
    figure((620, 400), |area| {
        let mut axes = Frame {
            title: "Fidelity of the networks",
            x_label: "experiment",
            y_label: "1 - mean |cos|",
            x: -0.5..names.len() as f64 - 0.5,
            // One more power of ten, to leave room for the legend.
            y: y.start.floor()..y.end.ceil() + 1.0,
            format_y: &power_of_ten,
        }
        .draw_with_x(area, 2 * names.len(), &|x| name_at(&names, *x))?;
        for (points, name, color) in [
            (found, "structure found", BLUE),
            (missed, "not found", ORANGE),
        ] {
            let mark = move |point| Circle::new(point, 4, color.mix(0.8).filled());
            axes.draw_series(points.into_iter().map(mark))?
                .label(name)
                .legend(move |(x, y)| Circle::new((x + 9, y), 4, color.filled()));
        }
        legend(&mut axes, SeriesLabelPosition::UpperRight)
    })
}

fn rate_frame<'f>(title: &'f str, x_label: &'f str, names: &[String]) -> Frame<'f> {
    Frame {
        title,
        x_label,
        y_label: "runs",
        x: -0.5..names.len() as f64 - 0.5,
        y: -0.03..1.03,
        format_y: &percent_of_runs,
    }
}

/// A label for the axis of rates. It is empty above 100 %, where only the legend is.
fn percent_of_runs(share: &f64) -> String {
    if *share > 1.001 {
        String::new()
    } else {
        format!("{:.0} %", 100.0 * share + 0.0)
    }
}

fn center(&(index, rate): &Placed, offset: f64) -> Option<(f64, f64)> {
    rate.share().map(|share| (index as f64 + offset, share))
}

fn intervals(
    rates: &[Placed],
    offset: f64,
    color: RGBColor,
) -> impl Iterator<Item = PathElement<(f64, f64)>> {
    rates.iter().map(move |&(index, rate)| {
        let x = index as f64 + offset;
        let (low, high) = rate.interval();
        PathElement::new([(x, low), (x, high)], color.stroke_width(2))
    })
}

fn nothing() -> Error {
    Error::NothingToDraw("there are no runs to draw".into())
}
