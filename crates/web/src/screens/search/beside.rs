//! What stands beside an answer: what narrows it, what was searched for as well, and what cannot be searched.

use archive::PatientSummary;
use records::document::KindCode;
use records::patient::PatientId;
use records::reading::Legibility;
use search::{ChartText, Facets};

use super::ask::Told;
use super::count;
use crate::asking::Counted;
use crate::asking::wanted::{Narrowing, Search};
use crate::desk::Desk;
use crate::fault::Fault;

pub(super) struct Beside {
    pub(super) chips: Vec<Chip>,
    pub(super) groups: Vec<Group>,
    /// Searched for as well, each to be dropped.
    pub(super) also: Vec<String>,
    /// Misread forms that were searched for as well.
    pub(super) misread: Vec<String>,
    /// Dropped before, to be put back.
    pub(super) dropped: Vec<String>,
    /// Short forms that may mean something that was not searched for.
    pub(super) meanings: Vec<(String, Vec<String>)>,
    pub(super) unread: Option<Unread>,
}

/// Something that narrows the answer, as people say it.
pub(super) struct Chip {
    pub(super) what: &'static str,
    pub(super) words: String,
    /// As forms send it.
    pub(super) value: String,
}

/// What divides the answer in one way.
pub(super) struct Group {
    pub(super) title: &'static str,
    pub(super) first: Vec<Part>,
    /// Folded away.
    pub(super) rest: Vec<Part>,
}

pub(super) struct Part {
    pub(super) words: String,
    /// Less important.
    pub(super) quiet: String,
    pub(super) pages: u64,
    pub(super) value: String,
    /// All of the answer: it narrows nothing.
    pub(super) is_all: bool,
}

/// Of the chart that was asked for, pages with little or no readable text.
pub(super) struct Unread {
    pub(super) words: String,
    /// The chart, where it is surely one.
    pub(super) chart: Option<String>,
}

/// Parts of a group that are seen at once.
const SEEN: usize = 7;

impl Beside {
    pub(super) fn of(desk: &Desk, search: &Search, told: &Told) -> Result<Self, Fault> {
        let answer = &told.answered.answer;
        let chips = search.narrowed.iter().map(|part| chip(desk, part)).collect::<Result<Vec<_>, _>>()?;
        let facets = answer.facets.clone().unwrap_or_default();
        let groups = groups(desk, &facets, &told.answered.people, answer.total as u64);
        let searched =
            |written: &String| answer.also_searched.contains(written) || search.without.contains(written);
        let meanings = answer.meanings.iter().map(|meaning| {
            let others = meaning.means.iter().filter(|means| !searched(means)).cloned();
            (meaning.said.clone(), others.collect::<Vec<_>>())
        });
        let unread = answer.charts.filter(|text| text.hard_to_read > 0);
        Ok(Self {
            chips,
            groups,
            also: answer.also_searched.clone(),
            misread: answer.variants.clone(),
            dropped: search.without.iter().cloned().collect(),
            meanings: meanings.filter(|(_, means)| !means.is_empty()).collect(),
            unread: unread.map(|text| Unread { words: unread_words(text), chart: only_chart(search) }),
        })
    }
}

fn unread_words(ChartText { pages, hard_to_read }: ChartText) -> String {
    let have = if hard_to_read == 1 { "has" } else { "have" };
    format!(
        "Of {} in this chart, {hard_to_read} {have} little or no readable text: no search finds what stands on them.",
        count(pages)
    )
}

/// The chart that was narrowed to.
fn only_chart(search: &Search) -> Option<String> {
    let mut patients = search.narrowed.iter().filter(|part| matches!(part, Narrowing::Patient(_)));
    patients.next().map(ToString::to_string).filter(|_| patients.next().is_none())
}

fn chip(desk: &Desk, part: &Narrowing) -> Result<Chip, Fault> {
    let (what, words) = match part {
        Narrowing::Patient(id) => ("Patient", person(&patient(desk, *id)?).0),
        Narrowing::Kind(code) => ("Type", kind(desk, code).0),
        Narrowing::Year(year) => ("Service in", year.to_string()),
        Narrowing::Station(station) => ("Station", station.clone()),
        Narrowing::State(code) => ("State", state(code).into()),
        Narrowing::Legibility(legibility) => ("Text", legible(*legibility).into()),
        Narrowing::HardToRead => ("Text", "little or none".into()),
    };
    Ok(Chip { what, words, value: part.to_string() })
}

fn patient(desk: &Desk, id: PatientId) -> Result<PatientSummary, Fault> {
    Ok(desk.archive.patient_summary(id)?)
}

