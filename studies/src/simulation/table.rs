//! The rows of a simulation on disk, as Parquet and as CSV.

use super::{SimulationRow, SimulationSettings};
use crate::records::{Table, write_frame};
use closedform::{Activation, Result};
use polars::prelude::*;
use std::path::Path;

/// The name of a simulation's files.
pub(super) const NAME: &str = "simulation";

/// Reads the rows of the simulation in a folder.
///
/// # Errors
/// If the folder has no simulation, or if the file isn't one.
pub fn read_simulation(folder: impl AsRef<Path>) -> Result<Vec<SimulationRow>> {
    let table = Table::read(folder.as_ref(), NAME)?;
    (0..table.n_rows()).map(|row| read(&table, row)).collect()
}

/// Writes the rows to both files. Each is written completely or not at all.
pub(super) fn write(folder: &Path, rows: &[SimulationRow]) -> Result<()> {
    write_frame(folder, NAME, frame(rows))
}

fn frame(rows: &[SimulationRow]) -> PolarsResult<DataFrame> {
    let count = |name: &str, of: fn(&SimulationSettings) -> usize| {
        let counts = rows.iter().map(|row| of(&row.settings) as u64);
        Column::new(name.into(), counts.collect::<Vec<_>>())
    };
    let number = |name: &str, of: fn(&SimulationRow) -> f64| {
        Column::new(name.into(), rows.iter().map(of).collect::<Vec<_>>())
    };
    let text = |name: &str, of: fn(&SimulationSettings) -> String| {
        let texts = rows.iter().map(|row| of(&row.settings));
        Column::new(name.into(), texts.collect::<Vec<_>>())
    };
    let constrained: Vec<bool> = rows.iter().map(|row| row.settings.constrained).collect();
    let columns = vec![
        text("activation", |s| s.activation.to_string()),
        count("width", |s| s.width),
        Column::new("constrained".into(), constrained),
        count("n_inputs", |s| s.n_inputs),
        count("seed", |s| s.seed as usize),
        count("n_samples", |s| s.n_samples),
        number("noise", |row| row.settings.noise),
        count("n_epochs", |s| s.n_epochs),
        count("taylor_order", |s| s.taylor_order),
        text("version", |s| s.version.clone()),
        number("network_mse", |row| row.network_mse),
        number("network_r2", |row| row.network_r2),
        number("polynomial_mse", |row| row.polynomial_mse),
        number("polynomial_r2", |row| row.polynomial_r2),
        number("extended_mse", |row| row.extended_mse),
        number("inside_share", |row| row.inside_share),
        number("largest_potential", |row| row.largest_potential),
        number("seconds_train", |row| row.seconds_train),
        number("seconds_polynomials", |row| row.seconds_polynomials),
    ];
    DataFrame::new(rows.len(), columns)
}

fn read(table: &Table, row: usize) -> Result<SimulationRow> {
    let count = |column: &str| table.count(column, row).map(|count| count as usize);
    let number = |column: &str| table.number(column, row);
    let activation = Activation::named(&table.text("activation", row)?);
    Ok(SimulationRow {
        settings: SimulationSettings {
            seed: table.count("seed", row)?,
            n_inputs: count("n_inputs")?,
            activation: activation
                .map_err(|error| table.refuse("activation", row, &error.to_string()))?,
            width: count("width")?,
            constrained: table.truth("constrained", row)?,
            n_samples: count("n_samples")?,
            noise: number("noise")?,
            n_epochs: count("n_epochs")?,
            taylor_order: count("taylor_order")?,
            version: table.text("version", row)?,
        },
        network_mse: number("network_mse")?,
        network_r2: number("network_r2")?,
        polynomial_mse: number("polynomial_mse")?,
        polynomial_r2: number("polynomial_r2")?,
        extended_mse: number("extended_mse")?,
        inside_share: number("inside_share")?,
        largest_potential: number("largest_potential")?,
        seconds_train: number("seconds_train")?,
        seconds_polynomials: number("seconds_polynomials")?,
    })
}
