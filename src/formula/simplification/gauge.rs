//! Gauge fixing: a formula `g` has the same gradient directions as `phi(g)` for any monotone
//! `phi`, so that of all these formulas the simplest one is the one to read.

use super::Simplifier;
use super::layer::Stripped;
use super::ways;
use crate::formula::Columns;
use crate::formula::Expression;

/// A formula without the layers that gradient directions can't see.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GaugeFixed {
    pub expression: Expression,
    /// The formula [simplified](Simplifier::simplified), with all its layers.
    pub simplified: Expression,
    /// What was stripped, from outside in; applied to the expression, the formula as it was.
    pub stripped: Vec<Stripped>,
    /// Whether the expression falls where the formula as it was rises.
    pub is_flipped: bool,
}

impl Simplifier {
    /// [Simplifies](Self::simplified) a formula and strips from it, again and again, what makes it
    /// more complex without changing its gradient directions on the data
    /// `(n_features, n_samples)`, up to one sign.
    ///
    /// Whether a layer is monotone is decided by the values that its argument takes on the data;
    /// without data nothing is stripped.
    pub fn gauge_fixed(&self, expression: &Expression, columns: &Columns) -> GaugeFixed {
        let simplified = self.simplified(expression);
        let mut fixed = GaugeFixed {
            expression: simplified.clone(),
            simplified,
            stripped: Vec::new(),
            is_flipped: false,
        };
        if !self.stages.gauge {
            return fixed;
        }
        loop {
            let n_stripped = fixed.stripped.len();
            while let Some((layer, rest, is_falling)) = self.strip(&fixed.expression, columns) {
                fixed.expression = rest;
                fixed.stripped.push(layer);
                fixed.is_flipped ^= is_falling;
            }
            if fixed.stripped.len() == n_stripped {
                return fixed;
            }
            fixed.expression = self.simplified(&fixed.expression);
        }
    }

