//! How is the index opened, written, read and replaced?
//!
//! Every commit carries `{epoch, fingerprint, position}` in its payload: the life of the catalogue it follows, the
//! schema it was written with, and the position of the change log it has reached. Another epoch (a restore) or
//! fingerprint means: rebuild beside, then swap.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use records::entry::PageEntry;
use records::ids::{Epoch, PageRef};
use records::rights::Scope;
use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::schema::Value as _;
use tantivy::{IndexWriter, ReloadPolicy, TantivyDocument};

use crate::answer::{Answer, Resolved, answer};
use crate::error::SearchError;
use crate::query::Query;
use crate::schema::{Fields, fingerprint, key, page_of_key, schema};

/// Memory for documents not yet written, bytes.
const HEAP: usize = 64_000_000;

/// What a commit says about itself. For ever: fields are only added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Payload {
    epoch: Epoch,
    fingerprint: String,
    position: u64,
}

/// What was found cannot be followed up: [`Index::rebuild`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stale {
    #[error("it cannot be opened")]
    Damaged,
    #[error("it was written for another catalogue or by another version")]
    Foreign,
    #[error("it does not say how far it has come")]
    NoPosition,
}

/// The writing end; there is one in all.
pub struct Index {
    reader: IndexReader,
    writer: IndexWriter,
    epoch: Epoch,
    position: u64,
}

/// The reading end; as many as are wanted, in any process.
pub struct IndexReader {
    index: tantivy::Index,
    reader: tantivy::IndexReader,
    fields: Fields,
}

impl Index {
    /// Opens or creates the index in `folder`. What cannot be followed is left as it is: [`Index::rebuild`].
    pub fn open(folder: &Path, epoch: Epoch) -> Result<Result<Self, Stale>, SearchError> {
        std::fs::create_dir_all(folder)?;
        let fresh = std::fs::read_dir(folder)?.next().is_none();
        let index = match fresh {
            true => Some(create(folder)?),
            false => open_existing(folder),
        };
        let Some(index) = index else {
            return Ok(Err(Stale::Damaged));
        };
        let expected = fingerprint(&index.schema());
        let position = match payload(&index) {
            _ if fresh => 0,
            Some(said) if said.epoch == epoch && said.fingerprint == expected => said.position,
            Some(_) => return Ok(Err(Stale::Foreign)),
            // Created, and killed before the first commit.
            None if is_empty(&index) => 0,
            None => return Ok(Err(Stale::NoPosition)),
        };
        Ok(Ok(Self::over(index, epoch, position)?))
    }

    fn over(index: tantivy::Index, epoch: Epoch, position: u64) -> Result<Self, SearchError> {
        let writer = index.writer_with_num_threads(1, HEAP)?;
        Ok(Self { reader: IndexReader::over(index)?, writer, epoch, position })
    }

    /// Builds a new index beside the old one and puts it in its place. `fill` adds the pages; it answers the
    /// position of the change log they are as of.
    pub fn rebuild<E: From<SearchError>>(
        folder: &Path,
        epoch: Epoch,
        fill: impl FnOnce(&mut Self) -> Result<u64, E>,
    ) -> Result<Self, E> {
        let io = |error: std::io::Error| E::from(SearchError::from(error));
        let beside = sibling(folder, "new");
        if beside.exists() {
            std::fs::remove_dir_all(&beside).map_err(io)?;
        }
        std::fs::create_dir_all(&beside).map_err(io)?;
        let mut new = Self::over(create(&beside)?, epoch, 0)?;
        let position = fill(&mut new)?;
        new.commit(position)?;
        drop(new);
        let old = sibling(folder, "old");
        if old.exists() {
            std::fs::remove_dir_all(&old).map_err(io)?;
        }
        if folder.exists() {
            std::fs::rename(folder, &old).map_err(io)?;
        }
        std::fs::rename(&beside, folder).map_err(io)?;
        if old.exists() {
            std::fs::remove_dir_all(&old).map_err(io)?;
        }
        let index = open_existing(folder).ok_or_else(|| SearchError::Damaged("the new index".into()))?;
        Ok(Self::over(index, epoch, position)?)
    }

    /// Adds a page, or puts it in the place of what was known of it.
    pub fn upsert(&mut self, entry: &PageEntry) -> Result<(), SearchError> {
        self.remove(entry.page)?;
        self.writer.add_document(self.reader.fields.document(entry))?;
        Ok(())
    }

