//! What did the clerk mean by what she typed? Any text is a valid query.

use jiff::civil::Date;
use records::identifier::canonical;

use crate::tokens::{Token, token};

/// What must hold of a page, in the clerk's order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    pub(crate) all: Vec<Clause>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Clause {
    Word(Token),
    /// Parts that stand one after the other.
    Phrase(Vec<String>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// One of the persons the caller found for the nth patient term.
    Patient(usize, PatientTerm),
    Kind(String),
    Station(String),
    Batch(String),
    State(String),
    PageInDocument(u64),
    /// Days of service that overlap.
    Service(Option<Date>, Option<Date>),
    Received(Date, Date),
}

/// A person as the clerk named them. The caller knows the patient index and says who that may be.
#[derive(Clone, Debug, PartialEq)]
pub enum PatientTerm {
    /// "doe, jane": family name, and given name where there is one.
    Name { family: String, given: Option<String> },
    BirthDate(Date),
    /// A record number; its holder's other numbers count as well.
    Number(String),
}

impl Query {
    /// Understands what it can; what it cannot is searched for as words.
    pub fn parse(text: &str) -> Self {
        let mut all: Vec<Clause> = Vec::new();
        let mut or = false;
        let mut patients = 0;
        for piece in pieces(text) {
            if piece.text == "OR" && !piece.quoted && piece.field.is_none() {
                or = !all.is_empty();
                continue;
            }
            let Some(clause) = clause(&piece, &mut patients) else { continue };
            match all.pop_if(|_| or) {
                Some(Clause::Any(mut sides)) => {
                    sides.push(clause);
                    all.push(Clause::Any(sides));
                }
                Some(first) => all.push(Clause::Any(vec![first, clause])),
                None => all.push(clause),
            }
            or = false;
        }
        Self { all }
    }

    /// Nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// A further condition, from a flag of the command line.
    #[must_use]
    pub fn and(mut self, text: &str) -> Self {
        let more = Self::parse(text);
        let shift = self.patient_terms().len();
        self.all.extend(more.all.into_iter().map(|clause| match clause {
            Clause::Patient(at, term) => Clause::Patient(at + shift, term),
            other => other,
        }));
        self
    }

    /// The persons named, in order; the caller answers with as many lists.
    pub fn patient_terms(&self) -> Vec<&PatientTerm> {
        let mut terms = Vec::new();
        self.all.iter().for_each(|clause| clause.collect_patients(&mut terms));
        terms
    }

    /// How it was understood, in a clerk's words.
    pub fn explain(&self) -> String {
        let parts: Vec<String> = self.all.iter().map(Clause::words).collect();
        if parts.is_empty() { "everything".into() } else { parts.join(" and ") }
    }
}

impl Clause {
    fn collect_patients<'a>(&'a self, terms: &mut Vec<&'a PatientTerm>) {
        match self {
            Self::Patient(_, term) => terms.push(term),
            Self::Not(inner) => inner.collect_patients(terms),
            Self::Any(sides) => sides.iter().for_each(|side| side.collect_patients(terms)),
            _ => {}
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Word(token) => format!("the word {}", token.whole),
            Self::Phrase(parts) => format!("the words \"{}\" together", parts.join(" ")),
            Self::Any(sides) => sides.iter().map(Self::words).collect::<Vec<_>>().join(" or "),
            Self::Not(inner) => format!("not {}", inner.words()),
            Self::Patient(_, PatientTerm::Number(number)) => format!("record number {number}"),
            Self::Patient(_, PatientTerm::Name { family, given }) => match given {
                Some(given) => format!("a patient named {family}, {given}"),
                None => format!("a patient named {family}"),
            },
            Self::Patient(_, PatientTerm::BirthDate(date)) => format!("a patient born {date}"),
            Self::Kind(kind) => format!("type {}", kind.to_uppercase()),
            Self::Station(station) => format!("from station {station}"),
            Self::Batch(batch) => format!("of batch {batch}"),
            Self::State(state) => format!("that is {state}"),
            Self::PageInDocument(page) => format!("page {page} of its document"),
            Self::Service(from, to) => {
                let from = from.map_or_else(String::new, |day| format!(" from {day}"));
                let to = to.map_or_else(String::new, |day| format!(" to {day}"));
                format!("service{from}{to}")
            }
            Self::Received(from, to) => format!("received {from} to {to}"),
        }
    }
}

/// What stands between spaces, with its field and its quotes taken off.
struct Piece {
    field: Option<String>,
    text: String,
    quoted: bool,
    not: bool,
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let not = rest.len() > 1 && rest.starts_with('-') && !rest[1..].starts_with(char::is_whitespace);
        if not {
            rest = &rest[1..];
        }
        let end = rest.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(rest.len());
        let field = rest[..end]
            .split_once(':')
            .map(|(name, _)| name.to_lowercase())
            .filter(|name| FIELDS.contains(&name.as_str()));
        if let Some(name) = &field {
            rest = &rest[name.len() + 1..];
        }
        let (value, quoted, after) = match rest.strip_prefix('"') {
            Some(inside) => match inside.split_once('"') {
                Some((value, after)) => (value, true, after),
                None => (inside, true, ""),
            },
            None => {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                (&rest[..end], false, &rest[end..])
            }
        };
        pieces.push(Piece { field, text: value.to_owned(), quoted, not });
        rest = after.trim_start();
    }
    pieces
}

