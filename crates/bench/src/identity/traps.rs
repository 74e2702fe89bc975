//! What comes on paper: good documents, and every trap we know. Each says of every page whose it truly is.

use jiff::civil::Date;

use super::dice::Dice;
use super::paper::Page;
use super::people::{People, Person};

/// What should become of a document whose reading is perfect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Should {
    File,
    /// With one of these reasons among those given.
    Hold(&'static [&'static str]),
}

/// One document as it lies in the stack.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) trap: &'static str,
    pub(super) pages: Vec<Page>,
    /// Whose each page is: a patient of the list, or nobody's on it.
    pub(super) whose: Vec<Option<usize>>,
    pub(super) should: Should,
    /// No reading could reveal it: the label itself is wrong.
    pub(super) labelling_error: bool,
}

/// Share of good documents, in a thousand.
const GOOD: usize = 620;

pub(super) const TRAPS: &[(&str, Should)] = &[
    ("no identity", Should::Hold(&["NO_ID"])),
    ("name and birth date only", Should::Hold(&["NO_NUMBER"])),
    ("number only", Should::Hold(&["ONE_ID_ONLY"])),
    ("number and name only", Should::Hold(&["ONE_DEMOGRAPHIC"])),
    ("number and birth date only", Should::Hold(&["ONE_DEMOGRAPHIC", "ONE_ID_ONLY"])),
    ("number not in the index", Should::Hold(&["ID_NOT_IN_MPI"])),
    ("second page of another patient", Should::Hold(&["MULTI_PATIENT"])),
    ("two labels on a page", Should::Hold(&["MULTI_PATIENT"])),
    ("another's name", Should::Hold(&["NAME_MISMATCH", "MULTI_PATIENT"])),
    ("a similar name", Should::Hold(&["NAME_MISMATCH"])),
    ("another birth date", Should::Hold(&["DOB_MISMATCH"])),
    ("day and month swapped", Should::Hold(&["DOB_MISMATCH"])),
    ("the other sex", Should::Hold(&["SEX_MISMATCH"])),
    ("bars that decode two ways", Should::Hold(&["DECODER_DISAGREE"])),
    ("bars unlike the print below", Should::Hold(&["HRI_MISMATCH", "MULTI_PATIENT"])),
    ("same name and birth date as another", Should::Hold(&["NOT_UNIQUE", "NAME_ALERT"])),
    ("father and son", Should::Hold(&["NAME_MISMATCH", "DOB_MISMATCH", "NOT_UNIQUE", "NAME_ALERT"])),
    ("retired number without birth date", Should::Hold(&["ID_RETIRED", "ONE_DEMOGRAPHIC"])),
    ("service before birth", Should::Hold(&["DOS_IMPLAUSIBLE"])),
    ("faint number", Should::Hold(&["OCR_LOW"])),
    ("label that could not be read", Should::Hold(&["ID_UNREAD"])),
    ("sensitive kind", Should::Hold(&["TYPE_SENSITIVE"])),
    ("list of many patients", Should::Hold(&["MULTI_PATIENT"])),
    ("silent second page", Should::Hold(&["SEPARATOR_MISSING", "NO_ID", "SILENT_RUN"])),
    ("outside facility's number only", Should::Hold(&["NO_NUMBER", "NO_ID"])),
    ("wrong label on the right form", Should::File),
];

/// A document for a station that takes one to three pages as one (`loose`: always one page).
pub(super) fn make(people: &People, loose: bool, dice: &mut Dice) -> Made {
    if dice.per_mille(GOOD) {
        return good(people, loose, dice);
    }
    loop {
        let at = dice.below(TRAPS.len());
        let (trap, should) = TRAPS[at];
        if let Some(made) = trapped(trap, should, people, loose, dice) {
            return made;
        }
    }
}

