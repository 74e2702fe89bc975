//! Which documents are surely of one side when a merge is undone? (`domain.md` 2.9, 5)
//!
//! A document stays with the side whose number it was filed under if its evidence names that side and not the other.
//! Whatever names both, only the other, or neither of them goes to a person.

use records::dates::{Calendar, DateOrder, ReadDate};
use records::document::NewException;
use records::evidence::{Evidence, EvidenceKind};
use records::exception::{Candidate, Reason};
use records::identifier::canonical;
use records::ids::{DocumentId, Epoch, ExceptionId};
use records::name::{Likeness, Nicknames, Order};
use records::patient::Patient;
use rusqlite::{Connection, params};

use super::acts::{move_pages, record, withdraw};
use super::audit::AuditEntry;
use super::changes::{Changed, note};
use super::charts::document_runs;
use super::columns::{DOCUMENT, Day, EXCEPTION, Json, Millis, days};
use super::entering::{First, act_issue, insert_exception};
use super::patients::{number_owners, resolved};
use crate::error::Result;

/// Holds again what was filed to either side since, and is not surely of the side it is on now. The merge is undone
/// already: both sides resolve to themselves. Each side's first identity is its survivor.
pub(super) fn hold_again(
    tx: &Connection,
    epoch: Epoch,
    sides: &(Vec<i64>, Vec<i64>),
    since: Millis,
    by: &str,
) -> Result<Vec<ExceptionId>> {
    let people = (resolved(tx, sides.0[0])?, resolved(tx, sides.1[0])?);
    let mut held = Vec::new();
    for document in filed_since(tx, sides, &since)? {
        let (own, other) = if sides.0.contains(&document.patient) {
            ((&sides.0, &people.0), (&sides.1, &people.1))
        } else {
            ((&sides.1, &people.1), (&sides.0, &people.0))
        };
        let side = Side { c: tx, own, other };
        // Filed to the survivor under the other's number, by an earlier version: it must not stay.
        let astray = side.number(&document.number, Some(&document.authority))? == Some(Names::Other);
        if astray || !side.is_sure(&document.evidence)? {
            held.push(hold(tx, epoch, &document, (own.1, other.1), by)?);
        }
    }
    Ok(held)
}

/// Which of the two a piece of evidence names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Own,
    Other,
    /// Either of them: they have it in common.
    Both,
    Neither,
}

/// Two people who were one for a while, seen from one of them: identities and person of each.
struct Side<'a> {
    c: &'a Connection,
    own: (&'a Vec<i64>, &'a Patient),
    other: (&'a Vec<i64>, &'a Patient),
}

impl Side<'_> {
    fn is_sure(&self, evidence: &[Evidence]) -> Result<bool> {
        let mut named = false;
        for piece in evidence {
            match self.names(piece)? {
                Some(Names::Other | Names::Neither) => return Ok(false),
                Some(Names::Own) => named = true,
                Some(Names::Both) | None => {}
            }
        }
        Ok(named)
    }

    /// `None`: it is not about who it is.
    fn names(&self, piece: &Evidence) -> Result<Option<Names>> {
        Ok(match piece.kind {
            EvidenceKind::Barcode | EvidenceKind::Number | EvidenceKind::Declared => {
                self.number(&piece.text, piece.authority.as_deref())?
            }
            EvidenceKind::Name => {
                let paper = records::name::parse(&piece.text);
                let fits = |person: &Patient| {
                    paper.as_ref().is_some_and(|paper| is_called(person, paper, &piece.text))
                };
                which(fits(self.own.1), fits(self.other.1))
            }
            EvidenceKind::BirthDate => {
                let read = dates(&piece.text);
                if read.is_empty() {
                    return Ok(None); // an age
                }
                let born = |person: &Patient| {
                    person.birth_date.is_some_and(|day| read.iter().any(|read| read.may_be(day)))
                };
                which(born(self.own.1), born(self.other.1))
            }
            // A clerk's word is what the document was filed under; sex tells no two people apart.
            EvidenceKind::Clerk => Some(Names::Own),
            EvidenceKind::Sex => None,
        })
    }

    /// Of the text as it was read, or of a word of it.
    fn number(&self, text: &str, authority: Option<&str>) -> Result<Option<Names>> {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '-');
        let mut owners = number_owners(self.c, &canonical(text), authority)?;
        for word in words.filter(|word| !word.is_empty()) {
            owners.extend(number_owners(self.c, &canonical(word), authority)?);
        }
        let of = |side: &[i64]| owners.iter().any(|owner| side.contains(owner));
        Ok(which(of(self.own.0), of(self.other.0)))
    }
}

