//! How fast formulas are evaluated, beside dynamic_expressions on its own workload.

use crate::arguments::{Arguments, Outcome};
use crate::table::Table;
use crate::trees::{self, N_VARIABLES, PeerTree};
use closedform::formula::{Columns, Evaluator, Tape};
use dynamic_expressions::{
    EvalOptions, EvalPlan, GradContext, compile_plan, eval_grad_tree_array, eval_plan_array_into,
};
use ndarray::Array2;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::hint::black_box;
use std::time::Instant;

const N_ROWS: [usize; 4] = [25, 250, 1000, 10_000];
const N_TREES: usize = 100;
const N_NODES: usize = 20;
/// Rows that every tree is evaluated on in one timed run, in as many calls as that takes.
const ROWS_PER_RUN: usize = 20_000;
/// Timed runs of each side, in turns, so that a busy moment of the machine hits both; the fastest
/// counts.
const N_RUNS: usize = 7;
/// Results that differ by more, relative to 1 or their size, are not the same computation.
const TOLERANCE: f64 = 1e-6;
/// The peer evaluates without looking for infinities, as in its own benchmark.
const PEER_OPTIONS: EvalOptions = EvalOptions {
    check_finite: false,
    early_exit: false,
};

pub fn run(arguments: Arguments) -> Outcome {
    arguments.finish()?;
    let quantities = ["values", "values and gradients"];
    let sides = ["closedform", "dynamic_expressions", "ratio"];
    let mut table = Table::new(&["computed"], &[&["rows"][..], &sides].concat());
    let timings: Vec<[(f64, f64); 2]> = N_ROWS.into_iter().map(time).collect();
    for (index, quantity) in quantities.into_iter().enumerate() {
        for (n_rows, timing) in N_ROWS.into_iter().zip(&timings) {
            let (own, peer) = timing[index];
            table.push(vec![
                quantity.to_string(),
                n_rows.to_string(),
                format!("{own:.0}"),
                format!("{peer:.0}"),
                format!("{:.1}", own / peer),
            ]);
        }
    }
    println!("Million node-rows per second, one thread:\n\n{table}");
    Ok(())
}

/// Million node-rows per second of closedform and of the peer: values first, then values with
/// all input gradients.
fn time(n_rows: usize) -> [(f64, f64); 2] {
    let columns = trees::rising_columns(n_rows);
    let peer_columns = Array2::from_shape_vec((N_VARIABLES, n_rows), columns.concat())
        .expect("as many numbers as the shape has");
    let own_columns = Columns::new(columns).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let trees = trees::tame_trees(N_TREES, N_NODES, &own_columns, &mut rng);
    let tapes: Vec<Tape> = trees.iter().map(Tape::new).collect();
    let peers: Vec<(PeerTree, EvalPlan<2>)> = trees
        .iter()
        .map(|tree| {
            let tree = trees::to_peer(tree);
            let plan = compile_plan(&tree.nodes, N_VARIABLES, tree.consts.len());
            (tree, plan)
        })
        .collect();

    let mut evaluator = Evaluator::new();
    let mut context = GradContext::new(n_rows);
    let mut values = vec![0.0; n_rows];
    let mut scratch = Array2::zeros((0, 0));
    let view = peer_columns.view();
    for (tape, (tree, plan)) in tapes.iter().zip(&peers) {
        eval_plan_array_into(&mut values, plan, tree, view, &mut scratch, &PEER_OPTIONS);
        check(evaluator.values(tape, &own_columns), &values);
        let (_, peer, _) = eval_grad_tree_array(tree, view, true, &mut context, &PEER_OPTIONS);
        let own = evaluator.gradients(tape, &own_columns);
        check(&own.values, &values);
        for (own, peer) in own.gradient.iter().zip(peer.data.chunks_exact(n_rows)) {
            if own.is_empty() {
                check(&vec![0.0; n_rows], peer);
            } else {
                check(own, peer);
            }
        }
    }

    let n_calls = ROWS_PER_RUN / n_rows;
    let node_rows = (n_calls * n_rows * N_TREES * N_NODES) as f64 / 1e6;
    let of_values = in_turns(
        n_calls,
        || {
            for tape in &tapes {
                black_box(evaluator.values(tape, &own_columns));
            }
        },
        || {
            for (tree, plan) in &peers {
                eval_plan_array_into(&mut values, plan, tree, view, &mut scratch, &PEER_OPTIONS);
                black_box(&values);
            }
        },
    );
    let of_gradients = in_turns(
        n_calls,
        || {
            for tape in &tapes {
                black_box(evaluator.gradients(tape, &own_columns));
            }
        },
        || {
            for (tree, _) in &peers {
                let found = eval_grad_tree_array(tree, view, true, &mut context, &PEER_OPTIONS);
                black_box(found);
            }
        },
    );
    [of_values, of_gradients].map(|(own, peer)| (node_rows / own, node_rows / peer))
}

fn check(own: &[f64], peer: &[f64]) {
    assert_eq!(own.len(), peer.len(), "rows");
    for (own, peer) in own.iter().zip(peer) {
        let error = (own - peer).abs() / peer.abs().max(1.0);
        assert!(
            error < TOLERANCE,
            "closedform computes {own}, the peer {peer}"
        );
    }
}

/// The fewest seconds that `n_calls` calls take, of the one and of the other.
fn in_turns(n_calls: usize, mut one: impl FnMut(), mut other: impl FnMut()) -> (f64, f64) {
    let seconds = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        (0..n_calls).for_each(|_| work());
        start.elapsed().as_secs_f64()
    };
    let mut fastest = (f64::INFINITY, f64::INFINITY);
    for _ in 0..N_RUNS {
        fastest.0 = fastest.0.min(seconds(&mut one));
        fastest.1 = fastest.1.min(seconds(&mut other));
    }
    fastest
}
