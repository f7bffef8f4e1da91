//! Tables are read by stated rules: which columns and rows, what is missing, what words become.

use crate::support;

use closedform::dataset::{Categories, Keep, Missing, TableOptions};
use closedform::{Directions, Points, Result, Table, Task};
use polars::prelude::{Column, DataFrame, DataType, NamedFrom, ParquetWriter, Series};
use std::fs;
use support::assert_refused;

/// Reads a file with this name and content.
fn read_file(name: &str, content: impl AsRef<[u8]>, options: &TableOptions) -> Result<Table> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    Table::read(path, options)
}

fn read(content: &str, options: &TableOptions) -> Result<Table> {
    read_file("t.csv", content, options)
}

fn read_parquet(columns: Vec<Column>, options: &TableOptions) -> Result<Table> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.parquet");
    let mut frame = DataFrame::new(columns[0].len(), columns).unwrap();
    ParquetWriter::new(fs::File::create(&path).unwrap())
        .finish(&mut frame)
        .unwrap();
    Table::read(path, options)
}

/// Inputs alone, as for a model that gives the targets.
fn inputs() -> TableOptions {
    TableOptions::default()
}

fn dropping() -> TableOptions {
    TableOptions {
        missing: Missing::Drop,
        ..inputs()
    }
}

fn encoding() -> TableOptions {
    TableOptions {
        categories: Categories::OneHot,
        ..inputs()
    }
}

fn list(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| name.to_string()).collect()
}

// Columns.

#[test]
fn columns_are_chosen_by_name_and_keep_the_order_asked_for() {
    let content = "id,a,b,c,y\n9,1,2,3,0.5\n8,4,5,6,1.5\n";
    let options = TableOptions::new("y", Task::Regression);
    let chosen = TableOptions {
        inputs: Some(list(&["c", "a"])),
        ..options.clone()
    };
    let table = read(content, &chosen).unwrap();
    assert_eq!(table.feature_names(), ["c", "a"]);
    assert_eq!(table.points()[..], [3.0, 1.0, 6.0, 4.0]);
    assert_eq!(table.targets(), Some(&[0.5, 1.5][..]));
    assert_eq!(table.summary().ignored, ["id", "b"]);
    assert!(table.summary().sentences().is_empty());
    let without = TableOptions {
        exclude: list(&["id", "c"]),
        ..options
    };
    let data = read(content, &without).unwrap().into_dataset().unwrap();
    assert_eq!(
        (data.feature_names(), data.target_name()),
        (&list(&["a", "b"])[..], "y")
    );
    assert_eq!(data.points()[..], [1.0, 2.0, 4.0, 5.0]);
}

#[test]
fn contradictory_choices_are_refused_by_name() {
    let refused = |inputs: &[&str], exclude: &[&str], words: &[&str]| {
        let options = TableOptions {
            inputs: (!inputs.is_empty()).then(|| list(inputs)),
            exclude: list(exclude),
            ..TableOptions::new("y", Task::Regression)
        };
        assert_refused(read("a,b,y\n1,2,3\n", &options), words);
    };
    refused(&["a", "z"], &[], &["t.csv", "\"z\"", "a, b, y"]);
    refused(&[], &["z"], &["t.csv", "\"z\"", "a, b, y"]);
    refused(&["a", "y"], &[], &["\"y\"", "target and input"]);
    refused(&[], &["y"], &["\"y\"", "target and excluded"]);
    refused(&["a"], &["a"], &["\"a\"", "input and excluded"]);
    refused(&["a", "b", "a"], &[], &["\"a\"", "twice"]);
    refused(&[], &["a", "b"], &["no column is left", "at least 1"]);
}

