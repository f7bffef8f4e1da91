//! What is read of a table, said on the command line.
#![cfg(all(feature = "cli", feature = "frames", feature = "network"))]

#[path = "support/command.rs"]
mod command;

use closedform::Experiment;
use command::Run;

/// Experiment 1 under names that are no words, with a text column, and holes in two rows.
fn table() -> String {
    let data = Experiment::One.sample(1500, 0);
    let rows = (0..data.n_samples()).map(|row| {
        let (x, color) = (data.point(row), ["red", "blue"][row % 2]);
        let id = if row < 2 {
            String::new()
        } else {
            row.to_string()
        };
        format!("{id},{},{color},{},{}\n", x[0], x[1], data.targets()[row])
    });
    "id,width (m),color,height (m),label\n".to_string() + &rows.collect::<String>()
}

const QUICK: [&str; 10] = [
    "interpret",
    "--data",
    "t.csv",
    "--target",
    "label",
    "--epochs",
    "2",
    "--generations",
    "0",
    "--json",
];

fn run(extra: &[&str]) -> Run {
    Run::on_file("t.csv", &table(), &[&QUICK[..], extra].concat())
}

#[test]
fn inputs_are_chosen_and_what_became_of_the_table_is_told() {
    let run = run(&["--inputs", "width (m),height_m", "--max-rows", "1000"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(
        run.stderr,
        "t.csv: 1000 of 1500 rows kept, drawn at random\n\
         t.csv: column \"width (m)\" is called width_m in formulas\n\
         t.csv: column \"height (m)\" is called height_m in formulas\n"
    );
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let formula = report["formula"].as_str().unwrap();
    assert!(
        formula.contains("width_m") || formula.contains("height_m"),
        "{formula}"
    );
}

#[test]
fn what_is_refused_names_an_option_that_helps() {
    run(&[]).assert_failed(&["row 1", "\"id\"", "empty", "--missing drop"]);
    let dropping = ["--missing", "drop"];
    run(&dropping).assert_failed(&["row 1", "\"color\"", "\"red\"", "--exclude", "--one-hot"]);
    let run = run(&["--missing", "drop", "--one-hot", "--exclude", "height (m)"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    for told in [
        "2 of 1500 rows dropped",
        "2 in \"id\"",
        "became color_red",
        "\"blue\"",
    ] {
        assert!(run.stderr.contains(told), "{}", run.stderr);
    }
}

#[test]
fn the_share_that_judges_is_between_0_and_1() {
    for share in ["0", "1", "-0.2", "half", "NaN"] {
        let given = format!("--held-out={share}");
        run(&[&given]).assert_wrong_usage(&["--held-out", "between 0 and 1"]);
    }
    let inputs = "--inputs=width (m),height (m)";
    run(&[inputs, "--held-out", "0.0001"]).assert_failed(&["a row on either side"]);
    assert_eq!(run(&[inputs, "--held-out", "0.5"]).code, Some(0));
}

#[test]
fn a_search_in_values_reads_tables_in_the_same_way() {
    let arguments = [
        "search",
        "--data",
        "t.csv",
        "--target",
        "height (m)",
        "--inputs",
        "width (m),label",
        "--generations",
        "0",
        "--max-rows",
        "100",
        "--json",
    ];
    let run = Run::on_file("t.csv", &table(), &arguments);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stderr.contains("100 of 1500 rows kept"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("width_m"), "{}", run.stderr);
}
