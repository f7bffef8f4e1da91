//! Searches with any data and options.

use crate::odd::{dataset, directions, formula, names, number, numbers, size};
use crate::support::cases;
use closedform::formula::{Complexity, Constraints, Evaluation, Unit, Units};
use closedform::interpretation::classify_symbolically;
use closedform::search::{Candidate, LabelLoss, ParetoFront, Search, ValueLoss};
use closedform::{
    Directions, LabelObjective, Objective, Operator, SearchOptions, ValueObjective, progress,
    search, search_for,
};
use proptest::prelude::*;
use std::time::Duration;

/// Options of which most are in range, so that the search begins.
fn options() -> impl Strategy<Value = SearchOptions> {
    let operators = prop::sample::subsequence(Operator::ALL.to_vec(), 0..8);
    let limits = (
        prop_oneof![5 => 1..12_usize, 1 => size()],
        prop_oneof![9 => 0..2_usize, 1 => Just(usize::MAX)],
        prop::option::of(prop_oneof![1 => Just(0), 3 => 1..100_u64]),
        prop_oneof![9 => Just(20), 1 => Just(0)],
    );
    let numbers = (
        prop_oneof![5 => Just(0.0), 1 => number()],
        prop_oneof![5 => Just(0.0), 1 => number()],
    );
    let rest = (
        prop::collection::vec(formula(), 0..2),
        prop::option::of(prop::collection::vec(Just("m"), 1..4)),
        prop_oneof![9 => Just(3), 1 => size()],
        prop::option::of(size()),
        prop_oneof![9 => Just(0), 1 => Just(1), 1 => Just(u64::MAX)],
    );
    (operators, limits, numbers, rest).prop_map(|(mut operators, limits, numbers, rest)| {
        if operators.len() > 1 {
            operators.extend([Operator::Add, Operator::Mul]);
        }
        let units = rest.1.map(|units| {
            Units::new(
                units
                    .iter()
                    .map(|unit| Unit::parse(unit).unwrap())
                    .collect(),
            )
        });
        SearchOptions {
            operators,
            max_complexity: Some(limits.0),
            n_generations: limits.1,
            max_evaluations: limits.2,
            time_limit: Some(Duration::from_millis(limits.3)),
            noise: numbers.0,
            target_loss: numbers.1,
            guesses: rest.0,
            units,
            complexity: Complexity {
                constant: rest.2,
                ..Complexity::default()
            },
            constraints: Constraints {
                max_terms: rest.3,
                ..Constraints::default()
            },
            n_confirmations: rest.4,
            ..SearchOptions::default()
        }
    })
}

proptest! {
    #![proptest_config(cases(25))]

    #[test]
    fn searches_of_any_data(
        options in options(),
        directions in directions(),
        data in dataset(),
    ) {
        shown(search(&directions, &options, progress::silent));
        if let Ok(objective) = ValueObjective::from_dataset(&data) {
            for loss in [ValueLoss::Squared, ValueLoss::Absolute, ValueLoss::Poisson] {
                let Ok(objective) = objective.clone().with_loss(loss) else { continue };
                shown(search_for(&objective, &options, progress::silent));
            }
        }
        if let Ok(objective) = LabelObjective::from_dataset(&data, LabelLoss::default()) {
            shown(search_for(&objective, &options, progress::silent));
        }
        let _ = classify_symbolically(&data, &data, &options, progress::silent);
    }

    #[test]
    fn searches_in_the_background(options in options(), data in dataset()) {
        let Ok(objective) = ValueObjective::from_dataset(&data) else { return Ok(()) };
        if let Ok(search) = Search::start(objective, options) {
            search.stop();
            let _ = search.join();
        }
    }
}

fn shown(found: closedform::Result<closedform::SearchResult>) {
    if let Ok(found) = found {
        found.front.to_string();
        found.front.runner_up();
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn fronts_of_any_formulas(
        found in prop::collection::vec((formula(), number(), size()), 0..6),
        (noise, names) in (number(), names(4)),
    ) {
        let mut front = ParetoFront::new(names, noise);
        for (formula, loss, complexity) in found {
            front.insert(Candidate::new(formula.clone(), loss));
            front.insert(Candidate { complexity, ..Candidate::new(formula, loss) });
        }
        front.best();
        front.runner_up();
        front.to_string();
        front.candidates().iter().for_each(|candidate| {
            front.formula(candidate);
            front.unit(candidate);
        });
    }

    #[test]
    fn losses_of_any_evaluation(
        data in dataset(),
        directions in directions(),
        values in numbers(60),
        gradient in prop::collection::vec(numbers(60), 0..4),
    ) {
        let evaluation = Evaluation { values, gradient };
        let mut objectives: Vec<Box<dyn Objective>> = Vec::new();
        objectives.push(Box::new(closedform::search::DirectionObjective::new(&directions)));
        if let Ok(objective) = ValueObjective::from_dataset(&data) {
            objectives.push(Box::new(objective));
        }
        if let Ok(objective) = LabelObjective::from_dataset(&data, LabelLoss::default()) {
            objectives.push(Box::new(objective));
        }
        for objective in objectives {
            let _ = objective.loss(&evaluation);
            let _ = objective.check();
            let _ = objective.rises(&evaluation);
            if let Some(squares) = objective.least_squares() {
                let _ = squares.residuals(&evaluation);
                let _ = squares.slopes(&evaluation, &evaluation);
            }
            for n in [0, 1, 7] {
                let _ = objective.thinned(n).map(|thin| thin.loss(&evaluation));
            }
        }
    }

    #[test]
    fn losses_of_any_formula(directions in directions(), formula in formula()) {
        let _ = Directions::loss(&directions, &formula);
    }
}
