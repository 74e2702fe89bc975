//! How does a sheet that was scanned again take its old self's place? (`domain.md` 2.14, D-4)
//!
//! By the line, inside the transaction that files what it came with, or by a person who has compared both pictures. The
//! old sheet is superseded and its picture kept; the document (or what is held) is written anew with the next issue's
//! id, and the old one tells what became of it.

use records::document::{Becomes, Disposition, Label, NewDocument, NewException, Rescanned, SerialUse};
use records::evidence::{Evidence, EvidenceKind, Ground};
use records::exception::Candidate;
use records::geometry::Rect;
use records::ids::{DocumentId, Epoch, ExceptionId, PageNumber};
use records::reading::ReaderVersion;
use rusqlite::{Connection, params};

use super::Lane;
use super::acts::{move_pages, record, resolve, withdraw};
use super::audit::AuditEntry;
use super::changes::{Changed, note};
use super::charts::{document_by_key, document_runs};
use super::columns::{DOCUMENT, EXCEPTION, Run, SUPERSEDED, batch_key, pages_of, runs, runs_of};
use super::doubts::{answer, carry_doubts};
use super::editing::{carry_history, note_encounter};
use super::entering::{First, act_issue, insert_document, insert_exception};
use super::filing::put;
use super::patients::{patient_key, survivor};
use super::rescans::{Asked, RescanState, asked, awaits_more, carry_rescans, conclude};
use super::shadow;
use super::splitting::union;
use super::worklist::{exception_runs, exceptions, open_exception};
use crate::error::{ArchiveError, FileError, Result};
use crate::open::Archive;

/// What was written for one slip.
#[derive(Default)]
pub(super) struct Settled {
    /// Pages of the batch that have a place by it.
    pub(super) placed: usize,
    pub(super) document: Option<DocumentId>,
    pub(super) exception: Option<ExceptionId>,
}

/// Writes what becomes of a sheet that came under a slip, with the batch it came in. Whatever the verdict stood on must
/// still be so: `Err(Moved)`, judge again.
pub(super) fn settle(
    tx: &Connection,
    epoch: Epoch,
    batch: i64,
    again: &Rescanned,
) -> Result<Settled, FileError> {
    let Some(asked) = asked(tx, &again.slip, RescanState::Awaited)? else { return Err(FileError::Moved) };
    let (old, new) = (one_run(&runs_of(tx, &again.old)?)?, one_run(&runs(batch, &again.pages))?);
    let exchange = Exchange { asked: &asked, old, new, by: "line", what: "rescan-home" };
    match &again.becomes {
        Becomes::Both => {
            conclude(tx, asked.key, "both", (old, new), "line")?;
            Ok(Settled::default())
        }
        Becomes::Document { id, patient, evidence, labels } => {
            let Some((key, _)) = asked.document else { return Err(FileError::Moved) };
            let document = document_by_key(tx, key)?;
            let present = survivor(tx, patient_key(tx, document.filed_patient)?)?;
            if document.id != *id || present != survivor(tx, patient_key(tx, *patient)?)? {
                return Err(FileError::Moved);
            }
            let (home, made) = exchange.in_document(tx, epoch, evidence, labels)?.ok_or(FileError::Moved)?;
            let placed = put(tx, new, DOCUMENT, Some(home))?;
            conclude(tx, asked.key, "home", (old, new), "line")?;
            Ok(Settled { placed, document: Some(made), exception: None })
        }
        Becomes::Exception { id, anew } => {
            let open = open_exception(tx, id).ok().filter(|key| asked.exception == Some(*key));
            if open.is_none() {
                return Err(FileError::Moved);
            }
            let settled = exchange.in_exception(tx, epoch, anew)?.ok_or(FileError::Moved)?;
            let placed = put(tx, new, settled.place, Some(settled.home))?;
            conclude(tx, asked.key, "home", (old, new), "line")?;
            Ok(Settled { placed, document: settled.document, exception: settled.exception })
        }
    }
}

/// Which of two pictures of a page stays?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// The one that came supersedes the old sheet.
    New,
    /// The old one; what came stays on the worklist as what it is.
    Old,
}

