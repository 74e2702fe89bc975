//! How is the index read, by as many as like, beside whoever writes?

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use records::ids::{BatchId, Epoch, PageRef};
use records::rights::Scope;
use tantivy::collector::Count;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::{ReloadPolicy, Searcher, TantivyDocument, Term};

use super::{Payload, folder};
use crate::answer::{Answer, Hit, Resolved, Screen};
use crate::copies::Charted;
use crate::error::SearchError;
use crate::query::Query;
use crate::query::typed::Typed;
use crate::question::Question;
use crate::schema::{Fields, fingerprint, page_of_key, schema};
use crate::similar::Model;
use crate::suggest::Suggestion;
use crate::walked::Walked;

/// The reading end, in any process. It sees the index as it was when opened or last reloaded.
pub struct IndexReader {
    pub(super) index: tantivy::Index,
    pub(super) fields: Fields,
    reader: tantivy::IndexReader,
    position: AtomicU64,
    walked: Walked,
}

impl IndexReader {
    /// Opens for reading only: takes no writer's lock and changes nothing.
    ///
    /// # Errors
    /// [`SearchError::Missing`] where there is none; `Outdated` and `Damaged` ask for a rebuild.
    pub fn open(folder: &Path) -> Result<Self, SearchError> {
        if folder::is_vacant(folder)? {
            return Err(SearchError::Missing);
        }
        let index = folder::open(folder)?;
        match Payload::of(&index) {
            Some(said) if said.fingerprint != fingerprint(&index.schema()) => Err(SearchError::Outdated),
            _ => Self::over(index),
        }
    }

    pub(super) fn over(index: tantivy::Index) -> Result<Self, SearchError> {
        // Before the reader: see `reload`.
        let position = committed(&index);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let (_, fields) = schema();
        Ok(Self { index, fields, reader, position: AtomicU64::new(position), walked: Walked::default() })
    }

    /// Sees what was committed since. A `Scope` must be made for the [`IndexReader::position`] from *before* a search.
    pub fn reload(&self) -> Result<(), SearchError> {
        // What a scope excludes counts from this position. It may be older than what is seen, never newer, or a page
        // voided in between would be shown; and a swapped index may be older than the one before.
        let before = committed(&self.index);
        self.position.fetch_min(before, Ordering::AcqRel);
        super::unpanicked(|| self.reader.reload())??;
        self.position.store(before.min(committed(&self.index)), Ordering::Release);
        Ok(())
    }

    /// Position of the change log this reader has reached; 0 before the first commit.
    pub fn position(&self) -> u64 {
        self.position.load(Ordering::Acquire)
    }

    /// Pages that the writer falls over: they are not in the index until their reading changes, or the program does.
    pub fn left_out(&self) -> BTreeSet<PageRef> {
        Payload::of(&self.index).map(|said| said.left_out).unwrap_or_default()
    }

    /// Whether it follows this life of the catalogue (or nothing yet).
    pub fn follows(&self, epoch: Epoch) -> bool {
        Payload::of(&self.index).is_none_or(|said| said.epoch == epoch)
    }

    /// The pages that match and that the asker may see. `patients` answers the query's patient terms, `scope` was
    /// made for this reader's position.
    pub fn search(
        &self,
        query: &Query,
        patients: &Resolved,
        scope: &Scope,
        screen: Screen,
    ) -> Result<Answer, SearchError> {
        let searcher = self.reader.searcher();
        let question = self.question(&searcher, query, patients, scope);
        super::unpanicked(|| question.answer(screen)).flatten()
    }

    /// How the line may go on, likeliest first: of each there is a page, together with what stands before, that the
    /// asker may see. `patients` answers the line's patient terms, `scope` was made for this reader's position.
    pub fn suggest(
        &self,
        typed: &Typed,
        patients: &Resolved,
        scope: &Scope,
        limit: usize,
    ) -> Result<Vec<Suggestion>, SearchError> {
        let searcher = self.reader.searcher();
        let query = &typed.before;
        let question = self.question(&searcher, query, patients, scope);
        super::unpanicked(|| question.suggest(typed, limit)).flatten()
    }

    /// The pages most like this one that the asker may see, itself left out. `scope` was made for this reader's
    /// position.
    pub fn similar(&self, model: Model<'_>, scope: &Scope, limit: usize) -> Result<Vec<Hit>, SearchError> {
        self.unasked(scope, |question| question.similar(model, limit))
    }

    /// For each of these pages, those that it looks like a copy of and that the asker may see; none for a page the
    /// asker may not see. `scope` was made for this reader's position.
    pub fn copies(&self, pages: &[Charted], scope: &Scope) -> Result<Vec<Vec<Hit>>, SearchError> {
        self.unasked(scope, |question| question.copies(pages))
    }

    /// What is asked without a query.
    fn unasked<T>(
        &self,
        scope: &Scope,
        ask: impl FnOnce(&Question<'_>) -> Result<T, SearchError>,
    ) -> Result<T, SearchError> {
        let (searcher, query, patients) = (self.reader.searcher(), Query::default(), Resolved::default());
        super::unpanicked(|| ask(&self.question(&searcher, &query, &patients, scope))).flatten()
    }

    fn question<'a>(
        &'a self,
        searcher: &'a Searcher,
        query: &'a Query,
        patients: &'a Resolved,
        scope: &'a Scope,
    ) -> Question<'a> {
        Question { searcher, fields: self.fields, query, patients, scope, walked: &self.walked }
    }

    /// How many pages are in the index. Each is in it once, so with [`IndexReader::holds`] for every page of the
    /// catalogue this proves that both have the same.
    pub fn count(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Whether a page is in the index.
    pub fn holds(&self, page: PageRef) -> Result<bool, SearchError> {
        let term = TermQuery::new(self.fields.key_term(page), IndexRecordOption::Basic);
        Ok(self.reader.searcher().search(&term, &Count)? > 0)
    }

    /// Whether any page of a batch may be in the index; `false`: none is.
    pub(super) fn holds_of(&self, batch: BatchId) -> Result<bool, SearchError> {
        let term = Term::from_field_text(self.fields.batch, &batch.to_string());
        let searcher = self.reader.searcher();
        super::unpanicked(|| searcher.doc_freq(&term))?.map(|pages| pages > 0).map_err(Into::into)
    }

    /// Every page that is in the index: 20 bytes each.
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
}

fn committed(index: &tantivy::Index) -> u64 {
    Payload::of(index).map_or(0, |said| said.position)
}

impl fmt::Debug for IndexReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IndexReader(as of {})", self.position())
    }
}
