//! A formula as a module of libtorch: its values, the gradients of its numbers, and what training
//! makes of them.

use crate::support;

use closedform::network::{FormulaModule, TuneOptions, tune};
use closedform::{Dataset, Expression, Operator, Task, progress};
use proptest::prelude::*;
use std::ops::ControlFlow;
use support::{N_VARIABLES, assert_refused, cases, expressions, is_tame, points, value_and_error};
use tch::nn::{self, Module, OptimizerConfig};
use tch::{Device, Kind, Tensor};

fn read(formula: &str) -> Expression {
    formula.parse().unwrap()
}

fn to_tensor(rows: &[Vec<f64>]) -> Tensor {
    Tensor::from_slice(&rows.concat()).view([rows.len() as i64, -1])
}

/// The places of the numbers that are no exponents, from left to right.
fn constants(expression: &mut Expression) -> Vec<&mut f64> {
    match expression {
        Expression::Constant(value) => vec![value],
        Expression::Variable(_) => Vec::new(),
        Expression::Apply(Operator::Powi, arguments) => constants(&mut arguments[0]),
        Expression::Apply(_, arguments) => arguments.iter_mut().flat_map(constants).collect(),
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn the_modules_values_are_the_formulas(formula in expressions(), point in points()) {
        prop_assume!(is_tame(&formula, &point));
        let store = nn::VarStore::new(Device::Cpu);
        let module = FormulaModule::new(&store.root(), &formula, N_VARIABLES).unwrap();
        let values = module.forward(&to_tensor(&[point.clone(), point.clone()]));
        prop_assert_eq!(values.size(), [2]);
        let (expected, error) = value_and_error(&formula, &point);
        for row in 0..2 {
            let found = values.double_value(&[row]);
            prop_assert!((found - expected).abs() <= error, "{}: {} {}", formula, found, expected);
        }
        prop_assert_eq!(module.to_expression().unwrap(), formula);
    }

    #[test]
    fn the_gradients_of_its_numbers_are_finite_differences(formula in expressions(), point in points()) {
        const STEP: f64 = 1e-6;
        let mut formula = formula;
        let n_constants = constants(&mut formula).len();
        prop_assume!(n_constants > 0 && is_tame(&formula, &point));
        let store = nn::VarStore::new(Device::Cpu);
        let module = FormulaModule::new(&store.root(), &formula, N_VARIABLES).unwrap();
        let parameters = store.trainable_variables();
        prop_assert_eq!(parameters.len(), n_constants);
        module.forward(&to_tensor(std::slice::from_ref(&point))).sum(Kind::Double).backward();
        for (index, parameter) in parameters.iter().enumerate() {
            let mut at = |shift: f64| {
                *constants(&mut formula)[index] += shift;
                let is_tame = is_tame(&formula, &point);
                let value = formula.value(&point);
                *constants(&mut formula)[index] -= shift;
                (value, is_tame)
            };
            let ((above, _), (below, _)) = (at(STEP), at(-STEP));
            let difference = (above - below) / (2.0 * STEP);
            // A second difference that is large says that the first one is far off.
            let bend = (above + below - 2.0 * at(0.0).0).abs() / STEP;
            let gradient = parameter.grad();
            let gradient = if gradient.defined() { gradient.double_value(&[]) } else { 0.0 };
            prop_assert!(
                (gradient - difference).abs() < 1e-5 * (1.0 + gradient.abs()) + bend,
                "{} at {:?}: {} {}", formula, point, gradient, difference
            );
        }
    }
}

const TRUTH: &str = "1.7*exp(-0.6*x1) + 2.3*sin(1.2*x2 + 0.4)";
const ROUGH: &str = "1.5*exp(-0.5*x1) + 2*sin(1.1*x2 + 0.5)";
const SIDES: [(f64, f64); 2] = [(-2.0, 2.0), (-2.0, 2.0)];

#[test]
fn a_training_of_ones_own_recovers_perturbed_numbers() {
    let truth = read(TRUTH);
    let data = Dataset::from_function(&SIDES, 300, 0, |x| truth.value(x)).unwrap();
    // So few rows are computed faster by one thread than handed out to several.
    tch::set_num_threads(1);
    let store = nn::VarStore::new(Device::Cpu);
    let module = FormulaModule::new(&store.root(), &read(ROUGH), 2).unwrap();
    let mut optimizer = nn::Adam::default().build(&store, 0.01).unwrap();
    let inputs = Tensor::from_slice(data.points()).view([-1, 2]);
    let targets = Tensor::from_slice(data.targets());
    for _ in 0..2000 {
        // A loss that the library doesn't have.
        let loss = (module.forward(&inputs) - &targets)
            .square()
            .log1p()
            .mean(Kind::Double);
        optimizer.backward_step(&loss);
    }
    let mut found = module.to_expression().unwrap();
    let mut expected = truth.clone();
    for (found, expected) in constants(&mut found).iter().zip(constants(&mut expected)) {
        assert!((**found - *expected).abs() < 1e-4, "{found} {expected}");
    }
}

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
fn what_cannot_be_trained_is_refused() {
    let store = nn::VarStore::new(Device::Cpu);
    let [soft, _] = support::custom_operators();
    let own = Expression::apply(soft, vec![Expression::variable(0)]).unwrap();
    assert_refused(
        FormulaModule::new(&store.root(), &own, 1),
        &["softplus", "your own"],
    );
    assert_refused(
        FormulaModule::new(&store.root(), &read("x3"), 2),
        &["x3", "2 features"],
    );
    let module = FormulaModule::new(&store.root(), &read("x1"), 2).unwrap();
    assert_refused(
        module.values(&Tensor::from_slice(&[1.0, 2.0])),
        &["[2]", "(n_samples, 2)"],
    );
    let data = Dataset::from_function(&SIDES, 20, 0, |x| x[0]).unwrap();
    let options = TuneOptions::default();
    let refused = |formula: &str, options: &TuneOptions, words: &[&str]| {
        assert_refused(
            tune(&read(formula), &data, options, progress::silent),
            words,
        );
    };
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
