//! The largest coefficients of polynomials, as bars.

use super::Figure;
use super::style::{BLUE, Frame, GREEN, INK, ORANGE, PURPLE, SKY, figure, legend, name_at, padded};
use crate::error::{Error, Result};
use crate::polynomial::Polynomial;
use plotters::prelude::*;

/// The height of a monomial's bars; monomials are 1 apart.
const THICKNESS: f64 = 0.7;
const WIDTH: u32 = 620;

/// Draws the `max_terms` largest coefficients of named polynomials as bars, the largest on top.
///
/// For one polynomial, colours show which coefficients are negative. For several, such as those of
/// two networks trained on the same data, the bars of each monomial are side by side. A monomial is
/// shown if its coefficient is among the largest of any polynomial; a missing coefficient is 0.
///
/// `names` has the shape `(n_variables,)`; a variable without a name is written `x1`, `x2`, ...
///
/// ```
/// use closedform::Polynomial;
/// use closedform::plot::coefficients_figure;
///
/// let truth = Polynomial::from_terms(2, vec![(vec![1], 2.0), (vec![1, 2], -1.0)])?;
/// let figure = coefficients_figure(&[("truth", &truth)], 10, &[])?;
/// assert!(figure.svg().contains("x1 x2"));
/// # Ok::<(), closedform::Error>(())
/// ```
///
/// # Errors
/// If there are no polynomials, if none has a term, or if `max_terms` is 0.
pub fn coefficients_figure(
    polynomials: &[(&str, &Polynomial)],
    max_terms: usize,
    names: &[String],
) -> Result<Figure> {
    let labels = largest(polynomials, max_terms);
    if labels.is_empty() {
        return Err(Error::NothingToDraw(
            "there are no coefficients to draw".into(),
        ));
    }
    let n = labels.len();
    let monomials = labels.iter().rev().map(|label| monomial(label, names));
    let monomials: Vec<String> = monomials.collect::<Result<_>>()?;
    // From the bottom up, like the axis.
    let rows = |polynomial: &Polynomial| -> Vec<f64> {
        let labels = labels.iter().rev();
        labels.map(|label| polynomial.coefficient(label)).collect()
    };
    let values: Vec<Vec<f64>> = polynomials.iter().map(|(_, p)| rows(p)).collect();
    let thickness = THICKNESS / polynomials.len() as f64;
    let longest = monomials.iter().map(|name| name.chars().count()).max();
    let room = 30 + 9 * longest.unwrap_or(0) as u32;
    // In pixels: the bars of a monomial, and the legend, which has at least two entries.
    let row_height = 13.0 * (polynomials.len() + 1) as f64;
    let legend_height = 20.0 * polynomials.len().max(2) as f64 + 30.0;
    let n_rows = n as f64 + legend_height / row_height;
    let height = 90.0 + row_height * n_rows;
    figure((WIDTH + room, height as u32), |area| {
        let mut axes = Frame {
            title: "Largest coefficients",
            x_label: "coefficient",
            y_label: "",
            x: padded(values.iter().flatten().copied().chain([0.0])),
            y: -0.6..n_rows - 0.4,
            format_y: &|place| name_at(&monomials, *place),
        }
        .draw_with_names(area, n_rows as usize, room)?;
        let bar = |index: usize, row: usize, value: f64, color: RGBColor| {
            let top = row as f64 + THICKNESS / 2.0 - index as f64 * thickness;
            Rectangle::new([(0.0, top), (value, top - thickness)], color.filled())
        };
        let key = |color: RGBColor| {
            move |(x, y): (i32, i32)| Rectangle::new([(x, y - 5), (x + 14, y + 5)], color.filled())
        };
        let mut draw = |index: usize, name: &str, color: RGBColor, is_shown: fn(f64) -> bool| {
            let shown = values[index].iter().copied().enumerate();
            let shown = shown.filter(|(_, value)| is_shown(*value));
            let bars = shown.map(|(row, value)| bar(index, row, value, color));
            axes.draw_series(bars)
                .map(|series| series.label(name).legend(key(color)))
                .map(|_| ())
        };
        match polynomials {
            [(name, _)] => {
                draw(0, &format!("{name}: positive"), BLUE, |value| value > 0.0)?;
                draw(0, &format!("{name}: negative"), ORANGE, |value| value < 0.0)?;
            }
            _ => {
                let colors = [BLUE, ORANGE, GREEN, INK, PURPLE, SKY].into_iter().cycle();
                for ((index, (name, _)), color) in polynomials.iter().enumerate().zip(colors) {
                    draw(index, name, color, |_| true)?;
                }
            }
        }
        let ends = [(0.0, -0.6), (0.0, n as f64 - 0.4)];
        axes.draw_series(LineSeries::new(ends, INK.stroke_width(1)))?;
        legend(&mut axes, SeriesLabelPosition::UpperRight)
    })
}

/// The labels of the monomials with the largest coefficients, the largest first.
fn largest(polynomials: &[(&str, &Polynomial)], max_terms: usize) -> Vec<Vec<usize>> {
    let size = |label: &[usize]| {
        let sizes = polynomials.iter().map(|(_, p)| p.coefficient(label).abs());
        sizes.fold(0.0, f64::max)
    };
    let terms = polynomials.iter().flat_map(|(_, p)| p.terms());
    let mut labels: Vec<Vec<usize>> = terms.map(|(label, _)| label.to_vec()).collect();
    labels.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    labels.dedup();
    // The sort is stable: equal ones keep the order of monomials.
    labels.sort_by(|a, b| size(b).total_cmp(&size(a)));
    labels.truncate(max_terms);
    labels
}

/// `x1^2 x2`; the constant is `1`.
fn monomial(label: &[usize], names: &[String]) -> Result<String> {
    let n_variables = label.last().copied().unwrap_or(1);
    let alone = Polynomial::from_terms(n_variables, vec![(label.to_vec(), 1.0)])?;
    Ok(alone.to_plain(names))
}