fn good(people: &People, loose: bool, dice: &mut Dice) -> Made {
    let who = if dice.per_mille(40) { *dice.pick(&people.merged) } else { *dice.pick(&people.plain) };
    let person = &people.all[who];
    let count = if loose { 1 } else { 1 + dice.below(3) };
    let layout = dice.below(LAYOUTS);
    let pages: Vec<Page> = (0..count)
        .map(|page| {
            let mut made = sheet(person, &Shown::all(person), layout, dice);
            if count > 1 {
                made.at(2000, 3180, &format!("Page {} of {count}", page + 1));
            }
            made
        })
        .collect();
    Made {
        trap: "good",
        whose: vec![Some(who); pages.len()],
        pages,
        should: Should::File,
        labelling_error: false,
    }
}

/// What of a person is shown.
#[derive(Clone)]
struct Shown {
    number: Option<String>,
    name: Option<(String, String, String)>,
    born: Option<Date>,
    sex: Option<char>,
}

impl Shown {
    fn all(person: &Person) -> Self {
        Self {
            number: Some(person.mrn.clone()),
            name: Some((person.family.clone(), person.given.clone(), person.suffix.clone())),
            born: Some(person.born),
            sex: Some(person.sex),
        }
    }
}

const LAYOUTS: usize = 4;

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

const SENTENCES: [&str; 12] = [
    "The wound is clean and dry, sutures are to be removed next week.",
    "Blood pressure is controlled on the present dose of lisinopril.",
    "Denies chest pain, shortness of breath or swelling of the legs.",
    "Hemoglobin 11.2, white count 6.8, platelets 231.",
    "Ambulates with a walker, gait steady on level ground.",
    "Continue metformin 500 mg twice daily with meals.",
    "No acute cardiopulmonary process is seen.",
    "The daughter was called and agrees with the plan.",
    "Follow up in the clinic in four weeks or sooner if needed.",
    "Review of systems is otherwise negative.",
    "Tolerated the procedure well without complications.",
    "Allergies: penicillin (rash).",
];

const PROVIDERS: [&str; 5] =
    ["Marsha Quillfeather", "Tobias Wendt", "Ingrid Solvang", "Peter Achterberg", "Lucille Montrose"];

/// One side of paper about somebody, laid out as one of the usual forms.
fn sheet(person: &Person, shown: &Shown, layout: usize, dice: &mut Dice) -> Page {
    let mut page = Page::titled(TITLES[dice.below(TITLES.len())]);
    header(&mut page, shown, layout, dice);
    let visit = day_of_service(person, dice);
    let date = date_in_words(visit, dice.below(3));
    page.at(200, 620, &format!("Date of Service: {date}"));
    let mut body: Vec<String> =
        (0..6 + dice.below(10)).map(|_| (*dice.pick(&SENTENCES)).to_owned()).collect();
    body.push(format!("Attending Physician: {}, MD", dice.pick(&PROVIDERS)));
    if dice.per_mille(300) {
        body.push(format!(
            "Electronically signed by {}, MD on {}",
            dice.pick(&PROVIDERS),
            date_in_words(visit, 0)
        ));
    }
    if dice.per_mille(200) {
        body.push("Call (555) 013-4471 with questions.".into());
    }
    page.body(&body);
    page
}

fn day_of_service(person: &Person, dice: &mut Dice) -> Date {
    let youngest = person.born.year().max(1995);
    let year = dice.between(i64::from(youngest) + 1, 2025).max(i64::from(person.born.year()) + 1);
    Date::new(year as i16, dice.between(1, 12) as i8, dice.between(1, 28) as i8).unwrap_or(person.born)
}

fn date_in_words(day: Date, form: usize) -> String {
    match form {
        0 => day.strftime("%m/%d/%Y").to_string(),
        1 => day.strftime("%B %-d, %Y").to_string(),
        _ => day.strftime("%d-%b-%Y").to_string(),
    }
}

