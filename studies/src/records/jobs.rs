//! Works through items in order, several at once.

use closedform::Result;
use closedform::interrupt::Running;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A flag shared by all jobs that tells them to stop. An interrupt also sets it.
pub(crate) struct Stop {
    is_set: AtomicBool,
    running: Running,
}

impl Stop {
    pub fn new() -> Self {
        Self {
            is_set: AtomicBool::new(false),
            running: Running::start(),
        }
    }

    pub fn is_set(&self) -> bool {
        self.is_set.load(Ordering::Relaxed) || self.running.flow().is_break()
    }

    pub fn set(&self) {
        self.is_set.store(true, Ordering::Relaxed);
    }
}

/// Works on every item, `n_jobs` at once, until none is left, one fails, or the stop flag is set.
pub(crate) fn work_through<T: Sync>(
    items: &[T],
    n_jobs: usize,
    stop: &Stop,
    work: impl Fn(&T) -> Result<()> + Sync,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    let job = || {
        while !stop.is_set()
            && let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed))
        {
            work(item).inspect_err(|_| stop.set())?;
        }
        Ok(())
    };
    let ended: Vec<Result<()>> = std::thread::scope(|scope| {
        let jobs: Vec<_> = (0..n_jobs).map(|_| scope.spawn(job)).collect();
        let join = |job: std::thread::ScopedJoinHandle<'_, _>| {
            job.join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        jobs.into_iter().map(join).collect()
    });
    ended.into_iter().collect()
}
