//! How does something held, or filed wrongly, come into a chart?
//!
//! By a clerk's act, or because what was missing has come. The document gets the next issue's id, the exception (or
//! the old document) keeps what it was.

use jiff::civil::Date;
use records::document::{IndexVersion, KindCode, Label, NewDocument};
use records::evidence::{Evidence, EvidenceKind, Ground};
use records::exception::Reason;
use records::geometry::Rect;
use records::identifier::Identifier;
use records::ids::{DocumentId, ExceptionId, PageNumber, PageRef};
use records::judge::Hold;
use records::patient::PatientId;
use records::reading::ReaderVersion;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::Lane;
use super::acts::{move_pages, record, resolve, withdraw};
use super::audit::AuditEntry;
use super::changes::{Changed, note};
use super::charts::{document_key, document_runs};
use super::columns::{DOCUMENT, EXCEPTION, Json};
use super::doubts::{Doubt, raise};
use super::editing::note_encounter;
use super::entering::{First, act_issue, contrary, insert_document, line_issue};
use super::filing::same_version;
use super::shadow;
use super::worklist::{exception_runs, exceptions, open_exception};
use crate::error::{ArchiveError, FileError, Result};
use crate::open::Archive;

/// Whose it is, says a clerk.
#[derive(Clone, Debug)]
pub struct Assignment {
    pub patient: PatientId,
    /// The number on the paper, as the clerk typed it.
    pub filed_under: Identifier,
    /// Absent: as the exception (or document) has it.
    pub kind: Option<KindCode>,
    pub service: Option<(Date, Date)>,
    pub labels: Vec<Label>,
    /// The visit it belongs to, where one was named.
    pub encounter: Option<Identifier>,
    /// What was read, held against this patient; absent: as the exception (or document) has it.
    pub seen: Option<Vec<Evidence>>,
    /// How what was read names somebody else, and why it is this patient's all the same.
    pub against: Vec<Reason>,
    pub despite: Option<String>,
    /// Who assigns: `clerk:lopez`.
    pub clerk: String,
}

impl Assignment {
    /// To this patient, under this number, and otherwise as it was held.
    pub fn to(patient: PatientId, filed_under: Identifier, clerk: &str) -> Self {
        Self {
            patient,
            filed_under,
            kind: None,
            service: None,
            labels: Vec::new(),
            encounter: None,
            seen: None,
            against: Vec::new(),
            despite: None,
            clerk: clerk.into(),
        }
    }
}

/// Who may file again what was taken out of a chart (`domain.md` 2.13, 5)?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondPerson {
    /// Somebody else than who took it out.
    Required,
    /// Anybody; where it is the same person, another look is due on that day.
    LookAgainOn(Date),
}

impl Archive {
    /// A clerk says whose it is: the exception becomes a document.
    pub fn assign(&self, id: &ExceptionId, assignment: &Assignment) -> Result<DocumentId> {
        assignment.must_be_meant()?;
        self.0.catalogue.write(Lane::Desk, |tx| {
            let key = open_exception(tx, id)?;
            let held = exceptions(tx, "x.key = ?1", key)?.remove(0);
            let runs = exception_runs(tx, key)?;
            let first = First::of_runs(tx, &runs)?;
            let document = assignment.document(first.page, held.kind, held.service, held.evidence);
            let issue = act_issue(tx, first, self.epoch())?;
            let (home, new) =
                insert_document(tx, first, issue, &document, &runs, &assignment.clerk, "filed")?;
            note_encounter(tx, home, assignment.encounter.as_ref())?;
            move_pages(tx, &runs, (EXCEPTION, key), (DOCUMENT, Some(home)))?;
            resolve(tx, key, "resolved", Some(new), "assigned", &assignment.clerk)?;
            shadow::assigned(tx, key, assignment.patient, &assignment.clerk)?;
            note(tx, Changed::Assigned, Some(new), &runs)?;
            let detail = serde_json::json!({
                "exception": id, "reasons": held.reasons, "against": assignment.against,
                "despite": assignment.despite,
            });
            record(tx, &assignment.clerk, "assign", &runs, |entry| AuditEntry {
                patient: Some(assignment.patient),
                document: Some(new),
                detail,
                ..entry
            })?;
            Ok(new)
        })
    }

