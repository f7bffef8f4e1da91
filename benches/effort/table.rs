//! The table of what each change does to the rate of recovery and to the time.

use crate::arguments::Arguments;
use crate::changes::Change;
use crate::records::Record;
use std::fmt::Write;
use std::path::Path;

/// People write what is above this line in a file.
const MARK: &str = "<!-- what follows is written by the benchmark -->\n";

/// Writes the table into a file, below the mark.
pub fn replace(file: &Path, table: &str) -> std::io::Result<()> {
    let before = std::fs::read_to_string(file).unwrap_or_default();
    let head = before.split(MARK).next().unwrap_or_default();
    std::fs::write(file, format!("{head}{MARK}\n{table}"))
}

/// The table in Markdown, with a row for each recorded change. Each change is compared with the
/// defaults on the searches that were run with both.
pub fn written(changes: &[Change], records: &[Record], arguments: &Arguments) -> String {
    let of = |name: &str| -> Vec<&Record> {
        let mut own: Vec<&Record> = records.iter().filter(|r| r.change == name).collect();
        own.sort_by(|a, b| (&a.problem, a.seed).cmp(&(&b.problem, b.seed)));
        own
    };
    let defaults = of("default");
    let default_of = |record: &Record| {
        let mut all = defaults.iter();
        all.find(|own| own.problem == record.problem && own.seed == record.seed)
            .copied()
    };
    let mut text = format!(
        "Up to {} searches for each change: {} generations at most, stopped after {} s.\n\n",
        defaults.len(),
        arguments.n_generations,
        arguments.limit
    );
    text += "| change | found | with the defaults | median | total | defaults' total | gained | lost |\n";
    text += "|--------|------:|------------------:|-------:|------:|----------------:|--------|------|\n";
    for change in changes {
        let both: Vec<(&Record, &Record)> = of(&change.name)
            .into_iter()
            .filter_map(|record| Some((record, default_of(record)?)))
            .collect();
        if both.is_empty() {
            continue;
        }
        let is_found = |record: &Record| record.outcome.is_recovered;
        let n = both.len();
        let n_found = both.iter().filter(|(own, _)| is_found(own)).count();
        let n_usual = both.iter().filter(|(_, usual)| is_found(usual)).count();
        let mut seconds: Vec<f64> = both.iter().map(|(own, _)| own.outcome.seconds).collect();
        seconds.sort_by(f64::total_cmp);
        let total: f64 = seconds.iter().sum();
        let usual: f64 = both.iter().map(|(_, usual)| usual.outcome.seconds).sum();
        let named = |wanted: (bool, bool)| {
            let differ = both
                .iter()
                .filter(|(own, usual)| (is_found(own), is_found(usual)) == wanted);
            let names = differ.map(|(own, _)| format!("{} {}", own.problem, own.seed));
            names.collect::<Vec<_>>().join(", ")
        };
        // Writing to a string can't fail.
        let _ = writeln!(
            text,
            "| `{}` | {n_found} of {n} | {n_usual} | {:.2} s | {total:.0} s | {usual:.0} s | {} | {} |",
            change.name,
            seconds[n / 2],
            named((true, false)),
            named((false, true)),
        );
    }
    text
}
