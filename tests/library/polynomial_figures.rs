//! The figures of networks as polynomials are well-formed and say what they show.

use crate::drawn;
use crate::support;

use closedform::model::DenseLayer;
use closedform::plot::{
    agreement_figure, coefficients_figure, polynomial_figures, potentials_figure, surfaces_figure,
};
use closedform::polynomial::{NetworkPolynomials, TaylorCenter};
use closedform::{Activation, DenseNetwork, Error, Figure, Points, Polynomial, TaylorOptions};
use drawn::texts;
use support::assert_refused;

/// Two inputs, layers of 3 tanh and 2 softplus neurons, as many outputs as asked for.
fn deep(n_outputs: usize) -> DenseNetwork {
    let weights = |n_rows: usize, n_columns: usize| -> Vec<Vec<f64>> {
        let weight = |row: usize, column: usize| ((7 * row + 3 * column) as f64).sin();
        let rows = 0..n_rows;
        rows.map(|row| (0..n_columns).map(|column| weight(row, column)).collect())
            .collect()
    };
    let layers = [
        (Activation::Tanh, weights(3, 3)),
        (Activation::Softplus, weights(4, 2)),
        (Activation::Linear, weights(3, n_outputs)),
    ];
    let layers = layers.map(|(activation, weights)| DenseLayer::new(activation, &weights).unwrap());
    DenseNetwork::new(layers.into()).unwrap()
}

fn polynomials(network: &DenseNetwork, center: TaylorCenter) -> NetworkPolynomials {
    let options = TaylorOptions {
        max_order: 3,
        taylor_centers: vec![center],
        points: Some(Points::new(["x1", "x2"], points()).unwrap()),
        ..TaylorOptions::default()
    };
    network.to_polynomials(&options).unwrap()
}

/// A grid on [-1, 1]^2.
fn points() -> Vec<f64> {
    let at = |k: usize| k as f64 / 10.0 - 1.0;
    let both = (0..21).flat_map(|row| (0..21).map(move |column| [at(row), at(column)]));
    both.flatten().collect()
}

fn assert_has(texts: &[String], labels: &[&str]) {
    for label in labels {
        assert!(
            texts.iter().any(|text| text == label),
            "{label} is not in {texts:?}"
        );
    }
}

#[test]
fn every_expanded_layer_shows_its_potentials_activation_and_series() {
    let network = deep(1);
    let at_zero = polynomials(&network, TaylorCenter::At(0.0));
    let at_means = polynomials(&network, TaylorCenter::MeanPotential);
    let figures = [&at_zero, &at_means].map(|p| potentials_figure(p, &network, &points()).unwrap());
    let texts = texts(&figures.each_ref());
    assert_has(
        &texts[0],
        &[
            "Layer 1: tanh around 0",
            "Layer 2: softplus around 0",
            "density of potentials",
            "Taylor, order 8",
            "|error| of the series",
            "radius of convergence",
        ],
    );
    assert_has(&texts[1], &["Layer 1: tanh around each neuron's mean"]);
}

#[test]
fn agreement_is_told_for_every_set_of_points_and_every_output() {
    let network = deep(2);
    let found = polynomials(&network, TaylorCenter::At(0.0));
    let wide: Vec<f64> = points().iter().map(|x| 100.0 * x).collect();
    let sets = [("near", &points()[..]), ("a<b & far", &wide)];
    let figure = agreement_figure(&found, &network, &sets).unwrap();
    let texts = texts(&[&figure]);
    let near = found.agreement(&network, &points()).unwrap();
    let title = format!("near: MSE {:.2e}, R² {:.4}", near.mse, near.r_squared);
    assert_has(
        &texts[0],
        &[&title, "network", "polynomial", "output 1", "output 2"],
    );
    assert!(
        texts[0]
            .iter()
            .any(|text| text.starts_with("a<b & far: MSE")),
        "{texts:?}"
    );
}

#[test]
fn the_largest_coefficients_are_named_by_their_monomials() {
    let one = polynomial(vec![(vec![1, 1, 2], -3.0), (vec![], 0.5), (vec![2], 0.1)]);
    let other = polynomial(vec![(vec![1], 2.0), (vec![2], 0.2)]);
    let names = ["width".to_string(), "height".to_string()];
    let alone = coefficients_figure(&[("net", &one)], 2, &names).unwrap();
    let both = coefficients_figure(&[("first", &one), ("second", &other)], 3, &[]).unwrap();
    let texts = texts(&[&alone, &both]);
    assert_has(
        &texts[0],
        &["width^2 height", "1", "net: positive", "net: negative"],
    );
    assert!(!texts[0].iter().any(|text| text == "height"), "{texts:?}");
    assert_has(&texts[1], &["x1^2 x2", "x1", "1", "first", "second"]);
}

