//! What has been filed, where, and why?

use jiff::Timestamp;
use jiff::civil::Date;
use records::document::{DocumentState, KindCode, Label, Place};
use records::evidence::{Evidence, Ground};
use records::identifier::{AuthorityId, Identifier};
use records::ids::{BatchId, DocumentId, PageRef};
use records::patient::PatientId;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::columns::{Day, Json, Millis, Run, batch_key, days, pages_of, place, read_runs};
use super::patients::{members, patient_key, summary, survivor};
use super::sheets::identifier_kind;
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// A document as it stands in the catalogue.
#[derive(Clone, Debug)]
pub struct DocumentRow {
    pub id: DocumentId,
    /// The batch of its first page.
    pub batch: BatchId,
    pub station: String,
    /// The station's name of the file its first page came in: patient data.
    pub file: String,
    /// In order, from any batch.
    pub pages: Vec<PageRef>,
    /// As filed; merges are resolved in `patient`.
    pub filed_patient: PatientId,
    pub patient: PatientSummary,
    /// What the paper (or the declaration) said; never changes.
    pub filed_under: Identifier,
    pub kind: KindCode,
    pub service: Option<(Date, Date)>,
    pub labels: Vec<Label>,
    pub state: DocumentState,
    /// Why it may be in this chart; documents of version 2 of the catalogue do not say.
    pub ground: Option<Ground>,
    pub evidence: Vec<Evidence>,
    /// `line`, or the clerk.
    pub filed_by: String,
    pub filed_at: Timestamp,
    /// When the original was received.
    pub received: Timestamp,
    /// Why it was voided or quarantined, and who did it.
    pub withdrawn_because: Option<String>,
    pub withdrawn_by: Option<String>,
    /// The visit it belongs to, where one was named.
    pub encounter: Option<Identifier>,
}

/// What a list shows of a person (the survivor of all merges).
#[derive(Clone, PartialEq, Eq)]
pub struct PatientSummary {
    pub id: PatientId,
    pub mrn: Option<Identifier>,
    /// "DOE, JANE Q"; empty while only the number is known.
    pub name: String,
    pub birth_date: Option<Date>,
}

/// Shows nothing about the person.
impl std::fmt::Debug for PatientSummary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PatientSummary({}, …)", self.id.0)
    }
}

/// Which documents? All that are set must hold.
#[derive(Clone, Debug, Default)]
pub struct DocumentFilter {
    pub batch: Option<BatchId>,
    /// Any identity of the person: merges are resolved.
    pub patient: Option<PatientId>,
    /// Exactly the station's file name, of any page's original.
    pub file: Option<String>,
    /// Also voided and quarantined ones.
    pub withdrawn: bool,
    /// At most so many, newest first; absent: all.
    pub limit: Option<u32>,
}

impl Archive {
    /// One document, whatever its state; `None`: no such id.
    pub fn document(&self, id: &DocumentId) -> Result<Option<DocumentRow>> {
        self.0.catalogue.read(|c| {
            let bare = c
                .prepare_cached(&format!("{SELECT} WHERE d.id = ?1 AND d.state <> 'staged'"))?
                .query_row([id.0], Bare::of)
                .optional()?;
            bare.map(|bare| bare.whole(c)).transpose()
        })
    }

    /// Documents, newest batch first, within a batch by first page. Evidence is included.
    pub fn documents(&self, filter: &DocumentFilter) -> Result<Vec<DocumentRow>> {
        self.0.catalogue.read(|c| documents(c, filter))
    }

    /// Where a page is now; `None`: no such page.
    pub fn place(&self, page: PageRef) -> Result<Option<Place>> {
        self.0.catalogue.read(|c| {
            let found = c
                .prepare_cached(
                    "SELECT p.place, d.id, x.id FROM place p
                     LEFT JOIN document d ON p.place = 1 AND d.key = p.home
                     LEFT JOIN exception x ON p.place = 2 AND x.key = p.home
                     WHERE p.batch = ?1 AND p.page = ?2",
                )?
                .query_row(params![batch_key(c, &page.batch)?, page.page.0], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })
                .optional()?;
            found.map(|(code, document, exception)| place(code, document, exception)).transpose()
        })
    }
}

/// One document by its row.
pub(super) fn document_by_key(c: &Connection, key: i64) -> Result<DocumentRow> {
    c.prepare_cached(&format!("{SELECT} WHERE d.key = ?1"))?.query_row([key], Bare::of)?.whole(c)
}

