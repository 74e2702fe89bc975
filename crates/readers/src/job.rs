//! What is asked of the readers, and what do they answer?

use std::fmt;
use std::fs::File;
use std::sync::Arc;

use records::batch::Priority;
use records::reading::PageReading;
use serde::{Deserialize, Serialize};

/// Pages of one original that are to be read.
#[derive(Clone, Debug)]
pub struct Job {
    pub original: Arc<File>,
    /// From 0, in the order they are to be read.
    pub pages: Vec<u32>,
    pub priority: Priority,
    /// Jobs of one share (a batch) stand in line as one: who has had least comes first.
    pub share: u64,
    pub languages: LanguageSet,
}

/// One of the sets of languages the readers were started with ([`crate::Readers::languages`]); by default the one
/// that is read where nothing else is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageSet(pub(crate) usize);

impl LanguageSet {
    /// Its place among [`crate::protocol::Start::languages`].
    pub const fn at(self) -> usize {
        self.0
    }
}

/// Where a job's answers come; ends after the last.
pub type Answers = crossbeam_channel::Receiver<PageOutcome>;

/// The answer to one page; every page asked for has exactly one.
#[derive(Clone)]
pub struct PageOutcome {
    /// From 0.
    pub page: u32,
    pub reading: PageReading,
    pub view: Option<Picture>,
    pub thumbnail: Option<Picture>,
}

/// Never shows what was read: `Debug` ends up in logs.
impl fmt::Debug for PageOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (words, barcodes) = (self.reading.words.len(), self.reading.barcodes.len());
        write!(f, "PageOutcome(page {}, {words} words, {barcodes} barcodes)", self.page + 1)
    }
}

/// One picture in a browser's format.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// `image/png` or `image/jpeg`.
    pub media: String,
    pub bytes: Vec<u8>,
}

/// Never shows pixels: `Debug` ends up in logs.
impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({}, {} bytes)", self.media, self.bytes.len())
    }
}
