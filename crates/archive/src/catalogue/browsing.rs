//! Where would somebody look for a chart that was paper: on which shelf, in which box, in what waits?

use records::identifier::{AuthorityId, Identifier};
use records::ids::PageRef;
use records::patient::PatientId;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::charts::PatientSummary;
use super::columns::runs_of;
use super::patients::{members, patient_key, summary, survivor};
use super::worklist::{ExceptionRow, exceptions};
use crate::error::Result;
use crate::open::Archive;

/// A number on a shelf of charts in terminal-digit order.
#[derive(Clone, Debug)]
pub struct OnShelf {
    pub number: Identifier,
    /// Old folders stand under old numbers.
    pub retired: bool,
    /// Who it leads to by now.
    pub patient: PatientSummary,
}

/// Paper that pages were scanned from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperBox {
    /// `project.box`.
    pub name: String,
    pub pages: u64,
}

impl Archive {
    /// Record numbers that end in these digits, the two before the last counting next, then the whole number: at most
    /// `limit` of them after so many.
    pub fn on_shelf(&self, last: &str, middle: &str, after: usize, limit: usize) -> Result<Vec<OnShelf>> {
        self.0.catalogue.read(|c| {
            let mut found = c.prepare_cached(
                "SELECT value, authority, retired, patient FROM patient_identifier
                 WHERE kind = 'MR' AND substr(value, -2) = ?1 AND substr(value, -4, 2) = ?2
                 ORDER BY value, authority LIMIT ?3 OFFSET ?4",
            )?;
            let found = found.query_map(params![last, middle, limit as i64, after as i64], |row| {
                let (value, authority): (String, String) = (row.get(0)?, row.get(1)?);
                Ok((Identifier::mrn(&AuthorityId(authority), &value), row.get(2)?, row.get(3)?))
            })?;
            let found = found.collect::<rusqlite::Result<Vec<(Identifier, bool, i64)>>>()?;
            let row = |(number, retired, key)| Ok(OnShelf { number, retired, patient: summary(c, key)? });
            found.into_iter().map(row).collect()
        })
    }

    /// How many record numbers that end in these two digits stand under each pair before them, in order.
    pub fn shelf(&self, last: &str) -> Result<Vec<(String, u64)>> {
        self.0.catalogue.read(|c| {
            let mut counted = c.prepare_cached(
                "SELECT substr(value, -4, 2), count(*) FROM patient_identifier
                 WHERE kind = 'MR' AND substr(value, -2) = ?1 GROUP BY 1 ORDER BY 1",
            )?;
            let counted = counted.query_map([last], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))?;
            Ok(counted.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Boxes of paper that pages came from, as far as sheets said so.
    pub fn paper_boxes(&self, pages: &[PageRef]) -> Result<Vec<PaperBox>> {
        self.0.catalogue.read(|c| {
            let mut boxes = std::collections::BTreeMap::new();
            for run in runs_of(c, pages)? {
                for page in run.first..=run.last {
                    if let Some(name) = paper_box(c, run.batch, page)? {
                        *boxes.entry(name).or_default() += 1;
                    }
                }
            }
            Ok(boxes.into_iter().map(|(name, pages)| PaperBox { name, pages }).collect())
        })
    }

    /// What waits on the worklist and may be this person's, by any of their identities, oldest first: at most 100.
    pub fn held_for(&self, patient: PatientId) -> Result<Vec<ExceptionRow>> {
        self.0.catalogue.read(|c| {
            let own = members(c, survivor(c, patient_key(c, patient)?)?)?;
            let mut all = Vec::new();
            for key in own {
                all.extend(exceptions(c, MAY_BE_THEIRS, key)?);
            }
            all.sort_by_key(|held: &ExceptionRow| (held.created, held.id));
            all.dedup_by_key(|held| held.id);
            Ok(all)
        })
    }
}

/// `?1`: the row of a patient.
const MAY_BE_THEIRS: &str = "x.state = 'open' AND EXISTS (
        SELECT 1 FROM json_each(e.candidates) candidate JOIN patient p
        ON p.id = unhex(replace(candidate.value ->> 'patient', '-', '')) WHERE p.key = ?1)
    ORDER BY x.created, x.key LIMIT 100";

/// The box that the page of a batch came from.
pub(super) fn paper_box(c: &Connection, batch: i64, page: u32) -> Result<Option<String>> {
    Ok(c.prepare_cached(
        "SELECT box FROM paper_box WHERE batch = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1",
    )?
    .query_row(params![batch, page], |row| row.get(0))
    .optional()?)
}
