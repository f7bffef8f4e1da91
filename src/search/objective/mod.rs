//! What a formula is judged by: directions, values or labels, or a measure of the user's.

mod directions;
mod eigen;

pub use directions::DirectionObjective;

use super::tape::{Columns, Evaluation};

/// A measure of formulas on given points.
///
/// [`loss`](Self::loss) alone makes a complete objective. The other methods tell the search more:
/// with [`terms`](Self::terms) it solves for coefficients instead of searching them, with
/// [`residuals`](Self::residuals) it fits constants inside of formulas.
pub trait Objective: Send + Sync {
    /// The features' names.
    fn feature_names(&self) -> &[String];

    /// The points.
    fn columns(&self) -> &Columns;

    /// The loss of a formula with these values and derivatives, or `None` where it has none.
    ///
    /// Lower is better; 0 is a match, and a formula that knows nothing has a loss of about 1.
    fn loss(&self, found: &Evaluation) -> Option<f64>;

    /// 1 if the formula rises with what it is matched to, -1 if it falls.
    fn orientation(&self, _found: &Evaluation) -> f64 {
        1.0
    }

    /// The same measure on every k-th point, so that at most `max_samples` are left.
    fn thinned(&self, max_samples: usize) -> Box<dyn Objective>;

    /// Candidate terms, ready to be combined into sums.
    fn terms<'a>(&'a self, terms: &[&Evaluation]) -> Box<dyn TermFits + 'a>;

    /// Differences whose mean square is the loss, with the direction of the best scale and offset
    /// taken out.
    fn residuals(&self, found: &Evaluation) -> Option<Vec<f64>>;

    /// How the residuals change with a constant: `sensitivity` holds the changes of values and
    /// derivatives.
    fn residual_slopes(&self, found: &Evaluation, sensitivity: &Evaluation) -> Vec<f64>;

    /// How many numbers per point the loss averages over, less those that are fitted: 1 for
    /// values, `n_features - 1` for directions.
    fn n_dimensions(&self) -> usize {
        1
    }
}

/// Fits sums of terms that were evaluated once.
pub trait TermFits: Send + Sync {
    /// The number of terms.
    fn n_terms(&self) -> usize;

    /// The size of a term's part in a sum, per unit of its coefficient.
    fn scale(&self, term: usize) -> f64;

    /// A quick measure of the best sum of a subset, near to its loss.
    fn score(&self, subset: &[usize]) -> f64;

    /// A slower measure, nearer still to the loss.
    fn closer_score(&self, subset: &[usize]) -> f64 {
        self.score(subset)
    }

    /// The best coefficients for a subset of the terms, or `None` if there are none.
    fn fit(&self, subset: &[usize]) -> Option<Fit>;
}

/// Coefficients of a sum with the sum's loss.
#[derive(Debug, Clone)]
pub struct Fit {
    /// One coefficient per term.
    pub coefficients: Vec<f64>,
    /// The loss of the sum.
    pub loss: f64,
}
