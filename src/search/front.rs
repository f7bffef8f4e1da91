//! The Pareto front: for every complexity the best formula, if it beats all simpler ones or comes
//! close.

use super::held_out::HeldOut;
use super::objective::Likelihood;
use super::options::Choose;
use super::refinement::noise::WhiteNoise;
use crate::effort::{Choice, Effort, Prices, RESOLUTION};
use crate::formula::Stripped;
use crate::formula::{Dimensions, Expression, FormulaUnit, Named};
use crate::numerics::n_digits;

/// One formula of the front.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The formula.
    pub expression: Expression,
    /// Its [complexity](crate::SearchOptions::complexity).
    pub complexity: usize,
    /// Its [loss](crate::Objective::loss) on all points.
    pub loss: f64,
    /// The formula with its fitted numbers, before they were rounded (3.1402 to pi) and it was
    /// simplified.
    pub fitted: Expression,
    /// The outer layers that were removed from a longer formula to get this one, from the outside
    /// in. They don't change the directions, so the longer formula is as good an answer.
    pub stripped: Vec<Stripped>,
    /// A penalty that is added to the price in the [choice](ParetoFront::best); 0 if only the loss
    /// is known.
    pub penalty: f64,
    /// What it loses on rows that its numbers were not fitted to, where a cross-validation tells.
    pub held_out: Option<HeldOut>,
}

impl Candidate {
    /// A formula with its loss, and with its default complexity.
    pub fn new(expression: Expression, loss: f64) -> Self {
        Self {
            complexity: expression.complexity(),
            fitted: expression.clone(),
            expression,
            loss,
            stripped: Vec::new(),
            penalty: 0.0,
            held_out: None,
        }
    }
}

/// Formulas of rising complexity and falling loss. If the noise is known, the front also holds
/// formulas that are close in price to the best one.
///
/// ```
/// use closedform::{Expression, ParetoFront};
/// use closedform::search::Candidate;
///
/// let x = Expression::variable(0);
/// let mut front = ParetoFront::new(vec!["x".to_string()], 0.0);
/// assert!(front.insert(Candidate::new(x.clone() * x.clone(), 0.5)));
/// assert!(front.insert(Candidate::new(x.clone(), 0.1)), "simpler and better");
/// assert_eq!(front.candidates().len(), 1);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ParetoFront {
    feature_names: Vec<String>,
    noise: f64,
    resolution: f64,
    choose: Choose,
    choice: Choice,
    prices: Prices,
    white_noise: WhiteNoise,
    /// The part of every loss that outliers carry.
    of_outliers: f64,
    /// The distribution of the errors behind the loss.
    likelihood: Likelihood,
    dimensions: Option<Dimensions>,
    /// The best constant, where there is one.
    constant: Option<Candidate>,
    /// Its loss before it was rounded: what loses more explains nothing.
    baseline: f64,
    candidates: Vec<Candidate>,
    /// The cheapest of the formulas that were more complex than allowed.
    refused: Option<Candidate>,
}

impl ParetoFront {
    /// An empty front for features with these names, for directions with this
    /// [noise](crate::SearchOptions::noise).
    pub fn new(feature_names: Vec<String>, noise: f64) -> Self {
        Self {
            feature_names,
            noise,
            resolution: RESOLUTION,
            choose: Choose::default(),
            choice: Choice::default(),
            prices: Prices::default(),
            white_noise: WhiteNoise::default(),
            of_outliers: 0.0,
            likelihood: Likelihood::default(),
            dimensions: None,
            constant: None,
            baseline: f64::INFINITY,
            candidates: Vec::new(),
            refused: None,
        }
    }

    /// The same for losses with another rounding error.
    pub(crate) fn with_resolution(mut self, resolution: f64) -> Self {
        self.resolution = resolution;
        self
    }

    /// The same with the prices and choice of an effort.
    pub(crate) fn with_effort(mut self, effort: &Effort) -> Self {
        self.choice = effort.choice;
        self.prices = effort.prices;
        self
    }

    /// The same for errors of another kind.
    pub(crate) fn with_likelihood(mut self, likelihood: Likelihood) -> Self {
        self.likelihood = likelihood;
        self
    }

    /// The same with another aim of the choice.
    pub(crate) fn with_choose(mut self, choose: Choose) -> Self {
        self.choose = choose;
        self
    }

