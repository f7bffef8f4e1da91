//! A formula's numbers, tuned on data.

use crate::support;

use closedform::network::{TuneOptions, tune};
use closedform::{Dataset, Expression, Task, progress};
use std::ops::ControlFlow;
use support::assert_refused;

fn read(formula: &str) -> Expression {
    formula.parse().unwrap()
}

const TRUTH: &str = "1.7*exp(-0.6*x1) + 2.3*sin(1.2*x2 + 0.4)";
const ROUGH: &str = "1.5*exp(-0.5*x1) + 2*sin(1.1*x2 + 0.5)";
const SIDES: [(f64, f64); 2] = [(-2.0, 2.0), (-2.0, 2.0)];

#[test]
fn tuning_recovers_perturbed_numbers_of_any_size() {
    for (truth, rough) in [
        (TRUTH, ROUGH),
        ("1234.5*x1 + 0.00321*x2", "1000*x1 + 0.004*x2"),
        ("2.5*powi(x1 - 0.3, 3) + x2", "2*powi(x1 - 0.2, 3) + 1.3*x2"),
    ] {
        let truth = read(truth);
        let data = Dataset::from_function(&SIDES, 300, 0, |x| truth.value(x)).unwrap();
        let mut steps = Vec::new();
        let tuned = tune(&read(rough), &data, &TuneOptions::default(), |step| {
            steps.push(step.number);
            ControlFlow::Continue(())
        });
        let tuned = tuned.unwrap();
        assert_eq!(steps, (1..=2000).collect::<Vec<_>>());
        assert!(tuned.loss < 1e-6 * tuned.loss_before, "{truth}: {tuned:?}");
        for x in [[0.5, -1.5], [-1.0, 1.0]] {
            let (found, expected) = (tuned.expression.value(&x), truth.value(&x));
            assert!(
                (found - expected).abs() < 1e-3 * (1.0 + expected.abs()),
                "{truth}: {tuned:?}"
            );
        }
    }
}

#[test]
fn a_rule_is_tuned_to_labels() {
    let data = Dataset::from_function(&SIDES, 2000, 0, |x| {
        f64::from(u8::from(x[0] * x[0] + 2.0 * x[1] > 1.0))
    });
    let data = data.unwrap();
    let rough = read("4*(x1**2 + 1.5*x2 - 0.5)");
    let options = TuneOptions {
        task: Task::Classification,
        ..TuneOptions::default()
    };
    let tuned = tune(&rough, &data, &options, progress::silent).unwrap();
    let share = |rule: &Expression| {
        let rows = data.points().chunks_exact(2).zip(data.targets());
        rows.filter(|(x, label)| (rule.value(x) > 0.0) == (**label > 0.5))
            .count() as f64
            / 2000.0
    };
    let (before, after) = (share(&rough), share(&tuned.expression));
    assert!(
        tuned.loss < tuned.loss_before && before < 0.93 && after > 0.99,
        "{before} {after}"
    );
}

#[test]
fn the_same_call_gives_the_same_numbers_and_a_listener_can_end_it() {
    let truth = read(TRUTH);
    let data = Dataset::from_function(&SIDES, 300, 0, |x| truth.value(x)).unwrap();
    let options = TuneOptions {
        n_steps: 50,
        ..TuneOptions::default()
    };
    let run = || tune(&read(ROUGH), &data, &options, progress::silent).unwrap();
    assert_eq!(run(), run());
    let ended = tune(&read(ROUGH), &data, &options, |_| ControlFlow::Break(())).unwrap();
    assert_eq!(
        (ended.expression, ended.loss),
        (read(ROUGH), ended.loss_before)
    );
}

#[test]
fn what_cannot_be_tuned_is_refused() {
    let data = Dataset::from_function(&SIDES, 20, 0, |x| x[0]).unwrap();
    let options = TuneOptions::default();
    let refused = |formula: &str, options: &TuneOptions, words: &[&str]| {
        assert_refused(
            tune(&read(formula), &data, options, progress::silent),
            words,
        );
    };
    let [soft, _] = support::custom_operators();
    let own = Expression::apply(soft, vec![Expression::variable(0)]).unwrap();
    assert_refused(
        tune(&own, &data, &options, progress::silent),
        &["softplus", "your own"],
    );
    refused("2*x3", &options, &["x3", "2 features"]);
    refused("x1*x2", &options, &["x1*x2", "no numbers"]);
    refused("2*log(x1)", &options, &["2*log(x1)", "isn't finite"]);
    refused(
        "2*x1",
        &TuneOptions {
            n_steps: 0,
            ..options
        },
        &["n_steps", "at least 1"],
    );
    refused(
        "2*x1",
        &TuneOptions {
            learning_rate: -1.0,
            ..options
        },
        &["learning_rate", "-1"],
    );
    let labels = TuneOptions {
        task: Task::Classification,
        ..options
    };
    assert!(tune(&read("2*x1"), &data, &labels, progress::silent).is_err());
}
