//! What has been changed about a person, by whom, and what stood there before?

use jiff::Timestamp;
use records::identifier::{AuthorityId, Identifier};
use records::patient::PatientId;
use rusqlite::{Connection, params};
use serde::Serialize;

use super::columns::{Json, Millis};
use super::patients::{members, patient_key, survivor};
use crate::error::Result;
use crate::open::Archive;

/// Where news of the index come from.
pub(super) struct Origin<'a> {
    /// `csv`, `manual`, or what the site calls its list.
    pub(super) source: &'a str,
    /// `clerk:lopez`, `os:root`, `line`.
    pub(super) by: &'a str,
    pub(super) at: Timestamp,
}

/// The source of what a person enters by hand.
pub(super) const MANUAL: &str = "manual";

/// One change of an identity.
#[derive(Clone, Serialize)]
pub struct PatientChange {
    pub at: Timestamp,
    pub by: String,
    pub source: String,
    /// `corrected`, `merged`, `unmerged`, `moved`, `retired`, `flags` …
    pub what: String,
    /// Which fields and what stood there, numbers, reasons.
    pub detail: serde_json::Value,
}

/// Shows nothing about the person.
impl std::fmt::Debug for PatientChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PatientChange({}, …)", self.what)
    }
}

/// When a source first and last named a number; absent in what version 2 left.
#[derive(Clone, Debug, Serialize)]
pub struct NumberSeen {
    pub number: Identifier,
    pub first: Option<Timestamp>,
    pub last: Option<Timestamp>,
    pub source: Option<String>,
}

impl Archive {
    /// Since when each number of a person, and of whoever was merged into them, is known and from whom.
    pub fn numbers_seen(&self, id: PatientId) -> Result<Vec<NumberSeen>> {
        self.0.catalogue.read(|c| {
            let mut all = Vec::new();
            for key in members(c, survivor(c, patient_key(c, id)?)?)? {
                let mut rows = c.prepare_cached(
                    "SELECT value, authority, first_seen, last_seen, source FROM patient_identifier
                     WHERE patient = ?1 AND kind = 'MR' ORDER BY authority, value",
                )?;
                let rows = rows.query_map([key], |row| {
                    let (value, authority): (String, String) = (row.get(0)?, row.get(1)?);
                    Ok(NumberSeen {
                        number: Identifier::mrn(&AuthorityId(authority), &value),
                        first: row.get::<_, Option<Millis>>(2)?.map(|at| at.0),
                        last: row.get::<_, Option<Millis>>(3)?.map(|at| at.0),
                        source: row.get(4)?,
                    })
                })?;
                all.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
            }
            Ok(all)
        })
    }

    /// Everything that was ever changed about a person and whoever was merged into them, oldest first.
    pub fn patient_history(&self, id: PatientId) -> Result<Vec<PatientChange>> {
        self.0.catalogue.read(|c| {
            let mut all = Vec::new();
            for key in members(c, survivor(c, patient_key(c, id)?)?)? {
                let mut rows = c.prepare_cached(
                    "SELECT key, at, by, source, what, detail FROM patient_change WHERE patient = ?1",
                )?;
                let rows = rows.query_map([key], |row| {
                    let change = PatientChange {
                        at: row.get::<_, Millis>(1)?.0,
                        by: row.get(2)?,
                        source: row.get(3)?,
                        what: row.get(4)?,
                        detail: row.get::<_, Json<_>>(5)?.0,
                    };
                    Ok((row.get::<_, i64>(0)?, change))
                })?;
                all.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
            }
            all.sort_by_key(|(key, _)| *key);
            Ok(all.into_iter().map(|(_, change)| change).collect())
        })
    }
}

/// Keeps what was, inside the transaction that changes it.
pub(super) fn changed(
    tx: &Connection,
    patient: i64,
    origin: &Origin<'_>,
    what: &str,
    detail: &serde_json::Value,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO patient_change (patient, at, by, source, what, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![patient, Millis(origin.at), origin.by, origin.source, what, Json(detail)])?;
    Ok(())
}
