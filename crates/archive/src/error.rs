//! What can go wrong with the archive, and what can the caller do about it?

/// What every method of the archive answers.
pub type Result<T, E = ArchiveError> = std::result::Result<T, E>;

/// Named for what the caller can do. No text here ever carries patient data or a station's file name.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Try again a little later: somebody else is writing.
    #[error("the catalogue is busy: another process holds it; try again in a moment")]
    Busy,
    /// Free some space, then try again.
    #[error("no space left for the archive; free some space, work goes on by itself")]
    DiskFull,
    /// Install the newer Chartroom: this one must not touch the catalogue.
    #[error(
        "the catalogue has schema version {found}, this program knows {known}; use the newer Chartroom that wrote it"
    )]
    NewerSchema { found: i64, known: i64 },
    /// Somebody else has the batch now: drop what was done, nothing is lost.
    #[error("the lease of batch {batch} was lost; its new holder goes on with it")]
    LeaseLost { batch: records::ids::BatchId },
    /// The thing asked for is not there.
    #[error("no such {what}; check the id")]
    Unknown { what: &'static str },
    /// The thing is there, but not in a state in which this can be done.
    #[error("cannot {act}: {why}")]
    NotNow { act: &'static str, why: &'static str },
    /// The viewer has no right to at least one of these pages; the attempt is on record.
    #[error("{viewer} may not see {pages} of these pages; ask the records department for the right")]
    NotAllowed { viewer: String, pages: usize },
    /// Stored bytes are not what was stored. `chartroom verify` tells how far it goes.
    #[error("stored data are damaged: {what}; run `chartroom verify --full`, mend from a backup")]
    Damaged { what: String },
    /// Take another backup, or another place for it.
    #[error("this backup cannot be used: {why}")]
    BadBackup { why: &'static str },
    /// The file system refused.
    #[error("cannot {doing}: {source}")]
    Io { doing: &'static str, source: std::io::Error },
    /// The catalogue refused.
    #[error("the catalogue failed: {0}")]
    Catalogue(rusqlite::Error),
}

impl ArchiveError {
    /// Whether the same call may work later without anybody changing anything in the archive.
    pub fn retryable(&self) -> bool {
        match self {
            Self::Busy | Self::DiskFull => true,
            Self::Io { source, .. } => {
                !matches!(source.kind(), std::io::ErrorKind::InvalidInput | std::io::ErrorKind::InvalidData)
            }
            _ => false,
        }
    }

    /// For `map_err`: an error of the file system, and what was being done.
    pub(crate) fn io(doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| match source.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io { doing, source },
        }
    }

    /// A stored value that does not read back.
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }
}

impl From<rusqlite::Error> for ArchiveError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed,
            ) => Self::Busy,
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            // Also what a folder answers whose permissions were taken away: they may be given back.
            Some(
                ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied
                | ErrorCode::OutOfMemory,
            ) => Self::Io { doing: "use the catalogue", source: std::io::Error::other(error) },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::damaged("the catalogue"),
            _ => Self::Catalogue(error),
        }
    }
}

/// Why a filing was refused. Nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The patient index, or what is known of a control sheet, has changed since the verdicts: judge again.
    #[error("the patient index or a control sheet has changed since the verdict; judge again")]
    Moved,
    /// Somebody else has the batch now.
    #[error("the lease of this batch was lost; its new holder goes on with it")]
    LeaseLost,
    /// A bug of the caller: not every page of the batch is in the filing exactly once.
    #[error(
        "the filing is incomplete: {missing} pages missing, {twice} named twice, {foreign} not of this batch"
    )]
    Incomplete { missing: usize, twice: usize, foreign: usize },
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

impl From<rusqlite::Error> for FileError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Archive(error.into())
    }
}