fn header(page: &mut Page, shown: &Shown, layout: usize, dice: &mut Dice) {
    let comma = shown.name.as_ref().map(|(family, given, suffix)| match suffix.as_str() {
        "" => format!("{family}, {given}"),
        suffix => format!("{family} {suffix}, {given}"),
    });
    let straight = shown
        .name
        .as_ref()
        .map(|(family, given, suffix)| format!("{given} {family} {suffix}").trim().to_owned());
    let date = |form: usize| shown.born.map(|born| date_in_words(born, form));
    match layout {
        0 => {
            let fields = [("Patient Name: ", comma), ("MRN: ", shown.number.clone()), ("DOB: ", date(0))];
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
                page.identity_at(200, 360, &format!("Medical Record No: {number}"));
            }
        }
        2 => {
            let line = [comma, shown.sex.map(String::from), date(0)];
            let line: Vec<String> = line.into_iter().flatten().collect();
            if !line.is_empty() {
                page.identity_at(1400, 300, &line.join("    "));
            }
            if let Some(number) = &shown.number {
                page.identity_at(1500, 360, &format!("MRN {number}"));
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

fn trapped(
    trap: &'static str,
    should: Should,
    people: &People,
    loose: bool,
    dice: &mut Dice,
) -> Option<Made> {
    let who = *dice.pick(&people.plain);
    let person = &people.all[who];
    let other = loop {
        let other = *dice.pick(&people.plain);
        if other != who && people.all[other].family != person.family {
            break other;
        }
    };
    let all = Shown::all(person);
    let layout = dice.below(LAYOUTS);
    let one = |shown: &Shown, dice: &mut Dice| vec![sheet(person, shown, layout, dice)];
    let mut whose = vec![Some(who)];
    let mut labelling_error = false;
    let pages = match trap {
        "no identity" => one(&Shown { number: None, name: None, born: None, sex: None }, dice),
        "name and birth date only" => one(&Shown { number: None, ..all }, dice),
        "number only" => one(&Shown { name: None, born: None, sex: None, ..all }, dice),
        "number and name only" => one(&Shown { born: None, ..all }, dice),
        "number and birth date only" => one(&Shown { name: None, ..all }, dice),
        "number not in the index" => {
            whose = vec![None];
            let family = "NOBODYSON".to_owned();
            let name = Some((family, person.given.clone(), String::new()));
            one(&Shown { number: Some(format!("9{}", &person.mrn[1..])), name, ..all }, dice)
        }
        "second page of another patient" if !loose => {
            whose = vec![Some(who), Some(other)];
            let second = &people.all[other];
            vec![sheet(person, &all, layout, dice), sheet(second, &Shown::all(second), layout, dice)]
        }
        "two labels on a page" => {
            let mut page = sheet(person, &all, 2, dice);
            let second = &people.all[other];
            let name = format!(
                "{}, {}  {}  {}",
                second.family,
                second.given,
                second.sex,
                date_in_words(second.born, 0)
            );
            page.identity_at(200, 2700, &name);
            page.identity_at(200, 2755, &format!("MRN {}", second.mrn));
            vec![page]
        }
        "another's name" => {
            let second = &people.all[other];
            let name = Some((second.family.clone(), second.given.clone(), String::new()));
            one(&Shown { name, ..all }, dice)
        }
        "a similar name" => {
            let mut given: Vec<char> = person.given.chars().collect();
            let last = given.pop()?;
            given.push(if last == 'A' { 'O' } else { 'A' });
            let name = Some((person.family.clone(), given.into_iter().collect(), String::new()));
            one(&Shown { name, ..all }, dice)
        }
        "another birth date" => {
            let born = Some(person.born.saturating_add(jiff::ToSpan::days(dice.between(400, 4000))));
            one(&Shown { born, ..all }, dice)
        }
        "day and month swapped" => {
            let (day, month) = (person.born.day(), person.born.month());
            if day > 12 || day == month {
                return None;
            }
            one(&Shown { born: Date::new(person.born.year(), day, month).ok(), ..all }, dice)
        }
        "the other sex" if layout == 0 || layout == 2 => {
            one(&Shown { sex: Some(if person.sex == 'F' { 'M' } else { 'F' }), ..all }, dice)
        }
        "bars that decode two ways" => {
            let mut page = sheet(person, &all, 3, dice);
            page.barcodes.last_mut()?.disputed = true;
            vec![page]
        }
        "bars unlike the print below" => {
            let mut page = sheet(person, &Shown { number: None, ..all }, 0, dice);
            page.bars(1650, 280, &person.mrn, &people.all[other].mrn);
            vec![page]
        }
        "same name and birth date as another" => {
            let (first, second) = *dice.pick(&people.doubles);
            let double = if dice.per_mille(500) { first } else { second };
            whose = vec![Some(double)];
            let person = &people.all[double];
            vec![sheet(person, &Shown::all(person), layout, dice)]
        }
        "father and son" => {
            let at = people.all.iter().position(|p| p.suffix == "JR")? + dice.below(60);
            let son = people.all.get(at)?;
            let father = people.all.iter().position(|p| {
                p.family == son.family && p.given == son.given && p.suffix.is_empty() && p.mrn != son.mrn
            })?;
            whose = vec![None]; // the number is the father's, the birth date the son's: nobody can tell
            let shown = Shown { born: Some(son.born), ..Shown::all(&people.all[father]) };
            vec![sheet(son, &shown, layout, dice)]
        }
        "retired number without birth date" => {
            let who = *dice.pick(&people.merged);
            let person = &people.all[who];
            whose = vec![Some(who)];
            let shown = Shown { number: person.retired.clone(), born: None, ..Shown::all(person) };
            vec![sheet(person, &shown, layout, dice)]
        }
        "service before birth" => {
            let mut page = Page::titled("PROGRESS NOTE");
            header(&mut page, &all, layout, dice);
            let before = person.born.saturating_sub(jiff::ToSpan::days(dice.between(400, 2000)));
            page.identity_at(200, 620, &format!("Date of Service: {}", date_in_words(before, 0)));
            page.body(&SENTENCES.map(str::to_owned));
            vec![page]
        }
        "faint number" => {
            let mut page = sheet(person, &all, 0, dice);
            let number = page.lines.iter_mut().find(|line| line.text.starts_with("MRN"))?;
            number.confidence = 35.0;
            number.identity = false; // noise leaves it as it is
            vec![page]
        }
        "label that could not be read" => {
            let mut page = sheet(person, &all, 0, dice);
            page.unread.push(records::geometry::Rect { x: 1650, y: 300, w: 520, h: 110 });
            vec![page]
        }
        "sensitive kind" => {
            let mut page = sheet(person, &all, layout, dice);
            page.lines[0].text = "PSYCHOTHERAPY NOTES".into();
            vec![page]
        }
        "list of many patients" => {
            whose = vec![None];
            let mut page = Page::titled("OPERATING ROOM SCHEDULE");
            for row in 0..12 {
                let listed = &people.all[*dice.pick(&people.plain)];
                let born = date_in_words(listed.born, 0);
                let text = format!("{}, {}  {}  MRN {}", listed.family, listed.given, born, listed.mrn);
                page.identity_at(200, 320 + row * 60, &text);
            }
            vec![page]
        }
        "silent second page" if !loose => {
            whose = vec![Some(who), None];
            let silent = Shown { number: None, name: None, born: None, sex: None };
            let first = sheet(person, &all, layout, dice);
            vec![
                first,
                sheet(person, &silent, layout, dice),
                sheet(person, &silent, layout, dice),
                sheet(person, &silent, layout, dice),
            ]
        }
        "outside facility's number only" => {
            let mut page = sheet(person, &Shown { number: None, ..all }, 0, dice);
            page.at(200, 540, &format!("Outside facility MRN: {}", people.all[other].mrn));
            vec![page]
        }
        "wrong label on the right form" => {
            // The label is another's, in full: nothing that could be read says so.
            labelling_error = true;
            whose = vec![Some(other)];
            one(&all, dice)
        }
        _ => return None,
    };
    whose.resize(pages.len(), None);
    Some(Made { trap, pages, whose, should, labelling_error })
}
