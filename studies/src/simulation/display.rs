//! A simulation's summary as text, in a table that fits 100 columns.

use super::{Quartiles, SimulationLine, SimulationSummary};
use std::fmt::{Display, Formatter, Result};

impl Display for SimulationSummary {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(
            f,
            "{} networks; median [quartiles] of the mean squared error\n",
            self.n_networks
        )?;
        write!(
            f,
            "{:>23}  {:<23} {:<23} {:<23} all",
            "", "network and data", "network and polynomial", "extended range"
        )?;
        for line in &self.lines {
            write!(f, "\n{line}")?;
        }
        write!(
            f,
            "\n\nl1: with the constraint. all: the share of networks with all potentials within \
             the radius of\nconvergence."
        )
    }
}

impl Display for SimulationLine {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(
            f,
            "{:>8} {:>8} {:>5}  {:<23} {:<23} {:<23} {:.0} %",
            self.activation.to_string(),
            format!("width {}", self.width),
            if self.constrained { "l1" } else { "free" },
            self.network_mse.to_string(),
            self.polynomial_mse.to_string(),
            self.extended_mse.to_string(),
            100.0 * self.all_inside
        )
    }
}

impl Display for Quartiles {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Self {
            lower,
            median,
            upper,
        } = self;
        f.pad(&format!("{median:.1e} [{lower:.0e}, {upper:.0e}]"))
    }
}
