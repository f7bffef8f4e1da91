//! `closedform study`: the pipeline on every experiment with many seeds.

use crate::monitor::Interruption;
use crate::output;
use crate::parse::Preset as PresetChoice;
use clap::{Args, Subcommand};
use closedform::{Experiment, Result};
use closedform_studies::study::{StudyPlan, StudyProgress, StudySummary, read_study, run_study};
use std::path::{Path, PathBuf};

const FOLDER: &str = "data/study";

#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Every run is that of `closedform experiment` with the same arguments, but for --noise, --jobs, and
a batch that is never larger than the data. Its row is in study.parquet
and study.csv before the next run begins; a kill at any moment loses at most the runs at hand, and
so does Ctrl-C.
Several --points or --noise make a sweep: every number of points with every noise.

Examples:
  closedform study
  closedform study --experiments 1,3-5 --seeds 5 --out quick
  closedform study --points 300,1000,3000,10000 --out data/points --resume
  closedform study --noise 0,0.01,0.03,0.1 --out data/noise
  closedform study --preset paper --seeds 3 --out data/paper
  closedform study report --in data/points"
)]
pub struct StudyArguments {
    #[command(subcommand)]
    command: Option<StudyCommand>,
    /// Which experiments: numbers and ranges, with commas between.
    #[arg(long, value_name = "LIST", default_value = "1-8", value_parser = parse_experiments)]
    experiments: Experiments,
    /// How many seeds, from 0 on.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    seeds: u64,
    /// Numbers of points to draw; four fifths train the network.
    #[arg(long, value_name = "N,N,..", default_value = "10000", value_delimiter = ',', value_parser = crate::parse::parse_n_points)]
    points: Vec<usize>,
    /// Standard deviations of the factor that blurs the labels, 0 to 1; none of 7 and 8 is turned.
    #[arg(
        long,
        value_name = "F,F,..",
        default_value = "0.01",
        value_delimiter = ','
    )]
    noise: Vec<f64>,
    /// fast: seconds a run; paper: exactly the network of Wetzel (2024), minutes a run.
    #[arg(long, value_enum, default_value = "fast")]
    preset: PresetChoice,
    /// Passes over the training data, in place of the preset's.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    epochs: Option<u64>,
    /// Rows per training step, in place of the preset's; never more than there are.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    batch_size: Option<u64>,
    /// Length of the evolution, in place of 40.
    #[arg(long, value_name = "N")]
    generations: Option<usize>,
    /// Where the rows are kept.
    #[arg(long, value_name = "FOLDER", default_value = FOLDER)]
    out: PathBuf,
    /// Keep the runs that are there, and make the others.
    #[arg(long)]
    resume: bool,
    /// Runs at once; with several, each network is trained by one thread.
    #[arg(long, value_name = "N", default_value_t = 1)]
    jobs: usize,
}

#[derive(Subcommand)]
enum StudyCommand {
    /// Sum up a study: rates with 95 % intervals, medians, formulas; and draw its figures.
    Report {
        /// The study's folder; the figures are put beside its rows.
        #[arg(long = "in", value_name = "FOLDER", default_value = FOLDER)]
        folder: PathBuf,
    },
}

pub fn study(arguments: &StudyArguments) -> Result<()> {
    if let Some(StudyCommand::Report { folder }) = &arguments.command {
        return report(folder);
    }
    let plan = StudyPlan {
        experiments: arguments.experiments.0.clone(),
        n_seeds: arguments.seeds,
        n_points: arguments.points.clone(),
        label_noises: arguments.noise.clone(),
        preset: arguments.preset.into(),
        n_epochs: arguments.epochs.map(|n| n as usize),
        batch_size: arguments.batch_size.map(|n| n as usize),
        n_generations: arguments.generations,
    };
    let interruption = Interruption::new();
    let (folder, resume, n_jobs) = (&arguments.out, arguments.resume, arguments.jobs);
    let rows = run_study(&plan, folder, resume, n_jobs, &|progress| {
        if let StudyProgress::Finished(finished) = progress {
            eprintln!("{finished}");
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
        experiment.ok_or_else(|| format!("\"{text}\" is no number from 1 to 8"))
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
        Err("there is no experiment in it; ranges rise, such as 1-8".into())
    } else {
        Ok(Experiments(experiments))
    }
}
