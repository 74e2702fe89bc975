//! Do whole pages come out as a person would read them?

mod bad_input;
mod corpus;
mod drawn;
mod embedded;
mod scans;
mod symbols;
