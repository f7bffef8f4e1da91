//! What is read of a table, said on the command line.

use crate::command;

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

const INTERPRET: [&str; 5] = ["interpret", "--data", "t.csv", "--target", "label"];

fn interpret(extra: &[&str]) -> Run {
    Run::on_file("t.csv", &table(), &[&INTERPRET[..], extra].concat())
}

/// The shortest search: what is read of the table is the same.
fn search(extra: &[&str]) -> Run {
    let arguments = [
        "search",
        "--data",
        "t.csv",
        "--target",
        "label",
        "--generations",
        "0",
        "--operators",
        "+,*",
        "--max-complexity",
        "9",
        "--max-rows",
        "100",
        "--json",
    ];
    Run::on_file("t.csv", &table(), &[&arguments[..], extra].concat())
}

#[test]
fn interpret_chooses_columns_and_rows_and_tells_what_became_of_them() {
    let run = interpret(&[
        "--inputs",
        "width (m),height_m",
        "--max-rows",
        "1400",
        "--held-out",
        "0.3",
        "--epochs",
        "15",
        "--time-limit",
        "1",
        "--json",
    ]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(
        run.stderr,
        "t.csv: 1400 of 1500 rows kept, drawn at random\n\
         t.csv: column \"width (m)\" is called width_m in formulas\n\
         t.csv: column \"height (m)\" is called height_m in formulas\n"
    );
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let formula = report["formula"].as_str().unwrap();
    assert!(formula.contains("height_m"), "{formula}");
}

#[test]
fn what_is_refused_names_an_option_that_helps() {
    interpret(&[]).assert_failed(&["row 1", "\"id\"", "empty", "--missing drop"]);
    let dropping = ["--missing", "drop"];
    let words = ["row 1", "\"color\"", "\"red\"", "--exclude", "--one-hot"];
    interpret(&dropping).assert_failed(&words);
    let run = search(&["--missing", "drop", "--one-hot", "--exclude", "id"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stderr
            .contains("column \"color\" became color_red; 0 in all of them is \"blue\"")
    );
    let run = search(&["--missing", "drop", "--exclude", "color"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stderr
            .contains("2 of 1500 rows dropped for missing cells: 2 in \"id\"")
    );
}

#[test]
fn the_share_that_judges_is_between_0_and_1() {
    for share in ["0", "1", "-0.2", "half", "NaN"] {
        let given = format!("--held-out={share}");
        interpret(&[&given]).assert_wrong_usage(&["--held-out", "between 0 and 1"]);
    }
    let share = ["--inputs=width (m),height (m)", "--held-out=0.0001"];
    let run = interpret(&share);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr
            .contains("leaving a row on either side of 1500 rows"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_table_without_a_target_is_wrong_usage() {
    let run = Run::on_file("t.csv", &table(), &["interpret", "--data", "t.csv"]);
    run.assert_wrong_usage(&["--target"]);
}
