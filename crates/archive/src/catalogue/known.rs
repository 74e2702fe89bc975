//! What does the catalogue know about what was seen?

use records::document::SerialUse;
use records::judge::Known;
use records::sighting::Sighting;

use crate::error::Result;
use crate::open::Archive;

impl Archive {
    /// Everybody and everything that what was seen may be about, as of one moment. People are resolved to their
    /// survivors.
    pub fn known(&self, sightings: &[Sighting], serials: &[SerialUse]) -> Result<Known> {
        let _ = (sightings, serials);
        unimplemented!()
    }
}
