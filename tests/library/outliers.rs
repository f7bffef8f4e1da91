//! Rows that are far off: an absolute loss finds the formula of the others.

use crate::support::cases;
use closedform::effort::Effort;
use closedform::interpretation::OutlyingRows;
use closedform::search::{LabelLoss, ValueLoss};
use closedform::{
    Dataset, Expression, LabelObjective, Objective, Operator, Points, SearchOptions, SearchResult,
    ValueObjective, progress, search_for,
};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A function's values at random points with small errors, some of them off by 10 to 40.
fn contaminated(
    function: impl Fn(&[f64]) -> f64,
    sides: &[(f64, f64)],
    n: usize,
    share: f64,
    is_two_sided: bool,
) -> ValueObjective {
    let mut rng = ChaCha8Rng::seed_from_u64(41);
    let data = Dataset::from_function(sides, n, 40, function).unwrap();
    let n_off = (share * n as f64).round() as usize;
    let rows = data.targets().iter().enumerate();
    let values = rows.map(|(row, y)| {
        let size = if row < n_off {
            rng.random_range(10.0..40.0)
        } else {
            0.0
        };
        let sign = if is_two_sided && rng.random() {
            -1.0
        } else {
            1.0
        };
        y + sign * size + rng.random_range(-0.1..0.1)
    });
    ValueObjective::new(data.points(), values.collect()).unwrap()
}

fn searched(objective: &dyn Objective) -> SearchResult {
    let options = SearchOptions {
        operators: Operator::parse_list("+,-,*,/,sin,exp,sqrt").unwrap(),
        n_generations: 0,
        ..SearchOptions::default()
    };
    search_for(objective, &options, progress::silent).unwrap()
}

/// Asserts that an absolute loss finds a function but for 1 % of its variance.
fn assert_found(
    function: impl Fn(&[f64]) -> f64 + Copy,
    sides: &[(f64, f64)],
    (n, share, is_two_sided): (usize, f64, bool),
) {
    let objective = contaminated(function, sides, n, share, is_two_sided);
    let found = searched(&objective.with_loss(ValueLoss::Absolute).unwrap());
    let best = found.front.best().unwrap();
    assert!(best.held_out.is_some());
    let fresh = Dataset::from_function(sides, 500, 42, function).unwrap();
    let mean = fresh.targets().iter().sum::<f64>() / 500.0;
    let (mut left, mut all) = (0.0, 0.0);
    for (x, y) in fresh.points().rows().zip(fresh.targets()) {
        left += (best.expression.value(x) - y).powi(2);
        all += (y - mean).powi(2);
    }
    assert!(left < 0.01 * all, "{share} of {n}: {}", found.front);
}

#[test]
fn an_absolute_loss_finds_the_formula_of_the_rows_that_are_not_off() {
    let sides = [(0.5, 3.0), (0.2, 3.0)];
    for rows in [(60, 0.06, true), (100, 0.15, false)] {
        assert_found(|x| x[0] * (-x[1]).exp() + 1.0, &sides, rows);
    }
    let linear = |x: &[f64]| 1.0 + 2.0 * x[0] - x[1] + 3.0 * x[2];
    assert_found(linear, &[(-1.0, 2.0); 3], (60, 0.15, true));
}

#[test]
fn few_rows_that_carry_a_squared_loss_are_named() {
    let rows = |share| {
        let objective = contaminated(|x| 2.0 * x[0], &[(0.0, 2.0)], 100, share, true);
        OutlyingRows::of(&"2*x1".parse().unwrap(), &objective).unwrap()
    };
    assert_eq!(rows(0.06).unwrap().n, 6);
    assert_eq!(rows(0.0), None);
}

/// A quick search: what it finds is poor, and must not be worse than a constant all the same.
fn quick(max_complexity: Option<usize>) -> SearchOptions {
    let mut effort = Effort::default();
    effort.stages.screening = false;
    effort.enumeration.near.max_blocks = 60;
    effort.enumeration.far.max_blocks = 60;
    effort.polynomials.max_degree = 2;
    effort.stages.rational = false;
    SearchOptions {
        effort,
        max_complexity,
        n_generations: 1,
        ..SearchOptions::default()
    }
}

proptest! {
    #![proptest_config(cases(8))]

    /// The best constant has a loss of 1, but for what its digits cost.
    #[test]
    fn no_chosen_formula_is_worse_than_the_best_constant(
        rows in prop::collection::vec((-2.0..2.0_f64, -2.0..2.0_f64, 0.0..1.0_f64, 0_u32..12), 5..40),
        max_complexity in prop_oneof![Just(None), (1_usize..12).prop_map(Some)],
        is_smooth in any::<bool>(),
    ) {
        let points: Vec<f64> = rows.iter().flat_map(|(a, b, ..)| [*a, *b]).collect();
        let points = Points::new(["a", "b"], points).unwrap();
        // One row in twelve is far off.
        let values = rows.iter().map(|(.., y, kind)| if *kind == 0 { 50.0 * y } else { *y });
        let values = ValueObjective::new(&points, values.collect()).unwrap();
        for loss in [ValueLoss::Squared, ValueLoss::Absolute, ValueLoss::Poisson] {
            let objective = values.clone().with_loss(loss).unwrap();
            let objective = if is_smooth { objective.with_smooth_errors() } else { objective };
            let found = search_for(&objective, &quick(max_complexity), progress::silent).unwrap();
            let best = found.front.best().unwrap();
            let is_constant = matches!(best.expression, Expression::Constant(_));
            prop_assert!(best.loss <= 1.0 + 1e-9 || is_constant, "{loss:?}: {}", found.front);
        }
        let labels: Vec<bool> = rows.iter().map(|(.., y, _)| *y > 0.7).collect();
        let n_true = labels.iter().filter(|label| **label).count();
        if n_true > 0 && n_true < labels.len() {
            let objective = LabelObjective::new(&points, labels, LabelLoss::Hinge).unwrap();
            let found = search_for(&objective, &quick(max_complexity), progress::silent).unwrap();
            let rare = n_true.min(rows.len() - n_true) as f64 / rows.len() as f64;
            let loss = found.front.best().unwrap().loss;
            prop_assert!(loss <= (2.0 * rare).min(1.0) + 1e-9, "{loss} {rare}: {}", found.front);
        }
    }
}
