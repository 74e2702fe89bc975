//! What can go wrong with the index, and what can the caller do about it?

#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// Wait, or ask the process that has it.
    #[error("another process is writing the search index; let it finish, or stop it")]
    Busy,
    /// Rebuild: `chartroom index rebuild`.
    #[error("the search index is damaged ({0}); rebuild it with `chartroom index rebuild`")]
    Damaged(String),
    /// There is no index yet.
    #[error("there is no search index yet; import something, or run `chartroom index rebuild`")]
    Missing,
    #[error("the search index's folder: {0}; check its permissions and space")]
    Io(#[from] std::io::Error),
}

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> Self {
        use tantivy::TantivyError as T;
        match error {
            T::LockFailure(..) => Self::Busy,
            T::IoError(error) => Self::Io(std::io::Error::other(error.to_string())),
            other => Self::Damaged(other.to_string()),
        }
    }
}
