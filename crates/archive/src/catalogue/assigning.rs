//! How does something held, or filed wrongly, come into a chart?
//!
//! By a clerk's act, or because what was missing has come. The document gets the next issue's id, the exception (or
//! the old document) keeps what it was.

use jiff::civil::Date;
use records::document::{IndexVersion, KindCode, Label, NewDocument};
use records::evidence::{Evidence, EvidenceKind, Ground};
use records::geometry::Rect;
use records::identifier::Identifier;
use records::ids::{DocumentId, ExceptionId, PageNumber};
use records::judge::Hold;
use records::patient::PatientId;
use records::reading::ReaderVersion;
use rusqlite::params;

use super::Lane;
use super::acts::{move_pages, record, resolve, withdraw};
use super::audit::AuditEntry;
use super::changes::{Changed, note};
use super::charts::{document_key, document_runs};
use super::columns::{DOCUMENT, EXCEPTION, Json, runs};
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
    /// Who assigns: `clerk:lopez`.
    pub clerk: String,
}

impl Archive {
    /// A clerk says whose it is: the exception becomes a document.
    pub fn assign(&self, id: &ExceptionId, assignment: &Assignment) -> Result<DocumentId> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let key = open_exception(tx, id)?;
            let held = exceptions(tx, "x.key = ?1", key)?.remove(0);
            let runs = exception_runs(tx, key)?;
            let first = First::of_runs(tx, &runs)?;
            let document = assignment.document(first.page, held.kind, held.service, held.evidence);
            let issue = act_issue(tx, first, self.epoch())?;
            let (home, new) =
                insert_document(tx, first, issue, &document, &runs, &assignment.clerk, "filed")?;
            move_pages(tx, &runs, (EXCEPTION, key), (DOCUMENT, Some(home)))?;
            resolve(tx, key, "resolved", Some(new), "assigned", &assignment.clerk)?;
            shadow::assigned(tx, key, assignment.patient, &assignment.clerk)?;
            note(tx, Changed::Assigned, Some(new), &runs)?;
            let detail = serde_json::json!({ "exception": id, "reasons": held.reasons });
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
    pub fn refile(&self, id: &DocumentId, assignment: &Assignment) -> Result<DocumentId> {
        let old = self.document(id)?.ok_or(ArchiveError::Unknown { what: "document" })?;
        self.0.catalogue.write(Lane::Desk, |tx| {
            let (key, state) = document_key(tx, id)?;
            if state == "void" {
                return Err(ArchiveError::NotNow { act: "file the document again", why: "it is void" });
            }
            let runs = document_runs(tx, key)?;
            let first = First::of_runs(tx, &runs)?;
            let document = assignment.document(first.page, old.kind, old.service, Vec::new());
            let issue = act_issue(tx, first, self.epoch())?;
            let (home, new) =
                insert_document(tx, first, issue, &document, &runs, &assignment.clerk, "filed")?;
            withdraw(tx, key, "void", &assignment.clerk, "filed again")?;
            shadow::wrong_chart(tx, key, Some(assignment.patient), &assignment.clerk)?;
            move_pages(tx, &runs, (DOCUMENT, key), (DOCUMENT, Some(home)))?;
            note(tx, Changed::Moved, Some(*id), &runs)?;
            note(tx, Changed::Assigned, Some(new), &runs)?;
            let detail = serde_json::json!({ "from_patient": old.filed_patient, "from_document": id });
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
            let named = runs(first.key, &document.pages);
            if named != all {
                let missing = held.pages.len().abs_diff(document.pages.len());
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

impl Assignment {
    /// The document an act makes; its own evidence is added to what is known.
    fn document(
        &self,
        first: PageNumber,
        kind: KindCode,
        service: Option<(Date, Date)>,
        mut evidence: Vec<Evidence>,
    ) -> NewDocument {
        evidence.push(Evidence {
            kind: EvidenceKind::Clerk,
            page: first,
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
