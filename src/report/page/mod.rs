//! Results as self-contained HTML pages, which need no internet connection, no script and no other
//! file.

mod interpretation;
mod search;

use super::{Export, Language};
use crate::error::Result;
use crate::formula::Expression;
use crate::notebook::escape_html;
use crate::plot::Figure;
use crate::search::ParetoFront;
use std::fmt::{Debug, Display};

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

/// A browser runs no script in a page and loads nothing for it, whatever the names in it are.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// A whole page: its title, and sections of a heading and their content. The first section needs no
/// heading.
fn document(title: &str, sections: &[(&str, String)]) -> String {
    let title = escape_html(title);
    let sections: String = sections
        .iter()
        .map(|(heading, content)| match *heading {
            "" => format!("{content}\n"),
            heading => format!("<h2>{heading}</h2>\n{content}\n"),
        })
        .collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\
         <title>{title}</title><style>{STYLE}</style></head><body>\n\
         <h1>{title}</h1>\n{sections}</body></html>\n"
    )
}

/// Figures with their captions.
fn figures(figures: &[(&str, Figure)]) -> String {
    let figures = figures.iter().map(|(caption, figure)| {
        let svg = figure.svg();
        format!("<figure>{svg}<figcaption>{caption}</figcaption></figure>\n")
    });
    figures.collect()
}

/// A formula as MathML, with what follows it.
fn math(formula: &Expression, names: &[String], rest: &str) -> String {
    let content = formula.to_mathml(names) + rest;
    format!("<div class=\"formula\"><math display=\"block\"><mrow>{content}</mrow></math></div>")
}

/// Rows of a name and a value.
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

/// How a result was made: rows of a name and a text, and all options, collapsed.
fn settings(lines: &[(&str, String)], options: &impl Debug) -> String {
    format!(
        "{}\n<details><summary>All settings</summary><pre>{}</pre></details>",
        table(lines),
        escape_html(&format!("{options:#?}"))
    )
}

/// All formulas of a front, the chosen one marked.
fn front_table(front: &ParetoFront, chosen_complexity: usize) -> String {
    let rows: String = front
        .candidates()
        .iter()
        .map(|candidate| {
            let unit = front.unit(candidate).map(|unit| format!(" [{unit}]"));
            let class = if candidate.complexity == chosen_complexity {
                " class=\"chosen\""
            } else {
                ""
            };
            let held_out = candidate.held_out.map(|own| format!("{:.2e}", own.loss));
            format!(
                "<tr{class}><td class=\"number\">{}</td><td class=\"number\">{:.2e}</td>\
                 <td class=\"number\">{}</td><td><code>{}</code>{}</td></tr>\n",
                candidate.complexity,
                candidate.loss,
                held_out.unwrap_or_default(),
                escape_html(&front.formula(candidate)),
                escape_html(&unit.unwrap_or_default())
            )
        })
        .collect();
    format!(
        "<table><tr><th class=\"number\">complexity</th><th class=\"number\">loss</th>\
         <th class=\"number\">held out</th><th>formula</th></tr>\n{rows}</table>"
    )
}

/// The formula in every language that is text, collapsed.
fn sources(export: &Export) -> Result<String> {
    let in_language = |language: Language| {
        let source = export.to_source(language)?;
        Ok(format!(
            "<details><summary>{}</summary><pre>{}</pre></details>\n",
            language.name(),
            escape_html(&source)
        ))
    };
    let languages = Language::ALL
        .into_iter()
        .filter(|language| language.is_text());
    languages.map(in_language).collect()
}
