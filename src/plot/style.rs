//! What all figures share: sizes, colours, axes.

use super::Figure;
use crate::error::{Error, Result};
use plotters::coord::Shift;
use plotters::prelude::*;
use std::ops::Range;

/// The area of a figure, or of a part of one.
pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// Axes with their coordinates.
pub type Axes<'a, 'b> = ChartContext<
    'a,
    SVGBackend<'b>,
    Cartesian2d<plotters::coord::types::RangedCoordf64, plotters::coord::types::RangedCoordf64>,
>;

/// The result of drawing a part.
pub type Drawn = std::result::Result<(), Box<dyn std::error::Error>>;

/// Blue. This and the next four are colours of Okabe & Ito (2008), which people with any common
/// colour blindness can tell apart.
pub const BLUE: RGBColor = RGBColor(0, 114, 178);
/// Orange.
pub const ORANGE: RGBColor = RGBColor(230, 159, 0);
/// Green.
pub const GREEN: RGBColor = RGBColor(0, 158, 115);
/// Purple.
pub const PURPLE: RGBColor = RGBColor(204, 121, 167);
/// Sky blue.
pub const SKY: RGBColor = RGBColor(86, 180, 233);
/// The colour of text and axes.
pub const INK: RGBColor = RGBColor(40, 40, 40);

/// A colour mixed with white. It isn't transparent, so adjacent areas show no seams.
pub fn tint(color: RGBColor, share: f64) -> RGBColor {
    let mixed = |part: u8| (255.0 - share * (255.0 - f64::from(part))) as u8;
    RGBColor(mixed(color.0), mixed(color.1), mixed(color.2))
}

const GRID: RGBColor = RGBColor(225, 225, 225);

/// Font and size of labels.
pub const TEXT: (&str, i32) = ("sans-serif", 15);
const TITLE: (&str, i32) = ("sans-serif", 17);

/// Draws a figure of the given size in pixels.
pub fn figure((width, height): (u32, u32), draw: impl FnOnce(&Area) -> Drawn) -> Result<Figure> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
        area.fill(&WHITE)
            .map_err(Into::into)
            .and_then(|()| draw(&area))
            .and_then(|()| area.present().map_err(Into::into))
            .map_err(|error: Box<dyn std::error::Error>| Error::Figure(error.to_string()))?;
    }
    Ok(Figure { svg })
}

/// Axes with labels. The caller chooses the number formats.
pub struct Frame<'f> {
    /// The text above the axes.
    pub title: &'f str,
    /// The text below the horizontal axis.
    pub x_label: &'f str,
    /// The text beside the vertical axis.
    pub y_label: &'f str,
    /// The range of the horizontal axis.
    pub x: Range<f64>,
    /// The range of the vertical axis.
    pub y: Range<f64>,
    /// Formats the labels of the vertical axis.
    pub format_y: &'f dyn Fn(&f64) -> String,
}

/// A number without unnecessary digits, for axes.
pub fn plain(value: &f64) -> String {
    // Adding 0 turns a negative zero into a plain one.
    format!("{}", (value * 1e6).round() / 1e6 + 0.0)
}

/// A text of at most `longest` characters. What was cut off is shown as an ellipsis.
pub fn shortened(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_string();
    }
    let kept = text.chars().take(longest.saturating_sub(1));
    kept.chain(['…']).collect()
}

/// 10^value, for axes with decimal logarithms. Only whole powers are written.
pub fn power_of_ten(value: &f64) -> String {
    if (value - value.round()).abs() > 1e-6 {
        return String::new();
    }
    format!("1e{}", value.round())
}

