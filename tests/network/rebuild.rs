//! Can the function be rebuilt from a model that was trained on it? 3x^3 + 0.5y^2 + z + 0.2xyz, from
//! networks, support vector machines and boosted trees, and from data that make it hard.

use closedform::interpretation::Matching;
use closedform::model::Gradients;
use closedform::polynomial::TaylorCenter;
use closedform::regression::RegressionOptions;
use closedform::{
    Activation, BlackBox, Dataset, DenseNetwork, Expression, Hyperparameters, InterpretOptions,
    Interpretation, Layer, Model, Network, Operator, Polynomial, PolynomialRegression, Result,
    Task, TaylorOptions, TrainingOptions, interpret, interpret_model, progress,
};
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::svm::Kernels;
use smartcore::svm::svr::{SVR, SVRParameters};
use smartcore::xgboost::{XGRegressor, XGRegressorParameters};

const SEEDS: std::ops::Range<u64> = 0..5;
/// Coefficients below this are none.
const LEAST: f64 = 0.05;
const NAMES: [&str; 10] = ["x", "y", "z", "u1", "u2", "u3", "u4", "u5", "u6", "u7"];

fn truth() -> Polynomial {
    let names = NAMES[..3].iter().map(|name| name.to_string());
    let formula = "3*x**3 + y**2/2 + z + x*y*z/5";
    let formula = Expression::parse(formula, &names.collect::<Vec<_>>()).unwrap();
    Polynomial::from_expression(&formula, 3).unwrap()
}

/// Rows of a dataset, made of ten uniform numbers in [-1, 1] each.
fn rows(names: &[&str], n: usize, seed: u64, make: impl Fn(&[f64]) -> (Vec<f64>, f64)) -> Dataset {
    let uniform = Dataset::from_function(&[(-1.0, 1.0); 10], n, seed, |_| 0.0).unwrap();
    let (rows, targets): (Vec<_>, Vec<_>) = uniform.points().chunks(10).map(make).unzip();
    Dataset::from_rows(names, &rows, &targets).unwrap()
}

fn value(x: f64, y: f64, z: f64) -> f64 {
    3.0 * x.powi(3) + 0.5 * y * y + z + 0.2 * x * y * z
}

/// The truth in its own three variables.
fn plain(n: usize, seed: u64) -> Dataset {
    rows(&NAMES[..3], n, seed, |u| {
        (u[..3].to_vec(), value(u[0], u[1], u[2]))
    })
}

/// In how many of the seeds something came back.
struct Rates {
    /// All terms of the truth and no others.
    terms: usize,
    /// And every coefficient within 2 %.
    within: usize,
}

fn rates(
    name: &str,
    truth: &Polynomial,
    rebuild: impl Fn(u64) -> Result<Option<Polynomial>>,
) -> Rates {
    let mut rates = Rates {
        terms: 0,
        within: 0,
    };
    for seed in SEEDS {
        let found = rebuild(seed);
        println!("  {name}, seed {seed}: {}", told(&found));
        let Ok(Some(found)) = found else { continue };
        let labels = |polynomial: &Polynomial| -> Vec<Vec<usize>> {
            let terms = polynomial.terms().filter(|(_, c)| c.abs() >= LEAST);
            let labels = terms.map(|(label, _)| label.to_vec());
            labels.filter(|label| !label.is_empty()).collect()
        };
        if labels(&found) != labels(truth) {
            continue;
        }
        rates.terms += 1;
        let mut terms = truth.terms();
        if terms.all(|(label, c)| (found.coefficient(label) / c - 1.0).abs() < 0.02) {
            rates.within += 1;
        }
    }
    println!("| {name} | {} | {} |", rates.terms, rates.within);
    rates
}

fn told(found: &Result<Option<Polynomial>>) -> String {
    match found {
        Ok(Some(polynomial)) => polynomial.rounded(4).to_string(),
        Ok(None) => "no polynomial".to_string(),
        Err(error) => error.to_string(),
    }
}

fn options(seed: u64, matching: Matching) -> InterpretOptions {
    let mut options = InterpretOptions::with_seed(seed);
    options.training.task = Task::Regression;
    options.reading.matching = matching;
    options.reading.search.operators = Operator::parse_list("+,-,*,/").unwrap();
    options.reading.search.n_generations = 10;
    options
}

/// The function that a network of the data gives back by its gradients or values.
fn of_network(data: &Dataset, seed: u64, matching: Matching) -> Result<Option<Polynomial>> {
    let (training, fresh) = data.split(0.8, seed)?;
    let run = interpret(
        &training,
        &fresh,
        &options(seed, matching),
        progress::silent,
    )?;
    Ok(polynomial(&run.interpretation, matching, data.n_features()))
}

/// The same of a model that is there already.
fn of_model(
    model: &dyn Model,
    data: &Dataset,
    seed: u64,
    matching: Matching,
) -> Result<Option<Polynomial>> {
    let (training, fresh) = data.split(0.8, seed)?;
    let options = options(seed, matching);
    let run = interpret_model(model, &training, &fresh, &options.reading, progress::silent)?;
    Ok(polynomial(&run.interpretation, matching, data.n_features()))
}