#[test]
fn surfaces_share_their_contour_lines_scale_and_ranges() {
    let plane = polynomial(vec![(vec![1], 1.0), (vec![2], 2.0)]);
    let constant = |points: &[f64]| Ok(vec![7.0; points.len() / 2]);
    let figure = surfaces_figure(
        &[
            ("plane", &|points| plane.values(points)),
            ("constant", &constant),
        ],
        &[0.0, 0.0],
        [1, 0],
        &[[(-1.0, 1.0), (0.0, 5.0)], [(-3.0, 3.0), (0.0, 15.0)]],
    )
    .unwrap();
    let texts = texts(&[&figure]);
    assert_has(
        &texts[0],
        &["plane", "constant", "x1", "x2", "-7.04", "22.04"],
    );
}

#[test]
fn a_network_has_all_figures_that_its_weights_are_enough_for() {
    let network = deep(2);
    let found = polynomials(&network, TaylorCenter::At(0.0));
    let figures = polynomial_figures(&found, &network, None, &[]).unwrap();
    let (names, figures): (Vec<&str>, Vec<Figure>) = figures.into_iter().unzip();
    assert_eq!(
        names,
        ["potentials.svg", "agreement.svg", "coefficients.svg"]
    );
    texts(&figures.iter().collect::<Vec<_>>());
    // Without a hidden layer there is no series to show.
    let layer = DenseLayer::new(Activation::Linear, &[vec![0.0], vec![1.0]]).unwrap();
    let linear = DenseNetwork::new(vec![layer]).unwrap();
    let found = linear.to_polynomials(&TaylorOptions::default()).unwrap();
    let figures = polynomial_figures(&found, &linear, None, &[]).unwrap();
    let names: Vec<&str> = figures.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["agreement.svg", "coefficients.svg"]);
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let network = deep(1);
    let found = polynomials(&network, TaylorCenter::At(0.0));
    assert_refused(agreement_figure(&found, &network, &[]), &["no points"]);
    assert_refused(
        agreement_figure(&found, &deep(2), &[("a", &[0.0, 0.0])]),
        &["not of this"],
    );
    assert_refused(
        potentials_figure(&found, &network, &[0.0]),
        &["1 values", "2 variables"],
    );
    let one = polynomial(vec![(vec![1], 1.0)]);
    assert_refused(coefficients_figure(&[], 3, &[]), &["no coefficients"]);
    assert_refused(
        coefficients_figure(&[("a", &one)], 0, &[]),
        &["no coefficients"],
    );
    let draw = |plane: [usize; 2], range: (f64, f64)| {
        let values = |points: &[f64]| one.values(points);
        surfaces_figure(
            &[("a", &values)],
            &[0.0, 0.0],
            plane,
            &[[range, (0.0, 1.0)]],
        )
    };
    assert_refused(draw([0, 0], (0.0, 1.0)), &["[0, 0]", "2 inputs"]);
    assert_refused(draw([0, 2], (0.0, 1.0)), &["[0, 2]", "2 inputs"]);
    assert_refused(draw([0, 1], (1.0, 1.0)), &["from 1 to 1"]);
    assert_refused(draw([0, 1], (f64::NAN, 1.0)), &["NaN"]);
    let short = surfaces_figure(
        &[("a", &|_| Ok(vec![1.0]))],
        &[0.0; 2],
        [0, 1],
        &[[(0.0, 1.0); 2]],
    );
    assert_refused(short, &["\"a\"", "1 values"]);
    let failed = |_: &[f64]| Err(Error::Other("no value".into()));
    let failing = surfaces_figure(&[("a", &failed)], &[0.0; 2], [0, 1], &[[(0.0, 1.0); 2]]);
    assert_refused(failing, &["no value"]);
}

fn polynomial(terms: Vec<(Vec<usize>, f64)>) -> Polynomial {
    Polynomial::from_terms(2, terms).unwrap()
}
