//! How is the index written, and how far has it come?
//!
//! Every commit carries `{epoch, fingerprint, position}` in its payload: the life of the catalogue it follows, the
//! schema it was written with, and the position of the change log it has reached. A kill loses what was not
//! committed, and the position says what to replay. Another epoch (a restore) or fingerprint means: rebuild beside,
//! then swap.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use records::entry::PageEntry;
use records::ids::{Epoch, PageRef};
use serde::{Deserialize, Serialize};
use tantivy::directory::DirectoryLock;
use tantivy::{IndexWriter, TantivyError};

use crate::error::SearchError;
use crate::schema::fingerprint;

mod check;
mod faulty;
mod folder;
mod merging;
mod newcomers;
mod reader;

use check::unpanicked;
use faulty::{Faulty, Found};
use newcomers::Newcomers;

pub use check::Checkup;
pub use reader::IndexReader;

/// Memory for pages not yet written, bytes; about 30,000 pages.
const HEAP: usize = 64_000_000;

/// What a commit says about itself. For ever: fields are only added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Payload {
    epoch: Epoch,
    fingerprint: String,
    position: u64,
    /// Which tables its codes were recognised by.
    #[serde(default)]
    codes: String,
    /// Pages that the writer cannot bear. As everywhere, what has no such page is as it was before there were any.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    left_out: BTreeSet<PageRef>,
}

impl Payload {
    /// What the last commit said; `None`: nothing that we understand.
    fn of(index: &tantivy::Index) -> Option<Self> {
        serde_json::from_str(&index.load_metas().ok()?.payload?).ok()
    }
}

/// What an index is made from, beside the pages.
#[derive(Clone, Debug)]
pub struct Source {
    /// The life of the catalogue it follows.
    pub epoch: Epoch,
    /// Fingerprint of the tables by which codes were recognised; empty: by none.
    pub codes: String,
}

impl From<Epoch> for Source {
    fn from(epoch: Epoch) -> Self {
        Self { epoch, codes: String::new() }
    }
}

/// What was found where the index should be.
#[derive(Debug)]
pub enum Opened {
    /// Nothing was there: a new one, to follow the change log from its beginning.
    Fresh(Index),
    /// To follow the change log from its position.
    AsOf(Index),
    /// It cannot be followed up, and was left as it is: [`Index::rebuild`].
    Rebuild(Unfit),
}

/// Why an index has to be built anew.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("it follows another catalogue, as after a restore")]
    OtherEpoch,
    #[error("it was written by another version")]
    OtherVersion,
    #[error("the tables of codes have changed")]
    OtherCodes,
    /// Names files of the index, never pages.
    #[error("it is damaged: {0}")]
    Damaged(String),
}

/// The writing end; there is one in all.
pub struct Index {
    reader: IndexReader,
    /// `None` after a fault: opened anew when next asked for.
    writer: Option<IndexWriter>,
    newcomers: Newcomers,
    faulty: Faulty,
    source: Source,
}

impl Index {
    /// Opens or creates the index in `folder` for writing.
    ///
    /// # Errors
    /// [`SearchError::Busy`] while another process writes it, [`SearchError::Io`] where the folder cannot be used. An
    /// index that cannot be followed up is no error but [`Opened::Rebuild`].
    pub fn open(folder: &Path, source: impl Into<Source>) -> Result<Opened, SearchError> {
        let source = source.into();
        folder::recover(folder)?;
        if folder::is_vacant(folder)? {
            return Ok(Opened::Fresh(Self::over(folder::create(folder)?, source)?));
        }
        let unfit = |why| Ok(Opened::Rebuild(why));
        let index = match folder::open(folder) {
            Ok(index) => index,
            Err(SearchError::Outdated) => return unfit(Unfit::OtherVersion),
            Err(SearchError::Damaged(what)) => return unfit(Unfit::Damaged(what)),
            Err(other) => return Err(other),
        };
        let said = Payload::of(&index);
        match &said {
            Some(said) if said.epoch != source.epoch => return unfit(Unfit::OtherEpoch),
            Some(said) if said.fingerprint != fingerprint(&index.schema()) => {
                return unfit(Unfit::OtherVersion);
            }
            Some(said) if said.codes != source.codes => return unfit(Unfit::OtherCodes),
            Some(_) => {}
            // Created, and killed before the first commit.
            None if index.searchable_segments().is_ok_and(|segments| segments.is_empty()) => {}
            None => return unfit(Unfit::Damaged("it does not say how far it has come".into())),
        }
        match unpanicked(|| Self::over(index, source)).flatten() {
            Ok(index) if said.is_some() => Ok(Opened::AsOf(index)),
            Ok(index) => Ok(Opened::Fresh(index)),
            Err(SearchError::Damaged(what)) => unfit(Unfit::Damaged(what)),
            Err(other) => Err(other),
        }
    }

