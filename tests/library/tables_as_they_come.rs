//! Tables are read as people and programs write them, and what was concluded is said.

use crate::support;

use closedform::dataset::{
    Categories, DialectOptions, Keep, Mark, Missing, Reason, Separator, TableOptions, Thousands,
};
use closedform::{Result, Table, Task};
use polars::prelude::{Column, DataFrame, NamedFrom, ParquetWriter, Series};
use std::io::Write;
use support::assert_refused;

fn read_bytes(content: &[u8], options: &TableOptions) -> Result<Table> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    std::fs::write(&path, content).unwrap();
    Table::read(path, options)
}

fn read(content: &str, options: &TableOptions) -> Result<Table> {
    read_bytes(content.as_bytes(), options)
}

fn regression() -> TableOptions {
    TableOptions::new("y", Task::Regression)
}

fn writing(dialect: DialectOptions) -> TableOptions {
    TableOptions {
        dialect,
        ..regression()
    }
}

/// The features a and b of three rows, and their target.
fn assert_read(content: &str, options: &TableOptions, said: &str) {
    let table = read(content, options).unwrap_or_else(|error| panic!("{content:?}: {error}"));
    assert_eq!(
        table.points()[..],
        [1.5, 20.0, -2.25, 30.0, 0.125, 40.0],
        "{content:?}"
    );
    assert_eq!(table.targets(), Some(&[3.0, 4.0, 5.0][..]), "{content:?}");
    assert_eq!(table.summary().read_as.join(", "), said, "{content:?}");
}

// How a file is written.

#[test]
fn separators_and_what_stands_around_rows_are_concluded() {
    for (content, said) in [
        ("a,b,y\n1.5,20,3\n-2.25,30,4\n0.125,40,5\n", ""),
        (
            "a;b;y\n1,5;20;3\n-2,25;30;4\n0,125;40;5\n",
            "';' between cells, decimal commas",
        ),
        (
            "a\tb\ty\r\n1,5\t20\t3\r\n-2,25\t30\t4\r\n0,125\t40\t5",
            "tabs between cells, decimal commas",
        ),
        (
            "a|b|y\n1.5|20|3\n-2.25|30|4\n0.125|40|5\n",
            "'|' between cells",
        ),
        (
            "| a | b | y |\n|---|:-:|---|\n| 1.5 | 20 | 3 |\n|-2.25|30|4|\n|0.125|40|5|",
            "'|' between cells",
        ),
        (
            " a    b   y\n 1.5   20  3\n-2.25\t30  4  \n .125  40  5\n",
            "blanks between cells",
        ),
        (
            "a b y\n1,5 20 3\n-2,25 30 4\n,125 40 5\n",
            "blanks between cells, decimal commas",
        ),
        (
            "a;b;y\n1.5;20;3;\n-2.25;30;4;\n0.125;40;5;\n",
            "';' between cells",
        ),
        ("a,b,y\n1.5,20,3,,\n-2.25,30,4,,\n0.125,40,5,,\n", ""),
        ("a,b,y\r1.5,20,3\r-2.25,30,4\r0.125,40,5\r", ""),
        (
            "\u{feff}a,b,y\n1.5,20,3\n\n-2.25,30,4\n  \n0.125,40,5\n",
            "",
        ),
        (
            "# run 7\n# a,b in mm\na,b,y\n1.5,20,3\n#9,9,9\n-2.25,30,4\n0.125,40,5\n",
            "comments skipped (3 lines)",
        ),
        (
            "% a note\na b y\n1.5 20 3\n-2.25 30 4\n.125 40 5\n",
            "blanks between cells, comments skipped (1 line)",
        ),
        (
            "# made today\n# a b y\n1.5 20 3\n-2.25 30 4\n.125 40 5\n",
            "blanks between cells, names from the comment above the rows, comments skipped (2 lines)",
        ),
        (
            "#a,b,y\n1.5,20,3\n-2.25,30,4\n.125,40,5\n",
            "names from the comment above the rows, comments skipped (1 line)",
        ),
        (
            "Rig 4\nMade by: us; today\n\na;b;y\n1.5;20;3\n-2.25;30;4\n0.125;40;5\n",
            "';' between cells, 3 lines skipped above the header",
        ),
        ("a,b,y\n0.15D+01,2.0d1,3\n-2.25,30,4\n0.125D0,40,5\n", ""),
        (
            "\"\",\"a\",\"b\",\"y\"\n\"1\",1.5,20,3\n\"2\",-2.25,30,4\n\"3\",0.125,40,5\n",
            "",
        ),
        (
            "\"a\" \"b\" \"y\"\n\"1\" 1.5 20 3\n\"2\" -2.25 30 4\n\"3\" 0.125 40 5\n",
            "blanks between cells, a name at the start of each row",
        ),
        (
            " a | b | y\n----+---+---\n 1.5 | 20 | 3\n -2.25 | 30 | 4\n 0.125 | 40 | 5\n(3 rows)\n",
            "'|' between cells",
        ),
    ] {
        assert_read(content, &regression(), said);
    }
}

