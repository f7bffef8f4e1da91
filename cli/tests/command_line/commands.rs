//! The command line: what it prints, what it refuses, and with which exit code.

use crate::command;

use closedform::{Dataset, Experiment, Model, Network};
use command::Run;
use polars::prelude::{Column, DataFrame, ParquetWriter};
use std::fs;
use tempfile::TempDir;

fn files(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A table of experiment 1 with the features `width` and `height`.
fn table(n: usize, label: impl Fn(f64) -> String) -> String {
    let data = Experiment::One.sample(n, 0);
    let rows = (0..n).map(|row| {
        let x = data.point(row);
        format!("{},{},{}\n", x[0], x[1], label(data.targets()[row]))
    });
    "width,height,label\n".to_string() + &rows.collect::<String>()
}

/// Points and gradients of `width^2 + 2 height^2`.
fn gradients(n: usize) -> String {
    let points = Experiment::One.sample(n, 0);
    let rows = points.points().chunks(2);
    let rows = rows.map(|x| format!("{},{},{},{}\n", x[0], x[1], 2.0 * x[0], 4.0 * x[1]));
    "width,height,d_width,d_height\n".to_string() + &rows.collect::<String>()
}

const FIELDS: [&str; 32] = [
    "features",
    "formula",
    "latex",
    "tree",
    "unit",
    "complexity",
    "loss",
    "cosine",
    "threshold",
    "intervals",
    "stop_reason",
    "unsaved",
    "pareto_front",
    "runner_up",
    "guesses",
    "too_complex",
    "confirmations",
    "held_out",
    "numbers",
    "constants_of_nature",
    "extrapolation",
    "outlying_rows",
    "structure",
    "certificate",
    "link",
    "whole_explained",
    "whole_formula",
    "whole_tree",
    "undone",
    "read_as",
    "seconds",
    "seed",
];

fn assert_report(report: &serde_json::Value) {
    let object = report.as_object().unwrap();
    let mut keys: Vec<&str> = object.keys().map(String::as_str).collect();
    let mut expected = FIELDS;
    keys.sort_unstable();
    expected.sort_unstable();
    assert_eq!(keys, expected);
    assert!(report["formula"].is_string() && report["latex"].is_string());
    assert!(report["complexity"].is_u64() && report["seed"].is_u64());
    let cosine = report["cosine"].as_f64().unwrap();
    assert!((0.0..=1.0 + 1e-12).contains(&cosine), "{cosine}");
    let loss = report["loss"].as_f64().unwrap();
    // Rounding can bring a cosine a hair above 1.
    assert!((-1e-12..=2.0).contains(&loss), "{loss}");
    let reasons = ["exact", "generations", "time_limit", "interrupted"];
    assert!(reasons.contains(&report["stop_reason"].as_str().unwrap()));
    for part in ["train", "gradients", "search", "total"] {
        assert!(report["seconds"][part].as_f64().unwrap() >= 0.0);
    }
    assert_eq!(report["seconds"].as_object().unwrap().len(), 4);
    let front = report["pareto_front"].as_array().unwrap();
    assert!(front.iter().any(|row| row["formula"] == report["formula"]));
    for row in front {
        assert_eq!(row.as_object().unwrap().len(), 6);
        assert!(row["complexity"].is_u64() && row["loss"].is_f64());
        assert!(row["formula"].is_string() && row["fitted"].is_string());
        assert!(row["held_out"].is_null() || row["held_out"]["loss"].is_f64());
    }
}

// What works.

#[test]
fn search_prints_one_json_object_with_the_columns_names() {
    let arguments = ["search", "--gradients", "g.csv", "--json", "--seed", "3"];
    let report = Run::on_file("g.csv", &gradients(200), &arguments).json();
    assert_report(&report);
    assert_eq!(report["threshold"], serde_json::Value::Null);
    assert_eq!(report["stop_reason"], "exact");
    assert_eq!(report["seed"], 3);
    assert_eq!(report["seconds"]["train"], 0.0);
    for of_networks in [
        "certificate",
        "link",
        "whole_explained",
        "whole_formula",
        "whole_tree",
    ] {
        assert!(report[of_networks].is_null());
    }
    assert!(report["cosine"].as_f64().unwrap() > 0.999_999);
    let formula = report["formula"].as_str().unwrap();
    assert!(
        formula.contains("width") && formula.contains("height"),
        "{formula}"
    );
    assert!(
        report["latex"]
            .as_str()
            .unwrap()
            .contains("\\mathrm{width}")
    );
}

#[test]
fn search_prints_its_front_for_people() {
    let run = Run::on_file(
        "g.csv",
        &gradients(200),
        &["search", "--gradients", "g.csv"],
    );
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    for word in [
        "complexity",
        "loss",
        "formula",
        "width",
        "mean |cos|",
        "an exact match",
    ] {
        assert!(run.stdout.contains(word), "{}", run.stdout);
    }
}

#[test]
fn the_order_of_columns_and_the_kind_of_file_do_not_matter() {
    let rows = gradients(100);
    let shuffled: String = rows
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            format!("{}\t{}\t{}\t{}\n", cells[3], cells[0], cells[2], cells[1])
        })
        .collect();
    let report = Run::on_file(
        "g.tsv",
        &shuffled,
        &["search", "--gradients", "g.tsv", "--json"],
    )
    .json();
    assert_report(&report);
    assert!(report["cosine"].as_f64().unwrap() > 0.999_999);
}

