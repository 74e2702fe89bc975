//! What waits for a person, and why?

use jiff::Timestamp;
use jiff::civil::Date;
use records::document::{KindCode, Label};
use records::evidence::Evidence;
use records::exception::{Candidate, Reason};
use records::identifier::Identifier;
use records::ids::{BatchId, DocumentId, ExceptionId, PageNumber, PageRef};
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::bundles::bundle;
use super::charts::PatientSummary;
use super::columns::{Day, Json, Millis, Run, days, pages_of, read_runs};
use super::patients::{patient_key, summary};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// An exception as it stands.
#[derive(Clone, Debug)]
pub struct ExceptionRow {
    pub id: ExceptionId,
    pub batch: BatchId,
    pub station: String,
    /// The station's file name: patient data.
    pub file: String,
    pub pages: Vec<PageRef>,
    pub reasons: Vec<Reason>,
    pub candidates: Vec<CandidateRow>,
    pub evidence: Vec<Evidence>,
    pub detail: Option<String>,
    pub kind: KindCode,
    pub service: Option<(Date, Date)>,
    /// Protection labels it will carry in whose chart ever.
    pub labels: Vec<Label>,
    /// Held for something contrary, now or ever: never filed by itself any more.
    pub was_contrary: bool,
    pub state: ExceptionState,
    pub created: Timestamp,
    /// What became of it: the document, or in words.
    pub document: Option<DocumentId>,
    pub resolution: Option<String>,
    pub resolved_by: Option<String>,
    pub resolved_at: Option<Timestamp>,
    /// The clerk whose act made it; absent: the line.
    pub made_by: Option<String>,
    /// What a person said it is or waits for (`waiting`, `misdirected`), and the day to look again.
    pub disposition: Option<String>,
    pub follow_up: Option<Date>,
    /// What it waits for together with others.
    pub bundle: Option<Bundle>,
}

/// One cause of several exceptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bundle {
    /// A new patient index frees them all.
    StaleIndex,
    /// A chart in which two people seem to be.
    Frozen(Identifier),
    /// A control sheet that nobody could read (`chartroom mend`).
    Sheet { batch: BatchId, page: PageNumber },
    /// Something is wrong with the job as a whole.
    Job(BatchId),
    /// Two pictures of one page, of which a person says which stays; the slip's serial.
    Rescan(String),
}

