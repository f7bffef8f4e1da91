//! Matching gradient directions (Wetzel 2024, equations 16 to 18), blind to the common sign.

mod residuals;
mod terms;

use super::{LeastSquares, Link, Objective, Offset, Route, Sums, Symmetry, TermFits};
use crate::directions::Directions;
use crate::effort::{DirectionFits, MIN_POINTS};
use crate::error::{Error, Result};
use crate::formula::{Columns, Evaluation, thinned};
use crate::formula::{Expression, Operator};
use rand::{Rng, RngExt};
use terms::DirectionTerms;

/// Directions to be matched, without the points that have none.
#[derive(Debug, Clone)]
pub struct DirectionObjective {
    feature_names: Vec<String>,
    columns: Columns,
    directions: Vec<Vec<f64>>,
    /// How much each point counts, 1 on average.
    weights: Vec<f64>,
    sign: Sign,
    fits: DirectionFits,
}

/// Which signs of a gradient make no difference.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sign {
    /// All of them turned round at once: the monotone function around a formula may fall.
    CommonFree,
    /// Each point's own: a part of a gradient turns round where the function around it falls.
    EachFree,
    /// None.
    Given,
}

impl DirectionObjective {
    /// The objective of matching these directions.
    pub fn new(given: &Directions) -> Self {
        let units = Columns::from_rows(given.unit_gradients(), given.n_features());
        Self::weighted(
            given.feature_names().to_vec(),
            given.points().to_columns().raw().to_vec(),
            units.raw().to_vec(),
            given.weights().to_vec(),
        )
    }

    /// The same measure with the sign of the directions given: the mean squared difference of
    /// normalized gradients as it stands in Wetzel (2024), equation 16.
    ///
    /// For functions that are known to rise with what the formula says.
    pub fn signed(self) -> Self {
        Self {
            sign: Sign::Given,
            ..self
        }
    }

    /// The same measure with sums fitted otherwise.
    pub fn with_fits(self, fits: DirectionFits) -> Self {
        Self { fits, ..self }
    }

    /// How sums are fitted.
    pub(crate) fn fits(&self) -> DirectionFits {
        self.fits
    }

    /// From points and gradients of any length, column by column, that all count the same.
    #[cfg(test)]
    pub(crate) fn from_columns(
        feature_names: Vec<String>,
        raw: Vec<Vec<f64>>,
        directions: Vec<Vec<f64>>,
    ) -> Self {
        let n = raw.first().map_or(0, Vec::len);
        Self::weighted(feature_names, raw, directions, vec![1.0; n])
    }

    /// From points, gradients of any length, column by column, and weights; a point whose gradient
    /// vanishes or isn't finite has no direction and takes no part, nor does one without weight.
    pub(crate) fn weighted(
        feature_names: Vec<String>,
        mut raw: Vec<Vec<f64>>,
        mut directions: Vec<Vec<f64>>,
        mut weights: Vec<f64>,
    ) -> Self {
        let n = weights.len();
        let norms: Vec<f64> = (0..n)
            .map(|row| {
                directions
                    .iter()
                    .map(|u| u[row] * u[row])
                    .sum::<f64>()
                    .sqrt()
            })
            .collect();
        let is_kept: Vec<bool> = norms
            .iter()
            .zip(&weights)
            .map(|(norm, weight)| norm.is_finite() && *norm > 0.0 && *weight > 0.0)
            .collect();
        for column in directions.iter_mut() {
            for (value, norm) in column.iter_mut().zip(&norms) {
                *value /= norm;
            }
        }
        let columns = raw.iter_mut().chain(directions.iter_mut());
        for column in columns.chain([&mut weights]) {
            let mut row = 0;
            column.retain(|_| {
                row += 1;
                is_kept[row - 1]
            });
        }
        Self {
            feature_names,
            columns: Columns::of_one_length(raw),
            directions,
            weights: of_mean_1(weights),
            sign: Sign::CommonFree,
            fits: DirectionFits::default(),
        }
    }

    /// The same directions, each of them blind to its own sign.
    pub(crate) fn sign_free(self) -> Self {
        Self {
            sign: Sign::EachFree,
            ..self
        }
    }

