//! Who works on what, so that two clerks never work on one item?

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::Lane;
use super::columns::{Millis, now};
use crate::error::Result;
use crate::open::Archive;

/// Somebody's hold on an item of the worklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The id of an exception or doubt, as text.
    pub item: String,
    pub by: String,
    /// Of the last sign of life.
    pub at: Timestamp,
}

/// A claim without a sign of life lapses after this long.
pub const CLAIM_LASTS: SignedDuration = SignedDuration::from_mins(15);

impl Archive {
    /// Takes an item, or gives a sign of life; another's claim that has not lapsed is answered instead.
    pub fn claim(&self, item: &str, by: &str) -> Result<Result<(), Claim>> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let now = now();
            match standing(tx, item)? {
                Some(other) if other.by != by && other.at + CLAIM_LASTS > now => Ok(Err(other)),
                _ => {
                    tx.prepare_cached("INSERT OR REPLACE INTO claim (item, by, at) VALUES (?1, ?2, ?3)")?
                        .execute(params![item, by, Millis(now)])?;
                    Ok(Ok(()))
                }
            }
        })
    }

    /// Lets go of one's own; another's stays.
    pub fn let_go(&self, item: &str, by: &str) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            tx.prepare_cached("DELETE FROM claim WHERE item = ?1 AND by = ?2")?.execute([item, by])?;
            Ok(())
        })
    }

    /// All that have not lapsed.
    pub fn claims(&self) -> Result<Vec<Claim>> {
        self.0.catalogue.read(|c| {
            let mut rows = c.prepare_cached("SELECT item, by, at FROM claim WHERE at > ?1 ORDER BY item")?;
            let rows = rows.query_map([Millis(now() - CLAIM_LASTS)], |row| {
                Ok(Claim { item: row.get(0)?, by: row.get(1)?, at: row.get::<_, Millis>(2)?.0 })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

fn standing(c: &Connection, item: &str) -> Result<Option<Claim>> {
    Ok(c.prepare_cached("SELECT by, at FROM claim WHERE item = ?1")?
        .query_row([item], |row| {
            Ok(Claim { item: item.to_owned(), by: row.get(0)?, at: row.get::<_, Millis>(1)?.0 })
        })
        .optional()?)
}