#[test]
fn names_become_words_and_are_understood_either_way() {
    let content = "petal length (cm),2nd,lambda,y\n1,2,3,0\n4,5,7,1\n";
    let options = TableOptions {
        exclude: list(&["lambda_"]),
        ..TableOptions::new("y", Task::Regression)
    };
    let table = read(content, &options).unwrap();
    assert_eq!(table.feature_names(), ["petal_length_cm", "x2nd"]);
    let sentences = table.summary().sentences();
    assert_eq!(sentences.len(), 2);
    assert_eq!(
        sentences[0],
        "column \"petal length (cm)\" is called petal_length_cm in formulas"
    );
    // A network keeps the words; the file it is applied to has the names.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    fs::write(&path, content).unwrap();
    let points = |columns: &[&str]| Points::from_file(&path, &list(columns));
    assert_eq!(
        points(&["x2nd", "petal_length_cm"]).unwrap()[..],
        [2.0, 1.0, 5.0, 4.0]
    );
    assert_eq!(
        points(&["2nd", "petal length (cm)"]).unwrap()[..],
        [2.0, 1.0, 5.0, 4.0]
    );
    fs::write(&path, "a b,c,d_a b,d_c\n1,2,3,4\n").unwrap();
    assert_eq!(
        Directions::from_file(&path).unwrap().feature_names(),
        ["a_b", "c"]
    );
}

#[test]
fn two_columns_of_one_name_are_refused() {
    assert_refused(
        read("a,b,a\n1,2,3\n", &inputs()),
        &["columns 1 and 3", "\"a\""],
    );
    let words = read("a b,a-b\n1,2\n", &inputs());
    assert_refused(words, &["\"a b\"", "\"a-b\"", "a_b", "rename or leave out"]);
}

