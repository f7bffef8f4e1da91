//! Formulas made simple, on three levels. Each includes the one before it and takes longer.
//!
//! | level | what it does |
//! |---|---|
//! | [`Expression::folded`] | computes what numbers alone come to, and leaves out 1 and 0 |
//! | [`Simplifier::simplified`] | finds the least complex formula that equals the given one |
//! | [`Simplifier::gauge_fixed`] | strips the layers that gradient directions can't see |
//!
//! Beside them stands [`Expression::readable`], the form in which a folded formula is reported.

mod collected;
mod costs;
mod folded;
mod gauge;
mod language;
mod layer;
mod rewrites;
#[cfg(test)]
mod samples;
mod ways;

pub use layer::Stripped;

use crate::effort::{Effort, Simplification, Stages};
use crate::formula::{Complexity, Expression, Operator};
use costs::ByCost;
use egg::{BackoffScheduler, Extractor, Rewrite, Runner};
use language::{Folding, Node};
use std::time::Duration;

/// Simplifies formulas with the operators that a user allows, by the complexity a user sets.
pub(crate) struct Simplifier {
    allowed: Vec<Operator>,
    complexity: Complexity,
    rewrites: Vec<Rewrite<Node, Folding>>,
    limits: Simplification,
    stages: Stages,
}

impl Simplifier {
    /// A sign is always allowed, and so is what a formula contains already.
    pub fn new(allowed: &[Operator], complexity: Complexity) -> Self {
        Self {
            allowed: allowed.to_vec(),
            complexity,
            rewrites: rewrites::rewrites(allowed),
            limits: Simplification::default(),
            stages: Stages::default(),
        }
    }

    /// The same that searches further, or less far.
    pub fn with_effort(self, effort: &Effort) -> Self {
        Self {
            limits: effort.simplification,
            stages: effort.stages,
            ..self
        }
    }

    /// The least complex formula found (equality saturation) that equals the given one wherever
    /// that is finite; it may be finite at more points, as `x` is compared with `x*y / y`, and a
    /// formula without a value anywhere may get one.
    ///
    /// Among formulas of one complexity, the one with the fewest constants that aren't small
    /// integers, and of these the one with the fewest digits. Never more complex than the given one.
    /// Arguments that may change places stand in a fixed order.
    pub fn simplified(&self, expression: &Expression) -> Expression {
        let expression = &expression.clone().folded();
        let collected = if self.stages.collection {
            collected::collected(expression)
        } else {
            expression.clone()
        };
        let mut starts = vec![expression];
        if self.may_use(&collected, expression) {
            // What collecting settled needn't be searched again.
            if self.complexity.cost(&collected) < self.complexity.cost(expression) {
                starts.clear();
            }
            starts.push(&collected);
        }
        let simplest = self.least_complex(&starts);
        ordered(simplest.unwrap_or_else(|| expression.clone())).folded()
    }

    /// Searches among all that equals the given formulas, which are equal to one another.
    fn least_complex(&self, starts: &[&Expression]) -> Option<Expression> {
        if !self.stages.equalities {
            let starts = starts.iter().copied();
            return starts
                .min_by_key(|start| self.complexity.cost(start))
                .cloned();
        }
        let scheduler = BackoffScheduler::default()
            .with_initial_match_limit(self.limits.max_matches)
            .with_ban_length(self.limits.ban_length);
        let mut runner = Runner::default()
            .with_scheduler(scheduler)
            .with_node_limit(self.limits.max_nodes)
            .with_iter_limit(self.limits.max_iterations)
            .with_time_limit(Duration::MAX);
        for start in starts {
            runner = runner.with_expr(&language::to_nodes(start));
        }
        let roots = runner.roots.clone();
        for pair in roots.windows(2) {
            runner.egraph.union(pair[0], pair[1]);
        }
        let runner = runner.run(&self.rewrites);
        let extractor = Extractor::new(&runner.egraph, ByCost(&self.complexity));
        let (_, best) = extractor.find_best(*roots.first()?);
        Some(language::to_expression(&best))
    }

    /// Whether every operator of a formula is allowed or stands in what it was made from.
    fn may_use(&self, expression: &Expression, origin: &Expression) -> bool {
        let Expression::Apply(operator, arguments) = expression else {
            return true;
        };
        let is_allowed = *operator == Operator::Neg
            || self.allowed.contains(operator)
            || contains(origin, *operator);
        is_allowed && arguments.iter().all(|part| self.may_use(part, origin))
    }
}

