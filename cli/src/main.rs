//! The command line `closedform`: arguments in, library calls, results out. It has no logic of its
//! own.

mod arguments;
#[cfg(feature = "network")]
mod benchmark;
mod data;
mod data_arguments;
mod export;
#[cfg(feature = "network")]
mod interpret;
#[cfg(feature = "network")]
mod model_arguments;
mod monitor;
mod output;
mod parse;
mod polynomial;
mod search;
mod search_options;
#[cfg(feature = "network")]
mod shards;
#[cfg(feature = "network")]
mod simulation;
#[cfg(feature = "network")]
mod study;
#[cfg(feature = "network")]
mod verdicts;

use arguments::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;

/// Exit codes: 0 for success, 1 for a failure with a message on standard error, 2 for wrong usage
/// (from clap), 3 for a result that was printed, but a file beside it couldn't be written.
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.command {
        #[cfg(feature = "network")]
        Command::Interpret(options) => interpret::interpret(options),
        #[cfg(feature = "network")]
        Command::Experiment(options) => interpret::experiment(options),
        #[cfg(feature = "network")]
        Command::Study(options) => study::study(options).map(whole),
        #[cfg(feature = "network")]
        Command::Simulation(options) => simulation::simulation(options).map(whole),
        Command::Data(options) => data::data(options).map(whole),
        Command::Search(options) => search::search(options),
        Command::Export(options) => export::export(options),
        Command::Polynomial(options) => polynomial::polynomial(options),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            output::say(format_args!("closedform: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// The exit code of a command that writes nothing beside its result.
fn whole((): ()) -> ExitCode {
    ExitCode::SUCCESS
}
