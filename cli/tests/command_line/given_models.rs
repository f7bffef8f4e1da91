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

/// Three classes by two lines, as a network with a logit for each, and rows labelled by it.
fn write_three_classes(folder: &Path, names: [&str; 3]) {
    // The biases, then the weights of a and of b.
    let weights = "[[0, 1, 0.5], [4, -2, -1], [-1, 5, -2]]";
    let layer = format!(r#"{{"layers": [{{"activation": "linear", "weights": {weights}}}]}}"#);
    std::fs::write(folder.join("model.json"), layer).unwrap();
    let rows = (0..400).map(|i| {
        let (a, b) = (
            f64::from(i * 7 % 400) / 200.0 - 1.0,
            f64::from(i * 11 % 397) / 200.0 - 1.0,
        );
        let logits = [4.0 * a - b, -2.0 * a + 5.0 * b + 1.0, -a - 2.0 * b + 0.5];
        let most = logits.iter().copied().fold(f64::MIN, f64::max);
        let class = logits.iter().position(|logit| *logit == most).unwrap();
        format!("{a},{b},{}\n", names[class])
    });
    let table = "a,b,kind\n".to_string() + &rows.collect::<String>();
    std::fs::write(folder.join("t.csv"), table).unwrap();
}

fn each_class(folder: &Path, extra: &[&str]) -> Run {
    let common = [
        "interpret",
        "--data",
        "t.csv",
        "--target",
        "kind",
        "--each-class",
        "--model",
        "model.json",
        "--generations",
        "2",
    ];
    Run::new(folder, &[&common[..], extra].concat())
}

#[test]
fn every_class_of_a_given_network_is_read_against_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    write_three_classes(folder.path(), ["x", "y", "z"]);
    let remark = "the network's outputs are taken in the classes' order: 0 is x, 1 is y, 2 is z";
    let run = each_class(folder.path(), &["--json"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(run.stderr, format!("closedform: {remark}\n"));
    let found: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let classes = found["table"]["classes"].as_array().unwrap();
    let names: Vec<&str> = classes
        .iter()
        .map(|row| row["class"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["x", "y", "z"]);
    assert!(
        found["table"]["accuracy"].as_f64().unwrap() > 0.9,
        "{found}"
    );
    assert!(
        found["read_as"]
            .as_array()
            .unwrap()
            .contains(&remark.into())
    );
    for run in found["runs"].as_array().unwrap() {
        assert_eq!(run["seconds"]["train"], 0.0);
        assert!(
            run["certificate"]["agreement"].as_f64().unwrap() > 0.95,
            "{run}"
        );
    }
}

#[test]
fn outputs_with_names_are_the_classes_of_these_names() {
    let folder = tempfile::tempdir().unwrap();
    // In another order than the table's classes.
    write_three_classes(folder.path(), ["red", "green", "blue"]);
    let description = r#"{"outputs": ["red", "green", "blue"]}"#;
    std::fs::write(folder.path().join("names.json"), description).unwrap();
    let told = ["--model-description", "names.json", "--json"];
    let found = each_class(folder.path(), &told).json();
    assert!(
        found["table"]["accuracy"].as_f64().unwrap() > 0.9,
        "{found}"
    );
    assert_eq!(found["read_as"], serde_json::json!([]));
}

#[test]
fn a_network_of_more_classes_than_the_data_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    write_three_classes(folder.path(), ["x", "y", "y"]);
    each_class(folder.path(), &[]).assert_failed(&["model.json", "more classes", "x, y"]);
}
