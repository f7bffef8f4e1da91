//! How notebooks show datasets and fronts.

use crate::dataset::Dataset;
use crate::notebook::{escape_html, show};
use crate::search::{Candidate, ParetoFront};

/// How many rows of a dataset a notebook shows.
const SHOWN_ROWS: usize = 5;
/// The share by which a formula has to lower the loss of all shorter ones to get a row of its own
/// in a notebook. Twice this hides steps that readers ask about; half of it shows near ties.
const WORTH_A_STEP: f64 = 0.05;

impl Dataset {
    /// Shows the first rows in a notebook. The kernel calls this for the last value of a cell.
    pub fn evcxr_display(&self) {
        let names = self
            .feature_names()
            .iter()
            .map(String::as_str)
            .chain([self.target_name()]);
        let header: String = names
            .map(|name| format!("<th>{}</th>", escape_html(name)))
            .collect();
        let rows: String = (0..self.n_samples().min(SHOWN_ROWS))
            .map(|row| {
                let features = self
                    .point(row)
                    .iter()
                    .map(|value| format!("<td>{value:.4}</td>"));
                let target = format!("<td>{}</td>", self.targets()[row]);
                format!("<tr>{}{target}</tr>", features.collect::<String>())
            })
            .collect();
        let size = format!("{} rows, {} features", self.n_samples(), self.n_features());
        let html = format!("<table><tr>{header}</tr>{rows}</table><p>{size}</p>");
        show(&[("text/html", &html), ("text/plain", &size)]);
    }
}

impl ParetoFront {
    /// Shows the front in a notebook: the chosen formula typeset, then the steps of the front as a
    /// table. Formulas that are hardly better than a shorter one are folded away. The kernel calls
    /// this for the last value of a cell.
    pub fn evcxr_display(&self) {
        show(&[
            ("text/html", &self.html()),
            ("text/plain", &self.to_string()),
        ]);
    }

    fn html(&self) -> String {
        let best = self.best().map(|best| best.complexity);
        let is_chosen = |candidate: &Candidate| Some(candidate.complexity) == best;
        let mut lowest = f64::INFINITY;
        let (steps, others): (Vec<_>, Vec<_>) = self.candidates().iter().partition(|candidate| {
            let is_step = candidate.loss < (1.0 - WORTH_A_STEP) * lowest;
            lowest = lowest.min(candidate.loss);
            is_step || is_chosen(candidate)
        });
        let mut html = String::new();
        if let Some(best) = self.best() {
            let formula = best.expression.to_latex(self.feature_names());
            html += &format!("$$\\displaystyle {} $$", escape_html(&formula));
        }
        html += &self.table(&steps, best);
        if !others.is_empty() {
            let summary = match others.len() {
                1 => "1 formula that is".to_string(),
                n => format!("{n} formulas that are"),
            };
            html += &format!(
                "<details><summary>{summary} hardly better than a shorter one</summary>{}</details>",
                self.table(&others, best)
            );
        }
        html
    }

    fn table(&self, candidates: &[&Candidate], best: Option<usize>) -> String {
        let has_units = self
            .candidates()
            .iter()
            .any(|candidate| self.unit(candidate).is_some());
        let rows: String = candidates
            .iter()
            .map(|candidate| {
                let formula = format!("<code>{}</code>", escape_html(&self.formula(candidate)));
                let formula = if Some(candidate.complexity) == best {
                    format!("<b>{formula}</b> &#9664; chosen")
                } else {
                    formula
                };
                let (complexity, loss) = (candidate.complexity, candidate.loss);
                let unit = self.unit(candidate).map(|unit| unit.to_string());
                let unit = unit.map(|unit| format!("<td>{}</td>", escape_html(&unit)));
                let unit = unit.unwrap_or_default();
                format!(
                    "<tr><td>{complexity}</td><td>{loss:.2e}</td>{unit}\
                     <td style=\"text-align:left\">{formula}</td></tr>"
                )
            })
            .collect();
        let unit = if has_units { "<th>unit</th>" } else { "" };
        format!(
            "<table><tr><th>complexity</th><th>loss</th>{unit}\
             <th style=\"text-align:left\">formula</th></tr>{rows}</table>"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::Expression;

    #[test]
    fn near_ties_are_folded_and_the_chosen_formula_has_a_row() {
        let mut front = ParetoFront::new(vec!["a".to_string()], 0.0);
        let formulas = [
            ("x1", 1.0),
            ("x1 + x1**2", 0.5),
            ("x1 + x1**2 + x1**3", 0.49),
            ("x1*exp(x1)/(x1 + exp(x1))", 0.2),
        ];
        for (formula, loss) in formulas {
            let expression: Expression = formula.parse().unwrap();
            front.insert(Candidate::new(expression, loss));
        }
        let html = front.html();
        let (steps, folded) = html.split_once("<details>").unwrap();
        assert!(folded.contains("<code>a + a**2 + a**3</code>"), "{html}");
        assert!(folded.contains("1 formula that is hardly better"), "{html}");
        for formula in ["a", "a + a**2", "a*exp(a)/(a + exp(a))"] {
            assert!(steps.contains(&format!("<code>{formula}</code>")), "{html}");
        }
        assert!(steps.starts_with("$$\\displaystyle "), "{html}");
        assert_eq!(html.matches("chosen").count(), 1, "{html}");
    }
}
