//! What did the clerk mean by what she typed? Any text is a valid query.

use std::fmt;

use jiff::civil::Date;
use records::codes::{CodePattern, Described, Descriptions};
use records::ids::PageRef;
use records::kind::Kinds;
use records::patient::PatientId;
use records::reading::Legibility;

use crate::tokens::Token;
use crate::vocabulary::{Sense, Vocabulary};

mod coded;
pub(crate) mod compile;
mod explain;
mod meaning;
mod parse;
pub(crate) mod typed;
mod wished;

pub use wished::Wished;

/// What must hold of a page, in the clerk's order.
#[derive(Clone, Default, PartialEq)]
pub struct Query {
    pub(crate) all: Vec<Clause>,
    /// There was more than is ever understood; the rest was left out.
    cut: bool,
    /// What the clerk has said about what was searched for as well.
    pub(crate) wished: Wished,
}

#[derive(Clone, PartialEq)]
pub(crate) enum Clause {
    Word(Token),
    /// Parts that stand one after the other.
    Phrase(Vec<String>),
    /// Words, all of them, or what means the same.
    Same(Vec<Self>, Sense),
    /// Words, or whatever they may mean.
    Means(Vec<Token>),
    Any(Vec<Self>),
    All(Vec<Self>),
    Not(Box<Self>),
    /// One of the persons the caller found for the nth patient term.
    Patient(usize, PatientTerm),
    /// Visit or account number, canonical.
    Account(String),
    /// One of these types of document, lower case.
    Kind(Vec<String>),
    Station(String),
    Batch(String),
    /// `project.box`, or `box` alone.
    PaperBox(String),
    Evidence(String),
    Legibility(Legibility),
    /// `filed` or `held`.
    State(&'static str),
    PageInDocument(u64),
    Code(CodePattern),
    /// A word, or one of the codes that it and its neighbours stand for: all of them hold where one of the codes is.
    Described(Box<Self>, Vec<Described>),
    /// Days of service that overlap.
    Service(Option<Date>, Option<Date>),
    /// First and last day.
    Received(Date, Date),
    /// One of these pages.
    Pages(Vec<PageRef>),
}

/// A person as the clerk named them. The caller knows the patient index and says who that may be.
#[derive(Clone, PartialEq, Eq)]
pub enum PatientTerm {
    /// "doe, jane": family name, and given name where there is one.
    Name {
        family: String,
        given: Option<String>,
    },
    BirthDate(Date),
    /// A record number, canonical. What was filed under it is found as well when the caller knows nobody.
    Number(String),
    /// This very person: picked from a list, never typed.
    Known(PatientId),
}

impl Query {
    /// Understands what it can; what it cannot is searched for as words. `today` says which century a year of two
    /// digits is in.
    pub fn parse(text: &str, today: Date) -> Self {
        parse::query(text, today)
    }

    /// One condition alone, as a flag of the command line gives it (`field` without its colon). `None`: the field is
    /// unknown or the value makes no sense for it.
    pub fn field(field: &str, value: &str, today: Date) -> Option<Self> {
        Some(Self::only(parse::field(field, value, &mut 0, today)?))
    }

    /// Everything in the chart of one person.
    pub fn chart(of: PatientId) -> Self {
        Self::only(Clause::Patient(0, PatientTerm::Known(of)))
    }

    /// Of these pages, whatever else is asked.
    pub fn among(pages: Vec<PageRef>) -> Self {
        Self::only(Clause::Pages(pages))
    }

    fn only(clause: Clause) -> Self {
        Self { all: vec![clause], ..Self::default() }
    }

    /// With what its words mean in a clinic: a page that says "heart attack" answers to `MI`.
    #[must_use]
    pub fn speaking(self, vocabulary: &Vocabulary) -> Self {
        meaning::speaking(self, vocabulary)
    }

    /// With the types of document a site knows: `type:"operative note"` is `type:OP`.
    #[must_use]
    pub fn knowing(mut self, kinds: &Kinds) -> Self {
        self.all.iter_mut().for_each(|clause| clause.name_kinds(kinds));
        self
    }

    /// With the codes that its words stand for: a page that prints only `E11.9` answers to "type 2 diabetes".
    #[must_use]
    pub fn coded(self, texts: &Descriptions) -> Self {
        coded::coded(self, texts)
    }

    /// With what the clerk has said about what was searched for as well.
    #[must_use]
    pub fn wishing(mut self, wished: Wished) -> Self {
        self.wished = wished;
        self
    }

