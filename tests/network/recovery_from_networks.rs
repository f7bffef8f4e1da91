//! Trained networks give their formula back.

use crate::support::true_directions;
use closedform::interpretation::Interpreted;
use closedform::{Experiment, InterpretOptions, Network, interpret, progress};

fn run(experiment: Experiment, seed: u64) -> Interpreted<Network> {
    let (training, fresh) = experiment.sample(10_000, seed).split(0.8, seed).unwrap();
    interpret(
        &training,
        &fresh,
        &InterpretOptions::with_seed(seed),
        progress::silent,
    )
    .unwrap()
}

/// The formula's gradient against the truth's, over the whole box, and its decisions against
/// the network's.
fn assert_recovers(experiment: Experiment, seed: u64, least_spearman: f64) {
    let run = run(experiment, seed);
    let interpretation = &run.interpretation;
    let formula = interpretation.formula();
    let cosine = true_directions(experiment, 2000, 12_345)
        .mean_abs_cosine(&interpretation.candidate().expression);
    assert!(
        cosine > 0.999,
        "{experiment}, seed {seed}: {formula} has mean |cos| {cosine}"
    );
    let agreement = interpretation.agreement().unwrap();
    assert!(
        agreement > 0.98,
        "{experiment}, seed {seed}: {formula} agrees on {agreement}"
    );
    assert!(
        interpretation.spearman() > least_spearman,
        "{}",
        interpretation.spearman()
    );
    assert!(run.noise > 0.0 && run.noise < 0.1, "noise {}", run.noise);
}

#[test]
fn a_network_of_experiment_1_is_read_out() {
    assert_recovers(Experiment::One, 0, 0.98);
}

#[test]
fn a_network_of_experiment_2_is_read_out() {
    assert_recovers(Experiment::Two, 1, 0.98);
}

#[test]
fn a_network_of_experiment_7_is_read_out_as_the_combined_concept() {
    // Far from the boundary these networks rank the points by more than the sum: the truth
    // itself has 0.97 to 0.98 with them, and the formula here is the truth.
    assert_recovers(Experiment::Seven, 2, 0.97);
}
