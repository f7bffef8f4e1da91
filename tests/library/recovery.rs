//! The search recovers the truth, from exact gradients and from trained networks.

use crate::support;

use closedform::search::StopReason;
use closedform::{
    Directions, Error, Experiment, Expression, Operator, SearchOptions, progress, search,
};
use std::ops::ControlFlow;
use std::time::Duration;
use support::{directions_in, directions_of, true_directions};

/// Random points of the whole box that no search has seen.
fn unseen(experiment: Experiment) -> Directions {
    true_directions(experiment, 2000, 12_345)
}

/// The truth's complexity: a formula that needs more has not found it.
fn complexity_of_truth(experiment: Experiment) -> usize {
    match experiment {
        Experiment::One => 11,
        // x1^2 + 3 x1 x2 + 2 x2^2; (x1 + x2) (x1 + 2 x2) is even shorter.
        Experiment::Two => 19,
        Experiment::Three => 12,
        Experiment::Four => 15,
        // x1 / exp((x2^2 + x3^2) / 2)
        Experiment::Five => 18,
        Experiment::Six => 19,
        Experiment::Seven => 7,
        Experiment::Eight => 14,
    }
}

fn assert_recovers_from_true_gradients(experiment: Experiment) {
    assert_recovers(experiment, &true_directions(experiment, 500, 1));
}

fn assert_recovers(experiment: Experiment, given: &Directions) {
    let found = search(given, &SearchOptions::default(), progress::silent).unwrap();
    let best = found.front.best().unwrap();
    let cosine = unseen(experiment).mean_abs_cosine(&best.expression);
    assert!(
        cosine > 0.9999,
        "{experiment}: {} has mean |cos| {cosine}",
        best.expression
    );
    assert!(
        best.complexity <= complexity_of_truth(experiment),
        "{experiment}: {} has complexity {}",
        best.expression,
        best.complexity
    );
}

#[test]
fn experiment_1_is_recovered_from_true_gradients() {
    assert_recovers_from_true_gradients(Experiment::One);
}

#[test]
fn experiment_2_is_recovered_from_true_gradients() {
    assert_recovers_from_true_gradients(Experiment::Two);
}

#[test]
fn experiment_3_is_recovered_from_true_gradients() {
    assert_recovers_from_true_gradients(Experiment::Three);
}

#[test]
fn experiment_4_is_recovered_from_true_gradients() {
    assert_recovers_from_true_gradients(Experiment::Four);
}

#[test]
fn experiment_7_is_recovered_as_the_combined_concept_from_true_gradients() {
    assert_recovers_from_true_gradients(Experiment::Seven);
}

#[test]
fn experiment_5_is_recovered_from_true_gradients() {
    assert_recovers_from_true_gradients(Experiment::Five);
}

#[test]
fn experiment_6_is_recovered_from_true_gradients() {
    assert_recovers_from_true_gradients(Experiment::Six);
}

#[test]
fn experiment_8_is_recovered_as_the_combined_concept_from_true_gradients() {
    assert_recovers_from_true_gradients(Experiment::Eight);
}

/// The directions with each gradient's components changed by a function of its row.
fn changed(given: &Directions, change: impl Fn(usize, f64) -> f64) -> Directions {
    let gradients = given.unit_gradients().iter().enumerate();
    let gradients = gradients.map(|(index, &g)| change(index, g)).collect();
    Directions::from_gradients(given.points().clone(), gradients).unwrap()
}

#[test]
fn a_monotone_function_around_the_truth_makes_no_difference() {
    for experiment in [Experiment::Four, Experiment::Six] {
        let given = true_directions(experiment, 500, 1);
        let n_features = given.n_features();
        // Rising and falling: the lengths of gradients change, and their common sign.
        for sign in [1.0, -1.0] {
            let stretched = changed(&given, |index, g| {
                sign * g * (1.0 + (index / n_features) as f64)
            });
            assert_recovers(experiment, &stretched);
        }
    }
}

#[test]
fn experiments_are_recovered_from_directions_with_3_percent_noise() {
    use rand::SeedableRng;
    use rand_distr::{Distribution, StandardNormal};
    use std::cell::RefCell;
    for experiment in [
        Experiment::One,
        Experiment::Two,
        Experiment::Three,
        Experiment::Five,
    ] {
        let given = true_directions(experiment, 2000, 1);
        let rng = RefCell::new(rand_chacha::ChaCha8Rng::seed_from_u64(0));
        let noisy = changed(&given, |_, g| {
            let error: f64 = StandardNormal.sample(&mut *rng.borrow_mut());
            g + 0.03 * error
        });
        assert_recovers(experiment, &noisy);
    }
}

