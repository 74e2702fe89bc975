//! What becomes of a sheet that came under a rescan slip? (`domain.md` 2.14, D-4)
//!
//! Ask first: what the slip was printed for, what was read on the old sheet, whose the document is now. Then the rule
//! decides. What comes home to something held is judged as the whole of it, with the new sheet in the old one's place.

use std::collections::BTreeSet;

use archive::{BatchRow, ExceptionRow, RescanItem, RescanRow, RescanState};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use records::document::{Becomes, Disposition, IndexVersion, Rescanned, SerialUse};
use records::evidence::Evidence;
use records::exception::Reason;
use records::ids::{BatchId, PageNumber, PageRef};
use records::judge::{Case, Expected, Stays, comes_home, named_on};
use records::patient::Patient;
use records::reading::PageReading;
use records::rescan::Wording;
use records::separation::Draft;
use records::sheet::SheetKind;

use super::apart::{read_all, take_apart};
use super::sitting::{Sitting, Weighed};
use super::whole::Whole;
use crate::copies;
use crate::error::LineError;
use crate::line::Tools;
use crate::readings::Readings;

/// What came of the slips in a batch.
#[derive(Default)]
pub(super) struct Came {
    pub(super) rescanned: Vec<Rescanned>,
    /// Drafts that are in their old place again, and in none of their own.
    pub(super) home: BTreeSet<usize>,
    /// Filed pages that were looked at.
    pub(super) known: Vec<PageRef>,
    /// The oldest version of the patient index that any of it stands on.
    pub(super) version: Option<IndexVersion>,
}

/// Looks at every sheet under a slip. What does not come home is held: no slip's sheet is ever filed by itself.
pub(super) fn follow(
    tools: &Tools,
    batch: &BatchRow,
    readings: &Readings,
    sitting: &Sitting<'_>,
    weighed: &mut [Weighed],
    now: Timestamp,
) -> Result<Came, LineError> {
    let mut came = Came::default();
    let mut seen: BTreeSet<SerialUse> = BTreeSet::new();
    for (nth, own) in weighed.iter_mut().enumerate() {
        let Some(slip) = slip_over(&own.case.draft) else { continue };
        let asked = tools.archive.rescan_of(&slip)?;
        let first = seen.insert(slip.clone());
        let asked = match asked.filter(|row| first && row.state == RescanState::Awaited) {
            Some(row) => row,
            None => {
                let reason = not_awaited(tools.archive.rescan_of(&slip)?, batch.id, &own.case.draft);
                sitting.hold(own, reason)?;
                continue;
            }
        };
        if tools.archive.index_is_changing()? {
            // Nobody is known just now: what is contrary could not be told. A moment later it can.
            return Err(archive::FileError::Moved.into());
        }
        let came_here = Sheet { tools, batch, readings, sitting, own, now };
        let Some((old, found)) = came_here.look(&asked, &mut came)? else {
            // The other side of its sheet came home before, or a person moved the page.
            sitting.hold(own, Reason::RescanClosed)?;
            continue;
        };
        let pages = own.case.draft.pages.clone();
        let becomes = match found {
            Ok(becomes) => {
                came.home.insert(nth);
                becomes
            }
            Err((item, stays)) => {
                own.tell(format!("Came under the slip for {item}, but {}.", stays.words()));
                sitting.hold(own, Reason::RescanDiffers)?;
                Becomes::Both
            }
        };
        came.rescanned.push(Rescanned { slip, pages, old, becomes });
    }
    Ok(came)
}

/// As [`follow`], where nothing may come home: the batch was filed before, and what came with it is where it is.
pub(super) fn leave(sitting: &Sitting<'_>, weighed: &mut [Weighed]) -> Result<(), LineError> {
    for own in weighed.iter_mut().filter(|own| slip_over(&own.case.draft).is_some()) {
        sitting.hold(own, Reason::RescanDiffers)?;
    }
    Ok(())
}

fn slip_over(draft: &Draft) -> Option<SerialUse> {
    let slip = draft.declaration.as_ref().filter(|own| own.payload.kind == SheetKind::Rescan)?;
    Some(slip.payload.serial_use())
}

