//! What does a catalogue know of having been restored?
//!
//! Rows of `meta`. A restored catalogue is a new life with an epoch of its own; its patient index is out of date
//! until the next full import; nothing files by itself until a supervisor ends that; and what the stations still
//! hold of the lost interval is to be taken in again.

use std::path::Path;

use jiff::Timestamp;
use records::ids::Epoch;
use rusqlite::Connection;

use super::audit::{Action, AuditEntry, append};
use super::columns::{Millis, meta, now, raise_meta, set_meta};
use super::{Lane, schema};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// What a restore left to be known and done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AfterRestore {
    pub restored_at: Timestamp,
    /// Whatever happened from here on is not in the catalogue.
    pub lost_from: Timestamp,
    /// Everything is proposed only.
    pub shadow: bool,
    /// Stations have not all been swept for what is missing.
    pub sweep_due: bool,
    /// The lives this catalogue had before: claims under these names are ours.
    pub former: Vec<Epoch>,
}

impl Archive {
    /// Absent where the catalogue was never restored.
    pub fn after_restore(&self) -> Result<Option<AfterRestore>> {
        self.0.catalogue.read(after_restore)
    }

    /// Whether everything is to be proposed only, because the catalogue was restored.
    pub fn in_shadow(&self) -> Result<bool> {
        self.0.catalogue.read(|c| Ok(meta::<i64>(c, "restored_shadow")?.is_some()))
    }

    /// A supervisor has seen that the restored archive is right: what is safe files by itself again, where the
    /// configuration says so.
    pub fn end_shadow(&self, by: &str) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            if tx.execute("DELETE FROM meta WHERE name = 'restored_shadow'", [])? == 0 {
                let why = "the archive is not in shadow mode after a restore";
                return Err(ArchiveError::NotNow { act: "end shadow mode", why });
            }
            append(tx, &AuditEntry::new(by, Action::Execute, "end-shadow"))?;
            Ok(())
        })
    }

    /// All stations have been swept for what the restored catalogue lacked.
    pub fn stations_swept(&self, received: u64, duplicates: u64) -> Result<()> {
        self.0.catalogue.write(Lane::Line, |tx| {
            tx.execute("DELETE FROM meta WHERE name = 'restored_sweep'", [])?;
            let detail = serde_json::json!({ "received": received, "duplicates": duplicates });
            append(tx, &AuditEntry { detail, ..AuditEntry::new("line", Action::Execute, "restored-sweep") })?;
            Ok(())
        })
    }

    /// This catalogue's present and former lives.
    pub(crate) fn lives(&self) -> Result<Vec<Epoch>> {
        let former = self.after_restore()?.map(|after| after.former).unwrap_or_default();
        Ok(former.into_iter().chain([self.epoch()]).collect())
    }
}

/// Makes the copy of a catalogue a catalogue of its own, whose clerks' acts and search index are never taken for
/// those of the one it was copied from.
pub(crate) fn begin_new_life(path: &Path, begun: Timestamp, by: &str) -> Result<(Epoch, Timestamp)> {
    let mut connection = super::connect(path, std::time::Duration::from_secs(20))?;
    schema::migrate(&mut connection)?;
    let tx = connection.transaction()?;
    let epoch = Epoch(*uuid::Uuid::new_v4().as_bytes());
    let before: Vec<u8> =
        tx.query_row("SELECT value FROM meta WHERE name = 'epoch'", [], |row| row.get(0))?;
    let former = meta::<Vec<u8>>(&tx, "former_epochs")?.unwrap_or_default();
    let at = now();
    set_meta(&tx, "former_epochs", [former, before].concat())?;
    set_meta(&tx, "epoch", epoch.0.to_vec())?;
    set_meta(&tx, "restored_at", at.as_millisecond())?;
    set_meta(&tx, "lost_from", begun.as_millisecond())?;
    set_meta(&tx, "restored_shadow", 1)?;
    set_meta(&tx, "restored_sweep", 1)?;
    raise_meta(&tx, "index_version")?;
    let detail = serde_json::json!({ "lost_from": begun, "epoch": epoch });
    append(&tx, &AuditEntry { detail, ..AuditEntry::new(by, Action::Execute, "restore") })?;
    tx.commit()?;
    connection.close().map_err(|(_, error)| error)?;
    Ok((epoch, at))
}

fn after_restore(c: &Connection) -> Result<Option<AfterRestore>> {
    let time = |name: &str| -> Result<Option<Timestamp>> { Ok(meta::<Millis>(c, name)?.map(|at| at.0)) };
    let (Some(restored_at), Some(lost_from)) = (time("restored_at")?, time("lost_from")?) else {
        return Ok(None);
    };
    let former = meta::<Vec<u8>>(c, "former_epochs")?.unwrap_or_default();
    let former = former.chunks_exact(16).filter_map(|id| id.try_into().ok().map(Epoch)).collect();
    let set = |name: &str| -> Result<bool> { Ok(meta::<i64>(c, name)?.is_some()) };
    Ok(Some(AfterRestore {
        restored_at,
        lost_from,
        shadow: set("restored_shadow")?,
        sweep_due: set("restored_sweep")?,
        former,
    }))
}