/// Michaelis & Menten's rate `x1 x2/(x2 + 0.37)`, whose directions are those of a sum of quotients.
#[test]
fn a_rate_that_saturates_is_recovered_from_true_gradients_with_any_seed() {
    for seed in 0..5 {
        let given = directions_of("x1*x2/(x2 + 0.37)", &[(0.2, 3.0); 2], 500, seed);
        let options = SearchOptions {
            seed,
            ..SearchOptions::default()
        };
        let found = search(&given, &options, progress::silent).unwrap();
        assert_eq!(found.stop_reason, StopReason::Exact, "{}", found.front);
        let best = found.front.best().unwrap();
        // -1/x1 - 0.37/(x1 x2)
        assert!(best.complexity <= 13, "{}", found.front);
    }
}

/// A network's error is not white: its directions are exactly those of a function beside the truth.
#[test]
fn real_powers_are_recovered_from_true_gradients() {
    let options = SearchOptions {
        operators: Operator::parse_list("+,-,*,/,sin,exp,pow").unwrap(),
        ..SearchOptions::default()
    };
    let sides = [(0.4, 4.0), (0.4, 4.0), (0.4, 4.0)];
    for (truth, found) in [
        ("5*x1*x2**0.3/x3**1.7", "x1*x2**0.3/x3**1.7"),
        ("(x1*x2**0.75 + x3)**3", "x3 + x1*x2**0.75"),
    ] {
        let given = directions_of(truth, &sides, 300, 1);
        let front = search(&given, &options, progress::silent).unwrap().front;
        assert_eq!(front.formula(front.best().unwrap()), found);
    }
}

#[test]
fn the_truth_is_on_the_front_where_all_its_numbers_are_a_little_off() {
    let given = true_directions(Experiment::Two, 1000, 1);
    let beside = "x1**2 + 3.06*x1*x2 + 1.96*x2**2";
    let beside = Expression::parse(beside, given.feature_names()).unwrap();
    let points = given.points().to_vec();
    let gradients = points
        .chunks(2)
        .flat_map(|x| beside.value_and_gradient(x).1);
    let given = directions_in(2, points.clone(), gradients.collect()).unwrap();
    let options = SearchOptions {
        noise: 2e-5,
        ..SearchOptions::default()
    };
    let found = search(&given, &options, progress::silent).unwrap();
    let is_truth =
        |formula: &Expression| 1.0 - unseen(Experiment::Two).mean_abs_cosine(formula) < 1e-12;
    let mut front = found.front.candidates().iter();
    assert!(front.any(|c| is_truth(&c.expression)), "{}", found.front);
}

#[test]
fn numbers_on_the_front_are_short() {
    for (experiment, seed) in [(Experiment::Three, 2), (Experiment::Four, 1)] {
        let given = true_directions(experiment, 500, seed);
        let (n, points) = (given.n_features(), given.points().to_vec());
        let truth = &experiment.truths()[0];
        // Off by a little that grows towards a wall and waves, as networks are.
        let gradients = points.chunks(n).flat_map(|x| {
            let mut gradient = truth.value_and_gradient(x).1;
            gradient[0] += 0.003 / (1.1 + seed as f64 / 10.0 - x[0]);
            gradient[1] += 0.01 * (x[0] * 2.0).sin();
            gradient
        });
        let gradients = gradients.collect();
        let given = directions_in(n, points.clone(), gradients).unwrap();
        let options = SearchOptions {
            noise: 1e-4,
            n_generations: 5,
            seed,
            ..SearchOptions::default()
        };
        let found = search(&given, &options, progress::silent).unwrap();
        let front = found.front.to_string();
        let is_part = |c: char| c.is_ascii_digit() || c == '.';
        let longest = front.split(|c| !is_part(c)).map(str::len).max();
        assert!(longest.unwrap() <= 10, "{front}");
    }
}

#[test]
fn an_exact_match_ends_the_search() {
    let given = true_directions(Experiment::One, 200, 1);
    let found = search(&given, &SearchOptions::default(), progress::silent).unwrap();
    assert_eq!(found.stop_reason, StopReason::Exact);
    assert!(found.front.best().unwrap().loss < 1e-12);
}

/// Directions of `x1 / sqrt(1 + x2^4 + exp(x3))`, which no short formula over + - * / matches.
fn hard() -> Directions {
    let points = true_directions(Experiment::Four, 300, 3).points().to_vec();
    let gradients = points
        .chunks(3)
        .flat_map(|x| {
            let below = 1.0 + x[1].powi(4) + x[2].exp();
            let outer = -0.5 * x[0] * below.powf(-1.5);
            [
                below.powf(-0.5),
                outer * 4.0 * x[1].powi(3),
                outer * x[2].exp(),
            ]
        })
        .collect();
    directions_in(3, points, gradients).unwrap()
}

