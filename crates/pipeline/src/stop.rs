//! How is the line told to end?

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Shared by everything that runs: set once, seen by all at once, also by those that pause.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<(Mutex<bool>, Condvar)>);

impl Stop {
    pub fn set(&self) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.1.notify_all();
    }

    pub fn is_set(&self) -> bool {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Pauses for so long, or until told to end.
    pub fn pause(&self, time: Duration) {
        let until = Instant::now() + time;
        let mut set = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        while !*set {
            let Some(left) = until.checked_duration_since(Instant::now()) else { return };
            (set, _) = self.0.1.wait_timeout(set, left).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
