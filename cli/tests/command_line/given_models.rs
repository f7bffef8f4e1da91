//! `closedform interpret` on models that are trained already, and its page.

use crate::command;

use command::Run;
use std::path::Path;
use std::process::Command;

use crate::ROOT as PROJECT;

fn ellipse() -> String {
    format!("{PROJECT}/data/ellipse.csv")
}

fn interpret(folder: &Path, arguments: &[&str]) -> Run {
    let data = ellipse();
    let mut all = vec!["interpret", "--data", &data, "--generations", "3"];
    all.extend(arguments);
    Run::new(folder, &all)
}

/// Whether a formula in x1 and x2 is x1^2 + 2 x2^2 up to its scale, within 10 %.
fn assert_is_ellipse(formula: &str) {
    let formula: closedform::Expression = formula.parse().unwrap();
    let directions = |x: [f64; 2]| formula.value_and_gradient(&x).1;
    for x in [[0.7, 0.5], [-0.3, 0.6], [0.9, -0.2]] {
        let slope = directions(x);
        let ratio = slope[1] / slope[0] * x[0] / x[1];
        assert!(
            (ratio / 2.0 - 1.0).abs() < 0.1,
            "{formula} at {x:?}: {ratio}"
        );
    }
}

#[test]
fn a_network_of_pytorch_is_read_from_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let model = format!("{PROJECT}/data/ellipse.pt");
    let run = interpret(
        folder.path(),
        &["--target", "label", "--model", &model, "--json"],
    );
    let report = run.json();
    assert_is_ellipse(report["formula"].as_str().unwrap());
    assert_eq!(report["seconds"]["train"], 0.0);
}

#[test]
fn a_model_of_scikit_learn_is_read_through_its_script() {
    let folder = tempfile::tempdir().unwrap();
    let python = format!("{PROJECT}/.venv/bin/python");
    let script = format!("{PROJECT}/scripts/scikit_learn.py");
    let trained = Command::new(&python)
        .args([&script, "train", &ellipse(), "label", "model.joblib"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(trained.status.success(), "{trained:?}");
    let program = format!("'{python}' '{script}' predict model.joblib");
    let run = interpret(
        folder.path(),
        &["--target", "label", "--program", &program, "--json"],
    );
    let report = run.json();
    assert_is_ellipse(report["formula"].as_str().unwrap());
    assert!(report["certificate"]["agreement"].as_f64().unwrap() > 0.97);
}

#[test]
fn without_a_target_the_models_own_answers_are_it() {
    let folder = tempfile::tempdir().unwrap();
    let program = "awk -F, -v OFMT=%.17g 'NR > 1 { print exp($1 * $1 + 2 * $2 * $2) }'";
    let arguments = [
        "--inputs",
        "x1,x2",
        "--task",
        "regression",
        "--program",
        program,
        "--json",
    ];
    let report = interpret(folder.path(), &arguments).json();
    assert_eq!(report["formula"], "x1**2 + 2*x2**2");
    assert_eq!(report["whole_formula"], "exp(x1**2 + 2*x2**2)");
}

#[test]
fn a_column_of_predictions_is_a_model() {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = (0..3000)
        .map(|k| {
            let (a, b) = (
                f64::from(k % 61) / 61.0 + 0.5,
                f64::from(k % 53) / 53.0 + 0.5,
            );
            format!("{a},{b},{}\n", (a * b).ln())
        })
        .collect();
    std::fs::write(folder.path().join("said.csv"), format!("a,b,said\n{rows}")).unwrap();
    let run = Run::new(
        folder.path(),
        &[
            "interpret",
            "--data",
            "said.csv",
            "--target",
            "said",
            "--predictions",
            "--task",
            "regression",
            "--generations",
            "3",
            "--json",
        ],
    );
    assert_eq!(run.json()["formula"], "a*b");
}

#[test]
fn the_page_holds_all_of_the_run_and_needs_nothing_beside_itself() {
    let folder = tempfile::tempdir().unwrap();
    let model = format!("{PROJECT}/data/ellipse.pt");
    let arguments = [
        "--target",
        "label",
        "--model",
        &model,
        "--report",
        "page.html",
    ];
    let run = interpret(folder.path(), &arguments);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let page = std::fs::read_to_string(folder.path().join("page.html")).unwrap();
    for word in [
        "<math",
        "Verdict",
        "same decision as the network",
        "<svg",
        "complexity",
        "import numpy",
        "ellipse.pt",
        "seed",
        "InterpretOptions",
        env!("CARGO_PKG_VERSION"),
    ] {
        assert!(page.contains(word), "no {word}");
    }
    for outside in ["<script", "src=", "href=", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
    let formula = run
        .stdout
        .lines()
        .find(|line| line.contains("  >  "))
        .unwrap();
    let formula = formula.split("  >  ").next().unwrap();
    assert!(page.contains(&format!("<pre>{formula}</pre>")), "{formula}");
}

#[test]
fn what_can_not_be_done_with_a_given_model_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |arguments: &[&str], words: &[&str]| {
        interpret(folder.path(), arguments).assert_failed(words);
    };
    let label = ["--target", "label"];
    let with = |more: &[&'static str]| -> Vec<&'static str> { [&label, more].concat() };
    refused(
        &with(&["--program", "cat", "--save-network", "n.safetensors"]),
        &["--save-network", "given"],
    );
    for option in [
        ["--epochs", "3"],
        ["--preset", "paper"],
        ["--device", "cpu"],
    ] {
        let more = [&["--program", "cat"], &option[..]].concat();
        refused(&with(&more), &[option[0], "given"]);
    }
    refused(&with(&["--program", "exit 7"]), &["\"exit 7\"", "7"]);
    refused(&with(&["--model", "nothing.pt"]), &["nothing.pt"]);
    refused(&with(&["--class", "7"]), &["class", "\"7\"", "one of 0, 1"]);
    refused(
        &with(&["--program", "cat", "--report", "missing/page.html"]),
        &["missing"],
    );
    refused(
        &with(&[
            "--program",
            "awk 'NR > 1 { print 7 }'",
            "--task",
            "regression",
        ]),
        &["gradients are zero", "constant"],
    );
    interpret(folder.path(), &[]).assert_wrong_usage(&["--target"]);
    interpret(folder.path(), &with(&["--smooth", "0.1"])).assert_wrong_usage(&["--model"]);
    interpret(
        folder.path(),
        &["--program", "cat", "--predictions", "--target", "label"],
    )
    .assert_wrong_usage(&["--predictions"]);
}
