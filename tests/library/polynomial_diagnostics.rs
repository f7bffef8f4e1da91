//! How well polynomials follow their network: numbers by hand.

use crate::support;

use closedform::model::DenseLayer;
use closedform::polynomial::{Agreement, SeriesFit, TaylorCenter};
use closedform::{Activation, DenseNetwork, Points, TaylorOptions};
use support::assert_refused;

/// One input, one neuron, and a linear output that passes it on.
fn one_neuron(activation: Activation, bias: f64, weight: f64) -> DenseNetwork {
    let hidden = DenseLayer::new(activation, &[vec![bias], vec![weight]]).unwrap();
    let output = DenseLayer::new(Activation::Linear, &[vec![0.0], vec![1.0]]).unwrap();
    DenseNetwork::new(vec![hidden, output]).unwrap()
}

fn of_order(order: usize) -> TaylorOptions {
    TaylorOptions {
        max_order: order,
        taylor_orders: vec![order],
        ..TaylorOptions::default()
    }
}

fn assert_near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-14, "{found}, not {expected}");
}

#[test]
fn every_output_varies_about_its_own_mean() {
    // Rows (0, 0) and (2, 10) are expected: the means are 1 and 5, the squares about them
    // 1 + 25 + 1 + 25. The errors are 1, 0, 0 and 4.
    let agreement = Agreement::of(&[1.0, 0.0, 2.0, 6.0], &[0.0, 0.0, 2.0, 10.0], 2).unwrap();
    assert_eq!((agreement.n_samples, agreement.max_error), (2, 4.0));
    assert_near(agreement.mse, 17.0 / 4.0);
    assert_near(agreement.r_squared, 1.0 - 17.0 / 52.0);
}

#[test]
fn nothing_is_explained_where_nothing_varies() {
    let agreement = Agreement::of(&[1.0, 1.0], &[1.0, 1.0], 1).unwrap();
    assert_eq!((agreement.mse, agreement.r_squared), (0.0, 0.0));
}

#[test]
fn a_prediction_that_is_no_number_is_not_overlooked() {
    let agreement = Agreement::of(&[1.0, f64::NAN, 2.0], &[1.0, 2.0, 3.0], 1).unwrap();
    assert!(agreement.max_error.is_nan() && agreement.mse.is_nan());
}

#[test]
fn values_that_do_not_pair_up_are_refused() {
    for (found, expected, n_outputs) in [
        (&[][..], &[][..], 1),
        (&[1.0], &[1.0, 2.0], 1),
        (&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0], 2),
        (&[1.0], &[1.0], 0),
    ] {
        assert_refused(
            Agreement::of(found, expected, n_outputs),
            &["don't pair up"],
        );
    }
}

#[test]
fn polynomials_are_compared_with_the_network_they_are_of() {
    // 1 + x + x^2/2 at 0 and 1, in place of 1 and e.
    let network = one_neuron(Activation::Exp, 0.0, 1.0);
    let found = network.to_polynomials(&of_order(2)).unwrap();
    let agreement = found.agreement(&network, &[0.0, 1.0]).unwrap();
    let error = std::f64::consts::E - 2.5;
    assert_near(agreement.max_error, error);
    assert_near(agreement.mse, error * error / 2.0);
    // The squares about the mean of 1 and e are (e - 1)^2 / 2.
    let spread = (std::f64::consts::E - 1.0).powi(2) / 2.0;
    assert_near(agreement.r_squared, 1.0 - error * error / spread);
}

#[test]
fn classifiers_agree_in_probabilities() {
    // Nothing but a sigmoid: the logit is a polynomial already, and nothing is lost.
    let layer = DenseLayer::new(Activation::Sigmoid, &[vec![0.5], vec![-3.0]]).unwrap();
    let network = DenseNetwork::new(vec![layer]).unwrap();
    let found = network.to_polynomials(&of_order(2)).unwrap();
    let agreement = found.agreement(&network, &[-2.0, 0.0, 5.0]).unwrap();
    assert!(agreement.max_error < 1e-15);
    assert!(found.series_fits(&network, &[0.0]).unwrap().is_empty());
}

