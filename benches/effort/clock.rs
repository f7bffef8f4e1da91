//! The working time of a thread.

use std::time::Instant;

/// Measures the processor time of the thread that started it, if the system reports it, as Linux
/// does; otherwise the elapsed time.
pub struct Clock {
    start: Instant,
    used: Option<f64>,
}

impl Clock {
    pub fn start() -> Self {
        Self {
            start: Instant::now(),
            used: processor_seconds(),
        }
    }

    pub fn seconds(&self) -> f64 {
        match (processor_seconds(), self.used) {
            (Some(now), Some(before)) => now - before,
            _ => self.start.elapsed().as_secs_f64(),
        }
    }
}

/// The first number in this file is the thread's processor time in nanoseconds.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}
