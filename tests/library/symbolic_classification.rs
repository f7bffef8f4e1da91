//! Symbolic classification finds a formula from labels alone and judges it on rows it hasn't seen.

use closedform::formula::Complexity;
use closedform::interpretation::{SymbolicClassification, classify_symbolically};
use closedform::search::LabelLoss;
use closedform::{
    Dataset, Error, Expression, LabelObjective, Operator, SearchOptions, progress, search_for,
};
use std::sync::LazyLock;

const N: usize = 400;
const SIDES: [(f64, f64); 2] = [(-1.0, 1.0), (-1.0, 1.0)];

fn data(class: fn(&[f64]) -> f64, seed: u64) -> Dataset {
    Dataset::from_function(&SIDES, N, seed, class).unwrap()
}

fn parabola(x: &[f64]) -> f64 {
    f64::from(u8::from(x[0] > x[1] * x[1]))
}

fn classify(training: &Dataset, fresh: &Dataset) -> Result<SymbolicClassification, Error> {
    // The paper's price of constants.
    let options = SearchOptions {
        complexity: Complexity {
            constant: 1,
            ..Complexity::default()
        },
        operators: Operator::parse_list("+,-,*").unwrap(),
        max_complexity: Some(12),
        n_generations: 0,
        ..SearchOptions::default()
    };
    classify_symbolically(training, fresh, &options, progress::silent)
}

/// The parabola's formula, which several claims are about.
static PARABOLA: LazyLock<SymbolicClassification> =
    LazyLock::new(|| classify(&data(parabola, 0), &data(parabola, 1)).unwrap());

#[test]
fn the_sign_of_the_formula_is_the_class() {
    let (found, fresh) = (&*PARABOLA, data(parabola, 1));
    let formula = Expression::parse(&found.formula(), &[]).unwrap();
    let rows = fresh.points().chunks(2).zip(fresh.targets());
    let n_right = rows.filter(|(x, t)| (formula.value(x) > 0.0) == (**t == 1.0));
    let n_right = n_right.count();
    assert_eq!(found.agreement(), n_right as f64 / N as f64);
    assert!(n_right > 390, "{found}");
    let text = found.to_string();
    assert!(
        text.starts_with(&format!("{}  >  0\n", found.formula())),
        "{text}"
    );
    assert!(text.contains("hinge loss"), "{text}");
}

#[test]
fn the_formula_is_the_best_of_the_front_at_the_given_complexities() {
    let found = &*PARABOLA;
    let best = found.found.front.best().unwrap();
    assert_eq!(found.candidate(), best);
    let cheap = Complexity {
        constant: 1,
        ..Complexity::default()
    };
    assert_eq!(cheap.of(&best.expression), best.complexity);
}

#[test]
fn swapped_classes_swap_the_sign() {
    let swapped = |x: &[f64]| 1.0 - parabola(x);
    let found = classify(&data(swapped, 0), &data(swapped, 1)).unwrap();
    assert!(found.agreement() > 0.97, "{found}");
    assert!(found.candidate().expression.value(&[0.9, 0.0]) < 0.0);
}

#[test]
fn other_columns_and_other_numbers_of_classes_are_refused() {
    let message = |result: Result<SymbolicClassification, Error>| result.unwrap_err().to_string();
    let two = data(parabola, 0);
    let three = data(|x| (1.5 * x[0] + 1.5).floor(), 0);
    assert!(message(classify(&three, &three)).contains("3 classes (0 to 2)"));
    let one = data(|_| 1.0, 0);
    assert!(message(classify(&one, &one)).contains("both classes"));
    let other = Dataset::from_rows(&["a", "b"], &[vec![1.0, 2.0]], &[1.0]).unwrap();
    assert!(message(classify(&two, &other)).contains("differ"));
}

#[test]
fn balanced_labels_count_alike_however_rare_one_is() {
    // Class 1 has one row of five where x1 > 0, and none elsewhere.
    let rows: Vec<Vec<f64>> = (0..200)
        .map(|i| vec![f64::from(i) / 100.0 - 0.995])
        .collect();
    let labels: Vec<f64> = (0..200)
        .map(|i| f64::from(u8::from(i >= 100 && i % 5 == 0)))
        .collect();
    let data = Dataset::from_rows(&["x1"], &rows, &labels).unwrap();
    let labels = LabelObjective::from_dataset(&data, LabelLoss::Hinge).unwrap();
    let losses = |labels: &LabelObjective| -> Vec<f64> {
        let options = SearchOptions {
            guesses: ["x1 - 2", "2*x1"]
                .map(|guess| guess.parse().unwrap())
                .to_vec(),
            n_generations: 0,
            ..SearchOptions::default()
        };
        let found = search_for(labels, &options, progress::silent).unwrap();
        found.guesses.iter().map(|guess| guess.loss).collect()
    };
    // As rows count, never to say class 1 is the better rule; as labels count, it is the worse one.
    let [never, right] = losses(&labels)[..] else {
        panic!()
    };
    assert!(never < right, "{never} {right}");
    let [never, right] = losses(&labels.balanced().unwrap())[..] else {
        panic!()
    };
    assert!(never > right, "{never} {right}");
}
