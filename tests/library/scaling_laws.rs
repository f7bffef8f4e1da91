//! Claim: a law that is a power law times a function of one product of powers is found from its values,
//! whatever the function is, also with noise; such a law of two products, or a sum of two quotients of
//! powers, from the directions of its gradients.

use closedform::{
    Dataset, Directions, Expression, Operator, SearchOptions, SearchResult, ValueObjective,
    progress, search, search_for,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

const SIDES: [(f64, f64); 6] = [(1.0, 3.0); 6];
const N_ROWS: usize = 600;

fn sample(law: &Expression, n_features: usize, seed: u64) -> Dataset {
    Dataset::from_function(&SIDES[..n_features], N_ROWS, seed, |x| law.value(x)).unwrap()
}

fn options() -> SearchOptions {
    SearchOptions {
        operators: Operator::parse_list("+,-,*,/,sin,cos,exp,log,sqrt").unwrap(),
        ..SearchOptions::default()
    }
}

fn chosen(found: &SearchResult) -> Expression {
    found.front.best().unwrap().expression.clone()
}

#[test]
fn laws_are_found_from_values() {
    let laws = [
        ("x4*x5*(exp(x1/(x2*x3)) - 1)/x6", 6),
        ("x1*x4*sqrt(1 - x2**2/(10*x3**2))", 4),
        ("-x1*x2**4/(3*x3**2*x4**2*x5**2)", 5),
        ("x1*x2*cos(x4)/(x3*x5**2)", 5),
    ];
    for (law, n_features) in laws {
        let law: Expression = law.parse().unwrap();
        let objective = ValueObjective::from_dataset(&sample(&law, n_features, 1)).unwrap();
        let formula = chosen(&search_for(&objective, &options(), progress::silent).unwrap());
        for x in sample(&law, n_features, 2).points().rows() {
            let (found, exact) = (formula.value(x), law.value(x));
            assert!((found / exact - 1.0).abs() < 1e-9, "{law}: {formula}");
        }
    }
}

/// The root mean square difference of a formula and a law on fresh points, as a share of the law's.
fn difference(formula: &Expression, law: &Expression, n_features: usize) -> f64 {
    let fresh = sample(law, n_features, 99);
    let rows = fresh.points().rows().zip(fresh.targets());
    let (mut wrong, mut all) = (0.0, 0.0);
    for (x, y) in rows {
        wrong += (formula.value(x) - y).powi(2);
        all += y * y;
    }
    (wrong / all).sqrt()
}

#[test]
fn the_function_is_found_under_noise_of_a_tenth_of_the_spread() {
    // Powers of the variable before the function, its inverse inside, and a number in it.
    let laws = [
        ("x1*x2/(exp(x2/x3) - 1)", 3, 0.1),
        ("x1**3*x2/(exp(x1/x3) - 1)", 3, 0.1),
        ("x1*x3/(x2*(1 - x4**2/16))", 4, 0.01),
    ];
    let solved = SearchOptions {
        n_generations: 0,
        ..options()
    };
    for (law, n_features, noise) in laws {
        let law: Expression = law.parse().unwrap();
        let objective = with_noise(&law, n_features, noise);
        let formula = chosen(&search_for(&objective, &solved, progress::silent).unwrap());
        let difference = difference(&formula, &law, n_features);
        assert!(difference < noise / 10.0, "{law}: {formula}, {difference}");
    }
}

#[test]
fn a_function_of_one_variable_is_on_the_front_under_noise() {
    let laws = ["2*x1/(exp(2*x1) - 1)", "3/sqrt(1 + 4*x1**2)"];
    for law in laws {
        let law: Expression = law.parse().unwrap();
        let objective = with_noise(&law, 1, 0.02);
        let found = search_for(&objective, &options(), progress::silent).unwrap();
        let candidates = found.front.candidates().iter();
        let differences = candidates.map(|found| difference(&found.expression, &law, 1));
        let least = differences.fold(f64::INFINITY, f64::min);
        assert!(least < 0.002, "{law}: {least}\n{}", found.front);
    }
}

#[test]
fn a_power_law_with_noise_keeps_its_powers() {
    let law: Expression = "2*x1*x2**3*exp(x3/x4)".parse().unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let exact = sample(&law, 4, 1);
    let with_noise = |y: &f64| y * (1.0 + 0.02 * rng.sample::<f64, _>(StandardNormal));
    let targets = exact.targets().iter().map(with_noise).collect();
    let noisy = Dataset::new(exact.points().clone(), "y", targets).unwrap();
    let objective = ValueObjective::from_dataset(&noisy).unwrap();
    let formula = chosen(&search_for(&objective, &options(), progress::silent).unwrap());
    let fresh = sample(&law, 4, 2);
    let errors = fresh
        .points()
        .rows()
        .map(|x| (formula.value(x) / law.value(x) - 1.0).powi(2));
    let error = (errors.sum::<f64>() / N_ROWS as f64).sqrt();
    assert!(error < 0.01, "{error}: {formula}");
}

/// A law's values with Gaussian noise of a share of their standard deviation, which turns the sign of
/// the smallest.
fn with_noise(law: &Expression, n_features: usize, share: f64) -> ValueObjective {
    let exact = sample(law, n_features, 1);
    let mean = exact.targets().iter().sum::<f64>() / N_ROWS as f64;
    let squares = exact.targets().iter().map(|y| (y - mean).powi(2));
    let spread = share * (squares.sum::<f64>() / N_ROWS as f64).sqrt();
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let noisy = |y: &f64| y + spread * rng.sample::<f64, _>(StandardNormal);
    let targets = exact.targets().iter().map(noisy).collect();
    ValueObjective::new(exact.points(), targets).unwrap()
}

#[test]
fn noise_of_one_size_hides_neither_a_power_law_nor_what_is_one_over_a_sum() {
    let laws = [
        ("0.3*x1**3*x2/(x3**2*x4**4)", 4, 0.1),
        ("x1/(exp(x2**2/x3) - 1)", 3, 0.01),
    ];
    for (law, n_features, share) in laws {
        let law: Expression = law.parse().unwrap();
        let objective = with_noise(&law, n_features, share);
        let formula = chosen(&search_for(&objective, &options(), progress::silent).unwrap());
        // Only the factor is free: it is the same everywhere, and near 1.
        let fresh = sample(&law, n_features, 2);
        let ratios = fresh
            .points()
            .rows()
            .map(|x| formula.value(x) / law.value(x));
        let (low, high) = ratios.fold((f64::MAX, f64::MIN), |(low, high), ratio| {
            (low.min(ratio), high.max(ratio))
        });
        assert!(high - low < 1e-6, "{law}: {formula}, {low} to {high}");
        assert!((low - 1.0).abs() < 0.05, "{law}: {formula}");
    }
}

#[test]
fn laws_of_two_products_and_sums_of_quotients_are_found_from_directions() {
    // Each has fewer products of powers than variables.
    let laws = [
        ("x1*x2/sqrt(10 - x3**2/x2**2)", 3),
        ("x1**2/x2**2 - 0.3*x3**2/x4**2", 4),
        ("x3**2/x1 - 0.1*x2*x3**2/x1**2", 3),
        ("x1**3*x4/(x2**2*(exp(x1*x3/(3*x4)) - 1))", 4),
        ("-(x2 - x3)**2/x1**2 - log(x1)", 3),
    ];
    for (law, n_features) in laws {
        let law: Expression = law.parse().unwrap();
        let gradients = |data: &Dataset| {
            let rows = data.points().rows();
            let gradients = rows.flat_map(|x| law.value_and_gradient(x).1).collect();
            Directions::from_gradients(data.points().clone(), gradients).unwrap()
        };
        let given = gradients(&sample(&law, n_features, 1));
        let formula = chosen(&search(&given, &options(), progress::silent).unwrap());
        let cosine = gradients(&sample(&law, n_features, 2)).mean_abs_cosine(&formula);
        assert!(cosine > 1.0 - 1e-9, "{law}: {formula}");
    }
}

#[test]
fn a_power_in_the_thousands_is_not_written_out() {
    let sides = [(1.0, 1.01), (1.0, 1.01)];
    let steep = |x: &[f64]| (20_000.0 * (x[0].ln() - 0.5 * x[1].ln())).exp();
    let data = Dataset::from_function(&sides, 100, 0, steep).unwrap();
    let options = SearchOptions {
        n_generations: 1,
        ..options()
    };
    let objective = ValueObjective::from_dataset(&data).unwrap();
    let found = search_for(&objective, &options, progress::silent).unwrap();
    assert!(!found.front.candidates().is_empty());
}
