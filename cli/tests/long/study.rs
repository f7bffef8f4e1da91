//! Claim: a study judges formulas rightly, and keeps its rows whatever happens to it.

use closedform::Experiment::*;
use closedform::interpretation::{Judgement, Recovery, Seconds, structure_error};
use closedform::numerics::Rate;
use closedform::{Experiment, Expression};
use closedform_studies::study::{
    StudyPlan, StudyProgress, StudyRow, StudySummary, read_study, run_study,
};
use std::fs::{self, File};
use std::ops::ControlFlow;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tempfile::TempDir;

fn read(formula: &str) -> Expression {
    formula.parse().unwrap()
}

fn judged(formula: &str, experiment: Experiment) -> Judgement {
    Judgement::new(&read(formula), None, experiment).unwrap()
}

#[test]
fn a_truth_has_its_own_structure_with_its_own_constants() {
    for experiment in Experiment::ALL {
        for truth in experiment.truths() {
            let error = structure_error(&truth, &truth, &experiment.sides()).unwrap();
            assert!(error.unwrap() < 1e-9, "{truth}");
        }
    }
}

#[test]
fn the_truths_are_the_concepts_that_labels_are_drawn_from() {
    for experiment in &Experiment::ALL[..6] {
        let (truth, concept) = (&experiment.truths()[0], experiment.concepts()[0]);
        let points = experiment.sample(100, 3);
        for row in 0..100 {
            let x = points.point(row);
            let (found, expected) = (truth.value(x), concept.value(x));
            assert!(
                (found - expected).abs() <= 1e-9 * expected.abs(),
                "{truth} at {x:?}"
            );
        }
    }
}

/// Formulas with the largest relative error of their constants, by hand.
#[test]
fn wrong_constants_keep_the_structure_and_their_error_is_told() {
    let cases = [
        (One, "x1**2 + 1.9*x2**2", 0.05),
        (One, "0.5*x1**2 + x2**2", 0.0),
        (One, "x1**2 - 2*x2**2", 2.0),
        (Two, "(x1 + x2)*(x1 + 2*x2)", 0.0),
        (Two, "(x1 + x2)*(x1 + 1.9*x2)", 0.05),
        (Three, "x1**2 + sin(x2 + 0.9*x3)", 0.1),
        (Three, "3*x1**2 - 3*sin(-x2 - x3)", 0.0),
        (
            Four,
            "exp(x1 - x2) - 3.15*x3",
            3.15 / std::f64::consts::PI - 1.0,
        ),
        (Four, "exp(x1)/exp(x2) - pi*x3", 0.0),
        (Five, "x1*exp(-0.479*(x2**2 + x3**2))", 0.042),
        (Six, "x1*x2/((x3 - x4)**2 + 1.1*(x5 - x6)**2)", 0.1),
        (Seven, "x1*x2 + 0.8*x3*x4", 0.2),
    ];
    for (experiment, formula, expected) in cases {
        let found = judged(formula, experiment);
        assert_eq!(found.recovery, Recovery::Truth, "{formula}");
        let error = found.constants_error.unwrap();
        assert!(
            (error - expected).abs() < 1e-4,
            "{formula}: {error}, not {expected}"
        );
    }
}

#[test]
fn a_monotone_function_of_the_truth_has_its_structure() {
    let cases = [
        (One, "exp(x1**2 + 2*x2**2)"),
        (One, "(x1**2 + 2*x2**2)**3"),
        (One, "7 - 3*(x1**2 + 2*x2**2)"),
        (One, "sqrt(x1**2 + 2*x2**2)"),
        (Three, "(x1**2 + sin(x2 + x3))**3"),
        (Four, "tanh(0.1*(exp(x1 - x2) - pi*x3))"),
        (Five, "x1**2/exp(x2**2 + x3**2)"),
        (Five, "log(x1) - x2**2/2 - x3**2/2"),
        (Six, "((x3 - x4)**2 + (x5 - x6)**2)/(x1*x2)"),
    ];
    for (experiment, formula) in cases {
        let found = judged(formula, experiment);
        assert_eq!(found.recovery, Recovery::Truth, "{formula}");
        assert!(
            found.constants_error.unwrap() < 1e-4,
            "{formula}: {found:?}"
        );
    }
}

