//! An interpretation as one self-contained HTML page.

use super::Language;
use crate::dataset::Dataset;
use crate::error::Result;
use crate::files::write_atomically;
use crate::interpretation::Interpreted;
use crate::model::Model;
use crate::notebook::escape_html;
use crate::plot::interpretation_figures;
use std::fmt::{Debug, Display};
use std::path::Path;

const STYLE: &str = "\
body{font:16px/1.5 system-ui,sans-serif;max-width:52em;margin:2em auto;padding:0 1em;color:#1b1b1b}\
h1{font-size:1.6em}h2{font-size:1.2em;margin-top:2em;border-bottom:1px solid #ddd}\
.formula{font-size:1.5em;margin:1em 0;padding:.3em 0;overflow:auto hidden}\
.verdict{font-weight:600}\
table{border-collapse:collapse;width:100%;font-size:.9em}\
td,th{text-align:left;padding:.25em .8em .25em 0;vertical-align:top;border-bottom:1px solid #eee}\
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\
tr.chosen{font-weight:600;background:#eef4fb}\
pre,code{font:.85em/1.4 ui-monospace,monospace}\
pre{background:#f6f6f6;padding:.8em;overflow-x:auto}\
figure{margin:1.5em 0}figure svg{max-width:100%;height:auto}figcaption{color:#555;font-size:.9em}";

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
        let figures: String = interpretation_figures(self, training, fresh)?
            .iter()
            .map(|(caption, figure)| {
                let svg = figure.svg();
                format!("<figure>{svg}<figcaption>{caption}</figcaption></figure>\n")
            })
            .collect();
        let title = format!("What predicts {}", escape_html(training.target_name()));
        let page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\">\
             <title>{title}</title><style>{STYLE}</style></head><body>\n\
             <h1>{title}</h1>\n{}\n<h2>How far it holds</h2>\n{}\n<h2>Figures</h2>\n{figures}\
             <h2>All formulas of the search</h2>\n{}\n<h2>To take away</h2>\n{}\n\
             <h2>How it was made</h2>\n{}\n</body></html>\n",
            self.answer(),
            table(&self.interpretation.figures()),
            self.front(),
            self.sources()?,
            self.making(training, fresh, options, about),
        );
        write_atomically(path.as_ref(), page.as_bytes())
    }

    /// The formula with its threshold and verdict.
    fn answer(&self) -> String {
        let interpretation = &self.interpretation;
        let names = interpretation.feature_names();
        let written = interpretation.candidate().expression.to_mathml(names);
        let rule = interpretation
            .threshold()
            .map(|threshold| format!("<mo>&gt;</mo><mn>{threshold:.4}</mn>"));
        let whole = interpretation.whole().map(|whole| {
            format!(
                "<p>The whole formula of its output:</p>{}",
                math(&whole.to_mathml(names))
            )
        });
        format!(
            "{}\n<p class=\"verdict\">Verdict: {}.</p>\n{}<p>As text, and as LaTeX:</p>\
             <pre>{}</pre><pre>{}</pre>",
            math(&(written + &rule.unwrap_or_default())),
            interpretation.certificate().verdict,
            whole.unwrap_or_default(),
            escape_html(&interpretation.formula()),
            escape_html(&interpretation.latex())
        )
    }

    fn front(&self) -> String {
        let front = &self.found.front;
        let chosen = self.interpretation.candidate().complexity;
        let rows: String = front
            .candidates()
            .iter()
            .map(|candidate| {
                let unit = front.unit(candidate).map(|unit| format!(" [{unit}]"));
                let class = if candidate.complexity == chosen {
                    " class=\"chosen\""
                } else {
                    ""
                };
                format!(
                    "<tr{class}><td class=\"number\">{}</td><td class=\"number\">{:.2e}</td>\
                     <td><code>{}</code>{}</td></tr>\n",
                    candidate.complexity,
                    candidate.loss,
                    escape_html(&front.formula(candidate)),
                    escape_html(&unit.unwrap_or_default())
                )
            })
            .collect();
        format!(
            "<table><tr><th class=\"number\">complexity</th><th class=\"number\">loss</th>\
             <th>formula</th></tr>\n{rows}</table>"
        )
    }

    /// The formula in every language, collapsed.
    fn sources(&self) -> Result<String> {
        let export = self.interpretation.export()?;
        let in_language = |language: &Language| {
            let source = export.to_source(*language)?;
            Ok(format!(
                "<details><summary>{}</summary><pre>{}</pre></details>\n",
                language.name(),
                escape_html(&source)
            ))
        };
        Language::ALL.iter().map(in_language).collect()
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
        format!(
            "{}\n<details><summary>All settings</summary><pre>{}</pre></details>",
            table(&lines),
            escape_html(&format!("{options:#?}"))
        )
    }
}

fn math(content: &str) -> String {
    format!("<div class=\"formula\"><math display=\"block\"><mrow>{content}</mrow></math></div>")
}

fn table(rows: &[(&str, impl Display)]) -> String {
    let row = |(name, value): &(&str, _)| -> String {
        let value = escape_html(&format!("{value}"));
        format!("<tr><td>{}</td><td>{value}</td></tr>\n", escape_html(name))
    };
    format!(
        "<table>\n{}</table>",
        rows.iter().map(row).collect::<String>()
    )
}
