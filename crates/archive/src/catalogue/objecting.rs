//! What do these pages say against a person in whose chart they are, or are about to be?

use jiff::Timestamp;
use jiff::tz::TimeZone;
use records::ids::{PageNumber, PageRef};
use records::judge::{self, Case, Objections};
use records::patient::Patient;
use records::rules::Rules;
use records::separation::Draft;

use crate::error::Result;
use crate::open::Archive;

impl Archive {
    /// Holds what was read on pages, of any batches, against a person.
    ///
    /// # Errors
    /// Their readings or the patient index cannot be read.
    pub fn objections(
        &self,
        rules: &Rules,
        pages: &[PageRef],
        person: &Patient,
        now: Timestamp,
    ) -> Result<Objections> {
        let examiner = self.examiner();
        let today = TimeZone::UTC.to_datetime(now).date();
        let mut all = Objections::default();
        for same in pages.chunk_by(|a, b| a.batch == b.batch) {
            let readings = examiner.readings(&same[0].batch)?;
            let pages: Vec<PageNumber> = same.iter().map(|page| page.page).collect();
            let read = readings.all(&pages)?;
            let draft = Draft { pages, declaration: None, held: Vec::new(), bound: Vec::new() };
            let case = Case::of(&draft, &read, rules, today);
            let mut known = self.known(&case.sightings, &[])?;
            if known.patients.iter().all(|other| other.id != person.id) {
                known.patients.push(person.clone());
            }
            let found = judge::objections(&case, &known, rules, now, person);
            all.against.extend(found.against);
            all.seen.extend(found.seen);
        }
        Ok(all)
    }
}