    /// Forgets a page.
    pub fn remove(&mut self, page: PageRef) -> Result<(), SearchError> {
        self.writer.delete_term(self.reader.fields.key_term(page));
        Ok(())
    }

    /// Makes everything since the last commit durable and findable, as of this position of the change log.
    pub fn commit(&mut self, position: u64) -> Result<(), SearchError> {
        let payload = Payload { epoch: self.epoch, fingerprint: fingerprint(&self.reader.index.schema()), position };
        let text = serde_json::to_string(&payload).map_err(|e| SearchError::Damaged(e.to_string()))?;
        let mut prepared = self.writer.prepare_commit()?;
        prepared.set_payload(&text);
        prepared.commit()?;
        self.reader.reader.reload()?;
        self.position = position;
        Ok(())
    }

    /// Position of the change log the last commit has reached.
    pub fn position(&self) -> u64 {
        self.position
    }

    pub fn reader(&self) -> &IndexReader {
        &self.reader
    }
}

impl IndexReader {
    /// Opens for reading only, beside whoever writes.
    pub fn open(folder: &Path) -> Result<Self, SearchError> {
        if !folder.join("meta.json").exists() {
            return Err(SearchError::Missing);
        }
        let index = open_existing(folder).ok_or_else(|| SearchError::Damaged("it cannot be opened".into()))?;
        Self::over(index)
    }

    fn over(index: tantivy::Index) -> Result<Self, SearchError> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let (_, fields) = schema();
        Ok(Self { index, reader, fields })
    }

    /// Position of the change log this index has reached; 0 before its first commit.
    pub fn position(&self) -> u64 {
        payload(&self.index).map_or(0, |said| said.position)
    }

    /// Whether it follows this life of the catalogue.
    pub fn follows(&self, epoch: Epoch) -> bool {
        payload(&self.index).is_none_or(|said| said.epoch == epoch)
    }

    /// Sees what was committed since it was opened.
    pub fn reload(&self) -> Result<(), SearchError> {
        Ok(self.reader.reload()?)
    }

    /// The pages that match and that the asker may see. `patients` answers the query's patient terms.
    pub fn search(
        &self,
        query: &Query,
        patients: &Resolved,
        scope: &Scope,
        limit: usize,
        offset: usize,
    ) -> Result<Answer, SearchError> {
        answer(&self.reader.searcher(), self.fields, query, patients, scope, limit, offset)
    }

    /// Every page that is in the index.
    pub fn pages(&self) -> Result<BTreeSet<PageRef>, SearchError> {
        let searcher = self.reader.searcher();
        let mut pages = BTreeSet::new();
        for segment in searcher.segment_readers() {
            let store = segment.get_store_reader(16)?;
            for document in store.iter::<TantivyDocument>(segment.alive_bitset()) {
                let document = document?;
                let text = document.get_first(self.fields.key).and_then(|value| value.as_str());
                pages.extend(text.and_then(page_of_key));
            }
        }
        Ok(pages)
    }

    /// Whether a page is in the index.
    pub fn holds(&self, page: PageRef) -> Result<bool, SearchError> {
        let term = tantivy::Term::from_field_text(self.fields.key, &key(page));
        Ok(self.reader.searcher().doc_freq(&term)? > 0)
    }
}

fn create(folder: &Path) -> Result<tantivy::Index, SearchError> {
    let (schema, _) = schema();
    Ok(tantivy::Index::create_in_dir(folder, schema)?)
}

/// `None`: it cannot be read, whatever the cause.
fn open_existing(folder: &Path) -> Option<tantivy::Index> {
    let directory = MmapDirectory::open(folder).ok()?;
    let index = tantivy::Index::open(directory).ok()?;
    let (expected, _) = schema();
    // Another schema has other fields under the same numbers: reading it with ours would answer nonsense.
    (index.schema() == expected && index.searchable_segments().is_ok()).then_some(index)
}

fn payload(index: &tantivy::Index) -> Option<Payload> {
    serde_json::from_str(&index.load_metas().ok()?.payload?).ok()
}

fn is_empty(index: &tantivy::Index) -> bool {
    index.load_metas().is_ok_and(|metas| metas.segments.is_empty())
}

fn sibling(folder: &Path, what: &str) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(what);
    folder.with_file_name(name)
}