#[test]
fn another_structure_is_told_from_the_truths_even_if_near() {
    let cases = [
        (One, "x1**2"),
        (One, "x1**2 + 2*x2**2 + 0.02*x1*x2"),
        (One, "x1**2 + abs(x2)"),
        (Two, "0.712*x1 + x2"),
        (Two, "(0.712*x1 + x2)**2"),
        (Three, "x1**2 + x2 + x3"),
        (Three, "(x1**2 + sin(x2 + x3))**2"),
        (Four, "x1 - x2 - pi*x3"),
        (Four, "(x1 - x2 + 3)**2 - 6*x3"),
        (Five, "x1/(1 + x2**2 + x3**2)"),
        (Six, "x1*x2 - (x3 - x4)**2"),
        (Six, "x1*x2/((x3 - x4)**2 + (x5 - x6)*(x5 - 1.1*x6))"),
        (Seven, "x1*x2"),
        (Seven, "x1*x2*x3*x4"),
        (Seven, "exp(x1*x2) + exp(x3*x4)"),
    ];
    for (experiment, formula) in cases {
        let found = judged(formula, experiment);
        assert_eq!(found.recovery, Recovery::Other, "{formula}: {found:?}");
        assert_eq!(found.constants_error, None);
    }
}

#[test]
fn a_formula_that_matches_by_length_has_not_the_structure() {
    // Equal in the box, but written with terms that the truth hasn't, and near nothing shorter.
    let formula = "x1**2 + 2*x2**2 + 0.00001*sin(x1*x2 + 3)*exp(x1 + 0.3*x2) + 0.00001*x1*x2*x2";
    assert_eq!(judged(formula, One).recovery, Recovery::Other);
}

#[test]
fn experiment_6_is_also_found_by_its_boundary_and_experiment_8_has_no_known_truth() {
    let found = judged("x1*x2 - (x3 - x4)**2 - 0.9*(x5 - x6)**2", Six);
    assert_eq!(found.recovery, Recovery::Boundary);
    assert!((found.constants_error.unwrap() - 0.1).abs() < 1e-4);
    let found = judged("x1*x2 + x3", Eight);
    assert_eq!((found.recovery, found.cosine), (Recovery::Unknown, None));
}

#[test]
fn a_formula_in_features_that_there_are_not_is_refused() {
    let error = Judgement::new(&read("x1 + x3"), None, Experiment::One).unwrap_err();
    assert!(error.to_string().contains("x3"), "{error}");
    let sides = [(0.0, 1.0); 2];
    for (formula, truth) in [("x1", "x1*x4"), ("x1*x4", "x1")] {
        let error = structure_error(&read(formula), &read(truth), &sides).unwrap_err();
        assert!(error.to_string().contains("x4"), "{error}");
    }
}

#[test]
fn decisions_are_judged_without_noise_and_where_two_concepts_agree() {
    let agreement = |formula: &str, threshold, experiment| {
        let found = Judgement::new(&read(formula), Some(threshold), experiment);
        found.unwrap().agreement.unwrap()
    };
    assert_eq!(agreement("x1**2 + 2*x2**2", 1.0, One), 1.0);
    // An ellipse of area pi/sqrt(2) against one of pi/2, in a box of 4.
    let expected = 1.0 - std::f64::consts::PI * (0.5_f64.sqrt() - 0.5) / 4.0;
    assert!((agreement("x1**2 + 4*x2**2", 1.0, One) - expected).abs() < 0.02);
    assert_eq!(agreement("x1*x2", 1.0, Seven), 1.0);
    assert!(agreement("x1*x2 + x3*x4", 2.0, Seven) > 0.99);
}

#[test]
fn intervals_are_wilsons() {
    // Newcombe (1998), table I, method 3.
    let published = [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ];
    for (n_found, n, low, high) in published {
        let found = Rate { n_found, n }.interval();
        let error = (found.0 - low).abs().max((found.1 - high).abs());
        assert!(error < 5e-5, "{n_found}/{n}: {found:?}");
    }
    assert_eq!(Rate { n_found: 0, n: 0 }.interval(), (0.0, 1.0));
}

