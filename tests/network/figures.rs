//! Figures are well-formed SVG that says what it shows.

use crate::drawn;
use crate::small;
use crate::support;

use closedform::model::TrainingHistory;
use closedform::plot::{
    coverage_figure, curve_figure, decision_figure, latent_figure, pareto_figure, training_figure,
};
use closedform::search::Candidate;
use closedform::{
    Activation, Directions, Experiment, Expression, Hyperparameters, Model, Network, Operator,
    ParetoFront, progress,
};
use drawn::texts;
use std::fs;
use support::assert_refused;

fn trained() -> (Network, TrainingHistory, Directions) {
    let data = Experiment::One.sample(400, 0);
    let options = small::options(small::small(Activation::Tanh), 0);
    let (network, history) = Network::train(&data, &data, &options, progress::silent).unwrap();
    let directions = network.directions(data.points(), 1e-4).unwrap();
    (network, history, directions)
}

fn front() -> ParetoFront {
    let x = Expression::variable;
    let names = vec!["a<b&c".to_string(), "x2".to_string()];
    let mut front = ParetoFront::new(names, 0.0);
    let square = x(0) * x(0);
    let sum = square.clone() + Expression::apply(Operator::Sin, vec![x(1)]).unwrap();
    for (expression, loss) in [(x(0), 0.5), (square, 0.1), (sum, 1e-20)] {
        assert!(front.insert(Candidate::new(expression, loss)));
    }
    front
}

#[test]
fn every_figure_is_well_formed_and_labelled() {
    let (network, history, directions) = trained();
    let data = Experiment::One.sample(400, 0);
    let latent = network.latent(data.points()).unwrap();
    let figures = [
        decision_figure(&network, &data, &directions).unwrap(),
        latent_figure(&latent, &latent, "x1**2 < 1 & \"more\"").unwrap(),
        training_figure(&history).unwrap(),
        pareto_figure(&front()).unwrap(),
        curve_figure(
            ("angle & more", "loss"),
            &[
                ("a<b", &[(0.0, 1.0), (1.0, 2.0)]),
                ("lowest", &[(0.0, 1.0)]),
            ],
        )
        .unwrap(),
    ];
    let labels: [&[&str]; 5] = [
        &["x1", "x2", "class 0", "class 1", "boundary", "gradient"],
        &[
            "x1**2 < 1 & \"more\"",
            "latent model f(x)",
            "points",
            "f = 0",
        ],
        &["epoch", "loss", "training", "validation"],
        &[
            "complexity",
            "loss",
            "formulas",
            "chosen",
            "Pareto front, chosen: a<b&c**2 + sin(x2)",
        ],
        &["angle & more", "loss", "a<b", "lowest"],
    ];
    let texts = texts(&figures.each_ref());
    for (found, labels) in texts.iter().zip(labels) {
        for label in labels {
            assert!(
                found.iter().any(|text| text == label),
                "{label} is not in {found:?}"
            );
        }
    }
}

#[test]
fn the_latent_figures_title_holds_the_spearman_correlation() {
    let concept: Vec<f64> = (0..5000).map(f64::from).collect();
    let latent: Vec<f64> = concept.iter().map(|value| value.powi(3)).collect();
    let figure = latent_figure(&concept, &latent, "g").unwrap();
    let texts = texts(&[&figure]);
    assert!(
        texts[0]
            .iter()
            .any(|text| text.ends_with("Spearman 1.0000")),
        "{texts:?}"
    );
}