/// Why a slip declares nothing: it was used, or nothing waits for it.
fn not_awaited(row: Option<RescanRow>, batch: BatchId, draft: &Draft) -> Reason {
    match row {
        Some(row) if row.state == RescanState::Awaited => Reason::CoversheetReused, // twice in this batch
        Some(row) if !row.came.is_empty() => {
            let here = draft.pages.iter().map(|page| PageRef { batch, page: *page });
            if here.eq(row.came) { Reason::RescanDiffers } else { Reason::CoversheetReused }
        }
        _ => Reason::RescanClosed,
    }
}

/// One sheet under a slip that something waits for.
struct Sheet<'a> {
    tools: &'a Tools,
    batch: &'a BatchRow,
    readings: &'a Readings,
    sitting: &'a Sitting<'a>,
    own: &'a Weighed,
    now: Timestamp,
}

/// What it becomes; or for which page of which item it came, and why both pictures stay.
type Found = Result<Becomes, (String, Stays)>;

impl Sheet<'_> {
    /// The sides of the old sheet, and what the rule says; `None`: the page is not in the item any more.
    fn look(&self, asked: &RescanRow, came: &mut Came) -> Result<Option<(Vec<PageRef>, Found)>, LineError> {
        let archive = &self.tools.archive;
        let gone = || LineError::from(archive::FileError::Moved);
        match asked.item {
            RescanItem::Document { document: id, .. } => {
                let document = archive.document(&id)?.ok_or_else(gone)?;
                if !document.pages.contains(&asked.page) {
                    return Ok(None);
                }
                let place = place(asked, &document.pages, &id.to_string());
                let old = self.old_sheet(asked.page, &document.pages)?;
                let person = archive.patient(document.patient.id)?;
                let patient = document.patient.id;
                Ok(Some(match self.held_against(&old, person.as_ref(), came)? {
                    Ok(evidence) => {
                        let labels = self.own.labels.clone();
                        (old, Ok(Becomes::Document { id, patient, evidence, labels }))
                    }
                    Err(stays) => (old, Err((place, stays))),
                }))
            }
            RescanItem::Exception(id) => {
                let held = archive.exception(&id)?.ok_or_else(gone)?;
                if !held.pages.contains(&asked.page) {
                    return Ok(None);
                }
                let place = place(asked, &held.pages, &id.to_string());
                let old = self.old_sheet(asked.page, &held.pages)?;
                let whole = Whole::of(self.tools, &held)?;
                let person = self.named_on(whole.as_ref())?;
                Ok(Some(match self.held_against(&old, person.as_ref(), came)? {
                    Ok(_) => {
                        let anew = Box::new(self.judged_anew(&held, whole, &old, asked, came)?);
                        (old, Ok(Becomes::Exception { id, anew }))
                    }
                    Err(stays) => (old, Err((place, stays))),
                }))
            }
        }
    }

    /// The page, and the other side of its sheet where that is proven (FS-6) and of the same item.
    fn old_sheet(&self, page: PageRef, item: &[PageRef]) -> Result<Vec<PageRef>, LineError> {
        let batch = self.tools.archive.batch(&page.batch)?;
        if batch.profile.sides != 2 {
            return Ok(vec![page]);
        }
        let readings = self.readings_of(&page.batch)?;
        let (separation, _) = take_apart(self.tools, &batch, &readings, self.now)?;
        let sheet = separation.proven.iter().find(|(front, back)| [*front, *back].contains(&page.page));
        let sides = sheet.map(|(front, back)| [*front, *back].map(|page| PageRef { batch: batch.id, page }));
        let together = sides.filter(|sides| item.windows(2).any(|own| own == sides));
        Ok(together.map_or_else(|| vec![page], Vec::from))
    }

    /// What on the new sheet agrees, if it is the one.
    fn held_against(
        &self,
        old: &[PageRef],
        person: Option<&Patient>,
        came: &mut Came,
    ) -> Result<Result<Vec<Evidence>, Stays>, LineError> {
        let mut words = Vec::new();
        for page in old {
            words.extend(self.readings_of(&page.batch)?.get(page.page)?);
        }
        let expected = Expected { person, words: Wording::of_all(&words) };
        let own = read_all(self.readings, &self.own.case.draft.pages)?;
        let new = Wording::of_all(own.iter().map(|(_, reading)| reading));
        let mut known = self.sitting.known(&self.own.case)?;
        came.stands_on(known.version);
        if let Some(person) = person
            && known.patients.iter().all(|other| other.id != person.id)
        {
            known.patients.push(person.clone());
        }
        let case = &self.own.case;
        let home = match comes_home(case, &known, self.sitting.rules(), self.now, &expected, &new) {
            Ok(home) => home,
            Err(stays) => return Ok(Err(stays)),
        };
        // The same words are in a chart elsewhere: another sheet was put behind the slip.
        let (elsewhere, looked_at) =
            copies::are_elsewhere(self.tools, self.batch, self.readings, &self.own.prints, old)?;
        came.known.extend(looked_at);
        if elsewhere {
            return Ok(Err(Stays::Contrary(vec![Reason::DuplicateScan])));
        }
        let batch = Some(self.batch.id);
        Ok(Ok(home.evidence.into_iter().map(|own| Evidence { batch, ..own }).collect()))
    }

    /// Whom what is held names by itself: the new sheet has to agree with its old neighbours.
    fn named_on(&self, whole: Option<&Whole>) -> Result<Option<Patient>, LineError> {
        let Some(whole) = whole else { return Ok(None) };
        let (archive, rules) = (&self.tools.archive, self.sitting.rules());
        let pages = whole.slots().to_vec();
        let read = read_all(whole.readings(), &pages)?;
        let draft = Draft { pages, declaration: None, held: Vec::new(), bound: Vec::new() };
        let case = Case::of(&draft, &read, rules, TimeZone::UTC.to_datetime(self.now).date());
        let known = archive.known(&case.sightings, &[])?;
        let named = named_on(&case, &known, rules, self.now);
        Ok(named.map(|id| archive.patient(id)).transpose()?.flatten())
    }

    fn judged_anew(
        &self,
        held: &ExceptionRow,
        whole: Option<Whole>,
        old: &[PageRef],
        asked: &RescanRow,
        came: &mut Came,
    ) -> Result<Disposition, LineError> {
        let about = self.tools.archive.rescans_about(&held.pages)?;
        let waits_for_more = about.iter().any(|other| {
            other.item == asked.item && other.state == RescanState::Awaited && !old.contains(&other.page)
        });
        let pages = &self.own.case.draft.pages;
        let new = read_all(self.readings, pages)?;
        let with = whole.and_then(|whole| whole.with(old, self.batch.id, new));
        let Some(with) = with else { return Ok(super::whole::as_held(held)) };
        let (anew, version) = with.judge(self.tools, held, waits_for_more, self.now)?;
        came.stands_on(version);
        Ok(anew)
    }

    fn readings_of(&self, batch: &BatchId) -> Result<Readings, LineError> {
        Ok(self.tools.archive.readings_to_compare(&self.tools.lock, batch)?.into())
    }
}

impl Came {
    fn stands_on(&mut self, version: IndexVersion) {
        self.version = Some(self.version.map_or(version, |before| before.min(version)));
    }
}

/// "page 2 of d…", as `show` counts.
fn place(asked: &RescanRow, pages: &[PageRef], item: &str) -> String {
    let at = pages.iter().position(|page| *page == asked.page).map_or(0, |at| at + 1);
    format!("page {at} of {item}")
}

/// Front and back of a sheet of which only one side is left: the other is white.
pub(super) fn white(like: &PageReading) -> PageReading {
    PageReading {
        blank: true,
        words: Vec::new(),
        barcodes: Vec::new(),
        unread_symbols: Vec::new(),
        poor_areas: Vec::new(),
        header_lines: Vec::new(),
        footer_lines: Vec::new(),
        ..like.clone()
    }
}

/// Pages as a batch numbers them.
pub(super) fn numbers(pages: &[PageRef]) -> Vec<PageNumber> {
    pages.iter().map(|page| page.page).collect()
}
