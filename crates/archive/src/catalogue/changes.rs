//! What has changed for those who keep themselves up to date?

use records::entry::PageEntry;
use records::ids::{DocumentId, PageRef};

use crate::error::Result;
use crate::open::Archive;

/// One row of the change log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub position: u64,
    pub what: Changed,
    /// The document it is about; absent for what happens on the worklist.
    pub document: Option<DocumentId>,
    /// Pages whose entry in the index may be another now.
    pub pages: Vec<PageRef>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// A batch was filed: documents and exceptions.
    Filed,
    /// Exceptions changed: split, disposed of, voided.
    Held,
    /// An exception became a document.
    Assigned,
    Voided,
    Quarantined,
    /// Filed again elsewhere; the document named is the one that is no more.
    Moved,
    Relabelled,
}

/// What the search follower reads through. Not for people: it gives the words of every page.
#[derive(Clone)]
pub struct Follower {
    archive: Archive,
}

impl Archive {
    /// The door for whoever keeps an index of all pages.
    pub fn follower(&self) -> Follower {
        Follower { archive: self.clone() }
    }

    /// The head of the change log; 0 while nothing has happened.
    pub fn position(&self) -> Result<u64> {
        unimplemented!()
    }

    /// Changes after a position, oldest first: as many as have at most `limit` pages together, at least one.
    pub fn changes(&self, after: u64, limit: usize) -> Result<Vec<Change>> {
        let _ = (after, limit);
        unimplemented!()
    }

    /// Pages that should be in the index, in a stable order, after the given one; fewer than `limit` at the end.
    pub fn walk_pages(&self, after: Option<PageRef>, limit: usize) -> Result<Vec<PageRef>> {
        let _ = (after, limit);
        unimplemented!()
    }

    /// All pages that should be in the index, read in short steps.
    pub fn indexed_pages(&self) -> impl Iterator<Item = Result<PageRef>> + '_ {
        std::iter::empty()
    }

    /// How many pages should be in the index.
    pub fn indexed_count(&self) -> Result<u64> {
        unimplemented!()
    }
}

impl Follower {
    /// A page as it is to be found; `None`: it is not to be found (any more).
    pub fn entry(&self, page: PageRef) -> Result<Option<PageEntry>> {
        let _ = (page, &self.archive);
        unimplemented!()
    }
}