#[test]
fn a_row_of_numbers_is_no_header_unless_a_column_is_named_by_it() {
    let rows = "1.5,20,3\n-2.25,30,4\n0.125,40,5\n";
    let target = |name: &str| TableOptions {
        target: Some(name.to_string()),
        ..regression()
    };
    assert_read(rows, &target("x3"), "no header, columns called x1, x2, ...");
    let error = read(rows, &regression()).unwrap_err();
    assert!(
        error.to_string().contains("x1, x2, x3 (read as: no header"),
        "{error}"
    );
    let table = read("2019,2020\n1,2\n3,5\n", &target("2020")).unwrap();
    assert_eq!(table.feature_names(), ["x2019"]);
    // pandas numbers columns that have no names.
    let table = read("0,1,2\n7,8,9\n1,2,4\n", &target("2")).unwrap();
    assert_eq!(table.feature_names(), ["x0", "x1"]);
    // Words that come again are no names either.
    let flowers = "5.1,3.5,setosa\n4.9,3.0,setosa\n6.1,2.9,other\n";
    let options = TableOptions::new("x3", Task::Classification);
    let data = read(flowers, &options).unwrap();
    assert_eq!(data.points().n_samples(), 3);
}

#[test]
fn other_encodings_are_read() {
    let points = |content: &[u8]| {
        let table = read_bytes(content, &regression()).unwrap();
        assert_eq!(table.points()[..], [1.5, -2.0]);
        (
            table.feature_names()[0].clone(),
            table.summary().read_as.join(", "),
        )
    };
    let latin = points(b"gr\xf6\xdfe;y\n1,5;1\n-2;2\n");
    let said = "';' between cells, decimal commas, Windows-1252 text (Latin-1)";
    assert_eq!(latin, ("größe".to_string(), said.to_string()));
    let text = "größe\ty\n1.5\t1\n-2\t2\n";
    let utf_16 = text.encode_utf16().flat_map(u16::to_le_bytes);
    let utf_16: Vec<u8> = [0xff, 0xfe].into_iter().chain(utf_16).collect();
    assert_eq!(points(&utf_16).0, "größe");
}

#[test]
fn packed_text_is_read_like_text() {
    let content = "a;b;y\n1,5;20;3\n-2,25;30;4\n0,125;40;5\n";
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(content.as_bytes()).unwrap();
    let zstd = zstd::encode_all(content.as_bytes(), 1).unwrap();
    let plain = read(content, &regression()).unwrap();
    for packed in [gzip.finish().unwrap(), zstd] {
        let table = read_bytes(&packed, &regression()).unwrap();
        assert_eq!(table.points(), plain.points());
        assert_eq!(table.summary(), plain.summary());
    }
}

