//! A regressor is read out whole (Wetzel 2024, equations 19 and 20).

use closedform::{
    Dataset, Export, Expression, InterpretOptions, Task, Verdict, interpret, progress,
};

/// `a / (exp(b x1 + c sin(d x2)) + 1)` with a = 1, b = 2, c = 1, d = 3.
fn truth(x: &[f64]) -> f64 {
    1.0 / ((2.0 * x[0] + (3.0 * x[1]).sin()).exp() + 1.0)
}

/// a, b, c and d of a formula that is of this kind, in whatever way it is written: the argument of
/// the exponential is `log(a / G - 1)`, and `-d^2` is the second derivative of a sine over the sine.
fn constants(whole: &Expression) -> [f64; 4] {
    let a = 2.0 * whole.value(&[0.0, 0.0]);
    let argument = |x1: f64, x2: f64| (a / whole.value(&[x1, x2]) - 1.0).ln();
    let sine = |x2: f64| argument(0.0, x2);
    let (x2, step) = (0.5, 1e-3);
    let second = (sine(x2 + step) - 2.0 * sine(x2) + sine(x2 - step)) / (step * step);
    let d = (-second / sine(x2)).sqrt();
    [a, argument(1.0, 0.0), sine(x2) / (d * x2).sin(), d]
}

#[test]
fn the_papers_regressor_is_recovered_whole() {
    let data = Dataset::from_function(&[(-1.0, 1.0); 2], 10_000, 0, truth).unwrap();
    let (training, fresh) = data.split(0.8, 0).unwrap();
    let mut options = InterpretOptions::with_seed(0);
    options.training.task = Task::Regression;
    options.reading.search.n_generations = 5;
    let run = interpret(&training, &fresh, &options, progress::silent).unwrap();
    let found = &run.interpretation;
    assert_eq!(found.certificate().verdict, Verdict::SameConcept, "{found}");
    assert_eq!((found.threshold(), found.agreement()), (None, None));
    let whole = found
        .whole()
        .unwrap_or_else(|| panic!("no whole formula: {found}"));
    for (constant, expected) in constants(whole).iter().zip([1.0, 2.0, 1.0, 3.0]) {
        assert!(
            (constant / expected - 1.0).abs() < 0.02,
            "{constant}, not {expected}: {found}"
        );
    }
    let report = serde_json::to_value(run.report()).unwrap();
    assert_eq!(report["whole_formula"], found.whole_formula().unwrap());
    let taken = Export::from_json(&report.to_string()).unwrap();
    assert_eq!((taken.expression(), taken.threshold()), (whole, None));
    assert_eq!(taken, found.export().unwrap());
    assert_eq!(report["certificate"]["verdict"], "same_concept");
    assert!(report["certificate"]["near_boundary"].is_null());
    assert!(report["link"]["formula"].is_string());
}
