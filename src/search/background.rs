//! A search in the background, which can be watched, stopped and waited for.

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

/// The interval at which waiting checks for an interrupt.
const INTERRUPT_CHECK: Duration = Duration::from_millis(10);

/// A search that runs in the background while its caller goes on.
///
/// In a notebook, the cell that starts the search returns at once. Any later cell can show what has
/// been found so far. A search that is dropped stops by itself.
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
    /// The locked value is always replaced as a whole, so a panic elsewhere can't leave half of it.
    fn latest(&self) -> MutexGuard<'_, (SearchProgress, ParetoFront)> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Search {
    /// Starts a search with the given objective and options.
    ///
    /// # Errors
    /// Those of [`search_for`](crate::search_for) that are found before the search starts.
    pub fn start(objective: impl Objective + 'static, options: SearchOptions) -> Result<Self> {
        // Refuses bad options here instead of in the thread.
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
            .map_err(|error| {
                Error::Other(format!(
                    "the thread of the search can't be started: {error}"
                ))
            })?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// The front so far. Formulas from the evolution are simplified only at the end.
    pub fn snapshot(&self) -> ParetoFront {
        self.shared.latest().1.clone()
    }

    /// The progress of the search.
    pub fn progress(&self) -> SearchProgress {
        self.shared.latest().0.clone()
    }

    /// Whether [`join`](Self::join) would return at once.
    pub fn is_finished(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Asks the search to end with what it has found.
    pub fn stop(&self) {
        self.shared.is_stopped.store(true, Ordering::Relaxed);
    }

    /// Waits for the end and returns the result. An interrupt stops the search.
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
            // A panic in a user's objective is passed on to the user.
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
