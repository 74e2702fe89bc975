//! Do whole pages come out as a person would read them?

mod corpus;
mod drawn;
mod embedded;
mod scans;
mod symbols;