    /// The points, column by column.
    pub(crate) fn raw(&self) -> &[Vec<f64>] {
        self.columns.raw()
    }

    /// The unit directions, column by column.
    pub(crate) fn directions(&self) -> &[Vec<f64>] {
        &self.directions
    }

    /// How much each point counts, 1 on average.
    pub(crate) fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Every k-th point, so that at most `max_samples` are left.
    pub(crate) fn subsample(&self, max_samples: usize) -> Self {
        let directions = self.directions.iter();
        Self {
            feature_names: self.feature_names.clone(),
            columns: self.columns.thinned(max_samples),
            directions: directions
                .map(|column| thinned(column, max_samples))
                .collect(),
            weights: of_mean_1(thinned(&self.weights, max_samples)),
            sign: self.sign,
            fits: self.fits,
        }
    }

    /// As many points drawn from these with replacement: each counts as often as it is drawn.
    pub(crate) fn resampled(&self, rng: &mut impl Rng) -> Self {
        let n = self.weights.len();
        let mut weights = vec![0.0; n];
        for _ in 0..n {
            let row = rng.random_range(0..n);
            weights[row] += self.weights[row];
        }
        let (raw, directions) = (self.raw().to_vec(), self.directions.clone());
        Self {
            sign: self.sign,
            fits: self.fits,
            ..Self::weighted(self.feature_names.clone(), raw, directions, weights)
        }
    }

    /// The cosine at each point. A formula whose gradient vanishes or isn't finite at a point has
    /// no direction there, and its cosine is 0.
    fn cosines(&self, found: &Evaluation) -> Vec<f64> {
        let n = self.columns.n_samples();
        let mut dots = vec![0.0; n];
        let mut squares = vec![0.0; n];
        for (column, direction) in found.gradient.iter().zip(&self.directions) {
            for ((dot, square), (&g, &u)) in dots
                .iter_mut()
                .zip(&mut squares)
                .zip(column.iter().zip(direction))
            {
                *dot += g * u;
                *square += g * g;
            }
        }
        for (dot, square) in dots.iter_mut().zip(&squares) {
            let cosine = *dot / square.sqrt();
            *dot = if cosine.is_finite() { cosine } else { 0.0 };
        }
        dots
    }

    pub(crate) fn mean_cosine(&self, found: &Evaluation) -> f64 {
        self.mean(self.cosines(found).into_iter())
    }

    /// The weighted mean of a number per point.
    fn mean(&self, numbers: impl Iterator<Item = f64>) -> f64 {
        let weighted = numbers
            .zip(&self.weights)
            .map(|(number, weight)| number * weight);
        weighted.sum::<f64>() / self.weights.len() as f64
    }

    fn is_complete(&self, found: &Evaluation) -> bool {
        found.values.len() == self.columns.n_samples() && found.is_finite()
    }
}

impl Objective for DirectionObjective {
    fn feature_names(&self) -> Vec<String> {
        self.feature_names.clone()
    }

    fn columns(&self) -> &Columns {
        &self.columns
    }

    fn loss(&self, found: &Evaluation) -> Option<f64> {
        let mean = || match self.sign {
            Sign::CommonFree => self.mean_cosine(found).abs(),
            Sign::EachFree => self.mean(self.cosines(found).into_iter().map(f64::abs)),
            Sign::Given => self.mean_cosine(found),
        };
        self.is_complete(found).then(|| 2.0 - 2.0 * mean())
    }

    /// In one feature every function has the same directions.
    fn check(&self) -> Result<()> {
        let (n_features, n_samples) = (self.columns.n_features(), self.columns.n_samples());
        if n_features < 2 {
            return Err(Error::Uninformative(
                "there is 1 feature, but directions distinguish formulas only in 2 or more".into(),
            ));
        }
        if n_samples < MIN_POINTS {
            return Err(Error::Uninformative(format!(
                "there are {n_samples} points with a direction; at least {MIN_POINTS} are needed"
            )));
        }
        Ok(())
    }

    fn thinned(&self, max_samples: usize) -> Option<Box<dyn Objective>> {
        Some(Box::new(self.subsample(max_samples)))
    }