fn assert_is_front(given: &Directions, found: &closedform::SearchResult, options: &SearchOptions) {
    let candidates = found.front.candidates();
    assert!(!candidates.is_empty());
    for pair in candidates.windows(2) {
        assert!(pair[0].complexity < pair[1].complexity, "{}", found.front);
        assert!(pair[0].loss > pair[1].loss, "{}", found.front);
    }
    for candidate in candidates {
        assert_eq!(given.loss(&candidate.expression), Some(candidate.loss));
        assert_eq!(candidate.expression.complexity(), candidate.complexity);
        assert!(
            options
                .max_complexity
                .is_none_or(|most| candidate.complexity <= most)
        );
    }
    let best = found.front.best().unwrap();
    assert!(candidates.contains(best));
}

#[test]
fn on_the_front_complexity_rises_and_the_true_loss_falls() {
    let options = SearchOptions {
        n_generations: 12,
        ..SearchOptions::default()
    };
    let found = search(&hard(), &options, progress::silent).unwrap();
    assert_eq!(found.stop_reason, StopReason::Generations);
    assert!(found.front.candidates().len() >= 3, "{}", found.front);
    assert_is_front(&hard(), &found, &options);
}

#[test]
fn max_complexity_is_kept() {
    for max_complexity in [1, 2, 5, 9] {
        let options = SearchOptions {
            max_complexity: Some(max_complexity),
            n_generations: 5,
            ..SearchOptions::default()
        };
        let found = search(&hard(), &options, progress::silent).unwrap();
        assert_is_front(&hard(), &found, &options);
    }
}

#[test]
fn only_the_given_operators_are_used() {
    use closedform::Operator;
    fn operators_of(expression: &Expression, used: &mut Vec<Operator>) {
        if let Expression::Apply(operator, arguments) = expression {
            used.push(*operator);
            arguments
                .iter()
                .for_each(|argument| operators_of(argument, used));
        }
    }
    let options = SearchOptions {
        operators: Operator::parse_list("+,-,*,cos").unwrap(),
        n_generations: 8,
        ..SearchOptions::default()
    };
    let found = search(&hard(), &options, progress::silent).unwrap();
    for candidate in found.front.candidates() {
        let mut used = Vec::new();
        operators_of(&candidate.expression, &mut used);
        // A sign in front is as cheap as a minus and always allowed.
        used.retain(|operator| *operator != Operator::Neg && !options.operators.contains(operator));
        assert!(used.is_empty(), "{} uses {used:?}", candidate.expression);
    }
}

#[test]
fn a_time_limit_ends_the_search_and_keeps_what_was_found() {
    let options = SearchOptions {
        n_generations: 1_000_000,
        time_limit: Some(Duration::from_secs(1)),
        ..SearchOptions::default()
    };
    let found = search(&hard(), &options, progress::silent).unwrap();
    assert_eq!(found.stop_reason, StopReason::TimeLimit);
    // Generous: a busy machine finishes the step at hand late.
    assert!(found.seconds < 20.0, "{} s", found.seconds);
    assert_is_front(&hard(), &found, &options);
}

#[test]
fn even_the_shortest_time_limit_keeps_something() {
    let options = SearchOptions {
        time_limit: Some(Duration::from_nanos(1)),
        ..SearchOptions::default()
    };
    let found = search(&hard(), &options, progress::silent).unwrap();
    assert_eq!(found.stop_reason, StopReason::TimeLimit);
    assert_is_front(&hard(), &found, &options);
}

#[test]
fn an_interruption_ends_the_search_and_keeps_what_was_found() {
    let options = SearchOptions {
        n_generations: 1_000_000,
        ..SearchOptions::default()
    };
    let mut heard = Vec::new();
    let found = search(&hard(), &options, |progress| {
        heard.push(progress.generation);
        match progress.generation {
            3 => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    })
    .unwrap();
    // Generation 0 lasts while formulas are solved for.
    heard.dedup();
    assert_eq!(heard, [0, 1, 2, 3]);
    assert_eq!(found.stop_reason, StopReason::Interrupted);
    assert!(found.n_evaluations > 0);
    assert_is_front(&hard(), &found, &options);
}

#[test]
fn without_generations_the_ready_libraries_alone_find_experiment_1() {
    let options = SearchOptions {
        n_generations: 0,
        ..SearchOptions::default()
    };
    let given = true_directions(Experiment::One, 200, 1);
    let found = search(&given, &options, progress::silent).unwrap();
    let best = found.front.best().unwrap();
    assert!(unseen(Experiment::One).mean_abs_cosine(&best.expression) > 0.9999);
}

#[test]
fn one_feature_has_no_directions_to_tell_formulas_apart() {
    let given = directions_in(1, [1.0, 2.0], vec![1.0, 1.0]).unwrap();
    let error = search(&given, &SearchOptions::default(), progress::silent).unwrap_err();
    assert!(matches!(error, Error::Uninformative(_)), "{error:?}");
}
