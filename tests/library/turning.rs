//! A phi that turns back: classes in a shell, and responses that rise and fall.

use closedform::interpretation::{DecisionRule, Interpreted};
use closedform::{BlackBox, Dataset, ReadingOptions, Task, interpret_model, progress};

type Concept = fn(&[f64]) -> f64;

/// Reads the formula of a model `phi(concept)` in three inputs, of which nothing was trained.
fn read(concept: Concept, phi: fn(f64) -> f64, task: Task) -> Interpreted<BlackBox> {
    let latent = move |x: &[f64]| phi(concept(x));
    let target = move |x: &[f64]| match task {
        Task::Regression => latent(x),
        Task::Classification => f64::from(u8::from(latent(x) > 0.0)),
    };
    let data = Dataset::from_function(&[(-1.5, 1.5); 3], 2000, 0, target).unwrap();
    let (training, fresh) = data.split(0.8, 0).unwrap();
    let model = BlackBox::new(&data, task, latent).unwrap();
    let options = ReadingOptions::with_seed(0);
    interpret_model(model, &training, &fresh, &options, progress::silent).unwrap()
}

fn assert_intervals(rule: Option<&DecisionRule>, expected: &[[f64; 2]]) {
    let intervals = rule.unwrap().intervals();
    assert_eq!(intervals.len(), expected.len(), "{intervals:?}");
    for (found, expected) in intervals.iter().flatten().zip(expected.iter().flatten()) {
        assert!(
            found == expected || (found - expected).abs() < 0.05,
            "{intervals:?}"
        );
    }
}

#[test]
fn a_class_in_a_shell_has_its_formula_between_two_bounds() {
    let ellipse: Concept = |x| x[0] * x[0] + 3.0 * x[1] * x[1];
    let run = read(ellipse, |g| 2.0 - (g - 1.6).powi(2), Task::Classification);
    assert_eq!(run.interpretation.formula(), "x1**2 + 3*x2**2");
    let width = f64::sqrt(2.0);
    assert_intervals(run.interpretation.rule(), &[[1.6 - width, 1.6 + width]]);
    assert_eq!(run.interpretation.threshold(), None);
    assert!(run.interpretation.agreement().unwrap() > 0.99);
    // Directions to both sides of the turning point agree on the number.
    let three = run.interpretation.certificate().constants[0];
    assert!(2.99 < three.low && three.high < 3.01, "{three}");
    // Exports decide the same by one number.
    let export = run.interpretation.export().unwrap();
    assert_eq!(export.threshold(), Some(0.0));
}

#[test]
fn a_class_outside_of_a_shell_has_two_intervals() {
    let concept: Concept = |x| x[0] * x[1] + x[2];
    let run = read(concept, |g| (g - 0.1).powi(2) - 0.5, Task::Classification);
    assert_eq!(run.interpretation.formula(), "x1*x2 + x3");
    let (low, high) = (0.1 - f64::sqrt(0.5), 0.1 + f64::sqrt(0.5));
    let expected = [[f64::NEG_INFINITY, low], [high, f64::INFINITY]];
    assert_intervals(run.interpretation.rule(), &expected);
    let text = run.interpretation.to_string();
    let rule = text.lines().next().unwrap();
    assert!(
        rule.contains("  or  ") && rule.contains("x1*x2 + x3 < "),
        "{rule}"
    );
}

#[test]
fn a_response_that_rises_and_falls_has_its_concept() {
    for phi in [|g: f64| (2.0 * g).sin(), |g: f64| (g - 0.4).powi(2)] {
        let run = read(|x| x[0] * x[1] + x[2], phi, Task::Regression);
        assert_eq!(run.interpretation.formula(), "x1*x2 + x3");
        assert!(!run.interpretation.link().curve().turns().is_empty());
        assert!(run.interpretation.link().explained() > 0.98);
    }
}
