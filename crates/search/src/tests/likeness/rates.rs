//! How often is a copy called one, and how often another page?
//!
//! Drawn pages of one chart, read with so many letters in a hundred wrong. The other page of a wrong pair is the hardest
//! there is: the same form of the same patient on another day, or drawn again on the same one.

use std::fmt::Write as _;

use super::super::rights::inferring::Chance;
use super::*;
use crate::placed::known;
use crate::sketch::{Person, Sketch};

const ANALYTES: [(&str, u64, &str); 20] = [
    ("Sodium", 1390, "136-145 mmol/L"),
    ("Potassium", 41, "3.5-5.1 mmol/L"),
    ("Chloride", 1010, "98-107 mmol/L"),
    ("Bicarbonate", 240, "22-29 mmol/L"),
    ("Glucose", 880, "70-99 mg/dL"),
    ("Urea nitrogen", 140, "7-20 mg/dL"),
    ("Creatinine", 92, "0.60-1.20 mg/dL"),
    ("Calcium", 94, "8.6-10.2 mg/dL"),
    ("Albumin", 42, "3.5-5.0 g/dL"),
    ("Bilirubin total", 7, "0.2-1.2 mg/dL"),
    ("Alkaline phosphatase", 720, "44-147 U/L"),
    ("Aspartate aminotransferase", 240, "8-40 U/L"),
    ("Alanine aminotransferase", 280, "7-56 U/L"),
    ("Hemoglobin", 138, "12.0-15.5 g/dL"),
    ("Hematocrit", 413, "36.0-46.0 %"),
    ("Leukocytes", 74, "4.5-11.0 K/uL"),
    ("Platelets", 2510, "150-400 K/uL"),
    ("Cholesterol", 1870, "125-200 mg/dL"),
    ("Triglycerides", 1120, "50-150 mg/dL"),
    ("Thyrotropin", 21, "0.40-4.50 mIU/L"),
];
const CONSENT: &str = "I have been told of the nature of the procedure its risks benefits and alternatives and have had \
    the opportunity to ask questions which were answered to my satisfaction I understand that no guarantee has been made \
    as to the result I authorize the physicians and staff of this hospital to perform whatever additional procedures are \
    judged necessary including the administration of anesthesia and blood products I may withdraw my consent at any time \
    before the procedure begins";
const SAID: &str = include_str!("../../lexicon/words.txt");

/// Who and when.
struct Header {
    name: &'static str,
    number: u64,
    day: u64,
}

impl Header {
    fn text(&self, title: &str) -> String {
        let Self { name, number, day } = self;
        format!(
            "Mount Carmel Hospital 793 West State Street (614) 555-0142\n{title}\nPatient: {name} MRN: {number} DOB: \
             03/15/1962 Sex: F\n{}",
            date_of(*day)
        )
    }
}

fn sketch(page: &PageReading) -> Option<Sketch> {
    Sketch::of(page, &known(page))
}

fn date_of(day: u64) -> String {
    format!("{:02}/{:02}/2026", 1 + day / 28 % 12, 1 + day % 28)
}

fn report(header: &Header, chance: &mut Chance) -> String {
    let mut text = header.text("LABORATORY REPORT Collected");
    let accession = 4_000_000 + chance.below(900_000);
    let _ = writeln!(
        text,
        " {:02}:{:02} Reported {} Accession H{accession}",
        chance.below(24),
        chance.below(60),
        date_of(header.day + 1)
    );
    for (name, usual, range) in ANALYTES {
        let value = usual * (85 + chance.below(30)) / 100;
        let _ = writeln!(text, "{name} {}.{} {range}", value / 10, value % 10);
    }
    text + "Specimen received in good condition. Reviewed by the laboratory director. Page 1 of 1"
}

fn sentence(chance: &mut Chance, words: &[&str]) -> String {
    (0..9).map(|_| format!("{} ", chance.of(words))).collect::<String>() + "\n"
}

/// A note, and one of the next day made from it: four sentences of five are taken over.
fn notes(header: &Header, chance: &mut Chance, words: &[&str]) -> [String; 2] {
    let vitals = |chance: &mut Chance| {
        format!(
            "BP {}/{} pulse {} temp 98.{} weight {}.{} lbs\n",
            100 + chance.below(60),
            60 + chance.below(30),
            60 + chance.below(40),
            chance.below(9),
            150 + chance.below(60),
            chance.below(9)
        )
    };
    let first: Vec<String> = (0..20).map(|_| sentence(chance, words)).collect();
    let next: Vec<String> = first
        .iter()
        .map(|said| if chance.below(5) == 0 { sentence(chance, words) } else { said.clone() })
        .collect();
    let page = |header: &Header, said: &[String], chance: &mut Chance| {
        format!(
            "{}\n{}{}Electronically signed",
            header.text("PROGRESS NOTE Visit"),
            vitals(chance),
            said.concat()
        )
    };
    [page(header, &first, chance), page(&Header { day: header.day + 1, ..*header }, &next, chance)]
}

fn consent(header: &Header) -> String {
    format!("{}\n{CONSENT}", header.text("CONSENT TO OPERATION Admitted 01/02/2026 Signed"))
}