#[test]
fn columns_without_a_name_are_left_out_and_told() {
    let table = read(",a,b,\n0,1,2,\n1,3,4,\n", &inputs()).unwrap();
    assert_eq!(table.points()[..], [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(table.summary().unnamed, [1, 4]);
    assert_eq!(
        table.summary().sentences()[0],
        "column 1 has no name and is left out"
    );
}

#[test]
fn constant_columns_that_are_asked_for_are_refused_with_a_remedy() {
    let content = "a,b,c,y\n1,7,0,0\n1,8,0,1\n";
    let options = TableOptions {
        keep: Keep::All,
        ..TableOptions::new("y", Task::Classification)
    };
    let table = read(content, &options).unwrap();
    let words = ["\"a\" is 1", "\"c\" is 0", "--exclude a,c"];
    assert_refused(table.into_dataset(), &words);
    // A model may still want them.
    let table = read(content, &inputs()).unwrap();
    let data = table.with_targets("said", vec![0.0, 1.0]).unwrap();
    assert_eq!((data.n_features(), data.target_name()), (4, "said"));
}

// Missing cells.

const HOLES: &str = "a,b,note,y\n1,2,,0\n3,,x,1\nNA,n/a,x,0\n7,8,?,NULL\n9,10,x,1\n";

#[test]
fn a_missing_cell_is_refused_with_its_place_and_the_remedy() {
    let options = TableOptions {
        inputs: Some(list(&["a", "b"])),
        ..TableOptions::new("y", Task::Classification)
    };
    let words = ["t.csv", "row 2", "\"b\"", "empty", "--missing drop"];
    assert_refused(read(HOLES, &options), &words);
    for word in ["NA", "N/A", "NaN", "null", "none", "?", "na", "None"] {
        let content = format!("a,b\n1,2\n3,{word}\n");
        let words = ["row 2", "\"b\"", &format!("\"{word}\""), "--missing drop"];
        assert_refused(read(&content, &inputs()), &words);
    }
    let target = "a,y\n1,0\n2,\n";
    let options = TableOptions::new("y", Task::Classification);
    assert_refused(
        read(target, &options),
        &["row 2", "target \"y\"", "a class"],
    );
}

#[test]
fn rows_with_missing_cells_are_dropped_on_request_and_counted() {
    let options = TableOptions {
        exclude: list(&["note"]),
        target: Some("y".to_string()),
        ..dropping()
    };
    let table = read(HOLES, &options).unwrap();
    assert_eq!(table.points()[..], [1.0, 2.0, 9.0, 10.0]);
    assert_eq!(table.targets(), Some(&[0.0, 1.0][..]));
    let summary = table.summary();
    assert_eq!(
        (summary.n_rows, summary.n_dropped, summary.n_kept),
        (5, 3, 2)
    );
    let missing = [("a", 1), ("b", 2), ("y", 1)].map(|(name, n)| (name.to_string(), n));
    assert_eq!(summary.missing, missing);
    assert_eq!(
        summary.sentences(),
        ["3 of 5 rows dropped for missing cells: 1 in \"a\", 2 in \"b\", 1 in \"y\""]
    );
}

#[test]
fn no_row_left_is_refused_with_the_counts() {
    let words = ["no row is left", "2 of 2", "2 in \"b\"", "--exclude"];
    assert_refused(read("a,b\n1,\n2,?\n", &dropping()), &words);
}

#[test]
fn a_dropped_row_is_checked_like_any_other() {
    let words = ["row 1", "\"b\"", "\"tall\""];
    assert_refused(read("a,b\n,tall\n1,2\n", &dropping()), &words);
}

// Words.

#[test]
fn a_text_column_is_refused_with_both_remedies() {
    let words = ["row 2", "\"b\"", "\"tall\"", "--exclude", "--one-hot"];
    assert_refused(read("a,b\n1,2\n3,tall\n", &inputs()), &words);
    let options = TableOptions::new("b", Task::Regression);
    assert_refused(
        read("a,b\n1,2\n3,tall\n", &options),
        &["row 2", "target \"b\""],
    );
}

#[test]
fn a_text_column_becomes_a_column_for_each_value_but_the_first() {
    let content = "color,a\nred,1\nblue,2\ndark green,3\nred,4\n";
    let table = read(content, &encoding()).unwrap();
    assert_eq!(
        table.feature_names(),
        ["color_dark_green", "color_red", "a"]
    );
    let points = [
        [0.0, 1.0, 1.0],
        [0.0, 0.0, 2.0],
        [1.0, 0.0, 3.0],
        [0.0, 1.0, 4.0],
    ];
    assert_eq!(table.points()[..], points.concat());
    assert_eq!(
        table.summary().sentences(),
        ["column \"color\" became color_dark_green, color_red; 0 in all of them is \"blue\""]
    );
    let parquet = vec![
        Column::new("color".into(), ["red", "blue", "dark green", "red"])
            .cast(&DataType::from_categories(
                polars::prelude::Categories::global(),
            ))
            .unwrap(),
        Column::new("a".into(), [1_i32, 2, 3, 4]),
    ];
    let same = read_parquet(parquet, &encoding()).unwrap();
    assert_eq!(same.points(), table.points());
    assert_eq!(same.summary(), table.summary());
}

#[test]
fn encodings_that_would_mislead_are_refused() {
    let many: String = (0..21).map(|i| format!("w{i},{i}\n")).collect();
    let words = ["row 21", "\"w20\"", "20", "--exclude"];
    assert_refused(read(&format!("b,a\n{many}"), &encoding()), &words);
    // One slip in a column of numbers makes no categories of it.
    let slip: String = (0..30).map(|i| format!("{i},{i}\n")).collect();
    let words = ["\"b\"", "\"tall\"", "row 31", "30 other rows"];
    assert_refused(read(&format!("b,a\n{slip}tall,1\n"), &encoding()), &words);
    let words = ["\"red\" in every row", "--exclude"];
    assert_refused(read("b,a\nred,1\nred,2\n", &encoding()), &words);
    let words = ["\"<30\"", "\">30\"", "age_30"];
    assert_refused(read("age,a\n0,1\n<30,1\n>30,2\n", &encoding()), &words);
    let words = ["\"b_red\"", "\"red\" of column \"b\"", "b_red"];
    assert_refused(read("b_red,b\n1,blue\n2,red\n", &encoding()), &words);
}

#[test]
fn true_and_false_are_numbers_as_inputs_and_names_as_classes() {
    let content = "a,b\n1,true\n2,False\n3,TRUE\n";
    let table = read(content, &inputs()).unwrap();
    assert_eq!(table.points()[..], [1.0, 1.0, 2.0, 0.0, 3.0, 1.0]);
    let columns = vec![
        Column::new("a".into(), [1_u64, 2, 3]),
        Column::new("b".into(), [true, false, true]),
    ];
    let parquet = read_parquet(columns.clone(), &inputs()).unwrap();
    assert_eq!(parquet.points(), table.points());
    let options = TableOptions::new("b", Task::Classification);
    let data = read_parquet(columns, &options)
        .unwrap()
        .into_dataset()
        .unwrap();
    assert_eq!(data.class_names(), ["false", "true"]);
    assert_eq!(data.targets(), [1.0, 0.0, 1.0]);
}

// Kinds of files.

#[test]
fn separators_are_recognised_by_the_header() {
    let expected = [1.5, -2.0, 3.0, 4.25];
    for (name, content) in [
        ("t.csv", "a,b\n1.5,-2\n3,4.25\n"),
        ("t.csv", "\"a\";b\r\n1,5;-2\r\n3;4,25\r\n"),
        ("t.txt", "a\tb\n1.5\t-2\n3\t4.25"),
        ("t.TSV", "a\tb\n 1.5\t-2 \n3\t4.25\n"),
        ("t.csv", "\u{feff}a,b\n\"1.5\",-2\n\n3,4.25\n"),
    ] {
        let table = read_file(name, content, &inputs()).unwrap();
        assert_eq!(table.feature_names(), ["a", "b"], "{content:?}");
        assert_eq!(table.points()[..], expected, "{content:?}");
    }
}

#[test]
fn quoted_cells_may_hold_separators_and_line_breaks() {
    let content = "a,note,b\n1,\"x,\ny\"\"z\",2\n3,,4\n5,x,six\n";
    let options = TableOptions {
        exclude: list(&["note"]),
        ..inputs()
    };
    assert_refused(read(content, &options), &["row 3", "\"b\"", "\"six\""]);
}

#[test]
fn rows_of_another_length_are_named() {
    let words = ["row 2", "1 cells", "2 columns", "fewer", "empty"];
    assert_refused(read("a,b\n1,2\n3\n", &inputs()), &words);
    let words = ["row 2", "3 cells", "more cells than the header"];
    assert_refused(read("a,b\n1,2\n3,4,5\n", &inputs()), &words);
}

#[test]
fn files_that_are_no_tables_are_refused_with_a_way_out() {
    for (content, word) in [
        (&b"PK\x03\x04rest"[..], "export it as CSV"),
        (b"\x1f\x8brest", "can't be unpacked"),
        (b"\x28\xb5\x2f\xfdrest", "can't be unpacked"),
        (b"\xff\xfe\0\xd8", "broken UTF-16"),
        (b"PAR1rest", "can't be read"),
        (b"\n", "empty"),
    ] {
        assert_refused(read_file("t.csv", content, &inputs()), &["t.csv", word]);
    }
}

#[test]
fn parquet_is_read_by_the_same_rules() {
    let columns = || {
        vec![
            Column::new("a".into(), [Some(1_i64), None, Some(3)]),
            Column::new("b".into(), [0.5, 1.0, f64::NAN]),
            Column::new("word".into(), ["x", "y", "z"]),
        ]
    };
    let options = TableOptions {
        exclude: list(&["word"]),
        ..inputs()
    };
    let words = ["t.parquet", "row 2", "\"a\"", "empty", "--missing drop"];
    assert_refused(read_parquet(columns(), &options), &words);
    let dropping = TableOptions {
        missing: Missing::Drop,
        ..options.clone()
    };
    let table = read_parquet(columns(), &dropping).unwrap();
    assert_eq!(table.points()[..], [1.0, 0.5]);
    assert_eq!(table.summary().n_dropped, 2);
    let words = ["row 1", "\"word\"", "\"x\"", "--one-hot"];
    assert_refused(
        read_parquet(
            columns(),
            &TableOptions {
                exclude: list(&["a", "b"]),
                ..inputs()
            },
        ),
        &words,
    );
    let infinite = vec![Column::new("a".into(), [1.0, f64::NEG_INFINITY])];
    assert_refused(read_parquet(infinite, &inputs()), &["row 2", "\"-inf\""]);
    let lists = Column::new("a".into(), [Series::new("".into(), [1.0, 2.0])]);
    assert_refused(
        read_parquet(vec![lists], &inputs()),
        &["\"a\"", "numbers, texts"],
    );
}

// Sampling.

fn numbered(n: usize) -> String {
    let rows = (0..n).map(|i| format!("{i},{}\n", -(i as f64)));
    "i,minus\n".to_string() + &rows.collect::<String>()
}

fn sampling(max_rows: usize, seed: u64) -> TableOptions {
    TableOptions {
        max_rows: Some(max_rows),
        seed,
        ..inputs()
    }
}

fn firsts(table: &Table) -> Vec<f64> {
    table.points().chunks(2).map(|point| point[0]).collect()
}

#[test]
fn a_sample_is_fixed_by_its_seed_and_keeps_the_order_of_the_file() {
    let content = numbered(1000);
    let table = read(&content, &sampling(100, 3)).unwrap();
    assert_eq!(table, table.clone());
    let rows = firsts(&table);
    assert_eq!(rows.len(), 100);
    assert!(rows.is_sorted_by(|a, b| a < b), "{rows:?}");
    assert!(table.points().chunks(2).all(|x| x[1] == -x[0]));
    assert_eq!(rows, firsts(&read(&content, &sampling(100, 3)).unwrap()));
    assert_ne!(rows, firsts(&read(&content, &sampling(100, 4)).unwrap()));
    assert_eq!(
        table.summary().sentences(),
        ["100 of 1000 rows kept, drawn at random"]
    );
    for enough in [1000, 1001] {
        let all = read(&content, &sampling(enough, 3)).unwrap();
        assert_eq!(all.points(), read(&content, &inputs()).unwrap().points());
        assert!(!all.summary().is_sampled && all.summary().sentences().is_empty());
    }
    assert_refused(
        read(&content, &sampling(0, 0)),
        &["max_rows is 0", "at least 1"],
    );
}

#[test]
fn every_row_is_as_likely_to_be_kept() {
    let (n, kept, draws) = (100, 20, 1000);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    fs::write(&path, numbered(n)).unwrap();
    let mut counts = vec![0_u32; n];
    for seed in 0..draws {
        for row in firsts(&Table::read(&path, &sampling(kept, seed)).unwrap()) {
            counts[row as usize] += 1;
        }
    }
    let share = kept as f64 / n as f64;
    let expected = draws as f64 * share;
    let squares = counts.iter().map(|&c| (f64::from(c) - expected).powi(2));
    // Drawn without replacement, the sum has mean n - 1, and nearly the chi-square's spread.
    let chi_square = squares.sum::<f64>() / (expected * (1.0 - share)) * (n - 1) as f64 / n as f64;
    let z = (chi_square - (n - 1) as f64) / (2.0 * (n - 1) as f64).sqrt();
    assert!(z.abs() < 3.0, "{z}");
}

#[test]
fn the_sample_is_drawn_from_rows_without_missing_cells() {
    let rows = (0..1000).map(|i| match i % 10 {
        7 => format!(",{i}\n"),
        _ => format!("{i},{}\n", -i),
    });
    let holes = "i,minus\n".to_string() + &rows.collect::<String>();
    let options = TableOptions {
        missing: Missing::Drop,
        ..sampling(100, 0)
    };
    let table = read(&holes, &options).unwrap();
    let summary = table.summary();
    assert_eq!((summary.n_dropped, summary.n_kept), (100, 100));
    assert!(firsts(&table).iter().all(|row| row % 10.0 != 7.0));
    assert_eq!(
        summary.sentences()[1],
        "100 of 900 rows kept, drawn at random"
    );
}

#[test]
fn rows_that_the_sample_leaves_out_are_checked_too() {
    let content = numbered(1000) + "tall,1\n";
    for seed in 0..3 {
        let words = ["row 1001", "\"i\"", "\"tall\""];
        assert_refused(read(&content, &sampling(10, seed)), &words);
    }
}

#[test]
fn both_kinds_of_file_give_the_same_sample_over_many_batches() {
    let n = 600_000;
    let numbers: Vec<f64> = (0..n).map(|i| f64::from(i) / 7.0).collect();
    let minus: Vec<f64> = numbers.iter().map(|x| -x).collect();
    let rows = numbers.iter().map(|x| format!("{x},{}\n", -x));
    let content = "i,minus\n".to_string() + &rows.collect::<String>();
    let csv = read(&content, &sampling(500, 1)).unwrap();
    let columns = vec![
        Column::new("i".into(), numbers),
        Column::new("minus".into(), minus),
    ];
    let parquet = read_parquet(columns, &sampling(500, 1)).unwrap();
    assert_eq!(parquet.points(), csv.points());
    assert_eq!(parquet.summary(), csv.summary());
    assert_eq!(csv.summary().n_rows, n as usize);
}

// Targets from elsewhere.

#[test]
fn points_without_labels_wait_for_a_models() {
    let table = read("a,b\n1,2\n3,4\n", &inputs()).unwrap();
    assert_eq!(table.targets(), None);
    assert_refused(table.clone().into_dataset(), &["t.csv", "without a target"]);
    assert_refused(
        table.clone().with_targets("y", vec![1.0]),
        &["2 rows", "1 targets"],
    );
    let data = table.with_targets("y", vec![1.0, 0.0]).unwrap();
    assert_eq!(
        (&data.points()[..], data.targets()),
        (&[1.0, 2.0, 3.0, 4.0][..], &[1.0, 0.0][..])
    );
}

// Classes.

fn keeping(classes: [&str; 2]) -> TableOptions {
    TableOptions {
        classes: Some(classes.map(String::from)),
        ..TableOptions::new("y", Task::Classification)
    }
}

#[test]
fn the_rows_of_two_named_classes_are_kept_and_the_others_counted() {
    let words = read(
        "a,y\n1,lo\n2,mid\n3,hi\n4,mid\n5,lo\n",
        &keeping(["mid", "hi"]),
    )
    .unwrap();
    assert_eq!(words.points()[..], [2.0, 3.0, 4.0]);
    assert_eq!(words.targets().unwrap(), [1.0, 0.0, 1.0]);
    assert_eq!(words.summary().n_of_other_classes, 2);
    let sentences = words.summary().sentences();
    assert_eq!(
        sentences,
        ["2 of 5 rows left out, because they have other classes"]
    );
    let numbers = read("a,y\n1,0\n2,1.0\n3,2\n4,0\n", &keeping(["2", "0"])).unwrap();
    assert_eq!(numbers.points()[..], [1.0, 3.0, 4.0]);
    assert_eq!(numbers.targets().unwrap(), [0.0, 1.0, 0.0]);
}

#[test]
fn a_row_of_another_class_is_not_counted_as_missing_a_cell() {
    let options = TableOptions {
        missing: Missing::Drop,
        ..keeping(["0", "1"])
    };
    let table = read("a,y\n1,0\n,2\n3,2\n,1\n5,1\n", &options).unwrap();
    let summary = table.summary();
    assert_eq!(
        (
            summary.n_dropped,
            summary.n_of_other_classes,
            summary.n_kept
        ),
        (1, 2, 2)
    );
    assert!(!summary.is_sampled);
}

#[test]
fn named_classes_that_no_row_has_or_no_target_can_have_are_refused() {
    let content = "a,y\n1,lo\n2,mid\n3,hi\n";
    let words = ["t.csv", "target \"y\"", "\"low\"", "hi, lo, mid"];
    assert_refused(read(content, &keeping(["low", "mid"])), &words);
    assert_refused(
        read(content, &keeping(["mid", "mid"])),
        &["mid,mid", "two different"],
    );
    let numbers = "a,y\n1,0\n2,1\n3,2\n";
    assert_refused(read(numbers, &keeping(["0", "3"])), &["\"3\"", "0, 1, 2"]);
    let regression = TableOptions {
        task: Task::Regression,
        ..keeping(["0", "1"])
    };
    assert_refused(read(numbers, &regression), &["--classes", "has none"]);
}
