//! The line a scan travels: watch, settle, claim, receive, group, read, separate, judge, file, follow.
//!
//! [`intake`] takes files from stations, [`Line`] carries batches from received to searchable. The order of a
//! batch's steps is in one place, `process`; what becomes of its pages is decided in `decide`.

mod again;
mod copies;
mod decide;
mod error;
mod follow;
#[doc(hidden)]
pub mod fuzz;
mod index_check;
pub mod intake;
mod line;
mod mend;
mod process;
mod readings;
mod reused;
pub mod settings;
mod stop;
mod stray;
mod sweep;

pub use decide::Site;
pub use error::LineError;
pub use follow::{catch_up, open_index, rebuild_index};
pub use line::{Line, Parts, Progress};
pub use stop::Stop;
pub use sweep::{Swept, sweep};