const FIELDS: [&str; 12] =
    ["mrn", "patient", "name", "dob", "type", "station", "batch", "state", "from", "to", "received", "page"];

fn clause(piece: &Piece, patients: &mut usize) -> Option<Clause> {
    let clause = match piece.field.as_deref() {
        Some(field) => field_clause(field, &piece.text, patients).or_else(|| words(&piece.text, true)),
        None => words(&piece.text, piece.quoted),
    }?;
    Some(if piece.not { Clause::Not(Box::new(clause)) } else { clause })
}

/// `None`: the value makes no sense for the field.
fn field_clause(field: &str, value: &str, patients: &mut usize) -> Option<Clause> {
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    let mut patient = |term: PatientTerm| {
        *patients += 1;
        Clause::Patient(*patients - 1, term)
    };
    Some(match field {
        "mrn" => patient(PatientTerm::Number(canonical(value))),
        "patient" | "name" if value.chars().any(|c| c.is_ascii_digit()) => patient(PatientTerm::Number(canonical(value))),
        "patient" | "name" => patient(name(value)),
        "dob" => patient(PatientTerm::BirthDate(days(value)?.0)),
        "type" => Clause::Kind(value.to_lowercase()),
        "station" => Clause::Station(value.to_lowercase()),
        "batch" => Clause::Batch(value.to_lowercase()),
        "state" => Clause::State(match value.to_lowercase().as_str() {
            "held" | "waiting" | "exception" => "held".into(),
            _ => "filed".into(),
        }),
        "from" => Clause::Service(Some(days(value)?.0), None),
        "to" => Clause::Service(None, Some(days(value)?.1)),
        "received" => {
            let (first, last) = days(value)?;
            Clause::Received(first, last)
        }
        "page" => Clause::PageInDocument(value.parse().ok()?),
        _ => return None,
    })
}

/// "doe, jane" or "jane doe" or "doe".
fn name(value: &str) -> PatientTerm {
    let (family, given) = match value.split_once(',') {
        Some((family, given)) => (family, given.split_whitespace().next()),
        None => match value.split_whitespace().collect::<Vec<_>>()[..] {
            [given, .., family] => (family, Some(given)),
            _ => (value, None),
        },
    };
    PatientTerm::Name { family: family.trim().to_owned(), given: given.map(ToOwned::to_owned) }
}

/// First and last day of what was typed: a day, a month or a year.
fn days(value: &str) -> Option<(Date, Date)> {
    if let Some(day) = parse_day(value) {
        return Some((day, day));
    }
    let month = match value.split_once(['-', '/']) {
        Some((year, month)) if year.len() == 4 => Some((year, month)),
        Some((month, year)) if year.len() == 4 => Some((year, month)),
        _ => None,
    };
    if let Some((year, month)) = month {
        let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
        return Some((first, first.last_of_month()));
    }
    let year = Date::new(value.parse().ok().filter(|y| (1800..2200).contains(y))?, 1, 1).ok()?;
    Some((year, year.last_of_year()))
}

fn parse_day(value: &str) -> Option<Date> {
    ["%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%Y%m%d", "%d-%b-%Y"]
        .iter()
        .find_map(|form| Date::strptime(form, value).ok())
        .filter(|day| day.year() > 1800)
}

/// Words of a piece: a phrase where they were quoted or belong together.
fn words(text: &str, together: bool) -> Option<Clause> {
    let mut tokens: Vec<Token> = text.split_whitespace().filter_map(token).collect();
    if tokens.len() == 1 {
        let only = tokens.remove(0);
        return Some(if together && only.parts.len() > 1 { Clause::Phrase(only.parts) } else { Clause::Word(only) });
    }
    let parts: Vec<String> = tokens.into_iter().flat_map(|token| token.parts).collect();
    (!parts.is_empty()).then_some(Clause::Phrase(parts))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn word(text: &str) -> Clause {
        Clause::Word(token(text).unwrap())
    }

    #[test]
    fn words_phrases_not_and_or_are_understood() {
        let query = Query::parse("chest \"stress test\" -smoker aspirin OR warfarin");
        assert_eq!(
            query.all,
            [
                word("chest"),
                Clause::Phrase(vec!["stress".into(), "test".into()]),
                Clause::Not(Box::new(word("smoker"))),
                Clause::Any(vec![word("aspirin"), word("warfarin")]),
            ]
        );
    }

    #[test]
    fn fields_are_understood_with_any_usual_date() {
        let query = Query::parse("mrn:12-34-56 patient:\"doe, jane\" dob:3/15/1962 from:2019-01 to:2019-06");
        let Clause::Patient(0, PatientTerm::Number(number)) = &query.all[0] else { panic!() };
        assert_eq!(number, "123456", "terminal-digit hyphens do not matter");
        assert_eq!(query.patient_terms().len(), 3);
        assert_eq!(query.all[3], Clause::Service(Some(date(2019, 1, 1)), None));
        assert_eq!(query.all[4], Clause::Service(None, Some(date(2019, 6, 30))));
        assert!(query.explain().contains("born 1962-03-15"), "{}", query.explain());
    }

    #[test]
    fn any_text_is_a_query() {
        for text in ["", "\"", "-", "- a", "OR", "OR OR", "from:yesterday", "mrn:", "a:b:c", "\"open", "🙂 é -\"", ":"] {
            let _ = Query::parse(text).explain();
        }
        assert_eq!(Query::parse("from:yesterday").all, [word("yesterday")], "searched for as a word");
    }
}
