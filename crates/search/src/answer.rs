//! What is an answer, and which part of it is wanted?

use records::codes::CodePattern;
use records::ids::{DocumentId, ExceptionId, PageRef};
use records::patient::PatientId;

use crate::facets::Facets;
use crate::query::compile::Mark;

/// For each patient term of the query, everybody it may mean: all identities, as filed.
#[derive(Clone, Debug, Default)]
pub struct Resolved(pub Vec<Vec<PatientId>>);

/// Which part of an answer is wanted, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Screen {
    /// At most so many pages, ...
    pub limit: usize,
    /// ... after so many.
    pub offset: usize,
    pub order: Order,
    /// Whether it is told how the answer divides.
    pub facets: bool,
}

/// What comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// What fits best.
    #[default]
    Relevance,
    /// The latest service; pages without a date come last.
    Newest,
    /// The earliest service; pages without a date come last.
    Oldest,
    /// What was received last.
    Received,
}

impl Screen {
    /// So many pages from the first on, best first.
    pub const fn of(limit: usize) -> Self {
        Self { limit, offset: 0, order: Order::Relevance, facets: false }
    }
}

/// The pages of one screen, and how many there are.
#[derive(Clone, Default)]
pub struct Answer {
    /// Pages that match and that the asker may see.
    pub total: usize,
    /// It took too long, and only a part of the pages was looked through: there may be more, and better ones.
    pub unfinished: bool,
    /// In the order asked for; equals in the order of batch and page, however the index lies on disk.
    pub hits: Vec<Hit>,
    /// Where few pages have all of it, on the first screen and by relevance: those that have all but one of the words
    /// and phrases. Not counted in `total`.
    pub nearly: Vec<Near>,
    /// How all of it divides; `None`: that was not asked.
    pub facets: Option<Facets>,
    /// How much of the charts asked for can be searched at all; `None`: no chart was asked for.
    pub charts: Option<ChartText>,
    /// What means the same as words of the query, was searched for as well, and stands on a page the asker may see.
    pub also_searched: Vec<String>,
    /// Words of the query that stand for something else.
    pub meanings: Vec<Meaning>,
    /// Misread forms of the words that were searched for as well and that stand on a page the asker may see.
    pub variants: Vec<String>,
    /// What to mark on a page of it.
    pub(crate) marks: Vec<Mark>,
    /// Codes to mark on a page of it.
    pub(crate) codes: Vec<CodePattern>,
}

/// How much of a chart can be searched: that nothing is found does not mean that nothing is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChartText {
    /// Pages of the chart that the asker may see.
    pub pages: usize,
    /// Those with little or no readable text ([`records::reading::Legibility`]).
    pub hard_to_read: usize,
}

/// Words of a query, and what they stand for, as far as it is written out on a page the asker may see. More than one
/// meaning was searched for only where `means:` asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    pub said: String,
    pub means: Vec<String>,
}

/// Counts only: variants are words of pages.
impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Answer({} of {})", self.hits.len(), self.total)
    }
}

/// One page.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub page: PageRef,
    /// Where it is filed; else it waits on the worklist.
    pub document: Option<DocumentId>,
    pub exception: Option<ExceptionId>,
    /// BM25, or one over its place where there are pages that the asker may not see; 0 where only fields were asked for
    /// or dates decide the order.
    pub score: f32,
}

/// A page that has most of what was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    pub hit: Hit,
    /// What is not on it, as it was typed.
    pub without: Vec<String>,
}
