//! Claim: a search can be watched, limited, stopped, interrupted and gone on with, and none of it
//! changes or loses what was found.

use crate::support;

use closedform::formula::{Complexity, Constraints, Inside, Nesting, Template};
use closedform::search::{DirectionObjective, Search, SearchProgress, StopReason};
use closedform::{Directions, Expression, Operator, SearchOptions, SearchResult, progress, search};
use std::ops::ControlFlow;
use std::path::Path;
use support::directions_of;

/// Directions that no short formula matches: the search goes through all of its generations.
fn endless() -> Directions {
    directions_of("tanh(x1*x2) + atan(x1 - 1.7*x2)", &[(-2.0, 2.0); 2], 120, 5)
}

fn short(n_generations: usize) -> SearchOptions {
    SearchOptions {
        operators: Operator::parse_list("+,*,exp").unwrap(),
        max_complexity: Some(14),
        n_generations,
        ..SearchOptions::default()
    }
}

fn run(options: &SearchOptions) -> SearchResult {
    search(&endless(), options, progress::silent).unwrap()
}

#[test]
fn a_search_in_the_background_finds_what_one_in_the_foreground_finds() {
    let options = short(6);
    let background = Search::start(DirectionObjective::new(&endless()), options.clone()).unwrap();
    let found = background.join().unwrap();
    assert_eq!(found.front, run(&options).front);
    assert_eq!(found.stop_reason, StopReason::Generations);
}

#[test]
fn a_background_search_shows_what_it_has_and_keeps_it_when_stopped() {
    let options = short(1_000_000);
    let background = Search::start(DirectionObjective::new(&endless()), options).unwrap();
    while background.progress().generation < 2 {
        assert!(!background.is_finished());
        std::thread::yield_now();
    }
    let seen = background.snapshot();
    assert!(!seen.candidates().is_empty());
    background.stop();
    let found = background.join().unwrap();
    assert_eq!(found.stop_reason, StopReason::Interrupted);
    let lowest = |front: &closedform::ParetoFront| front.candidates().last().unwrap().loss;
    assert!(lowest(&found.front) <= lowest(&seen) * 1.1);
}

/// The generations of a search in rounds of 2, at most 3 of them, for a plane's directions that are
/// turned at random by about this angle.
fn n_generations(turned: f64) -> usize {
    let clean = directions_of("x1 + 2*x2", &[(-1.0, 1.0); 2], 200, 5);
    let gradients = (0..200_u32).flat_map(|row| {
        let angle = turned * (f64::from(row * row % 199) / 99.0 - 1.0);
        let (sin, cos) = (2.0_f64.atan() + angle).sin_cos();
        [cos, sin]
    });
    let points = clean.points().clone();
    let directions = Directions::from_gradients(points, gradients.collect()).unwrap();
    let options = SearchOptions {
        n_rounds: 3,
        ..short(2)
    };
    let mut last = 0;
    let monitor = |progress: &SearchProgress| {
        last = progress.generation;
        ControlFlow::Continue(())
    };
    search(&directions, &options, monitor).unwrap();
    last
}

#[test]
fn directions_that_are_matched_poorly_are_searched_in_all_rounds() {
    assert_eq!(n_generations(0.1), 2);
    assert_eq!(n_generations(1.5), 6);
}

#[test]
fn limits_on_evaluations_and_loss_end_a_search() {
    let limited = run(&SearchOptions {
        max_evaluations: Some(1500),
        ..short(1_000_000)
    });
    assert_eq!(limited.stop_reason, StopReason::Evaluations);
    assert!((1500..3000).contains(&limited.n_evaluations));
    let satisfied = run(&SearchOptions {
        target_loss: 0.9,
        ..short(1_000_000)
    });
    assert_eq!(satisfied.stop_reason, StopReason::TargetLoss);
    assert_eq!(satisfied.n_evaluations, 0);
}

#[test]
fn the_number_of_threads_makes_no_difference() {
    let options = SearchOptions {
        max_evaluations: Some(2000),
        ..short(1_000_000)
    };
    let with_threads = |n: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(n)
            .build()
            .unwrap();
        pool.install(|| run(&options))
    };
    let (one, three) = (with_threads(1), with_threads(3));
    assert_eq!(one.front, three.front);
    assert_eq!(one.n_evaluations, three.n_evaluations);
}