#[test]
fn what_formulas_may_look_like_is_said_in_the_columns_names() {
    let table = gradients(100);
    let search = |option: &str, value: &str| {
        let arguments = ["search", "--gradients", "g.csv", "--json", option, value];
        Run::on_file("g.csv", &table, &arguments)
    };
    let names: Vec<&str> = table.lines().next().unwrap().split(',').collect();
    let [first, second] = [names[0], names[1]];
    search("--template", &format!("f({first}) + g({second})")).json();
    search("--inside", &format!("exp:{first}")).json();
    search("--guess", &format!("2*{first} - {second}")).json();
    search("--nesting", "sin:sin=0").json();
    search("--complexity", "constant=1,sin=2").json();
    for (option, value, words) in [
        ("--template", "f(nobody)", ["nobody", first]),
        ("--template", "3", ["template", "f(x1, x2)"]),
        ("--inside", "exp:nobody", ["nobody", first]),
        ("--guess", "nobody", ["nobody", first]),
        ("--max-depth", "0", ["max_depth", "at least 1"]),
        ("--max-evaluations", "0", ["max_evaluations", "at least 1"]),
        ("--confirm", "101", ["101", "at most 100"]),
        ("--checkpoint", "no/where.json", ["no/where.json", "folder"]),
    ] {
        search(option, value).assert_failed(&words);
    }
    for (option, value) in [("--nesting", "sin"), ("--complexity", "sin=0")] {
        search(option, value).assert_wrong_usage(&[option, value]);
    }
}

#[test]
fn a_time_limit_is_kept() {
    // Directions that turn at random match no formula.
    let data = Experiment::Four.sample(300, 0);
    let rows = data.points().chunks(3).enumerate().map(|(row, x)| {
        let turn = (row * row % 97) as f64;
        format!(
            "{},{},{},{},{},{}\n",
            x[0],
            x[1],
            x[2],
            turn.sin(),
            turn.cos(),
            (3.0 * turn).sin()
        )
    });
    let table = "a,b,c,d_a,d_b,d_c\n".to_string() + &rows.collect::<String>();
    let arguments = [
        "search",
        "--gradients",
        "g.csv",
        "--json",
        "--time-limit",
        "0.05",
    ];
    let report = Run::on_file("g.csv", &table, &arguments).json();
    assert_report(&report);
    assert_eq!(report["stop_reason"], "time_limit");
    assert!(report["seconds"]["search"].as_f64().unwrap() < 20.0);
}