/// As an engine reads it: so many of a thousand letters are others, more or less.
fn read(text: &str, per_mille: u64, chance: &mut Chance) -> PageReading {
    const TAKEN_FOR: &str = "0O1l5S8B2Z6b3817680eceoauvnmhrtfil";
    let mut said = String::new();
    for c in text.chars() {
        if c.is_whitespace() || chance.below(1_000) >= per_mille {
            said.push(c);
            continue;
        }
        let other = || TAKEN_FOR.chars().nth(chance.0 as usize % TAKEN_FOR.len()).unwrap_or('e');
        match chance.0 % 10 {
            0 => {}
            1 => said.extend([c, other()]),
            _ => said.push(other()),
        }
        chance.below(2);
    }
    reading(&said)
}

fn faxed(text: &str, chance: &mut Chance) -> String {
    if chance.below(2) == 0 {
        return text.to_owned();
    }
    format!(
        "FROM: MOUNT CARMEL (FAX) 6145550199 {} 14:{:02} P. 003/007\n{text}",
        date_of(chance.below(300)),
        chance.below(60)
    )
}

/// Of a hundred pairs, how many are called copies: of reports, notes and consents.
fn called(
    per_mille: u64,
    pairs: u64,
    second: impl Fn(&mut Chance, usize, &Header, &[String; 2]) -> String,
    person: Person,
) -> [f64; 3] {
    let words: Vec<&str> = SAID.lines().step_by(7).collect();
    let chance = &mut Chance(per_mille + 1);
    let mut found = [0_u64; 3];
    for _ in 0..pairs {
        let header = Header {
            name: "DOE, JANE Q",
            number: 10_000_000 + chance.below(900_000),
            day: chance.below(300),
        };
        for (kind, found) in found.iter_mut().enumerate() {
            let both = match kind {
                0 => [report(&header, chance), report(&Header { day: header.day + 7, ..header }, chance)],
                1 => notes(&header, chance, &words),
                _ => [consent(&header), consent(&Header { day: header.day + 30, ..header })],
            };
            let other = second(chance, kind, &header, &both);
            let one = sketch(&read(&both[0], 3, chance));
            let other = sketch(&read(&other, per_mille, chance));
            *found += u64::from(one.zip(other).is_some_and(|(one, other)| {
                let met = one.bands().intersection(&other.bands()).next().is_some();
                met && one.is_like(&other, person)
            }));
        }
    }
    found.map(|found| found as f64 * 100.0 / pairs as f64)
}

fn copy(chance: &mut Chance, _: usize, _: &Header, both: &[String; 2]) -> String {
    faxed(&both[0], chance)
}

fn another_day(chance: &mut Chance, _: usize, _: &Header, both: &[String; 2]) -> String {
    faxed(&both[1], chance)
}

/// Drawn again on the same day; only reports are.
fn the_same_day(chance: &mut Chance, kind: usize, header: &Header, both: &[String; 2]) -> String {
    if kind == 0 { report(header, chance) } else { both[1].clone() }
}

/// The same form for somebody else, on the same day.
fn somebody_else(chance: &mut Chance, kind: usize, header: &Header, both: &[String; 2]) -> String {
    let other = Header { name: "ROE, MARY", number: header.number + 17, ..*header };
    match kind {
        0 => report(&other, chance),
        1 => both[0]
            .replace("DOE, JANE Q", other.name)
            .replace(&header.number.to_string(), &other.number.to_string()),
        _ => consent(&other),
    }
}

#[test]
fn copies_are_told_from_pages_of_another_day_and_of_other_people() {
    for (per_mille, least) in [(0, 85.0), (10, 60.0)] {
        let copies = called(per_mille, 100, copy, Person::Known);
        assert!(copies.iter().all(|share| *share >= least), "{per_mille}: {copies:?}");
    }
    for per_mille in [0, 10, 50] {
        assert_eq!(called(per_mille, 100, another_day, Person::Known), [0.0; 3], "{per_mille}");
        assert_eq!(called(per_mille, 100, the_same_day, Person::Known)[0], 0.0, "{per_mille}");
        assert_eq!(called(per_mille, 100, somebody_else, Person::Unknown), [0.0; 3], "{per_mille}");
    }
}

#[test]
#[ignore = "a measurement: 2,000 pairs of every sort and every share of misread letters"]
#[expect(clippy::print_stderr, reason = "a measurement is printed")]
fn how_often_copies_and_other_pages_are_called_copies() {
    const PAIRS: u64 = 2_000;
    eprintln!("of 100 pairs called copies: reports, notes, consents");
    for per_mille in [0, 10, 20, 30, 50, 80, 100, 150] {
        let [copies, day, again] =
            [copy, another_day, the_same_day].map(|second| called(per_mille, PAIRS, second, Person::Known));
        let held = called(per_mille, PAIRS, copy, Person::Unknown);
        let others = called(per_mille, PAIRS, somebody_else, Person::Unknown);
        eprintln!(
            "{per_mille:>4} ‰  copies {copies:.1?}  of another day {day:.1?}  drawn again {:.1}  held: copies {held:.1?}  of others {others:.1?}",
            again[0]
        );
    }
}
