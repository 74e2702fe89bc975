//! Where in these pages does what was searched for stand?

use records::geometry::Rect;
use records::reading::PageReading;
use search::{Answer, Query, Screen, SearchError, highlight};

use super::asked::{resolve, understood};
use super::shown::{Shown, What};
use crate::desk::{Desk, today};
use crate::fault::Fault;
use crate::people::Person;

/// A search of this person's, asked of what is open in the viewer.
pub(super) struct Hits {
    answer: Answer,
    /// Numbers of the pages that it found, from 1, in order.
    pub(super) pages: Vec<u32>,
}

/// Pages that are looked for in a chart, or in the archive where there is no chart.
const MOST: usize = 1000;

impl Hits {
    /// `None`: no such search (any more): the pages are shown without boxes.
    pub(super) fn of(desk: &Desk, person: &Person, shown: &Shown, find: &str) -> Result<Option<Self>, Fault> {
        let Some(search) = desk.sessions.search(&person.account.name, find) else { return Ok(None) };
        let mut query = Query::parse(&search.text, today());
        let narrowed = search.narrowed.iter().filter_map(|own| own.split_once(':'));
        for field in narrowed.filter_map(|(field, value)| Query::field(field, value, today())) {
            query = query.and(field);
        }
        // In one chart everything is found; in the whole archive what fits best.
        let number = match &shown.what {
            What::Document(document) => document.patient.mrn.as_ref(),
            What::Exception(_) | What::Batch(_) => None,
        };
        if let Some(of_chart) = number.and_then(|mrn| Query::field("mrn", &mrn.value, today())) {
            query = query.and(of_chart);
        }
        let query = understood(desk, query);
        let asked = desk.ask_index(|reader| {
            let patients = resolve(desk, query.patient_terms());
            let scope = patients
                .and_then(|found| Ok((found, desk.archive.scope(&person.viewer(), reader.position())?)));
            let (patients, scope) = match scope {
                Ok(known) => known,
                Err(fault) => return Ok(Err(fault)),
            };
            reader.search(&query, &patients, &scope, Screen::of(MOST)).map(Ok)
        });
        let answer = match asked {
            Err(SearchError::Missing) => return Ok(None),
            other => other??,
        };
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