#[test]
fn experiment_1_is_read_out() {
    let folder = tempfile::tempdir().unwrap();
    let report = Run::new(folder.path(), &["experiment", "1", "--json"]).json();
    assert_report(&report);
    assert!(report["cosine"].as_f64().unwrap() > 0.995, "{report}");
    assert!(report["threshold"].is_f64());
    assert!(report["seconds"]["train"].as_f64().unwrap() > 0.0);
    assert_eq!(report["certificate"]["verdict"], "same_concept", "{report}");
    assert!(report["certificate"]["near_boundary"]["mean"].as_f64() == report["cosine"].as_f64());
    assert!(
        report["link"]["explained"].as_f64().unwrap() > 0.9,
        "{report}"
    );
    assert!(report["whole_formula"].is_null());
    assert!(files(&folder).is_empty());
}

const QUICK: [&str; 4] = ["--epochs", "15", "--time-limit", "1"];

fn interpret(extra: &[&'static str]) -> Vec<&'static str> {
    let mut arguments = vec!["interpret", "--data", "t.csv", "--target", "label"];
    arguments.extend(QUICK);
    arguments.extend(extra);
    arguments
}

#[test]
fn interpret_reads_labels_as_numbers_and_as_words() {
    let as_numbers = Run::on_file(
        "t.csv",
        &table(2000, |class| format!("{class}")),
        &interpret(&["--json"]),
    );
    let as_numbers = as_numbers.json();
    assert_report(&as_numbers);
    assert!(as_numbers["threshold"].is_f64());
    assert!(as_numbers["cosine"].as_f64().unwrap() > 0.9, "{as_numbers}");
    assert!(as_numbers["formula"].as_str().unwrap().contains("width"));
    let word = |class: f64| if class == 1.0 { "yes" } else { "no" }.to_string();
    let as_words = Run::on_file("t.csv", &table(2000, word), &interpret(&["--json"])).json();
    // "no" comes before "yes": the same classes, checked below. The formulas may
    // differ where the time limit ends the searches at different steps.
    assert_report(&as_words);
    assert!(as_words["threshold"].is_f64());
    assert!(as_words["cosine"].as_f64().unwrap() > 0.9, "{as_words}");
    let folder = tempfile::tempdir().unwrap();
    let targets = |name: &str, table: String| {
        let path = folder.path().join(name);
        fs::write(&path, table).unwrap();
        let data = Dataset::from_file(path, "label", closedform::Task::Classification).unwrap();
        data.targets().to_vec()
    };
    let numbers = targets("numbers.csv", table(100, |class| format!("{class}")));
    assert_eq!(numbers, targets("words.csv", table(100, word)));
    assert_eq!(numbers, Experiment::One.sample(100, 0).targets());
}

#[test]
fn interpret_prints_for_people() {
    let run = Run::on_file(
        "t.csv",
        &table(2000, |class| format!("{class}")),
        &interpret(&[]),
    );
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    for word in [
        "complexity",
        "formula",
        "same decision as the network",
        "seconds",
        "  >  ",
    ] {
        assert!(run.stdout.contains(word), "{}", run.stdout);
    }
}

#[test]
fn interpret_reads_parquet() {
    let data = Experiment::One.sample(2000, 0);
    let column = |index: usize| -> Vec<f64> {
        (0..data.n_samples())
            .map(|row| data.point(row)[index])
            .collect()
    };
    let labels: Vec<bool> = data.targets().iter().map(|target| *target == 1.0).collect();
    let columns = vec![
        Column::new("width".into(), column(0)),
        Column::new("height".into(), column(1)),
        Column::new("label".into(), labels),
    ];
    let mut frame = DataFrame::new(data.n_samples(), columns).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = fs::File::create(folder.path().join("t.parquet")).unwrap();
    ParquetWriter::new(file).finish(&mut frame).unwrap();
    let mut arguments = interpret(&["--json"]);
    arguments[2] = "t.parquet";
    let report = Run::new(folder.path(), &arguments).json();
    assert_report(&report);
    assert!(report["formula"].as_str().unwrap().contains("width"));
    let read = Dataset::from_file(
        folder.path().join("t.parquet"),
        "label",
        closedform::Task::Classification,
    );
    let read = read.unwrap();
    assert_eq!(
        (&read.points()[..], read.targets()),
        (&data.points()[..], data.targets())
    );
}

#[test]
fn interpret_does_regression_without_a_threshold() {
    let data = Dataset::from_function(&[(0.0, 2.0), (1.0, 3.0)], 2000, 0, |x| (x[0] * x[1]).sqrt());
    let data = data.unwrap();
    let rows = (0..data.n_samples()).map(|row| {
        format!(
            "{},{},{}\n",
            data.point(row)[0],
            data.point(row)[1],
            data.targets()[row]
        )
    });
    let table = "a,b,label\n".to_string() + &rows.collect::<String>();
    let report = Run::on_file(
        "t.csv",
        &table,
        &interpret(&["--task", "regression", "--json"]),
    )
    .json();
    assert_report(&report);
    assert_eq!(report["threshold"], serde_json::Value::Null);
    assert!(report["cosine"].as_f64().unwrap() > 0.99, "{report}");
}

#[test]
fn save_network_writes_a_network_that_loads() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "experiment",
        "1",
        "--points",
        "500",
        "--epochs",
        "20",
        "--time-limit",
        "1",
        "--json",
        "--save-network",
        "net.safetensors",
    ];
    Run::new(folder.path(), &arguments).json();
    assert_eq!(files(&folder), ["net.safetensors"]);
    let network = Network::load(folder.path().join("net.safetensors")).unwrap();
    assert_eq!(network.feature_names(), ["x1", "x2"]);
}

