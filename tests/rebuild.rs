//! Can the function be rebuilt from a network that was trained on it? 3x^3 + 0.5y^2 + z + 0.2xyz.
#![cfg(feature = "network")]

use closedform::{
    Activation, Dataset, DenseNetwork, Expression, Hyperparameters, InterpretOptions, Layer,
    Network, Operator, Polynomial, PolynomialRegression, RegressionOptions, Task, TaylorOptions,
    TrainingOptions, ValueObjective, interpret, progress, search_for,
};

const TRUTH: &str = "3*x**3 + y**2/2 + z + x*y*z/5";

fn names() -> Vec<String> {
    ["x", "y", "z"].map(String::from).to_vec()
}

fn truth() -> Expression {
    Expression::parse(TRUTH, &names()).unwrap()
}

/// Rows of the truth in the box [-1, 1]^3.
fn rows(n: usize, seed: u64) -> Dataset {
    let formula = truth();
    let data = Dataset::from_function(&[(-1.0, 1.0); 3], n, seed, |x| formula.value(x)).unwrap();
    let rows: Vec<Vec<f64>> = data.points().chunks(3).map(<[f64]>::to_vec).collect();
    Dataset::from_rows(&["x", "y", "z"], &rows, data.targets()).unwrap()
}

/// The largest error of a coefficient of the truth, as a share of it, and the largest coefficient
/// of a term that the truth doesn't have.
fn errors(found: &Polynomial) -> (f64, f64) {
    let truth = Polynomial::from_expression(&truth(), found.n_variables()).unwrap();
    let of_truth = truth
        .terms()
        .map(|(label, value)| (found.coefficient(label) / value - 1.0).abs());
    let others = found
        .terms()
        .filter(|(label, _)| !label.is_empty() && truth.coefficient(label) == 0.0)
        .map(|(_, value)| value.abs());
    (of_truth.fold(0.0, f64::max), others.fold(0.0, f64::max))
}

/// The same for a formula; infinite if it is no polynomial.
fn of_formula(found: Option<&Expression>) -> (f64, f64) {
    let polynomial = found.and_then(|f| Polynomial::from_expression(f, 3).ok());
    polynomial.map_or((f64::INFINITY, f64::INFINITY), |p| errors(&p))
}

fn options(seed: u64) -> InterpretOptions {
    let mut options = InterpretOptions::with_seed(seed);
    options.training.task = Task::Regression;
    options.search.operators = Operator::parse_list("+,-,*,/").unwrap();
    options.search.n_generations = 10;
    options
}

fn by_gradients(data: &Dataset, seed: u64) -> (f64, f64) {
    let (training, fresh) = data.split(0.8, seed).unwrap();
    let run = interpret(&training, &fresh, &options(seed), progress::silent).unwrap();
    println!(
        "  gradients of the network: {} | {:?}",
        run.interpretation.formula(),
        run.interpretation.whole_formula()
    );
    of_formula(run.interpretation.whole())
}

fn by_values(said: &Dataset, seed: u64) -> (f64, f64) {
    let objective = ValueObjective::from_dataset(said).unwrap();
    let found = search_for(&objective, &options(seed).search, progress::silent).unwrap();
    let best = found.front.best().unwrap();
    println!("  values: {}", found.front.formula(best));
    of_formula(Some(&best.expression))
}

fn smooth_network(data: &Dataset, seed: u64) -> Network {
    let (training, fresh) = data.split(0.8, seed).unwrap();
    let training_options = TrainingOptions {
        task: Task::Regression,
        seed,
        hyperparameters: Hyperparameters {
            layers: vec![Layer::new(64, Activation::Silu); 2],
            n_epochs: 200,
            ..Hyperparameters::fast()
        },
        ..TrainingOptions::default()
    };
    Network::train(&training, &fresh, &training_options, progress::silent)
        .unwrap()
        .0
}

fn by_taylor(network: &Network) -> (f64, f64) {
    let dense = DenseNetwork::from_network(network).unwrap();
    let options = TaylorOptions {
        max_order: 3,
        ..TaylorOptions::default()
    };
    let polynomials = dense.to_polynomials(&options).unwrap();
    errors(&polynomials.polynomial(0).unwrap())
}

fn by_regression(data: &Dataset) -> (f64, f64) {
    let options = RegressionOptions {
        max_order: 3,
        ..RegressionOptions::default()
    };
    let fitted = PolynomialRegression::fit(data, &options).unwrap();
    errors(&fitted.polynomial(0).unwrap())
}

#[test]
#[ignore = "five seeds take a minute"]
fn the_network_gives_the_function_back_by_its_values_and_as_a_polynomial() {
    for seed in 0..5 {
        println!("seed {seed}");
        let data = rows(10_000, seed);
        show("gradients of the network", by_gradients(&data, seed));
        let network = smooth_network(&data, seed);
        show("Taylor polynomial", by_taylor(&network));
        let said = data.answered_by(&network).unwrap();
        for (name, (coefficients, others)) in [
            ("polynomial regression", by_regression(&said)),
            ("values of the network", by_values(&said, seed)),
        ] {
            show(name, (coefficients, others));
            assert!(coefficients < 0.02, "{name}, seed {seed}: {coefficients}");
            assert!(others < 0.02, "{name}, seed {seed}: {others}");
        }
    }
}

fn show(name: &str, (coefficients, others): (f64, f64)) {
    println!("{name:<26} coefficients within {coefficients:.4}, other terms up to {others:.4}");
}
