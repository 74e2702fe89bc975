//! Where in these pages does what was searched for stand?

use records::geometry::Rect;
use records::reading::PageReading;
use search::{Answer, Query, Screen, highlight};

use super::shown::Shown;
use crate::desk::Desk;
use crate::fault::Fault;
use crate::people::Person;
use crate::screens::search::ask::question;

/// A search of this person's, asked of what is open in the viewer.
pub(super) struct Hits {
    answer: Answer,
    /// Numbers of the pages that it found, from 1, in order.
    pub(super) pages: Vec<u32>,
}

impl Hits {
    /// `None`: no such search (any more): the pages are shown without boxes.
    pub(super) fn of(desk: &Desk, person: &Person, shown: &Shown, find: &str) -> Result<Option<Self>, Fault> {
        let Some(search) = desk.sessions.search(&person.account.name, find) else { return Ok(None) };
        let query = question(desk, person, &search)?.and(Query::among(shown.pages.clone()));
        let viewer = person.viewer();
        let asker = desk.asker(&viewer)?;
        let answer = desk.ask(|reader| asker.search(reader, &query, Screen::of(shown.pages.len())))?;
        let mut pages: Vec<u32> = answer
            .hits
            .iter()
            .filter_map(|hit| {
                let at = shown.pages.iter().position(|page| *page == hit.page)?;
                u32::try_from(at + 1).ok()
            })
            .collect();
        pages.sort_unstable();
        Ok(Some(Self { answer, pages }))
    }

    pub(super) fn boxes(&self, reading: &PageReading) -> Vec<Rect> {
        highlight(&self.answer, reading).boxes
    }
}