#[test]
fn every_subcommands_help_has_an_example() {
    let folder = tempfile::tempdir().unwrap();
    let help = Run::new(folder.path(), &["--help"]);
    assert!(help.stdout.contains("Examples:") && help.stdout.contains("Exit codes"));
    for subcommand in ["interpret", "experiment", "search", "data", "export"] {
        assert!(
            help.stdout.contains(&format!("closedform {subcommand} ")),
            "{}",
            help.stdout
        );
        let help = Run::new(folder.path(), &[subcommand, "--help"]);
        assert_eq!((help.code, help.stderr.as_str()), (Some(0), ""));
        let example = format!("closedform {subcommand} ");
        assert!(
            help.stdout.contains("Example") && help.stdout.contains(&example),
            "{}",
            help.stdout
        );
    }
}

// What is wrong usage: exit code 2.

#[test]
fn wrong_usage_ends_with_exit_code_2() {
    let cases: [(&[&str], &[&str]); 14] = [
        (&[], &["Usage"]),
        (&["explain"], &["explain"]),
        (&["search"], &["--gradients"]),
        (&["interpret", "--data", "t.csv"], &["--target"]),
        (
            &[
                "search",
                "--gradients",
                "g.csv",
                "--operators",
                "+,*,besselj",
            ],
            &["besselj", "one of", "sin"],
        ),
        (
            &["search", "--gradients", "g.csv", "--operators", "sin"],
            &["+ and *"],
        ),
        (
            &["search", "--gradients", "g.csv", "--time-limit", "-1"],
            &["positive number of seconds"],
        ),
        (
            &["search", "--gradients", "g.csv", "--time-limit", "NaN"],
            &["positive number of seconds"],
        ),
        (
            &["search", "--gradients", "g.csv", "--max-complexity", "0"],
            &["1 to 200"],
        ),
        (&["search", "--gradients", "g.csv", "--seed", "-3"], &["-3"]),
        (
            &["search", "--gradients", "g.csv", "--inputs", "x1"],
            &["--gradients", "--inputs"],
        ),
        (&["experiment", "9"], &["9", "1..=8"]),
        (&["experiment", "0"], &["0", "1..=8"]),
        (&["experiment", "1", "--points", "0"], &["10 to 10000000"]),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (arguments, words) in cases {
        Run::new(folder.path(), arguments).assert_wrong_usage(words);
    }
    assert!(files(&folder).is_empty());
}

// What fails: exit code 1 and one line.

#[test]
fn files_that_hold_no_table_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("folder.csv")).unwrap();
    fs::write(folder.path().join("empty.csv"), "").unwrap();
    fs::write(folder.path().join("header.csv"), "a,b,label\n").unwrap();
    fs::write(folder.path().join("broken.parquet"), "PAR1 and no more").unwrap();
    fs::write(
        folder.path().join("bytes.csv"),
        [0xff, 0xfe, 0, 1, b'\n', 2, 3],
    )
    .unwrap();
    let cases = [
        ("nowhere.csv", "No such file"),
        ("folder.csv", "folder"),
        ("empty.csv", "empty"),
        ("header.csv", "no rows"),
        ("broken.parquet", "can't be read"),
        ("bytes.csv", ""),
    ];
    for (name, reason) in cases {
        let run = Run::new(
            folder.path(),
            &["interpret", "--data", name, "--target", "label"],
        );
        run.assert_failed(&[name, reason]);
        let run = Run::new(folder.path(), &["search", "--gradients", name]);
        run.assert_failed(&[name, reason]);
    }
    assert_eq!(files(&folder).len(), 4 + 1);
}

