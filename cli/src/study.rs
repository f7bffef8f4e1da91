//! `closedform study`: every experiment, from training to verdict, with many seeds.

use crate::benchmark::{BenchmarkArguments, benchmark};
use crate::monitor::Interruption;
use crate::output;
use crate::parse::Preset as PresetChoice;
use crate::shards::{
    self, FolderArguments, ProblemArguments, ResumeArguments, RetryArguments, WorkArguments,
};
use crate::verdicts::{VerdictArguments, verdicts};
use clap::{Args, Subcommand};
use closedform::{Experiment, Result};
use closedform_studies::shards::Study;
use closedform_studies::study::{StudyPlan, StudyProgress, StudySummary, read_study, run_study};
use std::path::{Path, PathBuf};

pub const FOLDER: &str = "data/study";

#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Each run is the same as `closedform experiment` with the same arguments, except for --noise, --jobs,
and the batch, which is never larger than the data. Its row is written to study.parquet and
study.csv before the next run begins. A kill or Ctrl-C at any moment loses at most the runs in
progress.
What else is to vary, such as points, noise or hyperparameters, stands in a problem file.

With --problems, the runs are those of a file. They are made in shards by workers, on this machine or on
a cluster; a row is on disk before the next run begins, and whatever fails is made up for by `resume`.

Examples:
  closedform study
  closedform study --experiments 1,3-5 --seeds 5 --out quick
  closedform study --points 1000 --out data/points --resume
  closedform study --preset paper --seeds 3 --out data/paper
  closedform study report --in data/points
  closedform study init problems.toml
  closedform study --problems problems.toml --dry-run
  closedform study --problems problems.toml --out study --jobs 4
  closedform study --problems problems.toml --out study --on slurm --time 01:00:00 --mem 2G
  closedform study status --in study
  closedform study resume --in study"
)]
pub struct StudyArguments {
    #[command(subcommand)]
    command: Option<StudyCommand>,
    /// The experiments to run: numbers and ranges, separated by commas.
    #[arg(long, value_name = "LIST", default_value = "1-8", value_parser = parse_experiments)]
    experiments: Experiments,
    /// How many seeds to run, from 0 on.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    seeds: u64,
    /// How many points to draw; four fifths of them train the network.
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = crate::parse::parse_n_points)]
    points: usize,
    /// Label noise, 0 to 1: the standard deviation of a random factor that multiplies the true
    /// function before it is compared with its threshold. In experiments 7 and 8 it only changes
    /// labels where the factor is negative.
    #[arg(long, value_name = "F", default_value_t = 0.01)]
    noise: f64,
    /// fast takes seconds a run; paper is exactly the network of Wetzel (2024), and takes minutes a
    /// run.
    #[arg(long, value_enum, default_value = "fast")]
    preset: PresetChoice,
    /// Passes over the training data, instead of the preset's number.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    epochs: Option<u64>,
    /// Rows per training step, instead of the preset's number; never more than there are.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    batch_size: Option<u64>,
    /// How many generations the evolution runs for [default: 40].
    #[arg(long, value_name = "N")]
    generations: Option<usize>,
    /// The folder to keep the rows in.
    #[arg(long, value_name = "FOLDER", default_value = FOLDER)]
    out: PathBuf,
    /// Continue: keep the runs that are in the folder, and make the others.
    #[arg(long)]
    resume: bool,
    /// How many runs to make at once. With several, each network is trained by one thread.
    #[arg(long, value_name = "N", default_value_t = 1)]
    jobs: usize,
    #[command(flatten)]
    own: ProblemArguments,
}

