//! What do a hospital's forms look like, and what of a patient do they show?

use jiff::civil::Date;

use super::World;
use super::dice::Dice;
use super::paper::Page;
use super::people::{Person, filed};

pub(super) const LAYOUTS: usize = 4;

const TITLES: [&str; 8] = [
    "PROGRESS NOTE",
    "HISTORY AND PHYSICAL",
    "LABORATORY REPORT",
    "RADIOLOGY REPORT",
    "DISCHARGE SUMMARY",
    "CONSULTATION REPORT",
    "NURSING ASSESSMENT",
    "PATHOLOGY REPORT",
];

pub(super) const PROVIDERS: [&str; 8] = [
    "Marsha Quillfeather",
    "Tobias Wendt",
    "Ingrid Solvang",
    "Peter Achterberg",
    "Lucille Montrose",
    "Desmond Oyelaran",
    "Gwyneth Parfitt",
    "Roderick Stanhope",
];

/// What of a person is shown.
#[derive(Clone)]
pub(super) struct Shown {
    pub(super) number: Option<String>,
    /// Family, given, suffix.
    pub(super) name: Option<(String, String, String)>,
    pub(super) born: Option<Date>,
    pub(super) sex: Option<char>,
    /// Printed before the words for "record number".
    pub(super) issuer: &'static str,
}

impl Shown {
    pub(super) fn all(person: &Person) -> Self {
        Self {
            number: Some(person.mrn.clone()),
            name: Some((person.family.clone(), person.given.clone(), person.suffix.clone())),
            born: Some(person.born),
            sex: Some(person.sex),
            issuer: "",
        }
    }

    pub(super) const fn nothing() -> Self {
        Self { number: None, name: None, born: None, sex: None, issuer: "" }
    }
}

pub(super) fn a_title(dice: &mut Dice) -> &'static str {
    TITLES[dice.below(TITLES.len())]
}

/// One side of paper about somebody, laid out as one of the usual forms.
pub(super) fn sheet(world: &World, person: &Person, shown: &Shown, layout: usize, dice: &mut Dice) -> Page {
    let title = a_title(dice);
    page(world, title, day_of_service(person, dice), shown, layout, dice)
}

/// Every page of a document has its head, and "Page x of y" where there are several.
pub(super) fn document(
    world: &World,
    visit: Date,
    shown: &Shown,
    count: usize,
    layout: usize,
    dice: &mut Dice,
) -> Vec<Page> {
    let title = a_title(dice);
    let mut pages: Vec<Page> = (0..count).map(|_| page(world, title, visit, shown, layout, dice)).collect();
    if count > 1 {
        for (at, page) in (1..).zip(&mut pages) {
            page.identity_at(2000, 3180, &format!("Page {at} of {count}"));
        }
    }
    pages
}

pub(super) fn page(
    world: &World,
    title: &str,
    visit: Date,
    shown: &Shown,
    layout: usize,
    dice: &mut Dice,
) -> Page {
    let mut page = Page::titled(title);
    header(&mut page, shown, layout, dice);
    page.at(200, 620, &format!("Date of Service: {}", date_in_words(visit, dice.below(3))));
    let mut body = world.notes.some(6 + dice.below(10), dice);
    body.push(format!("Attending Physician: {}, MD", dice.pick(&PROVIDERS)));
    if dice.per_mille(300) {
        let signer = dice.pick(&PROVIDERS);
        body.push(format!("Electronically signed by {signer}, MD on {}", date_in_words(visit, 0)));
    }
    if dice.per_mille(200) {
        body.push("Call (555) 013-4471 with questions.".into());
    }
    page.body(&body);
    page
}

pub(super) fn day_of_service(person: &Person, dice: &mut Dice) -> Date {
    let youngest = i64::from(person.born.year().max(1995));
    let year = dice.between(youngest + 1, 2025.max(youngest + 1));
    Date::new(year as i16, dice.between(1, 12) as i8, dice.between(1, 28) as i8).unwrap_or(person.born)
}

pub(super) fn date_in_words(day: Date, form: usize) -> String {
    match form {
        0 => day.strftime("%m/%d/%Y").to_string(),
        1 => day.strftime("%B %-d, %Y").to_string(),
        _ => day.strftime("%d-%b-%Y").to_string(),
    }
}

