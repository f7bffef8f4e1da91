//! Tables of many columns: those that matter are found, and no others.

use closedform::formula::{Unit, Units};
use closedform::search::LabelLoss;
use closedform::{
    Dataset, Expression, LabelObjective, Points, SearchOptions, ValueObjective, progress,
    search_for,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use std::collections::BTreeSet;
use std::time::Duration;

/// Random points, and a law's values with Gaussian noise.
fn measured(
    n: usize,
    n_columns: usize,
    noise: f64,
    law: impl Fn(&[f64]) -> f64,
) -> (Points, Vec<f64>) {
    let data = Dataset::from_function(&vec![(-1.0, 1.0); n_columns], n, 41, law).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(42);
    let values = data.targets().iter();
    let values = values.map(|y| y + noise * rng.sample::<f64, _>(StandardNormal));
    (data.points().clone(), values.collect())
}

/// The numbers of the columns that a formula names.
fn named(formula: &Expression) -> BTreeSet<usize> {
    let text = formula.to_string();
    let words = text.split(|c: char| !c.is_alphanumeric());
    let columns = words.filter_map(|word| word.strip_prefix('x'));
    columns.filter_map(|column| column.parse().ok()).collect()
}

/// The product shows in neither of its columns alone: only pairs find it.
#[test]
fn a_product_of_two_among_two_hundred_columns_is_found_through_noise() {
    let law = |x: &[f64]| 3.0 * x[16] * x[151] + 2.0 * x[6];
    let (points, values) = measured(500, 200, 0.3, law);
    let objective = ValueObjective::new(&points, values).unwrap();
    let options = SearchOptions {
        time_limit: Some(Duration::from_secs(20)),
        ..SearchOptions::default()
    };
    let found = search_for(&objective, &options, progress::silent).unwrap();
    let best = &found.front.best().unwrap().expression;
    assert_eq!(named(best), BTreeSet::from([7, 17, 152]), "{best}");
    assert_eq!(found.front.feature_names().len(), 200);
    let fresh = Dataset::from_function(&[(-1.0, 1.0); 200], 500, 43, law).unwrap();
    let errors = fresh.points().rows().zip(fresh.targets());
    let error = errors
        .map(|(x, y)| (best.value(x) - y).powi(2))
        .sum::<f64>()
        / 500.0;
    assert!(error < 0.01, "{best}: {error}");
}

#[test]
fn noise_in_sixty_columns_has_no_formula() {
    let (points, values) = measured(300, 60, 1.0, |_| 5.0);
    let objective = ValueObjective::new(&points, values).unwrap();
    let found = search_for(&objective, &SearchOptions::default(), progress::silent).unwrap();
    let best = &found.front.best().unwrap().expression;
    assert_eq!(named(best), BTreeSet::new(), "{best}");
}

#[test]
fn a_guess_keeps_its_columns() {
    let law = |x: &[f64]| 2.0 * x[0] + 0.02 * x[29];
    let (points, values) = measured(300, 30, 0.0, law);
    let guess = Expression::parse("x1 + x30", points.feature_names()).unwrap();
    let objective = ValueObjective::new(&points, values).unwrap();
    let options = SearchOptions {
        guesses: vec![guess],
        n_generations: 0,
        ..SearchOptions::default()
    };
    let found = search_for(&objective, &options, progress::silent).unwrap();
    let last = &found.front.candidates().last().unwrap().expression;
    assert_eq!(named(last), BTreeSet::from([1, 30]), "{last}");
    assert!((last.value(&[0.5; 30]) - 1.01).abs() < 1e-6, "{last}");
}

#[test]
fn options_that_do_not_fit_a_wide_table_are_refused() {
    let (points, values) = measured(100, 20, 0.1, |x| x[0] * x[1]);
    let objective = ValueObjective::new(&points, values).unwrap();
    let refused = |options: SearchOptions, words: &str| {
        let found = search_for(&objective, &options, progress::silent);
        let message = found.unwrap_err().to_string();
        assert!(message.contains(words), "{message}");
    };
    let guesses = vec![Expression::variable(20)];
    refused(
        SearchOptions {
            guesses,
            ..SearchOptions::default()
        },
        "20 features",
    );
    let units = Some(Units::new(vec![Unit::default(); 3]));
    refused(
        SearchOptions {
            units,
            ..SearchOptions::default()
        },
        "a list of 3",
    );
}

#[test]
fn labels_of_many_columns_name_the_right_ones() {
    let law = |x: &[f64]| f64::from(u8::from(x[3] * x[20] + x[9] > 0.1));
    let (points, labels) = measured(800, 40, 0.0, law);
    let data = Dataset::new(points, "label", labels).unwrap();
    let objective = LabelObjective::from_dataset(&data, LabelLoss::Logistic).unwrap();
    let options = SearchOptions {
        n_generations: 2,
        ..SearchOptions::default()
    };
    let found = search_for(&objective, &options, progress::silent).unwrap();
    let best = &found.front.best().unwrap().expression;
    assert_eq!(named(best), BTreeSet::from([4, 10, 21]), "{best}");
}