    fn symmetry(&self) -> Symmetry {
        Symmetry::FactorAndOffset
    }

    fn rises(&self, found: &Evaluation) -> bool {
        match self.sign {
            Sign::EachFree => true,
            Sign::CommonFree | Sign::Given => self.mean_cosine(found) >= 0.0,
        }
    }

    fn sums(&self) -> Option<&dyn Sums> {
        Some(self)
    }

    fn least_squares(&self) -> Option<&dyn LeastSquares> {
        Some(self)
    }

    fn route(&self) -> Option<&dyn Route> {
        Some(self)
    }
}

impl Sums for DirectionObjective {
    /// No offset shows in a direction: none is fitted.
    fn terms<'a>(&'a self, terms: &[&Evaluation], _: Offset) -> Box<dyn TermFits + 'a> {
        Box::new(DirectionTerms::new(terms, self))
    }

    /// A product has the directions of its logarithm.
    fn links(&self, _: &[Operator]) -> Vec<(Link, Box<dyn Objective>)> {
        vec![(Link::Product, Box::new(self.clone()))]
    }
}

/// Weights in the same proportions, 1 on average.
fn of_mean_1(weights: Vec<f64>) -> Vec<f64> {
    let mean = weights.iter().sum::<f64>() / weights.len() as f64;
    weights.into_iter().map(|weight| weight / mean).collect()
}

impl Directions {
    /// The sign-blind direction loss `2 - 2 |mean cos|` of a formula, in [0, 2].
    ///
    /// It is the mean squared difference of normalized gradients (Wetzel 2024, equations 16 to
    /// 18) under the better of the two signs, since the monotone function between formula and
    /// network may fall as well as rise. Points without direction are left out; where the
    /// formula's own gradient vanishes, the cosine counts as 0.
    ///
    /// ```
    /// use closedform::{Directions, Expression, Points};
    ///
    /// let points = Points::new(["x1", "x2"], [1.0, 2.0])?;
    /// let directions = Directions::from_gradients(points, vec![-1.0, -1.0])?;
    /// let sum = Expression::variable(0) + Expression::variable(1);
    /// assert!(directions.loss(&sum).unwrap() < 1e-12);
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// Returns `None` where the formula or its gradient isn't finite on every point, or the formula
    /// has features that the directions haven't.
    pub fn loss(&self, expression: &Expression) -> Option<f64> {
        let objective = DirectionObjective::new(self);
        objective.loss(&expression.evaluate(&objective.columns))
    }

