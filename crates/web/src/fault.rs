//! What is said when something cannot be done?

use archive::ArchiveError;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use search::SearchError;

use crate::acts::ActError;
use crate::asking::AskError;

/// Named for what the person at the screen can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Sign in (again).
    SignIn,
    /// It is not there, or not for you: the same for both, so that nobody learns which.
    NotThere,
    /// What was asked cannot be done, and why.
    Refused(String),
    /// Somebody else was first: look again.
    Moved(String),
    /// Wait a moment, try again.
    Busy,
    /// Too much at once.
    TooLarge,
    /// A bug or a broken disk: the log says more.
    Ours,
}

impl Fault {
    pub(crate) fn refused(why: impl Into<String>) -> Self {
        Self::Refused(why.into())
    }

    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::NotThere => StatusCode::NOT_FOUND,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Moved(_) => StatusCode::CONFLICT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Ours => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub(crate) fn words(&self) -> String {
        match self {
            Self::SignIn => "Please sign in.".into(),
            Self::NotThere => "There is no such page, or it is not for you.".into(),
            Self::Refused(why) | Self::Moved(why) => why.clone(),
            Self::Busy => "The archive is busy. Try again in a moment; nothing was lost.".into(),
            Self::TooLarge => "That is more than can be taken at once.".into(),
            Self::Ours => "Something went wrong on our side; it is in the log. Nothing was lost.".into(),
        }
    }
}

/// Bare: what it looks like for whom is said by [`crate::dress`].
impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<ArchiveError> for Fault {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Unknown { .. } | ArchiveError::NotAllowed { .. } => Self::NotThere,
            ArchiveError::NotNow { .. } => Self::Moved(sentence(&error.to_string())),
            ArchiveError::Busy => Self::Busy,
            other => {
                tracing::error!(error = %other, "the desk could not use the archive");
                Self::Ours
            }
        }
    }
}

impl From<ActError> for Fault {
    fn from(error: ActError) -> Self {
        match error {
            ActError::Archive(error) => error.into(),
            ActError::Unknown(_) | ActError::Orphan => Self::NotThere,
            other => Self::Refused(sentence(&other.to_string())),
        }
    }
}

impl From<SearchError> for Fault {
    fn from(error: SearchError) -> Self {
        if error.needs_rebuild() {
            return Self::Refused("The search index is being built anew. Try again in some minutes.".into());
        }
        tracing::error!(%error, "the desk could not search");
        Self::Ours
    }
}

impl From<AskError> for Fault {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Archive(error) => error.into(),
            AskError::Index(error) => error.into(),
        }
    }
}

/// "cannot x: y" as a sentence.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}
