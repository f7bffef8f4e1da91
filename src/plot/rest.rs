//! Where the rest of a model comes from, as bars.

use super::Figure;
use super::style::{BLUE, Frame, INK, figure, name_at};
use crate::error::{Error, Result};
use crate::interpretation::RestPart;
use plotters::prelude::*;

const WIDTH: u32 = 560;

/// Draws the shares of what a formula leaves of its model that columns explain, alone or in pairs,
/// as bars, the largest on top; see [`Certificate::rest`](crate::interpretation::Certificate::rest).
///
/// ```
/// use closedform::interpretation::RestPart;
/// use closedform::plot::rest_figure;
///
/// let part = |columns: &[&str], share| RestPart {
///     columns: columns.iter().map(|name| name.to_string()).collect(),
///     share,
/// };
/// let figure = rest_figure(&[part(&["age"], 0.4), part(&["age", "dose"], 0.2)])?;
/// assert!(figure.svg().contains("age and dose"));
/// # Ok::<(), closedform::Error>(())
/// ```
///
/// # Errors
/// If there are no parts.
pub fn rest_figure(parts: &[RestPart]) -> Result<Figure> {
    if parts.is_empty() {
        return Err(Error::NothingToDraw(
            "the formula leaves nothing that columns explain".into(),
        ));
    }
    // From the bottom up, like the axis.
    let names: Vec<String> = parts
        .iter()
        .rev()
        .map(|p| p.columns.join(" and "))
        .collect();
    let shares: Vec<f64> = parts.iter().rev().map(|part| 100.0 * part.share).collect();
    let most = shares.iter().copied().fold(0.0, f64::max);
    let longest = names.iter().map(|name| name.chars().count()).max();
    let room = 30 + 9 * longest.unwrap_or(0) as u32;
    let n = parts.len();
    figure((WIDTH + room, 100 + 26 * n as u32), |area| {
        let mut axes = Frame {
            title: "What explains the rest",
            x_label: "share of the rest, %",
            y_label: "",
            x: 0.0..1.05 * most,
            y: -0.6..n as f64 - 0.4,
            format_y: &|place| name_at(&names, *place),
        }
        .draw_with_names(area, n, room)?;
        axes.draw_series(shares.iter().enumerate().map(|(row, share)| {
            let row = row as f64;
            Rectangle::new([(0.0, row + 0.3), (*share, row - 0.3)], BLUE.filled())
        }))?;
        let ends = [(0.0, -0.6), (0.0, n as f64 - 0.4)];
        axes.draw_series(LineSeries::new(ends, INK.stroke_width(1)))?;
        Ok(())
    })
}
