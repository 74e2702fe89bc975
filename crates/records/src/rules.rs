//! What does this site demand before a document files itself?

use serde::{Deserialize, Serialize};

use crate::dates::{Calendar, DateOrder};
use crate::identifier::AuthorityId;
use crate::kind::{Kinds, plain};
use crate::name::Nicknames;
use crate::reading::Symbology;

mod authority;
mod barcode;
#[cfg(test)]
mod tests;

pub use authority::{Authority, AuthoritySettings};
pub(crate) use barcode::is_partial;
pub use barcode::{BarcodeSettings, Payload, SiteBarcode};

/// What was written about identity, kinds and names, understood once.
#[derive(Clone, Debug)]
pub struct Rules {
    pub identity: Identity,
    pub authorities: Vec<Authority>,
    /// The longest shape first.
    pub barcodes: Vec<SiteBarcode>,
    pub kinds: Kinds,
    pub nicknames: Nicknames,
    /// Other facilities' names, as [`plain`] writes them.
    outside: Vec<String>,
}

impl Rules {
    /// # Errors
    /// All faults of the settings, together.
    pub fn new(
        identity: Identity,
        authorities: Vec<AuthoritySettings>,
        kinds: Kinds,
        nicknames: Nicknames,
    ) -> Result<Self, RulesError> {
        let mut problems = Vec::new();
        let mut compiled: Vec<Authority> = Vec::new();
        for settings in authorities {
            if compiled.iter().any(|other| other.id.0 == settings.name) {
                problems.push(format!("authority {:?} is there twice; name each once", settings.name));
            }
            match Authority::new(settings) {
                Ok(authority) => compiled.push(authority),
                Err(problem) => problems.push(problem),
            }
        }
        if !(0.0..=100.0).contains(&identity.min_confidence) {
            problems.push("identity.min_confidence must lie between 0 and 100".to_owned());
        }
        if identity.sweep_hour > 23 {
            problems.push("identity.sweep_hour must be an hour of the day, 0 to 23".to_owned());
        }
        let outside: Vec<String> = identity.outside.iter().map(|name| plain(name)).collect();
        for name in outside.iter().filter(|name| compiled.iter().any(|authority| authority.is_named(name))) {
            problems
                .push(format!("identity.outside: {name:?} is a facility of ours; take it out of one list"));
        }
        if !problems.is_empty() {
            return Err(RulesError { problems });
        }
        Ok(Self { identity, authorities: compiled, barcodes: Vec::new(), kinds, nicknames, outside })
    }

    /// From the texts of `kinds.toml` and `nicknames.toml`; what the site has none of is the built-in one.
    ///
    /// # Errors
    /// As [`Rules::new`], and where a text cannot be understood.
    pub fn from_config(
        identity: Identity,
        authorities: Vec<AuthoritySettings>,
        kinds: Option<&str>,
        nicknames: Option<&str>,
    ) -> Result<Self, RulesError> {
        let kinds = kinds.map_or_else(|| Ok(Kinds::built_in()), Kinds::parse);
        let nicknames = nicknames.map_or_else(|| Ok(Nicknames::built_in()), Nicknames::parse);
        match (kinds, nicknames) {
            (Ok(kinds), Ok(nicknames)) => Self::new(identity, authorities, kinds, nicknames),
            (kinds, nicknames) => {
                let problems = [kinds.err(), nicknames.err()].into_iter().flatten().flat_map(|e| e.problems);
                Err(RulesError { problems: problems.collect() })
            }
        }
    }

    /// With the site's own barcodes.
    ///
    /// # Errors
    /// All faults of the settings, together.
    pub fn with_barcodes(mut self, barcodes: Vec<BarcodeSettings>) -> Result<Self, RulesError> {
        let mut problems = Vec::new();
        for settings in barcodes {
            match SiteBarcode::new(settings) {
                Ok(barcode) => self.barcodes.push(barcode),
                Err(problem) => problems.push(problem),
            }
        }
        let ids = self.authority_ids();
        let named = self.barcodes.iter().filter_map(SiteBarcode::authority);
        for unknown in named.filter(|id| !ids.is_empty() && !ids.contains(id)) {
            problems.push(format!("a barcode is of {unknown}, which is no [[authority]]; name it there too"));
        }
        self.barcodes.sort_by_key(|barcode| std::cmp::Reverse(barcode.length()));
        if problems.is_empty() { Ok(self) } else { Err(RulesError { problems }) }
    }

