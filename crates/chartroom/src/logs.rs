//! Where do messages go, and in which form?
//!
//! To standard error as text, or as configured under `[log]`: as JSON, one object a line, and into a file. A file that
//! was rotated away is opened anew with the next message, so that neither the rotation nor the line must know of the
//! other. No message carries patient data.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal as _, Write};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::fault_points;

/// `[log]` of the configuration; `chartroom run` follows it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Log {
    pub(crate) format: Format,
    /// None: standard error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    #[default]
    Text,
    Json,
}

/// `CHARTROOM_LOG` takes the usual filter syntax, else messages of `level` and above are kept.
///
/// # Errors
/// The log file cannot be opened.
pub(crate) fn start(log: &Log, level: &str) -> io::Result<()> {
    let filter = EnvFilter::try_from_env("CHARTROOM_LOG")
        .unwrap_or_else(|_| EnvFilter::new(format!("{level},tantivy=warn")));
    let (writer, colours) = match &log.file {
        Some(path) => (BoxMakeWriter::new(Rotated::open(path)?), false),
        None => (BoxMakeWriter::new(io::stderr), io::stderr().is_terminal()),
    };
    let messages = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(colours).with_target(false);
    let messages = match log.format {
        Format::Text => messages.with_filter(filter).boxed(),
        Format::Json => messages.json().flatten_event(true).with_filter(filter).boxed(),
    };
    tracing_subscriber::registry().with(messages).with(fault_points::layer()).init();
    Ok(())
}

/// A file that may be renamed or removed under us.
struct Rotated {
    path: PathBuf,
    open: Mutex<File>,
}

impl Rotated {
    fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { path: path.to_owned(), open: Mutex::new(append_to(path)?) })
    }
}

fn append_to(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

impl<'a> MakeWriter<'a> for Rotated {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> &'a Self {
        self
    }
}

impl Write for &Rotated {
    fn write(&mut self, message: &[u8]) -> io::Result<usize> {
        let mut open = self.open.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let ours = open.metadata()?;
        let there = std::fs::metadata(&self.path);
        if !there.is_ok_and(|there| (there.dev(), there.ino()) == (ours.dev(), ours.ino())) {
            // A folder that cannot be written for a moment costs no message: the old file takes it.
            if let Ok(new) = append_to(&self.path) {
                *open = new;
            }
        }
        open.write(message)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_was_rotated_goes_on_in_a_new_file() {
        let folder = tempfile::tempdir().unwrap();
        let (log, old) = (folder.path().join("log"), folder.path().join("log.1"));
        let rotated = Rotated::open(&log).unwrap();
        (&rotated).write_all(b"before\n").unwrap();
        std::fs::rename(&log, &old).unwrap();
        (&rotated).write_all(b"after\n").unwrap();
        assert_eq!(std::fs::read_to_string(&old).unwrap(), "before\n");
        assert_eq!(std::fs::read_to_string(&log).unwrap(), "after\n");
    }
}
