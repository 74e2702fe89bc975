//! The words of the product and the rules about them. No I/O, ever; "today" is always an argument.
//!
//! The middle of Chartroom is four pure questions, asked in this order:
//! [`separation::separate`] (which pages belong together?), [`sighting::sightings`] (which identifiers
//! stand on them?), [`judge::judge`] (whose are they, or must a person decide?) and
//! [`kind`] (what are they?).

pub mod batch;
pub mod check_digit;
pub mod codes;
pub mod dates;
pub mod document;
pub mod entry;
pub mod evidence;
pub mod exception;
pub mod feed;
#[doc(hidden)]
pub mod fuzz;
pub mod geometry;
pub mod identifier;
pub mod ids;
pub mod judge;
pub mod kind;
pub mod mask;
pub mod mended;
pub mod name;
pub mod outline;
pub mod patient;
pub mod reading;
pub mod rescan;
pub mod rights;
pub mod rules;
pub mod separation;
pub mod shadow;
pub mod sheet;
pub mod sighting;
pub mod station;
