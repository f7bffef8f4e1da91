//! What is read of a table, said on the command line.

use crate::command;

use closedform::Experiment;
use command::Run;

/// Experiment 1 under names that are no words, with a text column, and holes in two rows.
fn table() -> String {
    let data = Experiment::One.sample(1500, 0);
    let rows = (0..data.n_samples()).map(|row| {
        let (x, color) = (data.point(row), ["red", "blue"][row % 2]);
        let count = if row < 2 {
            String::new()
        } else {
            (row % 7).to_string()
        };
        format!(
            "{count},{},{color},{},{}\n",
            x[0],
            x[1],
            data.targets()[row]
        )
    });
    "count,width (m),color,height (m),label\n".to_string() + &rows.collect::<String>()
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
    interpret(&[]).assert_failed(&["row 1", "\"count\"", "empty", "--missing drop"]);
    let dropping = ["--missing", "drop"];
    let words = ["row 1", "\"color\"", "\"red\"", "--exclude", "--one-hot"];
    interpret(&dropping).assert_failed(&words);
    let run = search(&["--missing", "drop", "--one-hot", "--exclude", "count"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stderr
            .contains("column \"color\" became color_red; 0 in all of them is \"blue\"")
    );
    let run = search(&["--missing", "drop", "--exclude", "color"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stderr
            .contains("2 of 1500 rows dropped for missing cells: 2 in \"count\"")
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

#[test]
fn errors_and_groups_are_read_beside_the_features() {
    let rows = (0..60).map(|row| {
        let (a, b) = (f64::from(row % 7), f64::from(row % 11));
        // Every other row is nonsense, and says so by a large error.
        let (error, shift) = [(0.1, 0.0), (1e6, 50.0 * a)][row as usize % 2];
        format!("{a},{b},{error},{},{}\n", row / 6, a + 2.0 * b + shift)
    });
    let table = "a,b,error,day,y\n".to_string() + &rows.collect::<String>();
    let search = |extra: &[&str]| {
        let start = ["search", "--data", "t.csv", "--target", "y", "--json"];
        Run::on_file("t.csv", &table, &[&start[..], extra].concat())
    };
    let found = search(&["--sigma", "error", "--group", "day"]).json();
    assert_eq!(found["features"], serde_json::json!(["a", "b"]));
    assert_eq!(found["formula"], "a + 2*b");
    let found = search(&["--weights", "error", "--exclude", "day"]).json();
    assert_ne!(found["formula"], "a + 2*b");

    let wrong = search(&["--sigma", "error", "--weights", "day"]);
    wrong.assert_wrong_usage(&["--sigma", "--weights"]);
    search(&["--sigma", "sigma"]).assert_failed(&["\"sigma\"", "t.csv"]);
    search(&["--sigma", "a", "--inputs", "a,b"]).assert_failed(&["\"a\"", "an input"]);
    search(&["--group", "y"]).assert_failed(&["\"y\"", "the target"]);
    search(&["--sigma", "day"]).assert_failed(&["row 1", "0", "positive"]);
    search(&["--group", "day", "--loss", "hinge"]).assert_failed(&["--group", "--loss squared"]);
}

#[test]
fn values_come_with_their_error_and_the_intervals_of_their_numbers() {
    let rows = (0..80).map(|row| {
        let (a, b) = (f64::from(row % 7), f64::from(row % 11));
        format!("{a},{b},{}\n", 3.0 * a - b + f64::from(row * row % 5) / 5.0)
    });
    let table = "a,b,y\n".to_string() + &rows.collect::<String>();
    let arguments = ["search", "--data", "t.csv", "--target", "y", "--json"];
    let found = Run::on_file("t.csv", &table, &arguments).json();
    let rmse = found["held_out"]["rmse"].as_f64().unwrap();
    assert!(rmse > 0.1 && rmse < 0.5, "{found}");
    let numbers = found["numbers"].as_array().unwrap();
    let holds_3 = |number: &serde_json::Value| {
        number["low"].as_f64().unwrap() < 3.0 && number["high"].as_f64().unwrap() > 3.0
    };
    assert!(numbers.iter().any(holds_3), "{found}");
}

/// Measured data on a page: what is left of them, and what other models make of them.
#[test]
fn a_search_of_measured_values_writes_a_page_and_a_ceiling() {
    let folder = tempfile::tempdir().unwrap();
    let data = Run::new(folder.path(), &["data", "diabetes"]);
    assert_eq!((data.code, data.stdout.lines().count()), (Some(0), 442));
    std::fs::write(folder.path().join("d.csv"), &data.stdout).unwrap();
    let search = |extra: &[&str]| {
        let start = ["search", "--data", "d.csv", "--target", "progression"];
        let few = ["--generations", "0", "--max-complexity", "25"];
        Run::new(folder.path(), &[&start[..], &few, extra].concat())
    };
    let found = search(&["--json", "--report", "page.html"]).json();
    let held_out = &found["held_out"];
    for share in ["r2", "linear_r2", "trees_r2"] {
        let share = held_out[share].as_f64().unwrap();
        assert!(share > 0.35 && share < 0.6, "{held_out}");
    }
    assert_eq!(found["extrapolation"]["is_wild"], false, "{found}");
    let page = std::fs::read_to_string(folder.path().join("page.html")).unwrap();
    assert_eq!(page.matches("<svg").count(), 3);
    for part in [
        "What the formula leaves",
        "boosted trees",
        "to take away",
        "bmi",
    ] {
        assert!(page.to_lowercase().contains(&part.to_lowercase()), "{part}");
    }
    search(&["--report", "missing/page.html"]).assert_failed(&["there is no folder missing"]);
    let unknown = Run::new(folder.path(), &["data", "tulips"]);
    unknown.assert_wrong_usage(&["tulips", "iris, diabetes, wine-quality"]);
}

#[test]
fn rows_that_are_off_are_named_with_the_loss_that_suits_them() {
    let rows = (0..120).map(|row| {
        let (a, b) = (f64::from(row * row % 17), f64::from(row % 11));
        let error = if row % 15 == 7 {
            900.0
        } else {
            f64::from(row % 3) / 10.0
        };
        format!("{a},{b},{},{}\n", row / 10, a * b + error)
    });
    let table = "a,b,day,y\n".to_string() + &rows.collect::<String>();
    let search = |extra: &[&str]| {
        let start = [
            "search",
            "--data",
            "t.csv",
            "--target",
            "y",
            "--generations",
            "1",
        ];
        Run::on_file("t.csv", &table, &[&start[..], extra].concat())
    };
    let squared = search(&["--exclude", "day", "--json"]).json();
    assert_eq!(squared["outlying_rows"]["n"], 8, "{squared}");
    let said = search(&["--exclude", "day"]).stdout;
    assert!(
        said.contains("8 of 120 rows carry") && said.contains("--loss absolute"),
        "{said}"
    );
    let absolute = search(&["--loss", "absolute", "--group", "day", "--json"]).json();
    assert_eq!(absolute["held_out"]["loss"], "absolute");
    assert_eq!(absolute["outlying_rows"], serde_json::Value::Null);
    assert!(
        absolute["formula"].as_str().unwrap().starts_with("a*b"),
        "{absolute}"
    );
}

#[test]
fn counts_have_a_loss_of_their_own() {
    let rows = (0..120).map(|row| {
        let a = f64::from(row % 13) / 4.0;
        format!("{a},{}\n", (a.exp() + f64::from(row % 3) - 1.0).round())
    });
    let table = "a,y\n".to_string() + &rows.collect::<String>();
    let arguments = [
        "search", "--data", "t.csv", "--target", "y", "--loss", "poisson",
    ];
    let found = Run::on_file("t.csv", &table, &[&arguments[..], &["--json"]].concat()).json();
    assert_eq!(found["held_out"]["loss"], "poisson");
    assert_eq!(found["held_out"]["rmse"], serde_json::Value::Null);
    assert!(
        found["formula"].as_str().unwrap().contains("exp"),
        "{found}"
    );
    let said = Run::on_file("t.csv", &table, &arguments).stdout;
    assert!(said.contains("share of the deviance 0.9"), "{said}");
    assert!(!said.contains("R^2"), "{said}");
    let negative = table + "1,-4\n";
    let refused = Run::on_file("t.csv", &negative, &arguments);
    refused.assert_failed(&["row 121", "-4", "counts"]);
}

const SHORTEST: [&str; 8] = [
    "search",
    "--data",
    "t.csv",
    "--generations",
    "0",
    "--operators",
    "+,*",
    "--json",
];

#[test]
fn what_is_concluded_of_a_table_is_said_and_can_be_overruled() {
    let rows = (0..40).map(|i| {
        let (a, b) = (i * i % 17, i * 7 % 11);
        format!("{i};{a},5;{b};7;{}\n", 3 * a + b)
    });
    let table = "# rig 4\nrow;a;b;seven;y\n".to_string() + &rows.collect::<String>();
    let search = |extra: &[&str]| {
        let target = ["--target", "y"];
        Run::on_file("t.csv", &table, &[&SHORTEST[..], &target, extra].concat())
    };
    let run = search(&[]);
    let said = [
        "read as: ';' between cells, decimal commas, comments skipped (1 line)",
        "left out: \"row\" as an index of the rows; \"seven\" as constant (--keep reads a column all \
         the same)",
    ];
    let lines = said.map(|sentence| format!("t.csv: {sentence}\n")).concat();
    assert_eq!((run.code, run.stderr), (Some(0), lines));
    let found: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(found["features"], serde_json::json!(["a", "b"]));
    assert_eq!(found["read_as"], serde_json::json!(said));
    let run = search(&["--keep", "row"]);
    let found: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(found["features"], serde_json::json!(["row", "a", "b"]));
    search(&["--separator", ","]).assert_failed(&["no column \"y\""]);
    search(&["--separator", "ab"]).assert_wrong_usage(&["--separator", "semicolon"]);
    search(&["--decimal", ";"]).assert_wrong_usage(&["--decimal", ". or ,"]);
    search(&["--decimal", ",", "--thousands", ","]).assert_failed(&["','", "can't be both"]);
    search(&["--no-header"]).assert_failed(&["x1, x2"]);
}

#[test]
fn a_row_of_units_is_taken_for_the_units_of_the_search() {
    let rows = (1..40).map(|i| format!("{},{},{}\n", i, i % 7, 3 * i * (i % 7)));
    let table = "a,b,y\nm,s,m*s\n".to_string() + &rows.collect::<String>();
    let search = |extra: &[&str]| {
        let arguments = [&SHORTEST[..], &["--target", "y"], extra].concat();
        let run = Run::on_file("t.csv", &table, &arguments);
        serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap()
    };
    let found = search(&[]);
    assert_eq!(
        (&found["formula"], &found["unit"]),
        (&"3*a*b".into(), &"m*s".into())
    );
    assert!(search(&["--units", "none"])["unit"].is_null());
    let given = ["--units", "kg,kg", "--target-unit", "kg^2"];
    assert_eq!(search(&given)["unit"], "kg^2");
}

#[test]
fn every_class_gets_a_rule_and_all_of_them_a_table_of_confusion() {
    let folder = tempfile::tempdir().unwrap();
    let class = |a: f64| ["low", "middle", "high"][(a * 3.0) as usize];
    let rows = (0..240).map(|i| {
        let (a, b) = (
            f64::from(i * 7 % 240) / 240.0,
            f64::from(i * 11 % 97) / 97.0,
        );
        format!("{a},{b},{}\n", class(a))
    });
    let table = "a,b,kind\n".to_string() + &rows.collect::<String>();
    std::fs::write(folder.path().join("t.csv"), table).unwrap();
    let interpret = |extra: &[&str]| {
        let common = [
            "interpret",
            "--data",
            "t.csv",
            "--target",
            "kind",
            "--each-class",
        ];
        let short = ["--generations", "0"];
        Run::new(folder.path(), &[&common[..], &short, extra].concat())
    };
    let run = interpret(&["--json"]);
    let found = run.json();
    let names: Vec<&str> = found["table"]["classes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["class"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["high", "low", "middle"]);
    let counts = found["table"]["confusion"].as_array().unwrap();
    let counts: Vec<u64> = counts
        .iter()
        .flat_map(|row| row.as_array().unwrap())
        .map(|count| count.as_u64().unwrap())
        .collect();
    assert_eq!(counts.iter().sum::<u64>(), 48);
    let right = (counts[0] + counts[4] + counts[8]) as f64 / 48.0;
    assert_eq!(found["table"]["accuracy"], right);
    assert!(right > 0.7, "{}", run.stdout);
    assert_eq!(found["runs"][1]["features"], serde_json::json!(["a", "b"]));
    let text = interpret(&[]);
    for word in ["class", "recall", "high", "middle", "across", "accuracy"] {
        assert!(text.stdout.contains(word), "{word}: {}", text.stdout);
    }
    interpret(&["--class", "low"]).assert_wrong_usage(&["--each-class", "--class"]);
}

#[test]
fn a_transformed_target_is_said_and_undone_in_text_json_and_exports() {
    let rows = (1..60).map(|i| {
        let (a, b) = (
            f64::from(i * 7 % 59 + 1) / 4.0,
            f64::from(i * 11 % 53 + 1) / 6.0,
        );
        format!("{a},{b},{}\n", (a - b).exp())
    });
    let table = "a,b,y\n".to_string() + &rows.collect::<String>();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.csv"), &table).unwrap();
    let search = |extra: &[&str]| {
        let common = [
            "search",
            "--data",
            "t.csv",
            "--target",
            "y",
            "--generations",
            "0",
        ];
        Run::new(folder.path(), &[&common[..], extra].concat())
    };
    let run = search(&["--transform-target", "log", "--json"]);
    let found = run.json();
    assert_eq!(found["formula"], "a - b");
    assert_eq!(found["undone"]["learned"], "log(y)");
    assert_eq!(found["undone"]["formula"], "exp(a - b)");
    std::fs::write(folder.path().join("found.json"), &run.stdout).unwrap();
    let export = [
        "export",
        "--from",
        "found.json",
        "--language",
        "spreadsheet",
    ];
    assert_eq!(Run::new(folder.path(), &export).stdout, "=EXP(A2-B2)\n");
    let text = search(&["--transform-target", "log"]).stdout;
    assert!(
        text.contains("this is log(y); undone: exp(a - b)"),
        "{text}"
    );
    let labels = search(&["--transform-target", "log", "--loss", "hinge"]);
    labels.assert_failed(&["--transform-target", "labels"]);
    search(&["--balance"]).assert_failed(&["--balance", "--loss"]);
}

#[test]
fn gradients_are_read_in_the_dialect_that_is_given() {
    let rows = (0..60).map(|i| {
        let (a, b) = (f64::from(i * 7 % 59) - 20.0, f64::from(i * 11 % 53) - 20.0);
        format!("{a};{b};{};1,000\n", 2.0 * a)
    });
    let table = "a;b;d_a;d_b\n".to_string() + &rows.collect::<String>();
    let search = |extra: &[&str]| {
        let common = [
            "search",
            "--gradients",
            "t.csv",
            "--generations",
            "0",
            "--json",
        ];
        Run::on_file("t.csv", &table, &[&common[..], extra].concat())
    };
    assert_eq!(search(&["--decimal", ","]).json()["formula"], "a**2 + b");
    search(&[]).assert_failed(&["1,000", "--decimal"]);
}

#[test]
fn a_broken_parquet_file_is_refused_by_its_name_and_without_a_trace() {
    // A text column has fewer rows than the others; `make fuzz` found it.
    let path = format!("{}/tests/hostile/short_column.parquet", crate::ROOT);
    let folder = tempfile::tempdir().unwrap();
    let run = Run::new(folder.path(), &["search", "--data", &path, "--target", "y"]);
    run.assert_failed(&["short_column.parquet", "columns differ"]);
}
