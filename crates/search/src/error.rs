//! What can go wrong with the index, and what can the caller do about it?
//!
//! No message says what was searched for or found: that is patient data.

use std::io::ErrorKind;

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};

/// Named for what the caller can do.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// Wait, or ask the process that has it.
    #[error("another process is writing the search index; let it finish, or stop it")]
    Busy,
    /// Import something, or rebuild.
    #[error("there is no search index yet; import something, or run `chartroom index rebuild`")]
    Missing,
    /// Rebuild.
    #[error("the search index was written by another version; run `chartroom index rebuild`")]
    Outdated,
    /// Rebuild. What is said is for a log; it names files of the index, never pages.
    #[error("the search index is damaged ({0}); run `chartroom index rebuild`")]
    Damaged(String),
    /// See to the disk, then try again: nothing that was committed is lost.
    #[error("the search index's folder: {0}; check its permissions and space")]
    Io(#[from] std::io::Error),
}

impl SearchError {
    /// The index has to be built anew; trying again will not help.
    pub const fn needs_rebuild(&self) -> bool {
        matches!(self, Self::Missing | Self::Outdated | Self::Damaged(_))
    }

    fn io(error: &std::io::Error) -> Self {
        match error.kind() {
            // A file shorter or other than its footer says: no disk's fault that goes away.
            ErrorKind::UnexpectedEof | ErrorKind::InvalidData => Self::Damaged(error.to_string()),
            kind => Self::Io(std::io::Error::new(kind, error.to_string())),
        }
    }
}

impl From<TantivyError> for SearchError {
    fn from(error: TantivyError) -> Self {
        use TantivyError as T;
        match error {
            T::LockFailure(LockError::LockBusy, _) => Self::Busy,
            T::LockFailure(LockError::IoError(error), _) | T::IoError(error) => Self::io(&error),
            T::OpenWriteError(OpenWriteError::IoError { io_error, .. })
            | T::OpenReadError(OpenReadError::IoError { io_error, .. })
            | T::OpenDirectoryError(OpenDirectoryError::IoError { io_error, .. }) => Self::io(&io_error),
            T::OpenDirectoryError(OpenDirectoryError::DoesNotExist(_)) => Self::Missing,
            T::IncompatibleIndex(_) | T::OpenReadError(OpenReadError::IncompatibleIndex(_)) => Self::Outdated,
            // What stopped a thread of the writer is most often a full disk; the writer is opened anew.
            T::ErrorInThread(what) => Self::Io(std::io::Error::other(what)),
            other => Self::Damaged(other.to_string()),
        }
    }
}
