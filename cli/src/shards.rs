//! `closedform study --problems` and the commands for its folder.

use crate::monitor::Interruption;
use crate::output;
use clap::{Args, ValueEnum};
use closedform::files::write_atomically;
use closedform::{Error, Result};
use closedform_studies::problems::{EXAMPLE, Plan};
use closedform_studies::shards::{
    LocalOptions, Place, SlurmOptions, Status, Study, StudyFile, Summary, Work, answer_runs,
    shard_size, stop as stop_workers, work as work_on,
};
use std::path::{Path, PathBuf};

/// A study of one's own problems.
#[derive(Args)]
pub struct ProblemArguments {
    /// A file with problems and what to vary in them (`closedform study init` writes one).
    #[arg(long, value_name = "FILE", help_heading = PROBLEMS, conflicts_with_all = ["experiments", "seeds", "points", "noise", "preset", "epochs", "batch_size", "generations", "resume"])]
    pub problems: Option<PathBuf>,
    /// List the runs with an estimate of time and memory, and make none.
    #[arg(long, help_heading = PROBLEMS, requires = "problems")]
    dry_run: bool,
    /// Where to make the runs: local (this machine, --jobs at once), slurm (array jobs), or script
    /// (only writes the commands, for other schedulers) [default: local].
    #[arg(long, value_name = "PLACE", help_heading = PROBLEMS, requires = "problems")]
    on: Option<On>,
    /// How many threads a run has. Large networks round differently with another number.
    #[arg(long, value_name = "N", help_heading = PROBLEMS, requires = "problems", default_value_t = 1, value_parser = parse_threads)]
    cpus_per_task: usize,
    /// How many runs a worker makes [default: some minutes' worth].
    #[arg(long, value_name = "N", help_heading = PROBLEMS, requires = "problems", value_parser = parse_count)]
    shard_size: Option<usize>,
    #[command(flatten)]
    slurm: SlurmArguments,
}

/// What Slurm is told.
#[derive(Args)]
struct SlurmArguments {
    /// The partition.
    #[arg(long, value_name = "NAME", help_heading = SLURM, requires = "on")]
    partition: Option<String>,
    /// The account.
    #[arg(long, value_name = "NAME", help_heading = SLURM, requires = "on")]
    account: Option<String>,
    /// The time limit of a task, such as 02:00:00.
    #[arg(long, value_name = "TIME", help_heading = SLURM, requires = "on")]
    time: Option<String>,
    /// The memory of a task, such as 2G.
    #[arg(long, value_name = "SIZE", help_heading = SLURM, requires = "on")]
    mem: Option<String>,
    /// How many tasks may run at once.
    #[arg(long, value_name = "N", help_heading = SLURM, requires = "on", value_parser = parse_count)]
    array_limit: Option<usize>,
    /// A command before the work, such as 'module load gcc'.
    #[arg(long, value_name = "COMMAND", help_heading = SLURM, requires = "on")]
    setup: Option<String>,
    /// Return as soon as Slurm has the jobs, without following them.
    #[arg(long, help_heading = SLURM, requires = "on")]
    detach: bool,
}

const PROBLEMS: &str = "Problems of your own";
const SLURM: &str = "With --on slurm";

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum On {
    Local,
    Slurm,
    Script,
}

/// The folder of a study.
#[derive(Args)]
pub struct FolderArguments {
    /// The study's folder.
    #[arg(long = "in", value_name = "FOLDER", default_value = crate::study::FOLDER)]
    folder: PathBuf,
}

/// How a study goes on.
#[derive(Args)]
pub struct ResumeArguments {
    #[command(flatten)]
    folder: FolderArguments,
    /// Make the runs on this machine, wherever the study was begun.
    #[arg(long)]
    local: bool,
    /// How many runs to make at once on this machine.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = parse_count, requires = "local")]
    jobs: usize,
    /// Return as soon as Slurm has the jobs, without following them.
    #[arg(long)]
    detach: bool,
}

/// Which runs are made again.
#[derive(Args)]
pub struct RetryArguments {
    #[command(flatten)]
    resume: ResumeArguments,
    /// Those that failed.
    #[arg(long, required = true)]
    failed: bool,
}

/// What a worker works on. Schedulers call this.
#[derive(Args)]
pub struct WorkArguments {
    #[arg(long = "in", value_name = "FOLDER", requires = "shard")]
    folder: Option<PathBuf>,
    /// The number of the shard, from 0 on.
    #[arg(long, value_name = "N", requires = "folder")]
    shard: Option<usize>,
    /// Make failed runs of earlier attempts again.
    #[arg(long, value_name = "N", default_value_t = 0)]
    attempt: u32,
    /// End when standard input is closed.
    #[arg(long)]
    attended: bool,
    /// Make the runs that standard input asks for.
    #[arg(
        long,
        value_name = "N",
        conflicts_with = "folder",
        required_unless_present = "folder"
    )]
    threads: Option<usize>,
}

pub fn init(file: &Path) -> Result<()> {
    if file.exists() {
        let message = "is there already; name another file";
        return Err(Error::content(file, message));
    }
    write_atomically(file, EXAMPLE.as_bytes())?;
    let file = file.display();
    output::print(&format!(
        "written: {file}\n\nclosedform study --problems {file} --dry-run\nclosedform study --problems \
         {file} --out study"
    ))
}