    /// The outermost layer. The cost falls with every layer, hence this comes to an end.
    fn strip(
        &self,
        expression: &Expression,
        columns: &Columns,
    ) -> Option<(Stripped, Expression, bool)> {
        let cost = self.complexity.cost(expression);
        let results = expression.evaluate_everywhere(columns).values;
        let is_simpler =
            |rest: &Expression| self.complexity.cost(rest) < cost && self.may_use(rest, expression);
        let mut scales = ways::scales(expression);
        scales.sort_by_cached_key(|(_, rest)| self.complexity.cost(rest));
        let mut powers = ways::powers(expression);
        powers.sort_by_cached_key(|(_, rest)| self.complexity.cost(rest));
        let candidates = scales
            .into_iter()
            .chain(ways::functions(expression))
            .chain(powers);
        candidates
            .filter(|(_, rest)| is_simpler(rest))
            .find_map(|(layer, rest)| {
                let arguments = rest.evaluate_everywhere(columns).values;
                let is_falling = layer.is_falling(&arguments, &results)?;
                Some((layer, rest, is_falling))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::simplification::contains;
    use crate::formula::simplification::samples::{
        ALL, call, columns, formula, generator, number, points, x,
    };
    use crate::formula::{Complexity, Operator};

    fn fixed(expression: &Expression, low: f64, high: f64) -> GaugeFixed {
        let points = points(&mut generator(5), low, high, 60);
        Simplifier::new(&ALL, Complexity::default()).gauge_fixed(expression, &columns(&points))
    }

    fn positive(expression: Expression) -> (String, bool) {
        let fixed = fixed(&expression, 0.1, 2.0);
        (fixed.expression.to_string(), fixed.is_flipped)
    }

    fn of_both_signs(expression: Expression) -> (String, bool) {
        let fixed = fixed(&expression, -2.0, 2.0);
        (fixed.expression.to_string(), fixed.is_flipped)
    }

    #[test]
    fn known_layers_are_stripped() {
        let product = || ("x1*x2".to_string(), false);
        let sum = || ("x1 + x2".to_string(), false);
        assert_eq!(of_both_signs(call("exp", x(1) * x(2))), product());
        assert_eq!(
            of_both_signs(number(3.0) * x(1) * x(2) + number(1.0)),
            product()
        );
        assert_eq!(of_both_signs(call("tanh", x(1) + x(2))), sum());
        let cube = (x(1) + x(2)) * (x(1) + x(2)) * (x(1) + x(2));
        assert_eq!(of_both_signs(cube), sum());
        let saturating = (x(1) + x(2)) / (x(1) + x(2) + number(1.0));
        assert_eq!(positive(saturating).0, "x1 + x2");
        assert_eq!(of_both_signs(call("exp", x(1)) * call("exp", x(2))), sum());
        assert_eq!(
            of_both_signs(number(3.0) * x(1) + number(6.0) * x(2) - number(1.0)).0,
            "x1 + 2*x2"
        );
        assert_eq!(
            positive(call("log", x(1)) + number(2.0) * call("log", x(2))).0,
            "x1*x2**2"
        );
        assert_eq!(positive(x(1) * call("sqrt", x(2))).0, "x1**2*x2");
    }

    #[test]
    fn a_root_that_leaves_halves_in_an_exponential_is_undone() {
        let squares = x(2) * x(2) + x(3) * x(3);
        let bell = x(1) * call("exp", call("neg", squares) / number(2.0));
        let found = positive(bell.clone());
        assert_eq!(found, ("x1**2/exp(x2**2 + x3**2)".to_string(), false));
        // Where x1 changes its sign, its square is another concept.
        assert_eq!(of_both_signs(bell).0, "x1/exp((x2**2 + x3**2)/2)");
    }

    #[test]
    fn falling_layers_turn_the_orientation() {
        let sum = || x(1) + x(2);
        let flipped = || ("x1 + x2".to_string(), true);
        assert_eq!(positive(number(1.0) / sum()), flipped());
        assert_eq!(
            of_both_signs(number(3.0) - sum() * sum() * sum()),
            flipped()
        );
    }

    #[test]
    fn a_square_is_stripped_only_from_what_has_one_sign() {
        let square = || (x(1) + x(2)) * (x(1) + x(2));
        assert_eq!(positive(square()), ("x1 + x2".to_string(), false));
        let negative = fixed(&square(), -2.0, -0.1);
        assert!(negative.is_flipped);
        let both = fixed(&square(), -2.0, 2.0);
        assert_eq!((both.expression, both.stripped), (square(), Vec::new()));
        let inverse = fixed(&(number(1.0) / (x(1) + x(2))), -2.0, 2.0);
        assert_eq!(inverse.stripped, Vec::new());
    }

    #[test]
    fn a_product_becomes_a_sum_where_that_is_simpler() {
        let product = x(1) * call("exp", call("neg", x(2)) * x(3));
        let columns = columns(&points(&mut generator(5), 0.1, 2.0, 60));
        let with_cost_of_log = |cost: usize| {
            let operators = [(Operator::Log, cost)].into();
            let complexity = Complexity {
                operators,
                ..Complexity::default()
            };
            let simplifier = Simplifier::new(&ALL, complexity);
            simplifier.gauge_fixed(&product, &columns).expression
        };
        assert_eq!(with_cost_of_log(4).to_string(), "log(x1) - x2*x3");
        assert_eq!(with_cost_of_log(6).to_string(), "x1/exp(x2*x3)");
        let complexity = Complexity {
            operators: [(Operator::Log, 0)].into(),
            ..Complexity::default()
        };
        let without = [Operator::Add, Operator::Mul, Operator::Exp];
        let fixed = Simplifier::new(&without, complexity).gauge_fixed(&product, &columns);
        assert!(!contains(&fixed.expression, Operator::Log));
    }

    #[test]
    fn stripped_layers_are_written_from_outside_in() {
        let formula = number(3.0) - number(0.5) * call("exp", x(1) * x(2));
        let layers = fixed(&formula, -2.0, 2.0).stripped;
        let written: Vec<String> = layers.iter().map(Stripped::to_string).collect();
        assert_eq!(written, ["3 - 0.5*(.)", "exp(.)"]);
    }

    #[test]
    fn without_data_nothing_is_stripped() {
        let formula = call("exp", x(1) * x(2));
        let simplifier = Simplifier::new(&ALL, Complexity::default());
        assert_eq!(
            simplifier
                .gauge_fixed(&formula, &Columns::of_one_length(vec![Vec::new(); 3]))
                .expression,
            formula
        );
    }

    #[test]
    fn random_formulas_keep_their_directions_and_the_layers_give_them_back() {
        let simplifier = Simplifier::new(&ALL, Complexity::default());
        let mut random = generator(6);
        let (mut n_compared, mut n_stripped) = (0, 0);
        for _ in 0..40 {
            let original = formula(&mut random, 6);
            let points = points(&mut random, -1.0, 3.0, 50);
            let fixed = simplifier.gauge_fixed(&original, &columns(&points));
            n_stripped += fixed.stripped.len();
            assert!(fixed.expression.complexity() <= original.complexity());
            for point in &points {
                let (value, gradient) = original.value_and_gradient(point);
                let (rest, direction) = fixed.expression.value_and_gradient(point);
                let length = |g: &[f64]| g.iter().map(|d| d * d).sum::<f64>().sqrt();
                let lengths = length(&gradient) * length(&direction);
                if !value.is_finite() || !(1e-6..1e6).contains(&lengths) {
                    continue;
                }
                n_compared += 1;
                let products = gradient.iter().zip(&direction).map(|(a, b)| a * b);
                let cosine = products.sum::<f64>() / lengths;
                let expected = if fixed.is_flipped { -1.0 } else { 1.0 };
                assert!(
                    (cosine - expected).abs() < 1e-6,
                    "{original} -> {} at {point:?}: {cosine}",
                    fixed.expression
                );
                let layers = fixed.stripped.iter().rev();
                let rebuilt =
                    layers.fold(rest, |inner, layer| layer.to_expression().value(&[inner]));
                let error = (rebuilt - value).abs();
                assert!(
                    error <= 1e-6 * value.abs().max(1.0),
                    "{original}: {rebuilt}, {value}"
                );
            }
        }
        assert!(
            n_compared > 300 && n_stripped > 20,
            "{n_compared}, {n_stripped}"
        );
    }
}
