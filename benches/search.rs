//! How fast formulas are evaluated and searched, on true gradients of the paper's experiments.

use closedform::{Directions, Experiment, Expression, Operator, SearchOptions, progress, search};
use divan::{Bencher, counter::ItemsCount};

fn main() {
    divan::main();
}

/// Points and true directions of `x1^2 + sin(x2 + x3)`, experiment 3.
fn directions(n_samples: usize) -> Directions {
    let data = Experiment::Three.sample(n_samples, 0);
    let gradients = data
        .points()
        .rows()
        .flat_map(|x| truth().value_and_gradient(x).1)
        .collect();
    Directions::from_gradients(data.points().clone(), gradients)
        .expect("the gradient of experiment 3 vanishes nowhere in its box")
}

fn truth() -> Expression {
    let x = Expression::variable;
    x(0) * x(0) + Expression::apply(Operator::Sin, vec![x(1) + x(2)]).unwrap()
}

/// The loss of one formula of 8 nodes, counted in node-rows.
#[divan::bench(args = [400, 10_000])]
fn loss(bencher: Bencher, n_samples: usize) {
    let directions = directions(n_samples);
    let formula = truth();
    bencher
        .counter(ItemsCount::new(8 * n_samples))
        .bench_local(|| directions.loss(divan::black_box(&formula)));
}

/// A whole search, until the exact formula is found.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn search_experiment_3(bencher: Bencher) {
    let directions = directions(2000);
    bencher.bench_local(|| search(&directions, &SearchOptions::default(), progress::silent));
}
