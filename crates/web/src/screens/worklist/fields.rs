//! What was read, and what the index says, field by field: the same, or different?
//!
//! Before a clerk has typed a number from the paper, only the name of the index is shown beside what was read
//! (`domain.md` 2.12, 2.14): the rest is told as "same" or "DIFFERS".

use jiff::civil::Date;
use records::evidence::{Evidence, EvidenceKind};
use records::identifier::canonical;
use records::judge::Encounter;
use records::name::{Likeness, Order, parse};
use records::patient::{IdentifierStatus, Patient, Sex};
use records::rules::Rules;

/// One thing on the paper beside the index.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: &'static str,
    /// As read; empty: nothing was.
    pub(super) read: String,
    /// Pages it was read on, as their batch numbers them.
    pub(super) pages: Vec<u32>,
    /// As the index has it; empty: nothing to show.
    pub(super) index: String,
    pub(super) verdict: Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Same,
    /// The same, in other words: an earlier name, a number that was replaced.
    SameBut(&'static str),
    Differs,
    /// Too little to say.
    Unclear(&'static str),
    /// Nothing to compare with.
    None,
}

impl Verdict {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs => "DIFFERS",
            Self::SameBut(how) | Self::Unclear(how) => how,
            Self::None => "",
        }
    }

    pub(super) fn differs(self) -> bool {
        self == Self::Differs
    }

    pub(super) fn agrees(self) -> bool {
        matches!(self, Self::Same | Self::SameBut(_))
    }
}

/// How much of the index is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// The name, and how the rest compares.
    NameOnly,
    All,
}

/// What a person of the index is compared by.
pub(super) struct Compared<'a> {
    pub(super) person: &'a Patient,
    pub(super) visits: &'a [Encounter],
    pub(super) shown: Shown,
}

/// Number, name, birth date, sex: each different reading is a row of its own, where nothing was read there is one that
/// says so.
pub(super) fn identity(
    seen: &[Evidence],
    with: Option<&Compared<'_>>,
    rules: &Rules,
    today: Date,
) -> Vec<Field> {
    let number: fn(EvidenceKind) -> bool =
        |kind| matches!(kind, EvidenceKind::Barcode | EvidenceKind::Number);
    let mut fields = of_kind("Number", seen, number, with, |text, with| compare_number(text, with));
    let name: fn(EvidenceKind) -> bool = |kind| kind == EvidenceKind::Name;
    fields.extend(of_kind("Name", seen, name, with, |text, with| compare_name(text, with, rules)));
    let born: fn(EvidenceKind) -> bool = |kind| kind == EvidenceKind::BirthDate;
    fields.extend(of_kind("Birth date", seen, born, with, |text, with| {
        compare_birth(text, with, rules, today)
    }));
    let sex: fn(EvidenceKind) -> bool = |kind| kind == EvidenceKind::Sex;
    fields.extend(of_kind("Sex", seen, sex, with, |text, with| compare_sex(text, with)));
    let declared: fn(EvidenceKind) -> bool = |kind| kind == EvidenceKind::Declared;
    if seen.iter().any(|own| declared(own.kind)) {
        fields.extend(of_kind("Cover sheet", seen, declared, with, |text, with| compare_number(text, with)));
    }
    fields
}

/// Date of service beside the visits that the index knows.
pub(super) fn service(days: Option<(Date, Date)>, with: Option<&Compared<'_>>) -> Field {
    let told = |(first, last): (Date, Date)| {
        if first == last { first.to_string() } else { format!("{first} to {last}") }
    };
    let (index, verdict) = match (days, with) {
        (Some((first, last)), Some(with)) => compare_service(first, last, with),
        _ => (String::new(), Verdict::None),
    };
    Field {
        name: "Date of service",
        read: days.map(told).unwrap_or_default(),
        pages: Vec::new(),
        index,
        verdict,
    }
}

fn of_kind(
    name: &'static str,
    seen: &[Evidence],
    is_it: fn(EvidenceKind) -> bool,
    with: Option<&Compared<'_>>,
    compare: impl Fn(&str, &Compared<'_>) -> (String, Verdict),
) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for own in seen.iter().filter(|own| is_it(own.kind)) {
        let same = |field: &&mut Field| field.read == own.text;
        if let Some(field) = fields.iter_mut().find(same) {
            if !field.pages.contains(&own.page.0) {
                field.pages.push(own.page.0);
            }
            continue;
        }
        let (index, verdict) = with.map_or((String::new(), Verdict::None), |with| compare(&own.text, with));
        // What the rules found contrary is never told as the same.
        let verdict = if own.contrary && verdict.agrees() && with.is_some_and(|with| with.shown == Shown::All)
        {
            Verdict::Differs
        } else {
            verdict
        };
        fields.push(Field { name, read: own.text.clone(), pages: vec![own.page.0], index, verdict });
    }
    if fields.is_empty() {
        let index = with.map(|with| compare("", with).0).unwrap_or_default();
        let verdict = Verdict::Unclear("not read");
        fields.push(Field { name, read: String::new(), pages: Vec::new(), index, verdict });
    }
    fields
}