#[test]
fn each_conclusion_can_be_overruled() {
    let content = "#a,b,y\n1.5,20,3\n-2.25,30,4\n.125,40,5\n";
    let no_comments = DialectOptions {
        comment: Some(None),
        ..DialectOptions::default()
    };
    let names = read(content, &writing(no_comments)).unwrap();
    assert_eq!(names.feature_names(), ["a", "b"]);
    let separated = DialectOptions {
        separator: Some(Separator::parse("&").unwrap()),
        ..DialectOptions::default()
    };
    assert_read(
        "a & b & y\n1.5&20&3\n-2.25&30&4\n.125&40&5\n",
        &writing(separated),
        "'&' between cells",
    );
    let skipping = DialectOptions {
        skip: Some(2),
        header: Some(true),
        ..DialectOptions::default()
    };
    let content = "a,b,y\n9,9,9\na,b,y\n1.5,20,3\n-2.25,30,4\n.125,40,5\n";
    assert_read(
        content,
        &writing(skipping),
        "2 lines skipped above the header",
    );
    for wrong in ["", "ab", "x", "\""] {
        assert_refused(Separator::parse(wrong), &["separator", "comma"]);
    }
}

#[test]
fn the_row_with_the_names_asked_for_is_the_header() {
    let content = "Sensor A,Sensor B,Result\na,b,y\n1.5,20,3\n-2.25,30,4\n0.125,40,5\n";
    assert_read(content, &regression(), "1 line skipped above the header");
}

#[test]
fn latex_rows_and_json_objects_are_rows() {
    let content = "a & b & y \\\\\n1.5 & 20 & 3 \\\\\n-2.25 & 30 & 4 \\\\\n0.125 & 40 & 5\\\\\n";
    assert_read(content, &regression(), "'&' between cells");
    let rows = [
        r#"{"a": 1.5, "b": 20, "y": 3, "note": "x, y"}"#,
        r#"{"a": -2.25, "y": 4.0, "b": 30, "on": true}"#,
        r#"{"a": 0.125, "b": 40, "y": 5, "note": null}"#,
    ];
    let options = TableOptions {
        exclude: ["note", "on"].map(String::from).to_vec(),
        ..regression()
    };
    assert_read(&rows.join("\n"), &options, "");
    assert_read(&format!("[{}]", rows.join(",")), &options, "");
    assert_refused(read("{\"a\": 1}\n[2]\n", &regression()), &["t.csv", "JSON"]);
}

// Units.

#[test]
fn a_row_below_the_header_holds_units_if_all_numbers_have_one() {
    let content = "r,flux,site,Q\nm,W/m2,,W\n0.5,20,A,1\n0.7,30,B,2\n0.9,40,A,3\n";
    let options = TableOptions {
        exclude: vec!["site".to_string()],
        ..TableOptions::new("Q", Task::Regression)
    };
    let table = read(content, &options).unwrap();
    assert_eq!(table.points()[..], [0.5, 20.0, 0.7, 30.0, 0.9, 40.0]);
    let units = table.units().unwrap();
    assert_eq!(units.features[1].to_string(), "kg/s^3");
    assert_eq!(units.target.as_ref().unwrap().to_string(), "kg*m^2/s^3");
    let said = table.summary().sentences();
    assert_eq!(said[0], "read as: units below the header");
    assert!(said[1].contains("r in m, flux in kg/s^3"), "{said:?}");
    // Words among numbers are a slip, wherever they stand.
    let slip = "a,b,y\n1,tall,0\n2,3,1\n3,4,1\n";
    assert_refused(read(slip, &regression()), &["row 1", "\"b\"", "\"tall\""]);
}

// Numbers.