    /// The mean of `|cos|` between the formula's gradients and these directions, in [0, 1].
    ///
    /// Unlike [`loss`](Self::loss) it judges each point's sign by itself, as the reports do.
    /// Points without direction are left out. It is 0 if the formula has features that the directions
    /// haven't.
    pub fn mean_abs_cosine(&self, expression: &Expression) -> f64 {
        let objective = DirectionObjective::new(self);
        let cosines = objective.cosines(&expression.evaluate_everywhere(&objective.columns));
        cosines.iter().map(|cosine| cosine.abs()).sum::<f64>() / cosines.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    const N_POINTS: usize = 300;

    fn read(text: &str) -> Expression {
        text.parse().unwrap()
    }

    fn random_points(n_features: usize) -> Vec<Vec<f64>> {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        let mut column = || (0..N_POINTS).map(|_| rng.random_range(0.5..2.5)).collect();
        (0..n_features).map(|_| column()).collect()
    }

    /// The directions of a formula in three variables, each gradient multiplied by a number.
    fn scaled(text: &str, scale: impl Fn(usize) -> f64) -> DirectionObjective {
        let points = random_points(3);
        let mut gradient = read(text)
            .evaluate(&Columns::of_one_length(points.clone()))
            .gradient;
        for column in &mut gradient {
            column.resize(N_POINTS, 0.0);
            let rows = column.iter_mut().enumerate();
            rows.for_each(|(row, value)| *value *= scale(row));
        }
        let names = ["x1", "x2", "x3"].map(String::from).to_vec();
        DirectionObjective::from_columns(names, points, gradient)
    }

    fn evaluations(terms: &[&str], objective: &DirectionObjective) -> Vec<Evaluation> {
        let evaluated = terms
            .iter()
            .map(|term| read(term).evaluate(&objective.columns));
        evaluated.collect()
    }

    /// A sum's terms with their true coefficients, and others that are not in it.
    const SUMS: [(&str, &[(&str, f64)]); 3] = [
        (
            "1.5*x1*x2 - 0.25*sin(x3) + 4*x2**2",
            &[("x1*x2", 1.5), ("sin(x3)", -0.25), ("x2**2", 4.0)],
        ),
        (
            "exp(x1) - 1000*x3/x2",
            &[("exp(x1)", 1.0), ("x3/x2", -1000.0)],
        ),
        (
            "x1 + 2*x2 - 3*x3 + 0.5*x1*x2*x3",
            &[("x1", 1.0), ("x2", 2.0), ("x3", -3.0), ("x1*x2*x3", 0.5)],
        ),
    ];
    const OTHERS: [&str; 3] = ["cos(x1)", "x3**3", "log(x2)"];

    fn assert_recovers(objective_of: impl Fn(&str) -> DirectionObjective) {
        for (sum, parts) in SUMS {
            let objective = objective_of(sum);
            let terms: Vec<&str> = parts.iter().map(|(term, _)| *term).chain(OTHERS).collect();
            let evaluated = evaluations(&terms, &objective);
            let fits = objective.terms(&evaluated.iter().collect::<Vec<_>>(), Offset::Fitted);
            for n in [parts.len(), terms.len()] {
                let fit = fits.fit(&(0..n).collect::<Vec<_>>()).unwrap();
                let unit = fit.coefficients[0] / parts[0].1;
                for (index, c) in fit.coefficients.iter().enumerate() {
                    let expected = parts.get(index).map_or(0.0, |(_, c)| *c);
                    assert!(
                        (c / unit - expected).abs() < 1e-6 * (1.0 + expected.abs()),
                        "{sum}: {} {}, not {expected}",
                        terms[index],
                        c / unit
                    );
                }
                assert!(fit.loss.abs() < 1e-12, "{sum}: {:e}", fit.loss);
            }
        }
    }

    #[test]
    fn a_fitted_sum_has_its_true_coefficients() {
        assert_recovers(|sum| scaled(sum, |_| 1.0));
    }

    #[test]
    fn a_fit_is_blind_to_the_lengths_and_the_common_sign_of_the_gradients() {
        assert_recovers(|sum| scaled(sum, |row| -(10.0_f64.powi(row as i32 % 21 - 10))));
    }

    #[test]
    fn coefficients_come_in_the_scale_of_the_terms() {
        let objective = scaled("x1*x2 + 3*x3", |_| 1.0);
        let small = evaluations(&["1e-6*x1*x2", "1e4*x3"], &objective);
        let fits = objective.terms(&small.iter().collect::<Vec<_>>(), Offset::Fitted);
        let fit = fits.fit(&[0, 1]).unwrap();
        let ratio = fit.coefficients[1] / fit.coefficients[0];
        assert!((ratio / (3e-4 / 1e6) - 1.0).abs() < 1e-6, "{ratio:e}");
    }

    #[test]
    fn the_loss_of_a_fit_is_that_of_its_sum() {
        // Signs are common here, so that a fit's free ones make no difference.
        let objective = scaled("x1*x2 + exp(x3)", |_| 1.0);
        let terms = ["x1 + x2", "x3**2", "x1*x3"];
        let evaluated = evaluations(&terms, &objective);
        let fits = objective.terms(&evaluated.iter().collect::<Vec<_>>(), Offset::Fitted);
        for subset in [vec![0, 1], vec![1, 2], vec![0, 1, 2]] {
            let fit = fits.fit(&subset).unwrap();
            let parts = fit.coefficients.iter().zip(&subset);
            let sum = parts
                .map(|(c, &term)| Expression::constant(*c) * read(terms[term]))
                .reduce(|a, b| a + b)
                .unwrap();
            let cosines = objective.cosines(&sum.evaluate(&objective.columns));
            let mean = cosines.iter().map(|c| c.abs()).sum::<f64>() / N_POINTS as f64;
            assert!(
                (fit.loss - (2.0 - 2.0 * mean)).abs() < 1e-12,
                "{}",
                fit.loss
            );
        }
    }

    #[test]
    fn no_other_coefficients_are_much_better_than_the_fitted_ones() {
        let objective = scaled("x1*x2 + exp(x3)", |_| 1.0);
        let terms = ["x1 + x2", "x3**2", "x1*x3"];
        let evaluated = evaluations(&terms, &objective);
        let fits = objective.terms(&evaluated.iter().collect::<Vec<_>>(), Offset::Fitted);
        let fit = fits.fit(&[0, 1]).unwrap();
        let loss_at = |angle: f64| {
            let (a, b) = angle.sin_cos();
            let sum =
                Expression::constant(a) * read(terms[0]) + Expression::constant(b) * read(terms[1]);
            let cosines = objective.cosines(&sum.evaluate(&objective.columns));
            2.0 - 2.0 * cosines.iter().map(|c| c.abs()).sum::<f64>() / N_POINTS as f64
        };
        let angles = (0..20_000).map(|k| f64::from(k) * std::f64::consts::PI / 20_000.0);
        let least = angles.map(loss_at).fold(f64::INFINITY, f64::min);
        assert!(fit.loss <= 1.1 * least, "{} {least}", fit.loss);
    }

    #[test]
    fn closer_scores_agree_with_the_losses_of_fits() {
        for (sum, parts) in SUMS {
            let objective = scaled(sum, |row| 1.0 + row as f64);
            let terms: Vec<&str> = parts.iter().map(|(term, _)| *term).chain(OTHERS).collect();
            let evaluated = evaluations(&terms, &objective);
            let fits = objective.terms(&evaluated.iter().collect::<Vec<_>>(), Offset::Fitted);
            for first in 0..terms.len() {
                for second in first + 1..terms.len() {
                    let subset = [first, second];
                    let (closer, fit) = (fits.closer_score(&subset), fits.fit(&subset).unwrap());
                    assert!(
                        (closer - fit.loss).abs() <= 0.1 * fit.loss + 1e-9,
                        "{} and {}: {closer} {}",
                        terms[first],
                        terms[second],
                        fit.loss
                    );
                }
            }
            let whole: Vec<usize> = (0..parts.len()).collect();
            assert!(fits.closer_score(&whole) < 1e-9 && fits.score(&whole) < 1e-9);
        }
    }

    #[test]
    fn a_slope_of_the_residuals_is_their_finite_difference() {
        use crate::formula::{Evaluator, Tape};
        let turned = |row: usize| if row.is_multiple_of(3) { -1.0 } else { 1.0 };
        for objective in [
            scaled("x1*x2 + exp(x3)", |_| 1.0),
            scaled("x1*x2 + exp(x3)", turned).sign_free(),
        ] {
            let tape = Tape::new(&read("1.3*x1*x2 + sin(0.7*x3) + x3/(x1 + 0.4)"));
            let mut evaluator = Evaluator::new();
            let found = evaluator.gradients(&tape, &objective.columns).clone();
            let mean_square = |residuals: &[f64]| {
                residuals.iter().map(|r| r * r).sum::<f64>() / residuals.len() as f64
            };
            let residuals = objective.residuals(&found).unwrap();
            let loss = objective.loss(&found).unwrap();
            assert!((mean_square(&residuals) - loss).abs() < 1e-12);
            for constant in 0..3 {
                let mut at = |by: f64| {
                    let mut tape = tape.clone();
                    tape.constants_mut()[constant] += by;
                    let found = evaluator.gradients(&tape, &objective.columns);
                    objective.residuals(found).unwrap()
                };
                let (above, below) = (at(1e-5), at(-1e-5));
                let sensitivity = evaluator.sensitivity(&tape, constant, &objective.columns);
                let slopes = objective.slopes(&found, &sensitivity);
                for ((slope, above), below) in slopes.iter().zip(above).zip(below) {
                    let difference = (above - below) / 2e-5;
                    assert!((slope - difference).abs() < 1e-7, "{slope} {difference}");
                }
            }
        }
    }
}
