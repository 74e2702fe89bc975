//! Which searches does somebody keep?

use rusqlite::params;

use super::Lane;
use super::columns::{Millis, now};
use crate::error::Result;
use crate::open::Archive;

/// A search under a name of its owner's. The query is patient data.
#[derive(Clone, PartialEq, Eq)]
pub struct SavedSearch {
    pub name: String,
    pub query: String,
}

impl Archive {
    /// Keeps it, in the place of what had this name.
    pub fn save_search(&self, owner: &str, search: &SavedSearch) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            tx.prepare_cached(
                "INSERT OR REPLACE INTO saved_search (owner, name, query, at) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![owner, search.name, search.query, Millis(now())])?;
            Ok(())
        })
    }

    pub fn forget_search(&self, owner: &str, name: &str) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            tx.prepare_cached("DELETE FROM saved_search WHERE owner = ?1 AND name = ?2")?
                .execute([owner, name])?;
            Ok(())
        })
    }

    /// Those of one person, by name.
    pub fn saved_searches(&self, owner: &str) -> Result<Vec<SavedSearch>> {
        self.0.catalogue.read(|c| {
            let mut rows =
                c.prepare_cached("SELECT name, query FROM saved_search WHERE owner = ?1 ORDER BY name")?;
            let rows =
                rows.query_map([owner], |row| Ok(SavedSearch { name: row.get(0)?, query: row.get(1)? }))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}