/// Arguments that may change places in a fixed order, `x1` before `x2`; a sum ends in its number.
fn ordered(expression: Expression) -> Expression {
    let Expression::Apply(operator, arguments) = expression else {
        return expression;
    };
    let mut arguments: Vec<Expression> = arguments.into_iter().map(ordered).collect();
    let is_sum = operator == Operator::Add;
    if is_sum || operator == Operator::Mul {
        arguments.sort_by_cached_key(|argument| {
            let is_number = matches!(argument, Expression::Constant(_));
            (is_sum && is_number, language::to_nodes(argument))
        });
    }
    Expression::applied(operator, arguments)
}

fn contains(expression: &Expression, operator: Operator) -> bool {
    match expression {
        Expression::Apply(own, arguments) => {
            *own == operator || arguments.iter().any(|part| contains(part, operator))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::samples::{ALL, call, formula, generator, number, points, x};
    use super::*;

    fn simplified(expression: Expression) -> String {
        let simplifier = Simplifier::new(&ALL, Complexity::default());
        simplifier.simplified(&expression).to_string()
    }

    fn close(a: f64, b: f64, tolerance: f64) -> bool {
        (a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1.0)
    }

    #[test]
    fn known_formulas_become_simple() {
        let square = x(1) * x(1) + number(2.0) * x(1) * x(2) + x(2) * x(2);
        let simplifier = Simplifier::new(&ALL, Complexity::default());
        let root = x(1) + x(2);
        let found = simplifier.simplified(&square);
        assert_eq!(found.complexity(), (root.clone() * root).complexity());
        assert_eq!(
            simplified(call("exp", x(1)) * call("exp", x(2))),
            "exp(x1 + x2)"
        );
        assert_eq!(simplified(x(1) + x(2) - x(2)), "x1");
        assert_eq!(simplified(number(2.0) * x(1) + number(3.0) * x(1)), "5*x1");
        assert_eq!(simplified(x(1) * x(2) / x(2)), "x1");
        assert_eq!(simplified(number(0.5) * x(1)), "x1/2");
        assert_eq!(
            simplified(call("log", call("exp", x(2)) * call("exp", x(1)))),
            "x1 + x2"
        );
        let circle = call("sin", x(1)) * call("sin", x(1)) + call("cos", x(1)) * call("cos", x(1));
        assert_eq!(simplified(circle), "1");
        assert_eq!(
            simplified(call("cos", x(2) - x(1)) - call("cos", x(1) - x(2))),
            "0"
        );
        assert_eq!(simplified(call("sqrt", x(1)) * call("sqrt", x(1))), "x1");
    }

    #[test]
    fn roots_exponentials_and_powers_become_one_power() {
        let allowed = [&ALL[..], &[Operator::Pow]].concat();
        let simplifier = Simplifier::new(&allowed, Complexity::default());
        for (given, expected) in [
            ("sqrt(x1*sqrt(x1))", "x1**0.75"),
            ("sqrt(x1)*sqrt(sqrt(x1))", "x1**0.75"),
            ("exp(0.6*log(x1))", "x1**0.6"),
            ("(x1**0.6)**0.5", "x1**0.3"),
            ("x1**0.3*x1**0.4", "x1**0.7"),
            ("x1*x1**-0.3", "x1**0.7"),
            ("x1*sqrt(x1)", "x1**1.5"),
            ("x1**1.4/x2**1.4", "(x1/x2)**1.4"),
            ("x1**0.25*x1**0.25", "sqrt(x1)"),
            ("x1**1.5/x1**0.5", "x1"),
            ("x1**2.0", "x1**2"),
            ("(x1**2)**0.3", "(x1**2)**0.3"),
            ("log(x1**0.7)", "0.7*log(x1)"),
            ("(x1/x2**4.5)**0.2", "x1**0.2/x2**0.9"),
        ] {
            let given: Expression = given.parse().unwrap();
            let simple = simplifier.simplified(&given);
            assert_eq!(simple.to_string(), expected, "{given:?}");
            for point in [[0.4, 1.7], [2.9, 0.3]] {
                assert!(close(given.value(&point), simple.value(&point), 1e-12));
            }
        }
        let without = Simplifier::new(&ALL, Complexity::default());
        let root = without.simplified(&"sqrt(x1*sqrt(x1))".parse().unwrap());
        assert!(!contains(&root, Operator::Pow));
    }

    #[test]
    fn terms_far_apart_in_a_long_sum_meet() {
        let term = |n: usize| call("sin", number(n as f64) * x(n % 3 + 1));
        let sum = (1..9).map(term).reduce(|a, b| a + b).unwrap();
        let expected = sum.complexity();
        let padded = x(1) * x(2) + sum - x(2) * x(1);
        let simplifier = Simplifier::new(&ALL, Complexity::default());
        assert!(simplifier.simplified(&padded).complexity() <= expected);
    }

    #[test]
    fn random_formulas_keep_values_and_gradients_and_never_grow() {
        let simplifier = Simplifier::new(&ALL, Complexity::default());
        let mut random = generator(2);
        let mut n_compared = 0;
        for _ in 0..60 {
            let original = formula(&mut random, 7);
            let simple = simplifier.simplified(&original);
            assert!(simple.complexity() <= original.complexity());
            for point in points(&mut random, -2.0, 2.0, 20) {
                let (value, gradient) = original.value_and_gradient(&point);
                let is_tame = |value: &f64| value.is_finite() && value.abs() < 1e4;
                if !is_tame(&value) || !gradient.iter().all(is_tame) {
                    continue;
                }
                n_compared += 1;
                let (simple_value, simple_gradient) = simple.value_and_gradient(&point);
                assert!(
                    close(value, simple_value, 1e-6),
                    "{original} -> {simple} at {point:?}: {value}, {simple_value}"
                );
                for (a, b) in gradient.iter().zip(&simple_gradient) {
                    assert!(close(*a, *b, 1e-5), "{original} -> {simple} at {point:?}");
                }
            }
        }
        assert!(n_compared > 300, "{n_compared}");
    }

    #[test]
    fn the_same_formula_always_becomes_the_same_formula() {
        let simplify_all = || {
            let simplifier = Simplifier::new(&ALL, Complexity::default());
            let mut random = generator(3);
            (0..12)
                .map(|_| simplifier.simplified(&formula(&mut random, 9)))
                .collect::<Vec<Expression>>()
        };
        let here = simplify_all();
        let elsewhere = std::thread::spawn(simplify_all).join().unwrap();
        assert_eq!(here, elsewhere);
    }

    #[test]
    fn operators_that_are_not_allowed_do_not_appear() {
        let allowed = [Operator::Add, Operator::Mul, Operator::Exp];
        let simplifier = Simplifier::new(&allowed, Complexity::default());
        let difference = number(-2.0) * x(1) + x(2) * x(2);
        let simple = simplifier.simplified(&difference);
        assert!(!contains(&simple, Operator::Sub));
        let quotient = call("exp", number(-1.0) * x(1)) * x(2);
        assert!(!contains(&simplifier.simplified(&quotient), Operator::Div));
    }

    #[test]
    fn formulas_without_any_value_do_no_harm() {
        let zero = || x(1) - x(1);
        let simplifier = Simplifier::new(&ALL, Complexity::default());
        let nowhere = [
            x(2) / zero(),
            zero() / zero(),
            call("log", zero()),
            number(f64::NAN),
        ];
        for formula in nowhere {
            assert!(simplifier.simplified(&formula).complexity() <= formula.complexity());
        }
    }

    #[test]
    fn the_costs_decide_what_is_simple() {
        let product = call("exp", x(1)) * call("exp", x(2));
        let with_cost_of_sums = |cost: usize| {
            let operators = [(Operator::Add, cost)].into();
            let complexity = Complexity {
                operators,
                ..Complexity::default()
            };
            Simplifier::new(&ALL, complexity).simplified(&product)
        };
        assert_eq!(with_cost_of_sums(2), call("exp", x(1) + x(2)));
        assert_eq!(with_cost_of_sums(20), product);
    }

    /// Measures: `cargo test --release --lib -- --ignored --nocapture milliseconds`.
    #[test]
    #[ignore = "a measurement"]
    fn milliseconds_per_formula() {
        let simplifier = Simplifier::new(&ALL, Complexity::default());
        let mut random = generator(4);
        for n_leaves in [4, 7, 12, 18] {
            let mut seconds = Vec::new();
            let (mut before, mut after) = (0, 0);
            for _ in 0..100 {
                let original = formula(&mut random, n_leaves);
                let start = std::time::Instant::now();
                let simple = simplifier.simplified(&original);
                seconds.push(start.elapsed().as_secs_f64());
                before += original.complexity();
                after += simple.complexity();
            }
            seconds.sort_by(f64::total_cmp);
            println!(
                "{n_leaves} leaves: median {:.1} ms, 90% {:.1} ms, most {:.1} ms; complexity {} -> {}",
                1e3 * seconds[50],
                1e3 * seconds[90],
                1e3 * seconds[99],
                before as f64 / 100.0,
                after as f64 / 100.0
            );
        }
    }
}