#[test]
fn numbers_with_two_readings_are_read_by_the_others_or_refused() {
    let column = |cells: [&str; 3]| {
        let rows = cells.map(|cell| format!("{cell};1\n")).concat();
        read(&format!("a;y\n{rows}"), &regression()).map(|table| table.points().to_vec())
    };
    assert_eq!(column(["1.250", "2.5", "3"]).unwrap(), [1.25, 2.5, 3.0]);
    assert_eq!(column(["1,250", "2,5", "3"]).unwrap(), [1.25, 2.5, 3.0]);
    assert_eq!(column(["1,250", "2.5", "3"]).unwrap(), [1250.0, 2.5, 3.0]);
    assert_eq!(
        column(["1.250", "1.002,5", "3"]).unwrap(),
        [1250.0, 1002.5, 3.0]
    );
    let words = [
        "row 1",
        "\"a\"",
        "\"1.250\" is 1250",
        "or 1.250",
        "--thousands .",
    ];
    assert_refused(column(["1.250", "2,5", "3"]), &words);
    let words = ["row 1", "\"1,250\" is 1250", "--thousands ,", "--decimal ,"];
    assert_refused(column(["1,250", "2,500", "3"]), &words);
}

#[test]
fn the_options_for_marks_decide_what_the_numbers_leave_open() {
    let first = |content: &str, decimal, thousands| {
        let dialect = DialectOptions {
            decimal,
            thousands,
            ..DialectOptions::default()
        };
        read(content, &writing(dialect)).map(|table| table.points()[0])
    };
    let comma = "a;y\n1,250;1\n2;2\n";
    assert_eq!(first(comma, Some(Mark::Comma), None).unwrap(), 1.25);
    assert_eq!(first(comma, Some(Mark::Dot), None).unwrap(), 1250.0);
    assert_eq!(
        first(comma, None, Some(Thousands::By(Mark::Comma))).unwrap(),
        1250.0
    );
    let dot = "a;y\n1.250;1\n2,5;2\n";
    assert_eq!(first(dot, None, Some(Thousands::Ungrouped)).unwrap(), 1.25);
    assert_eq!(
        first(dot, None, Some(Thousands::By(Mark::Dot))).unwrap(),
        1250.0
    );
    let both = first(dot, Some(Mark::Dot), Some(Thousands::By(Mark::Dot)));
    assert_refused(both, &["'.'", "can't be both"]);
}

#[test]
fn signs_of_currency_and_percent_are_read_and_said_if_all_are_alike() {
    let table = read("a,b,y\n$5,10 %,1\n\"$1,200.50\",20%,2\n", &regression()).unwrap();
    assert_eq!(table.points()[..], [5.0, 10.0, 1200.5, 20.0]);
    let said = table.summary().sentences();
    let sign = "column \"b\" is read without its sign %: 5 % is 5";
    assert!(said.iter().any(|sentence| sentence == sign), "{said:?}");
    let words = ["row 2", "\"b\"", "without a sign", "with %"];
    assert_refused(read("a,b,y\n5,10%,1\n6,0.2,2\n", &regression()), &words);
}

#[test]
fn a_column_of_numbers_says_where_it_has_none() {
    let rows = (0..50).map(|i| format!("{},{i}\n", f64::from(i) / 4.0));
    let content = "a,y\n".to_string() + &rows.collect::<String>() + "lost,50\n1,51\nn.d.,52\n";
    for categories in [Categories::Refuse, Categories::OneHot] {
        let options = TableOptions {
            categories,
            ..regression()
        };
        let error = read(&content, &options).unwrap_err().to_string();
        for part in [
            "row 51",
            "\"lost\"",
            "row 53",
            "\"n.d.\"",
            "51 other rows",
            "--missing-values",
        ] {
            assert!(error.contains(part), "{error}");
        }
        assert!(!error.contains("one-hot"), "{error}");
    }
    let options = TableOptions {
        missing: Missing::Drop,
        ..writing(DialectOptions {
            missing: ["lost", "n.d.", "50"].map(String::from).to_vec(),
            ..DialectOptions::default()
        })
    };
    let table = read(&content, &options).unwrap();
    assert_eq!((table.summary().n_kept, table.summary().n_dropped), (51, 2));
}

