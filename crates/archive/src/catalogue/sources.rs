//! Is the patient index fresh? (`domain.md` 2.8, freshness gate)
//!
//! Fresh means the last successful contact with its source, not the last change. With several sources the index is
//! as fresh as the one that has been silent longest.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::columns::{Millis, now};
use super::history::MANUAL;
use crate::error::Result;

/// Hours after which a source is stale where it has a limit of its own; 0: never.
pub(crate) type SourceLimits = BTreeMap<String, u32>;

/// Last contact with the source of the patient index; none after a restore, until every source that gave a full
/// list has given one again, and none where a source is older than its own limit.
pub(super) fn patient_contact(c: &Connection, limits: &SourceLimits) -> Result<Option<Timestamp>> {
    let mut rows = c.prepare_cached("SELECT source, last_contact, last_full FROM patient_source")?;
    let mut sources = rows
        .query_map([], |row| Ok((row.get(0)?, row.get::<_, Millis>(1)?.0, row.get(2)?)))?
        .collect::<rusqlite::Result<Vec<(String, Timestamp, Option<i64>)>>>()?;
    if sources.iter().any(|(source, ..)| source != MANUAL) {
        // Where there is a feed, what is entered by hand is no contact with it.
        sources.retain(|(source, ..)| source != MANUAL);
    }
    let restored: Option<i64> = c
        .prepare_cached("SELECT value FROM meta WHERE name = 'restored_at'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    if let Some(restored) = restored {
        let again = sources.iter().any(|(.., full)| full.is_some_and(|full| full > restored));
        let missing = sources.iter().any(|(.., full)| full.is_some_and(|full| full <= restored));
        if !again || missing {
            return Ok(None);
        }
    }
    let now = now();
    let mut oldest: Option<Timestamp> = None;
    for (source, contact, _) in sources {
        let counted = match limits.get(&source) {
            None => contact,
            Some(0) => now,
            Some(hours) if now.duration_since(contact) > SignedDuration::from_hours((*hours).into()) => {
                return Ok(None);
            }
            Some(_) => now,
        };
        oldest = Some(oldest.map_or(counted, |oldest| oldest.min(counted)));
    }
    Ok(oldest)
}

/// A source answered, whether it had news or not. (Who keeps the index by hand has it at hand.)
pub(super) fn contact(tx: &Connection, source: &str, at: Timestamp) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO patient_source (source, last_contact, rows) VALUES (?1, ?2, 0)
         ON CONFLICT (source) DO UPDATE SET last_contact = excluded.last_contact",
    )?
    .execute(params![source, Millis(at)])?;
    Ok(())
}
