//! A search as one HTML page.

use super::super::{Export, Report};
use super::{document, figures, front_table, math, settings, sources, table};
use crate::error::{Error, Result};
use crate::files::write_atomically;
use crate::notebook::escape_html;
use crate::plot::{pareto_figure, prediction_figure, residual_figure};
use crate::search::{Objective, SearchResult, ValueObjective};
use std::fmt::Debug;
use std::path::Path;

impl SearchResult {
    /// Writes the search as one HTML page: the chosen formula, what it is worth on held-out rows,
    /// figures, front and settings. The page needs no internet connection, no script and no other
    /// file. It is never left half written.
    ///
    /// `report` is the search's report and `options` are its options. With the `values` that it
    /// searched by, the page shows predictions and residuals. `about` are lines that say where the
    /// data come from.
    ///
    /// # Errors
    /// A front without formulas, formulas that can't be exported, or a folder that can't be written
    /// to.
    pub fn save_page(
        &self,
        path: impl AsRef<Path>,
        report: &Report,
        values: Option<&ValueObjective>,
        options: &impl Debug,
        about: &[(&str, String)],
    ) -> Result<()> {
        let best = (self.front.best()).ok_or_else(|| {
            Error::NothingToDraw("the front has no formulas to write a page about".into())
        })?;
        let names = self.front.feature_names();
        let mut drawn = vec![(
            "The loss of every formula against its complexity; the chosen one is marked.",
            pareto_figure(&self.front)?,
        )];
        if let Some(values) = values {
            let found = best.expression.evaluate_everywhere(values.columns()).values;
            let defined = found
                .iter()
                .zip(values.target())
                .filter(|(f, _)| f.is_finite());
            let (found, truth): (Vec<f64>, Vec<f64>) = defined.unzip();
            drawn.push((
                "Its values against the targets that it was fitted to.",
                prediction_figure(&truth, &found)?,
            ));
            drawn.push((
                "Residuals: noise lies evenly around 0, a bend is something that the formula misses.",
                residual_figure(&truth, &found)?,
            ));
        }
        let export = Export::new(&best.expression, names)?.with_threshold(report.threshold)?;
        let answer = format!(
            "{}<pre>{}</pre><pre>{}</pre>",
            math(&best.expression, names, ""),
            escape_html(&report.formula),
            escape_html(&report.latex)
        );
        let mut making: Vec<(&str, String)> = about.to_vec();
        making.extend([
            ("features", names.join(", ")),
            ("seed", report.seed.to_string()),
            (
                "seconds",
                format!("{:.1} ({})", self.seconds, self.stop_reason),
            ),
            ("closedform", env!("CARGO_PKG_VERSION").to_string()),
        ]);
        let page = document(
            "The formula of a search",
            &[
                ("", answer),
                ("How far it holds", table(&report.worth())),
                ("Figures", figures(&drawn)),
                (
                    "All formulas of the search",
                    front_table(&self.front, best.complexity),
                ),
                ("To take away", sources(&export)?),
                ("How it was made", settings(&making, options)),
            ],
        );
        write_atomically(path.as_ref(), page.as_bytes())
    }
}

impl Report {
    /// What the formula is worth: lines of a name and a text.
    fn worth(&self) -> Vec<(&'static str, String)> {
        let mut lines = vec![
            ("complexity", self.complexity.to_string()),
            ("loss", format!("{:.3e}", self.loss)),
        ];
        let cosine = self.cosine.map(|cosine| format!("{cosine:.6}"));
        lines.extend(cosine.map(|cosine| ("mean |cos| with the given directions", cosine)));
        let held_out = self.held_out.as_ref().map(ToString::to_string);
        lines.extend(held_out.map(|share| ("on held-out rows", share)));
        let numbers: Vec<String> = self.numbers.iter().map(ToString::to_string).collect();
        if !numbers.is_empty() {
            lines.push(("numbers with 95 % intervals", numbers.join(", ")));
        }
        let beyond = self.extrapolation.map(|beyond| beyond.to_string());
        lines.extend(beyond.map(|beyond| ("beyond the rows", beyond)));
        let outlying = self.outlying_rows.map(|rows| rows.to_string());
        lines.extend(outlying.map(|rows| ("outlying rows", rows)));
        lines
    }
}