/// A cheap study: few points, networks that have learned just enough, no evolution.
fn small() -> StudyPlan {
    StudyPlan {
        experiments: vec![One],
        n_seeds: 4,
        n_points: 300,
        n_epochs: Some(30),
        n_generations: Some(0),
        ..StudyPlan::default()
    }
}

fn go_on(_: &StudyProgress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// The small study, made without interruption.
static WHOLE: LazyLock<(TempDir, Vec<StudyRow>)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let rows = run_study(&small(), folder.path(), false, 1, &go_on).unwrap();
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().all(|row| row.outcome.is_ok()), "{rows:?}");
    (folder, rows)
});

/// Rows without what no two runs share.
fn timeless(rows: &[StudyRow]) -> Vec<StudyRow> {
    let without = |row: &StudyRow| StudyRow {
        seconds: Seconds::default(),
        ..row.clone()
    };
    rows.iter().map(without).collect()
}

fn formula(row: &StudyRow) -> String {
    row.outcome.clone().unwrap().formula
}

#[test]
fn both_files_hold_the_rows_that_a_study_returns() {
    let (folder, rows) = &*WHOLE;
    assert_eq!(&read_study(folder.path()).unwrap(), rows);
    let csv = fs::read_to_string(folder.path().join("study.csv")).unwrap();
    assert_eq!(csv.lines().count(), 1 + rows.len());
    assert!(
        csv.lines()
            .skip(1)
            .zip(rows)
            .all(|(line, row)| line.contains(&formula(row)))
    );
}

#[test]
fn the_rows_are_the_same_with_1_job_and_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let rows = run_study(&small(), folder.path(), false, 2, &go_on).unwrap();
    assert_eq!(timeless(&rows), timeless(&WHOLE.1));
}

#[test]
fn a_run_is_that_of_the_experiment_with_the_same_arguments() {
    let row = &WHOLE.1[1];
    let arguments = "experiment 1 --points 300 --epochs 30 --batch-size 240 --generations 0 --json";
    let output = Command::new(env!("CARGO_BIN_EXE_closedform"))
        .args(arguments.split(' '))
        .args(["--seed", "1"])
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((row.settings.seed, row.settings.label_noise), (1, 0.01));
    assert_eq!(report["formula"], formula(row).as_str());
    assert_eq!(report["loss"], row.outcome.clone().unwrap().loss);
}

#[test]
fn a_study_that_is_there_is_neither_overwritten_nor_mixed_with_another() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::copy(
        WHOLE.0.path().join("study.parquet"),
        folder.join("study.parquet"),
    )
    .unwrap();
    let refused = |plan: &StudyPlan, resume, n_jobs, words: &[&str]| {
        let error = run_study(plan, folder, resume, n_jobs, &go_on)
            .unwrap_err()
            .to_string();
        assert!(words.iter().all(|word| error.contains(word)), "{error}");
        assert_eq!(read_study(folder).unwrap(), WHOLE.1);
    };
    refused(
        &small(),
        false,
        1,
        &["study.parquet", "4 runs", "--resume", "--out"],
    );
    let longer = StudyPlan {
        n_epochs: Some(3),
        ..small()
    };
    refused(
        &longer,
        true,
        1,
        &["study.parquet", "30 epochs", "3 epochs", "--out"],
    );
    let other = StudyPlan {
        n_generations: Some(7),
        ..small()
    };
    refused(&other, true, 1, &["study.parquet", "7 generations"]);
    let other = StudyPlan {
        batch_size: Some(11),
        ..small()
    };
    refused(&other, true, 1, &["study.parquet", "batches of 11"]);
    refused(&small(), true, 0, &["jobs is 0"]);
    let lock = File::open(folder.join("study.lock")).unwrap();
    lock.lock().unwrap();
    refused(&small(), true, 1, &["study.lock", "another study"]);
}

