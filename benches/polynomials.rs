//! How fast networks become polynomials: the sizes that the R package nn2poly is timed with, and a
//! larger one.

use closedform::model::DenseLayer;
use closedform::{Activation, DenseNetwork, TaylorOptions};
use divan::Bencher;

fn main() {
    divan::main();
}

/// A network of tanh layers and one linear output, with weights of the usual size.
fn network(widths: &[usize]) -> DenseNetwork {
    let mut state = 0.0_f64;
    let layers = widths.windows(2).enumerate().map(|(index, pair)| {
        let size = 1.0 / (pair[0] as f64).sqrt();
        let mut weight = || {
            state += 1.0;
            size * (state * state).sin()
        };
        let rows: Vec<Vec<f64>> = (0..=pair[0])
            .map(|_| (0..pair[1]).map(|_| weight()).collect())
            .collect();
        let activation = if index + 2 == widths.len() {
            Activation::Linear
        } else {
            Activation::Tanh
        };
        DenseLayer::new(activation, &rows).expect("finite rows of one length")
    });
    DenseNetwork::new(layers.collect()).expect("layers that fit each other")
}

fn convert(bencher: Bencher, widths: &[usize], max_order: usize) {
    let network = network(widths);
    let options = TaylorOptions {
        max_order,
        ..TaylorOptions::default()
    };
    bencher.bench_local(|| network.to_polynomials(divan::black_box(&options)));
}

/// 1001 terms.
#[divan::bench]
fn order_4_in_10_inputs_100_100(bencher: Bencher) {
    convert(bencher, &[10, 100, 100, 1], 4);
}

/// 252 terms.
#[divan::bench]
fn order_5_in_5_inputs_50_50(bencher: Bencher) {
    convert(bencher, &[5, 50, 50, 1], 5);
}

/// 8008 terms.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn order_6_in_10_inputs_100_100(bencher: Bencher) {
    convert(bencher, &[10, 100, 100, 1], 6);
}

/// Twice the neurons of a layer: twice the time of its series.
#[divan::bench(args = [50, 100, 200, 400])]
fn order_4_in_10_inputs_one_layer(bencher: Bencher, n_neurons: usize) {
    convert(bencher, &[10, n_neurons, 1], 4);
}