#[derive(Subcommand)]
enum StudyCommand {
    /// Ask for known equations by values, by directions, or through networks, and count how many come
    /// back.
    Benchmark(BenchmarkArguments),
    /// Train networks on known formulas, and count how often verdicts are wrong and intervals hold the
    /// truth.
    Verdicts(VerdictArguments),
    /// Write a commented problem file, which runs as it stands.
    Init {
        /// The file to write.
        #[arg(value_name = "FILE", default_value = "problems.toml")]
        file: PathBuf,
    },
    /// Say how far a study of a problem file is: done, running, failed, lost, and the time that is left.
    Status(FolderArguments),
    /// Make the runs that are missing.
    Resume(ResumeArguments),
    /// Make the runs that are missing, and those that failed once more.
    Retry(RetryArguments),
    /// Stop the workers of a study, wherever they are.
    Stop(FolderArguments),
    /// Make the runs of one shard.
    #[command(hide = true)]
    Work(WorkArguments),
    /// Summarize a study by rates with 95 % intervals, medians and formulas, and draw its figures.
    Report {
        /// The study's folder; the figures are saved beside its rows.
        #[arg(long = "in", value_name = "FOLDER", default_value = FOLDER)]
        folder: PathBuf,
    },
}

pub fn study(arguments: &StudyArguments) -> Result<()> {
    match &arguments.command {
        Some(StudyCommand::Report { folder }) if Study::is_in(folder) => {
            return shards::report(&Study::open(folder)?);
        }
        Some(StudyCommand::Report { folder }) => return report(folder),
        Some(StudyCommand::Init { file }) => return shards::init(file),
        Some(StudyCommand::Status(arguments)) => return shards::status(arguments),
        Some(StudyCommand::Resume(arguments)) => return shards::resume(arguments, false),
        Some(StudyCommand::Retry(arguments)) => return shards::retry(arguments),
        Some(StudyCommand::Stop(arguments)) => return shards::stop(arguments),
        Some(StudyCommand::Work(arguments)) => return shards::work(arguments),
        Some(StudyCommand::Benchmark(arguments)) => return benchmark(arguments),
        Some(StudyCommand::Verdicts(arguments)) => return verdicts(arguments),
        None => (),
    }
    if let Some(file) = &arguments.own.problems {
        return shards::start(file, &arguments.own, &arguments.out, arguments.jobs);
    }
    let plan = StudyPlan {
        experiments: arguments.experiments.0.clone(),
        n_seeds: arguments.seeds,
        n_points: arguments.points,
        label_noise: arguments.noise,
        preset: arguments.preset.into(),
        n_epochs: arguments.epochs.map(|n| n as usize),
        batch_size: arguments.batch_size.map(|n| n as usize),
        n_generations: arguments.generations,
    };
    let interruption = Interruption::new();
    let (folder, resume, n_jobs) = (&arguments.out, arguments.resume, arguments.jobs);
    let rows = run_study(&plan, folder, resume, n_jobs, &|progress| {
        if let StudyProgress::Finished(finished) = progress {
            output::say(finished);
        }
        interruption.flow()
    })?;
    interruption.tell_how_to_resume(folder);
    output::print(&StudySummary::new(&rows).to_string())
}

fn report(folder: &Path) -> Result<()> {
    let rows = read_study(folder)?;
    output::print(&StudySummary::new(&rows).to_string())?;
    for (name, figure) in closedform_studies::plot::study_figures(&rows)? {
        let path = folder.join(name);
        figure.save(&path)?;
        output::print(&format!("drawn: {}", path.display()))?;
    }
    Ok(())
}

/// One value for clap, which would read a plain `Vec` as a repeated argument.
#[derive(Clone)]
struct Experiments(Vec<Experiment>);

fn parse_experiments(list: &str) -> Result<Experiments, String> {
    let number = |text: &str| {
        let number = text.trim().parse().ok();
        let experiment = number.and_then(|number| Experiment::from_number(number).ok());
        experiment.ok_or_else(|| format!("\"{text}\" isn't a number from 1 to 8"))
    };
    let mut experiments = Vec::new();
    for part in list.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (number(first)?.number(), number(last)?.number());
        let range = Experiment::ALL
            .into_iter()
            .filter(|e| (first..=last).contains(&e.number()));
        experiments.extend(range);
    }
    if experiments.is_empty() {
        Err("the list names no experiment; a range goes upwards, such as 1-8".into())
    } else {
        Ok(Experiments(experiments))
    }
}
