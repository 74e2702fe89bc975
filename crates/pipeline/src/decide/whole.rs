//! What would the line say of something held, had its sheets been scanned first as they are now?
//!
//! The batch it came in is separated and judged anew, with the readings of the new sheets in the place of those that
//! were superseded: so everything that counts there (cover sheets, neighbours, counts) counts as it did.

use std::collections::BTreeMap;

use archive::{BatchRow, ExceptionRow};
use jiff::Timestamp;
use records::document::{Disposition, IndexVersion, NewDocument, NewException};
use records::evidence::Evidence;
use records::exception::{Candidate, Reason};
use records::ids::{BatchId, PageNumber, PageRef};
use records::reading::PageReading;

use super::homecoming::{numbers, white};
use super::{Slips, decide_with};
use crate::error::LineError;
use crate::line::Tools;
use crate::readings::Readings;

/// Something held, in the batch it came in.
pub(crate) struct Whole {
    batch: BatchRow,
    readings: Readings,
    /// Its pages as they were scanned first, of that batch: their slots.
    slots: Vec<PageNumber>,
    /// What is in each slot now.
    pages: BTreeMap<PageNumber, PageRef>,
}

impl Whole {
    /// `None`: it has no pages, is of several batches, or its sheets have other sides than at first.
    pub(crate) fn of(tools: &Tools, held: &ExceptionRow) -> Result<Option<Self>, LineError> {
        let archive = &tools.archive;
        let first = archive.as_first_scanned(&held.pages)?;
        let Some(batch) = first.first().map(|page| page.batch) else { return Ok(None) };
        if first.len() != held.pages.len() || first.iter().any(|page| page.batch != batch) {
            return Ok(None);
        }
        let mut readings = Readings::from(archive.readings_to_compare(&tools.lock, &batch)?);
        for (slot, now) in first.iter().zip(&held.pages).filter(|(slot, now)| slot != now) {
            let pack = archive.readings_to_compare(&tools.lock, &now.batch)?;
            if let Some(reading) = pack.get(now.page)? {
                readings.put_instead(slot.page, reading);
            }
        }
        let slots = numbers(&first);
        let pages = slots.iter().copied().zip(held.pages.iter().copied()).collect();
        Ok(Some(Self { batch: archive.batch(&batch)?, readings, slots, pages }))
    }

    pub(crate) fn slots(&self) -> &[PageNumber] {
        &self.slots
    }

    pub(crate) fn readings(&self) -> &Readings {
        &self.readings
    }

    /// With another sheet in the place of `old`, of whose sides it may lack one that is white now. `None`: it has more.
    pub(super) fn with(
        mut self,
        old: &[PageRef],
        batch: BatchId,
        new: Vec<(PageNumber, PageReading)>,
    ) -> Option<Self> {
        let of = |page: &PageRef| self.pages.iter().find(|(_, own)| *own == page).map(|(slot, _)| *slot);
        let slots = old.iter().map(of).collect::<Option<Vec<_>>>()?;
        let like = new.first().map(|(_, reading)| reading.clone())?;
        if new.len() > slots.len() {
            return None;
        }
        let mut new = new.into_iter();
        for slot in slots {
            match new.next() {
                Some((page, reading)) => {
                    self.readings.put_instead(slot, reading);
                    self.pages.insert(slot, PageRef { batch, page });
                }
                None => {
                    self.readings.put_instead(slot, white(&like));
                    self.pages.remove(&slot);
                    self.slots.retain(|own| *own != slot);
                }
            }
        }
        Some(self)
    }

    /// What the line says of it now. It is filed only if nothing contrary was ever held against it, no person has
    /// divided it, and none of its sheets is still to come.
    pub(crate) fn judge(
        self,
        tools: &Tools,
        held: &ExceptionRow,
        waits_for_more: bool,
        now: Timestamp,
    ) -> Result<(Disposition, IndexVersion), LineError> {
        let decided = decide_with(tools, &self.batch, &self.readings, now, Slips::Leave)?;
        let version = decided.filing.version;
        let own = decided.filing.dispositions.into_iter().find(|own| pages_of(own) == self.slots);
        let touched = held.made_by.is_some();
        Ok((
            match own.filter(|_| !touched) {
                None => as_held(held),
                Some(Disposition::Hold(mut exception)) => {
                    exception.evidence = self.in_their_batches(exception.evidence, held.batch);
                    if waits_for_more && !exception.reasons.contains(&Reason::RescanAsked) {
                        exception.reasons.push(Reason::RescanAsked);
                    }
                    Disposition::Hold(exception)
                }
                Some(Disposition::File(document)) if waits_for_more => {
                    Disposition::Hold(proposed(held, vec![Reason::RescanAsked], &document))
                }
                Some(Disposition::File(document)) if held.was_contrary => {
                    Disposition::Hold(proposed(held, held.reasons.clone(), &document))
                }
                Some(Disposition::File(document)) => {
                    let evidence = self.in_their_batches(document.evidence, held.batch);
                    Disposition::File(NewDocument { evidence, ..document })
                }
            },
            version,
        ))
    }

    /// Evidence of a slot is evidence of the page that is in it; `own` is the batch of what is held.
    fn in_their_batches(&self, evidence: Vec<Evidence>, own: BatchId) -> Vec<Evidence> {
        let placed = evidence.into_iter().map(|seen| {
            let place = PageRef { batch: self.batch.id, page: seen.page };
            let place = self.pages.get(&seen.page).copied().unwrap_or(place);
            Evidence { page: place.page, batch: Some(place.batch).filter(|of| *of != own), ..seen }
        });
        placed.collect()
    }
}

/// As it was held, for the same reasons.
pub(super) fn as_held(held: &ExceptionRow) -> Disposition {
    let candidates =
        held.candidates.iter().map(|own| Candidate { patient: own.patient.id, why: own.why.clone() });
    Disposition::Hold(NewException {
        id: held.id,
        pages: Vec::new(),
        reasons: held.reasons.clone(),
        candidates: candidates.collect(),
        evidence: held.evidence.clone(),
        detail: held.detail.clone(),
        kind: held.kind.clone(),
        service: held.service,
        proposed: None,
        labels: held.labels.clone(),
    })
}

/// It would be filed, and a person decides.
fn proposed(held: &ExceptionRow, reasons: Vec<Reason>, document: &NewDocument) -> NewException {
    let Disposition::Hold(mut exception) = as_held(held) else { unreachable!("what is held is held") };
    exception.reasons = reasons;
    exception.candidates.retain(|other| other.patient != document.patient);
    let why = "with the page that was scanned again, all agrees".to_owned();
    exception.candidates.insert(0, Candidate { patient: document.patient, why });
    exception
}

fn pages_of(disposition: &Disposition) -> &[PageNumber] {
    match disposition {
        Disposition::File(document) => &document.pages,
        Disposition::Hold(exception) => &exception.pages,
    }
}