impl Archive {
    /// A person has compared both pictures of a page that came under a slip. `despite`: why it is that page although
    /// something on it names somebody else.
    pub fn choose_picture(
        &self,
        slip: &SerialUse,
        take: Take,
        clerk: &str,
        despite: Option<&str>,
    ) -> Result<()> {
        const ACT: &str = "choose between two pictures";
        let refused = |why| ArchiveError::NotNow { act: ACT, why };
        self.0.catalogue.write(Lane::Desk, |tx| {
            let asked = asked(tx, slip, RescanState::Both)?
                .ok_or_else(|| refused("no two pictures of a page wait under this slip"))?;
            let old = one_run(&runs_of(tx, &asked.row.old)?)?;
            let new = one_run(&runs_of(tx, &asked.row.came)?)?;
            if take == Take::Old {
                if let Some((document, doubt)) = asked.document {
                    answer(tx, doubt, "the picture that was there stays", clerk)?;
                    note(tx, Changed::Held, None, &document_runs(tx, document)?)?;
                }
                conclude(tx, asked.key, "kept", (old, new), clerk)?;
                let detail = serde_json::json!({ "slip": slip.serial, "came": asked.row.came });
                return record(tx, clerk, "rescan-kept", &[old], |entry| AuditEntry { detail, ..entry });
            }
            let came = came_alone(tx, new)?
                .ok_or_else(|| refused("what came has been joined to other pages; split it first"))?;
            let exchange = Exchange { asked: &asked, old, new, by: clerk, what: "rescan-taken" };
            let lost = || refused("the page is no longer where it was");
            let labels = exceptions(tx, "x.key = ?1", came)?.remove(0).labels;
            let (place, home, document) = if asked.document.is_some() {
                let (home, id) = exchange.in_document(tx, self.epoch(), &[], &labels)?.ok_or_else(lost)?;
                (DOCUMENT, home, Some(id))
            } else {
                let anew = as_held(tx, &asked, &labels)?;
                let made = exchange.in_exception(tx, self.epoch(), &anew)?.ok_or_else(lost)?;
                tx.prepare_cached("UPDATE exception SET made_by = ?2 WHERE key = ?1")?
                    .execute(params![made.home, clerk])?;
                (EXCEPTION, made.home, None)
            };
            move_pages(tx, &[new], (EXCEPTION, came), (place, Some(home)))?;
            resolve(tx, came, "resolved", document, "taken as the page scanned again", clerk)?;
            conclude(tx, asked.key, "taken", (old, new), clerk)?;
            if let Some(why) = despite {
                let detail = serde_json::json!({ "slip": slip.serial, "despite": why });
                record(tx, clerk, "rescan-despite", &[new], |entry| AuditEntry { detail, ..entry })?;
            }
            Ok(())
        })
    }
}

/// One sheet in another's place.
struct Exchange<'a> {
    asked: &'a Asked,
    old: Run,
    new: Run,
    by: &'a str,
    what: &'a str,
}

/// What is held, or filed, with the new sheet in it.
struct Anew {
    place: i64,
    home: i64,
    document: Option<DocumentId>,
    exception: Option<ExceptionId>,
}

