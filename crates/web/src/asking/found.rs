//! What may be shown of the pages that were found?

use archive::{Archive, ArchiveError, DocumentRow, ExceptionRow, Sight};
use records::ids::PageRef;
use search::{Answer, Highlight, Hit, highlight};

use super::{Answered, shown};

/// A hit with what may be shown of it.
pub struct Found {
    pub hit: Hit,
    pub document: Option<DocumentRow>,
    pub exception: Option<ExceptionRow>,
    pub marked: Highlight,
    /// Width and height of the page's upright frame; absent: the page could not be read.
    pub frame: Option<(u32, u32)>,
    /// Pages that it looks like a copy of.
    pub copies: Vec<Hit>,
    /// What was asked for and is not on it.
    pub without: Vec<String>,
}

/// Reads the pages of an answer, in the order of [`shown`]. The sight covers them.
pub fn found(archive: &Archive, sight: &Sight, answered: &Answered) -> Result<Vec<Found>, ArchiveError> {
    let Answered { answer, copies, .. } = answered;
    let lacking = answer.nearly.iter().map(|near| near.without.clone());
    let lacking = answer.hits.iter().map(|_| Vec::new()).chain(lacking);
    let mut found = Vec::new();
    for ((hit, copies), without) in shown(answer).zip(copies).zip(lacking) {
        found.push(one(archive, sight, answer, hit, copies.clone(), without)?);
    }
    Ok(found)
}

fn one(
    archive: &Archive,
    sight: &Sight,
    answer: &Answer,
    hit: &Hit,
    copies: Vec<Hit>,
    without: Vec<String>,
) -> Result<Found, ArchiveError> {
    let reading = archive.reading(sight, hit.page)?;
    let frame = reading.as_ref().map(|reading| (reading.width, reading.height));
    let marked = reading.map_or_else(Highlight::default, |reading| highlight(answer, &reading));
    let document = hit.document.map(|id| archive.document(&id)).transpose()?.flatten();
    let exception = hit.exception.map(|id| archive.exception(&id)).transpose()?.flatten();
    Ok(Found { hit: hit.clone(), document, exception, marked, frame, copies, without })
}

impl Found {
    /// The station's name of the file it came in.
    pub fn file(&self) -> &str {
        let of_document = self.document.as_ref().map(|document| document.file.as_str());
        of_document.or(self.exception.as_ref().map(|held| held.file.as_str())).unwrap_or_default()
    }

    pub fn page_in_document(&self) -> Option<usize> {
        self.document.as_ref().and_then(|document| place_in(&document.pages, self.hit.page))
    }

    /// Which of how many pages of what it belongs to, and that thing's id.
    pub fn place(&self) -> Option<Place> {
        let document = self.document.as_ref().map(|document| (document.id.to_string(), &document.pages));
        let held = || self.exception.as_ref().map(|held| (held.id.to_string(), &held.pages));
        let (id, pages) = document.or_else(held)?;
        Some(Place { id, page: place_in(pages, self.hit.page)?, pages: pages.len() })
    }
}

/// A page as people name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Of a document or an exception.
    pub id: String,
    /// From 1.
    pub page: usize,
    pub pages: usize,
}

fn place_in(pages: &[PageRef], page: PageRef) -> Option<usize> {
    pages.iter().position(|own| *own == page).map(|at| at + 1)
}

/// Where a page stands that another looks like a copy of: an id, and which of its pages.
pub fn place_of(archive: &Archive, hit: &Hit) -> Result<Place, ArchiveError> {
    let document = hit.document.map(|id| archive.document(&id)).transpose()?.flatten();
    let at = document.and_then(|document| {
        Some(Place {
            id: document.id.to_string(),
            page: place_in(&document.pages, hit.page)?,
            pages: document.pages.len(),
        })
    });
    let batch = || Place { id: hit.page.batch.to_string(), page: hit.page.page.0 as usize, pages: 0 };
    Ok(at.unwrap_or_else(batch))
}