    /// Builds a new index beside the old one and puts it in its place; until then the old one answers, and nobody
    /// writes it. `position` is the head of the change log *before* the first entry was read, so that what changed
    /// meanwhile is followed. Entries are asked for once more when the writer has fallen over one of them.
    ///
    /// # Errors
    /// Whatever an entry's reading failed with, and those of [`Index::open`]; the old index then is as it was.
    pub fn rebuild<E: From<SearchError>, Entries: IntoIterator<Item = Result<PageEntry, E>>>(
        folder: &Path,
        source: impl Into<Source>,
        position: u64,
        entries: impl Fn() -> Entries,
    ) -> Result<Self, E> {
        let source = source.into();
        let lock = folder::lock(folder)?;
        let beside = Self::build_beside(folder, source, position, entries)?;
        Ok(beside.swap(lock)?)
    }

    /// As [`Index::rebuild`], while another goes on writing the old one: [`Beside::take_place`] when that is closed.
    pub fn build_beside<E: From<SearchError>, Entries: IntoIterator<Item = Result<PageEntry, E>>>(
        folder: &Path,
        source: impl Into<Source>,
        position: u64,
        entries: impl Fn() -> Entries,
    ) -> Result<Beside, E> {
        let source = source.into();
        let (mut faulty, mut found) = (Faulty::default(), Found::default());
        let beside = loop {
            let beside = folder::beside(folder)?;
            let mut new = Self { faulty, ..Self::over(folder::create(&beside)?, source.clone())? };
            match new.take_in(position, entries()) {
                Ok(()) => {
                    new.close()?;
                    break beside;
                }
                Err(fault) => {
                    let now = new.faulty.found();
                    faulty = new.into_faulty().passed_on(found).ok_or(fault)?;
                    found = now;
                }
            }
        };
        tracing::trace!(target: "fault_point", "index built beside");
        Ok(Beside { folder: folder.to_owned(), beside, source })
    }

    fn take_in<E: From<SearchError>>(
        &mut self,
        position: u64,
        entries: impl IntoIterator<Item = Result<PageEntry, E>>,
    ) -> Result<(), E> {
        for entry in entries {
            self.upsert(&entry?)?;
        }
        Ok(self.commit(position)?)
    }

    fn into_faulty(self) -> Faulty {
        self.faulty
    }

    fn over(index: tantivy::Index, source: Source) -> Result<Self, SearchError> {
        let reader = IndexReader::over(index)?;
        let writer = Some(writer(&reader.index)?);
        let faulty = Faulty::knowing(reader.left_out());
        Ok(Self { reader, writer, newcomers: Newcomers::default(), faulty, source })
    }

    /// Adds a page, or puts it in the place of what was known of it. Found after the next commit. One that the writer
    /// falls over is left out: see [`IndexReader::left_out`].
    ///
    /// # Errors
    /// After any error of this or of `remove` or `commit`, everything since the last commit is forgotten: go on
    /// from [`Index::position`].
    pub fn upsert(&mut self, entry: &PageEntry) -> Result<(), SearchError> {
        let (fields, page) = (self.reader.fields, entry.page);
        let document = unpanicked(|| fields.document_of(entry)).ok();
        let Some(document) = document.filter(|document| self.faulty.is_borne(page, document)) else {
            tracing::error!(batch = %page.batch, page = page.page.0, "the index cannot take this page; it is left out");
            self.remove(page)?;
            self.faulty.left_out.insert(page);
            return Ok(());
        };
        let may_be_known = self.newcomers.may_be_known(page, || self.reader.holds_of(page.batch))?;
        self.faulty.left_out.remove(&page);
        self.faulty.sent(page);
        self.write(|writer| {
            if may_be_known {
                writer.delete_term(fields.key_term(page));
            }
            writer.add_document(document)
        })?;
        Ok(())
    }

