//! The command line's arguments.

use std::path::PathBuf;

pub const HELP: &str = "\
What every number of the search contributes: a fixed set of quick problems, searched with the
defaults, with each number halved and doubled in turn, and with each stage switched off in turn.

Usage: cargo bench --bench effort -- [OPTIONS]
       make bench-effort [EFFORT_OPTIONS='OPTIONS']

Each search runs on one thread and is recorded as a line of a file. Recorded searches are not run
again. Times are processor times, which depend less on other load.

Options:
      --only <LIST>       What is changed, separated by commas: `default`, `stages`, `numbers`, a
                          number such as evolution.n_islands, or a prefix such as evolution.
                          The defaults always run first. [default: stages,numbers]
      --problems <LIST>   Problems by name or by prefix: direction, value, label [default: all]
      --seeds <N>         Searches of each problem, with seeds from 0 [default: 2]
      --generations <N>   Generations of the evolution [default: 8]
      --limit <SECONDS>   Processor time after which a search is stopped [default: 20]
      --jobs <N>          Searches at the same time [default: 1]
      --records <FILE>    One JSON object per line for every search
                          [default: target/effort.jsonl]
      --table <FILE>      A file that the table is also written to
      --show              Write the table of the recorded searches, and run nothing
  -h, --help              Print help

Example, two minutes: does the number of islands matter for values?

    cargo bench --bench effort -- --only evolution.n_islands --problems value --seeds 1
";

pub struct Arguments {
    pub only: Vec<String>,
    pub problems: Vec<String>,
    pub n_seeds: u64,
    pub n_generations: usize,
    /// In seconds.
    pub limit: f64,
    pub n_jobs: usize,
    pub records: PathBuf,
    pub table: Option<PathBuf>,
    pub shows_only: bool,
}

impl Arguments {
    /// The arguments of the command line; none if help is asked for.
    pub fn read() -> Result<Option<Self>, String> {
        let mut read = Self {
            only: vec!["stages".into(), "numbers".into()],
            problems: Vec::new(),
            n_seeds: 2,
            n_generations: 8,
            limit: 20.0,
            n_jobs: 1,
            records: "target/effort.jsonl".into(),
            table: None,
            shows_only: false,
        };
        let mut given = std::env::args().skip(1);
        while let Some(name) = given.next() {
            let mut value = || given.next().ok_or(format!("{name} needs a value"));
            match name.as_str() {
                // Cargo passes this to benchmarks.
                "--bench" => {}
                "-h" | "--help" => return Ok(None),
                "--show" => read.shows_only = true,
                "--only" => read.only = list(&value()?),
                "--problems" => read.problems = list(&value()?),
                "--seeds" => read.n_seeds = number(&name, &value()?)?,
                "--generations" => read.n_generations = number(&name, &value()?)?,
                "--limit" => read.limit = number(&name, &value()?)?,
                "--jobs" => read.n_jobs = number(&name, &value()?)?,
                "--records" => read.records = value()?.into(),
                "--table" => read.table = Some(value()?.into()),
                _ => return Err(format!("{name} isn't an option")),
            }
        }
        if !(read.limit > 0.0 && read.n_jobs > 0 && read.n_seeds > 0) {
            return Err("--limit, --jobs and --seeds must be above 0".into());
        }
        Ok(Some(read))
    }
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(|part| part.trim().into()).collect()
}

fn number<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|_| format!("{name} is \"{text}\", but must be a number"))
}
