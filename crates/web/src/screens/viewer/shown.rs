//! What does an id in an address name, and may this person see it?

use archive::{BatchRow, DocumentRow, ExceptionRow};
use records::document::DocumentState;
use records::ids::{PageNumber, PageRef};
use records::patient::PatientId;
use records::rights::Right;

use crate::desk::Desk;
use crate::fault::Fault;
use crate::people::Person;

/// Pages that are looked at together.
pub(crate) struct Shown {
    pub(crate) id: String,
    pub(crate) pages: Vec<PageRef>,
    pub(crate) what: What,
}

pub(crate) enum What {
    Document(Box<DocumentRow>),
    Exception(Box<ExceptionRow>),
    Batch(Box<BatchRow>),
}

impl Shown {
    /// The same answer for what is not there, what is not for this person and what is no id at all. Whether the pages
    /// may be seen is decided (and recorded) by the sight of them.
    pub(crate) fn find(desk: &Desk, person: &Person, id: &str) -> Result<Self, Fault> {
        let what = match id.as_bytes().first() {
            Some(b'd') => {
                person.must(Right::Charts)?;
                What::Document(Box::new(known(desk.archive.document(&parsed(id)?)?)?))
            }
            Some(b'x') => {
                person.must(Right::Worklist)?;
                What::Exception(Box::new(known(desk.archive.exception(&parsed(id)?)?)?))
            }
            Some(b'b') => {
                person.must(Right::Worklist)?;
                What::Batch(Box::new(desk.archive.batch(&parsed(id)?)?))
            }
            _ => return Err(Fault::NotThere),
        };
        let pages = match &what {
            What::Document(document) => document.pages.clone(),
            What::Exception(exception) => exception.pages.clone(),
            What::Batch(batch) => {
                let page = |page| PageRef { batch: batch.id, page: PageNumber(page) };
                (1..=batch.pages()).map(page).collect()
            }
        };
        Ok(Self { id: id.to_owned(), pages, what })
    }

    /// A page by its number here, from 1.
    pub(crate) fn page(&self, number: u32) -> Result<PageRef, Fault> {
        let at = number.checked_sub(1).ok_or(Fault::NotThere)?;
        self.pages.get(at as usize).copied().ok_or(Fault::NotThere)
    }

    pub(crate) fn document(&self) -> Option<&DocumentRow> {
        match &self.what {
            What::Document(document) => Some(document),
            What::Exception(_) | What::Batch(_) => None,
        }
    }
}

/// Whether a document may be told of at all: by its labels and, where it was withdrawn, by who works the worklist.
pub(crate) fn may_see(person: &Person, document: &DocumentRow) -> bool {
    let in_chart = document.state == DocumentState::Filed;
    person.may(Right::Charts)
        && (in_chart || person.may(Right::Worklist))
        && person.viewer().may_see(&document.labels, Some(document.filed_patient))
}

pub(crate) fn parsed<T: std::str::FromStr>(text: &str) -> Result<T, Fault> {
    text.parse().map_err(|_| Fault::NotThere)
}

pub(crate) fn patient_named(text: &str) -> Result<PatientId, Fault> {
    // In one spelling only: an address names one thing.
    let id: uuid::Uuid = parsed(text)?;
    if id.to_string() == text { Ok(PatientId(id)) } else { Err(Fault::NotThere) }
}

fn known<T>(found: Option<T>) -> Result<T, Fault> {
    found.ok_or(Fault::NotThere)
}
