//! Who may look at this page, and is it on record?

use std::collections::BTreeSet;
use std::fs::File;

use records::ids::PageRef;
use records::reading::{Format, PageReading};
use records::rights::{Scope, Viewer};

use crate::error::Result;
use crate::open::Archive;
use crate::views::{PictureSize, StoredPicture};

/// The right to look at named pages, already on record. Made only by [`Archive::viewer_sight`].
#[derive(Debug)]
pub struct Sight {
    pages: BTreeSet<PageRef>,
    /// The audit entry.
    seq: u64,
}

impl Sight {
    /// Sequence number of its audit entry.
    pub fn audit_seq(&self) -> u64 {
        self.seq
    }

    pub fn covers(&self, page: PageRef) -> bool {
        self.pages.contains(&page)
    }
}

impl Archive {
    /// Asks for the right to look at pages. The entry in the audit is durable when this returns; so is a refusal's.
    pub fn viewer_sight(&self, viewer: &Viewer, pages: &[PageRef], purpose: &str) -> Result<Sight> {
        let _ = (viewer, pages, purpose);
        unimplemented!()
    }

    /// What a machine saw on a page; `None`: not read yet.
    pub fn reading(&self, sight: &Sight, page: PageRef) -> Result<Option<PageReading>> {
        let _ = (sight, page);
        unimplemented!()
    }

    /// The picture of a page, where it is kept; else it is to be made from [`Archive::original`].
    pub fn view(&self, sight: &Sight, page: PageRef, size: PictureSize) -> Result<Option<StoredPicture>> {
        let _ = (sight, page, size);
        unimplemented!()
    }

    /// The original a page is from, its format, and the page's number in it, from 0.
    pub fn original(&self, sight: &Sight, page: PageRef) -> Result<(File, Option<Format>, u32)> {
        let _ = (sight, page);
        unimplemented!()
    }

    /// What the viewer may find, given how far the index has followed.
    pub fn scope(&self, viewer: &Viewer, position: u64) -> Result<Scope> {
        let _ = (viewer, position);
        unimplemented!()
    }
}
