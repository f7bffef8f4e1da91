//! A search in the background: looked at, stopped, and waited for.

use super::engine;
use super::front::ParetoFront;
use super::objective::Objective;
use super::options::SearchOptions;
use super::{SearchProgress, SearchResult, search_and_show};
use crate::error::{Error, Result};
use crate::interrupt::Running;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often waiting for the end looks for an interrupt.
const INTERRUPT_CHECK: Duration = Duration::from_millis(10);

/// A search that runs in the background while its caller goes on.
///
/// In a notebook the cell that starts it returns at once, and any later cell shows what was found
/// so far. A search that is dropped stops by itself.
///
/// ```
/// use closedform::{Directions, Points, SearchOptions};
/// use closedform::search::{DirectionObjective, Search};
///
/// // The directions of x1*x2.
/// let points: Vec<f64> = (0..80).map(|i| 1.0 + f64::from(i * i % 17) / 8.0).collect();
/// let gradients = points.chunks(2).flat_map(|x| [x[1], x[0]]).collect();
/// let points = Points::new(["x1", "x2"], points)?;
/// let directions = Directions::from_gradients(points, gradients)?;
///
/// let search = Search::start(DirectionObjective::new(&directions), SearchOptions::default())?;
/// println!("{}", search.snapshot());
/// let found = search.join()?;
/// assert_eq!(found.front.best().unwrap().expression.to_string(), "x1*x2");
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug)]
pub struct Search {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<Result<SearchResult>>>,
}

#[derive(Debug)]
struct Shared {
    is_stopped: AtomicBool,
    latest: Mutex<(SearchProgress, ParetoFront)>,
}

impl Shared {
    /// What is in the lock is replaced as a whole: a panic elsewhere leaves no half of it.
    fn latest(&self) -> MutexGuard<'_, (SearchProgress, ParetoFront)> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Search {
    /// Starts a search with these options.
    ///
    /// # Errors
    /// Those of [`search_for`](crate::search_for) that show before the work begins.
    pub fn start(objective: impl Objective + 'static, options: SearchOptions) -> Result<Self> {
        // Refuses bad options here and not in the thread.
        engine::check(&objective, &options)?;
        let progress = SearchProgress {
            generation: 0,
            n_generations: options.n_generations,
            loss: f64::INFINITY,
        };
        let front = ParetoFront::new(objective.feature_names(), options.noise);
        let shared = Arc::new(Shared {
            is_stopped: AtomicBool::new(false),
            latest: Mutex::new((progress, front)),
        });
        let seen = Arc::clone(&shared);
        let work = move || {
            let found = search_and_show(&objective, &options, &mut |progress, front| {
                *seen.latest() = (progress.clone(), front.clone());
                if seen.is_stopped.load(Ordering::Relaxed) {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })?;
            seen.latest().1 = found.front.clone();
            Ok(found)
        };
        let thread = std::thread::Builder::new()
            .name("closedform search".into())
            .spawn(work)
            .map_err(|error| Error::Other(format!("no thread for the search: {error}")))?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// The front so far; formulas from the evolution are written simply only at the end.
    pub fn snapshot(&self) -> ParetoFront {
        self.shared.latest().1.clone()
    }

    /// How far the search is.
    pub fn progress(&self) -> SearchProgress {
        self.shared.latest().0.clone()
    }

    /// Whether [`join`](Self::join) would return at once.
    pub fn is_finished(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Asks the search to end with what it has.
    pub fn stop(&self) {
        self.shared.is_stopped.store(true, Ordering::Relaxed);
    }

    /// Waits for the end and gives the result; an interrupt stops the search.
    ///
    /// # Errors
    /// Those of [`search_for`](crate::search_for).
    pub fn join(mut self) -> Result<SearchResult> {
        let running = Running::start();
        while !self.is_finished() {
            if running.flow().is_break() {
                self.stop();
            }
            std::thread::sleep(INTERRUPT_CHECK);
        }
        let ended = self.thread.take().map(JoinHandle::join);
        match ended {
            Some(Ok(found)) => found,
            // A panic in an objective of the user's is the user's to see.
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => Err(Error::Other("the search has no thread".into())),
        }
    }
}

impl Drop for Search {
    fn drop(&mut self) {
        self.stop();
    }
}