fn polynomial(found: &Interpretation, matching: Matching, n: usize) -> Option<Polynomial> {
    let whole = match matching {
        Matching::Auto | Matching::Directions => found.whole()?,
        Matching::Values => &found.candidate().expression,
    };
    Polynomial::from_expression(whole, n).ok()
}

fn by_regression(data: &Dataset) -> Result<Option<Polynomial>> {
    let options = RegressionOptions {
        max_order: 3,
        ..RegressionOptions::default()
    };
    PolynomialRegression::fit(data, &options)?
        .polynomial(0)
        .map(Some)
}

/// A support vector machine with Gaussian kernels.
fn support_vectors(data: &Dataset) -> BlackBox {
    // The machine borrows its data, and a model outlives this function.
    let parameters = SVRParameters::default()
        .with_c(1000.0)
        .with_eps(0.01)
        .with_kernel(Kernels::rbf().with_gamma(0.3));
    let parameters = Box::leak(Box::new(parameters));
    let table = Box::leak(Box::new(table(data.points(), data.n_features())));
    let targets = Box::leak(Box::new(data.targets().to_vec()));
    let machine = SVR::fit(table, targets, parameters).unwrap();
    black_box(data, move |rows| machine.predict(rows).unwrap())
}

/// Gradient boosting of trees.
fn boosted_trees(data: &Dataset) -> BlackBox {
    let parameters = XGRegressorParameters::default()
        .with_n_estimators(300)
        .with_learning_rate(0.1)
        .with_max_depth(4);
    let rows = table(data.points(), data.n_features());
    let trees = XGRegressor::fit(&rows, &data.targets().to_vec(), parameters).unwrap();
    black_box(data, move |rows| trees.predict(rows).unwrap())
}

fn black_box(
    data: &Dataset,
    predict: impl Fn(&DenseMatrix<f64>) -> Vec<f64> + Send + Sync + 'static,
) -> BlackBox {
    let n_features = data.n_features();
    let answer = move |points: &[f64]| Ok(predict(&table(points, n_features)));
    BlackBox::of_rows(data, Task::Regression, answer).unwrap()
}

fn table(points: &[f64], n_features: usize) -> DenseMatrix<f64> {
    let n_rows = points.len() / n_features;
    DenseMatrix::new(n_rows, n_features, points.to_vec(), false).unwrap()
}

/// Two layers of 64 SiLU neurons.
fn smooth_network(data: &Dataset, seed: u64) -> Result<Network> {
    train(data, seed, vec![Layer::new(64, Activation::Silu); 2], 200)
}

fn train(data: &Dataset, seed: u64, layers: Vec<Layer>, n_epochs: usize) -> Result<Network> {
    let (training, fresh) = data.split(0.8, seed)?;
    let options = TrainingOptions {
        task: Task::Regression,
        seed,
        hyperparameters: Hyperparameters {
            layers,
            n_epochs,
            ..Hyperparameters::fast()
        },
        ..TrainingOptions::default()
    };
    Ok(Network::train(&training, &fresh, &options, progress::silent)?.0)
}

/// One layer of 64 sine neurons: their Taylor series converge everywhere.
fn sine_network(data: &Dataset, seed: u64) -> Result<Network> {
    train(data, seed, vec![Layer::new(64, Activation::Sin)], 400)
}

/// The network's Taylor polynomial of an order, and of all cubic polynomials the nearest to it.
fn by_taylor(network: &Network, data: &Dataset, order: usize) -> Result<Option<Polynomial>> {
    let options = TaylorOptions {
        max_order: order,
        taylor_orders: vec![order],
        taylor_centers: vec![TaylorCenter::MeanPotential],
        points: Some(data.points().clone()),
        economized_order: Some(3),
        ..TaylorOptions::default()
    };
    let found = DenseNetwork::from_network(network)?.to_polynomials(&options)?;
    found.polynomial(0).map(Some)
}

#[test]
#[ignore = "five seeds take minutes"]
fn a_network_gives_the_function_back() {
    let truth = truth();
    let by_gradients = rates("network, gradients", &truth, |seed| {
        of_network(&plain(10_000, seed), seed, Matching::Directions)
    });
    let by_values = rates("network, values", &truth, |seed| {
        of_network(&plain(10_000, seed), seed, Matching::Values)
    });
    let by_regression = rates("network, polynomial regression", &truth, |seed| {
        let data = plain(10_000, seed);
        by_regression(&data.answered_by(&smooth_network(&data, seed)?)?)
    });
    let sines: Vec<(Dataset, Network)> = SEEDS
        .map(|seed| {
            let data = plain(10_000, seed);
            let network = sine_network(&data, seed).unwrap();
            (data, network)
        })
        .collect();
    let taylor = |order: usize| {
        let name = format!("network, Taylor polynomial of order {order}");
        rates(&name, &truth, |seed| {
            let (data, network) = &sines[seed as usize];
            by_taylor(network, data, order)
        })
    };
    let (cut_off, economized) = (taylor(3), taylor(13));
    for rates in [by_gradients, by_values, by_regression, economized] {
        assert_eq!((rates.terms, rates.within), (5, 5));
    }
    // Third derivatives at one point are the worst that a network knows.
    assert_eq!(cut_off.within, 0);
}

