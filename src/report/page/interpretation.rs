//! An interpretation as one self-contained HTML page.

use super::{document, figures, front_table, math, settings, sources, table};
use crate::dataset::Dataset;
use crate::error::Result;
use crate::files::write_atomically;
use crate::interpretation::Interpreted;
use crate::model::Model;
use crate::notebook::escape_html;
use crate::plot::interpretation_figures;
use std::fmt::Debug;
use std::path::Path;

impl<M: Model> Interpreted<M> {
    /// Writes the run as one HTML page: formula, certificate, figures, front, settings, version and
    /// seed. The page needs no internet connection, no script and no other file. It is never left
    /// half written.
    ///
    /// `training` and `fresh` are the rows that the run was given. `options` are its options, those
    /// of the training included if there was one. `about` are further lines that say where the run
    /// comes from, such as the data's file.
    ///
    /// # Errors
    /// If the data have other features than the model, or if the folder can't be written to.
    pub fn save_page(
        &self,
        path: impl AsRef<Path>,
        training: &Dataset,
        fresh: &Dataset,
        options: &impl Debug,
        about: &[(&str, String)],
    ) -> Result<()> {
        let page = document(
            &format!("What predicts {}", training.target_name()),
            &[
                ("", self.answer()),
                ("How far it holds", table(&self.interpretation.figures())),
                (
                    "Figures",
                    figures(&interpretation_figures(self, training, fresh)?),
                ),
                (
                    "All formulas of the search",
                    front_table(
                        &self.found.front,
                        self.interpretation.candidate().complexity,
                    ),
                ),
                ("To take away", sources(&self.interpretation.export()?)?),
                (
                    "How it was made",
                    self.making(training, fresh, options, about),
                ),
            ],
        );
        write_atomically(path.as_ref(), page.as_bytes())
    }

    /// The formula with its threshold and verdict.
    fn answer(&self) -> String {
        let interpretation = &self.interpretation;
        let names = interpretation.feature_names();
        let chosen = &interpretation.candidate().expression;
        let rule = interpretation
            .threshold()
            .map(|threshold| format!("<mo>&gt;</mo><mn>{threshold:.4}</mn>"));
        let whole = interpretation.whole().map(|whole| {
            format!(
                "<p>The whole formula of its output:</p>{}",
                math(whole, names, "")
            )
        });
        let bounds = match (interpretation.threshold(), interpretation.rule()) {
            (None, Some(rule)) => {
                let text = escape_html(&rule.text("T", "<", " or "));
                format!("<p>Class 1 is where {text}, with this formula as T.</p>\n")
            }
            _ => String::new(),
        };
        format!(
            "{}\n{bounds}<p class=\"verdict\">Verdict: {}.</p>\n{}<p>As text, and as LaTeX:</p>\
             <pre>{}</pre><pre>{}</pre>",
            math(chosen, names, &rule.unwrap_or_default()),
            interpretation.certificate().verdict,
            whole.unwrap_or_default(),
            escape_html(&interpretation.formula()),
            escape_html(&interpretation.latex())
        )
    }

    fn making(
        &self,
        training: &Dataset,
        fresh: &Dataset,
        options: &impl Debug,
        about: &[(&str, String)],
    ) -> String {
        let seconds = &self.seconds;
        let noise = if self.noise > 0.0 {
            format!("{:.2e}", self.noise)
        } else {
            "not measured".to_string()
        };
        let mut lines: Vec<(&str, String)> = about.to_vec();
        lines.extend([
            ("features", training.feature_names().join(", ")),
            (
                "rows that the formula was found on",
                training.n_samples().to_string(),
            ),
            (
                "rows that the formula was judged on",
                fresh.n_samples().to_string(),
            ),
            ("seed", self.seed.to_string()),
            (
                "seconds",
                format!(
                    "{:.1} (training {:.1}, gradients {:.1}, search {:.1}: {})",
                    seconds.total,
                    seconds.train,
                    seconds.gradients,
                    seconds.search,
                    self.found.stop_reason
                ),
            ),
            ("noise", noise),
            ("closedform", env!("CARGO_PKG_VERSION").to_string()),
        ]);
        settings(&lines, options)
    }
}
