//! What does every handler have at hand?

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use archive::Archive;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use readers::Readers;
use records::codes::Descriptions;
use records::rights::Viewer;
use records::rules::Rules;
use records::sheet::SheetKey;
use search::{IndexReader, SearchError, Vocabulary};

use crate::asking::{AskError, Asker};
use crate::fault::Fault;
use crate::machines::Answers;
use crate::newest_index::NewestIndex;
use crate::people::sessions::Sessions;
use crate::settings::Settings;

/// What the program wires in.
pub struct Parts {
    pub settings: Settings,
    pub archive: Archive,
    pub rules: Rules,
    pub vocabulary: Vocabulary,
    /// What codes stand for; empty: words are not searched for by their codes.
    pub codes: Descriptions,
    pub index_folder: PathBuf,
    /// Make pictures again that are not kept.
    pub readers: Arc<Readers>,
    /// Sign control sheets, the printing one first.
    pub sheet_keys: Vec<SheetKey>,
    /// Whose desk it is, as control sheets say it.
    pub site: String,
    pub answers: Box<dyn Answers>,
}

/// Cheap to clone; every handler has one.
#[derive(Clone)]
pub(crate) struct Desk(Arc<Inner>);

pub(crate) struct Inner {
    parts: Parts,
    pub(crate) sessions: Sessions,
    index: NewestIndex,
}

impl Deref for Desk {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Deref for Inner {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl Desk {
    pub(crate) fn new(parts: Parts) -> Self {
        let sessions = Sessions::new(parts.settings.idle_minutes);
        Self(Arc::new(Inner { parts, sessions, index: NewestIndex::default() }))
    }

    /// Runs what may block away from the threads that serve.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let desk = self.clone();
        tokio::task::spawn_blocking(move || work(&desk)).await.unwrap_or_else(|panic| {
            tracing::error!(%panic, "a handler of the desk fell");
            Err(Fault::Ours)
        })
    }
}

impl Inner {
    /// Asks the newest state of the index.
    pub(crate) fn ask_index<T>(
        &self,
        mut ask: impl FnMut(&IndexReader) -> Result<T, SearchError>,
    ) -> Result<T, SearchError> {
        match ask(&*self.index.newest(&self.index_folder)?) {
            // It may have been swapped in this very moment.
            Err(error) if error.needs_rebuild() => ask(&*self.index.anew(&self.index_folder)?),
            answer => answer,
        }
    }

    /// As [`Inner::ask_index`], with what the archive knows beside it. Nothing was ever imported: nothing is found.
    pub(crate) fn ask<T: Default>(
        &self,
        ask: impl Fn(&IndexReader) -> Result<T, AskError>,
    ) -> Result<T, AskError> {
        let asked = self.ask_index(|reader| match ask(reader) {
            Err(AskError::Index(error)) => Err(error),
            other => Ok(other),
        });
        match asked {
            Err(SearchError::Missing) => Ok(T::default()),
            Err(other) => Err(other.into()),
            Ok(answer) => answer,
        }
    }

    /// Who asks. Numbers are looked for with every authority there is.
    pub(crate) fn asker<'a>(&'a self, viewer: &'a Viewer) -> Result<Asker<'a>, Fault> {
        let configured = self.rules.authority_ids();
        let authorities = if configured.is_empty() { self.archive.authorities()? } else { configured };
        Ok(Asker {
            archive: &self.archive,
            rules: &self.rules,
            vocabulary: &self.vocabulary,
            viewer,
            authorities,
        })
    }
}

/// The day it is where the desk stands.
pub(crate) fn today() -> Date {
    TimeZone::system().to_datetime(Timestamp::now()).date()
}
