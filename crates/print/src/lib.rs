//! Paper we make: control sheets and labels, as PDFs for any office printer.
//!
//! US Letter, black only, the standard fonts that every printer has: a sheet survives a photocopier, a fax line and
//! a year in a drawer.

pub mod label;
mod paper;
pub mod sheet;