    /// The configured authorities; none means that the patient index says who assigns numbers.
    pub fn authority_ids(&self) -> Vec<AuthorityId> {
        self.authorities.iter().map(|authority| authority.id.clone()).collect()
    }

    pub fn authority(&self, id: &AuthorityId) -> Option<&Authority> {
        self.authorities.iter().find(|authority| authority.id == *id)
    }

    /// A number as its authority writes it. `said` is the authority that the paper names; else it is the one whose
    /// shape the number has, where exactly one has it.
    pub fn number(&self, value: &str, said: Option<&AuthorityId>) -> (String, Option<AuthorityId>) {
        let plain = crate::identifier::canonical(value);
        let of = |authority: &Authority| (authority.canonical(&plain), Some(authority.id.clone()));
        if let Some(id) = said {
            return self.authority(id).map_or_else(|| (plain.clone(), Some(id.clone())), of);
        }
        let fits = |authority: &&Authority| authority.fits(&plain);
        let fits_padded = |authority: &&Authority| authority.fits(&authority.canonical(&plain));
        let as_printed = only(self.authorities.iter().filter(fits));
        let padded = || only(self.authorities.iter().filter(fits_padded));
        as_printed.or_else(padded).map_or_else(|| (plain.clone(), None), of)
    }

    /// What a symbol of the site says.
    pub fn barcode<'t>(&self, text: &'t str, symbology: Symbology) -> Option<Payload<'t>> {
        self.barcodes.iter().find_map(|barcode| barcode.read(text, symbology))
    }

    /// The code of the form that a symbol names: its whole text where the catalogue has it, or what a site's
    /// barcode says of it, whether the catalogue has that or not.
    pub fn form<'t>(&self, text: &'t str, symbology: Symbology) -> Option<&'t str> {
        let text = text.trim();
        let payload = || self.barcode(text, symbology).and_then(|payload| payload.form);
        if self.kinds.form(text).is_some() { Some(text) } else { payload() }
    }

    /// Whether these words, written [`plain`], name a facility whose numbers are not ours.
    pub fn is_outside(&self, words: &str) -> bool {
        self.outside.iter().any(|name| name == words)
    }

    /// How this site writes its dates, on this day.
    pub const fn calendar(&self, today: jiff::civil::Date) -> Calendar {
        Calendar { today, order: self.identity.dates }
    }
}

fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    all.next().filter(|_| all.next().is_none())
}

/// What was written cannot be meant. The problems name settings, never patients.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", problems.join("; "))]
pub struct RulesError {
    pub problems: Vec<String>,
}

impl RulesError {
    pub(crate) fn one(problem: String) -> Self {
        Self { problems: vec![problem] }
    }
}

/// `[identity]` of the configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Identity {
    pub mode: Mode,
    pub confirm: Confirm,
    /// Hours after which a patient index without contact counts as out of date.
    pub stale_after_hours: u32,
    /// A number, name or date read as text below this confidence (0 to 100) is no witness.
    pub min_confidence: f32,
    /// Which of day and month the site's paper prints first.
    pub dates: DateOrder,
    /// Names of other facilities as they are printed: numbers behind them are not ours.
    pub outside: Vec<String>,
    /// What one person took out of a chart another files again; else it is due for another look the next day.
    pub second_person: bool,
    /// Hour of the day at which what is filed is looked through for other patients.
    pub sweep_hour: u8,
    /// Minutes that this may take; 0: it is never done by itself.
    pub sweep_minutes: u32,
}

impl Default for Identity {
    fn default() -> Self {
        Self {
            mode: Mode::Shadow,
            confirm: Confirm::Both,
            stale_after_hours: 168,
            min_confidence: 60.0,
            dates: DateOrder::Mdy,
            outside: Vec::new(),
            second_person: true,
            sweep_hour: 2,
            sweep_minutes: 120,
        }
    }
}

/// Propose only, or file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    #[default]
    Shadow,
    Auto,
}

/// Which of name and birth date must agree beside a number (`domain.md` 2.12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confirm {
    #[default]
    Both,
    Either,
}