impl Exchange<'_> {
    /// Writes the document anew with the new sheet in the old one's place, and takes the old one out of the chart. The
    /// new sheet's own pages are placed by the caller. `None`: the old sheet is not in it any more.
    fn in_document(
        &self,
        tx: &Connection,
        epoch: Epoch,
        evidence: &[Evidence],
        labels: &[Label],
    ) -> Result<Option<(i64, DocumentId)>> {
        let Some((key, doubt)) = self.asked.document else { return Ok(None) };
        let was = document_by_key(tx, key)?;
        let before = document_runs(tx, key)?;
        let Some(after) = exchanged(&before, self.old, self.new) else { return Ok(None) };
        let first = First::of_runs(tx, &after)?;
        let agreeing = evidence.iter().cloned().chain([self.request(tx)?]);
        let document = NewDocument {
            // Made anew when it is written: first page, issue and epoch decide.
            id: DocumentId([0; 16]),
            pages: Vec::new(),
            patient: was.filed_patient,
            filed_under: was.filed_under.clone(),
            kind: was.kind.clone(),
            service: was.service,
            labels: union(was.labels.iter().chain(labels)),
            ground: was.ground.unwrap_or(Ground::Clerk),
            evidence: self.evidence(tx, first, (was.batch, &was.evidence), agreeing)?,
        };
        let issue = act_issue(tx, first, epoch)?;
        // Who filed it did so: that one sheet of it was scanned again is told beside.
        let (home, made) = insert_document(tx, first, issue, &document, &after, &was.filed_by, "filed")?;
        note_encounter(tx, home, was.encounter.as_ref())?;
        carry_history(tx, key, home, self.by)?;
        answer(tx, doubt, "scanned again", self.by)?;
        carry_rescans(tx, "document", (key, home), self.old, self.by)?;
        carry_doubts(tx, key, home)?;
        withdraw(tx, key, "void", self.by, &format!("a sheet of it was scanned again: {made}"))?;
        self.move_old(tx, &before, (DOCUMENT, key), (DOCUMENT, home))?;
        note(tx, Changed::Moved, Some(was.id), &before)?;
        note(tx, Changed::Assigned, Some(made), &after)?;
        let detail = self.detail(tx, serde_json::json!({ "from_document": was.id }))?;
        record(tx, self.by, self.what, &[self.old, self.new], |entry| AuditEntry {
            patient: Some(was.filed_patient),
            document: Some(made),
            detail,
            ..entry
        })?;
        Ok(Some((home, made)))
    }

    /// As [`Self::in_document`], of what is held: filed by now, or held anew.
    fn in_exception(&self, tx: &Connection, epoch: Epoch, anew: &Disposition) -> Result<Option<Anew>> {
        let Some(key) = self.asked.exception else { return Ok(None) };
        let was = exceptions(tx, "x.key = ?1", key)?.remove(0);
        let before = exception_runs(tx, key)?;
        let Some(after) = exchanged(&before, self.old, self.new) else { return Ok(None) };
        let first = First::of_runs(tx, &after)?;
        let issue = act_issue(tx, first, epoch)?;
        let made = match anew {
            Disposition::File(document) => {
                if was.was_contrary || was.made_by.is_some() || awaits_more(tx, self.asked, self.old)? {
                    return Ok(None);
                }
                let request = std::iter::once(self.request(tx)?);
                let evidence = self.evidence(tx, first, (was.batch, &document.evidence), request)?;
                let document = NewDocument { evidence, ..document.clone() };
                let (home, id) = insert_document(tx, first, issue, &document, &after, "line", "filed")?;
                Anew { place: DOCUMENT, home, document: Some(id), exception: None }
            }
            Disposition::Hold(exception) => {
                let evidence =
                    self.evidence(tx, first, (was.batch, &exception.evidence), std::iter::empty())?;
                let exception = NewException { evidence, ..exception.clone() };
                let (home, id) = insert_exception(tx, first, issue, &exception, &after, "open")?;
                tx.prepare_cached(
                    "UPDATE exception SET was_contrary = max(was_contrary, ?2), made_by = ?3 WHERE key = ?1",
                )?
                .execute(params![home, was.was_contrary, was.made_by])?;
                carry_rescans(tx, "exception", (key, home), self.old, self.by)?;
                if self.by != "line" {
                    shadow::inherit(tx, key, home)?;
                }
                Anew { place: EXCEPTION, home, document: None, exception: Some(id) }
            }
        };
        resolve(tx, key, "resolved", made.document, "scanned again", self.by)?;
        self.move_old(tx, &before, (EXCEPTION, key), (made.place, made.home))?;
        note(tx, Changed::Held, None, &before)?;
        let change = if made.document.is_some() { Changed::Assigned } else { Changed::Held };
        note(tx, change, made.document, &after)?;
        let detail = self.detail(
            tx,
            serde_json::json!({ "exception": was.id, "reasons": was.reasons, "becomes": made.exception }),
        )?;
        record(tx, self.by, self.what, &[self.old, self.new], |entry| AuditEntry {
            document: made.document,
            detail,
            ..entry
        })?;
        Ok(Some(made))
    }

    /// The old sheet is superseded; what is beside it moves on.
    fn move_old(&self, tx: &Connection, before: &[Run], from: (i64, i64), to: (i64, i64)) -> Result<()> {
        move_pages(tx, &[self.old], from, (SUPERSEDED, None))?;
        let stay: Vec<(i64, u32)> = pages(before).into_iter().filter(|page| !self.old.has(*page)).collect();
        move_pages(tx, &as_runs(&stay), from, (to.0, Some(to.1)))
    }

    /// What was read on the old sheet stays with what it was; the rest, and what is new, names its batch where that is
    /// not the first page's.
    fn evidence(
        &self,
        tx: &Connection,
        first: First,
        (batch, known): (records::ids::BatchId, &[Evidence]),
        new: impl Iterator<Item = Evidence>,
    ) -> Result<Vec<Evidence>> {
        let is_read = |own: &Evidence| !matches!(own.kind, EvidenceKind::Declared | EvidenceKind::Clerk);
        let mut evidence = Vec::new();
        for own in known {
            let of = own.batch.unwrap_or(batch);
            if !(is_read(own) && self.old.has((batch_key(tx, &of)?, own.page.0))) {
                evidence.push(Evidence { batch: Some(of), ..own.clone() });
            }
        }
        evidence.extend(new);
        evidence.iter_mut().for_each(|own| own.batch = own.batch.filter(|of| *of != first.batch));
        Ok(evidence)
    }

    /// The clerk's request is the named act.
    fn request(&self, tx: &Connection) -> Result<Evidence> {
        let page = pages_of(tx, &[self.new])?[0];
        Ok(Evidence {
            kind: EvidenceKind::Clerk,
            page: page.page,
            batch: Some(page.batch),
            text: self.asked.row.asked_by.clone(),
            place: Rect::default(),
            authority: None,
            reader: ReaderVersion("clerk".into()),
            contrary: false,
        })
    }

    fn detail(&self, tx: &Connection, mut told: serde_json::Value) -> Result<serde_json::Value> {
        let row = &self.asked.row;
        told["slip"] = serde_json::json!(row.slip.serial);
        told["asked_by"] = serde_json::json!(row.asked_by);
        told["asked_at"] = serde_json::json!(row.asked_at);
        told["supersedes"] = serde_json::json!(pages_of(tx, &[self.old])?);
        Ok(told)
    }
}

