//! The display of an interpretation in a terminal and in a notebook.

use super::{Alignment, Interpretation, Score, Scores};
use crate::notebook::{escape_html, show};

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

fn cosines(alignment: &Alignment) -> String {
    format!(
        "{:.5}, worst 1 % {:.3}, lowest {:.3}",
        alignment.mean, alignment.worst_percent, alignment.minimum
    )
}

/// Each score, with its interval for the formula and the network.
fn scores(scores: &Scores, is_classifier: bool) -> String {
    let with_interval =
        |score: Score| format!("{:.3} ({:.3} to {:.3})", score.value, score.low, score.high);
    let [linear, constant] = if is_classifier {
        ["a logistic model", "the commoner class"]
    } else {
        ["a linear model", "the mean"]
    };
    let fitted = scores
        .linear
        .map(|score| format!("{linear} {:.3}, ", score.value));
    format!(
        "formula {}, network {}, {}{constant} {:.3}",
        with_interval(scores.formula),
        with_interval(scores.model),
        fitted.unwrap_or_default(),
        scores.constant.value
    )
}

impl Interpretation {
    /// Each figure of the certificate with its name.
    pub(crate) fn figures(&self) -> Vec<(&'static str, String)> {
        let (certificate, candidate) = (self.certificate(), self.candidate());
        let mut figures = vec![
            ("verdict", certificate.verdict.to_string()),
            ("complexity", candidate.complexity.to_string()),
            ("loss", format!("{:.2e}", candidate.loss)),
        ];
        if let Some(near) = &certificate.near_boundary {
            figures.push(("mean |cos|, fresh, near the boundary", cosines(near)));
        }
        let in_box = &certificate.in_box;
        figures.push(("mean |cos|, fresh, all", cosines(in_box)));
        figures.push((
            "share of fresh points with |cos| > 0.99",
            percent(in_box.covered),
        ));
        figures.push((
            "Spearman correlation with the latent model",
            format!("{:.5}", certificate.spearman),
        ));
        let phi = match self.link().formula_text() {
            Some(formula) => format!("f = {formula}, leaves "),
            None => "f = phi(T) leaves ".to_string(),
        };
        let explained = self.link().formula_explained();
        let left = 1.0 - explained.unwrap_or(self.link().explained());
        figures.push((
            "latent model f from the formula T",
            phi + &percent(left) + " of its variance",
        ));
        if let (Some(whole), Some(explained)) = (self.whole_formula(), self.whole_explained()) {
            let left = percent(1.0 - explained);
            figures.push((
                "whole formula",
                format!("{whole}, leaves {left} of the network"),
            ));
        }
        if let Some(agreement) = certificate.agreement {
            figures.push(("same decision as the network", percent(agreement)));
        }
        let is_classifier = certificate.network_accuracy.is_some();
        let name = match (is_classifier, certificate.scores.are_cross_validated) {
            (true, false) => "accuracy on fresh rows",
            (true, true) => "accuracy by cross-validation",
            (false, false) => "R^2 on fresh rows",
            (false, true) => "R^2 by cross-validation",
        };
        figures.push((name, scores(&certificate.scores, is_classifier)));
        if !certificate.rest.is_empty() {
            let parts = certificate.rest.iter();
            let parts: Vec<String> = parts
                .map(|part| {
                    format!(
                        "{} {:.0} %",
                        part.columns.join(" with "),
                        100.0 * part.share
                    )
                })
                .collect();
            figures.push(("the rest of f comes from", parts.join(", ")));
        }
        if certificate.outside > 0.0 {
            figures.push((
                "fresh rows outside the training rows' box",
                percent(certificate.outside),
            ));
        }
        if !certificate.constants.is_empty() {
            let intervals = certificate.constants.iter();
            let intervals: Vec<String> = intervals.map(ToString::to_string).collect();
            figures.push((
                "numbers with 95 % bootstrap intervals",
                intervals.join(", "),
            ));
        }
        figures
    }

    /// A classifier's rule, or the formula of a regressor.
    pub(super) fn rule_text(&self) -> String {
        match (self.threshold(), self.rule()) {
            (Some(threshold), _) => format!("{}  >  {threshold:.4}", self.formula()),
            (None, Some(rule)) => rule.text(&self.formula(), "<", "  or  "),
            (None, None) => self.formula(),
        }
    }

    /// Shows the interpretation in a notebook. The kernel calls this for a cell's last value.
    pub fn evcxr_display(&self) {
        show(&[
            ("text/html", &self.to_html()),
            ("text/plain", &self.to_string()),
        ]);
    }

    /// The interpretation as HTML with its formula in LaTeX, as notebooks show it.
    pub fn to_html(&self) -> String {
        let rule = match (self.threshold(), self.rule()) {
            (Some(threshold), _) => format!("{} > {threshold:.4}", self.latex()),
            (None, Some(rule)) => rule.text(&self.latex(), "<", " \\quad\\text{or}\\quad "),
            (None, None) => self.latex(),
        };
        let rows: String = self
            .figures()
            .iter()
            .map(|(name, value)| {
                format!(
                    "<tr><td style=\"text-align:left\">{}</td>\
                     <td style=\"text-align:left\">{}</td></tr>",
                    escape_html(name),
                    escape_html(value)
                )
            })
            .collect();
        format!(
            "$$\\displaystyle {} $$<table>{rows}</table>",
            escape_html(&rule)
        )
    }
}

impl std::fmt::Display for Interpretation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}", self.rule_text())?;
        for (name, value) in self.figures() {
            writeln!(f, "  {name:<44} {value}")?;
        }
        Ok(())
    }
}
