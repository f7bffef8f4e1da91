//! What a formula is judged by: directions, values or labels, or a measure of the user's.

mod directions;
mod labels;
mod likelihood;
mod linear;
pub(super) mod values;

pub use directions::DirectionObjective;
pub use labels::{LabelLoss, LabelObjective};
pub use likelihood::Likelihood;
pub use values::{ValueLoss, ValueObjective};

use super::combination::Solved;
use super::rules::Rules;
use crate::effort::{MAX_COMPLEXITY, RESOLUTION};
use crate::error::Result;
use crate::formula::{Columns, Evaluation};
use crate::formula::{Expression, Operator};

/// A measure of formulas on given points.
///
/// The features' names, the points and the loss make a complete objective. Everything else has a
/// default, and tells the search more. Two abilities have traits of their own: with [`Sums`] it
/// solves for coefficients instead of searching for them, and with [`LeastSquares`] it fits
/// constants inside of formulas.
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

    /// Refuses points that can't tell formulas apart, before a search begins.
    ///
    /// # Errors
    /// What is missing; by default nothing is refused.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// The same measure on fewer points, at most `max_samples` of them; `None` if it is always
    /// computed on all points.
    fn thinned(&self, _max_samples: usize) -> Option<Box<dyn Objective>> {
        None
    }

    /// The same measure for formulas in some of the columns only; `None` if it can't do without the
    /// others.
    fn on_columns(&self, _columns: &[usize]) -> Option<Box<dyn Objective>> {
        None
    }

    /// The same measure for the values divided by `divisor` `(n_samples,)`, as formulas in other
    /// columns; `None` if there are no values.
    fn divided(&self, _columns: Vec<Vec<f64>>, _divisor: &[f64]) -> Option<Box<dyn Objective>> {
        None
    }

    /// What columns are to explain, one number for each point, and how much each point counts;
    /// `None` if that is more than one number.
    fn explained(&self) -> Option<(Vec<f64>, Vec<f64>)> {
        None
    }

    /// Losses below this are rounding error: a formula that reaches it is a match.
    fn resolution(&self) -> f64 {
        RESOLUTION
    }

    /// Whether a formula with this loss, values and derivatives is a match as far as the written
    /// digits of the data can tell.
    fn is_exact(&self, loss: f64, _found: &Evaluation) -> bool {
        loss < self.resolution()
    }

    /// What the loss says about how likely the data are, by which formulas are chosen.
    fn likelihood(&self) -> Likelihood {
        Likelihood::Smooth
    }

    /// The part of a formula's loss that outliers carry: no formula can explain it. 0 where outliers
    /// are not expected.
    fn of_outliers(&self, _found: &Evaluation) -> f64 {
        0.0
    }

    /// The highest complexity tried where the user sets none.
    fn max_complexity(&self) -> usize {
        MAX_COMPLEXITY
    }

    /// What may be done to a formula without changing what it says.
    fn symmetry(&self) -> Symmetry {
        Symmetry::Nothing
    }

    /// Whether a formula rises with what it is matched to; of a formula and its negative, the one
    /// that rises is written down.
    fn rises(&self, _found: &Evaluation) -> bool {
        true
    }

    /// Sums of terms whose best coefficients can be solved for; `None` if they can't.
    fn sums(&self) -> Option<&dyn Sums> {
        None
    }

    /// The loss as a mean of squares, if it is one.
    fn least_squares(&self) -> Option<&dyn LeastSquares> {
        None
    }

    /// A way of its own to solve for formulas, which takes the place of trying enumerated sums.
    ///
    /// Only the library has some: what they work with is not public.
    #[doc(hidden)]
    fn route(&self) -> Option<&dyn Route> {
        None
    }
}

/// What may be done to a formula without changing its loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symmetry {
    /// Nothing: every number in a formula counts.
    Nothing,
    /// It may be multiplied by a positive factor, as where only its sign is known.
    Factor,
    /// It may be multiplied by a positive factor, and a number may be added to it, as where only
    /// the direction of its gradient is known.
    FactorAndOffset,
}

impl Symmetry {
    /// Whether formulas that differ by a positive factor are the same.
    pub fn is_scale_free(self) -> bool {
        self != Self::Nothing
    }
}

/// The ability to solve for the coefficients of sums.
pub trait Sums {
    /// Candidate terms, ready to be combined into sums.
    ///
    /// An objective that sees no offset, or can't do without one, may ignore `offset`.
    fn terms<'a>(&'a self, terms: &[&Evaluation], offset: Offset) -> Box<dyn TermFits + 'a>;

    /// What a sum may stand inside of other than [`Link::Identity`], each with the objective that
    /// the sum then has.
    fn links(&self, _operators: &[Operator]) -> Vec<(Link, Box<dyn Objective>)> {
        Vec::new()
    }

    /// What the sum of a generalized linear model stands inside of, with the objective that it then
    /// has; none if in nothing.
    fn usual_link(&self) -> Option<(Link, Box<dyn Objective>)> {
        None
    }
}

/// A loss that is the mean of squares.
pub trait LeastSquares {
    /// Numbers whose mean square is the loss; `None` where the formula has no loss.
    fn residuals(&self, found: &Evaluation) -> Option<Vec<f64>>;

    /// How the residuals change with a constant: `sensitivity` holds the changes of values and
    /// derivatives.
    fn slopes(&self, found: &Evaluation, sensitivity: &Evaluation) -> Vec<f64>;

    /// Whether the residuals are linear in the formula's values, so that a formula's coefficients
    /// can be solved for.
    fn is_linear(&self) -> bool {
        false
    }

    /// How many numbers per point the residuals are free in.
    fn n_dimensions(&self) -> usize {
        1
    }

    /// The points split at random for a cross-validation, so that every point is held out once.
    ///
    /// None where held-out points would say nothing, because errors are shared by neighbours.
    fn folds(&self, _n_folds: usize, _seed: u64) -> Vec<Fold> {
        Vec::new()
    }
}

/// A split of an objective's points.
pub struct Fold {
    /// The points that numbers are fitted to.
    pub training: Box<dyn Objective>,
    /// The points that the fit is judged on.
    pub held_out: Box<dyn Objective>,
}

/// A way to solve for formulas that only one kind of objective has.
pub trait Route {
    /// Formulas found without evolution; in no particular order.
    fn solve(&self, rules: &Rules) -> Vec<Solved>;
}

/// What is added to a sum of terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offset {
    /// The number that suits best.
    Fitted,
    /// Nothing.
    Zero,
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