const fn which(own: bool, other: bool) -> Option<Names> {
    Some(match (own, other) {
        (true, true) => Names::Both,
        (true, false) => Names::Own,
        (false, true) => Names::Other,
        (false, false) => Names::Neither,
    })
}

/// Every day that may be meant, whichever of day and month the site prints first.
fn dates(text: &str) -> Vec<ReadDate> {
    let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
    let orders = [DateOrder::Mdy, DateOrder::Dmy].map(|order| Calendar { today, order });
    let read = |calendar: &Calendar| match calendar.birth(text) {
        Some(read) => vec![read],
        None => calendar.find(text).into_iter().map(|(_, read)| read).collect(),
    };
    orders.iter().flat_map(read).collect()
}

fn is_called(person: &Patient, paper: &records::name::PersonName, text: &str) -> bool {
    let nicknames = Nicknames::built_in();
    person
        .names
        .iter()
        .any(|own| Likeness::of(paper, Order::of(text), own, &nicknames) <= Likeness::OneConfusion)
}

struct Filed {
    key: i64,
    id: DocumentId,
    patient: i64,
    authority: String,
    number: String,
    evidence: Vec<Evidence>,
    kind: String,
    service: Option<(jiff::civil::Date, jiff::civil::Date)>,
    labels: Vec<records::document::Label>,
}

fn filed_since(c: &Connection, sides: &(Vec<i64>, Vec<i64>), since: &Millis) -> Result<Vec<Filed>> {
    let mut all = Vec::new();
    for patient in sides.0.iter().chain(&sides.1) {
        let mut rows = c.prepare_cached(
            "SELECT d.key, d.id, d.patient, d.authority, d.number, e.evidence, d.kind, d.service_from, d.service_to,
                 d.labels FROM document d JOIN document_evidence e ON e.document = d.key
             WHERE d.patient = ?1 AND d.state = 'filed' AND d.filed_at >= ?2 ORDER BY d.key",
        )?;
        let rows = rows.query_map(params![patient, since.0.as_millisecond()], |row| {
            Ok(Filed {
                key: row.get(0)?,
                id: DocumentId(row.get(1)?),
                patient: row.get(2)?,
                authority: row.get(3)?,
                number: row.get(4)?,
                evidence: row.get::<_, Json<_>>(5)?.0,
                labels: row.get::<_, Json<_>>(9)?.0,
                kind: row.get(6)?,
                service: days(row.get::<_, Option<Day>>(7)?, row.get::<_, Option<Day>>(8)?),
            })
        })?;
        all.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
    }
    Ok(all)
}

/// Out of the chart, onto the worklist.
fn hold(
    tx: &Connection,
    epoch: Epoch,
    document: &Filed,
    people: (&Patient, &Patient),
    by: &str,
) -> Result<ExceptionId> {
    let runs = document_runs(tx, document.key)?;
    let first = First::of_runs(tx, &runs)?;
    let issue = act_issue(tx, first, epoch)?;
    let candidates =
        [(people.0, "filed under this person's number"), (people.1, "was merged with the other")];
    let exception = NewException {
        // Made anew when it is written.
        id: ExceptionId([0; 16]),
        pages: Vec::new(),
        reasons: vec![Reason::Unmerged],
        candidates: candidates
            .map(|(person, why)| Candidate { patient: person.id, why: why.into() })
            .to_vec(),
        evidence: document.evidence.clone(),
        detail: None,
        kind: records::document::KindCode(document.kind.clone()),
        service: document.service,
        proposed: None,
        labels: document.labels.clone(),
    };
    let (home, id) = insert_exception(tx, first, issue, &exception, &runs, "open")?;
    withdraw(tx, document.key, "void", by, "unmerged")?;
    move_pages(tx, &runs, (DOCUMENT, document.key), (EXCEPTION, Some(home)))?;
    note(tx, Changed::Moved, Some(document.id), &runs)?;
    let detail = serde_json::json!({ "exception": id, "reasons": [Reason::Unmerged] });
    record(tx, by, "unmerged", &runs, |entry| AuditEntry {
        patient: Some(people.0.id),
        document: Some(document.id),
        detail,
        ..entry
    })?;
    Ok(id)
}