pub fn start(file: &Path, arguments: &ProblemArguments, out: &Path, n_jobs: usize) -> Result<()> {
    let plan = Plan::from_file(file)?;
    let slurm = &arguments.slurm;
    let place = match arguments.on.unwrap_or(On::Local) {
        On::Local => Place::Local(LocalOptions { n_jobs }),
        On::Script => Place::Script,
        On::Slurm => Place::Slurm(SlurmOptions {
            partition: slurm.partition.clone(),
            account: slurm.account.clone(),
            time: slurm.time.clone(),
            memory: slurm.mem.clone(),
            array_limit: slurm.array_limit,
            setup: slurm.setup.clone(),
        }),
    };
    let size = match arguments.shard_size {
        Some(size) => size,
        None => shard_size(&plan, &place)?,
    };
    if arguments.dry_run {
        return dry_run(&plan, size);
    }
    std::fs::create_dir_all(out).map_err(|source| Error::file(out, source))?;
    // Workers have other working directories.
    let out = out
        .canonicalize()
        .map_err(|source| Error::file(out, source))?;
    let study = Study::create(
        &out,
        StudyFile {
            version: env!("CARGO_PKG_VERSION").to_string(),
            shard_size: size,
            n_threads: arguments.cpus_per_task,
            place,
            plan,
        },
    )?;
    go_on(&study, None, false, slurm.detach)
}

fn dry_run(plan: &Plan, size: usize) -> Result<()> {
    let n_runs = plan.n_runs();
    for number in 0..n_runs {
        output::print(&plan.run(number).to_string())?;
    }
    let estimate = plan.estimate()?;
    let (hours, memory) = (estimate.seconds / 3600.0, estimate.memory / 1e9);
    let n_shards = n_runs.div_ceil(size);
    output::print(&format!(
        "\n{n_runs} runs in {n_shards} shards of {size}; about {hours:.2} hours on one core, and {memory:.1} \
         GB of memory each (both right to a factor of about three)"
    ))
}

fn go_on(study: &Study, place: Option<&Place>, retry: bool, detach: bool) -> Result<()> {
    let program = std::env::current_exe()
        .map_err(|error| Error::Other(format!("this program's own path is unknown: {error}")))?;
    let interruption = Interruption::new();
    let folder = study.folder().display();
    let Some(work) = Work::start(study, place, &program, retry)? else {
        output::say(format_args!(
            "there is nothing to do: all runs have been made, or workers are busy with them"
        ));
        return report(study);
    };
    output::say(&work.told);
    if detach || !work.is_followed() {
        output::say(format_args!("closedform study status --in {folder}"));
        return Ok(());
    }
    let left = work.follow(&|| interruption.flow(), &mut |step| output::say(step))?;
    if let Some(workers) = left {
        output::say(format_args!(
            "interrupted; {workers}\n  closedform study status --in {folder}    how far it is\n  closedform \
             study resume --in {folder}    makes what is missing\n  closedform study stop --in {folder}      \
             stops the workers"
        ));
        return Ok(());
    }
    report(study)
}

pub fn report(study: &Study) -> Result<()> {
    let summary = Summary::write(study)?;
    let page = study.folder().join("report.md");
    write_atomically(&page, summary.to_markdown().as_bytes())?;
    let folder = study.folder().display();
    output::print(&format!(
        "{summary}\nevery problem: {}\nevery run: {folder}/runs.csv, {folder}/runs.parquet",
        page.display()
    ))
}

fn opened(arguments: &FolderArguments) -> Result<Study> {
    let folder = &arguments.folder;
    let folder = folder
        .canonicalize()
        .map_err(|source| Error::file(folder, source))?;
    Study::open(&folder)
}

pub fn status(arguments: &FolderArguments) -> Result<()> {
    output::print(Status::of(&opened(arguments)?)?.to_string().trim_end())
}

pub fn resume(arguments: &ResumeArguments, retry: bool) -> Result<()> {
    let study = opened(&arguments.folder)?;
    let local = Place::Local(LocalOptions {
        n_jobs: arguments.jobs,
    });
    let place = arguments.local.then_some(&local);
    go_on(&study, place, retry, arguments.detach)
}

pub fn retry(arguments: &RetryArguments) -> Result<()> {
    resume(&arguments.resume, arguments.failed)
}

pub fn stop(arguments: &FolderArguments) -> Result<()> {
    let study = opened(arguments)?;
    stop_workers(&study)?;
    let folder = study.folder().display();
    output::print(&format!(
        "the workers stop within seconds; `closedform study resume --in {folder}` goes on"
    ))
}

pub fn work(arguments: &WorkArguments) -> Result<()> {
    if arguments.attended {
        std::thread::spawn(|| {
            let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
            closedform::interrupt::exit_at_once(1);
        });
    }
    match (&arguments.folder, arguments.shard, arguments.threads) {
        (Some(folder), Some(shard), _) => {
            let program = std::env::current_exe().map_err(|error| {
                Error::Other(format!("this program's own path is unknown: {error}"))
            })?;
            work_on(&Study::open(folder)?, shard, arguments.attempt, &program)
        }
        (_, _, threads) => answer_runs(threads.unwrap_or(1)),
    }
}

fn parse_count(text: &str) -> std::result::Result<usize, String> {
    let number = text
        .parse()
        .ok()
        .filter(|number| (1..=1_000_000).contains(number));
    number.ok_or_else(|| "a whole number from 1 to 1000000 is needed".to_string())
}

fn parse_threads(text: &str) -> std::result::Result<usize, String> {
    let number = text
        .parse()
        .ok()
        .filter(|number| (1..=1024).contains(number));
    number.ok_or_else(|| "a whole number from 1 to 1024 is needed".to_string())
}
