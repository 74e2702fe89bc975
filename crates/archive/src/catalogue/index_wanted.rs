//! Has somebody asked for the search index to be built anew?
//!
//! Two counters: of what was asked, and of how much of it was done. A request outlives whoever made it and whoever
//! was about to meet it.

use rusqlite::Connection;

use super::Lane;
use super::columns::{meta, set_meta};
use crate::error::Result;
use crate::open::Archive;

const ASKED: &str = "index_asked";
const BUILT: &str = "index_built";

impl Archive {
    /// Asks the line for a new index; answers the number of the request.
    pub fn ask_for_index(&self) -> Result<u64> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let next = number(tx, ASKED)? + 1;
            set_meta(tx, ASKED, next as i64)?;
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
        self.0.catalogue.write(Lane::Line, |tx| set_meta(tx, BUILT, number(tx, BUILT)?.max(request) as i64))
    }

    /// Whether a request has been met.
    pub fn is_index_built(&self, request: u64) -> Result<bool> {
        self.0.catalogue.read(|c| Ok(number(c, BUILT)? >= request))
    }
}

fn number(c: &Connection, name: &str) -> Result<u64> {
    Ok(meta::<i64>(c, name)?.map_or(0, i64::unsigned_abs))
}