    /// The same with the best constant and its loss before it was rounded, than which no other formula
    /// may lose more. Where errors are independent, it is the simplest formula of the front.
    pub(crate) fn with_constant(mut self, constant: Option<(Candidate, f64)>) -> Self {
        if let Some((constant, loss)) = constant {
            self.constant = Some(constant);
            self.baseline = loss;
        }
        if matches!(self.likelihood, Likelihood::Independent(_)) {
            self.fall_back();
        }
        self
    }

    /// Puts the best constant into a front that is empty: then no formula is better.
    pub(crate) fn fall_back(&mut self) {
        if self.candidates.is_empty() {
            self.candidates.extend(self.constant.clone());
        }
    }

    /// The same for features with units.
    pub(crate) fn with_dimensions(mut self, dimensions: Option<Dimensions>) -> Self {
        self.dimensions = dimensions;
        self
    }

    /// Inserts the candidate if no formula of the same or lower complexity is at least as good, and
    /// drops the formulas that it beats. Returns whether it was inserted.
    ///
    /// If the noise is known, a formula that only simpler ones beat stays if it is close in price
    /// to the [best](Self::best) one, because the loss alone can't tell which is right. A formula
    /// with the same loss as a simpler one is dropped, because it is the same function written at
    /// greater length.
    pub fn insert(&mut self, candidate: Candidate) -> bool {
        let is_constant = matches!(candidate.expression, Expression::Constant(_));
        let is_worse = candidate.loss > self.baseline && !is_constant;
        if !candidate.loss.is_finite() || is_worse {
            return false;
        }
        let is_simpler = |c: &Candidate| c.complexity <= candidate.complexity;
        let place = self.candidates.partition_point(is_simpler);
        self.candidates.insert(place, candidate);
        let kept = self.kept();
        let is_in = kept[place];
        self.keep(kept);
        is_in
    }

    fn keep(&mut self, kept: Vec<bool>) {
        let mut kept = kept.into_iter();
        self.candidates.retain(|_| kept.next().unwrap_or(true));
    }

    /// Whether each of the candidates, in order of complexity, belongs to the front.
    fn kept(&self) -> Vec<bool> {
        let prices: Vec<f64> = self.candidates.iter().map(|c| self.price(c)).collect();
        let limit = if self.noise > 0.0 {
            prices.iter().copied().fold(f64::INFINITY, f64::min) + self.choice.close_choice
        } else {
            f64::NEG_INFINITY
        };
        let candidates = self.candidates.iter().enumerate();
        let is_kept = |(index, c): (usize, &Candidate)| {
            let before = self.candidates[..index].iter();
            let after = self.candidates[index + 1..].iter();
            let beats = |other: &Candidate| other.loss <= c.loss.max(self.resolution);
            let is_equal = |other: &&Candidate| other.complexity == c.complexity;
            let is_twin =
                |other: &Candidate| (other.loss - c.loss).abs() <= self.choice.same_loss * c.loss;
            let has_better_equal = before.clone().filter(is_equal).any(beats)
                || after.take_while(is_equal).any(|other| other.loss < c.loss);
            let is_close = prices[index] <= limit && !before.clone().any(is_twin);
            !has_better_equal && (is_close || !before.clone().any(beats))
        };
        candidates.map(is_kept).collect()
    }

    /// The front with its formulas in other features.
    pub(crate) fn in_features(
        self,
        feature_names: Vec<String>,
        dimensions: Option<Dimensions>,
        written: impl Fn(&Expression) -> Expression,
    ) -> Self {
        let in_features = |candidate: Candidate| Candidate {
            expression: written(&candidate.expression),
            fitted: written(&candidate.fitted),
            ..candidate
        };
        let candidates = self.candidates.into_iter().map(in_features);
        Self {
            refused: self.refused.map(&in_features),
            feature_names,
            dimensions,
            candidates: candidates.collect(),
            ..self
        }
    }

    /// Drops the formulas that are longer than a match with this loss: what they gain on it is
    /// rounding error.
    pub(crate) fn settle(&mut self, loss: f64) {
        self.resolution = self.resolution.max(loss);
        self.keep(self.kept());
    }

    /// The loss below which there is only rounding error.
    pub(super) fn resolution(&self) -> f64 {
        self.resolution
    }

