//! `closedform simulation`: networks trained on random polynomials, and their Taylor polynomials.

use crate::{monitor::Interruption, output};
use clap::{Args, Subcommand};
use closedform::Result;
use closedform_studies::simulation::{
    SimulationPlan, SimulationProgress, SimulationRow, SimulationSummary, read_simulation,
    run_simulation,
};
use std::path::{Path, PathBuf};

const FOLDER: &str = "data/simulation";

#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
The networks learn random polynomials of degree 2 in 3, 4 and 5 inputs, with all interactions: 250
points of each, with noise, scaled to [-1, 1]. Four fifths of the points train the networks, and one
fifth tests them.
Each polynomial is learned by 18 networks with one hidden layer: softplus, tanh and sigmoid; 4, 10
and 25 neurons; without and with the constraint that the weights of each neuron, bias included, have
an l1 norm of 1. Networks of one shape are trained together. 500 polynomials make 9000 networks,
which take one or two minutes on two cores.

The rows of finished networks are written to simulation.parquet and simulation.csv before the next
ones begin. A kill or Ctrl-C at any moment loses at most the networks being trained.

Examples:
  closedform simulation
  closedform simulation --networks 50 --out quick
  closedform simulation --networks 2000 --resume
  closedform simulation report"
)]
pub struct SimulationArguments {
    #[command(subcommand)]
    command: Option<SimulationCommand>,
    /// How many polynomials to draw; each is learned by a network of each activation, size and
    /// constraint.
    #[arg(long, value_name = "N", default_value_t = SimulationPlan::default().n_networks)]
    networks: usize,
    /// The seed that fixes everything that is drawn.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Passes over the training data.
    #[arg(long, value_name = "N", default_value_t = SimulationPlan::default().n_epochs)]
    epochs: usize,
    /// The order of the activations' Taylor series around 0, 1 to 30.
    #[arg(long, value_name = "K", default_value_t = SimulationPlan::default().taylor_order)]
    taylor_order: usize,
    /// The folder to keep the rows in.
    #[arg(long, value_name = "FOLDER", default_value = FOLDER)]
    out: PathBuf,
    /// Continue: keep the networks that are in the folder, and train the others.
    #[arg(long)]
    resume: bool,
    /// How many groups of networks to train at once [default: one for each core].
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Print the summary as one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum SimulationCommand {
    /// Summarize a simulation by quartiles, and draw its figures.
    Report {
        /// The simulation's folder; the figures are saved beside its rows.
        #[arg(long = "in", alias = "out", value_name = "FOLDER", default_value = FOLDER)]
        folder: PathBuf,
        /// Print the summary as one JSON object.
        #[arg(long)]
        json: bool,
    },
}

pub fn simulation(arguments: &SimulationArguments) -> Result<()> {
    if let Some(SimulationCommand::Report { folder, json }) = &arguments.command {
        return report(folder, *json);
    }
    let plan = SimulationPlan {
        n_networks: arguments.networks,
        n_epochs: arguments.epochs,
        taylor_order: arguments.taylor_order,
        seed: arguments.seed,
        ..SimulationPlan::default()
    };
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let n_jobs = arguments.jobs.unwrap_or_else(cores);
    let interruption = Interruption::new();
    let folder = &arguments.out;
    let rows = run_simulation(&plan, folder, arguments.resume, n_jobs, &|progress| {
        if let SimulationProgress::Finished(finished) = progress {
            output::say(finished);
        }
        interruption.flow()
    })?;
    interruption.tell_how_to_resume(folder);
    summary(&rows, arguments.json)
}

fn summary(rows: &[SimulationRow], json: bool) -> Result<()> {
    let summary = SimulationSummary::new(rows);
    if json {
        output::json(&summary)
    } else {
        output::print(&summary.to_string())
    }
}

fn report(folder: &Path, json: bool) -> Result<()> {
    let rows = read_simulation(folder)?;
    summary(&rows, json)?;
    for (name, figure) in closedform_studies::plot::simulation_figures(&rows)? {
        let path = folder.join(name);
        figure.save(&path)?;
        output::say(format_args!("drawn: {}", path.display()));
    }
    Ok(())
}
