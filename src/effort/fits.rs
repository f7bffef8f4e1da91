//! How sums of terms are fitted to directions, values and labels.
//!
//! They belong to an objective, which is made before a search begins.

use super::Polynomials;

super::numbers! {
    /// How sums are fitted to directions: by renewed weights.
    DirectionFits {
        /// Renewals of the weights when coefficients are fitted.
        max_renewals: usize = 10,
        /// Renewals stop when no coefficient moves by more than this share of the largest one,
        settled: f64 = 1e-9,
        /// or at a loss that is rounding error.
        negligible_loss: f64 = 1e-14,
        /// Renewals of a closer score.
        n_closer: usize = 3,
        /// The least squared gradient that a point is weighted by, as a share of the mean: it keeps
        /// points near a vanishing gradient from taking all of the weight,
        weight_floor: f64 = 1e-4,
        /// and the same in a quick score, where the gradient is that of all terms.
        score_floor: f64 = 1e-6,
    }

    /// How sums are fitted to values.
    ValueFits {
        /// Below this share of the variance a squared error is rounding error: each value exact
        /// to 1e-11,
        resolution: f64 = 1e-22,
        /// and below this share of the spread an absolute one.
        absolute_resolution: f64 = 1e-11,
        /// Rounds of reweighting for absolute errors.
        n_reweighted: usize = 15,
        /// The least error that a point is weighted by, as a share of the spread.
        weight_floor: f64 = 1e-6,
    }

    /// How sums are fitted to labels, and which of the labels are looked at.
    LabelFits {
        /// The polynomials by which the rough boundary is found.
        polynomials: Polynomials = Polynomials::DEFAULT,
        /// What a coefficient of theirs costs, in logarithms of the number of points: the Bayesian
        /// information criterion.
        coefficient_price: f64 = 0.5,
        /// The distance from the rough boundary, in features of unit variance, at which a point is
        /// half as likely to be kept as one on it.
        near: f64 = 0.05,
        /// Subsets are scored on points near the rough boundary, at most this share of all.
        max_boundary_share: f64 = 0.3,
        /// Renewals of the weights in a closer score.
        n_renewals: usize = 3,
        /// Steps of a fit,
        n_steps: usize = 25,
        /// which end when the loss falls by less than this share.
        settled: f64 = 1e-4,
        /// The shares of a step that are tried, the largest first: a whole one may overshoot where
        /// labels are nearly told apart.
        shares: [f64; 5] = [1.0, 0.5, 0.25, 0.1, 0.03],
        /// Steps of the search for the best factor of a formula,
        max_scale_steps: usize = 60,
        /// which ends when the factor is known to this share.
        scale_settled: f64 = 1e-7,
        /// The largest factor, in units of 1 over the mean size of the values: labels that a formula
        /// tells apart without error ask for any.
        max_scale: f64 = 1e9,
    }
}
