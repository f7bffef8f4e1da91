//! `closedform study verdicts`: what verdicts and intervals are worth.

use crate::monitor::Interruption;
use crate::output;
use clap::Args;
use closedform::files::write_atomically;
use closedform::{Result, Task};
use closedform_studies::verdicts::{Condition, VerdictPlan, VerdictSummary, run_verdicts};
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Networks are trained on formulas of 17 kinds that are known, as classifiers and as regressors, and what
their certificates say is compared with the truth. Rows are written to verdicts.jsonl before the next
run begins, and the table to verdicts.md.

Examples:
  closedform study verdicts
  closedform study verdicts --kinds decay,sine --data plain,few-rows --seeds 10 --out waves
  closedform study verdicts --jobs 2 --resume")]
pub struct VerdictArguments {
    /// The kinds of formulas [default: all 17].
    #[arg(long, value_name = "KIND,KIND,..", value_delimiter = ',')]
    kinds: Vec<String>,
    /// What the data are like: plain, noisy (10 % in place of 1 %), few-rows (400 in place of 4000),
    /// correlated (inputs) or rare-class (a tenth of the rows) [default: all].
    #[arg(long, value_name = "NAME,NAME,..", value_delimiter = ',', value_parser = Condition::named)]
    data: Vec<Condition>,
    /// How many seeds to run, from 0 on.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    seeds: u64,
    /// The folder to keep the rows in.
    #[arg(long, value_name = "FOLDER", default_value = "data/verdicts")]
    out: PathBuf,
    /// Continue: keep the runs that are in the folder, and make the others.
    #[arg(long)]
    resume: bool,
    /// How many runs to make at once. With several, each network is trained by one thread.
    #[arg(long, value_name = "N", default_value_t = 1)]
    jobs: usize,
}

pub fn verdicts(arguments: &VerdictArguments) -> Result<()> {
    let conditions = if arguments.data.is_empty() {
        Condition::of(Task::Classification).collect()
    } else {
        arguments.data.clone()
    };
    let plan = VerdictPlan {
        kinds: arguments.kinds.clone(),
        conditions,
        n_seeds: arguments.seeds,
    };
    let interruption = Interruption::new();
    let (folder, resume, n_jobs) = (&arguments.out, arguments.resume, arguments.jobs);
    let rows = run_verdicts(&plan, folder, resume, n_jobs, &|finished| {
        output::say(finished);
        interruption.flow()
    })?;
    interruption.tell_how_to_resume(folder);
    let summary = VerdictSummary::new(&rows).to_string();
    write_atomically(&folder.join("verdicts.md"), summary.as_bytes())?;
    output::print(&summary)
}