#[test]
fn a_series_is_judged_where_potentials_occur() {
    // Potentials -2, -1, 1 and 2; the series u of order 1; the radius is pi/2.
    let network = one_neuron(Activation::Tanh, 0.0, 2.0);
    let found = network.to_polynomials(&of_order(1)).unwrap();
    let fits = found
        .series_fits(&network, &[-1.0, -0.5, 0.5, 1.0])
        .unwrap();
    let [fit] = fits.as_slice() else {
        panic!("the linear layer has no series: {fits:?}");
    };
    let (near, far) = (1.0 - 1.0_f64.tanh(), 2.0 - 2.0_f64.tanh());
    let SeriesFit {
        layer,
        activation,
        low,
        high,
        outside,
        mean_error,
        max_error,
    } = *fit;
    assert_eq!((layer, activation), (1, Activation::Tanh));
    assert_eq!((low, high, outside), (-2.0, 2.0, 0.5));
    assert_near(mean_error, (near + far) / 2.0);
    assert_near(max_error, far);
}

#[test]
fn every_neurons_own_center_counts() {
    // Two neurons, whose potentials are 5 and -5 everywhere but for a little: each is near its own
    // center.
    let hidden = DenseLayer::new(Activation::Sigmoid, &[vec![5.0, -5.0], vec![0.1, 0.1]]).unwrap();
    let output = DenseLayer::new(Activation::Linear, &[vec![0.0], vec![1.0], vec![1.0]]).unwrap();
    let network = DenseNetwork::new(vec![hidden, output]).unwrap();
    let points = [-1.0, 0.0, 1.0];
    let worst = |center: TaylorCenter| {
        let options = TaylorOptions {
            taylor_centers: vec![center],
            points: Some(Points::new(["x1"], points).unwrap()),
            ..of_order(4)
        };
        let found = network.to_polynomials(&options).unwrap();
        found.series_fits(&network, &points).unwrap()[0]
    };
    let (common, own) = (
        worst(TaylorCenter::At(0.0)),
        worst(TaylorCenter::MeanPotential),
    );
    assert_eq!((common.outside, own.outside), (1.0, 0.0));
    assert!(
        own.max_error < 1e-7 && common.max_error > 0.1,
        "{own:?} {common:?}"
    );
}

#[test]
fn another_network_is_refused_by_its_shape() {
    let network = one_neuron(Activation::Tanh, 0.0, 1.0);
    let found = network.to_polynomials(&of_order(3)).unwrap();
    let wide = DenseLayer::new(Activation::Tanh, &[vec![0.0; 2], vec![1.0; 2]]).unwrap();
    let output = DenseLayer::new(Activation::Linear, &[vec![0.0], vec![1.0], vec![1.0]]).unwrap();
    let other = DenseNetwork::new(vec![wide.clone(), output]).unwrap();
    assert_refused(found.agreement(&other, &[0.0]), &["not of this network"]);
    let shallow = DenseNetwork::new(vec![wide]).unwrap();
    assert_refused(
        found.series_fits(&shallow, &[0.0]),
        &["1 outputs", "2 outputs", "2 layers"],
    );
    assert_refused(found.agreement(&network, &[]), &["0 values", "1 variables"]);
    assert_refused(
        found.series_fits(&network, &[]),
        &["0 values", "1 variables"],
    );
}

#[cfg(feature = "parquet")]
#[test]
fn points_are_the_named_columns_of_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    std::fs::write(&path, "b,kind,a\n1,red,2\n3,blue,4\n").unwrap();
    let read = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
        Points::from_file(&path, &names)
    };
    assert_eq!(read(&["a", "b"]).unwrap()[..], [2.0, 1.0, 4.0, 3.0]);
    assert_refused(read(&["a", "c"]), &["table.csv", "\"c\"", "b, kind, a"]);
    assert_refused(read(&["kind"]), &["table.csv", "row 1", "red"]);
}