#[test]
fn bad_cells_are_named_by_file_row_and_column() {
    let good = table(50, |class| format!("{class}"));
    let lines: Vec<&str> = good.lines().collect();
    // A header line and 3 rows stand before the bad one.
    for (cell, word) in [
        ("tall", "\"tall\""),
        ("NaN", "\"NaN\""),
        ("inf", "\"inf\""),
        ("-inf", "\"-inf\""),
        ("", "empty"),
        ("1e999", "\"1e999\""),
    ] {
        let mut lines = lines.clone();
        let bad = format!("0.5,{cell},1");
        lines[4] = &bad;
        let run = Run::on_file("t.csv", &(lines.join("\n") + "\n"), &interpret(&[]));
        run.assert_failed(&["t.csv", "row 4", "\"height\"", word, "finite number"]);
        // Both kinds of file are read by the same code; two cells are enough for the second.
        if !["tall", ""].contains(&cell) {
            continue;
        }
        let good = gradients(20);
        let mut lines: Vec<&str> = good.lines().collect();
        let bad = format!("0.5,0.5,1,{cell}");
        lines[4] = &bad;
        let run = Run::on_file(
            "g.csv",
            &(lines.join("\n") + "\n"),
            &["search", "--gradients", "g.csv"],
        );
        run.assert_failed(&["g.csv", "row 4", "\"d_height\"", word, "finite number"]);
    }
}

#[test]
fn rows_of_another_length_are_refused_without_a_panic() {
    let good = table(20, |class| format!("{class}"));
    let short = good.replacen('\n', "\n0.5,0.5\n", 1);
    Run::on_file("t.csv", &short, &interpret(&[])).assert_failed(&["t.csv", "row 1", "empty"]);
    let long = good.replacen('\n', "\n0.5,0.5,1,7,8\n", 1);
    Run::on_file("t.csv", &long, &interpret(&[]))
        .assert_failed(&["t.csv", "more cells than the header"]);
}

#[test]
fn an_unknown_target_is_refused_with_the_list_of_columns() {
    let mut arguments = interpret(&[]);
    arguments[4] = "labl";
    let run = Run::on_file("t.csv", &table(50, |class| format!("{class}")), &arguments);
    run.assert_failed(&["t.csv", "\"labl\"", "width, height, label"]);
}

