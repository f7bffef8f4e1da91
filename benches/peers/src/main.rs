//! Stands closedform beside other symbolic regression crates: one run, one machine.

mod arguments;
mod csv;
mod evaluation;
mod gradients;
mod judge;
mod labels;
mod monotone;
mod problems;
mod scaling;
mod table;
mod trees;
mod values;

use arguments::{Arguments, Misuse};
use std::process::ExitCode;

const HELP: &str = "\
usage: peers COMMAND [OPTION VALUE]...

commands:
  evaluation   how fast formulas and their gradients are evaluated,
               beside dynamic_expressions
  gradients    formulas recovered from the true gradients of experiments 1 to 8
    --seeds N         points and searches per experiment (10)
    --noise P         Gaussian noise of P percent on every component
    --through-phi     seen through a random monotone function
                      without these two: exact, through phi, and 1, 3, 10 % noise
    --only NAME       the experiments whose names begin so
  labels       decision functions recovered from the labels of experiments 1 to 6
    --seeds N         datasets and searches per experiment (10)
    --loss NAME       hinge or logistic; without it, both
    --only NAME       the experiments whose names begin so
  values       formulas recovered from values, beside symbolic_regression
    --seeds N         points and searches per problem (1)
    --time-limit S    seconds per search (10)
    --only NAME       the problems whose names begin so
    --contestant NAME closedform or symbolic_regression alone
  csv          the formula of symbolic_regression for the target y of a table
    --data FILE       a CSV file
    --time-limit S    seconds (10)
  scaling      how the cost of closedform grows: evaluation with rows and nodes,
               a search with points
    --memory S        instead: one search of S seconds (600) on noisy values,
                      its resident memory at every tenth of them (Linux)
";

fn main() -> ExitCode {
    let mut arguments = Arguments::of_process();
    let outcome = match arguments.command().as_deref() {
        Some("csv") => csv::run(arguments),
        Some("evaluation") => evaluation::run(arguments),
        Some("gradients") => gradients::run(arguments),
        Some("labels") => labels::run(arguments),
        Some("scaling") => scaling::run(arguments),
        Some("values") => values::run(arguments),
        Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Some(other) => Err(Misuse(format!("there is no command \"{other}\"")).into()),
        None => Err(Misuse("a command is missing".into()).into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<Misuse>() => {
            eprint!("peers: {error}\n\n{HELP}");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("peers: {error}");
            ExitCode::FAILURE
        }
    }
}
