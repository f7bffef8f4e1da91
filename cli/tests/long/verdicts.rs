//! Claim: a study compares what certificates say with the truth.

use closedform::{Task, Verdict};
use closedform_studies::verdicts::{
    Condition, Judged, Truth, VerdictCase, VerdictPlan, VerdictRow, VerdictSummary, read_verdicts,
    run_verdicts,
};
use std::ops::ControlFlow;

#[test]
fn every_truth_has_values_under_every_condition() {
    for truth in Truth::all() {
        for condition in Condition::of(Task::Classification) {
            let data = condition.rows(&truth, Task::Classification, 1).unwrap();
            let share = data.targets().iter().sum::<f64>() / data.n_samples() as f64;
            let expected = if condition == Condition::RareClass {
                0.1
            } else {
                0.5
            };
            assert!((share - expected).abs() < 0.05, "{}: {share}", truth.kind);
        }
    }
}

#[test]
fn networks_of_a_known_formula_are_judged_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let plan = VerdictPlan {
        kinds: vec!["linear".into()],
        conditions: vec![Condition::FewRows],
        n_seeds: 1,
    };
    let run = |resume| {
        run_verdicts(&plan, folder.path(), resume, 1, &|_| {
            ControlFlow::Continue(())
        })
    };
    let rows = run(false).unwrap();
    assert_eq!(rows.len(), 2);
    for row in &rows {
        let judged = row.outcome.as_ref().unwrap();
        assert!(judged.cosine > 0.99 && judged.has_structure, "{judged:?}");
        assert!(judged.n_numbers > 0, "{judged:?}");
    }
    assert_eq!(read_verdicts(folder.path()).unwrap(), rows);
    assert_eq!(run(true).unwrap(), rows);
}

/// A row with figures of our own.
fn row(verdict: Verdict, cosine: f64, has_structure: bool, n_held: usize) -> VerdictRow {
    VerdictRow {
        case: VerdictCase {
            kind: "linear".into(),
            task: Task::Regression,
            condition: Condition::Plain,
            seed: 0,
        },
        outcome: Ok(Judged {
            formula: "x1".into(),
            verdict,
            cosine,
            in_box: 0.99,
            near_boundary: None,
            left: 0.01,
            has_structure,
            n_numbers: 2,
            n_held,
        }),
        seconds: 1.0,
    }
}

#[test]
fn wrong_and_missed_verdicts_are_counted_apart() {
    let rows = [
        row(Verdict::SameConcept, 0.999, true, 2),
        row(Verdict::SameConcept, 0.9, false, 0),
        row(Verdict::SameDecision, 0.999, true, 1),
        row(Verdict::NotExplained, 0.5, false, 1),
    ];
    let summary = VerdictSummary::new(&rows);
    assert_eq!(summary.lines.len(), 2, "{summary}");
    for line in &summary.lines {
        assert_eq!((line.wrong.n_found, line.wrong.n), (1, 2));
        assert_eq!((line.missed.n_found, line.missed.n), (1, 2));
        assert_eq!((line.held.n_found, line.held.n), (4, 8));
    }
}

#[test]
fn a_kind_that_is_unknown_is_refused_with_those_that_are_known() {
    let plan = VerdictPlan {
        kinds: vec!["cubic".into()],
        ..VerdictPlan::default()
    };
    let error = plan.cases().unwrap_err().to_string();
    assert!(
        error.contains("\"cubic\"") && error.contains("power law"),
        "{error}"
    );
}