#[test]
fn rows_that_cant_be_written_end_the_study_with_the_files_name() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("study.csv")).unwrap();
    let error = run_study(&small(), folder.path(), false, 1, &go_on).unwrap_err();
    assert!(error.to_string().contains("study.csv"), "{error}");
    assert_eq!(read_study(folder.path()).unwrap().len(), 1);
}

#[test]
fn a_break_gives_up_the_run_at_hand_and_keeps_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let n_finished = AtomicUsize::new(0);
    let rows = run_study(&small(), folder.path(), false, 1, &|progress| {
        if let StudyProgress::Finished(run) = progress {
            n_finished.store(run.n_done, Ordering::Relaxed);
        }
        match (progress, n_finished.load(Ordering::Relaxed)) {
            (StudyProgress::Step, 1) => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    });
    assert_eq!(rows.unwrap().len(), 1);
    assert_eq!(read_study(folder.path()).unwrap().len(), 1);
}

#[test]
fn after_kills_at_any_moment_the_study_ends_with_the_same_rows_and_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let study = |arguments: &[&str]| {
        let small = "study --experiments 1 --seeds 4 --points 300 --epochs 30 \
                     --generations 0 --out killed --resume";
        let mut command = Command::new(env!("CARGO_BIN_EXE_closedform"));
        command
            .args(small.split_whitespace())
            .args(arguments)
            .current_dir(folder);
        command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut killed = study(&["--jobs", "2"]);
    while !folder.join("killed/study.parquet").exists() {
        assert!(killed.try_wait().unwrap().is_none(), "ended without a row");
        std::thread::sleep(Duration::from_millis(5));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    let kept = read_study(folder.join("killed")).unwrap();
    assert!(!kept.is_empty());
    assert!(study(&[]).wait().unwrap().success());
    let rows = read_study(folder.join("killed")).unwrap();
    assert_eq!(timeless(&rows), timeless(&WHOLE.1));
    assert!(
        kept.iter().all(|row| rows.contains(row)),
        "a run was made again"
    );

    let report = Command::new(env!("CARGO_BIN_EXE_closedform"))
        .args(["study", "report", "--in", "killed"])
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8(report.stdout).unwrap();
    assert!(
        report.status.success(),
        "{}",
        String::from_utf8_lossy(&report.stderr)
    );
    for words in ["300 points, 1 % label noise", "structure"] {
        assert!(text.contains(words), "{text}");
    }
    assert!(
        rows.iter().all(|row| text.contains(&formula(row))),
        "{text}"
    );
    let mut files: Vec<String> = fs::read_dir(folder.join("killed"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let figures = ["fidelity.svg", "rates.svg"];
    let tables = ["study.csv", "study.lock", "study.parquet"];
    assert_eq!(files, [&figures[..], &tables].concat());
}

#[test]
fn a_summary_counts_runs_without_a_formula_as_not_found() {
    let mut good = WHOLE.1[0].clone();
    let outcome = good.outcome.as_mut().unwrap();
    outcome.judgement.recovery = Recovery::Truth;
    outcome.judgement.constants_error = Some(0.06);
    outcome.judgement.agreement = Some(0.995);
    outcome.network_cosine = Some(0.98);
    outcome.formula = "x1**2 + 1.88*x2**2".to_string();
    let failed = StudyRow {
        outcome: Err("nothing was found".to_string()),
        ..good.clone()
    };
    let summary = StudySummary::new(&[good.clone(), good, failed]);
    let line = &summary.main_group().unwrap().lines[0];
    assert_eq!((line.experiment, line.n_runs), (1, 3));
    assert_eq!(line.structure, Rate { n_found: 2, n: 3 });
    assert_eq!(line.constants, Rate { n_found: 0, n: 3 });
    assert_eq!(line.same_concept, Rate { n_found: 0, n: 3 });
    assert_eq!(line.same_decision, Rate { n_found: 2, n: 3 });
    assert_eq!(line.constants_error, Some(0.06));
    assert_eq!(line.failures, [("nothing was found".to_string(), 1)]);
    assert_eq!(
        line.formulas,
        [("x1**2 + 1.88*x2**2".to_string(), Some(true), 2)]
    );
}
