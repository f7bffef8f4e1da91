//! The loss compares directions only: equation 16 of Wetzel (2024) and what it is blind to.

use crate::support;

use closedform::{Directions, Error, Expression, Operator};
use proptest::prelude::*;
use support::{N_VARIABLES, cases, directions_in, expressions, is_tame};

/// Rounding error of a mean over some tens of points.
const TOLERANCE: f64 = 1e-9;

/// As many random points as random gradients.
fn fields() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    (3_usize..20).prop_flat_map(|n| {
        let points = prop::collection::vec(-2.0..2.0_f64, n * N_VARIABLES);
        let gradients = prop::collection::vec(-5.0..5.0_f64, n * N_VARIABLES);
        (points, gradients)
    })
}

fn directions(points: &[f64], gradients: &[f64]) -> Directions {
    directions_in(N_VARIABLES, points, gradients.to_vec()).unwrap()
}

fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|v| v * v).sum::<f64>().sqrt()
}

/// Whether the formula is harmless on all points and has a direction at each.
fn is_fit(formula: &Expression, points: &[f64]) -> bool {
    points.chunks(N_VARIABLES).all(|point| {
        let gradient = formula.value_and_gradient(point).1;
        is_tame(formula, point) && (1e-4..1e4).contains(&norm(&gradient))
    })
}

/// Wetzel (2024), equation 16, by hand: the mean squared difference of normalized gradients.
fn equation_16(formula: &Expression, points: &[f64], gradients: &[f64], sign: f64) -> f64 {
    let rows = points
        .chunks(N_VARIABLES)
        .zip(gradients.chunks(N_VARIABLES));
    let squares = rows.map(|(point, given)| {
        let own = formula.value_and_gradient(point).1;
        let (own_norm, given_norm) = (norm(&own), norm(given));
        own.iter()
            .zip(given)
            .map(|(a, b)| (sign * a / own_norm - b / given_norm).powi(2))
            .sum::<f64>()
    });
    squares.sum::<f64>() / (points.len() / N_VARIABLES) as f64
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn the_loss_is_equation_16_with_the_better_sign(
        formula in expressions(),
        (points, gradients) in fields(),
    ) {
        prop_assume!(is_fit(&formula, &points));
        let by_hand = [1.0, -1.0].map(|sign| equation_16(&formula, &points, &gradients, sign));
        let loss = directions(&points, &gradients).loss(&formula).unwrap();
        prop_assert!((loss - by_hand[0].min(by_hand[1])).abs() < TOLERANCE, "{} {:?}", loss, by_hand);
        prop_assert!((0.0..=2.0).contains(&loss));
    }

    #[test]
    fn the_loss_is_blind_to_scale_offset_and_sign(
        formula in expressions(),
        (points, gradients) in fields(),
        scale in prop_oneof![0.01..100.0_f64, -100.0..-0.01_f64],
        offset in -100.0..100.0_f64,
    ) {
        prop_assume!(is_fit(&formula, &points));
        let given = directions(&points, &gradients);
        let changed = Expression::constant(scale) * formula.clone() + Expression::constant(offset);
        let (before, after) = (given.loss(&formula).unwrap(), given.loss(&changed).unwrap());
        prop_assert!((before - after).abs() < TOLERANCE, "{} {}", before, after);
    }

    #[test]
    fn the_loss_is_blind_to_a_monotone_function_of_the_formula(
        formula in expressions(),
        (points, gradients) in fields(),
    ) {
        let grown = Expression::apply(Operator::Exp, vec![formula.clone()]).unwrap();
        prop_assume!(is_fit(&formula, &points) && points.chunks(N_VARIABLES).all(|x| formula.value(x).abs() < 20.0));
        let given = directions(&points, &gradients);
        let (before, after) = (given.loss(&formula).unwrap(), given.loss(&grown).unwrap());
        prop_assert!((before - after).abs() < TOLERANCE, "{} {}", before, after);
    }

    #[test]
    fn the_loss_is_blind_to_the_lengths_of_the_given_gradients(
        formula in expressions(),
        (points, gradients) in fields(),
        scales in prop::collection::vec(-300.0..300.0_f64, 20),
    ) {
        prop_assume!(is_fit(&formula, &points));
        let rows = gradients.chunks(N_VARIABLES).zip(&scales);
        // Lengths from 1e-300 to 1e300: nothing may under- or overflow on the way.
        let scaled: Vec<f64> = rows
            .flat_map(|(row, exponent)| row.iter().map(|g| g * 10.0_f64.powf(*exponent)))
            .collect();
        let before = directions(&points, &gradients).loss(&formula).unwrap();
        let after = directions(&points, &scaled).loss(&formula).unwrap();
        prop_assert!((before - after).abs() < TOLERANCE, "{} {}", before, after);
    }

    #[test]
    fn unit_gradients_have_length_1((points, gradients) in fields()) {
        for unit in directions(&points, &gradients).unit_gradients().chunks(N_VARIABLES) {
            prop_assert!((norm(unit) - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn points_without_direction_take_no_part(
        formula in expressions(),
        (points, gradients) in fields(),
        dead in prop::collection::vec(any::<bool>(), 20),
    ) {
        prop_assume!(is_fit(&formula, &points));
        let n = points.len() / N_VARIABLES;
        prop_assume!(dead[..n].contains(&false));
        let mut with_zeros = gradients.clone();
        let (mut few_points, mut few_gradients) = (Vec::new(), Vec::new());
        for (row, is_dead) in dead.iter().enumerate().take(n) {
            let range = row * N_VARIABLES..(row + 1) * N_VARIABLES;
            if *is_dead {
                with_zeros[range].fill(0.0);
            } else {
                few_points.extend_from_slice(&points[range.clone()]);
                few_gradients.extend_from_slice(&gradients[range]);
            }
        }
        let all = directions(&points, &with_zeros);
        prop_assert_eq!(all.n_zero(), dead[..n].iter().filter(|dead| **dead).count());
        prop_assert_eq!(all.n_samples(), n);
        let (all, few) = (all.loss(&formula).unwrap(), directions(&few_points, &few_gradients).loss(&formula).unwrap());
        prop_assert!((all - few).abs() < TOLERANCE, "{} {}", all, few);
    }
}

#[test]
fn a_match_has_loss_0_and_a_right_angle_loss_2() {
    let given = directions_in(2, [1.0, 2.0, 3.0, 4.0], vec![0.0, 7.0, 0.0, 7.0]).unwrap();
    assert_eq!(given.loss(&Expression::variable(1)), Some(0.0));
    assert_eq!(given.loss(&Expression::variable(0)), Some(2.0));
}

#[test]
fn a_formula_with_a_pole_has_no_loss() {
    let given = directions_in(2, [0.0, 2.0], vec![1.0, 7.0]).unwrap();
    let pole = Expression::constant(1.0) / Expression::variable(0);
    assert_eq!(given.loss(&pole), None);
}

#[test]
fn gradients_that_are_all_zero_are_refused() {
    let error = directions_in(2, [1.0; 6], vec![0.0; 6]).unwrap_err();
    assert!(matches!(error, Error::Unlearned(_)), "{error:?}");
    assert!(
        error.to_string().contains("all 3 gradients are zero"),
        "{error}"
    );
}
