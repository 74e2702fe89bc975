//! What can go wrong on the line, and is it worth another try?

use std::time::Duration;

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
    /// Nothing is wrong: what was begun goes on at the next start.
    #[error("told to stop; it goes on at the next start")]
    Stopped,
}

impl LineError {
    pub(crate) fn io(doing: &'static str, source: std::io::Error) -> Self {
        Self::Io { doing, source }
    }

    /// When to try the same again, after so many attempts that failed; `None`: a person must see to the cause.
    pub(crate) fn try_again_in(&self, attempts: u32) -> Option<Duration> {
        // 2, 4, 8 … 512 s, and so on.
        let delay = Duration::from_secs(2_u64.pow(attempts.clamp(1, 9)));
        match self.passes() {
            Passes::ByItself => Some(delay),
            // Eight times, eight and a half minutes: a share that comes back, not a file that is gone.
            Passes::Perhaps if attempts <= 8 => Some(delay),
            Passes::Perhaps | Passes::Not => None,
        }
    }

    fn passes(&self) -> Passes {
        match self {
            Self::Stopped
            | Self::Unsettled
            | Self::Search(_)
            | Self::File(FileError::Moved | FileError::LeaseLost) => Passes::ByItself,
            Self::Archive(error) | Self::File(FileError::Archive(error)) => match error {
                ArchiveError::Busy | ArchiveError::DiskFull => Passes::ByItself,
                error if error.retryable() => Passes::Perhaps,
                _ => Passes::Not,
            },
            Self::Io { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => Passes::ByItself,
            Self::Io { .. } | Self::Foreign(_) => Passes::Perhaps,
            Self::File(FileError::Incomplete { .. }) => Passes::Not,
        }
    }
}

/// Does a fault go away without anybody touching the batch?
enum Passes {
    /// It does, however long it takes: space is freed, the other process is done.
    ByItself,
    Perhaps,
    Not,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn io(kind: std::io::ErrorKind) -> LineError {
        LineError::Archive(ArchiveError::Io { doing: "open an original", source: kind.into() })
    }

    #[test]
    fn a_full_disk_is_waited_for_however_long_it_takes() {
        let full = LineError::Archive(ArchiveError::DiskFull);
        let waits: Vec<u64> =
            [1, 2, 3, 9, 10, 500].iter().map(|n| full.try_again_in(*n).unwrap().as_secs()).collect();
        assert_eq!(waits, [2, 4, 8, 512, 512, 512]);
    }

    #[test]
    fn what_may_pass_is_tried_for_some_minutes_and_then_shown_to_a_person() {
        let denied = io(std::io::ErrorKind::PermissionDenied);
        let tries: Vec<u64> =
            (1..).map_while(|n| denied.try_again_in(n)).map(|wait| wait.as_secs()).collect();
        assert_eq!((tries.len(), tries.iter().sum::<u64>()), (8, 510));
    }

    #[test]
    fn damage_is_not_tried_again() {
        let damaged = LineError::Archive(ArchiveError::Damaged { what: "a pack".into() });
        assert!(damaged.try_again_in(1).is_none());
    }
}
