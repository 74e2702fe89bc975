//! Were these pages scanned before? (`domain.md` AF-3, `DUPLICATE_SCAN`)
//!
//! The catalogue names filed pages that may be the same; the readings decide. A page that lies in somebody else's chart
//! holds whenever it was scanned; in the same chart only if it came from the same station within hours.

use std::collections::{BTreeSet, HashMap};

use archive::{BatchRow, FiledPage};
use jiff::SignedDuration;
use records::ids::{BatchId, PageNumber, PageRef};
use records::judge::Verdict;
use records::patient::PatientId;
use records::rescan::{PagePrint, Wording};

use crate::decide::Weighed;
use crate::error::LineError;
use crate::line::Tools;
use crate::readings::Readings;

/// The same pages twice within this time are a stack that was put in again.
pub(crate) const SOON: SignedDuration = SignedDuration::from_hours(4);

/// What was scanned before.
pub(crate) struct Copied {
    /// Drafts that are the second of two, and in a clerk's words which is the first.
    pub(crate) second: Vec<(usize, String)>,
    /// Every filed page that was looked at, or need not be.
    pub(crate) known: Vec<PageRef>,
}

/// Holds every draft that would be filed against what is filed, and against those before it in the batch. What is
/// `home` took its old self's place, and was held against that.
pub(crate) fn find(
    tools: &Tools,
    batch: &BatchRow,
    readings: &Readings,
    weighed: &[Weighed],
    home: &BTreeSet<usize>,
) -> Result<Copied, LineError> {
    let mut search = Search { tools, batch, readings, packs: HashMap::new(), before: HashMap::new() };
    let mut copied = Copied { second: Vec::new(), known: Vec::new() };
    for (nth, own) in weighed.iter().enumerate() {
        if home.contains(&nth) {
            own.prints.iter().for_each(|print| search.remember(print));
            continue;
        }
        let Some(patient) = destination(&own.verdict) else { continue };
        let mut first = None;
        for print in &own.prints {
            let filed = tools.archive.filed_alike(print, &batch.id)?;
            copied.known.extend(filed.iter().map(|found| found.page));
            if first.is_none() {
                let found = match search.in_batch(print)? {
                    Some(page) => Some(page),
                    None => search.filed(print, patient, &filed)?,
                };
                first = found.map(|found| words(print.page, found, batch));
            }
        }
        match first {
            Some(words) => copied.second.push((nth, words)),
            None => own.prints.iter().for_each(|print| search.remember(print)),
        }
    }
    Ok(copied)
}

/// Whether any of a sheet's pages is in a chart already, in another place than that of the sheet it is to supersede; and
/// every filed page that was looked at.
pub(crate) fn are_elsewhere(
    tools: &Tools,
    batch: &BatchRow,
    readings: &Readings,
    prints: &[PagePrint],
    but: &[PageRef],
) -> Result<(bool, Vec<PageRef>), LineError> {
    let (mut elsewhere, mut looked_at) = (false, Vec::new());
    for print in prints {
        let own = wording(readings, print.page)?;
        for found in tools.archive.filed_alike(print, &batch.id)? {
            looked_at.push(found.page);
            if elsewhere || but.contains(&found.page) {
                continue;
            }
            let pack = tools.archive.readings_to_compare(&tools.lock, &found.page.batch)?;
            elsewhere = same(own.as_ref(), wording(&pack.into(), found.page.page)?.as_ref());
        }
    }
    Ok((elsewhere, looked_at))
}

fn words(page: PageNumber, first: PageRef, batch: &BatchRow) -> String {
    let place = if first.batch == batch.id {
        format!("page {} of this batch", first.page)
    } else {
        format!("page {} of batch {}, which is in a chart", first.page, first.batch)
    };
    format!("Page {page} has the words of {place}.")
}

/// Where a draft goes, or would go were its station not on trial.
fn destination(verdict: &Verdict) -> Option<PatientId> {
    match verdict {
        Verdict::File(approval) => Some(approval.patient),
        Verdict::Hold(hold) => hold.proposed,
    }
}

struct Search<'a> {
    tools: &'a Tools,
    batch: &'a BatchRow,
    readings: &'a Readings,
    /// Readings of other batches.
    packs: HashMap<BatchId, Readings>,
    /// Pages of this batch that are filed, by their prints.
    before: HashMap<i64, Vec<PageNumber>>,
}

/// Pages of one form and person that a page is held against: a stack may hold hundreds.
const LATEST: usize = 16;

impl Search<'_> {
    fn remember(&mut self, print: &PagePrint) {
        for hash in print.hashes {
            self.before.entry(hash).or_default().push(print.page);
        }
    }

    fn in_batch(&self, print: &PagePrint) -> Result<Option<PageRef>, LineError> {
        let mut pages: Vec<PageNumber> =
            print.hashes.iter().filter_map(|hash| self.before.get(hash)).flatten().copied().collect();
        pages.sort_unstable();
        pages.dedup();
        let mut own = None;
        for page in pages.into_iter().rev().take(LATEST) {
            if own.is_none() {
                own = wording(self.readings, print.page)?;
            }
            if same(own.as_ref(), wording(self.readings, page)?.as_ref()) {
                return Ok(Some(PageRef { batch: self.batch.id, page }));
            }
        }
        Ok(None)
    }

    fn filed(
        &mut self,
        print: &PagePrint,
        to: PatientId,
        filed: &[FiledPage],
    ) -> Result<Option<PageRef>, LineError> {
        for found in filed {
            let soon = found.station == self.batch.station
                && self.batch.created.duration_since(found.scanned).abs() <= SOON;
            if found.patient == to && !soon {
                continue;
            }
            let own = wording(self.readings, print.page)?;
            let pack = match self.packs.entry(found.page.batch) {
                std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::hash_map::Entry::Vacant(new) => {
                    let pack = self.tools.archive.readings_to_compare(&self.tools.lock, &found.page.batch)?;
                    new.insert(pack.into())
                }
            };
            if same(own.as_ref(), wording(pack, found.page.page)?.as_ref()) {
                return Ok(Some(found.page));
            }
        }
        Ok(None)
    }
}

pub(crate) fn wording(readings: &Readings, page: PageNumber) -> Result<Option<Wording>, LineError> {
    Ok(readings.get(page)?.map(|reading| Wording::of(&reading)))
}

fn same(one: Option<&Wording>, other: Option<&Wording>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one.is_same(other))
}
