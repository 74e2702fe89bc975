//! What does the catalogue know about what was seen?

use std::collections::BTreeSet;

use jiff::civil::Date;
use records::document::{IndexVersion, SerialUse};
use records::identifier::{AuthorityId, Identifier};
use records::judge::{Encounter, Known};
use records::name::{PersonName, key};
use records::sighting::{Seen, Sighting};
use rusqlite::{Connection, params};

use super::columns::{Day, meta_number};
use super::encounters::{encounters, encounters_of_number};
use super::patients::{authorities, members, resolved, survivor};
use super::sheets::{appearances, issued};
use super::sources::{SourceLimits, patient_contact};
use super::staging::is_changing;
use crate::error::Result;
use crate::open::Archive;

impl Archive {
    /// Everybody and everything that what was seen may be about, as of one moment: people by number, by full name,
    /// and by birth date with family or given name, and the near namesakes of those found by number. People are
    /// resolved to their survivors.
    pub fn known(&self, sightings: &[Sighting], serials: &[SerialUse]) -> Result<Known> {
        self.known_with(sightings, serials, None)
    }

    /// As [`Archive::known`], and of a number that was declared otherwise than by a sheet.
    pub fn known_with(
        &self,
        sightings: &[Sighting],
        serials: &[SerialUse],
        declared: Option<&Identifier>,
    ) -> Result<Known> {
        let sources = &self.0.settings.sources;
        self.0.catalogue.read(|c| Search::of(c, sources, sightings, serials, declared)?.known())
    }
}

/// People of the same full name beyond so many change nothing: the name is not unique, and those who also share a
/// birth date or number are found by that.
const NAMESAKES: usize = 64;

pub(super) struct Search<'c> {
    c: &'c Connection,
    sightings: &'c [Sighting],
    /// Survivors.
    found: BTreeSet<i64>,
    /// Those of them whom a number or a sheet of ours names.
    by_number: BTreeSet<i64>,
    /// What is known beside people.
    known: Known,
}

impl<'c> Search<'c> {
    pub(super) fn of(
        c: &'c Connection,
        sources: &SourceLimits,
        sightings: &'c [Sighting],
        serials: &[SerialUse],
        declared: Option<&Identifier>,
    ) -> Result<Self> {
        let mut known = Known {
            authorities: authorities(c)?,
            version: IndexVersion(meta_number(c, "index_version")? as u64),
            ..Known::default()
        };
        for serial in serials.iter().collect::<BTreeSet<_>>() {
            known.issued.extend(issued(c, serial)?);
            known.appearances.extend(appearances(c, serial)?);
        }
        let mut search = Self { c, sightings, found: BTreeSet::new(), by_number: BTreeSet::new(), known };
        if is_changing(c)? {
            // Half of an index would be taken for the truth; nobody at all is only missing.
            return Ok(search);
        }
        search.known.last_contact = patient_contact(c, sources)?;
        // Whom a sheet of ours declares is known, whether or not the number stands on the pages.
        let on_sheets: Vec<Identifier> =
            search.known.issued.iter().filter_map(|sheet| sheet.number.clone()).collect();
        for number in on_sheets.iter().chain(declared) {
            search.number("patient_identifier", &number.value, Some(&number.authority))?;
        }
        search.by_numbers()?;
        search.by_demographics()?;
        search.namesakes()?;
        Ok(search)
    }

    /// One identity more.
    pub(super) fn add(&mut self, patient: i64) -> Result<()> {
        self.found.insert(survivor(self.c, patient)?);
        Ok(())
    }

    /// All of it, as of one moment.
    pub(super) fn known(self) -> Result<Known> {
        let patients = self.found.iter().map(|key| resolved(self.c, *key)).collect::<Result<_>>()?;
        Ok(Known { patients, encounters: self.encounters()?, ..self.known })
    }

    /// People by the numbers that were seen.
    fn by_numbers(&mut self) -> Result<()> {
        for (value, authority) in numbers(self.sightings) {
            for table in ["patient_identifier", "encounter"] {
                self.number(table, value, authority)?;
            }
        }
        self.by_number.clone_from(&self.found);
        Ok(())
    }