fn compare_number(read: &str, with: &Compared<'_>) -> (String, Verdict) {
    let plain = canonical(read);
    let own = |value: &str| !value.is_empty() && plain.ends_with(&canonical(value));
    let found = with.person.identifiers.iter().find(|own_id| own(&own_id.identifier.value));
    let verdict = match found.map(|found| found.status) {
        _ if plain.is_empty() => Verdict::Unclear("not read"),
        Some(IdentifierStatus::Active) => Verdict::Same,
        Some(IdentifierStatus::Retired) => Verdict::SameBut("same person's earlier number"),
        None => Verdict::Differs,
    };
    let number = with.person.mrn(None).map(|own| own.value.clone()).unwrap_or_default();
    (if with.shown == Shown::All { number } else { String::new() }, verdict)
}

fn compare_name(read: &str, with: &Compared<'_>, rules: &Rules) -> (String, Verdict) {
    let index = with.person.name().map(records::name::PersonName::filed).unwrap_or_default();
    let Some(paper) = parse(read) else { return (index, Verdict::Unclear("not read")) };
    let likeness = |own| Likeness::of(&paper, Order::of(read), own, &rules.nicknames);
    let best = with.person.names.iter().enumerate().map(|(at, own)| (likeness(own), at)).min();
    let verdict = match best {
        Some((Likeness::Exact, 0)) => Verdict::Same,
        Some((Likeness::Exact, _)) => Verdict::SameBut("same as an earlier name"),
        Some((Likeness::Nickname, _)) => Verdict::SameBut("same, as a nickname"),
        Some((Likeness::OneConfusion, _)) => Verdict::SameBut("same but for one misread letter"),
        Some((Likeness::Confusions, _)) => Verdict::Unclear("several letters misread"),
        Some((Likeness::Partial, _)) => Verdict::Unclear("only part of it was read"),
        Some(_) => Verdict::Differs,
        None => Verdict::None,
    };
    (index, verdict)
}

fn compare_birth(read: &str, with: &Compared<'_>, rules: &Rules, today: Date) -> (String, Verdict) {
    let own = with.person.birth_date;
    let index = match own {
        Some(day) if with.shown == Shown::All => day.to_string(),
        None => "not known".into(),
        Some(_) => String::new(),
    };
    let verdict = match (rules.calendar(today).birth(read), own) {
        (Some(read), Some(day)) if read.may_be(day) => Verdict::Same,
        (Some(_), Some(_)) => Verdict::Differs,
        _ if read.is_empty() => Verdict::Unclear("not read"),
        _ => Verdict::Unclear("cannot be compared"),
    };
    (index, verdict)
}

fn compare_sex(read: &str, with: &Compared<'_>) -> (String, Verdict) {
    let index = match with.person.sex {
        Some(Sex::Female) => "F",
        Some(Sex::Male) => "M",
        None => "not known",
    };
    let first = read.chars().next().map(|first| first.to_ascii_uppercase());
    let verdict = match (first, with.person.sex) {
        (None, _) => Verdict::Unclear("not read"),
        (Some('F'), Some(Sex::Female)) | (Some('M'), Some(Sex::Male)) => Verdict::Same,
        (Some('F' | 'M'), Some(_)) => Verdict::Differs,
        _ => Verdict::Unclear("cannot be compared"),
    };
    (index.to_owned(), verdict)
}

