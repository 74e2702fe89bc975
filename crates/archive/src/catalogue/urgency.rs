//! What on the worklist cannot wait?

use std::collections::BTreeSet;

use jiff::civil::Date;
use records::ids::BatchId;
use records::judge::Encounter;
use records::patient::PatientId;
use rusqlite::{OptionalExtension as _, params};

use super::columns::Day;
use super::encounters::encounters;
use super::patients::{members, patient_key, survivor};
use crate::error::Result;
use crate::open::Archive;

/// Who of some patients has a visit now, or the day after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coming {
    /// In the house on that day.
    pub in_house: BTreeSet<PatientId>,
    /// A visit begins on the next day.
    pub tomorrow: BTreeSet<PatientId>,
}

impl Archive {
    /// Those of the batches that came in a hurry.
    pub fn stat(&self, batches: &BTreeSet<BatchId>) -> Result<BTreeSet<BatchId>> {
        self.0.catalogue.read(|c| {
            let mut stat = c.prepare_cached("SELECT 1 FROM batch WHERE id = ?1 AND priority > 0")?;
            let mut found = BTreeSet::new();
            for batch in batches {
                if stat.exists([batch.0])? {
                    found.insert(*batch);
                }
            }
            Ok(found)
        })
    }

    /// Who of these patients, merges resolved, has a visit on that day or the next.
    pub fn coming(&self, patients: &BTreeSet<PatientId>, day: Date) -> Result<Coming> {
        let next = day.tomorrow().unwrap_or(day);
        self.0.catalogue.read(|c| {
            let mut visits = c.prepare_cached(
                "SELECT max(first_day <= ?2 AND coalesce(last_day, first_day) >= ?2), max(first_day = ?3)
                 FROM encounter WHERE patient = ?1",
            )?;
            let mut coming = Coming::default();
            for patient in patients {
                for key in members(c, survivor(c, patient_key(c, *patient)?)?)? {
                    let found: Option<(Option<bool>, Option<bool>)> = visits
                        .query_row(params![key, Day(day), Day(next)], |row| Ok((row.get(0)?, row.get(1)?)))
                        .optional()?;
                    let (now, then) = found.unwrap_or_default();
                    if now == Some(true) {
                        coming.in_house.insert(*patient);
                    }
                    if then == Some(true) {
                        coming.tomorrow.insert(*patient);
                    }
                }
            }
            Ok(coming)
        })
    }

    /// Visits of a person, of all merged identities; of each the latest two hundred.
    pub fn visits(&self, patient: PatientId) -> Result<Vec<Encounter>> {
        self.0.catalogue.read(|c| {
            let mut all = Vec::new();
            for key in members(c, survivor(c, patient_key(c, patient)?)?)? {
                all.extend(encounters(c, key)?);
            }
            Ok(all)
        })
    }
}
