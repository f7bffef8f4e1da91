//! Models and what is read out of them.

use crate::odd::{dataset, finite, formula, number, numbers, size, task};
use crate::support::cases;
use closedform::interpretation::{Interpretation, Judgement, polish};
use closedform::model::{Answers, DenseLayer, Ensemble, Gradients};
use closedform::search::Candidate;
use closedform::{
    Activation, BlackBox, Dataset, DenseNetwork, Experiment, Model, Points, Predictions,
    ReadingOptions, SearchOptions, interpret_model, progress,
};
use proptest::prelude::*;
use std::time::Duration;

/// Networks of one or two layers of any small widths, some with extreme weights.
pub fn network() -> impl Strategy<Value = DenseNetwork> {
    let widths = (1..4_usize, 1..4_usize, 1..3_usize);
    let weights = widths.prop_flat_map(|(a, b, c)| {
        let layer = |rows: usize, columns: usize| {
            let number = prop_oneof![9 => -2.0..2.0_f64, 1 => finite()];
            prop::collection::vec(prop::collection::vec(number, columns), rows)
        };
        (layer(a + 1, b), layer(b + 1, c))
    });
    let activations = prop::collection::vec(prop::sample::select(Activation::ALL.to_vec()), 2);
    (weights, activations, any::<bool>()).prop_filter_map(
        "refused",
        |((first, second), activations, is_shallow)| {
            let first = DenseLayer::new(activations[0], &first).ok()?;
            let second = DenseLayer::new(activations[1], &second).ok()?;
            DenseNetwork::new(if is_shallow {
                vec![first]
            } else {
                vec![first, second]
            })
            .ok()
        },
    )
}

fn quick_search() -> SearchOptions {
    SearchOptions {
        n_generations: 1,
        max_complexity: Some(6),
        time_limit: Some(Duration::from_millis(20)),
        ..SearchOptions::default()
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn layers_of_any_weights(
        weights in prop::collection::vec(numbers(4), 0..5),
        (first, second) in (prop::sample::select(Activation::ALL.to_vec()), prop::sample::select(Activation::ALL.to_vec())),
    ) {
        let layers: Vec<DenseLayer> = [DenseLayer::new(first, &weights), DenseLayer::new(second, &weights)]
            .into_iter()
            .flatten()
            .collect();
        let _ = DenseNetwork::new(layers);
        let _ = DenseNetwork::new(Vec::new());
    }

    #[test]
    fn networks_at_any_points(network in network(), points in numbers(12)) {
        let _ = network.outputs(&points);
        let _ = network.potentials(&points);
    }

    #[test]
    fn models_at_any_points(
        data in dataset(),
        task in task(),
        answer in number(),
        (spread, n) in (number(), size()),
        (points, delta) in (numbers(12), number()),
        n_members in 0..3_usize,
    ) {
        for gradients in [
            Gradients::local_fits(spread, n, 0),
            Gradients::local_fits(0.1, data.n_features(), 0),
        ] {
            let Ok(model) = BlackBox::new(&data, task, move |x| answer * x[0]) else { continue };
            let Ok(model) = model.with_gradients(gradients) else { continue };
            asked(&model, &points, delta);
        }
        for answers in [Answers::Probability, Answers::Latent] {
            if let Ok(model) = Predictions::new(&data, task, answers) {
                asked(&model, data.points(), delta);
                asked(&model, &points, delta);
            }
        }
        // As many answers as it likes.
        let count = move |_: &[f64]| Ok(vec![answer; n.min(100)]);
        if let Ok(model) = BlackBox::of_rows(&data, task, count) {
            asked(&model, &points, delta);
            asked(&model, data.points(), delta);
        }
        let members: Vec<BlackBox> = (0..n_members)
            .filter_map(|_| BlackBox::new(&data, task, |x| x.iter().sum::<f64>()).ok())
            .collect();
        if let Ok(model) = Ensemble::new(members) {
            asked(&model, &points, delta);
        }
    }
}

fn asked(model: &dyn Model, points: &[f64], delta: f64) {
    let _ = model.latent(points);
    let _ = model.gradients(points);
    if let Ok(points) = Points::new(model.feature_names(), points) {
        let _ = model.directions(&points, delta);
        let _ = model.boundary_directions(&points, delta);
    }
}

proptest! {
    #![proptest_config(cases(15))]

    #[test]
    fn interpretations_of_any_model(
        (training, fresh) in (dataset(), dataset()),
        task in task(),
        formula in formula(),
        (delta, noise) in (number(), number()),
        points in numbers(9),
    ) {
        let model = |data: &Dataset| BlackBox::new(data, task, |x| x.iter().map(|x| x * x).sum::<f64>());
        let Ok(model) = model(&training) else { return Ok(()) };
        let candidate = Candidate::new(formula, noise);
        for fresh in [&training, &fresh] {
            let found = Interpretation::of_candidate(&candidate, &model, &training, fresh, delta);
            if let Ok(found) = found {
                let _ = found.latent(&points);
                let _ = found.probability(&points);
                let _ = polish(&found, &training, fresh);
                let _ = found.export();
                found.to_string();
            }
        }
        let options = ReadingOptions {
            delta,
            search: quick_search(),
            ..ReadingOptions::with_seed(0)
        };
        let _ = interpret_model(model, &training, &fresh, &options, progress::silent);
    }

    #[test]
    fn judgements_of_any_formula(formula in formula(), threshold in prop::option::of(number()), number in 1..9_usize) {
        let _ = Judgement::new(&formula, threshold, Experiment::from_number(number).unwrap());
    }
}
