//! Measures what every number of the search contributes: a fixed set of quick problems, searched
//! with the defaults, with each number halved and doubled in turn, and with each stage switched off
//! in turn. See `cargo bench --bench effort -- --help`.

mod arguments;
mod changes;
mod clock;
mod judge;
mod problems;
mod records;
mod table;

use arguments::Arguments;
use changes::{Change, Numbers};
use problems::Problem;
use records::{Record, Records};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A search to run.
struct Task {
    change: Change,
    problem: &'static Problem,
    seed: u64,
}

fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(Some(arguments)) => arguments,
        Ok(None) => {
            print!("{}", arguments::HELP);
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            eprintln!("effort: {message}; --help says more");
            return ExitCode::from(2);
        }
    };
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("effort: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let records = Records::open(&arguments.records)?;
    let changes = changes::all(&arguments.only)?;
    let tasks = tasks(&changes, arguments, &records)?;
    if !arguments.shows_only {
        search_all(&tasks, arguments, &records)?;
    }
    let text = table::written(&changes, &records.all(), arguments);
    print!("{text}");
    if let Some(file) = &arguments.table {
        table::replace(file, &text).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}

/// The requested searches that aren't recorded yet. All problems of one change come before the next
/// change, so that the table is useful at any time.
fn tasks(
    changes: &[Change],
    arguments: &Arguments,
    records: &Records,
) -> Result<Vec<Task>, String> {
    let problems = problems::named(&arguments.problems)?;
    let known = records.all();
    let mut tasks = Vec::new();
    for change in changes {
        for seed in 0..arguments.n_seeds {
            for &problem in &problems {
                let is_known = |record: &Record| {
                    (record.change.as_str(), record.problem.as_str(), record.seed)
                        == (change.name.as_str(), problem.name, seed)
                };
                if !known.iter().any(is_known) {
                    tasks.push(Task {
                        change: change.clone(),
                        problem,
                        seed,
                    });
                }
            }
        }
    }
    Ok(tasks)
}

/// Runs the tasks, each search on one thread, with as many at a time as there are jobs.
fn search_all(tasks: &[Task], arguments: &Arguments, records: &Records) -> Result<(), String> {
    let next = AtomicUsize::new(0);
    let failure: Mutex<Option<String>> = Mutex::new(None);
    let work = || {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
        let pool = pool.map_err(|error| error.to_string())?;
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(task) = tasks.get(place) else {
                return Ok(());
            };
            let record = pool.install(|| searched(task, arguments))?;
            records.add(&record)?;
            eprintln!("{} of {}: {record}", place + 1, tasks.len());
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..arguments.n_jobs {
            scope.spawn(|| {
                let ended: Result<(), String> = work();
                if let (Err(message), Ok(mut failure)) = (ended, failure.lock()) {
                    *failure = Some(message);
                }
            });
        }
    });
    match failure.into_inner() {
        Ok(None) => Ok(()),
        Ok(Some(message)) => Err(message),
        Err(_) => Err("a search has panicked".into()),
    }
}

fn searched(task: &Task, arguments: &Arguments) -> Result<Record, String> {
    let numbers: Numbers = task.change.numbers()?;
    let outcome = judge::searched(task.problem, task.seed, &numbers, arguments)
        .map_err(|error| format!("{} with {}: {error}", task.problem.name, task.change.name))?;
    Ok(Record {
        change: task.change.name.clone(),
        problem: task.problem.name.to_string(),
        seed: task.seed,
        outcome,
    })
}
