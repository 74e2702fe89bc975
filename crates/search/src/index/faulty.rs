//! Over which page does the writer fall, and how does everything else go on?
//!
//! A page is taken in by a thread of the library, long after it was handed over. When that thread falls, nothing says
//! over which page: all that came since the last commit are suspects. They come again, and each is first tried in an
//! index of its own, in memory. One that cannot be borne is left out, and told.

use std::collections::{BTreeSet, VecDeque};

use records::ids::PageRef;
use rustc_hash::FxHashSet;
use tantivy::TantivyDocument;

use super::check::unpanicked;
use super::folder;
use crate::schema::schema;

/// More pages are never on their way at once: a queue of 10,000, and those of one segment.
const ON_THEIR_WAY: usize = 100_000;
/// The least the library takes, bytes.
const SMALLEST_HEAP: usize = 15_000_000;

#[derive(Default)]
pub(super) struct Faulty {
    /// Handed over since the last commit.
    sent: VecDeque<PageRef>,
    suspects: FxHashSet<PageRef>,
    pub(super) left_out: BTreeSet<PageRef>,
}

impl Faulty {
    /// As the last commit says.
    pub(super) fn knowing(left_out: BTreeSet<PageRef>) -> Self {
        Self { left_out, ..Self::default() }
    }

    /// Whether the page can be taken in; one that is no suspect is not tried.
    pub(super) fn is_borne(&self, page: PageRef, document: &TantivyDocument) -> bool {
        !self.suspects.contains(&page) || is_borne_alone(document.clone())
    }

    pub(super) fn sent(&mut self, page: PageRef) {
        if self.sent.len() == ON_THEIR_WAY {
            self.sent.pop_front();
        }
        self.sent.push_back(page);
    }

    /// The writer fell.
    pub(super) fn suspect(&mut self) {
        self.suspects.extend(self.sent.drain(..));
    }

    /// Whether pages that come again will be tried first.
    pub(super) fn has_suspects(&self) -> bool {
        !self.suspects.is_empty()
    }

    /// All that was handed over is in the index.
    pub(super) fn committed(&mut self) {
        self.sent.clear();
        self.suspects.clear();
    }

    /// For another writer of the same pages. `None`: this one tried what the one before it suspected, found no more of it
    /// at fault, and fell all the same (a full disk), or did not fall at all.
    pub(super) fn passed_on(self, before: Found) -> Option<Self> {
        let Found { suspects, left_out } = self.found();
        let goes_on = suspects > before.suspects && (before.suspects == 0 || left_out > before.left_out);
        goes_on.then(|| Self { suspects: self.suspects, ..Self::default() })
    }

    pub(super) fn found(&self) -> Found {
        Found { suspects: self.suspects.len(), left_out: self.left_out.len() }
    }
}

/// How many pages.
#[derive(Clone, Copy, Default)]
pub(super) struct Found {
    suspects: usize,
    left_out: usize,
}

fn is_borne_alone(document: TantivyDocument) -> bool {
    let tried = unpanicked(|| -> tantivy::Result<()> {
        let index = folder::taking(tantivy::Index::create_in_ram(schema().0));
        let mut writer = index.writer_with_num_threads(1, SMALLEST_HEAP)?;
        writer.add_document(document)?;
        writer.commit()?;
        Ok(())
    });
    matches!(tried, Ok(Ok(())))
}
