//! Recipes for training are compared by their networks' gradients, and an ensemble is a model.
//!
//! `cargo test --release --test long recipes -- --ignored --nocapture` prints the figures of
//! the table in data/README.md and draws data/recipes.svg.

use closedform::model::Ensemble;
use closedform::{Activation, BlackBox, Dataset, Error, Experiment, Layer, Model, Task};
use closedform_studies::study::{DirectionErrors, Recipe, RecipeRun};

const N_POINTS: usize = 1500;

fn short(name: &str) -> Recipe {
    Recipe::new(name, |h| {
        h.n_epochs = 15;
        h.layers = vec![Layer::new(128, Activation::Silu)];
    })
}

/// The truth of experiment 1 as a model whose boundary is the truth's.
fn truth(data: &Dataset) -> BlackBox {
    let logit = |x: &[f64]| 5.0 * (x[0] * x[0] + 2.0 * x[1] * x[1] - 1.0);
    BlackBox::new(data, Task::Classification, logit).unwrap()
}

#[test]
fn the_truth_is_faithful_everywhere() {
    let data = Experiment::One.sample(N_POINTS, 0);
    let found = DirectionErrors::new(&truth(&data), &data, Experiment::One).unwrap();
    assert_eq!(found.accuracy, 1.0);
    for error in [
        found.band,
        found.unlabelled,
        found.boundary,
        found.inner_boundary,
        found.everywhere,
    ] {
        assert!(error.abs() < 1e-9, "{found:?}");
    }
}

#[test]
fn errors_are_one_minus_the_cosine() {
    // The gradients of x1^2 + x2^2 and x1^2 + 2 x2^2 at (cos t, sin t), for all t.
    let data = Experiment::One.sample(N_POINTS, 0);
    let circle = |x: &[f64]| 50.0 * (x[0] * x[0] + x[1] * x[1] - 0.64);
    let circle = BlackBox::new(&data, Task::Classification, circle).unwrap();
    let found = DirectionErrors::new(&circle, &data, Experiment::One).unwrap();
    let angles = (0..10_000).map(|i| std::f64::consts::TAU * f64::from(i) / 1e4);
    let cosine = |t: f64| {
        let (c, s) = (t.cos(), t.sin());
        (c * c + 2.0 * s * s) / (c * c + 4.0 * s * s).sqrt()
    };
    let expected = 1.0 - angles.map(cosine).sum::<f64>() / 1e4;
    assert!(
        (found.boundary - expected).abs() < 0.1 * expected,
        "{found:?} {expected}"
    );
}

#[test]
fn a_recipe_is_reproducible_but_for_the_time() {
    let recipe = short("short");
    let errors = |seed| recipe.run(Experiment::One, N_POINTS, seed).unwrap().errors;
    let found = errors(3);
    assert_eq!(found, errors(3));
    assert_ne!(found, errors(4));
    assert!(found.accuracy > 0.9 && found.boundary < 0.05, "{found:?}");
}

#[test]
fn an_ensemble_is_the_mean_of_its_members() {
    let recipe = Recipe {
        n_networks: 3,
        ..short("three")
    };
    let (training, fresh) = Experiment::One.sample(N_POINTS, 0).split(0.8, 0).unwrap();
    let ensemble = recipe.train(&training, &fresh, 0).unwrap();
    let single = short("one").train(&training, &fresh, 0).unwrap();
    assert_eq!(ensemble.members().len(), 3);
    let x = [0.3, -0.4];
    let of_members = |i: usize| {
        let gradients = ensemble
            .members()
            .iter()
            .map(|m| m.gradients(&x).unwrap()[i]);
        gradients.sum::<f64>() / 3.0
    };
    let gradient = ensemble.gradients(&x).unwrap();
    assert!((0..2).all(|i| (gradient[i] - of_members(i)).abs() < 1e-12));
    // The first is the one that a recipe of one network trains, the others differ.
    let latent = |model: &dyn Model| model.latent(&x).unwrap();
    assert_eq!(latent(&ensemble.members()[0]), latent(&single));
    assert_ne!(latent(&ensemble.members()[1]), latent(&single));
    assert_ne!(
        latent(&ensemble.members()[1]),
        latent(&ensemble.members()[2])
    );
}

#[test]
fn members_of_an_ensemble_have_the_same_features_and_task() {
    let model = |name: &str, task| {
        let data = Dataset::from_rows(&[name], &[vec![0.0], vec![1.0]], &[0.0, 1.0]).unwrap();
        BlackBox::new(&data, task, |x| x[0]).unwrap()
    };
    let refused = |members| match Ensemble::new(members) {
        Err(Error::Model(reason)) => reason,
        _ => panic!("not refused"),
    };
    assert_eq!(
        refused(vec![]),
        "an ensemble needs at least one model; there is none"
    );
    let of_x = || model("x", Task::Regression);
    let reason = refused(vec![of_x(), model("y", Task::Regression)]);
    assert!(
        reason.contains("model 2") && reason.contains("\"y\""),
        "{reason}"
    );
    let reason = refused(vec![of_x(), of_x(), model("x", Task::Classification)]);
    assert!(
        reason.contains("model 3") && reason.contains("Classification"),
        "{reason}"
    );
}