#[test]
fn times_are_seconds_since_the_first() {
    let content =
        "time,b,y\n2024-01-31 10:00:00,3,1\n2024-01-31 10:00:30.5,4,2\n2024-02-01 10:00:00,5,4\n";
    let table = read(content, &regression()).unwrap();
    assert_eq!(table.points()[..], [0.0, 3.0, 30.5, 4.0, 86_400.0, 5.0]);
    let said = "column \"time\" holds times, read as seconds since the first";
    assert_eq!(table.summary().remarks, [said]);
    // Dates are left out beside numbers, and read alone.
    let content = "day,b,y\n31.1.2024,3,1\n1.2.2024,4,2\n3.2.2024,5,4\n";
    let table = read(content, &regression()).unwrap();
    assert_eq!(table.feature_names(), ["b"]);
    assert_eq!(table.summary().left_out[0].reason, Reason::Date);
    let options = TableOptions {
        exclude: vec!["b".to_string()],
        ..regression()
    };
    let table = read(content, &options).unwrap();
    assert_eq!(table.points()[..], [0.0, 86_400.0, 3.0 * 86_400.0]);
    // Nobody knows which of these is the month.
    let options = TableOptions::new("y", Task::Regression);
    let open = read("day,y\n1/2/2024,1\n3/4/2024,2\n", &options);
    assert_refused(open, &["row 1", "\"day\"", "date"]);
}

// Columns and rows that are left out.

fn left_out(table: &Table) -> Vec<(&str, &Reason)> {
    let columns = table.summary().left_out.iter();
    columns
        .map(|out| (out.column.as_str(), &out.reason))
        .collect()
}

/// 30 rows of row number, shuffled number, identifier, word, empty cell, constant, and numbers.
fn kaggle() -> String {
    let rows = (0..30).map(|i| {
        let (shuffled, x) = (i * 7 % 30 + 1, f64::from(i * i % 17) / 4.0);
        format!(
            "{i},{shuffled},{},name {i},,7,same,{x},{x},{}\n",
            1000 + 3 * i,
            2.0 * x
        )
    });
    "row,place,PassengerId,name,none,seven,word,a,b,y\n".to_string() + &rows.collect::<String>()
}

#[test]
fn columns_that_say_nothing_are_left_out_and_told() {
    let table = read(&kaggle(), &regression()).unwrap();
    assert_eq!(table.feature_names(), ["a"]);
    let copy = Reason::Copy("a".to_string());
    let expected = [
        ("row", &Reason::Index),
        ("place", &Reason::Index),
        ("PassengerId", &Reason::Identifier),
        ("name", &Reason::Identifier),
        ("none", &Reason::Empty),
        ("seven", &Reason::Constant),
        ("word", &Reason::Constant),
        ("b", &copy),
    ];
    assert_eq!(left_out(&table), expected);
    let said = table.summary().sentences().join("; ");
    let constant = "\"seven\", \"word\" as constant; \"b\" as a copy of \"a\"";
    assert!(said.contains(constant), "{said}");
    assert!(said.contains("--keep"), "{said}");
}

#[test]
fn parquet_keeps_neither_the_index_of_pandas_nor_what_is_not_read() {
    let n = 25;
    let numbers: Vec<f64> = (0..n).map(|i| f64::from(i * i % 13)).collect();
    let lists: Vec<Series> = numbers
        .iter()
        .map(|x| Series::new("".into(), [*x]))
        .collect();
    let index: Vec<i64> = (0..i64::from(n)).map(|i| i * 7 % 25).collect();
    let columns = vec![
        Column::new("a".into(), numbers.clone()),
        Column::new("list".into(), lists),
        Column::new("y".into(), numbers),
        Column::new("__index_level_0__".into(), index),
    ];
    let folder = tempfile::tempdir().unwrap();
    // The name doesn't matter.
    let path = folder.path().join("t.data");
    let mut frame = DataFrame::new(n as usize, columns).unwrap();
    let file = std::fs::File::create(&path).unwrap();
    ParquetWriter::new(file).finish(&mut frame).unwrap();
    let table = Table::read(&path, &regression()).unwrap();
    assert_eq!(table.feature_names(), ["a"]);
    let unread = Reason::Unread("values of another kind");
    let expected = [("list", &unread), ("__index_level_0__", &Reason::Index)];
    assert_eq!(left_out(&table), expected);
}

