//! What other systems say to us. For now: the patient index as CSV.

pub mod folder;
#[doc(hidden)]
pub mod fuzz;
pub mod patients;
