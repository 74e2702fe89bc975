//! Which files are still kept in `taken/`, and which of them may go?

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;

use jiff::{Timestamp, ToSpan as _};
use records::ids::{ArrivalId, Digest};
use rusqlite::params;

use super::Lane;
use super::columns::{Millis, now};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// A file that was taken and is still kept.
#[derive(Clone)]
pub struct Kept {
    key: i64,
    at: Timestamp,
    pub arrival: ArrivalId,
    pub station: String,
    /// What it was when it was received.
    pub digest: Digest,
    pub path: PathBuf,
}

/// Never shows the file's name.
impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Kept({})", self.arrival)
    }
}

/// Rows asked for at once.
const PIECE: i64 = 500;

impl Archive {
    /// The next kept files that may go: received before a verified backup was begun, and so many days ago; their
    /// pages are in a batch. `after`: the last one that was looked at.
    pub fn purgeable(&self, keep_days: u32, after: Option<&Kept>) -> Result<Vec<Kept>> {
        let Some(backed_up) = self.last_verified_backup()?.filter(|_| keep_days > 0) else {
            return Ok(Vec::new());
        };
        let before = backed_up.min(Timestamp::now() - (i64::from(keep_days) * 24).hours());
        let (at, key) = after.map_or((i64::MIN, 0), |last| (last.at.as_millisecond(), last.key));
        self.0.catalogue.read(|c| {
            let mut rows = c.prepare_cached(
                "SELECT key, at, id, station, digest, taken FROM arrival
                 WHERE taken IS NOT NULL AND purged IS NULL AND at < ?1 AND (at, key) > (?2, ?3)
                     AND (batch IS NOT NULL OR duplicate_of IS NOT NULL)
                 ORDER BY at, key LIMIT ?4",
            )?;
            let rows = rows.query_map(params![Millis(before), at, key, PIECE], |row| {
                Ok(Kept {
                    key: row.get(0)?,
                    at: row.get::<_, Millis>(1)?.0,
                    arrival: ArrivalId(row.get(2)?),
                    station: row.get(3)?,
                    digest: Digest(row.get(4)?),
                    path: PathBuf::from(OsString::from_vec(row.get(5)?)),
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The kept file of this arrival is gone, or is no more what was received.
    pub fn purged(&self, arrival: ArrivalId) -> Result<()> {
        self.0.catalogue.write(Lane::Line, |tx| {
            tx.prepare_cached("UPDATE arrival SET purged = ?2 WHERE id = ?1")?
                .execute(params![arrival.0, Millis(now())])?;
            Ok::<_, ArchiveError>(())
        })
    }
}