fn groups(desk: &Desk, facets: &Facets, people: &[Counted], total: u64) -> Vec<Group> {
    let part = |(words, quiet): (String, String), value: Narrowing, pages: u64| Part {
        words,
        quiet,
        pages,
        value: value.to_string(),
        is_all: pages == total,
    };
    let people =
        people.iter().map(|one| part(person(&one.patient), Narrowing::Patient(one.patient.id), one.pages));
    let kinds = facets
        .kinds
        .iter()
        .map(|(code, pages)| part(kind(desk, code), Narrowing::Kind(code.clone()), *pages));
    let plain = |words: &str| (words.to_owned(), String::new());
    let years = facets
        .years
        .iter()
        .map(|(year, pages)| part(plain(&year.to_string()), Narrowing::Year(*year), *pages));
    let stations = facets
        .stations
        .iter()
        .map(|(station, pages)| part(plain(station), Narrowing::Station(station.clone()), *pages));
    let states = facets
        .states
        .iter()
        .map(|(code, pages)| part(plain(state(code)), Narrowing::State(code.clone()), *pages));
    let legibilities = facets.legibilities.iter().filter_map(|(word, pages)| {
        let legibility = Legibility::of_word(word)?;
        Some(part(plain(legible(legibility)), Narrowing::Legibility(legibility), *pages))
    });
    let all: [(&'static str, Vec<Part>); 6] = [
        ("Patient", people.collect()),
        ("Type", kinds.collect()),
        ("Year of service", years.collect()),
        ("Station", stations.collect()),
        ("State", states.collect()),
        ("Readable text", legibilities.collect()),
    ];
    all.into_iter()
        .filter(|(_, parts)| !parts.is_empty())
        .map(|(title, parts)| Group::of(title, parts))
        .collect()
}

impl Group {
    fn of(title: &'static str, mut parts: Vec<Part>) -> Self {
        // One that is folded away takes as much room as one that is not.
        let rest = if parts.len() > SEEN + 1 { parts.split_off(SEEN) } else { Vec::new() };
        Self { title, first: parts, rest }
    }
}

/// Name, and what tells namesakes apart.
fn person(patient: &PatientSummary) -> (String, String) {
    let name = if patient.name.is_empty() { "name not known".into() } else { patient.name.clone() };
    let born = patient.birth_date.map(|born| born.to_string());
    let number = patient.mrn.as_ref().map(|mrn| mrn.value.clone());
    (name, born.into_iter().chain(number).collect::<Vec<_>>().join(" · "))
}

/// A type by its code in lower case.
fn kind(desk: &Desk, code: &str) -> (String, String) {
    let code = code.to_uppercase();
    match desk.rules.kinds.get(&KindCode(code.clone())) {
        Some(kind) => (kind.name.clone(), code),
        None => (code, String::new()),
    }
}

fn state(code: &str) -> &'static str {
    if code == "held" { "waiting on the worklist" } else { "filed in a chart" }
}

const fn legible(legibility: Legibility) -> &'static str {
    match legibility {
        Legibility::Good => "readable",
        Legibility::Little => "little readable text",
        Legibility::None => "no readable text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(count: usize) -> Vec<Part> {
        let part = |at: usize| Part {
            words: at.to_string(),
            quiet: String::new(),
            pages: 1,
            value: String::new(),
            is_all: false,
        };
        (0..count).map(part).collect()
    }

    #[test]
    fn long_groups_are_folded_and_never_for_one_line() {
        let sizes = |count| {
            let group = Group::of("Type", parts(count));
            (group.first.len(), group.rest.len())
        };
        assert_eq!((sizes(3), sizes(8), sizes(9)), ((3, 0), (8, 0), (7, 2)));
    }

    #[test]
    fn a_chart_says_how_much_of_it_no_search_finds() {
        let said = unread_words(ChartText { pages: 12, hard_to_read: 7 });
        assert!(said.starts_with("Of 12 pages in this chart, 7 have little or no readable text"), "{said}");
        assert!(
            unread_words(ChartText { pages: 1, hard_to_read: 1 })
                .starts_with("Of 1 page in this chart, 1 has")
        );
    }

    #[test]
    fn a_chart_is_one_only_where_it_was_narrowed_to_alone() {
        let narrowed = |parts: &[&str]| Search {
            narrowed: parts.iter().map(|part| part.parse().unwrap()).collect(),
            ..Search::default()
        };
        let (one, two) =
            ("patient=00000000-0000-0000-0000-000000000001", "patient=00000000-0000-0000-0000-000000000002");
        assert_eq!(only_chart(&narrowed(&[one, "type=lab"])).as_deref(), Some(one));
        assert_eq!(only_chart(&narrowed(&[one, two])), None);
        assert_eq!(only_chart(&narrowed(&["type=lab"])), None);
    }
}
