//! What other systems say to us. For now: the patient index and its visits as CSV.

mod dates;
pub mod encounters;
pub mod folder;
#[doc(hidden)]
pub mod fuzz;
pub mod patients;
mod table;