    /// Remembers a formula that is more complex than allowed, if it is the cheapest of its kind.
    pub(crate) fn refuse(&mut self, candidate: Candidate) {
        let is_cheaper = |known: &Candidate| self.price(&candidate) < self.price(known);
        if self.refused.as_ref().is_none_or(is_cheaper) {
            self.refused = Some(candidate);
        }
    }

    /// The lowest loss of the formulas; infinite if there are none.
    pub(crate) fn least_loss(&self) -> f64 {
        let losses = self.candidates.iter().map(|candidate| candidate.loss);
        losses.fold(f64::INFINITY, f64::min)
    }

    /// The best formula above [`SearchOptions::max_complexity`](crate::SearchOptions::max_complexity),
    /// if it is far better than those below.
    pub fn too_complex(&self) -> Option<&Candidate> {
        let least = self.least_loss().max(self.resolution);
        let is_better = |refused: &&Candidate| refused.loss < self.choice.far_better * least;
        self.refused.as_ref().filter(is_better)
    }

    /// Sets the part of every loss that no formula could explain, which the choice then subtracts.
    pub(crate) fn set_white_noise(&mut self, white_noise: WhiteNoise) {
        self.white_noise = white_noise;
    }

    /// Sets the part of every loss that outliers carry, which says nothing about the other errors.
    pub(crate) fn set_loss_of_outliers(&mut self, loss: f64) {
        self.of_outliers = loss;
    }

    /// Sets the [penalty](Candidate::penalty) of every formula.
    pub(crate) fn penalize(&mut self, penalty: impl Fn(&Expression) -> f64) {
        for candidate in &mut self.candidates {
            candidate.penalty = penalty(&candidate.expression);
        }
    }