#[test]
fn targets_without_exactly_two_classes_are_refused() {
    let three = table(50, |class| format!("{class}")) + "0.5,0.5,maybe\n";
    let run = Run::on_file("t.csv", &three, &interpret(&[]));
    run.assert_failed(&["\"label\"", "3 classes", "0, 1, maybe", "two apart"]);
    let rows: String = (0..101).map(|i| format!("{i},{},{i}.5\n", i % 7)).collect();
    let many = "a,b,label\n".to_string() + &rows;
    let run = Run::on_file("t.csv", &many, &interpret(&[]));
    run.assert_failed(&[
        "t.csv",
        "row 101",
        "\"label\"",
        "\"100.5\"",
        "100 classes",
        "--task regression",
    ]);
    let search = [
        "search", "--data", "t.csv", "--target", "label", "--loss", "hinge",
    ];
    Run::on_file("t.csv", &three, &search).assert_failed(&["\"label\"", "3 classes"]);
    let run = Run::on_file("t.csv", &table(50, |_| "yes".into()), &interpret(&[]));
    run.assert_failed(&["t.csv", "\"label\"", "\"yes\" in every row", "two classes"]);
    let missing = table(50, |class| format!("{class}")) + "0.5,0.5,\n";
    let run = Run::on_file("t.csv", &missing, &interpret(&[]));
    run.assert_failed(&["t.csv", "row 51", "\"label\"", "empty"]);
}

#[test]
fn constant_columns_and_lonely_targets_are_refused() {
    let rows: String = (0..50).map(|i| format!("{i},7.5,{}\n", i % 2)).collect();
    let run = Run::on_file(
        "t.csv",
        &("a,b,label\n".to_string() + &rows),
        &interpret(&["--keep", "b"]),
    );
    run.assert_failed(&["t.csv", "\"b\"", "7.5"]);
    let run = Run::on_file("t.csv", "label\n0\n1\n", &interpret(&[]));
    run.assert_failed(&["t.csv", "\"label\" is the only column"]);
    let rows: String = (0..500).map(|i| format!("{i},{},3\n", i % 3)).collect();
    let run = Run::on_file(
        "t.csv",
        &("a,b,label\n".to_string() + &rows),
        &interpret(&["--task", "regression"]),
    );
    run.assert_failed(&["\"label\"", "constant", "3"]);
}

#[test]
fn directions_in_one_feature_are_refused_and_its_values_are_read() {
    let rows: String = (0..500).map(|i| format!("{},{}\n", i, i / 250)).collect();
    let table = "a,label\n".to_string() + &rows;
    let run = Run::on_file("t.csv", &table, &interpret(&["--by", "directions"]));
    run.assert_failed(&["1 feature", "2 or more"]);
    let report = Run::on_file("t.csv", &table, &interpret(&["--json"])).json();
    let score = &report["certificate"]["scores"]["formula"]["value"];
    assert!(score.as_f64().unwrap() > 0.95, "{report}");
    let run = Run::on_file(
        "g.csv",
        "a,d_a\n1,2\n2,3\n",
        &["search", "--gradients", "g.csv"],
    );
    run.assert_failed(&["1 feature", "2 or more"]);
}

#[test]
fn a_missing_gradient_column_is_named() {
    let run = Run::on_file(
        "g.csv",
        "a,b,d_a\n1,2,3\n",
        &["search", "--gradients", "g.csv"],
    );
    run.assert_failed(&["g.csv", "\"d_b\"", "a, b, d_a"]);
    let run = Run::on_file(
        "g.csv",
        "d_a,d_b\n1,2\n",
        &["search", "--gradients", "g.csv"],
    );
    run.assert_failed(&["g.csv"]);
}

