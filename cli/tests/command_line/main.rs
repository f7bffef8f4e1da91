//! The command line: what it prints, what it refuses, and with which exit code.

#[path = "../../../tests/support/command.rs"]
mod command;
#[path = "../../../tests/support/mod.rs"]
mod support;

mod commands;
mod data_files;
mod export_command;
#[cfg(unix)]
mod files_beside;
#[cfg(unix)]
mod given_models;
mod polynomial_command;
mod problem_files;
mod table_commands;
mod units;

/// The project's folder.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