    /// Gives every formula what a cross-validation found.
    pub(crate) fn set_held_out(&mut self, held_out: Vec<HeldOut>) {
        for (candidate, held_out) in self.candidates.iter_mut().zip(held_out) {
            candidate.held_out = Some(held_out);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.candidates.clear();
    }

    /// The formulas, simplest first.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// The features' names.
    pub fn feature_names(&self) -> &[String] {
        &self.feature_names
    }

    /// The chosen formula.
    ///
    /// Measured values have independent errors, so a cross-validation can tell what a formula is
    /// worth on [held-out](Candidate::held_out) rows. There [`Choose`] decides. By default it is the
    /// simplest formula whose loss on held-out rows is within one standard error of the least,
    /// and from 150 rows on within a hundredth of a constant's loss.
    ///
    /// For directions it is the formula beyond which more complexity doesn't pay off. It has the
    /// lowest price, `log(max(loss - white noise, 2 noise)) + 0.2 (complexity + digits) + penalty`,
    /// where `digits` counts the second to fourth digit of each number. Near the noise a lower loss
    /// means nothing, because the directions themselves are not that exact. White noise is the part
    /// of a loss that differs independently from point to point. The search measures it if no noise
    /// is given. The rest of a loss counts as zero below twice its uncertainty.
    ///
    /// For labels the loss measures a likelihood. The best formula is then the shortest description
    /// of formula and labels: it has the lowest `log likelihood lost + 2 complexity`.
    pub fn best(&self) -> Option<&Candidate> {
        self.by_rank().first().map(|(_, best)| *best)
    }

    /// The formula with the second lowest price, and its margin: how much its price is higher than
    /// that of the [best](Self::best) one, as a natural logarithm.
    ///
    /// `exp(margin)` is the factor by which the best formula's loss, above the noise, could grow
    /// before the choice changed. For labels it is the odds against the runner-up. With a margin
    /// near 0, look at both formulas; above 2 the choice is clear.
    pub fn runner_up(&self) -> Option<(&Candidate, f64)> {
        match self.by_rank().as_slice() {
            [(least, _), (next, runner_up), ..] => Some((runner_up, (next - least).max(0.0))),
            _ => None,
        }
    }

    /// The price of a candidate; see [`best`](Self::best).
    fn price(&self, c: &Candidate) -> f64 {
        let n_spare = || n_spare_digits(&c.expression, self.choice.max_spare_digits);
        let length = || c.complexity.saturating_add(n_spare()) as f64;
        match self.likelihood {
            Likelihood::PerUnit(unit) => {
                unit * c.loss + self.prices.description * c.complexity as f64 + c.penalty
            }
            Likelihood::Independent(n) => {
                let loss = c.loss - self.of_outliers;
                let loss = loss.max(self.noise).max(self.resolution);
                let price = match self.choose {
                    Choose::Simple => self.prices.description,
                    Choose::Balanced | Choose::Accuracy => self.prices.value,
                };
                // With as many numbers as half of the rows, anything can be fitted.
                let n = n as f64;
                let left = n - c.complexity as f64 / self.prices.rows_used;
                let crowding = if left > 0.0 { n / left } else { f64::INFINITY };
                let n_features = self.feature_names.len() as f64;
                let variety = (n_features.ln() / self.prices.usual_features.ln()).max(1.0);
                n / 2.0 * loss.ln() + price * length() * crowding * variety + c.penalty
            }
            Likelihood::Smooth => {
                let explained = c.loss - self.white_noise.loss;
                let loss = explained
                    .max(self.choice.white_noise_margin * self.white_noise.uncertainty)
                    .max(self.choice.noise_margin * self.noise)
                    .max(self.resolution);
                loss.ln() + self.prices.choice * length() + c.penalty
            }
        }
    }

    /// By how much the loss on held-out rows may exceed the least at most, outliers left aside.
    fn max_excess(&self) -> f64 {
        match self.likelihood {
            Likelihood::Independent(n) if n < self.choice.excess_limited_from => f64::INFINITY,
            // Outliers are the larger part of a constant's loss, but no formula changes theirs.
            _ => self.choice.max_excess * (1.0 - self.of_outliers),
        }
    }

    /// The order of the choice. A cross-validation comes before the price, which knows only the rows
    /// that the numbers were fitted to.
    fn rank(&self, (price, c): &(f64, &Candidate)) -> (usize, f64) {
        match (self.choose, c.held_out) {
            (_, Some(held_out)) if held_out.is_wild => (3, *price),
            (Choose::Balanced, Some(held_out))
                if held_out.excess <= held_out.excess_error.min(self.max_excess()) =>
            {
                (0, c.complexity as f64)
            }
            (Choose::Balanced | Choose::Accuracy, Some(held_out)) => (1, held_out.loss),
            _ => (2, *price),
        }
    }

    /// The formula with the lowest price, whatever a cross-validation says.
    pub(super) fn shortest_description(&self) -> Option<&Candidate> {
        let candidates = self.candidates.iter();
        candidates.min_by(|a, b| self.price(a).total_cmp(&self.price(b)))
    }

    /// The candidates with their prices, in the order of the choice.
    fn by_rank(&self) -> Vec<(f64, &Candidate)> {
        let mut priced: Vec<(f64, &Candidate)> =
            self.candidates.iter().map(|c| (self.price(c), c)).collect();
        priced.sort_by(|a, b| {
            let (first, second) = (self.rank(a), self.rank(b));
            first.0.cmp(&second.0).then(first.1.total_cmp(&second.1))
        });
        priced
    }

    /// The text of a candidate's formula, with the features' names.
    pub fn formula(&self, candidate: &Candidate) -> String {
        candidate.expression.to_formula(&self.feature_names)
    }

    /// The unit of a candidate's formula, if the search was given the features' units.
    pub fn unit(&self, candidate: &Candidate) -> Option<FormulaUnit> {
        let dimensions = self.dimensions.as_ref()?;
        Some(dimensions.unit_of(&candidate.expression, &self.feature_names))
    }
}

/// The number of digits beyond the first in a formula's numbers, counting at most `most` of each
/// number.
fn n_spare_digits(expression: &Expression, most: usize) -> usize {
    let numbers = expression.constants().into_iter();
    let spare = numbers.map(|number| {
        let n_written = Named::of(number).map_or_else(
            || n_digits(number).saturating_sub(1),
            |named| named.n_digits(),
        );
        n_written.min(most)
    });
    spare.sum()
}

impl std::fmt::Display for ParetoFront {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let best = self.best();
        let units = self.candidates.iter().map(|candidate| self.unit(candidate));
        let units = units.map(|unit| unit.map_or(String::new(), |unit| unit.to_string() + "  "));
        let units: Vec<String> = units.collect();
        let title = match self.dimensions {
            Some(_) => "unit  ",
            None => "",
        };
        let width = units.iter().map(|unit| unit.chars().count()).max();
        let width = width.unwrap_or(0).max(title.len());
        let held_out = |candidate: &Candidate| candidate.held_out.map(|held_out| held_out.loss);
        let has_held_out = self.candidates.iter().any(|c| held_out(c).is_some());
        let heading = if has_held_out { "  held out" } else { "" };
        writeln!(f, "complexity       loss{heading}  {title:width$}formula")?;
        for (candidate, unit) in self.candidates.iter().zip(&units) {
            let mark = if Some(candidate) == best { ">" } else { " " };
            let formula = self.formula(candidate);
            let held_out = held_out(candidate).map(|loss| format!("  {loss:8.1e}"));
            let held_out = held_out.unwrap_or_default();
            writeln!(
                f,
                "{mark}{:9}  {:9.2e}{held_out}  {unit:width$}{formula}",
                candidate.complexity, candidate.loss
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(formula: &str, loss: f64) -> Candidate {
        let names = ["x", "y"].map(String::from);
        Candidate::new(Expression::parse(formula, &names).unwrap(), loss)
    }

    fn best(noise: f64, formulas: &[(&str, f64)]) -> String {
        let mut front = ParetoFront::new(vec!["x".into(), "y".into()], noise);
        for (formula, loss) in formulas {
            front.insert(candidate(formula, *loss));
        }
        front.formula(front.best().unwrap())
    }

    const SHORT_NUMBERS: (&str, f64) = ("x/exp((x*x + y*y)/2)", 1.0e-3);
    const LONG_NUMBERS: (&str, f64) = ("6.375/(x + 0.74) + x*x + y*y", 0.5e-3);

    #[test]
    fn within_the_noise_short_numbers_win_in_either_order() {
        let expected = "x/exp((x**2 + y**2)/2)";
        assert_eq!(best(5e-4, &[SHORT_NUMBERS, LONG_NUMBERS]), expected);
        assert_eq!(best(5e-4, &[LONG_NUMBERS, SHORT_NUMBERS]), expected);
    }

    #[test]
    fn without_noise_the_simpler_and_better_formula_drops_the_other() {
        let found = best(0.0, &[SHORT_NUMBERS, LONG_NUMBERS]);
        assert!(found.contains("6.375"), "{found}");
    }

    #[test]
    fn a_formula_that_simpler_ones_beat_stays_while_the_choice_is_close() {
        let mut front = ParetoFront::new(vec!["x".into(), "y".into()], 5e-4);
        front.insert(candidate(LONG_NUMBERS.0, LONG_NUMBERS.1));
        front.insert(candidate(SHORT_NUMBERS.0, SHORT_NUMBERS.1));
        assert_eq!(front.candidates().len(), 2);
        front.insert(candidate("x*y", 4e-4));
        assert_eq!(front.candidates().len(), 1, "{front}");
    }

    #[test]
    fn the_same_function_at_more_length_goes() {
        let mut front = ParetoFront::new(vec!["x".into(), "y".into()], 5e-4);
        front.insert(candidate("x*(x + y)", 1.0e-3));
        front.insert(candidate("x*x + x*y", 1.0e-3 * (1.0 + 1e-12)));
        assert_eq!(front.candidates().len(), 1, "{front}");
        front.insert(candidate("x*x + 2*x*y", 1.0e-3 * (1.0 + 1e-6)));
        assert_eq!(front.candidates().len(), 2, "{front}");
    }

    #[test]
    fn a_penalty_turns_a_close_choice() {
        let mut front = ParetoFront::new(vec!["x".into(), "y".into()], 5e-4);
        front.insert(candidate(LONG_NUMBERS.0, LONG_NUMBERS.1));
        front.insert(candidate(SHORT_NUMBERS.0, SHORT_NUMBERS.1));
        front.penalize(|formula| if formula.n_constants() == 1 { 1.0 } else { 0.0 });
        let best = front.formula(front.best().unwrap());
        assert!(best.contains("6.375"), "{best}");
    }

    #[test]
    fn digits_are_counted_between_zeros() {
        for (number, n) in [(2.0, 1), (0.5, 1), (100.0, 1), (1.97, 3), (-0.0312, 3)] {
            assert_eq!(n_digits(number), n, "{number}");
        }
        let formula = candidate("3.1415*x + 2*y", 0.0).expression;
        assert_eq!(
            n_spare_digits(&formula, Choice::DEFAULT.max_spare_digits),
            3
        );
    }
}
