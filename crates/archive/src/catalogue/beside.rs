//! What else may lie in a wrong chart, where one document did? (`domain.md` 2.13, 3)

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use records::evidence::{Evidence, EvidenceKind};
use records::ids::DocumentId;
use rusqlite::{Connection, params};

use super::charts::{DocumentRow, document_by_key, document_key, document_runs};
use super::columns::{DOCUMENT, Json, Millis};
use crate::error::Result;
use crate::open::Archive;

/// A filed document that is to be looked at.
#[derive(Clone, Debug)]
pub struct Beside {
    pub document: DocumentRow,
    /// `pages beside it`, `same cover sheet`, `same station and hour`.
    pub why: &'static str,
}

/// Pages to either side.
const NEAR: u32 = 20;

impl Archive {
    /// Documents that came beside this one: within twenty pages, under the same cover sheet, from the same station
    /// within an hour. Each once, the nearest first.
    pub fn came_beside(&self, id: &DocumentId) -> Result<Vec<Beside>> {
        self.0.catalogue.read(|c| {
            let (key, _) = document_key(c, id)?;
            let mut seen = BTreeSet::from([key]);
            let mut all = Vec::new();
            for (why, keys) in [
                ("pages beside it", beside(c, key)?),
                ("same cover sheet", under_its_cover(c, key)?),
                ("same station and hour", same_hour(c, key)?),
            ] {
                for other in keys.into_iter().filter(|other| seen.insert(*other)).collect::<Vec<_>>() {
                    all.push(Beside { document: document_by_key(c, other)?, why });
                }
            }
            Ok(all)
        })
    }
}

fn beside(c: &Connection, document: i64) -> Result<Vec<i64>> {
    let mut near = c.prepare_cached(&format!(
        "SELECT DISTINCT d.key FROM place p JOIN document d ON d.key = p.home
         WHERE p.batch = ?1 AND p.page BETWEEN ?2 AND ?3 AND p.place = {DOCUMENT} AND d.state = 'filed' ORDER BY p.page"
    ))?;
    let mut all = Vec::new();
    for run in document_runs(c, document)? {
        let (from, to) = (run.first.saturating_sub(NEAR), run.last.saturating_add(NEAR));
        let keys = near.query_map(params![run.batch, from, to], |row| row.get(0))?;
        all.extend(keys.collect::<rusqlite::Result<Vec<i64>>>()?);
    }
    Ok(all)
}

/// Wherever the cover sheet over the document appeared: also where a copy of it was used again.
fn under_its_cover(c: &Connection, document: i64) -> Result<Vec<i64>> {
    let batch: i64 =
        c.prepare_cached("SELECT batch FROM document WHERE key = ?1")?.query_row([document], |r| r.get(0))?;
    let Some(page) = declared_on(c, document)? else { return Ok(Vec::new()) };
    let mut places = c.prepare_cached(
        "SELECT other.batch, other.page FROM sheet_appearance own
         JOIN sheet_appearance other ON other.serial = own.serial AND other.site = own.site
         WHERE own.batch = ?1 AND own.page = ?2",
    )?;
    let places = places.query_map(params![batch, page], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut places = places.collect::<rusqlite::Result<BTreeSet<(i64, u32)>>>()?;
    places.insert((batch, page));
    let mut in_batch = c.prepare_cached("SELECT key FROM document WHERE batch = ?1 AND state = 'filed'")?;
    let mut all = Vec::new();
    for (batch, page) in places {
        let keys = in_batch.query_map([batch], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
        for key in keys {
            if declared_on(c, key)? == Some(page) {
                all.push(key);
            }
        }
    }
    Ok(all)
}

/// The page of the cover sheet that a document was filed under.
fn declared_on(c: &Connection, document: i64) -> Result<Option<u32>> {
    let evidence: Vec<Evidence> = c
        .prepare_cached("SELECT evidence FROM document_evidence WHERE document = ?1")?
        .query_row([document], |row| Ok(row.get::<_, Json<_>>(0)?.0))?;
    Ok(evidence.iter().find(|seen| seen.kind == EvidenceKind::Declared).map(|seen| seen.page.0))
}

fn same_hour(c: &Connection, document: i64) -> Result<Vec<i64>> {
    let (station, at): (String, Millis) = c
        .prepare_cached(
            "SELECT b.station, b.created FROM document d JOIN batch b ON b.key = d.batch WHERE d.key = ?1",
        )?
        .query_row([document], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let hour = SignedDuration::from_hours(1);
    let around = |at: Option<Timestamp>| Millis(at.unwrap_or_default());
    let (from, to) = (around(at.0.checked_sub(hour).ok()), around(at.0.checked_add(hour).ok()));
    let mut keys = c.prepare_cached(
        "SELECT d.key FROM batch b JOIN document d ON d.batch = b.key
         WHERE b.station = ?1 AND b.created BETWEEN ?2 AND ?3 AND d.state = 'filed' ORDER BY b.created, d.first_page",
    )?;
    let keys = keys.query_map(params![station, from, to], |row| row.get(0))?;
    Ok(keys.collect::<rusqlite::Result<_>>()?)
}
