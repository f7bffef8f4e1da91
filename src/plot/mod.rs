//! Figures as SVG, for notebooks and files.

mod agreement;
mod coefficients;
mod contour;
mod coverage;
mod curve;
mod decision;
mod interpretation;
mod latent;
mod pareto;
mod polynomial;
mod potentials;
mod prediction;
mod residuals;
mod rest;
pub mod style;
mod surfaces;
mod training;

pub use agreement::agreement_figure;
pub use coefficients::coefficients_figure;
pub use coverage::coverage_figure;
pub use curve::curve_figure;
pub use decision::decision_figure;
pub use interpretation::interpretation_figures;
pub use latent::latent_figure;
pub use pareto::pareto_figure;
pub use polynomial::polynomial_figures;
pub use potentials::potentials_figure;
pub use prediction::prediction_figure;
pub use residuals::residual_figure;
pub use rest::rest_figure;
pub use surfaces::surfaces_figure;
pub use training::training_figure;

use crate::error::Result;
use crate::files::write_atomically;
use crate::notebook::show;
use std::path::Path;

/// A figure as SVG text.
///
/// A notebook shows the figure if it is the last value of a cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    svg: String,
}

impl Figure {
    /// The SVG text.
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// Writes the SVG to a file. The file is never left half written.
    ///
    /// # Errors
    /// If the folder can't be written to.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        write_atomically(path.as_ref(), self.svg.as_bytes())
    }

    /// Shows the figure in a notebook. The kernel calls this for the last value of a cell.
    pub fn evcxr_display(&self) {
        show(&[("text/html", &self.image())]);
    }

    /// The figure as an HTML image with the drawing in its address.
    ///
    /// If a notebook was not run on the reader's own machine, Jupyter shows images, but strips SVG
    /// drawings, both in HTML and as image/svg+xml, because they may contain scripts.
    fn image(&self) -> String {
        let mut html = String::from("<img alt=\"figure\" src=\"data:image/svg+xml,");
        for character in self.svg.trim_end().chars() {
            // Characters that would end the attribute or the address, or be removed from it.
            match character {
                '%' | '"' | '#' | '&' | '<' | '>' | '\n' => {
                    html += &format!("%{:02X}", u32::from(character));
                }
                _ => html.push(character),
            }
        }
        html + "\">"
    }
}

#[cfg(test)]
mod tests {
    use super::Figure;

    #[test]
    fn the_image_of_a_figure_holds_its_drawing() {
        let svg = "<svg width=\"9\">\n<text fill=\"#000000\">x &lt; 5 % of µ</text>\n</svg>";
        let figure = Figure { svg: svg.into() };
        let image = figure.image();
        let start = "<img alt=\"figure\" src=\"data:image/svg+xml,";
        let address = image
            .strip_prefix(start)
            .and_then(|rest| rest.strip_suffix("\">"));
        let mut parts = address.expect("one attribute").split('%');
        let mut decoded = parts.next().unwrap().to_string();
        for part in parts {
            let (code, rest) = part.split_at(2);
            decoded.push(u8::from_str_radix(code, 16).unwrap().into());
            decoded += rest;
        }
        assert_eq!(decoded, svg);
        assert!(!address.unwrap().contains(['"', '<', '>', '&', '#', '\n']));
    }
}