    /// Whether it has words that may stand for codes, so that [`Self::coded`] is worth its texts.
    pub fn has_words(&self) -> bool {
        coded::has_words(&self.all)
    }

    /// Both must hold.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        let shift = self.patient_terms().len();
        self.all.extend(other.all.into_iter().map(|clause| clause.shifted(shift)));
        self.cut |= other.cut;
        self.wished.add(other.wished);
        self
    }

    /// Nothing is asked for: every page answers.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The persons named, in order; the caller answers with as many lists ([`crate::Resolved`]).
    pub fn patient_terms(&self) -> Vec<&PatientTerm> {
        let mut terms = Vec::new();
        self.all.iter().for_each(|clause| clause.collect_patients(&mut terms));
        terms
    }

    /// Whose charts it asks for: of each list one must hold. Empty where it asks for no chart.
    pub(crate) fn charts(&self) -> Vec<Vec<(usize, &PatientTerm)>> {
        fn named(clause: &Clause) -> Option<(usize, &PatientTerm)> {
            if let Clause::Patient(at, term) = clause { Some((*at, term)) } else { None }
        }
        fn of(clause: &Clause) -> Vec<(usize, &PatientTerm)> {
            match clause {
                Clause::Any(sides) => sides.iter().filter_map(named).collect(),
                other => named(other).into_iter().collect(),
            }
        }
        self.all.iter().map(of).filter(|one| !one.is_empty()).collect()
    }

    /// How it was understood, in a clerk's words. May name a patient: for the screen, never for a log.
    pub fn explain(&self) -> String {
        explain::explain(self)
    }
}

impl Clause {
    const fn as_word(&self) -> Option<&Token> {
        if let Self::Word(token) = self { Some(token) } else { None }
    }

    /// Typed as text: words and phrases, and nothing else.
    pub(crate) fn is_text(&self) -> bool {
        match self {
            Self::Word(_) | Self::Phrase(_) | Self::Same(..) | Self::Means(_) => true,
            Self::Any(sides) => sides.iter().all(Self::is_text),
            Self::Described(said, _) => said.is_text(),
            _ => false,
        }
    }

    /// Text as it was typed, about.
    pub(crate) fn typed(&self) -> String {
        let all = |clauses: &[Self], between: &str| -> String {
            clauses.iter().map(Self::typed).collect::<Vec<_>>().join(between)
        };
        match self {
            Self::Word(token) => token.whole.clone(),
            Self::Phrase(parts) => format!("\"{}\"", parts.join(" ")),
            Self::Same(said, _) => all(said, " "),
            Self::Described(said, _) => said.typed(),
            Self::Means(tokens) => {
                tokens.iter().map(|token| token.whole.as_str()).collect::<Vec<_>>().join(" ")
            }
            Self::Any(sides) => all(sides, " OR "),
            _ => String::new(),
        }
    }

    fn collect_patients<'a>(&'a self, terms: &mut Vec<&'a PatientTerm>) {
        match self {
            Self::Patient(_, term) => terms.push(term),
            Self::Not(inner) => inner.collect_patients(terms),
            Self::Any(sides) | Self::All(sides) => {
                sides.iter().for_each(|side| side.collect_patients(terms));
            }
            _ => {}
        }
    }

    fn name_kinds(&mut self, kinds: &Kinds) {
        match self {
            Self::Kind(said) => {
                let known = said.iter().flat_map(|said| kinds.named(said));
                let known: Vec<String> = known.map(|kind| kind.code.0.to_lowercase()).collect();
                if !known.is_empty() {
                    *said = known;
                }
            }
            Self::Not(inner) => inner.name_kinds(kinds),
            Self::Any(sides) | Self::All(sides) => sides.iter_mut().for_each(|side| side.name_kinds(kinds)),
            _ => {}
        }
    }

    fn shifted(self, by: usize) -> Self {
        match self {
            Self::Patient(at, term) => Self::Patient(at + by, term),
            Self::Not(inner) => Self::Not(Box::new(inner.shifted(by))),
            Self::Any(sides) => Self::Any(sides.into_iter().map(|side| side.shifted(by)).collect()),
            Self::All(parts) => Self::All(parts.into_iter().map(|part| part.shifted(by)).collect()),
            other => other,
        }
    }
}

/// Never shows what was asked: people search for people, and `Debug` ends up in logs.
impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Query({} conditions)", self.all.len())
    }
}

impl fmt::Debug for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clause(…)")
    }
}

impl fmt::Debug for PatientTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PatientTerm(…)")
    }
}
