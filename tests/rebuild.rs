//! Can the function be rebuilt from a model that was trained on it? 3x^3 + 0.5y^2 + z + 0.2xyz, from
//! a network, a support vector machine and boosted trees.
#![cfg(feature = "network")]

use closedform::{
    Activation, BlackBox, Dataset, DenseNetwork, Expression, Gradients, Hyperparameters,
    InterpretOptions, Layer, Matching, Network, Operator, Polynomial, PolynomialRegression,
    RegressionOptions, SearchOptions, Task, TaylorOptions, TrainingOptions, ValueObjective,
    interpret, interpret_model, progress, search_for,
};
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::svm::Kernels;
use smartcore::svm::svr::{SVR, SVRParameters};
use smartcore::xgboost::{XGRegressor, XGRegressorParameters};

const TRUTH: &str = "3*x**3 + y**2/2 + z + x*y*z/5";

fn names(n: usize) -> Vec<String> {
    ["x", "y", "z", "a", "b", "c", "d", "e", "f", "g"][..n]
        .iter()
        .map(|name| name.to_string())
        .collect()
}

fn truth() -> Expression {
    Expression::parse(TRUTH, &names(3)).unwrap()
}

/// Rows of the truth in the box [-1, 1], with normal noise of this share of its deviation.
fn rows(n_features: usize, n: usize, seed: u64) -> Dataset {
    let formula = truth();
    let sides = vec![(-1.0, 1.0); n_features];
    let data = Dataset::from_function(&sides, n, seed, |x| formula.value(x)).unwrap();
    named(&data)
}

fn named(data: &Dataset) -> Dataset {
    let names = names(data.n_features());
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let rows: Vec<Vec<f64>> = data
        .points()
        .chunks(names.len())
        .map(<[f64]>::to_vec)
        .collect();
    Dataset::from_rows(&names, &rows, data.targets()).unwrap()
}

/// The largest error of a coefficient of the truth, as a share of it, and the largest coefficient
/// of a term that the truth doesn't have; none if the formula is no polynomial.
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

fn of_formula(found: Option<&Expression>, n_features: usize) -> (f64, f64) {
    let polynomial = found.and_then(|f| Polynomial::from_expression(f, n_features).ok());
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
    of_formula(run.interpretation.whole(), data.n_features())
}

fn by_values(points: &[f64], values: &[f64], n_features: usize, seed: u64) -> (f64, f64) {
    let objective =
        ValueObjective::new(names(n_features), points.to_vec(), values.to_vec()).unwrap();
    let options = SearchOptions {
        seed,
        ..options(seed).search
    };
    let found = search_for(&objective, &options, progress::silent).unwrap();
    let best = found.front.best().unwrap();
    println!("  values: {}", found.front.formula(best));
    of_formula(Some(&best.expression), n_features)
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

fn svm(data: &Dataset) -> BlackBox {
    let n = data.n_features();
    let rows: Vec<Vec<f64>> = data.points().chunks(n).map(<[f64]>::to_vec).collect();
    let parameters: &'static SVRParameters<f64> = Box::leak(Box::new(
        SVRParameters::default()
            .with_c(1000.0)
            .with_eps(0.01)
            .with_kernel(Kernels::rbf().with_gamma(0.3)),
    ));
    let targets: &'static Vec<f64> = Box::leak(Box::new(data.targets().to_vec()));
    let table: &'static DenseMatrix<f64> =
        Box::leak(Box::new(DenseMatrix::from_2d_vec(&rows).unwrap()));
    let model = SVR::fit(table, targets, parameters).unwrap();
    let n_features = n;
    BlackBox::of_rows(data, Task::Regression, move |points| {
        let rows: Vec<Vec<f64>> = points.chunks(n_features).map(<[f64]>::to_vec).collect();
        let table = DenseMatrix::from_2d_vec(&rows).unwrap();
        Ok(model.predict(&table).unwrap())
    })
    .unwrap()
}

fn boosting(data: &Dataset) -> BlackBox {
    let n = data.n_features();
    let rows: Vec<Vec<f64>> = data.points().chunks(n).map(<[f64]>::to_vec).collect();
    let parameters = XGRegressorParameters::default()
        .with_n_estimators(300)
        .with_learning_rate(0.1)
        .with_max_depth(4);
    let table = DenseMatrix::from_2d_vec(&rows).unwrap();
    let model = XGRegressor::fit(&table, &data.targets().to_vec(), parameters).unwrap();
    BlackBox::of_rows(data, Task::Regression, move |points| {
        let rows: Vec<Vec<f64>> = points.chunks(n).map(<[f64]>::to_vec).collect();
        let table = DenseMatrix::from_2d_vec(&rows).unwrap();
        Ok(model.predict(&table).unwrap())
    })
    .unwrap()
}

fn of_model(model: &BlackBox, data: &Dataset, matching: Matching, seed: u64) -> (f64, f64) {
    let (training, fresh) = data.split(0.8, seed).unwrap();
    let options = InterpretOptions {
        matching,
        ..options(seed)
    };
    match interpret_model(model, &training, &fresh, &options, progress::silent) {
        Ok(run) => {
            let found = &run.interpretation;
            println!(
                "  {matching:?}: {} | {:?} cos {:.4}",
                found.formula(),
                found.whole_formula(),
                found.cosine()
            );
            let whole = match matching {
                Matching::Values => Some(&found.candidate().expression),
                Matching::Directions => found.whole(),
            };
            of_formula(whole, data.n_features())
        }
        Err(error) => {
            println!("  {matching:?}: {error}");
            (f64::INFINITY, f64::INFINITY)
        }
    }
}

#[test]
#[ignore = "rates over five seeds take minutes"]
fn rates() {
    for seed in 0..std::env::var("SEEDS").map_or(5, |n| n.parse().unwrap()) {
        println!("seed {seed}");
        let what = std::env::var("WHAT").unwrap_or("abcd".into());
        let data = rows(3, 10_000, seed);
        let show = |name: &str, (coefficients, others): (f64, f64)| {
            println!(
                "{name:<28} coefficients within {coefficients:.4}, other terms up to {others:.4}"
            );
        };
        if what.contains('a') {
            show("a gradients", by_gradients(&data, seed));
            let network = smooth_network(&data, seed);
            show("a taylor", by_taylor(&network));
            let said = data.answered_by(&network).unwrap();
            show("a regression of network", by_regression(&said));
            show(
                "a values of network",
                by_values(data.points(), said.targets(), 3, seed),
            );
            show("a regression of data", by_regression(&data));
        }
        let small = rows(3, 1000, seed);
        if what.contains('b') {
            let machine = svm(&small);
            show(
                "b svm, gradients",
                of_model(&machine, &small, Matching::Directions, seed),
            );
            show(
                "b svm, values",
                of_model(&machine, &small, Matching::Values, seed),
            );
        }
        if what.contains('c') {
            for spread in [0.05, 0.1, 0.2] {
                let trees = boosting(&data)
                    .with_gradients(Gradients::local_fits(spread, 3, seed))
                    .unwrap();
                show(
                    &format!("c trees, gradients {spread}"),
                    of_model(&trees, &data, Matching::Directions, seed),
                );
            }
            let trees = boosting(&data)
                .with_gradients(Gradients::local_fits(0.1, 3, seed))
                .unwrap();
            show(
                "c trees, values",
                of_model(&trees, &data, Matching::Values, seed),
            );
        }
        if what.contains('d') {
            show("d 10 inputs", by_gradients(&rows(10, 10_000, seed), seed));
        }
    }
}
