//! The summary of a study as text, in tables that fit 100 columns.

use super::{StudyGroup, StudyLine, StudySummary};
use std::fmt::{Display, Formatter, Result};

/// How many formulas are listed for each experiment.
const MAX_FORMULAS: usize = 5;

impl Display for StudySummary {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (index, group) in self.groups.iter().enumerate() {
            if index > 0 {
                write!(f, "\n\n")?;
            }
            write!(f, "{group}")?;
        }
        Ok(())
    }
}

impl Display for StudyGroup {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let (preset, n_epochs, n_points) = (&self.preset, self.n_epochs, self.n_points);
        let noise = short_percent(self.label_noise);
        writeln!(
            f,
            "{n_points} points, {noise} label noise, preset {preset}, {n_epochs} epochs\n"
        )?;
        writeln!(f, "How often the structure was found, with 95 % intervals")?;
        writeln!(
            f,
            "{:>10}  {:>4}  {:<26}{:<26}median largest error",
            "experiment", "runs", "structure", "constants within 5 %"
        )?;
        for line in &self.lines {
            let error = line.constants_error.map(short_percent);
            writeln!(
                f,
                "{:>10}  {:>4}  {:<26}{:<26}{}",
                line.experiment,
                line.n_runs,
                line.structure,
                line.constants,
                error.as_deref().unwrap_or("-")
            )?;
        }
        writeln!(
            f,
            "\n{:>10}  {:<28}same decision as the truth",
            "experiment", "same concept as the network"
        )?;
        for line in &self.lines {
            let (concept, decision) = (line.same_concept, line.same_decision);
            writeln!(f, "{:>10}  {concept:<28}{decision}", line.experiment)?;
        }
        writeln!(
            f,
            "\nMedians: mean |cos| between gradients, same decisions, seconds"
        )?;
        writeln!(f, "{:>10}  network, truth      formula,  formula,", "")?;
        writeln!(
            f,
            "{:>10}  {:<9} {:<9} {:<9} {:<9} {:<9} {:>7} {:>7} {:>7}",
            "experiment",
            "chosen",
            "whole box",
            "network",
            "truth",
            "decision",
            "train",
            "search",
            "total"
        )?;
        for line in &self.lines {
            write!(f, "{:>10}  ", line.experiment)?;
            let cosines = [
                line.fidelity,
                line.fidelity_of_box,
                line.network_cosine,
                line.truth_cosine,
            ];
            for cosine in cosines {
                write!(
                    f,
                    "{:<9} ",
                    or_dash(cosine, |cosine| format!("{cosine:.5}"))
                )?;
            }
            let agreement = or_dash(line.agreement, |share| format!("{:.2} %", 100.0 * share));
            write!(f, "{agreement:<9}")?;
            for seconds in [line.seconds_train, line.seconds_search, line.seconds_total] {
                write!(
                    f,
                    " {:>7}",
                    or_dash(seconds, |seconds| format!("{seconds:.1}"))
                )?;
            }
            writeln!(f)?;
        }
        write!(
            f,
            "\nFormulas and how often each was found; * has the structure"
        )?;
        self.lines
            .iter()
            .try_for_each(|line| write_formulas(line, f))
    }
}

fn write_formulas(line: &StudyLine, f: &mut Formatter<'_>) -> Result {
    for (index, (formula, is_found, n)) in line.formulas.iter().take(MAX_FORMULAS).enumerate() {
        let experiment = match index {
            0 => line.experiment.to_string(),
            _ => String::new(),
        };
        let mark = if *is_found == Some(true) { "*" } else { " " };
        write!(f, "\n{experiment:>10}  {n:>4} {mark} {formula}")?;
    }
    let rest = line.formulas.iter().skip(MAX_FORMULAS);
    let n_rest: usize = rest.map(|(.., n)| n).sum();
    if n_rest > 0 {
        write!(f, "\n{:>10}  {n_rest:>4}   others", "")?;
    }
    for (reason, n) in &line.failures {
        write!(f, "\n{:>10}  {n:>4}   failed: {reason}", line.experiment)?;
    }
    Ok(())
}

fn or_dash(number: Option<f64>, format: impl Fn(f64) -> String) -> String {
    number.map_or_else(|| "-".to_string(), format)
}

/// Per cent with at most two decimals.
fn short_percent(share: f64) -> String {
    format!("{} %", (share * 1e4).round() / 100.0)
}