    /// Files a filed or quarantined document anew under another patient; the old one is void.
    pub fn refile(
        &self,
        id: &DocumentId,
        assignment: &Assignment,
        second: SecondPerson,
    ) -> Result<DocumentId> {
        assignment.must_be_meant()?;
        let old = self.document(id)?.ok_or(ArchiveError::Unknown { what: "document" })?;
        self.0.catalogue.write(Lane::Desk, |tx| {
            let (key, state) = document_key(tx, id)?;
            if state == "void" {
                return Err(ArchiveError::NotNow { act: "file the document again", why: "it is void" });
            }
            let review = second.look_again(taken_out_by(tx, key)?.as_deref(), &assignment.clerk)?;
            let runs = document_runs(tx, key)?;
            let first = First::of_runs(tx, &runs)?;
            let document = assignment.document(first.page, old.kind, old.service, old.evidence);
            let issue = act_issue(tx, first, self.epoch())?;
            let (home, new) =
                insert_document(tx, first, issue, &document, &runs, &assignment.clerk, "filed")?;
            note_encounter(tx, home, assignment.encounter.as_ref())?;
            withdraw(tx, key, "void", &assignment.clerk, "filed again")?;
            shadow::wrong_chart(tx, key, Some(assignment.patient), &assignment.clerk)?;
            move_pages(tx, &runs, (DOCUMENT, key), (DOCUMENT, Some(home)))?;
            note(tx, Changed::Moved, Some(*id), &runs)?;
            note(tx, Changed::Assigned, Some(new), &runs)?;
            if review.is_some() {
                let (reasons, by) = (&[Reason::Review], assignment.clerk.as_str());
                let doubt = Doubt { reasons, evidence: &[], due: review, by };
                raise(tx, self.epoch(), (home, new), &doubt)?;
            }
            let detail = serde_json::json!({
                "from_patient": old.filed_patient, "from_document": id, "against": assignment.against,
                "despite": assignment.despite,
            });
            record(tx, &assignment.clerk, "refile", &runs, |entry| AuditEntry {
                patient: Some(assignment.patient),
                document: Some(new),
                detail,
                ..entry
            })?;
            Ok(new)
        })
    }

    /// Judged again, and now it files itself. `document.pages` are the exception's. `Err(Moved)`: judge again.
    pub fn judged_again(
        &self,
        id: &ExceptionId,
        document: &NewDocument,
        version: IndexVersion,
    ) -> Result<DocumentId, FileError> {
        let held = self.exception(id)?.ok_or(ArchiveError::Unknown { what: "exception" })?;
        let of_batch = document.pages.iter().map(|page| PageRef { batch: held.batch, page: *page });
        self.judged_again_whole(id, &of_batch.collect::<Vec<_>>(), document, version)
    }

    /// As [`Archive::judged_again`], of pages from any batch: `pages` are those the verdict is about.
    pub fn judged_again_whole(
        &self,
        id: &ExceptionId,
        pages: &[PageRef],
        document: &NewDocument,
        version: IndexVersion,
    ) -> Result<DocumentId, FileError> {
        self.0.catalogue.write(Lane::Line, |tx| {
            same_version(tx, version)?;
            let key = open_exception(tx, id)?;
            let held = exceptions(tx, "x.key = ?1", key)?.remove(0);
            if held.was_contrary {
                let why = "it was held for something contrary: only a person may file it";
                return Err(ArchiveError::NotNow { act: "file the exception", why }.into());
            }
            let all = exception_runs(tx, key)?;
            let first = First::of_runs(tx, &all)?;
            if held.pages != pages {
                let missing = held.pages.len().abs_diff(pages.len());
                return Err(FileError::Incomplete { missing, twice: 0, foreign: 0 });
            }
            let issue = line_issue(tx, "document", first, self.epoch())?;
            let (home, new) = insert_document(tx, first, issue, document, &all, "line", "filed")?;
            move_pages(tx, &all, (EXCEPTION, key), (DOCUMENT, Some(home)))?;
            resolve(tx, key, "resolved", Some(new), "judged again", "line")?;
            note(tx, Changed::Assigned, Some(new), &all)?;
            let detail = serde_json::json!({ "exception": id, "reasons": held.reasons });
            record(tx, "line", "judged-again", &all, |entry| AuditEntry {
                patient: Some(document.patient),
                document: Some(new),
                detail,
                ..entry
            })?;
            Ok(new)
        })
    }

