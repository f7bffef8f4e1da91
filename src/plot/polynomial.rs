//! All figures of a network's polynomials that need only its weights.

use super::{Figure, agreement_figure, coefficients_figure, potentials_figure};
use crate::error::{Error, Result};
use crate::model::DenseNetwork;
use crate::points::Points;
use crate::polynomial::{NetworkPolynomials, Polynomial, observed_points};

/// How many of the largest coefficients are drawn.
const MAX_TERMS: usize = 15;

/// Draws the figures of a network's polynomials, with names for their files: the potentials; the
/// agreement at points, and at points twice as far from the middle of their
/// box; and the largest coefficients. If there are no points, they are drawn in [-1, 1].
///
/// `names` has the shape `(n_inputs,)`; an input without a name is written `x1`, `x2`, ...
///
/// # Errors
/// Those of [`NetworkPolynomials::agreement`], and if a figure can't be drawn.
pub fn polynomial_figures(
    polynomials: &NetworkPolynomials,
    network: &DenseNetwork,
    points: Option<&Points>,
    names: &[String],
) -> Result<Vec<(&'static str, Figure)>> {
    let points = &*observed_points(network, points)?;
    let extended = twice_as_far(points);
    let sets = [("the points", &**points), ("twice as far out", &extended)];
    let outputs = (0..network.n_outputs()).map(|output| {
        let name = format!("output {}", output + 1);
        Ok((name, polynomials.polynomial(output)?))
    });
    let outputs: Vec<(String, Polynomial)> = outputs.collect::<Result<_>>()?;
    let named: Vec<(&str, &Polynomial)> =
        outputs.iter().map(|(name, p)| (name.as_str(), p)).collect();
    let figures = [
        (
            "potentials.svg",
            potentials_figure(polynomials, network, points),
        ),
        (
            "agreement.svg",
            agreement_figure(polynomials, network, &sets),
        ),
        (
            "coefficients.svg",
            coefficients_figure(&named, MAX_TERMS, names),
        ),
    ];
    let mut drawn = Vec::new();
    for (name, figure) in figures {
        match figure {
            Ok(figure) => drawn.push((name, figure)),
            // A network without a hidden layer has no series. A network whose weights are all 0 has
            // no coefficients.
            Err(Error::NothingToDraw(_)) => (),
            Err(error) => return Err(error),
        }
    }
    Ok(drawn)
}

/// The points with twice their distance from the middle of their box.
fn twice_as_far(points: &Points) -> Vec<f64> {
    let sides = points.bounds().into_iter();
    let middles: Vec<f64> = sides.map(|(low, high)| low.midpoint(high)).collect();
    let pairs = points.iter().zip(middles.iter().cycle());
    pairs
        .map(|(x, middle)| middle + 2.0 * (x - middle))
        .collect()
}
