//! Finding pages: query language, OCR-tolerant expansion, tantivy.
//!
//! The index holds one document a page and is cheap derived data: a function of the catalogue, thrown away and
//! rebuilt at will. It answers only within a [`records::rights::Scope`].

mod answer;
mod best_of;
mod copies;
mod days;
mod error;
mod expand;
mod facets;
mod fit;
#[doc(hidden)]
pub mod fuzz;
mod handed;
mod hidden;
mod highlight;
mod index;
mod lexicon;
mod nearly;
mod patience;
mod placed;
mod plural;
mod query;
mod question;
mod schema;
mod seen;
mod similar;
mod sketch;
mod suggest;
mod tokens;
mod vocabulary;
mod walked;
mod whole;

pub use answer::{Answer, ChartText, Hit, Meaning, Near, Order, Resolved, Screen};
pub use copies::Charted;
pub use error::SearchError;
pub use facets::Facets;
pub use highlight::{Highlight, Piece, highlight};
pub use index::{Beside, Checkup, Index, IndexReader, Opened, Source, Unfit};
pub use query::typed::Typed;
pub use query::{PatientTerm, Query, Wished};
pub use similar::Model;
pub use suggest::Suggestion;
pub use vocabulary::{Vocabulary, VocabularyError};

#[cfg(test)]
mod tests;
