//! How notebooks show datasets and fronts.

use crate::dataset::Dataset;
use crate::notebook::{escape_html, show};
use crate::search::ParetoFront;

/// How many rows of a dataset a notebook shows.
const SHOWN_ROWS: usize = 5;

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
    /// Shows the front as a table in a notebook, with the chosen formula in bold. The kernel calls
    /// this for the last value of a cell.
    pub fn evcxr_display(&self) {
        let best = self.best().map(|best| best.complexity);
        let rows: String = self
            .candidates()
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
        let units = self
            .candidates()
            .iter()
            .map(|candidate| self.unit(candidate));
        let unit = match units.flatten().next() {
            Some(_) => "<th>unit</th>",
            None => "",
        };
        let header = format!(
            "<tr><th>complexity</th><th>loss</th>{unit}\
             <th style=\"text-align:left\">formula</th></tr>"
        );
        let html = format!("<table>{header}{rows}</table>");
        show(&[("text/html", &html), ("text/plain", &self.to_string())]);
    }
}