#[test]
fn the_catalogue_changes_one_thing_at_a_time() {
    let catalogue = Recipe::catalogue();
    let fast = &catalogue[0];
    let mut names: Vec<&str> = catalogue
        .iter()
        .map(|recipe| recipe.name.as_str())
        .collect();
    for recipe in &catalogue[1..] {
        let (h, f) = (&recipe.hyperparameters, &fast.hyperparameters);
        let changes = [
            h.layers != f.layers,
            h.dropout != f.dropout,
            h.l2_penalty != f.l2_penalty,
            h.optimizer != f.optimizer,
            h.learning_rate != f.learning_rate,
            h.schedule != f.schedule,
            h.n_epochs != f.n_epochs,
            h.batch_size != f.batch_size,
            h.standardize != f.standardize,
            recipe.n_networks != fast.n_networks,
        ];
        let n_changes = changes.iter().filter(|changed| **changed).count();
        assert_eq!(n_changes, 1, "{}", recipe.name);
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), catalogue.len());
}

#[test]
fn an_experiment_without_a_known_truth_is_refused() {
    let refused = short("short").run(Experiment::Eight, N_POINTS, 0);
    let reason = refused.unwrap_err().to_string();
    assert!(
        reason.contains('8') && reason.contains("1 to 7"),
        "{reason}"
    );
}

#[test]
fn what_has_no_boundary_or_other_features_is_refused() {
    let data = Experiment::One.sample(N_POINTS, 0);
    let refused = |model: &dyn Model, experiment| {
        DirectionErrors::new(model, &data, experiment)
            .unwrap_err()
            .to_string()
    };
    let reason = refused(&truth(&data), Experiment::Three);
    assert!(reason.contains("features"), "{reason}");
    let regressor = BlackBox::new(&data, Task::Regression, |x| x[0] + x[1]).unwrap();
    let reason = refused(&regressor, Experiment::One);
    assert!(reason.contains("regressor"), "{reason}");
}

#[test]
fn each_error_is_that_of_its_own_points() {
    let data = Experiment::One.sample(N_POINTS, 0);
    let logit = |x: &[f64]| 20.0 * (x[0] * x[0] + 2.0 * x[1] * x[1] - 1.0);
    let of = |wrong: fn(&[f64], f64) -> f64| {
        let model = BlackBox::new(&data, Task::Classification, move |x| wrong(x, logit(x)));
        DirectionErrors::new(&model.unwrap(), &data, Experiment::One).unwrap()
    };
    // Wrong where the logit is large only: the band ends at 9.2.
    let far = of(|x, f| {
        if f < -10.0 {
            f - 50.0 * (x[0] + 1.0)
        } else {
            f
        }
    });
    assert!(far.band < 1e-6 && far.boundary < 1e-6, "{far:?}");
    assert!(far.everywhere > 0.01, "{far:?}");
    // Wrong near one wall only.
    let wall = of(|x, f| f + 1e3 * (x[0] - 0.9).max(0.0).powi(2));
    assert!(wall.inner_boundary < 1e-6, "{wall:?}");
    assert!(wall.boundary > 1e-3 && wall.band > 1e-3, "{wall:?}");
}

#[test]
fn a_figure_shows_every_network() {
    let recipes = [short("first"), short("second")];
    let tried = recipes.map(|recipe| {
        let one = |seed| recipe.run(Experiment::One, N_POINTS, seed).unwrap();
        let found = vec![one(0), one(1)];
        (recipe, found)
    });
    let figure = closedform_studies::plot::recipes_figure(&tried).unwrap();
    // Two kinds of points for each network, and two entries of the legend.
    assert_eq!(figure.svg().matches("<circle").count(), 2 * 4 + 2);
    assert!(figure.svg().contains("second"));
    assert!(closedform_studies::plot::recipes_figure(&[]).is_err());
}

/// Seeds of the table.
const N_SEEDS: u64 = 5;

#[test]
#[ignore = "trains some 300 networks; prints the table of data/README.md and draws its figure"]
fn the_table_of_recipes() {
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    for experiment in [Experiment::Two, Experiment::Four, Experiment::Five] {
        let mut tried = Vec::new();
        println!("\nexperiment {}", experiment.number());
        println!(
            "| recipe | accuracy | band | unlabelled | boundary | inner | everywhere | seconds |"
        );
        println!("|---|---|---|---|---|---|---|---|");
        for recipe in Recipe::catalogue() {
            let one = |seed| recipe.run(experiment, 10_000, seed).unwrap();
            let found: Vec<RecipeRun> = (0..N_SEEDS).map(one).collect();
            let of = |measure: fn(&RecipeRun) -> f64| median(found.iter().map(measure).collect());
            println!(
                "| {} | {:.4} | {:.1e} | {:.1e} | {:.1e} | {:.1e} | {:.1e} | {:.1} |",
                recipe.name,
                of(|run| run.errors.accuracy),
                of(|run| run.errors.band),
                of(|run| run.errors.unlabelled),
                of(|run| run.errors.boundary),
                of(|run| run.errors.inner_boundary),
                of(|run| run.errors.everywhere),
                of(|run| run.seconds_train)
            );
            tried.push((recipe, found));
        }
        if experiment == Experiment::Five {
            let figure = closedform_studies::plot::recipes_figure(&tried).unwrap();
            figure
                .save(format!("{}/data/recipes.svg", crate::ROOT))
                .unwrap();
        }
    }
}
