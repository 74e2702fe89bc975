//! Is what was stored long ago still what it was?
//!
//! Slowly, in the background: the original whose last hashing is longest ago first, read from the disk and not from
//! memory. Coming in counts as the first hashing.

use jiff::{Timestamp, ToSpan as _};
use records::ids::Digest;
use rusqlite::params;
use tracing::error;

use crate::catalogue::Lane;
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// Hashes the whole vault again and again, each time within so many days.
pub struct Scrubber {
    archive: Archive,
    days: u32,
}

/// One original was hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scrubbed {
    pub digest: Digest,
    pub whole: bool,
}

/// Batches whose originals are taken up in one transaction.
const PIECE: i64 = 1_000;

impl Scrubber {
    /// `days` = 0: never.
    pub fn over(archive: Archive, days: u32) -> Self {
        Self { archive, days }
    }

    /// Hashes the next original whose turn has come. `None`: there is none now.
    // Its turn comes after 3/4 of the days, so that whatever came in one week is through before they are over.
    pub fn step(&self) -> Result<Option<Scrubbed>> {
        if self.days == 0 {
            return Ok(None);
        }
        self.archive.scrub_next(Timestamp::now() - (i64::from(self.days) * 18).hours())
    }
}

impl Archive {
    /// Hashes the original that was hashed longest ago, if that was before the given moment.
    pub fn scrub_next(&self, before: Timestamp) -> Result<Option<Scrubbed>> {
        self.take_up_originals()?;
        let Some(digest) = self.longest_unhashed(before)? else { return Ok(None) };
        // EIO: a disk that cannot read it any more.
        let whole = match self.vault().check_on_disk(&digest) {
            Err(ArchiveError::Io { source, .. }) if source.raw_os_error() == Some(5) => false,
            checked => checked?,
        };
        self.checked(&digest, whole)?;
        if !whole {
            error!(original = %digest, "an original is missing or damaged; mend it with `chartroom restore --object`");
        }
        Ok(Some(Scrubbed { digest, whole }))
    }

    fn longest_unhashed(&self, before: Timestamp) -> Result<Option<Digest>> {
        use rusqlite::OptionalExtension as _;
        self.0.catalogue.read(|c| {
            let next = "SELECT digest FROM object_check WHERE at < ?1 ORDER BY at LIMIT 1";
            let next = c.prepare_cached(next)?.query_row([before.as_millisecond()], |row| row.get(0));
            Ok(next.optional()?.map(Digest))
        })
    }

    /// Originals that came since the last look are entered with the moment they came.
    fn take_up_originals(&self) -> Result<()> {
        let upto = |c: &rusqlite::Connection| -> Result<(i64, i64)> {
            Ok(c.prepare_cached(
                "SELECT coalesce((SELECT value FROM meta WHERE name = 'scrub_batch'), 0),
                     coalesce((SELECT max(key) FROM batch), 0)",
            )?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
        };
        loop {
            let (taken_up, last) = self.0.catalogue.read(upto)?;
            if taken_up >= last {
                return Ok(());
            }
            let end = last.min(taken_up + PIECE);
            self.0.catalogue.write(Lane::Line, |tx| {
                tx.execute(
                    "INSERT OR IGNORE INTO object_check (digest, at, whole)
                     SELECT digest, received, 1 FROM original WHERE batch > ?1 AND batch <= ?2",
                    params![taken_up, end],
                )?;
                tx.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('scrub_batch', ?1)", [end])?;
                Ok::<_, ArchiveError>(())
            })?;
        }
    }
}
