//! The front of a search as a LaTeX table.

use crate::error::{Error, Result};
use crate::formula::Expression;
use serde::Deserialize;

/// The fields of a report that are read.
#[derive(Deserialize)]
struct Read {
    features: Vec<String>,
    formula: String,
    pareto_front: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    complexity: usize,
    /// None if it isn't finite.
    loss: Option<f64>,
    formula: String,
}

/// Every formula of a front as a LaTeX table, from the JSON of a [`Report`](crate::report::Report),
/// which the command line's `--json` prints. An arrow marks the chosen formula.
///
/// ```
/// use closedform::report::front_to_latex;
///
/// let report = r#"{"features": ["x1"], "formula": "x1**2", "pareto_front": [
///     {"complexity": 1, "loss": 0.25, "formula": "x1"},
///     {"complexity": 3, "loss": 1e-9, "formula": "x1**2"}]}"#;
/// let table = front_to_latex(report)?;
/// assert!(table.contains(r"$\rightarrow$ & 3 & $1.0 \cdot 10^{-9}$ & $x_{1}^{2}$ \\"));
/// # Ok::<(), closedform::Error>(())
/// ```
///
/// # Errors
/// Text that isn't such JSON.
pub fn front_to_latex(report: &str) -> Result<String> {
    let read: Read = serde_json::from_str(report).map_err(|error| {
        Error::Format(format!(
            "no front of a search ({error}); the text must be the output of --json"
        ))
    })?;
    let mut table =
        String::from("\\begin{tabular}{crrl}\n & complexity & loss & formula \\\\\n\\hline\n");
    for row in &read.pareto_front {
        let formula = Expression::parse(&row.formula, &read.features)?.to_latex(&read.features);
        let arrow = if row.formula == read.formula {
            "$\\rightarrow$"
        } else {
            ""
        };
        let loss = row.loss.map_or("\\infty".to_string(), in_tens);
        table += &format!(
            "{arrow} & {} & ${loss}$ & ${formula}$ \\\\\n",
            row.complexity
        );
    }
    Ok(table + "\\end{tabular}\n")
}

fn in_tens(value: f64) -> String {
    let text = format!("{value:.1e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => format!("{mantissa} \\cdot 10^{{{exponent}}}"),
        None => text,
    }
}