#[test]
fn columns_that_are_asked_for_stay() {
    let named = TableOptions {
        keep: Keep::Named(vec!["place".to_string()]),
        ..regression()
    };
    let table = read(&kaggle(), &named).unwrap();
    assert_eq!(table.feature_names(), ["place", "a"]);
    let inputs = TableOptions {
        inputs: Some(["row", "b"].map(String::from).to_vec()),
        ..regression()
    };
    let table = read(&kaggle(), &inputs).unwrap();
    assert_eq!(table.feature_names(), ["row", "b"]);
    // The only input stays, whatever it looks like; so do quantities.
    let rows = (1..40).map(|i| format!("{i},{}\n", i * i));
    let only = "row,y\n".to_string() + &rows.collect::<String>();
    assert_eq!(read(&only, &regression()).unwrap().feature_names(), ["row"]);
    let rows = (0..40).map(|i| format!("{i},{},{}\n", i * i % 11, i * i));
    let time = "t,b,y\n".to_string() + &rows.collect::<String>();
    assert_eq!(
        read(&time, &regression()).unwrap().feature_names(),
        ["t", "b"]
    );
}

#[test]
fn a_table_of_nothing_but_such_columns_is_refused() {
    let words = [
        "no column is left",
        "\"a\" as constant",
        "\"b\" as empty",
        "--keep",
    ];
    assert_refused(read("a,b,y\n1,,1\n1,,2\n", &regression()), &words);
}

#[test]
fn the_only_row_with_a_word_is_left_out() {
    let rows = (0..30).map(|i| {
        let site = if i == 11 { "rare" } else { ["A", "B"][i % 2] };
        format!("{site},{},{i}\n", i * i % 13)
    });
    let content = "site,a,y\n".to_string() + &rows.collect::<String>();
    let options = TableOptions {
        categories: Categories::OneHot,
        ..regression()
    };
    let table = read(&content, &options).unwrap();
    assert_eq!(table.feature_names(), ["site_B", "a"]);
    assert_eq!(
        (table.points().n_samples(), table.summary().n_kept),
        (29, 29)
    );
    assert!(!table.targets().unwrap().contains(&11.0));
    let said = &table.summary().remarks[0];
    assert!(
        said.contains("the only row with \"rare\" in column \"site\""),
        "{said}"
    );
    let all = TableOptions {
        keep: Keep::All,
        ..options
    };
    let table = read(&content, &all).unwrap();
    assert_eq!(table.feature_names(), ["site_B", "site_rare", "a"]);
}

#[test]
fn words_in_another_case_are_one_class_and_told() {
    let content = "a,y\n1,Yes\n2,no\n3,yes\n4,\"YES \"\n5,No\n";
    let options = TableOptions::new("y", Task::Classification);
    let table = read(content, &options).unwrap();
    assert_eq!(table.targets(), Some(&[0.0, 1.0, 0.0, 0.0, 1.0][..]));
    let said = table.summary().sentences().join("; ");
    assert!(
        said.contains("\"yes\", \"YES\" taken for \"Yes\""),
        "{said}"
    );
    let apart = TableOptions {
        match_case: true,
        ..options.clone()
    };
    let data = read(content, &apart).unwrap().into_dataset().unwrap();
    assert_eq!(data.class_names(), ["No", "YES", "Yes", "no", "yes"]);
    let letters = read("a,y\n1,A\n2,a\n3,A\n", &options).unwrap();
    assert_eq!(letters.into_dataset().unwrap().class_names(), ["A", "a"]);
}
