//! How sums of terms are fitted to directions, values and labels.
//!
//! These numbers belong to an objective, which is made before a search begins.

use super::Polynomials;

super::numbers! {
    /// How sums are fitted to directions, by iteratively reweighted least squares.
    DirectionFits {
        /// The largest number of reweightings in a fit of coefficients.
        max_renewals: usize = 10,
        /// Reweighting stops if no coefficient moves by more than this share of the largest one.
        settled: f64 = 1e-9,
        /// Reweighting also stops at a loss below this, which is rounding error.
        negligible_loss: f64 = 1e-14,
        /// Reweightings in a closer score.
        n_closer: usize = 3,
        /// The least squared gradient that weights a point, as a share of the mean. It keeps points
        /// near a vanishing gradient from taking all of the weight.
        weight_floor: f64 = 1e-4,
        /// The same in a quick score, where the gradient is that of all terms.
        score_floor: f64 = 1e-6,
    }

    /// How sums are fitted to values.
    ValueFits {
        /// A squared error below this share of the variance is rounding error: each value is exact
        /// to 1e-11.
        resolution: f64 = 1e-22,
        /// An absolute error below this share of the spread is rounding error.
        absolute_resolution: f64 = 1e-11,
        /// Values that were written with five digits or more are exact to this multiple of what
        /// rounding them costs on average: the inputs were often rounded as well, which costs about
        /// as much. With half of it, formulas get terms that fit such rounding; with twice as much,
        /// the least of true terms are lost.
        rounding_margin: f64 = 4.0,
        /// Above this loss, the rounding of inputs excuses nothing: a formula so steep that it does
        /// would fit anything. Near a pole it costs 1e-20 where inputs have twelve digits.
        max_rounding: f64 = 1e-12,
        /// Rounds of reweighting for absolute errors.
        n_reweighted: usize = 15,
        /// The least error that weights a point, as a share of the spread.
        weight_floor: f64 = 1e-6,
        /// Values have a sign up to their errors if those of the other sign have at most this share of
        /// the sum of squares. Noise of a tenth of the standard deviation passes; with half of it,
        /// power laws with that noise are left to the evolution, and with ten times as much, functions
        /// that cross 0 are taken for noise.
        wrong_sign: f64 = 0.01,
        /// Such values count from this multiple of the error on: below, half of their sizes are noise.
        least_size: f64 = 2.0,
        /// Sizes above this quantile count alike inside of logarithms and inverses. With a higher one, a
        /// few large values decide alone; with a lower one, the noise of small values covers power laws.
        large: f64 = 0.75,
        /// How many robust standard deviations from a fit an outlier lies. Of
        /// normal errors one in a million lies farther; with half as many, one in eighty, and with twice
        /// as many, outliers that pull a fit pass for errors.
        outlying: f64 = 5.0,
    }

    /// How sums are fitted to labels, and which labels are used.
    LabelFits {
        /// The polynomials that approximate the boundary.
        polynomials: Polynomials = Polynomials::DEFAULT,
        /// The price of a coefficient of these polynomials, in logarithms of the number of points:
        /// the Bayesian information criterion.
        coefficient_price: f64 = 0.5,
        /// The distance from the approximate boundary at which a point is half as likely to be kept
        /// as on it, with features scaled to unit variance.
        near: f64 = 0.05,
        /// The largest share of all points that are used to score subsets; they lie near the
        /// approximate boundary.
        max_boundary_share: f64 = 0.3,
        /// Reweightings in a closer score.
        n_renewals: usize = 3,
        /// The largest number of steps of a fit.
        n_steps: usize = 25,
        /// A fit ends when the loss falls by less than this share.
        settled: f64 = 1e-4,
        /// The shares of a step that are tried, the largest first. A whole step may overshoot where
        /// labels are nearly separable.
        shares: [f64; 5] = [1.0, 0.5, 0.25, 0.1, 0.03],
        /// The largest number of steps in the search for the best factor of a formula.
        max_scale_steps: usize = 60,
        /// That search ends when the factor is known to this share.
        scale_settled: f64 = 1e-7,
        /// The largest factor, in units of 1 over the mean size of the values. For labels that a
        /// formula separates perfectly, the best factor is infinite.
        max_scale: f64 = 1e9,
    }
}
