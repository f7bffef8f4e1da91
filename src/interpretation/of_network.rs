//! The interpretation of a network: a formula with the figures that say how far to trust it.

use super::statistics::{best_threshold, spearman};
use crate::dataset::{Dataset, Task};
use crate::error::{Error, Result};
use crate::network::Network;
use crate::report::{escape_html, show};
use crate::search::{Candidate, ParetoFront};

/// A formula that says what a network has learned, judged on points that nothing was fitted to.
///
/// The formula grows with the latent model: class 1 is where it exceeds the threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Interpretation {
    feature_names: Vec<String>,
    candidate: Candidate,
    cosine: f64,
    spearman: f64,
    threshold: Option<f64>,
    agreement: Option<f64>,
}

impl Interpretation {
    /// Judges the best formula of a front; see [`of_candidate`](Self::of_candidate).
    ///
    /// # Errors
    /// An empty front, and the errors of [`of_candidate`](Self::of_candidate).
    pub fn new(
        front: &ParetoFront,
        network: &Network,
        training: &Dataset,
        fresh: &Dataset,
        delta: f64,
    ) -> Result<Self> {
        let best = front.best().ok_or_else(|| {
            Error::Nothing(
                "no formula was found within the complexity and time allowed; raise either".into(),
            )
        })?;
        Self::of_candidate(best, network, training, fresh, delta)
    }

    /// Judges one formula against a network.
    ///
    /// The threshold is fitted on `training` to the network's own decisions. On `fresh`, rows that
    /// neither training nor search has seen, are measured: the mean `|cos|` between the gradients
    /// of formula and latent model at points with outputs within `[delta, 1 - delta]`, the
    /// Spearman correlation of their values, and the share of equal decisions.
    ///
    /// # Errors
    /// Datasets with other features than the network, or no fresh points within `delta`.
    pub fn of_candidate(
        candidate: &Candidate,
        network: &Network,
        training: &Dataset,
        fresh: &Dataset,
        delta: f64,
    ) -> Result<Self> {
        for data in [training, fresh] {
            if data.feature_names() != network.feature_names() {
                return Err(Error::Data(format!(
                    "the data has features {:?}, but the network {:?}",
                    data.feature_names(),
                    network.feature_names()
                )));
            }
        }
        let values = |data: &Dataset| -> Vec<f64> {
            let rows = data.points().chunks_exact(data.n_features());
            rows.map(|row| candidate.expression.value(row)).collect()
        };
        let decisions = |latent: &[f64]| latent.iter().map(|&f| f > 0.0).collect::<Vec<bool>>();
        let threshold = match network.task() {
            Task::Regression => None,
            Task::Classification => {
                let latent = network.latent(training.points())?;
                best_threshold(&values(training), &decisions(&latent))
            }
        };
        let fresh_latent = network.latent(fresh.points())?;
        let fresh_values = values(fresh);
        let agreement = threshold.map(|threshold| {
            let pairs = fresh_values.iter().zip(decisions(&fresh_latent));
            let n_equal = pairs
                .filter(|(value, decision)| (**value > threshold) == *decision)
                .count();
            n_equal as f64 / fresh.n_samples() as f64
        });
        Ok(Self {
            feature_names: network.feature_names().to_vec(),
            candidate: candidate.clone(),
            cosine: network
                .directions(fresh.points(), delta)?
                .mean_abs_cosine(&candidate.expression),
            spearman: spearman(&fresh_values, &fresh_latent),
            threshold,
            agreement,
        })
    }

    /// The formula with its complexity and loss.
    pub fn candidate(&self) -> &Candidate {
        &self.candidate
    }

    /// The formula, as sympy reads it.
    pub fn formula(&self) -> String {
        self.candidate.expression.to_formula(&self.feature_names)
    }

    /// The formula as LaTeX.
    pub fn latex(&self) -> String {
        self.candidate.expression.to_latex(&self.feature_names)
    }

    /// Mean `|cos|` between the gradients of formula and latent model on fresh points, in [0, 1].
    pub fn cosine(&self) -> f64 {
        self.cosine
    }

    /// Spearman correlation of formula and latent model on fresh points, in [-1, 1].
    pub fn spearman(&self) -> f64 {
        self.spearman
    }

    /// Class 1 is where the formula exceeds this; none for a regressor, or for a network that
    /// decides the same everywhere.
    pub fn threshold(&self) -> Option<f64> {
        self.threshold
    }

    /// The share of fresh points on which rule and network decide alike, in [0, 1].
    pub fn agreement(&self) -> Option<f64> {
        self.agreement
    }

    fn figures(&self) -> Vec<(&'static str, String)> {
        let mut figures = vec![
            ("complexity", self.candidate.complexity.to_string()),
            ("direction loss", format!("{:.2e}", self.candidate.loss)),
            ("mean |cos|, fresh points", format!("{:.5}", self.cosine)),
            (
                "Spearman correlation with the latent model",
                format!("{:.5}", self.spearman),
            ),
        ];
        if let Some(agreement) = self.agreement {
            figures.push((
                "same decision as the network",
                format!("{:.2} %", 100.0 * agreement),
            ));
        }
        figures
    }

    /// Shows the interpretation in a notebook; the kernel calls this for a cell's last value.
    pub fn evcxr_display(&self) {
        let rule = match self.threshold {
            Some(threshold) => format!("{} > {threshold:.4}", self.latex()),
            None => self.latex(),
        };
        let rows: String = self
            .figures()
            .iter()
            .map(|(name, value)| format!("<tr><td>{}</td><td>{value}</td></tr>", escape_html(name)))
            .collect();
        let html = format!(
            "$$\\displaystyle {} $$<table>{rows}</table>",
            escape_html(&rule)
        );
        show(&[("text/html", &html), ("text/plain", &self.to_string())]);
    }
}

impl std::fmt::Display for Interpretation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.threshold {
            Some(threshold) => writeln!(f, "{}  >  {threshold:.4}", self.formula())?,
            None => writeln!(f, "{}", self.formula())?,
        }
        for (name, value) in self.figures() {
            writeln!(f, "  {name:<44} {value}")?;
        }
        Ok(())
    }
}
