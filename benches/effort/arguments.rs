//! What the program is told.

use std::path::PathBuf;

pub const HELP: &str = "\
What every number of the search is good for: a fixed set of quick problems, searched with the
defaults, with one number after the other halved and doubled, and without one stage after the other.

Usage: cargo bench --bench effort -- [OPTIONS]
       make bench-effort [EFFORT_OPTIONS='OPTIONS']

Each search runs on one thread and is kept as a line of a file; what is there already is not run
again. Times are the processor's, so that a busy machine counts less.

Options:
      --only <LIST>       What is changed, separated by commas: `default`, `stages`, `numbers`, a
                          number such as evolution.n_islands, or all that begins so: evolution.
                          The defaults always run first. [default: stages,numbers]
      --problems <LIST>   The problems, by their names or what these begin with: direction, value,
                          label [default: all]
      --seeds <N>         Searches of each problem, from seed 0 on [default: 2]
      --generations <N>   How long the evolution goes on [default: 8]
      --limit <SECONDS>   Processor time after which a search is stopped [default: 20]
      --jobs <N>          Searches at a time [default: 1]
      --records <FILE>    One JSON object per line for every search
                          [default: target/effort.jsonl]
      --table <FILE>      Where the table is written, too
      --show              Write the table of what is there, and run nothing
  -h, --help              Print help

Example, two minutes: is the number of islands of any use for values?

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
    /// Those of the command line; none if help is asked for.
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
                // Cargo says that this is a benchmark.
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
                _ => return Err(format!("{name} is no option")),
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
