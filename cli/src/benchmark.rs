//! `closedform study benchmark`: how many known equations come back.

use crate::monitor::Interruption;
use crate::output;
use clap::Args;
use closedform::Result;
use closedform::files::write_atomically;
use closedform_studies::benchmark::{
    BenchmarkPlan, BenchmarkSummary, ProblemSet, Source, run_benchmark,
};
use std::path::PathBuf;
use std::time::Duration;

#[derive(Args)]
#[command(after_help = "\
Without noise, an equation is found if the formula equals it on fresh points to a millionth. With noise,
and from networks, the formula must have its structure; its numbers may differ. Rows are written to
benchmark.jsonl before the next run begins, and a table with the failures first to benchmark.md.

Examples:
  closedform study benchmark
  closedform study benchmark --from values,directions --noise 0,0.01,0.1
  closedform study benchmark --from regressor,classifier --jobs 2 --resume
  closedform study benchmark --problems I.8.14,II.24.17 --time-limit 60 --out hard")]
pub struct BenchmarkArguments {
    /// The equations: feynman (Udrescu & Tegmark 2020) or fastsrb (Martinek 2025), which has constants of
    /// nature and ranges of decades.
    #[arg(long, value_name = "SET", default_value = "feynman", value_parser = ProblemSet::named)]
    set: ProblemSet,
    /// Ask for these equations only.
    #[arg(long, value_name = "NAME,NAME,..", value_delimiter = ',')]
    problems: Vec<String>,
    /// What the search is given: values, directions, regressor (a network trained on values) or
    /// classifier (one trained on classes).
    #[arg(long, value_name = "SOURCE,..", default_value = "values", value_delimiter = ',', value_parser = Source::named)]
    from: Vec<Source>,
    /// Gaussian noise: on values as a share of their standard deviation, or on each component of unit
    /// directions.
    #[arg(
        long,
        value_name = "F,F,..",
        default_value = "0",
        value_delimiter = ','
    )]
    noise: Vec<f64>,
    /// The quantiles of the values that separate the two classes of a classifier.
    #[arg(
        long,
        value_name = "Q,Q,..",
        default_value = "0.5",
        value_delimiter = ','
    )]
    quantiles: Vec<f64>,
    /// How many points to draw [default: 1000, and 4000 for networks].
    #[arg(long, value_name = "N", value_parser = crate::parse::parse_n_points)]
    points: Option<usize>,
    /// How many seeds to run, from 0 on.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    seeds: u64,
    /// The time limit of a search, in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = crate::parse::parse_seconds)]
    time_limit: Duration,
    /// The folder to keep the rows in.
    #[arg(long, value_name = "FOLDER", default_value = "data/benchmark")]
    out: PathBuf,
    /// Continue: keep the runs that are in the folder, and make the others.
    #[arg(long)]
    resume: bool,
    /// How many runs to make at once.
    #[arg(long, value_name = "N", default_value_t = 1)]
    jobs: usize,
}

pub fn benchmark(arguments: &BenchmarkArguments) -> Result<()> {
    let plan = BenchmarkPlan {
        set: arguments.set,
        names: arguments.problems.clone(),
        sources: arguments.from.clone(),
        noises: arguments.noise.clone(),
        quantiles: arguments.quantiles.clone(),
        n_points: arguments.points,
        n_seeds: arguments.seeds,
        time_limit: arguments.time_limit.as_secs_f64(),
    };
    let interruption = Interruption::new();
    let (folder, resume, n_jobs) = (&arguments.out, arguments.resume, arguments.jobs);
    let rows = run_benchmark(&plan, folder, resume, n_jobs, &|finished| {
        output::say(finished);
        interruption.flow()
    })?;
    interruption.tell_how_to_resume(folder);
    let summary = BenchmarkSummary::new(&rows);
    let page = folder.join("benchmark.md");
    write_atomically(&page, summary.to_markdown().as_bytes())?;
    output::print(&format!("{summary}\neach equation: {}", page.display()))
}
