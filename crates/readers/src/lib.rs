//! The parent's side of the reader processes.
//!
//! Decoders and engines are C in good part and are fed whatever a fax line brings. They run in processes of
//! their own ([`child`]), one warm engine each, which get an original as an open file and are killed when they
//! overstay. [`Readers`] drives them: a page that crashes, hangs or bloats costs that page, never the line.

pub mod child;
pub mod confine;
pub mod error;
pub mod job;
mod pool;
mod process;
pub mod protocol;
mod queue;
pub mod settings;
mod worker;

pub use confine::Confinement;
pub use error::ReadersError;
pub use job::{Answers, Job, LanguageSet, PageOutcome, Picture};
pub use pool::Readers;
pub use records::batch::Priority;
pub use settings::{Program, Settings};
