//! Whom might a person compare with what was read?
//!
//! Wider than what a verdict stands on, and only ever for a person's eyes: what is merely like what was read is
//! looked up in blocks (`domain.md` 2.10), and how common it is is counted.

use std::collections::BTreeSet;

use jiff::civil::Date;
use records::document::SerialUse;
use records::identifier::Identifier;
use records::judge::{Frequencies, Known};
use records::name::{PersonName, key, sound};
use records::sighting::{Seen, Sighting};
use rusqlite::{Connection, ToSql, params};

use super::columns::Day;
use super::known::Search;
use crate::error::Result;
use crate::open::Archive;

/// Identities a block may bring, and all of them together.
const BLOCK: i64 = 200;
const MOST: usize = 500;

impl Archive {
    /// What [`Archive::known`] knows, with everybody of like numbers, names and birth dates, and how common they
    /// are.
    pub fn neighbours(&self, sightings: &[Sighting], serials: &[SerialUse]) -> Result<Known> {
        self.neighbours_with(sightings, serials, None)
    }

    /// As [`Archive::neighbours`], and of a number that was declared otherwise than by a sheet.
    pub fn neighbours_with(
        &self,
        sightings: &[Sighting],
        serials: &[SerialUse],
        declared: Option<&Identifier>,
    ) -> Result<Known> {
        self.0.catalogue.read(|c| {
            let mut search = Search::of(c, &self.0.settings.sources, sightings, serials, declared)?;
            let seen = Read::of(sightings);
            let mut wider = Blocks { c, found: BTreeSet::new() };
            wider.like_numbers(&seen)?;
            wider.like_dates(&seen)?;
            wider.like_names(&seen)?;
            for key in wider.found {
                search.add(key)?;
            }
            let frequencies = seen.frequencies(c)?;
            Ok(Known { frequencies, ..search.known()? })
        })
    }
}

/// What was read, each once. Parts of names as keys.
struct Read<'a> {
    numbers: BTreeSet<&'a str>,
    names: Vec<(&'a PersonName, [String; 2])>,
    days: BTreeSet<Date>,
}

impl<'a> Read<'a> {
    fn of(sightings: &'a [Sighting]) -> Self {
        let mut read = Self { numbers: BTreeSet::new(), names: Vec::new(), days: BTreeSet::new() };
        for sighting in sightings {
            match &sighting.what {
                Seen::Number { value, .. } => {
                    read.numbers.insert(value);
                }
                Seen::Name(name) if read.names.iter().all(|(other, _)| *other != name) => {
                    read.names.push((name, [key(&name.family), key(&name.given)]));
                }
                Seen::BirthDate(day) => {
                    read.days.insert(*day);
                }
                _ => {}
            }
        }
        read
    }

    /// Family and given name as read, and the other way round: a paper does not always say which is which.
    fn ways(&self) -> impl Iterator<Item = (&str, &str)> {
        let ways = self.names.iter().flat_map(|(_, [family, given])| [(family, given), (given, family)]);
        ways.map(|(a, b)| (a.as_str(), b.as_str())).filter(|(a, b)| !a.is_empty() && !b.is_empty())
    }

    fn frequencies(&self, c: &Connection) -> Result<Frequencies> {
        let count = |sql: &str, value: &dyn ToSql| -> Result<u64> {
            Ok(c.prepare_cached(sql)?.query_row([value], |row| row.get::<_, u32>(0))?.into())
        };
        // Identities are never deleted: the last row's key counts them.
        let people: u32 = c.query_row("SELECT coalesce(max(key), 0) FROM patient", [], |row| row.get(0))?;
        let mut frequencies = Frequencies { people: people.into(), ..Frequencies::default() };
        for part in self.names.iter().flat_map(|(_, parts)| parts) {
            let family = "SELECT count(*) FROM patient_name WHERE family_key = ?1";
            let given = "SELECT count(*) FROM patient_name WHERE given_key = ?1";
            frequencies.family.insert(part.clone(), count(family, part)?);
            frequencies.given.insert(part.clone(), count(given, part)?);
        }
        for day in &self.days {
            let born = "SELECT count(*) FROM patient_birth_date WHERE day = ?1";
            frequencies.born.insert(*day, count(born, &Day(*day))?);
        }
        Ok(frequencies)
    }
}