impl Frame<'_> {
    /// Draws the axes.
    pub fn draw<'a, 'b>(
        &self,
        area: &'a Area<'b>,
    ) -> std::result::Result<Axes<'a, 'b>, Box<dyn std::error::Error>>
    where
        'b: 'a,
    {
        self.draw_with_x(area, 7, &plain)
    }

    /// Draws the axes with at most `n_labels` labels on the horizontal axis, in their own format.
    pub fn draw_with_x<'a, 'b>(
        &self,
        area: &'a Area<'b>,
        n_labels: usize,
        format_x: &dyn Fn(&f64) -> String,
    ) -> std::result::Result<Axes<'a, 'b>, Box<dyn std::error::Error>>
    where
        'b: 'a,
    {
        self.draw_axes(area, (n_labels, format_x), (7, 66))
    }

    /// Draws the axes with names on the vertical axis, and room for them in pixels. `format_y`
    /// gives the names for whole numbers.
    pub fn draw_with_names<'a, 'b>(
        &self,
        area: &'a Area<'b>,
        n_names: usize,
        room: u32,
    ) -> std::result::Result<Axes<'a, 'b>, Box<dyn std::error::Error>>
    where
        'b: 'a,
    {
        self.draw_axes(area, (7, &plain), (2 * n_names, room))
    }

    fn draw_axes<'a, 'b>(
        &self,
        area: &'a Area<'b>,
        (n_x_labels, format_x): (usize, &dyn Fn(&f64) -> String),
        (n_y_labels, y_room): (usize, u32),
    ) -> std::result::Result<Axes<'a, 'b>, Box<dyn std::error::Error>>
    where
        'b: 'a,
    {
        let mut axes = ChartBuilder::on(area)
            .caption(self.title, TITLE.into_font().color(&INK))
            .margin(12)
            .margin_right(24)
            .x_label_area_size(46)
            .y_label_area_size(y_room)
            .build_cartesian_2d(drawable(&self.x)?, drawable(&self.y)?)?;
        axes.configure_mesh()
            .x_desc(self.x_label)
            .y_desc(self.y_label)
            .x_labels(n_x_labels)
            .y_labels(n_y_labels)
            .x_label_formatter(&format_x)
            .y_label_formatter(&self.format_y)
            .axis_desc_style(TEXT.into_font().color(&INK))
            .label_style(TEXT.into_font().color(&INK))
            .bold_line_style(GRID)
            .light_line_style(TRANSPARENT)
            .axis_style(INK)
            .draw()?;
        Ok(axes)
    }
}

/// The least length of an axis, as a share of its largest number. On a shorter axis the labels look
/// the same.
const LEAST_SHARE: f64 = 1e-9;
/// The least length of an axis whose numbers are near 0.
const LEAST_LENGTH: f64 = 1e-300;
/// The largest number on an axis. The steps between labels are powers of ten, so they would overflow
/// beyond it.
const LARGEST: f64 = 1e300;

/// The range of an axis, widened where it is too short for labels.
fn drawable(range: &Range<f64>) -> std::result::Result<Range<f64>, Box<dyn std::error::Error>> {
    let (low, high) = (range.start, range.end);
    let size = low.abs().max(high.abs());
    if !(size <= LARGEST && low <= high) {
        return Err(format!("an axis can't go from {low} to {high}").into());
    }
    let least = (LEAST_SHARE * size).max(LEAST_LENGTH);
    let middle = low.midpoint(high);
    Ok(if high - low < least {
        middle - least / 2.0..middle + least / 2.0
    } else {
        low..high
    })
}

/// The name at a place on an axis of names; empty between places.
pub fn name_at(names: &[String], place: f64) -> String {
    let is_place = (place - place.round()).abs() < 1e-6 && place > -0.5;
    let name = is_place
        .then(|| names.get(place.round() as usize))
        .flatten();
    name.cloned().unwrap_or_default()
}

/// The range of the finite values, widened by a twentieth on each side. It is never empty.
pub fn padded(values: impl Iterator<Item = f64>) -> Range<f64> {
    let (low, high) = values
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
            (low.min(v), high.max(v))
        });
    if low > high {
        return 0.0..1.0;
    }
    let margin = if high > low { (high - low) / 20.0 } else { 0.5 };
    low - margin..high + margin
}

/// Draws the legend of the series that have labels, at a position that their points leave free.
pub fn legend<'a, 'b: 'a>(axes: &mut Axes<'a, 'b>, position: SeriesLabelPosition) -> Drawn {
    axes.configure_series_labels()
        .position(position)
        .background_style(WHITE.mix(0.88))
        .border_style(GRID)
        .label_font(TEXT.into_font().color(&INK))
        .margin(8)
        .draw()?;
    Ok(())
}
