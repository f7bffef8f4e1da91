//! Studies that outgrow one machine: runs in shards, made by workers anywhere that share a folder.
//!
//! | file | what happens there |
//! |---|---|
//! | `folder` | what a study consists of, and where its files are |
//! | `row`, `rows` | the record of a run; a shard's file of them, which survives everything |
//! | `claim` | who works on a shard |
//! | `worker`, `process`, `child` | a worker, the process that makes its runs, as seen by both |
//! | `machine` | the threads and the memory that a worker was given |
//! | `place`, `dispatch` | where workers run, and what runs them there |
//! | `back_end` | that: `local`, `slurm`, or a `script` for anything else |
//! | `start` | starts, resumes, retries, stops and follows a study |
//! | `status` | how far a study is |
//! | `merge`, `summary` | its rows as one table; rates with intervals |
//!
//! There is no server, no database and no lock. A shard's rows are in one file that one worker adds to;
//! tables are made of them when somebody asks.

/// Prints a line to a worker's log. On a full disk it is lost, and the worker isn't.
macro_rules! say {
    ($($part:tt)*) => {{
        let _ = std::io::Write::write_fmt(
            &mut std::io::stderr(),
            format_args!("{}\n", format_args!($($part)*)),
        );
    }};
}

mod back_end;
mod child;
mod claim;
mod dispatch;
mod folder;
mod local;
mod machine;
mod merge;
mod place;
mod process;
mod row;
mod rows;
mod script;
mod slurm;
mod start;
mod status;
mod summary;
mod worker;

pub use child::answer_runs;
pub use claim::Claim;
pub use folder::{Study, StudyFile};
pub use place::{LocalOptions, Place, SlurmOptions};
pub use row::{Row, State};
pub use start::{Step, Work, shard_size, stop};
pub use status::{Busy, ShardCount, Status};
pub use summary::{Kind, Summary};
pub use worker::work;

use std::ops::Range;

/// Which row counts for each run of a shard: that of its latest attempt, and among several the first one.
/// `rows` are the numbers of the runs, each with its attempt.
fn chosen(numbers: &Range<usize>, rows: impl Iterator<Item = (usize, u32)>) -> Vec<Option<usize>> {
    let mut chosen: Vec<Option<(usize, u32)>> = vec![None; numbers.len()];
    for (row, (run, attempt)) in rows.enumerate() {
        if !numbers.contains(&run) {
            continue;
        }
        let known = &mut chosen[run - numbers.start];
        if known.is_none_or(|(_, known)| attempt > known) {
            *known = Some((row, attempt));
        }
    }
    let rows = chosen.into_iter();
    rows.map(|known| known.map(|(row, _)| row)).collect()
}