#[test]
fn gradients_that_are_all_zero_are_refused_with_the_file() {
    let run = Run::on_file(
        "g.csv",
        "a,b,d_a,d_b\n1,2,0,0\n2,2,0,0\n",
        &["search", "--gradients", "g.csv"],
    );
    run.assert_failed(&["g.csv", "all 2 gradients are zero"]);
}

#[test]
fn hyperparameters_out_of_range_are_refused() {
    let table = table(500, |class| format!("{class}"));
    for epochs in ["0", "10000000"] {
        let arguments = [
            "interpret",
            "--data",
            "t.csv",
            "--target",
            "label",
            "--epochs",
            epochs,
        ];
        Run::on_file("t.csv", &table, &arguments).assert_failed(&["epochs", epochs, "100000"]);
    }
    let run = Run::on_file("t.csv", &table, &interpret(&["--batch-size", "401"]));
    run.assert_failed(&["batch_size", "401", "400"]);
    Run::on_file("t.csv", &table, &interpret(&["--batch-size", "0"]))
        .assert_failed(&["batch_size", "0"]);
}

#[test]
fn a_batch_of_more_rows_than_there_are_is_refused() {
    let run = Run::on_file(
        "t.csv",
        &table(100, |class| format!("{class}")),
        &interpret(&["--batch-size", "250"]),
    );
    run.assert_failed(&["batch_size", "250", "training rows, 80"]);
}

#[test]
fn an_unwritable_network_file_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "experiment",
        "1",
        "--points",
        "500",
        "--epochs",
        "1",
        "--time-limit",
        "1",
        "--json",
        "--save-network",
        "no/such/net.safetensors",
    ];
    let run = Run::new(folder.path(), &arguments);
    run.assert_failed(&["no/such/net.safetensors"]);
    assert!(files(&folder).is_empty());
}

#[test]
fn search_matches_values_and_labels_of_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let mut table = String::from("a,b,y,label\n");
    for i in 0..200 {
        let (a, b) = (f64::from(i % 17) / 4.0, f64::from(i % 13) / 3.0);
        let y = a * a + 3.0 * b;
        table.push_str(&format!(
            "{a},{b},{y},{}\n",
            if a > b { "yes" } else { "no" }
        ));
    }
    std::fs::write(folder.path().join("rows.csv"), &table).unwrap();
    let only = |columns: &[usize]| {
        let rows = table.lines().map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            columns
                .iter()
                .map(|&column| cells[column])
                .collect::<Vec<_>>()
                .join(",")
        });
        rows.collect::<Vec<_>>().join("\n")
    };
    std::fs::write(folder.path().join("values.csv"), only(&[0, 1, 2])).unwrap();
    std::fs::write(folder.path().join("labels.csv"), only(&[0, 1, 3])).unwrap();

    let search = |arguments: &[&str]| {
        Run::new(folder.path(), &[&["search", "--json"], arguments].concat()).json()
    };
    let values = search(&["--data", "values.csv", "--target", "y"]);
    assert_eq!(values["formula"], "a**2 + 3*b");
    assert!(values["cosine"].is_null() && values["threshold"].is_null());
    let labels = search(&[
        "--data",
        "labels.csv",
        "--target",
        "label",
        "--loss",
        "hinge",
        "--time-limit",
        "3",
    ]);
    assert_eq!(labels["threshold"], 0.0);
    assert!(labels["loss"].as_f64().unwrap() < 0.5);

    let refused = Run::new(folder.path(), &["search", "--data", "values.csv"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("--target"), "{}", refused.stderr);
    let refused = Run::new(
        folder.path(),
        &[
            "search",
            "--gradients",
            "g.csv",
            "--data",
            "values.csv",
            "--target",
            "y",
        ],
    );
    assert_eq!(refused.code, Some(2));
    let refused = Run::new(
        folder.path(),
        &["search", "--data", "labels.csv", "--target", "label"],
    );
    assert_eq!(refused.code, Some(1));
}
