//! Where do the readings of a batch rest?

use std::collections::BTreeSet;

use records::ids::PageNumber;
use records::reading::PageReading;

use crate::error::Result;

/// A page whose reading is safe on disk. Made only by [`PackWriter::sync`].
#[derive(Clone, Debug)]
pub struct ReadPage {
    pub(crate) page: PageNumber,
}

impl ReadPage {
    pub fn page(&self) -> PageNumber {
        self.page
    }
}

/// Appends readings to a batch's pack.
pub struct PackWriter {}

impl PackWriter {
    /// Pages that need not be read again.
    pub fn pages_done(&self) -> &BTreeSet<PageNumber> {
        unimplemented!()
    }

    /// Adds a page's reading; safe only after [`PackWriter::sync`].
    pub fn append(&mut self, page: PageNumber, reading: &PageReading) -> Result<()> {
        let _ = (page, reading);
        unimplemented!()
    }

    /// Makes everything appended safe; answers it, for [`crate::Archive::pages_read`].
    pub fn sync(&mut self) -> Result<Vec<ReadPage>> {
        unimplemented!()
    }
}

/// Reads single pages of a batch's pack.
pub struct PackReader {}

impl PackReader {
    /// The last reading of a page; `None`: none yet.
    pub fn get(&self, page: PageNumber) -> Result<Option<PageReading>> {
        let _ = page;
        unimplemented!()
    }
}