#[test]
fn a_search_that_was_interrupted_ends_as_if_it_had_not_been() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("search.json");
    let options = SearchOptions {
        checkpoint: Some(file.clone()),
        ..short(25)
    };
    let whole = run(&SearchOptions {
        checkpoint: None,
        ..options.clone()
    });
    let mut n_heard = 0;
    let interrupted = search(&endless(), &options, |progress| {
        n_heard += 1;
        match progress.generation {
            13 => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    });
    assert_eq!(interrupted.unwrap().stop_reason, StopReason::Interrupted);
    assert!(n_heard > 13);
    let resumed = run(&options);
    assert_eq!(resumed.front, whole.front);
    assert_eq!(resumed.n_evaluations, whole.n_evaluations);
    // A finished search is not searched again, and may be prolonged.
    assert_eq!(run(&options).front, whole.front);
    let longer = run(&SearchOptions {
        n_generations: 30,
        ..options
    });
    let last = |found: &SearchResult| found.front.candidates().last().unwrap().loss;
    assert!(last(&longer) <= last(&whole));
}

#[test]
fn a_search_that_ended_before_its_first_generation_may_be_prolonged() {
    let folder = tempfile::tempdir().unwrap();
    let prolonged = |n_generations| SearchOptions {
        checkpoint: Some(folder.path().join("search.json")),
        ..short(n_generations)
    };
    run(&prolonged(0));
    assert_eq!(run(&prolonged(3)).front, run(&short(3)).front);
}

#[test]
fn a_checkpoint_of_another_search_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("search.json");
    let options = SearchOptions {
        checkpoint: Some(file.clone()),
        ..short(1)
    };
    run(&options);
    let before = std::fs::read(&file).unwrap();
    let refusal = |options: &SearchOptions, directions: &Directions| {
        let error = search(directions, options, progress::silent).unwrap_err();
        error.to_string()
    };
    let seed = SearchOptions {
        seed: 4,
        ..options.clone()
    };
    let message = refusal(&seed, &endless());
    assert!(message.contains("whose seed is 0, not 4"), "{message}");
    let other = directions_of("x1**2*x2 + x2", &[(-2.0, 2.0); 2], 120, 5);
    let message = refusal(&options, &other);
    assert!(message.contains("belongs to another search"), "{message}");
    assert_eq!(std::fs::read(&file).unwrap(), before);

    // What goes through a formula is recursive, so that no depth may be trusted.
    let mut state: serde_json::Value = serde_json::from_slice(&before).unwrap();
    state["front"][0]["expression"] = format!("x0{}", " sin".repeat(1_000_000)).into();
    std::fs::write(&file, state.to_string()).unwrap();
    let message = refusal(&options, &endless());
    assert!(
        message.contains("holds a formula that can't be read"),
        "{message}"
    );

    std::fs::write(&file, "{}").unwrap();
    let message = refusal(&options, &endless());
    assert!(message.contains("isn't a checkpoint"), "{message}");
    let nowhere = SearchOptions {
        checkpoint: Some(Path::new("no/such/folder/search.json").into()),
        ..options
    };
    let message = refusal(&nowhere, &endless());
    assert!(
        message.contains("there is no folder no/such/folder"),
        "{message}"
    );
}

#[test]
fn formulas_keep_to_the_constraints() {
    let constrained = |constraints: Constraints| {
        let options = SearchOptions {
            constraints,
            operators: Operator::PAPER.to_vec(),
            max_complexity: Some(22),
            n_generations: 5,
            ..SearchOptions::default()
        };
        let front = run(&options).front;
        assert!(!front.candidates().is_empty());
        for candidate in front.candidates() {
            let allows = options.constraints.allows(&candidate.expression);
            assert!(allows, "{}", front.formula(candidate));
        }
        front
    };
    let template = Template::sum(&[&[0], &[1]]);
    constrained(Constraints {
        template: Some(template),
        ..Constraints::default()
    });
    constrained(Constraints {
        max_depth: Some(3),
        max_terms: Some(2),
        ..Constraints::default()
    });
    let never = [Operator::Sin, Operator::Exp].map(|inner| Nesting {
        outer: Operator::Mul,
        inner,
        max: 0,
    });
    constrained(Constraints {
        nesting: never.to_vec(),
        inside: vec![Inside {
            operator: Operator::Exp,
            variables: vec![1],
        }],
        ..Constraints::default()
    });
}

