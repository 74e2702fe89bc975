//! What is to be known of a page that it may be found?

use records::document::Label;
use records::entry::{Home, PageEntry};
use records::identifier::{Identifier, IdentifierKind, canonical};
use records::ids::{DocumentId, ExceptionId, PageRef};
use records::patient::PatientId;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::browsing::paper_box;
use super::changes::INDEXED;
use super::columns::{DOCUMENT, Day, Json, Millis, Run, batch_key, days};
use crate::error::Result;
use crate::open::Archive;
use crate::pack::{PackReader, Span};

/// What the search follower reads through. Not for people: it gives the words of every page.
#[derive(Clone)]
pub struct Follower {
    archive: Archive,
}

impl Follower {
    pub(super) const fn of(archive: Archive) -> Self {
        Self { archive }
    }

    /// A page as it is to be found; `None`: it is not to be found (any more).
    pub fn entry(&self, page: PageRef) -> Result<Option<PageEntry>> {
        let found = self.archive.0.catalogue.read(|c| find_entry(c, page))?;
        let Some((span, entry)) = found else { return Ok(None) };
        let pack = PackReader::open(&self.archive.pack(&page.batch), [(page.page, span)].into())?;
        let Some(reading) = pack.get(page.page)? else { return Ok(None) };
        Ok(Some(PageEntry {
            page,
            home: entry.home,
            station: entry.station,
            received: entry.received,
            labels: entry.labels,
            paper_box: entry.paper_box,
            evidence: entry.evidence,
            codes: Vec::new(),
            reading,
        }))
    }
}

/// An entry but for its words.
struct Bare {
    home: Home,
    station: String,
    received: jiff::civil::Date,
    labels: Vec<Label>,
    paper_box: Option<String>,
    evidence: Vec<String>,
}

fn find_entry(c: &Connection, page: PageRef) -> Result<Option<(Span, Bare)>> {
    let batch = batch_key(c, &page.batch)?;
    let found = c
        .prepare_cached(&format!(
            "SELECT p.place, p.home, p.offset, p.length, b.station, o.received
             FROM (SELECT p.* {INDEXED} AND p.batch = ?1 AND p.page = ?2) p
             JOIN batch b ON b.key = p.batch
             JOIN original o ON o.batch = p.batch AND o.ordinal = p.original"
        ))?
        .query_row(params![batch, page.page.0], |row| {
            let span = Span { offset: row.get::<_, i64>(2)? as u64, length: row.get::<_, i64>(3)? as u64 };
            let received = jiff::tz::TimeZone::system().to_datetime(row.get::<_, Millis>(5)?.0).date();
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, span, row.get(4)?, received))
        })
        .optional()?;
    let Some((place, home, span, station, received)) = found else { return Ok(None) };
    let evidence = evidence_kinds(c, place, home)?;
    let (home, labels) = if place == DOCUMENT {
        document_home(c, home, Run { batch, first: page.page.0, last: page.page.0 })?
    } else {
        let id = c
            .prepare_cached("SELECT id FROM exception WHERE key = ?1")?
            .query_row([home], |row| row.get(0))?;
        (Home::Exception { id: ExceptionId(id) }, Vec::new())
    };
    let paper_box = paper_box(c, batch, page.page.0)?;
    Ok(Some((span, Bare { home, station, received, labels, paper_box, evidence })))
}

/// What speaks for whose it is, each once; what speaks against is no ground.
fn evidence_kinds(c: &Connection, place: i64, home: i64) -> Result<Vec<String>> {
    let sql = if place == DOCUMENT {
        "SELECT value ->> 'kind' FROM document_evidence, json_each(evidence)
             WHERE document = ?1 AND value ->> 'contrary' IS NOT 1
         UNION SELECT json(ground) ->> '$' FROM document WHERE key = ?1 AND ground IS NOT NULL"
    } else {
        "SELECT DISTINCT value ->> 'kind' FROM exception_detail, json_each(evidence)
         WHERE exception = ?1 AND value ->> 'contrary' IS NOT 1"
    };
    let mut rows = c.prepare_cached(sql)?;
    let kinds = rows.query_map([home], |row| row.get(0))?;
    Ok(kinds.collect::<rusqlite::Result<_>>()?)
}

fn document_home(c: &Connection, document: i64, page: Run) -> Result<(Home, Vec<Label>)> {
    let mut runs =
        c.prepare_cached("SELECT batch, first, last FROM document_run WHERE document = ?1 ORDER BY ordinal")?;
    let mut runs = runs.query([document])?;
    let (mut pages, mut at) = (0, 0);
    while let Some(row) = runs.next()? {
        let (batch, first, last): (i64, u32, u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if batch == page.batch && (first..=last).contains(&page.first) {
            at = pages + page.first - first + 1;
        }
        pages += last - first + 1;
    }
    let home = c
        .prepare_cached(
            "SELECT d.id, p.id, d.number, d.kind, d.service_from, d.service_to, d.labels, d.number_kind, d.encounter
             FROM document d JOIN patient p ON p.key = d.patient WHERE d.key = ?1",
        )?
        .query_row([document], |row| {
            let home = Home::Document {
                id: DocumentId(row.get(0)?),
                page_in_document: at,
                pages_in_document: pages,
                patient: PatientId(uuid::Uuid::from_bytes(row.get(1)?)),
                number: canonical(&row.get::<_, String>(2)?),
                accounts: accounts(row.get(2)?, &row.get::<_, String>(7)?, row.get(8)?),
                kind: records::document::KindCode(row.get(3)?),
                service: days(row.get::<_, Option<Day>>(4)?, row.get::<_, Option<Day>>(5)?),
            };
            Ok((home, row.get::<_, Json<_>>(6)?.0))
        })?;
    Ok(home)
}

/// Visit and account numbers a document belongs to.
fn accounts(number: String, kind: &str, encounter: Option<Json<Identifier>>) -> Vec<String> {
    let own = (kind != IdentifierKind::Mrn.code()).then_some(number);
    own.into_iter()
        .chain(encounter.map(|encounter| encounter.0.value))
        .map(|value| canonical(&value))
        .collect()
}
