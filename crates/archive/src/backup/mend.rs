//! How does one rotten original come back from a backup?

use std::path::Path;

use records::ids::Digest;

use super::Place;
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mended {
    FromBackup,
    /// It is what its name says; nothing was changed.
    WasWhole,
}

impl Archive {
    /// Puts an original back that is missing or damaged here. What the backup gives is hashed before it takes the
    /// old one's place.
    ///
    /// # Errors
    /// `Unknown` where nothing with this content ever came; `BadBackup` where the backup does not have it whole.
    pub fn mend_original(&self, digest: &Digest, backup: &Path, by: &str) -> Result<Mended> {
        if !self.knows_original(digest)? {
            return Err(ArchiveError::Unknown { what: "original" });
        }
        if self.vault().check_on_disk(digest)? {
            self.checked(digest, true)?;
            return Ok(Mended::WasWhole);
        }
        let missing = ArchiveError::BadBackup { why: "it does not have this original" };
        let mut object = Place::at(backup).vault().open(digest).map_err(|_| missing)?;
        if !self.vault().put_expected(digest, &mut object)? {
            return Err(ArchiveError::BadBackup {
                why: "its copy of this original is damaged, too; try another",
            });
        }
        self.mended(digest, backup, by)?;
        Ok(Mended::FromBackup)
    }
}