pub(super) fn documents(c: &Connection, filter: &DocumentFilter) -> Result<Vec<DocumentRow>> {
    let mut bare = Vec::new();
    let mut gather = |condition: &str, value: &dyn rusqlite::ToSql| -> Result<()> {
        let state = if filter.withdrawn { "<> 'staged'" } else { "= 'filed'" };
        let mut rows = c.prepare_cached(&format!(
            "{SELECT} WHERE {condition} AND d.state {state} ORDER BY d.batch DESC, d.first_page, d.issue"
        ))?;
        let rows = rows.query_map([value], Bare::of)?;
        bare.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
        Ok(())
    };
    let people = match filter.patient {
        Some(patient) => members(c, survivor(c, patient_key(c, patient)?)?)?,
        None => Vec::new(),
    };
    // The narrowest question is asked of the tables, the others of what it finds.
    match (&filter.batch, &filter.file) {
        (Some(batch), _) => gather("d.batch = ?1", &batch_key(c, batch)?)?,
        (None, Some(file)) => gather(
            "d.key IN (SELECT r.document FROM original o JOIN document d2 ON d2.batch = o.batch
                 JOIN document_run r ON r.document = d2.key AND r.batch = o.batch
                     AND r.first < o.first_page + o.pages AND r.last >= o.first_page
                 WHERE o.name = ?1)",
            file,
        )?,
        (None, None) if filter.patient.is_some() => {
            people.iter().try_for_each(|key| gather("d.patient = ?1", key))?;
        }
        (None, None) => gather("?1", &true)?,
    }
    if filter.patient.is_some() {
        bare.retain(|document| people.contains(&document.patient));
    }
    if let (Some(_), Some(file)) = (&filter.batch, &filter.file) {
        bare.retain(|document| document.file == *file);
    }
    bare.sort_by_key(|document| (std::cmp::Reverse(document.batch), document.first));
    bare.truncate(filter.limit.map_or(usize::MAX, |limit| limit as usize));
    bare.into_iter().map(|document| document.whole(c)).collect()
}

const SELECT: &str =
    "SELECT d.key, d.id, d.batch, d.first_page, d.patient, d.authority, d.number, d.number_kind,
        d.kind, d.service_from, d.service_to, d.labels, d.state, d.filed_by, d.filed_at, d.withdrawn_why,
        b.id, b.station, o.name, o.received, d.ground, d.withdrawn_by, d.encounter
    FROM document d JOIN batch b ON b.key = d.batch
    JOIN place p ON p.batch = d.batch AND p.page = d.first_page
    JOIN original o ON o.batch = d.batch AND o.ordinal = p.original";

/// A document's own row, before what hangs on it is asked for.
struct Bare {
    key: i64,
    batch: i64,
    first: u32,
    patient: i64,
    number_kind: String,
    file: String,
    row: DocumentRow,
}

impl Bare {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let file: String = row.get(18)?;
        let nobody = PatientId(uuid::Uuid::nil());
        Ok(Self {
            key: row.get(0)?,
            batch: row.get(2)?,
            first: row.get(3)?,
            patient: row.get(4)?,
            number_kind: row.get(7)?,
            file: file.clone(),
            row: DocumentRow {
                id: DocumentId(row.get(1)?),
                batch: BatchId(row.get(16)?),
                station: row.get(17)?,
                file,
                pages: Vec::new(),
                filed_patient: nobody,
                patient: PatientSummary { id: nobody, mrn: None, name: String::new(), birth_date: None },
                filed_under: Identifier {
                    value: row.get(6)?,
                    authority: AuthorityId(row.get(5)?),
                    kind: records::identifier::IdentifierKind::Mrn,
                },
                kind: KindCode(row.get(8)?),
                service: days(row.get::<_, Option<Day>>(9)?, row.get::<_, Option<Day>>(10)?),
                labels: row.get::<_, Json<_>>(11)?.0,
                state: match row.get::<_, String>(12)?.as_str() {
                    "void" => DocumentState::Void,
                    "quarantined" => DocumentState::Quarantined,
                    _ => DocumentState::Filed,
                },
                ground: row.get::<_, Option<Json<_>>>(20)?.map(|ground| ground.0),
                evidence: Vec::new(),
                filed_by: row.get(13)?,
                filed_at: row.get::<_, Millis>(14)?.0,
                received: row.get::<_, Millis>(19)?.0,
                withdrawn_because: row.get(15)?,
                withdrawn_by: row.get(21)?,
                encounter: row.get::<_, Option<Json<_>>>(22)?.map(|own| own.0),
            },
        })
    }

    fn whole(self, c: &Connection) -> Result<DocumentRow> {
        let mut row = self.row;
        row.filed_under.kind = identifier_kind(&self.number_kind)?;
        row.pages = pages_of(c, &document_runs(c, self.key)?)?;
        row.filed_patient = super::patients::patient_id(c, self.patient)?;
        row.patient = summary(c, self.patient)?;
        row.evidence = c
            .prepare_cached("SELECT evidence FROM document_evidence WHERE document = ?1")?
            .query_row([self.key], |row| Ok(row.get::<_, Json<_>>(0)?.0))?;
        Ok(row)
    }
}

/// Pages of a document, in order.
pub(super) fn document_runs(c: &Connection, key: i64) -> Result<Vec<Run>> {
    read_runs(c, "SELECT batch, first, last FROM document_run WHERE document = ?1 ORDER BY ordinal", key)
}

/// Row and state of a document.
pub(super) fn document_key(c: &Connection, id: &DocumentId) -> Result<(i64, String)> {
    c.prepare_cached("SELECT key, state FROM document WHERE id = ?1 AND state <> 'staged'")?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .ok_or(ArchiveError::Unknown { what: "document" })
}
