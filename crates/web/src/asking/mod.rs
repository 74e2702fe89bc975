//! From a question to what is shown of its answer: understood with all that the house knows, put to the index within
//! what the asker may see, and told. The desk and the command line ask alike.

mod found;
mod json;
mod people;
pub(crate) mod wanted;

pub use found::{Found, Place, found, place_of};
pub use json::{answer_in_json, like_in_json, suggestions_in_json};
pub use people::Counted;

use archive::{Archive, ArchiveError};
use records::codes::Descriptions;
use records::identifier::{AuthorityId, Identifier};
use records::patient::PatientId;
use records::rights::Viewer;
use records::rules::Rules;
use search::{
    Answer, Charted, Hit, IndexReader, Model, PatientTerm, Query, Resolved, Screen, SearchError, Suggestion,
    Typed, Vocabulary,
};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Some of these ask for the index to be opened anew.
    #[error(transparent)]
    Index(#[from] SearchError),
}

/// Who asks, and of what.
pub struct Asker<'a> {
    pub archive: &'a Archive,
    pub rules: &'a Rules,
    pub vocabulary: &'a Vocabulary,
    pub viewer: &'a Viewer,
    /// Who may have assigned a number that is typed.
    pub authorities: Vec<AuthorityId>,
}

/// An answer, and of each of its pages ([`shown`]) those that it looks like a copy of.
#[derive(Default)]
pub struct Answered {
    pub answer: Answer,
    pub copies: Vec<Vec<Hit>>,
    /// In whose charts the pages are, where it is told how the answer divides.
    pub people: Vec<Counted>,
}

/// What has all that was asked, then what has most of it.
pub fn shown(answer: &Answer) -> impl Iterator<Item = &Hit> {
    answer.hits.iter().chain(answer.nearly.iter().map(|near| &near.hit))
}

impl Asker<'_> {
    /// With all that this house knows: its types of document, what its words mean, and the codes they stand for.
    pub fn understood(&self, query: Query, codes: Option<&Descriptions>) -> Query {
        let query = query.knowing(&self.rules.kinds).speaking(self.vocabulary);
        match codes.filter(|_| query.has_words()) {
            Some(codes) => query.coded(codes),
            None => query,
        }
    }

    /// Who may be meant by patient terms: everybody the patient index knows, with all their identities.
    pub fn resolved(&self, terms: Vec<&PatientTerm>) -> Result<Resolved, ArchiveError> {
        let mut lists = Vec::new();
        for term in terms {
            let mut everybody = Vec::new();
            for survivor in self.meant(term)? {
                everybody.extend(self.archive.identities(survivor)?);
            }
            lists.push(everybody);
        }
        Ok(Resolved(lists))
    }

    fn meant(&self, term: &PatientTerm) -> Result<Vec<PatientId>, ArchiveError> {
        Ok(match term {
            PatientTerm::Number(number) => {
                let mut all = Vec::new();
                for authority in &self.authorities {
                    let (value, _) = self.rules.number(number, Some(authority));
                    let number = Identifier::mrn(authority, &value);
                    all.extend(self.archive.patient_by_number(&number)?.map(|patient| patient.id));
                }
                all
            }
            PatientTerm::Name { family, given } => self.archive.patients_named(family, given.as_deref())?,
            PatientTerm::BirthDate(born) => self.archive.patients_born(*born)?,
            PatientTerm::Known(patient) => vec![*patient],
        })
    }

    /// The pages that answer, within what the asker may see, and nothing about them.
    pub fn search(&self, reader: &IndexReader, query: &Query, screen: Screen) -> Result<Answer, AskError> {
        let patients = self.resolved(query.patient_terms())?;
        let scope = self.archive.scope(self.viewer, reader.position())?;
        Ok(reader.search(query, &patients, &scope, screen)?)
    }

    /// The pages that answer, with what they look like copies of, and whose they are.
    pub fn answer(&self, reader: &IndexReader, query: &Query, screen: Screen) -> Result<Answered, AskError> {
        let answer = self.search(reader, query, screen)?;
        let scope = self.archive.scope(self.viewer, reader.position())?;
        let copies = reader.copies(&self.charted(shown(&answer))?, &scope)?;
        let people = match &answer.facets {
            Some(facets) => people::now(self, reader, query, facets)?,
            None => Vec::new(),
        };
        Ok(Answered { answer, copies, people })
    }

    /// How many pages answer; which they are is not asked.
    pub fn count(&self, reader: &IndexReader, query: &Query) -> Result<usize, AskError> {
        Ok(self.search(reader, query, Screen::of(0))?.total)
    }

    /// Pages like one that the asker has a sight of.
    pub fn like(&self, reader: &IndexReader, model: Model<'_>, limit: usize) -> Result<Answered, AskError> {
        let scope = self.archive.scope(self.viewer, reader.position())?;
        let mut answer = Answer::default();
        answer.hits = reader.similar(model, &scope, limit)?;
        answer.total = answer.hits.len();
        let copies = reader.copies(&self.charted(answer.hits.iter())?, &scope)?;
        Ok(Answered { answer, copies, people: Vec::new() })
    }

    /// How a line may go on.
    pub fn suggest(
        &self,
        reader: &IndexReader,
        typed: &Typed,
        limit: usize,
    ) -> Result<Vec<Suggestion>, AskError> {
        let patients = self.resolved(typed.patient_terms())?;
        let scope = self.archive.scope(self.viewer, reader.position())?;
        Ok(reader.suggest(typed, &patients, &scope, limit)?)
    }

    /// Whose chart each hit is in, now: copies are looked for there.
    fn charted<'h>(&self, hits: impl Iterator<Item = &'h Hit>) -> Result<Vec<Charted>, ArchiveError> {
        let mut charted = Vec::new();
        for hit in hits {
            let document = hit.document.map(|id| self.archive.document(&id)).transpose()?.flatten();
            let chart = document.map(|document| self.archive.identities(document.patient.id)).transpose()?;
            charted.push(Charted { page: hit.page, chart: chart.unwrap_or_default() });
        }
        Ok(charted)
    }
}