#[test]
#[ignore = "five seeds take minutes"]
fn support_vectors_give_it_back_by_gradients_and_trees_by_values() {
    let truth = truth();
    let machine = |matching| {
        move |seed| {
            let data = plain(1000, seed);
            of_model(&support_vectors(&data), &data, seed, matching)
        }
    };
    let by_gradients = rates(
        "support vectors, gradients",
        &truth,
        machine(Matching::Directions),
    );
    assert_eq!((by_gradients.terms, by_gradients.within), (5, 5));
    rates("support vectors, values", &truth, machine(Matching::Values));
    rates("support vectors, polynomial regression", &truth, |seed| {
        let data = plain(1000, seed);
        by_regression(&data.answered_by(&support_vectors(&data))?)
    });
    let trees = |spread: f64, matching| {
        move |seed| {
            let data = plain(10_000, seed);
            let smooth = Gradients::local_fits(spread, 3, seed);
            let trees = boosted_trees(&data).with_gradients(smooth)?;
            of_model(&trees, &data, seed, matching)
        }
    };
    for spread in [0.05, 0.1, 0.2] {
        let name = format!("trees, gradients of fits over {spread}");
        // What is left of xyz in the slopes of steps is less than their noise.
        let by_gradients = rates(&name, &truth, trees(spread, Matching::Directions));
        assert_eq!(by_gradients.terms, 0);
    }
    let by_values = rates("trees, values", &truth, trees(0.1, Matching::Values));
    assert_eq!((by_values.terms, by_values.within), (5, 5));
    rates("trees, polynomial regression", &truth, |seed| {
        let data = plain(10_000, seed);
        by_regression(&data.answered_by(&boosted_trees(&data))?)
    });
}

/// Networks of such data give all terms back in at least so many of the seeds, by gradients and by
/// values alike; regression is there for comparison.
fn expect(least: usize, name: &str, truth: &Polynomial, data: &dyn Fn(u64) -> Dataset) {
    for matching in [Matching::Directions, Matching::Values] {
        let name = format!("{name}, {matching:?}");
        let found = rates(&name, truth, |seed| of_network(&data(seed), seed, matching));
        assert!(found.terms >= least, "{name}: {}", found.terms);
    }
    rates(&format!("{name}, polynomial regression"), truth, |seed| {
        let data = data(seed);
        let network = smooth_network(&data, seed)?;
        by_regression(&data.answered_by(&network)?)
    });
}

#[test]
#[ignore = "five seeds take minutes"]
fn a_missing_variable_leaves_the_mean_over_it() {
    let mean = vec![(vec![1, 1, 1], 3.0), (vec![2, 2], 0.5)];
    let mean = Polynomial::from_terms(2, mean).unwrap();
    expect(4, "z missing", &mean, &|seed| {
        rows(&NAMES[..2], 10_000, seed, |u| {
            (u[..2].to_vec(), value(u[0], u[1], u[2]))
        })
    });
}

#[test]
#[ignore = "five seeds take minutes"]
fn correlated_inputs_take_each_others_place() {
    for (correlation, least) in [(0.9_f64, 4), (0.99, 0)] {
        let own = (1.0 - correlation * correlation).sqrt();
        let name = format!("x and y correlated by {correlation}");
        expect(least, &name, &truth(), &|seed| {
            rows(&NAMES[..3], 10_000, seed, |u| {
                let y = correlation * u[0] + own * u[1];
                (vec![u[0], y, u[2]], value(u[0], y, u[2]))
            })
        });
    }
}

#[test]
#[ignore = "five seeds take minutes"]
fn inputs_that_do_nothing_are_left_out() {
    expect(5, "10 inputs", &truth(), &|seed| {
        rows(&NAMES, 10_000, seed, |u| {
            (u.to_vec(), value(u[0], u[1], u[2]))
        })
    });
}

#[test]
#[ignore = "five seeds take minutes"]
fn noise_takes_the_lightest_term_first() {
    for (noise, least) in [(0.01, 5), (0.05, 4), (0.2, 0)] {
        expect(least, &format!("noise {noise}"), &truth(), &|seed| {
            rows(&NAMES[..3], 10_000, seed, |u| {
                // The sum of six uniform numbers has a variance of 2; the function, of 1.28 squared.
                let normal = u[3..9].iter().sum::<f64>() / 2.0_f64.sqrt();
                let target = value(u[0], u[1], u[2]) + 1.28 * noise * normal;
                (u[..3].to_vec(), target)
            })
        });
    }
}