    /// Forgets a page.
    pub fn remove(&mut self, page: PageRef) -> Result<(), SearchError> {
        let term = self.reader.fields.key_term(page);
        self.write(|writer| Ok(writer.delete_term(term)))?;
        self.faulty.left_out.remove(&page);
        Ok(())
    }

    /// Whether the writer fell over a page that is not yet known: going on from [`Index::position`] finds it, and
    /// leaves it out.
    pub fn seeks_faulty_page(&self) -> bool {
        self.faulty.has_suspects()
    }

    /// Makes everything since the last commit durable and findable, as of this position of the change log. Costs some
    /// 15 fsyncs: every second or two, never every page.
    pub fn commit(&mut self, position: u64) -> Result<(), SearchError> {
        let fingerprint = fingerprint(&self.reader.index.schema());
        let payload = Payload {
            epoch: self.source.epoch,
            fingerprint,
            position,
            codes: self.source.codes.clone(),
            left_out: self.faulty.left_out.clone(),
        };
        let text =
            serde_json::to_string(&payload).map_err(|error| SearchError::Damaged(error.to_string()))?;
        self.write(|writer| {
            let mut prepared = writer.prepare_commit()?;
            prepared.set_payload(&text);
            tracing::trace!(target: "fault_point", "index prepared");
            prepared.commit()
        })?;
        self.faulty.committed();
        tracing::trace!(target: "fault_point", "index committed");
        self.reader.reload()?;
        self.newcomers = Newcomers::default();
        Ok(())
    }

    /// Position of the change log the last commit has reached; 0 before the first.
    pub fn position(&self) -> u64 {
        self.reader.position()
    }

    /// The reading end, as of the last commit.
    pub fn reader(&self) -> &IndexReader {
        &self.reader
    }

    /// A writer that has met a fault (a full disk) takes nothing any more; it is dropped, with what it held.
    fn write<T>(
        &mut self,
        act: impl FnOnce(&mut IndexWriter) -> tantivy::Result<T>,
    ) -> Result<T, SearchError> {
        let mut writer = match self.writer.take() {
            Some(writer) => writer,
            None => writer(&self.reader.index)?,
        };
        let done = unpanicked(|| act(&mut writer))?;
        match done {
            Ok(done) => {
                self.writer = Some(writer);
                Ok(done)
            }
            Err(fault) => {
                if let TantivyError::ErrorInThread(_) = &fault {
                    self.faulty.suspect();
                }
                Err(fault.into())
            }
        }
    }

    /// Waits for merges under way, so that nothing is left to be done.
    ///
    /// # Errors
    /// As of [`Index::commit`]; what was committed stays.
    pub fn close(mut self) -> Result<(), SearchError> {
        if let Some(writer) = self.writer.take() {
            writer.wait_merging_threads()?;
        }
        Ok(())
    }
}

/// A whole new index beside the old one.
#[derive(Debug)]
pub struct Beside {
    folder: PathBuf,
    beside: PathBuf,
    source: Source,
}

impl Beside {
    /// Takes the place of the old index, which goes.
    ///
    /// # Errors
    /// [`SearchError::Busy`] while the old one is open for writing.
    pub fn take_place(self) -> Result<Index, SearchError> {
        let lock = folder::lock(&self.folder)?;
        self.swap(lock)
    }

    fn swap(self, lock: DirectoryLock) -> Result<Index, SearchError> {
        folder::swap(&self.beside, &self.folder)?;
        drop(lock);
        Index::over(folder::open(&self.folder)?, self.source)
    }
}

fn writer(index: &tantivy::Index) -> Result<IndexWriter, SearchError> {
    let writer = index.writer_with_num_threads(1, HEAP)?;
    writer.set_merge_policy(Box::new(merging::Merging::default()));
    Ok(writer)
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Index(as of {})", self.position())
    }
}
