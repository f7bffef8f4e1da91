//! Directions on the decision boundary are taken there, and are those of its normals.

use crate::by_hand;
use crate::support;

use by_hand::quadratic;
use closedform::{Dataset, Directions, Expression, Model, Network, Points};

const SIDES: [(f64, f64); 2] = [(-1.0, 1.0); 2];

fn points() -> Points {
    let data = Dataset::from_function(&SIDES, 2000, 0, |x| x[0]).unwrap();
    data.points().clone()
}

/// The latent model `20 (x1^2 + 2 x2^2 - 1)`.
fn ellipse() -> Network {
    quadratic(&[(20.0, [1.0, 0.0]), (40.0, [0.0, 1.0])], -20.0)
}

#[test]
fn points_are_moved_to_the_boundary_and_stay_in_the_box() {
    let found = ellipse().boundary_directions(&points(), 1e-4).unwrap();
    assert!(found.n_samples() > 200);
    for x in found.points().chunks(2) {
        assert!(
            (x[0] * x[0] + 2.0 * x[1] * x[1] - 1.0).abs() < 2e-3,
            "{x:?}"
        );
        assert!(x.iter().all(|side| side.abs() <= 1.0), "{x:?}");
    }
}

#[test]
fn directions_there_are_the_boundarys_normals() {
    let found = ellipse().boundary_directions(&points(), 1e-4).unwrap();
    let truth = Expression::parse("x1*x1 + 2*x2*x2", &support::names(2)).unwrap();
    assert!(found.mean_abs_cosine(&truth) > 0.999_999);
}

#[test]
fn a_network_without_a_boundary_in_the_box_is_refused() {
    let outside = quadratic(&[(1.0, [1.0, 0.0]), (1.0, [0.0, 1.0])], -4.0);
    let refused = outside.boundary_directions(&points(), 1e-4).unwrap_err();
    assert!(refused.to_string().contains("boundary"), "{refused}");
}

#[test]
fn directions_join_with_their_weights() {
    let given = |x: f64, weight: f64| {
        let gradients = vec![x, 1.0 - x];
        let directions = support::directions_in(2, [x; 2], gradients).unwrap();
        directions.with_weights(vec![weight]).unwrap()
    };
    let joined = given(1.0, 3.0).with_others(&given(0.0, 1.0)).unwrap();
    assert_eq!(joined.points()[..], [1.0, 1.0, 0.0, 0.0]);
    assert_eq!(joined.weights(), [3.0, 1.0]);
    assert_eq!(joined.cosines(&joined).unwrap(), [1.0, 1.0]);
    let points = Points::new(["a", "b"], [0.0; 2]).unwrap();
    let other = Directions::from_gradients(points, vec![1.0; 2]).unwrap();
    let refused = joined.with_others(&other).unwrap_err();
    assert!(refused.to_string().contains("x1"), "{refused}");
}