/// What is held, as it was, for the same reasons.
fn as_held(tx: &Connection, asked: &Asked, labels: &[Label]) -> Result<Disposition> {
    let key = asked.exception.ok_or_else(|| ArchiveError::damaged("a rescan that is for nothing"))?;
    let was = exceptions(tx, "x.key = ?1", key)?.remove(0);
    let candidates =
        was.candidates.iter().map(|own| Candidate { patient: own.patient.id, why: own.why.clone() });
    Ok(Disposition::Hold(NewException {
        id: was.id,
        pages: Vec::new(),
        candidates: candidates.collect(),
        evidence: was.evidence,
        reasons: was.reasons,
        detail: was.detail,
        kind: was.kind,
        service: was.service,
        proposed: None,
        labels: union(was.labels.iter().chain(labels)),
    }))
}

/// The exception that is just these pages.
fn came_alone(tx: &Connection, came: Run) -> Result<Option<i64>> {
    let home: Option<i64> = tx
        .prepare_cached("SELECT home FROM place WHERE batch = ?1 AND page = ?2 AND place = 2")?
        .query_row([came.batch, came.first.into()], |row| row.get(0))?;
    let Some(key) = home else { return Ok(None) };
    Ok((exception_runs(tx, key)? == [came]).then_some(key))
}

impl Run {
    fn has(self, (batch, page): (i64, u32)) -> bool {
        batch == self.batch && (self.first..=self.last).contains(&page)
    }
}

/// The sides of one sheet follow each other.
fn one_run(runs: &[Run]) -> Result<Run> {
    match runs {
        [one] => Ok(*one),
        _ => Err(ArchiveError::damaged("a sheet whose sides are not together")),
    }
}

/// The pages with a sheet's sides in the old sheet's place; `None` where that is not in them.
fn exchanged(before: &[Run], old: Run, new: Run) -> Option<Vec<Run>> {
    let mut all = pages(before);
    let (old, new) = (pages(&[old]), pages(&[new]));
    let at = all.windows(old.len()).position(|own| own == old)?;
    all.splice(at..at + old.len(), new);
    Some(as_runs(&all))
}

fn pages(runs: &[Run]) -> Vec<(i64, u32)> {
    runs.iter().flat_map(|run| (run.first..=run.last).map(|page| (run.batch, page))).collect()
}

fn as_runs(pages: &[(i64, u32)]) -> Vec<Run> {
    let of_batch = pages.chunk_by(|a, b| a.0 == b.0);
    of_batch
        .flat_map(|same| {
            let numbers: Vec<PageNumber> = same.iter().map(|(_, page)| PageNumber(*page)).collect();
            runs(same[0].0, &numbers)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn run(batch: i64, first: u32, last: u32) -> Run {
        Run { batch, first, last }
    }

    #[test]
    fn a_sheet_takes_the_place_of_another_and_its_neighbours_keep_theirs() {
        let document = [run(1, 3, 6), run(2, 9, 9)];
        assert_eq!(
            exchanged(&document, run(1, 4, 5), run(7, 2, 2)),
            Some(vec![run(1, 3, 3), run(7, 2, 2), run(1, 6, 6), run(2, 9, 9)])
        );
        assert_eq!(
            exchanged(&document, run(2, 9, 9), run(1, 7, 8)),
            Some(vec![run(1, 3, 8)]),
            "runs that follow each other are one"
        );
        assert_eq!(exchanged(&document, run(2, 8, 9), run(7, 2, 2)), None);
    }
}