#[test]
fn a_template_leads_to_a_formula_of_its_form() {
    let given = directions_of("x1*x2 + sin(x3)", &[(-2.0, 2.0); 3], 300, 1);
    let names: Vec<String> = (1..=3).map(|index| format!("x{index}")).collect();
    let options = SearchOptions {
        constraints: Constraints {
            template: Some(Template::parse("f(x1, x2) + g(x3)", &names).unwrap()),
            ..Constraints::default()
        },
        ..SearchOptions::default()
    };
    let found = search(&given, &options, progress::silent).unwrap();
    let best = found.front.best().unwrap();
    assert_eq!(found.front.formula(best), "x1*x2 + sin(x3)");
}

#[test]
fn other_complexities_change_what_is_simple() {
    // A quotient of exponentials and the exponential of a difference have the same directions as
    // the difference itself; what is dear is the variable here.
    let options = SearchOptions {
        complexity: Complexity::parse("variable=7, +=2").unwrap(),
        max_complexity: Some(60),
        ..SearchOptions::default()
    };
    let given = directions_of("x1 + x2*x3", &[(0.5, 2.0); 3], 200, 1);
    let found = search(&given, &options, progress::silent).unwrap();
    let best = found.front.best().unwrap();
    assert_eq!(found.front.formula(best), "x1 + x2*x3");
    assert_eq!(best.complexity, 3 * 7 + 2 + 1);
}

#[test]
fn a_guess_takes_part_and_its_constants_are_fitted() {
    let truth = "tanh(1.3*x1*x2) + x3";
    let given = directions_of(truth, &[(-2.0, 2.0); 3], 300, 2);
    let guess = Expression::parse("tanh(0.6*x1*x2) + x3", &[]).unwrap();
    let options = SearchOptions {
        guesses: vec![guess],
        n_generations: 0,
        ..SearchOptions::default()
    };
    let found = search(&given, &options, progress::silent).unwrap();
    let best = found.front.best().unwrap();
    assert_eq!(found.front.formula(best), "x3 + tanh(1.3*x1*x2)");
    assert_eq!(found.stop_reason, StopReason::Exact);
}

#[test]
fn other_seeds_confirm_a_clear_choice() {
    let given = directions_of("x1*x2 + x3", &[(-2.0, 2.0); 3], 300, 2);
    let options = SearchOptions {
        n_confirmations: 2,
        ..SearchOptions::default()
    };
    let found = search(&given, &options, progress::silent).unwrap();
    assert_eq!(found.confirmations, [true, true]);
    let (runner_up, margin) = found.front.runner_up().unwrap();
    assert!(runner_up.complexity < found.front.best().unwrap().complexity);
    assert!(margin > 7.0);
}

#[test]
fn a_point_without_weight_takes_no_part() {
    let clean = directions_of("x1*x2 + x3", &[(-2.0, 2.0); 3], 300, 2);
    let mut gradients = clean.unit_gradients().to_vec();
    // Every third point says something else.
    for row in gradients.chunks_exact_mut(3).step_by(3) {
        row.copy_from_slice(&[0.0, 0.0, 1.0]);
    }
    let spoilt = Directions::from_gradients(clean.points().clone(), gradients);
    let weights = (0..300)
        .map(|row| f64::from(u8::from(row % 3 != 0)))
        .collect();
    let weighted = spoilt.unwrap().with_weights(weights).unwrap();
    let found = search(&weighted, &SearchOptions::default(), progress::silent).unwrap();
    let best = found.front.best().unwrap();
    assert_eq!(found.front.formula(best), "x1*x2 + x3");
    assert!(best.loss < 1e-10);
}

#[test]
fn the_numbers_as_fitted_stand_beside_the_short_ones() {
    let given = directions_of("x1**2 + 1.0000000003*x2*x3", &[(-2.0, 2.0); 3], 300, 2);
    let found = search(&given, &SearchOptions::default(), progress::silent).unwrap();
    let best = found.front.best().unwrap();
    assert_eq!(found.front.formula(best), "x1**2 + x2*x3");
    assert_ne!(best.fitted, best.expression);
}
