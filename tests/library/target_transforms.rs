//! Values over many decades are matched by a function of them, which the formula undoes.

use crate::support;

use closedform::dataset::TargetTransform;
use closedform::interpretation::Seconds;
use closedform::report::Given;
use closedform::{Dataset, Export, Operator, SearchOptions, ValueObjective, progress};
use support::assert_refused;

/// `a^2/b` over ten decades.
fn ratios() -> Dataset {
    let power = |number: u32| 10f64.powf(f64::from(number) / 7.0 - 2.0);
    let rows: Vec<Vec<f64>> = (0..60)
        .map(|i| vec![power(i * 11 % 29), power(i * 17 % 31)])
        .collect();
    let targets: Vec<f64> = rows.iter().map(|row| row[0] * row[0] / row[1]).collect();
    Dataset::from_rows(&["a", "b"], &rows, &targets).unwrap()
}

#[test]
fn a_formula_for_the_logarithm_is_undone_and_taken_away_as_one_for_the_target() {
    let data = ratios();
    let taken = TargetTransform::Log.apply(data.clone()).unwrap();
    let given = Given::Values(ValueObjective::from_dataset(&taken).unwrap());
    let options = SearchOptions {
        operators: vec![
            Operator::Add,
            Operator::Sub,
            Operator::Mul,
            Operator::Div,
            Operator::Log,
        ],
        ..SearchOptions::default()
    };
    let found = given.search(&options, progress::silent).unwrap();
    let best = found.front.best().unwrap();
    let report = given.report(&found, Seconds::default(), 0).unwrap();
    let report = report.undoing(TargetTransform::Log, "y", &best.expression);
    assert_eq!(report.undone.as_ref().unwrap().learned, "log(y)");
    let text = serde_json::to_string(&report).unwrap();
    let export = Export::from_json(&text).unwrap();
    for (row, target) in data.targets().iter().enumerate() {
        let value = export.expression().value(data.point(row));
        assert!(
            (value / target - 1.0).abs() < 1e-6,
            "{} at row {row}",
            report.formula
        );
    }
}

#[test]
fn each_transform_and_its_inverse_give_the_target_again() {
    let rows = [vec![1.0], vec![2.0], vec![3.0]];
    let variable = "x1".parse().unwrap();
    for (transform, targets) in [
        (TargetTransform::Log, [1e-9, 2.5, 1e12]),
        (TargetTransform::Asinh, [-1e12, 0.0, 3.0]),
    ] {
        let data = Dataset::from_rows(&["a"], &rows, &targets).unwrap();
        let taken = transform.apply(data).unwrap();
        let undone = transform.undo(&variable);
        for (value, target) in taken.targets().iter().zip(targets) {
            let again = undone.value(&[*value]);
            assert!(
                (again - target).abs() <= 1e-12 * target.abs(),
                "{again} for {target}"
            );
        }
    }
}

#[test]
fn a_target_without_a_logarithm_is_refused_with_its_row() {
    let data = Dataset::from_rows(&["a"], &[vec![1.0], vec![2.0]], &[1.0, 0.0]).unwrap();
    let words = ["target", "row 2", "0", "asinh"];
    assert_refused(TargetTransform::Log.apply(data), &words);
}
