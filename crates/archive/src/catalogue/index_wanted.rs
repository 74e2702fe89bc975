//! Has somebody asked for the search index to be built anew?
//!
//! Two counters: of what was asked, and of how much of it was done. A request outlives whoever made it and whoever
//! was about to meet it.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::Lane;
use crate::error::Result;
use crate::open::Archive;

const ASKED: &str = "index_asked";
const BUILT: &str = "index_built";

impl Archive {
    /// Asks the line for a new index; answers the number of the request.
    pub fn ask_for_index(&self) -> Result<u64> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let next = number(tx, ASKED)? + 1;
            set(tx, ASKED, next)?;
            Ok(next)
        })
    }

    /// The number of the last request that has not been met.
    pub fn index_asked_for(&self) -> Result<Option<u64>> {
        self.0.catalogue.read(|c| {
            let asked = number(c, ASKED)?;
            Ok(Some(asked).filter(|asked| number(c, BUILT).is_ok_and(|built| built < *asked)))
        })
    }

    /// Every request up to this number has been met.
    pub fn index_is_built(&self, request: u64) -> Result<()> {
        self.0.catalogue.write(Lane::Line, |tx| set(tx, BUILT, number(tx, BUILT)?.max(request)))
    }

    /// Whether a request has been met.
    pub fn is_index_built(&self, request: u64) -> Result<bool> {
        self.0.catalogue.read(|c| Ok(number(c, BUILT)? >= request))
    }
}

fn number(c: &Connection, name: &str) -> Result<u64> {
    let found: Option<i64> = c
        .prepare_cached("SELECT value FROM meta WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?;
    Ok(found.map_or(0, i64::unsigned_abs))
}

fn set(tx: &Connection, name: &str, value: u64) -> Result<()> {
    tx.prepare_cached("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)")?
        .execute(params![name, value as i64])?;
    Ok(())
}
