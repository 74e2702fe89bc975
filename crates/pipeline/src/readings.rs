//! What do the pages of a batch say, where some of them were scanned again?

use std::collections::BTreeMap;

use archive::PackReader;
use records::ids::PageNumber;
use records::reading::PageReading;

use crate::error::LineError;

/// The readings of a batch; in the place of pages that were scanned again, those of the new sheets.
pub(crate) struct Readings {
    pack: PackReader,
    instead: BTreeMap<PageNumber, PageReading>,
}

impl From<PackReader> for Readings {
    fn from(pack: PackReader) -> Self {
        Self { pack, instead: BTreeMap::new() }
    }
}

impl Readings {
    /// `None`: it has not been read.
    pub(crate) fn get(&self, page: PageNumber) -> Result<Option<PageReading>, LineError> {
        match self.instead.get(&page) {
            Some(reading) => Ok(Some(reading.clone())),
            None => Ok(self.pack.get(page)?),
        }
    }

    /// From here on the page says what another one says.
    pub(crate) fn put_instead(&mut self, page: PageNumber, reading: PageReading) {
        self.instead.insert(page, reading);
    }
}
