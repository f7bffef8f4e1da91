//! `closedform export`: formulas from text and from runs, as pieces that are printed or saved.

use crate::command;
use crate::support;

use closedform::{Dataset, Export, Language};
use command::Run;
use std::fs;

const FORMULA: [&str; 3] = ["export", "--formula", "x1**2 + 2*x2"];

fn printed(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let run = Run::new(folder.path(), &[&FORMULA, arguments].concat());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
    run.stdout
}

#[test]
fn a_formula_is_printed_as_the_piece_that_the_library_writes() {
    let export = Export::new(&"x1**2 + 2*x2".parse().unwrap(), &[]).unwrap();
    for language in Language::ALL
        .into_iter()
        .filter(|language| *language != Language::Onnx)
    {
        let expected = export.to_source(language).unwrap();
        assert_eq!(printed(&["--language", language.name()]), expected);
    }
    let arguments = ["--language", "spreadsheet", "--threshold", "-1.5"];
    assert_eq!(printed(&arguments), "=A2^2+2*B2\t=C2>-1.5\n");
    let folder = tempfile::tempdir().unwrap();
    let named = [
        "export",
        "--formula",
        "a*b",
        "--inputs",
        "a, b",
        "--language",
        "spreadsheet",
    ];
    assert_eq!(Run::new(folder.path(), &named).stdout, "=A2*B2\n");
    assert!(printed(&["--language", "c", "--name", "area"]).contains("double area("));
}

#[test]
fn several_languages_are_files_of_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--language", "all", "--output", "taken", "--name", "rule"];
    let run = Run::new(folder.path(), &[&FORMULA[..], &arguments].concat());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let entries = fs::read_dir(folder.path().join("taken")).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let expected = [
        "rule.R",
        "rule.c",
        "rule.js",
        "rule.json",
        "rule.m",
        "rule.onnx",
        "rule.py",
        "rule.rs",
        "rule.sql",
        "rule.tex",
        "rule_cells.txt",
        "rule_jax.py",
        "rule_sympy.py",
        "rule_torch.py",
    ];
    assert_eq!(names, expected);
    assert_eq!(run.stdout.lines().count(), expected.len());
    // What was saved is where the next one may start from.
    let again = ["export", "--from", "taken/rule.json", "--language", "c"];
    let again = Run::new(folder.path(), &again).stdout;
    assert_eq!(
        again,
        fs::read_to_string(folder.path().join("taken/rule.c")).unwrap()
    );
}

#[test]
fn what_a_search_printed_is_taken_away_with_every_digit_whatever_its_columns_are_called() {
    let sides = [(0.5, 2.0), (0.5, 2.0)];
    let points = Dataset::from_function(&sides, 200, 0, |_| 0.0).unwrap();
    let rows = points.points().chunks(2);
    let rows = rows.map(|x| format!("{},{},{},{}\n", x[0], x[1], 2.0 * x[0], 4.4 * x[1]));
    let table =
        "petal width,lambda,d_petal width,d_lambda\n".to_string() + &rows.collect::<String>();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("g.csv"), table).unwrap();
    let search = Run::new(
        folder.path(),
        &[
            "search",
            "--gradients",
            "g.csv",
            "--generations",
            "0",
            "--json",
        ],
    );
    let report = search.json();
    fs::write(folder.path().join("found.json"), &search.stdout).unwrap();
    let arguments = ["export", "--from", "found.json", "--language", "numpy"];
    let run = Run::new(folder.path(), &arguments);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert!(
        run.stdout.contains("def g(petal_width, lambda_):"),
        "{}",
        run.stdout
    );
    let value = support::python(
        &format!("{}print(repr(float(g(1.5, 2.5))))", run.stdout),
        "",
    );
    let taken = Export::from_json(&report.to_string()).unwrap();
    let expected = taken.expression().value(&[1.5, 2.5]);
    assert!((value.trim().parse::<f64>().unwrap() - expected).abs() < 1e-14 * expected.abs());
    assert_eq!(
        report["formula"],
        taken.expression().to_formula(taken.feature_names())
    );
}