fn compare_service(first: Date, last: Date, with: &Compared<'_>) -> (String, Verdict) {
    let person = with.person;
    if person.birth_date.is_some_and(|born| last < born) {
        return ("before the birth date".into(), Verdict::Differs);
    }
    if let Some(died) = person.died.filter(|died| first > *died && with.shown == Shown::All) {
        return (format!("died on {died}"), Verdict::Differs);
    }
    let visit =
        with.visits.iter().filter_map(|visit| visit.days).find(|(from, to)| *from <= last && *to >= first);
    match visit {
        Some((from, to)) if with.shown == Shown::All => (format!("visit {from} to {to}"), Verdict::Same),
        Some(_) => ("a visit".into(), Verdict::Same),
        None => ("no visit known for it".into(), Verdict::None),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use records::geometry::Rect;
    use records::identifier::{AuthorityId, Identifier};
    use records::ids::PageNumber;
    use records::name::PersonName;
    use records::patient::{PatientId, PatientIdentifier};
    use records::reading::ReaderVersion;

    use super::*;

    fn read(kind: EvidenceKind, text: &str) -> Evidence {
        Evidence {
            kind,
            page: PageNumber(1),
            batch: None,
            text: text.into(),
            place: Rect::default(),
            authority: None,
            reader: ReaderVersion("test".into()),
            contrary: false,
        }
    }

    fn jane() -> Patient {
        let name = |family: &str| PersonName {
            family: family.into(),
            given: "Jane".into(),
            middle: String::new(),
            suffix: String::new(),
        };
        Patient {
            id: PatientId(uuid::Uuid::from_u128(1)),
            identifiers: vec![PatientIdentifier {
                identifier: Identifier::mrn(&AuthorityId("GENHOSP".into()), "00123456"),
                status: IdentifierStatus::Active,
            }],
            names: vec![name("Doe"), name("Miller")],
            birth_date: Some(date(1962, 3, 15)),
            earlier_birth_dates: Vec::new(),
            sex: Some(Sex::Female),
            died: None,
            flags: Default::default(),
            merged_into: None,
        }
    }

    fn rules() -> Rules {
        Rules::from_config(Default::default(), Vec::new(), None, None).unwrap()
    }

    fn beside(kind: EvidenceKind, text: &str, shown: Shown) -> Field {
        let person = jane();
        let with = Compared { person: &person, visits: &[], shown };
        let all = identity(&[read(kind, text)], Some(&with), &rules(), date(2026, 3, 4));
        all.into_iter().find(|field| field.read == text).unwrap()
    }

    #[test]
    fn what_differs_is_said_in_words() {
        for (kind, text) in [
            (EvidenceKind::Number, "00123457"),
            (EvidenceKind::Name, "SMITH, JOHN"),
            (EvidenceKind::BirthDate, "03/16/1962"),
            (EvidenceKind::Sex, "M"),
        ] {
            let field = beside(kind, text, Shown::All);
            assert_eq!(field.verdict.words(), "DIFFERS", "{kind:?}");
        }
    }

    #[test]
    fn what_is_the_same_is_said_so_and_why_where_it_looks_otherwise() {
        let words = |kind, text| beside(kind, text, Shown::All).verdict.words();
        assert_eq!(words(EvidenceKind::Barcode, "00123456"), "same");
        assert_eq!(words(EvidenceKind::Name, "DOE, JANE"), "same");
        assert_eq!(words(EvidenceKind::Name, "MILLER, JANE"), "same as an earlier name");
        assert_eq!(words(EvidenceKind::BirthDate, "03/15/1962"), "same");
        assert_eq!(words(EvidenceKind::Sex, "Female"), "same");
        assert_eq!(words(EvidenceKind::Name, "DOE"), "only part of it was read");
    }

    #[test]
    fn number_and_birth_date_of_the_index_are_not_shown_before_the_clerk_has_typed_hers() {
        for (kind, text) in [(EvidenceKind::Number, "00999999"), (EvidenceKind::BirthDate, "01/01/1970")] {
            let field = beside(kind, text, Shown::NameOnly);
            assert_eq!((field.index.as_str(), field.verdict), ("", Verdict::Differs), "{kind:?}");
        }
        let person = jane();
        let with = Compared { person: &person, visits: &[], shown: Shown::NameOnly };
        let nothing_read = identity(&[], Some(&with), &rules(), date(2026, 3, 4));
        let told: String = nothing_read.iter().map(|field| field.index.clone()).collect();
        assert!(!told.contains("00123456") && !told.contains("1962"), "{told}");
    }

    #[test]
    fn what_the_rules_found_contrary_is_never_told_as_the_same() {
        let contrary = Evidence { contrary: true, ..read(EvidenceKind::Name, "DOE, JANE") };
        let person = jane();
        let with = Compared { person: &person, visits: &[], shown: Shown::All };
        let all = identity(&[contrary], Some(&with), &rules(), date(2026, 3, 4));
        assert!(all.iter().any(|field| field.name == "Name" && field.verdict.differs()));
    }

    #[test]
    fn one_reading_on_two_pages_is_one_row() {
        let second = Evidence { page: PageNumber(2), ..read(EvidenceKind::Name, "DOE, JANE") };
        let all =
            identity(&[read(EvidenceKind::Name, "DOE, JANE"), second], None, &rules(), date(2026, 3, 4));
        let names: Vec<_> = all.iter().filter(|field| field.name == "Name").collect();
        assert_eq!(names.len(), 1);
        assert_eq!(names[0].pages, [1, 2]);
    }
}
