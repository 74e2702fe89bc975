//! How many readers are there, what do they read, and how much may a page take?

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use records::reading::Symbology;
use serde::{Deserialize, Serialize};

/// The readers' part of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Reader processes; 0: one per core.
    pub jobs: usize,
    /// As Tesseract names them: "eng", "eng+deu".
    pub languages: String,
    /// What some jobs are read in instead. A warm reader opens no files: all that is ever asked for is loaded at
    /// its start.
    #[serde(skip)]
    pub other_languages: Vec<String>,
    /// Folder of the models; absent: where the engine looks by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tessdata: Option<PathBuf>,
    /// Kinds of symbols that count. Those of control sheets always do.
    pub symbologies: Vec<Symbology>,
    /// CPU seconds a page may take. Wall time is four times that: a limit on wall time alone fails good pages on
    /// a busy machine.
    pub cpu_s: u64,
    /// Megabytes of its own memory (`RLIMIT_DATA`: without mapped files) a reader may take.
    pub memory_mb: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            jobs: 0,
            languages: "eng".into(),
            other_languages: Vec::new(),
            tessdata: None,
            symbologies: Symbology::ALL.to_vec(),
            cpu_s: 60,
            memory_mb: 1536,
        }
    }
}

impl Settings {
    pub(crate) fn processes(&self) -> usize {
        match self.jobs {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            jobs => jobs,
        }
    }

    /// Every set of languages once, what is read where a job does not say first.
    pub fn language_sets(&self) -> Vec<String> {
        let mut sets = vec![self.languages.clone()];
        for other in &self.other_languages {
            if !sets.contains(other) {
                sets.push(other.clone());
            }
        }
        sets
    }

    pub(crate) fn cpu(&self) -> Duration {
        Duration::from_secs(self.cpu_s)
    }

    pub(crate) fn wall(&self) -> Duration {
        self.cpu() * 4
    }
}

/// The program that is a reader: usually this very program, called by its hidden name.
#[derive(Clone, Debug)]
pub struct Program {
    pub exe: PathBuf,
    pub args: Vec<OsString>,
}
