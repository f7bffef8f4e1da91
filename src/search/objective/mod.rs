//! What a formula is judged by: directions, values or labels, or a measure of the user's.

mod directions;
mod labels;
mod linear;
mod values;

pub use directions::DirectionObjective;
pub use labels::{LabelLoss, LabelObjective};
pub use values::{ValueLoss, ValueObjective};

use crate::effort::RESOLUTION;
use crate::formula::{Columns, Evaluation};
use crate::formula::{Expression, Operator};

/// A measure of formulas on given points.
///
/// [`loss`](Self::loss), with the points and how to thin them, makes a complete objective; the
/// other methods tell the search more: with [`terms`](Self::terms) it solves for coefficients
/// instead of searching them, with [`residuals`](Self::residuals) it fits constants inside of
/// formulas.
///
/// ```
/// use closedform::{Expression, Objective, SearchOptions, progress, search_for};
/// use closedform::formula::{Columns, Evaluation};
///
/// /// The largest error, which no other objective looks at.
/// struct LargestError(Columns, Vec<f64>);
///
/// impl Objective for LargestError {
///     fn feature_names(&self) -> Vec<String> {
///         vec!["x".to_string()]
///     }
///     fn columns(&self) -> &Columns {
///         &self.0
///     }
///     fn loss(&self, found: &Evaluation) -> Option<f64> {
///         let errors = found.values.iter().zip(&self.1).map(|(value, target)| (value - target).abs());
///         (found.values.len() == self.1.len()).then(|| errors.fold(0.0, f64::max))
///     }
/// }
///
/// let x: Vec<f64> = (0..20).map(|i| i as f64 / 10.0).collect();
/// let squares = x.iter().map(|x| x * x).collect();
/// let objective = LargestError(Columns::new(vec![x])?, squares);
/// let found = search_for(&objective, &SearchOptions::default(), progress::silent)?;
/// assert_eq!(found.front.best().unwrap().expression.to_string(), "x1**2");
/// # Ok::<(), closedform::Error>(())
/// ```
pub trait Objective: Send + Sync {
    /// The features' names.
    fn feature_names(&self) -> Vec<String>;

    /// The points.
    fn columns(&self) -> &Columns;

    /// The loss of a formula with these values and derivatives, or `None` where it has none.
    ///
    /// Lower is better; 0 is a match, and a formula that knows nothing has a loss of about 1.
    fn loss(&self, found: &Evaluation) -> Option<f64>;

    /// Losses below this are rounding error: a formula that reaches it is a match.
    fn resolution(&self) -> f64 {
        RESOLUTION
    }

    /// The same measure on every k-th point, so that at most `max_samples` are left; `None` if it
    /// is always computed on all points.
    fn thinned(&self, _max_samples: usize) -> Option<Box<dyn Objective>> {
        None
    }

    /// Candidate terms, ready to be combined into sums; `None` if coefficients can't be solved for.
    fn terms<'a>(&'a self, _terms: &[&Evaluation]) -> Option<Box<dyn TermFits + 'a>> {
        None
    }

    /// The same measure, but that [`terms`](Self::terms) are combined without an offset; `None` if
    /// offsets are not fitted anyway, or if there is no way without.
    fn without_offset(&self) -> Option<Box<dyn Objective>> {
        None
    }

    /// Differences whose mean square is the loss; `None` if the loss isn't of this kind.
    fn residuals(&self, _found: &Evaluation) -> Option<Vec<f64>> {
        None
    }

    /// How many numbers per point the residuals are free in.
    fn n_dimensions(&self) -> usize {
        1
    }

    /// How the residuals change with a constant: `sensitivity` holds the changes of values and
    /// derivatives.
    fn residual_slopes(&self, _found: &Evaluation, _sensitivity: &Evaluation) -> Vec<f64> {
        Vec::new()
    }

    /// 1 if the formula rises with what it is matched to, -1 if it falls.
    fn orientation(&self, _found: &Evaluation) -> f64 {
        1.0
    }

    /// Whether formulas that differ by a positive factor are the same.
    fn is_scale_free(&self) -> bool {
        false
    }

    /// Whether formulas that differ by an offset are different.
    fn sees_offset(&self) -> bool {
        true
    }

    /// The logarithm of the likelihood that a unit of loss takes away, if the loss measures one:
    /// formulas are then chosen by what it takes to describe them and the data.
    fn log_likelihood(&self) -> Option<f64> {
        None
    }

    /// The directions, if this is what is matched: they show structure.
    fn directions(&self) -> Option<&DirectionObjective> {
        None
    }

    /// The values at the points, if this is what is matched.
    fn target(&self) -> Option<&[f64]> {
        None
    }

    /// Functions that a sum may be inside of, each with the objective that the sum then has.
    fn links(&self, _operators: &[Operator]) -> Vec<(Link, Box<dyn Objective>)> {
        Vec::new()
    }
}

/// What a sum of terms stands inside of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Link {
    /// Nothing: the sum is the formula.
    Identity,
    /// The sum holds logarithms: the formula is a product of powers, up to its sign.
    Product,
    /// The formula is a function of the sum.
    Function(Operator),
    /// The formula is 1 over the sum.
    Inverse,
}

impl Link {
    pub(crate) fn applied(self, sum: Expression) -> Expression {
        match self {
            Self::Identity | Self::Product => sum,
            Self::Function(operator) => Expression::unary(operator, sum),
            Self::Inverse => Expression::constant(1.0) / sum,
        }
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
    /// What is added to the sum.
    pub offset: f64,
    /// The loss of the sum.
    pub loss: f64,
}