    /// Judged again, and still held: reasons, candidates and evidence as they are now. Once contrary, always so.
    pub fn held_again(&self, id: &ExceptionId, hold: &Hold) -> Result<()> {
        self.0.catalogue.write(Lane::Line, |tx| {
            let key = open_exception(tx, id)?;
            tx.prepare_cached(
                "UPDATE exception SET reasons = ?2, was_contrary = max(was_contrary, ?3) WHERE key = ?1",
            )?
            .execute(params![key, Json(&hold.reasons), contrary(&hold.reasons)])?;
            tx.prepare_cached(
                "UPDATE exception_detail SET candidates = ?2, evidence = ?3 WHERE exception = ?1",
            )?
            .execute(params![key, Json(&hold.candidates), Json(&hold.evidence)])?;
            shadow::propose(tx, key, hold.proposed)?;
            Ok(())
        })
    }
}

/// Who took a quarantined document out of its chart.
fn taken_out_by(tx: &Connection, key: i64) -> Result<Option<String>> {
    Ok(tx
        .prepare_cached("SELECT withdrawn_by FROM document WHERE key = ?1 AND state = 'quarantined'")?
        .query_row([key], |row| row.get(0))
        .optional()?
        .flatten())
}

impl SecondPerson {
    /// The day to look again, if that is what one person alone must accept.
    fn look_again(self, taken_out_by: Option<&str>, clerk: &str) -> Result<Option<Date>> {
        let alone = taken_out_by.is_none_or(|first| first == clerk);
        match self {
            Self::Required if alone => Err(ArchiveError::NotNow {
                act: "file the document again",
                why: "one person takes it out (`quarantine`) and another files it again; \
                      [identity] second_person = false where there is only one",
            }),
            Self::LookAgainOn(day) if alone => Ok(Some(day)),
            _ => Ok(None),
        }
    }
}

impl Assignment {
    /// What was read names somebody else: then a person says why it is this one's all the same.
    fn must_be_meant(&self) -> Result<()> {
        if self.against.is_empty() || self.despite.as_ref().is_some_and(|why| !why.trim().is_empty()) {
            return Ok(());
        }
        let why = "what was read names somebody else; say why it is this patient's all the same";
        Err(ArchiveError::NotNow { act: "file it there", why })
    }

    /// The document an act makes; its own evidence is added to what is known.
    fn document(
        &self,
        first: PageNumber,
        kind: KindCode,
        service: Option<(Date, Date)>,
        known: Vec<Evidence>,
    ) -> NewDocument {
        let mut evidence = match &self.seen {
            // The sheet over the pages is not read again with them.
            Some(seen) => {
                let declared = known.into_iter().filter(|own| own.kind == EvidenceKind::Declared);
                seen.iter().cloned().chain(declared).collect()
            }
            None => known,
        };
        evidence.push(Evidence {
            kind: EvidenceKind::Clerk,
            page: first,
            batch: None,
            text: self.clerk.clone(),
            place: Rect::default(),
            authority: Some(self.filed_under.authority.0.clone()),
            reader: ReaderVersion("clerk".into()),
            contrary: false,
        });
        NewDocument {
            // Made anew when it is written: first page, issue and epoch decide.
            id: DocumentId([0; 16]),
            pages: Vec::new(),
            patient: self.patient,
            filed_under: self.filed_under.clone(),
            kind: self.kind.clone().unwrap_or(kind),
            service: self.service.or(service),
            labels: self.labels.clone(),
            ground: Ground::Clerk,
            evidence,
        }
    }
}