#[test]
fn the_front_of_a_run_is_printed_as_a_latex_table() {
    let folder = tempfile::tempdir().unwrap();
    let rows = (1..40).map(|i| format!("{},{}\n", i, 3 * i * i));
    let table = "a,y\n".to_string() + &rows.collect::<String>();
    fs::write(folder.path().join("t.csv"), table).unwrap();
    let search = [
        "search",
        "--data",
        "t.csv",
        "--target",
        "y",
        "--generations",
        "0",
        "--json",
    ];
    let run = Run::new(folder.path(), &search);
    fs::write(folder.path().join("found.json"), &run.stdout).unwrap();
    let front = run.json()["pareto_front"].as_array().unwrap().len();
    let run = Run::new(
        folder.path(),
        &["export", "--from", "found.json", "--front"],
    );
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(
        run.stdout.matches(r"\\").count(),
        front + 1,
        "{}",
        run.stdout
    );
    let chosen = run
        .stdout
        .lines()
        .filter(|line| line.starts_with(r"$\rightarrow$"));
    let chosen: Vec<&str> = chosen.collect();
    assert!(
        matches!(chosen[..], [line] if line.ends_with(r"$3 a^{2}$ \\")),
        "{}",
        run.stdout
    );
    let both = [
        "export",
        "--from",
        "found.json",
        "--front",
        "--language",
        "c",
    ];
    Run::new(folder.path(), &both).assert_wrong_usage(&["--front", "--language"]);
}

#[test]
fn an_onnx_model_is_written_to_a_file_only() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [&FORMULA[..], &["--language", "onnx"]].concat();
    Run::new(folder.path(), &arguments).assert_failed(&["ONNX", "--output"]);
    let run = Run::new(
        folder.path(),
        &[&arguments[..], &["--output", "out"]].concat(),
    );
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let rows = (0..200).map(|i| {
        let (a, b) = (
            f64::from(i * 37 % 200) / 100.0,
            f64::from(i * 73 % 199) / 100.0,
        );
        format!("{},{}\n", a - 1.0, b - 1.0)
    });
    let rows = "a,b\n".to_string() + &rows.collect::<String>();
    fs::write(folder.path().join("t.csv"), rows).unwrap();
    let model = [
        "--model",
        "out/g.onnx",
        "--task",
        "regression",
        "--generations",
        "0",
        "--json",
    ];
    let read = Run::new(
        folder.path(),
        &[
            &["interpret", "--data", "t.csv", "--inputs", "a,b"],
            &model[..],
        ]
        .concat(),
    );
    assert_eq!(read.json()["formula"], "a**2 + 2*b", "{}", read.stderr);
}

#[test]
fn what_cannot_be_taken_away_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("empty.json"), "{}").unwrap();
    let failed = |arguments: &[&str], words: &[&str]| {
        let arguments = [&["export"], arguments].concat();
        Run::new(folder.path(), &arguments).assert_failed(words);
    };
    let c = ["--language", "c"];
    failed(
        &[&["--formula", "x1 +"][..], &c].concat(),
        &["position 5", "the end"],
    );
    failed(
        &[&["--formula", "a", "--inputs", "b"][..], &c].concat(),
        &["\"a\"", "variables are b"],
    );
    failed(
        &[&["--formula", "x1", "--name", "int"][..], &c].concat(),
        &["\"int\"", "letters"],
    );
    failed(
        &[&["--from", "nowhere.json"][..], &c].concat(),
        &["nowhere.json"],
    );
    failed(
        &[&["--from", "empty.json"][..], &c].concat(),
        &["empty.json", "features", "--json"],
    );
    failed(&["--formula", "x1", "--language", "c,rust"], &["--output"]);
    let wrong = |arguments: &[&str], words: &[&str]| {
        let arguments = [&["export"], arguments].concat();
        Run::new(folder.path(), &arguments).assert_wrong_usage(words);
    };
    wrong(&["--formula", "x1"], &["--language"]);
    wrong(&c, &["--from"]);
    wrong(
        &["--formula", "x1", "--language", "cobol"],
        &["cobol", "numpy"],
    );
    wrong(
        &[
            "--from",
            "empty.json",
            "--threshold",
            "1",
            "--language",
            "c",
        ],
        &["--from", "--threshold"],
    );
}