pub(super) fn header(page: &mut Page, shown: &Shown, layout: usize, dice: &mut Dice) {
    let comma = shown.name.as_ref().map(|(family, given, suffix)| filed(family, given, suffix));
    let straight = shown
        .name
        .as_ref()
        .map(|(family, given, suffix)| format!("{given} {family} {suffix}").trim().to_owned());
    let date = |form: usize| shown.born.map(|born| date_in_words(born, form));
    let issuer = shown.issuer;
    match layout {
        0 => {
            let number = format!("{issuer}MRN: ");
            let fields =
                [("Patient Name: ", comma), (number.as_str(), shown.number.clone()), ("DOB: ", date(0))];
            for (y, (label, value)) in (300..).step_by(60).zip(fields) {
                if let Some(value) = value {
                    page.identity_at(200, y, &format!("{label}{value}"));
                }
            }
            if let Some(sex) = shown.sex {
                page.identity_at(200, 480, &format!("Sex: {sex}"));
            }
        }
        1 => {
            if let Some(name) = straight {
                page.identity_at(200, 300, &format!("Patient: {name}"));
            }
            if let Some(born) = date(2) {
                page.identity_at(1300, 300, &format!("Date of Birth: {born}"));
            }
            if let Some(number) = &shown.number {
                page.identity_at(200, 360, &format!("{issuer}Medical Record No: {number}"));
            }
        }
        2 => {
            let line = [comma, shown.sex.map(String::from), date(0)];
            let line: Vec<String> = line.into_iter().flatten().collect();
            if !line.is_empty() {
                page.identity_at(1400, 300, &line.join("    "));
            }
            if let Some(number) = &shown.number {
                page.identity_at(1500, 360, &format!("{issuer}MRN {number}"));
            }
        }
        _ => {
            if let Some(number) = &shown.number {
                page.bars(1650, 280, number, number);
            }
            if let Some(name) = comma {
                page.identity_at(200, 300, &format!("Name: {name}"));
            }
            if let Some(born) = date(dice.below(2)) {
                page.identity_at(200, 360, &format!("DOB: {born}"));
            }
        }
    }
}

/// What stands on good forms beside the patient: other people, other dates, and the patient in words.
pub(super) fn beside(
    world: &World,
    person: &Person,
    visit: Date,
    which: usize,
    dice: &mut Dice,
) -> (&'static str, Vec<String>) {
    let relative = &world.people.all[*dice.pick(&world.people.plain)];
    let provider = *dice.pick(&PROVIDERS);
    let day = date_in_words(day_of_service(relative, dice), 0);
    let born = date_in_words(relative.born, 0);
    let (family, given) = (&relative.family, &relative.given);
    let age = visit.year()
        - person.born.year()
        - i16::from((visit.month(), visit.day()) < (person.born.month(), person.born.day()));
    match which {
        0 => (
            "good, with a referring physician and dates",
            vec![format!("Referring Physician: {provider}, MD"), format!("Referral Date: {day}")],
        ),
        1 => (
            "good, with copies to others",
            vec![format!("cc: {provider}, MD"), format!("Dictated: {day}  Transcribed: {day}")],
        ),
        2 => (
            "good, with an emergency contact",
            vec![format!("Emergency Contact: {given} {family} (spouse)  Phone: (555) 013-2210")],
        ),
        3 => (
            "good, with a guarantor",
            vec![format!("Guarantor: {family}, {given}"), format!("Guarantor DOB: {born}")],
        ),
        4 => (
            "good, with a mother's name",
            vec![
                format!("Mother's Name: {given} {family}"),
                format!("Next of Kin: {given} {family}, mother"),
            ],
        ),
        5 => (
            "good, with an outside facility's number",
            vec![format!("Outside Facility MRN: {}", relative.mrn)],
        ),
        _ if age < 4 => ("good", Vec::new()),
        _ => (
            "good, with its own age and sex in the text",
            vec![format!("The patient is a {age}-year-old {} seen in follow-up.", word_of(person.sex))],
        ),
    }
}

/// How many kinds of [`beside`] there are.
pub(super) const BESIDE: usize = 7;

pub(super) const fn word_of(sex: char) -> &'static str {
    if sex == 'F' { "female" } else { "male" }
}
