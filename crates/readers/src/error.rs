//! What can keep the readers from starting, and what does whoever runs them do about it?

use std::io;

/// Why there are no readers. What is wrong with a page or a file is never this but a
/// [`records::reading::Fault`].
#[derive(Debug, thiserror::Error)]
pub enum ReadersError {
    /// The system gave no process, thread or socket: passes, or limits are too narrow.
    #[error("cannot start a reader process: {0}; check how many processes and open files are allowed")]
    NoProcess(#[from] io::Error),
    /// The engine refused, in its own words: a model is missing, a name is wrong.
    #[error("the page reader cannot start: {why}")]
    Refused { why: String },
    /// The process ended or fell silent before it had said that it was ready.
    #[error(
        "the page reader ended before it was ready; run the program again, and see that memory_mb is not too small"
    )]
    Lost,
}
