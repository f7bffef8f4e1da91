//! Files and other texts: tables, networks, exports.

use crate::odd::{formula, names, number, size, text};
use crate::support::cases;
use closedform::dataset::{
    Categories, DialectOptions, Keep, Mark, Missing, Separator, TableOptions, Thousands,
};
use closedform::formula::Unit;
use closedform::notebook::escape_html;
use closedform::{
    Activation, Dataset, DenseNetwork, Directions, Export, Expression, Language, Points,
    Polynomial, Table, Task,
};
use proptest::prelude::*;

/// Cells and what stands between them.
fn table() -> impl Strategy<Value = String> {
    let cell = prop_oneof![
        4 => prop::sample::select(vec![
            "1", "2.5", "-1e300", "a", "b", "NaN", "", "2026-01-01", "1/2/24", "10:15:00pm", "\"", "ö",
            "1,234", "1.250", "0.3D+02", "1 234,5", "$5", "7 %", "#", "m/s", "--", "x1", "y",
        ])
            .prop_map(str::to_string),
        1 => text(),
    ];
    let row = prop::collection::vec(cell, 1..5);
    (
        prop::collection::vec(row, 0..12),
        prop::sample::select(vec![",", ";", "\t", "|", " ", "&"]),
    )
        .prop_map(|(rows, separator)| {
            let lines: Vec<String> = rows.iter().map(|row| row.join(separator)).collect();
            lines.join("\n")
        })
}

fn dialect() -> impl Strategy<Value = DialectOptions> {
    let mark = || prop::sample::select(vec![Mark::Dot, Mark::Comma]);
    let separators = vec![
        Separator::Blanks,
        Separator::Char('|'),
        Separator::Char('ö'),
    ];
    let thousands = prop_oneof![mark().prop_map(Thousands::By), Just(Thousands::Ungrouped)];
    let comment = prop::option::of(prop::sample::select(vec!['#', 'ö']));
    (
        prop::option::weighted(0.2, prop::sample::select(separators)),
        prop::option::weighted(0.2, mark()),
        prop::option::weighted(0.2, thousands),
        prop::option::weighted(0.2, comment),
        prop::option::weighted(0.2, 0_usize..5),
        prop::option::weighted(0.2, any::<bool>()),
        prop::option::weighted(0.2, any::<bool>()),
    )
        .prop_map(
            |(separator, decimal, thousands, comment, skip, header, units)| DialectOptions {
                separator,
                decimal,
                thousands,
                comment,
                skip,
                header,
                units,
                sheet: None,
                missing: vec!["1".to_string(), "a".to_string()],
            },
        )
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn tables_of_any_text(
        body in table(),
        header in prop::option::of(prop::sample::select(vec!["a,b,d_a,d_b", "x1;x2;y", "a", "# x y"])),
        target in prop::option::of(prop_oneof![text(), Just("y".to_string()), Just("x2".to_string())]),
        (names, beside) in (prop::option::of(names(3)), prop::option::of(names(2))),
        (drop, encode, max_rows) in (any::<bool>(), any::<bool>(), prop::option::of(size())),
        (is_regression, keep_all) in (any::<bool>(), any::<bool>()),
        dialect in dialect(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let task = if is_regression { Task::Regression } else { Task::Classification };
        let text = header.map_or(body.clone(), |header| format!("{header}\n{body}"));
        for (name, bytes) in [
            ("table.csv", text.as_bytes()),
            ("table.tsv", text.as_bytes()),
            ("table.parquet", text.as_bytes()),
            ("broken.csv", &[0xff, 0xfe, b',', 0, b'\n', b'1'][..]),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            let options = TableOptions {
                target: target.clone(),
                task,
                inputs: names.clone(),
                exclude: names.clone().unwrap_or_default(),
                beside: beside.clone().unwrap_or_default(),
                classes: encode.then(|| ["0", "1"].map(String::from)),
                missing: if drop { Missing::Drop } else { Missing::Refuse },
                categories: if encode { Categories::OneHot } else { Categories::Refuse },
                keep: if keep_all { Keep::All } else { Keep::None },
                match_case: keep_all,
                dialect: dialect.clone(),
                max_rows,
                seed: 0,
            };
            if let Ok(table) = Table::read(&path, &options) {
                let _ = table.into_dataset();
            }
            let _ = Dataset::from_file(&path, "a", task);
            let _ = Points::from_file(&path, &names.clone().unwrap_or_default());
            let _ = Directions::from_file(&path);
        }
    }

    #[test]
    fn exports_of_any_formula(
        formula in formula(),
        names in names(4),
        name in text(),
        threshold in prop::option::of(number()),
    ) {
        let Ok(export) = Export::new(&formula, &names) else { return Ok(()) };
        let export = export.with_threshold(threshold).unwrap_or(Export::new(&formula, &names).unwrap());
        let export = export.clone().with_name(&name).unwrap_or(export);
        for language in Language::ALL {
            let _ = export.to_bytes(language);
            if let Ok(source) = export.to_source(language) {
                let _ = Export::from_json(&source);
            }
        }
    }

    #[test]
    fn texts_read_as_names_and_json(text in text(), value in number()) {
        let _ = Language::parse(&text);
        let _ = Activation::named(&text);
        let _ = Export::from_json(&text);
        let _ = DenseNetwork::from_json(&text);
        escape_html(&text);
        let layer = format!(r#"{{"layers": [{{"activation": "{text}", "weights": [[1, 2], [{value}]]}}]}}"#);
        let _ = DenseNetwork::from_json(&layer);
        let tree = format!(r#"{{"features": ["{text}"], "tree": ["sin", "{text}", {value}]}}"#);
        let _ = Export::from_json(&tree);
        let terms = format!(r#"{{"n_variables": 2, "labels": [[1], [3]], "values": [{value}]}}"#);
        let _ = serde_json::from_str::<Polynomial>(&terms);
    }
}

/// A parser that calls itself for each parenthesis would run out of stack, which no test survives.
#[test]
fn texts_that_nest_without_end_are_refused() {
    let deep = "(".repeat(1_000_000);
    let message = Unit::parse(&deep).unwrap_err().to_string();
    assert!(message.contains("100 levels"), "{message}");
    assert!(message.len() < 300, "{message}");
    let message = Expression::parse(&deep[..9_000], &[])
        .unwrap_err()
        .to_string();
    assert!(message.contains("100 levels"), "{message}");
    let json = "[".repeat(1_000_000);
    assert!(Export::from_json(&json).is_err());
    assert!(DenseNetwork::from_json(&json).is_err());
}