    /// Without an authority on the paper, every authority's number counts.
    fn number(&mut self, table: &str, value: &str, authority: Option<&AuthorityId>) -> Result<()> {
        let mut rows =
            self.c.prepare_cached(&format!("SELECT patient, authority FROM {table} WHERE value = ?1"))?;
        let rows = rows.query_map([value], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for row in rows {
            let (patient, of): (i64, String) = row?;
            if authority.is_none_or(|authority| authority.0 == of) {
                self.found.insert(survivor(self.c, patient)?);
            }
        }
        Ok(())
    }

    fn by_demographics(&mut self) -> Result<()> {
        let (mut names, mut days) = (BTreeSet::new(), BTreeSet::new());
        for sighting in self.sightings {
            match &sighting.what {
                Seen::Name(name) => {
                    names.insert(Keys::of(name));
                }
                Seen::BirthDate(day) => {
                    days.insert(*day);
                }
                _ => {}
            }
        }
        for name in names.iter().filter(|name| !name.family.is_empty() && !name.given.is_empty()) {
            let mut rows = self.c.prepare_cached(
                "SELECT patient FROM patient_name WHERE family_key = ?1 AND given_key = ?2 LIMIT ?3",
            )?;
            let rows =
                rows.query_map(params![name.family, name.given, NAMESAKES as i64], |row| row.get(0))?;
            for patient in rows {
                self.found.insert(survivor(self.c, patient?)?);
            }
        }
        for day in days {
            self.born_on(day, &names)?;
        }
        Ok(())
    }

    /// People of the same birth date who share family or given name with somebody found by number.
    fn namesakes(&mut self) -> Result<()> {
        for key in self.by_number.clone() {
            let person = resolved(self.c, key)?;
            let names: BTreeSet<Keys> = person.names.iter().map(Keys::of).collect();
            for day in person.birth_date.into_iter().chain(person.earlier_birth_dates) {
                self.born_on(day, &names)?;
            }
        }
        Ok(())
    }

    fn born_on(&mut self, day: Date, names: &BTreeSet<Keys>) -> Result<()> {
        let mut rows = self.c.prepare_cached(
            "SELECT n.patient, n.family_key, n.given_key FROM patient_birth_date b
             JOIN patient_name n ON n.patient = b.patient WHERE b.day = ?1",
        )?;
        let rows = rows.query_map([Day(day)], |row| {
            Ok((row.get(0)?, Keys { family: row.get(1)?, given: row.get(2)? }))
        })?;
        for row in rows {
            let (patient, theirs): (i64, Keys) = row?;
            if names.iter().any(|name| name.shares_a_part(&theirs)) {
                self.found.insert(survivor(self.c, patient)?);
            }
        }
        Ok(())
    }

    /// The visits whose numbers were seen, and the latest of everybody found by number, those of identities merged
    /// into them included; each once.
    fn encounters(&self) -> Result<Vec<Encounter>> {
        let mut all = Vec::new();
        for (value, authority) in numbers(self.sightings) {
            all.extend(encounters_of_number(self.c, value, authority)?);
        }
        for survivor in &self.by_number {
            for key in members(self.c, *survivor)? {
                all.extend(encounters(self.c, key)?);
            }
        }
        let mut once = BTreeSet::new();
        all.retain(|encounter| once.insert(encounter.number.clone()));
        Ok(all)
    }
}

/// The numbers that were seen, each once.
fn numbers(sightings: &[Sighting]) -> BTreeSet<(&String, Option<&AuthorityId>)> {
    let mut numbers = BTreeSet::new();
    for sighting in sightings {
        if let Seen::Number { value, authority, .. } = &sighting.what {
            numbers.insert((value, authority.as_ref()));
        }
    }
    numbers
}

/// A name as namesakes are found by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Keys {
    family: String,
    given: String,
}

impl Keys {
    fn of(name: &PersonName) -> Self {
        Self { family: key(&name.family), given: key(&name.given) }
    }

    fn shares_a_part(&self, other: &Self) -> bool {
        let same = |a: &str, b: &str| !a.is_empty() && a == b;
        same(&self.family, &other.family) || same(&self.given, &other.given)
    }
}