/// Identities that a block holds together with what was read.
struct Blocks<'c> {
    c: &'c Connection,
    found: BTreeSet<i64>,
}

impl Blocks<'_> {
    /// A number one character off, of somebody whose family name begins as one that was read.
    fn like_numbers(&mut self, read: &Read<'_>) -> Result<()> {
        let initials: BTreeSet<char> = read.ways().filter_map(|(family, _)| family.chars().next()).collect();
        let mut owners = self.c.prepare_cached(
            "SELECT i.patient, n.family_key FROM patient_identifier i JOIN patient_name n ON n.patient = i.patient
             WHERE i.value = ?1",
        )?;
        for near in read.numbers.iter().flat_map(|number| one_character_off(number)) {
            let rows = owners.query_map([near], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
            for row in rows {
                let (patient, family): (i64, String) = row?;
                if family.chars().next().is_some_and(|initial| initials.contains(&initial)) {
                    self.add(patient);
                }
            }
        }
        Ok(())
    }

    /// Everybody born on a day that was read, or on it with day and month exchanged.
    fn like_dates(&mut self, read: &Read<'_>) -> Result<()> {
        let swapped = read.days.iter().filter_map(|day| Date::new(day.year(), day.day(), day.month()).ok());
        for day in read.days.iter().copied().chain(swapped) {
            self.block(
                "SELECT patient FROM patient_birth_date WHERE day = ?1 LIMIT ?2",
                &[&Day(day), &BLOCK],
            )?;
        }
        Ok(())
    }

    /// A family name that sounds alike and the same birth year; or the same beginnings of both names.
    fn like_names(&mut self, read: &Read<'_>) -> Result<()> {
        for (family, given) in read.ways() {
            let start: String = family.chars().take(3).collect();
            let initial: String = given.chars().take(1).collect();
            self.block(
                "SELECT patient FROM patient_name
                 WHERE family_key >= ?1 AND family_key < ?1 || char(0x10ffff) AND substr(given_key, 1, 1) = ?2 LIMIT ?3",
                &[&start, &initial, &BLOCK],
            )?;
            let years: BTreeSet<i16> = read.days.iter().map(|day| day.year()).collect();
            for year in years {
                self.sounding(family, year)?;
            }
        }
        Ok(())
    }

    fn sounding(&mut self, family: &str, year: i16) -> Result<()> {
        let wanted = sound(family);
        let (first, last) = (format!("{year:04}-01-01"), format!("{year:04}-12-31"));
        let mut born = self.c.prepare_cached(
            "SELECT n.patient, n.family_key FROM patient_birth_date b JOIN patient_name n ON n.patient = b.patient
             WHERE b.day BETWEEN ?1 AND ?2",
        )?;
        let mut rows = born.query(params![first, last])?;
        while let Some(row) = rows.next()? {
            if sound(row.get_ref(1)?.as_str().unwrap_or_default()) == wanted {
                self.add(row.get(0)?);
            }
        }
        Ok(())
    }

    fn block(&mut self, sql: &str, of: &[&dyn ToSql]) -> Result<()> {
        let mut rows = self.c.prepare_cached(sql)?;
        let mut rows = rows.query(of)?;
        while let Some(row) = rows.next()? {
            self.add(row.get(0)?);
        }
        Ok(())
    }

    fn add(&mut self, patient: i64) {
        if self.found.len() < MOST {
            self.found.insert(patient);
        }
    }
}

/// Every value that differs in one digit, or by two neighbours that changed places.
fn one_character_off(number: &str) -> Vec<String> {
    let characters: Vec<char> = number.chars().collect();
    let mut all = Vec::new();
    for at in 0..characters.len() {
        for digit in ('0'..='9').filter(|digit| *digit != characters[at]) {
            let mut near = characters.clone();
            near[at] = digit;
            all.push(near.into_iter().collect());
        }
        if at > 0 && characters[at] != characters[at - 1] {
            let mut near = characters.clone();
            near.swap(at - 1, at);
            all.push(near.into_iter().collect());
        }
    }
    all
}
