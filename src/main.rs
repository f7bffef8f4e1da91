//! The command line `closedform`: a door to the library, without logic of its own.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
