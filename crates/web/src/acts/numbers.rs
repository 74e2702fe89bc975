//! Which number did a person type?

use records::identifier::{AuthorityId, Identifier};

use super::{ActError, House};

impl House<'_> {
    /// A record number as its authority writes it. Where two authorities assign numbers, it must be said whose it is.
    ///
    /// # Errors
    /// `WhichAuthority`, `NoIndex`.
    pub fn number(self, typed: &str, authority: Option<&str>) -> Result<Identifier, ActError> {
        let authority = self.authority(authority)?;
        let (value, _) = self.rules.number(typed, Some(&authority));
        Ok(Identifier::mrn(&authority, &value))
    }

    /// Who is named, else the only one there is.
    ///
    /// # Errors
    /// `WhichAuthority`, `NoIndex`.
    pub fn authority(self, named: Option<&str>) -> Result<AuthorityId, ActError> {
        named.map_or_else(|| only(self.authorities()?), |name| Ok(AuthorityId(name.into())))
    }

    /// Who assigns numbers here: as configured, else as the patient index knows.
    ///
    /// # Errors
    /// The archive cannot be read.
    pub fn authorities(self) -> Result<Vec<AuthorityId>, ActError> {
        let configured = self.rules.authority_ids();
        Ok(if configured.is_empty() { self.archive.authorities()? } else { configured })
    }
}

fn only(known: Vec<AuthorityId>) -> Result<AuthorityId, ActError> {
    match known.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(ActError::NoIndex),
        several => Err(ActError::WhichAuthority(several.iter().map(|own| own.0.clone()).collect())),
    }
}
