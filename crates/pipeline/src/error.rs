//! What can go wrong on the line, and is it worth another try?

use archive::{ArchiveError, FileError};
use search::SearchError;

/// Messages never name a file: station file names count as patient data.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    #[error("cannot {doing}: {source}; check the folder's permissions and space")]
    Io { doing: &'static str, source: std::io::Error },
    #[error("a file changed while it was read; take it again when its scanner is done")]
    Unsettled,
    #[error("{0}")]
    Foreign(&'static str),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Search(#[from] SearchError),
}

impl LineError {
    pub(crate) fn io(doing: &'static str, source: std::io::Error) -> Self {
        Self::Io { doing, source }
    }

    /// Whether the same may succeed later without anybody touching the batch.
    pub(crate) fn retryable(&self) -> bool {
        match self {
            Self::Io { .. } | Self::Search(_) | Self::Unsettled | Self::Foreign(_) => true,
            Self::Archive(error) | Self::File(FileError::Archive(error)) => error.retryable(),
            Self::File(FileError::Moved | FileError::LeaseLost) => true,
            Self::File(FileError::Incomplete { .. }) => false,
        }
    }
}
