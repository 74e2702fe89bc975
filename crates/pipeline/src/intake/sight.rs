//! How does each station stand, for whoever asks while the line runs?

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde::Serialize;

/// How a station is watched. The sweep runs in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Watched {
    Events,
    #[default]
    Poll,
}

/// What is known of a station after its last sweep. Names no file: those are patient data.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StationSight {
    pub name: String,
    pub watched: Watched,
    /// Why it is polled; nothing where it is watched by events.
    pub why: Option<String>,
    /// Why nothing can be taken from it now.
    pub fault: Option<String>,
    /// When it is tried again after a fault.
    pub retry_at: Option<Timestamp>,
    /// Faults one after another.
    pub failures: u32,
    /// Files that are there or claimed, and not yet received.
    pub waiting: usize,
    /// Links and the like that are never taken; `status` names them.
    pub refused: usize,
    /// Other archives whose claims nobody receives: `chartroom run --adopt`.
    pub abandoned: Vec<String>,
}

/// Shared between the intake, which writes, and everybody who reads.
#[derive(Clone, Debug, Default)]
pub struct Board(Arc<Mutex<Vec<StationSight>>>);

impl Board {
    pub(crate) fn show(&self, sights: Vec<StationSight>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = sights;
    }

    pub fn read(&self) -> Vec<StationSight> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