/// Names the cause: `sheet:b…:4`.
impl std::fmt::Display for Bundle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::StaleIndex => f.write_str("index"),
            Self::Frozen(number) => write!(f, "frozen:{}:{}", number.authority, number.value),
            Self::Sheet { batch, page } => write!(f, "sheet:{batch}:{page}"),
            Self::Job(batch) => write!(f, "job:{batch}"),
            Self::Rescan(serial) => write!(f, "rescan:{serial}"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExceptionState {
    Open,
    /// Became a document, or was split.
    Resolved,
    Void,
    /// No record of a patient here: set aside with its disposition.
    SetAside,
}

/// Somebody it may be.
#[derive(Clone, Debug)]
pub struct CandidateRow {
    pub patient: PatientSummary,
    pub why: String,
}

impl Archive {
    /// One exception, whatever its state; `None`: no such id.
    pub fn exception(&self, id: &ExceptionId) -> Result<Option<ExceptionRow>> {
        self.0.catalogue.read(|c| {
            let bare = c
                .prepare_cached(&format!("{SELECT} WHERE x.id = ?1 AND x.state <> 'staged'"))?
                .query_row([id.0], Bare::of)
                .optional()?;
            bare.map(|bare| bare.whole(c)).transpose()
        })
    }

    /// Everything that waits for a person, oldest first.
    pub fn worklist(&self) -> Result<Vec<ExceptionRow>> {
        self.0.catalogue.read(|c| exceptions(c, "x.state = 'open' ORDER BY x.created, x.key", 0))
    }

    /// Open exceptions held for something missing and never for anything contrary: to be judged again.
    pub fn waiting_for_missing(&self) -> Result<Vec<ExceptionRow>> {
        let mut open = self.0.catalogue.read(|c| {
            exceptions(c, "x.state = 'open' AND NOT x.was_contrary ORDER BY x.created, x.key", 0)
        })?;
        open.retain(|exception| exception.reasons.iter().any(|reason| reason.is_missing()));
        Ok(open)
    }
}

/// Exceptions of a condition in which `?1` may stand for a row.
pub(super) fn exceptions(c: &Connection, condition: &str, key: i64) -> Result<Vec<ExceptionRow>> {
    let mut rows = c.prepare_cached(&format!("{SELECT} WHERE ?1 IS NOT NULL AND {condition}"))?;
    let bare = rows.query_map([key], Bare::of)?.collect::<rusqlite::Result<Vec<_>>>()?;
    bare.into_iter().map(|bare| bare.whole(c)).collect()
}

// The file is that of the first page; of a draft without pages, the first original that could not be read.
const SELECT: &str = "SELECT x.key, x.id, x.reasons, x.was_contrary, x.kind, x.service_from, x.service_to, x.state,
        x.created, x.document, x.resolution, x.resolved_by, x.resolved_at, b.id, b.station,
        coalesce(
            (SELECT o.name FROM place p JOIN original o ON o.batch = p.batch AND o.ordinal = p.original
             WHERE p.batch = x.batch AND p.page = x.first_page),
            (SELECT o.name FROM original o WHERE o.batch = x.batch ORDER BY o.fault IS NULL, o.ordinal LIMIT 1)),
        e.candidates, e.evidence, e.detail, x.made_by, x.disposition, x.follow_up,
        x.labels
    FROM exception x JOIN batch b ON b.key = x.batch JOIN exception_detail e ON e.exception = x.key";

/// An exception's own row, before what hangs on it is asked for.
struct Bare {
    key: i64,
    candidates: Vec<Candidate>,
    row: ExceptionRow,
}

impl Bare {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: row.get(0)?,
            candidates: row.get::<_, Json<_>>(16)?.0,
            row: ExceptionRow {
                id: ExceptionId(row.get(1)?),
                batch: BatchId(row.get(13)?),
                station: row.get(14)?,
                file: row.get(15)?,
                pages: Vec::new(),
                reasons: row.get::<_, Json<_>>(2)?.0,
                candidates: Vec::new(),
                evidence: row.get::<_, Json<_>>(17)?.0,
                detail: row.get(18)?,
                kind: KindCode(row.get(4)?),
                service: days(row.get::<_, Option<Day>>(5)?, row.get::<_, Option<Day>>(6)?),
                was_contrary: row.get(3)?,
                state: match row.get::<_, String>(7)?.as_str() {
                    "open" => ExceptionState::Open,
                    "void" => ExceptionState::Void,
                    "set_aside" => ExceptionState::SetAside,
                    _ => ExceptionState::Resolved,
                },
                created: row.get::<_, Millis>(8)?.0,
                document: row.get::<_, Option<[u8; 16]>>(9)?.map(DocumentId),
                resolution: row.get(10)?,
                resolved_by: row.get(11)?,
                resolved_at: row.get::<_, Option<Millis>>(12)?.map(|at| at.0),
                made_by: row.get(19)?,
                disposition: row.get(20)?,
                follow_up: row.get::<_, Option<Day>>(21)?.map(|day| day.0),
                labels: row.get::<_, Json<_>>(22)?.0,
                bundle: None,
            },
        })
    }

    fn whole(self, c: &Connection) -> Result<ExceptionRow> {
        let mut row = self.row;
        let runs = exception_runs(c, self.key)?;
        row.pages = pages_of(c, &runs)?;
        for candidate in self.candidates {
            let patient = summary(c, patient_key(c, candidate.patient)?)?;
            row.candidates.push(CandidateRow { patient, why: candidate.why });
        }
        if row.state == ExceptionState::Open {
            row.bundle = bundle(c, &row, &runs)?;
        }
        Ok(row)
    }
}

/// Pages of an exception, in order.
pub(super) fn exception_runs(c: &Connection, key: i64) -> Result<Vec<Run>> {
    read_runs(c, "SELECT batch, first, last FROM exception_run WHERE exception = ?1 ORDER BY ordinal", key)
}

/// Row of an exception that waits.
pub(super) fn open_exception(c: &Connection, id: &ExceptionId) -> Result<i64> {
    let (key, state): (i64, String) = c
        .prepare_cached("SELECT key, state FROM exception WHERE id = ?1 AND state <> 'staged'")?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .ok_or(ArchiveError::Unknown { what: "exception" })?;
    if state == "open" {
        Ok(key)
    } else {
        Err(ArchiveError::NotNow { act: "change the exception", why: "somebody has resolved it already" })
    }
}