#[test]
fn values_that_are_all_equal_or_of_one_epoch_are_drawn() {
    let (_, mut history, _) = trained();
    history.epochs.truncate(1);
    let one_epoch = training_figure(&history).unwrap();
    let equal = latent_figure(&[1.0, 1.0], &[2.0, 2.0], "g").unwrap();
    let mut single = ParetoFront::new(vec![], 0.0);
    single.insert(Candidate::new(Expression::variable(0), 0.0));
    let flat = curve_figure(("x", "y"), &[("a", &[(1.0, 2.0), (1.0, 2.0)])]).unwrap();
    texts(&[&one_epoch, &equal, &flat, &pareto_figure(&single).unwrap()]);
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let (network, mut history, directions) = trained();
    let three = Experiment::Three.sample(50, 0);
    assert_refused(
        decision_figure(&network, &three, &directions),
        &["2 features, but there are 3"],
    );
    let data = Experiment::One.sample(50, 0);
    let given = support::true_directions(Experiment::Three, 50, 0);
    assert_refused(
        decision_figure(&network, &data, &given),
        &["2 features, but there are 3"],
    );
    history.epochs.clear();
    assert_refused(training_figure(&history), &["no epochs"]);
    assert_refused(
        pareto_figure(&ParetoFront::new(vec![], 0.0)),
        &["no formulas"],
    );
    assert_refused(
        latent_figure(&[1.0], &[1.0, 2.0], "g"),
        &["1 concept values and 2 latent values"],
    );
    assert!(latent_figure(&[], &[], "g").is_err());
    let message = |curves: &[(&str, &[(f64, f64)])]| {
        let refused = curve_figure(("x", "y"), curves);
        refused.unwrap_err().to_string()
    };
    assert!(message(&[]).contains("no curves"));
    assert!(message(&[("a", &[])]).contains("\"a\" has no points"));
    let not_finite = message(&[("a", &[(0.0, f64::NAN)])]);
    assert!(not_finite.contains("(0, NaN)"), "{not_finite}");
}

#[test]
fn a_network_of_3_features_has_no_decision_figure() {
    let data = Experiment::Three.sample(200, 0);
    let options = small::options(small::small(Activation::Tanh), 0);
    let network = small::train(&data, &options);
    let plane = Experiment::One.sample(50, 0);
    let given = support::true_directions(Experiment::One, 50, 0);
    assert_refused(
        decision_figure(&network, &plane, &given),
        &["2 features, but there are 3"],
    );
}

#[test]
fn a_figure_is_saved_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let figure = pareto_figure(&front()).unwrap();
    let path = folder.path().join("front.svg");
    figure.save(&path).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), figure.svg());
    let missing = folder.path().join("no/such/folder.svg");
    assert_refused(figure.save(&missing), &[&missing.display().to_string()]);
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "a partial file was left"
    );
}

#[test]
fn the_coverage_figure_shows_where_a_formula_holds() {
    let data = Experiment::One.sample(400, 0);
    // Long enough for the ellipse to be learned.
    let longer = Hyperparameters {
        n_epochs: 60,
        ..small::small(Activation::Tanh)
    };
    let network = small::train(&data, &small::options(longer, 0));
    let formula = Expression::parse("x1**2 + 2*x2**2", network.feature_names()).unwrap();
    let plane = coverage_figure(&network, &formula, &data, None).unwrap();
    let six = Experiment::Six.sample(300, 0);
    let options = small::options(small::small(Activation::Tanh), 0);
    let of_six = small::train(&six, &options);
    let product = Expression::parse("x1*x2", of_six.feature_names()).unwrap();
    let named = coverage_figure(&of_six, &product, &six, Some(["x2", "x5"])).unwrap();
    let chosen = coverage_figure(&of_six, &product, &six, None).unwrap();
    let texts = texts(&[&plane, &named, &chosen]);
    let has = |index: usize, label: &str| texts[index].iter().any(|text| text == label);
    assert!(has(0, "x1") && has(0, "x2") && has(0, "above 0.99") && has(0, "boundary"));
    assert!(has(1, "x2") && has(1, "x5") && !has(1, "boundary"));
    let refused = |features| {
        let refused = coverage_figure(&of_six, &product, &six, Some(features));
        refused.unwrap_err().to_string()
    };
    assert!(refused(["x2", "x9"]).contains("x9"));
    assert!(refused(["x2", "x2"]).contains("x2"));
    assert!(coverage_figure(&network, &formula, &six, None).is_err());
    assert!(coverage_figure(&network, &Expression::variable(2), &data, None).is_err());
}
