//! How is a query said back to the clerk who typed it?

use records::codes::Described;
use records::reading::Legibility;

use super::{Clause, PatientTerm, Query, Wished};
use crate::vocabulary::Sense;

pub(super) fn explain(query: &Query) -> String {
    let wished = &query.wished;
    let said = if query.all.is_empty() { "everything".into() } else { all(&query.all, wished) };
    if query.cut { format!("{said} (the rest was too long and was left out)") } else { said }
}

fn words(clause: &Clause, wished: &Wished) -> String {
    match clause {
        Clause::Word(token) => match &token.date {
            Some(date) => format!("the date {}-{}-{}", &date[..4], &date[4..6], &date[6..]),
            None => format!("the word {}", token.whole),
        },
        Clause::Phrase(parts) => format!("the words \"{}\" together", parts.join(" ")),
        Clause::Same(said, sense) => same(said, sense, wished),
        Clause::Means(tokens) => {
            tokens.iter().map(|token| format!("the word {}", token.whole)).collect::<Vec<_>>().join(" and ")
        }
        Clause::Any(sides) => {
            sides.iter().map(|side| all(std::slice::from_ref(side), wished)).collect::<Vec<_>>().join(" or ")
        }
        Clause::All(parts) => all(parts, wished),
        Clause::Not(inner) => format!("not {}", words(inner, wished)),
        Clause::Code(code) if code.is_prefix() => format!("a code that begins like {code}"),
        Clause::Code(code) => format!("the code {code}"),
        Clause::Described(said, _) => words(said, wished),
        Clause::Patient(_, PatientTerm::Number(number)) => format!("record number {number}"),
        Clause::Patient(_, PatientTerm::Name { family, given: Some(given) }) => {
            format!("a patient named {family}, {given}")
        }
        Clause::Patient(_, PatientTerm::Name { family, given: None }) => format!("a patient named {family}"),
        Clause::Patient(_, PatientTerm::BirthDate(date)) => format!("a patient born {date}"),
        Clause::Patient(_, PatientTerm::Known(_)) => "one patient".into(),
        Clause::Account(number) => format!("visit or account number {number}"),
        Clause::Kind(kinds) => format!("type {}", kinds.join(" or ").to_uppercase().replace(" OR ", " or ")),
        Clause::Station(station) => format!("from station {station}"),
        Clause::Batch(batch) => format!("of batch {batch}"),
        Clause::PaperBox(name) => format!("from box {name}"),
        Clause::Evidence(kind) => format!("filed on evidence of kind {kind}"),
        Clause::Legibility(Legibility::None) => "without readable text".into(),
        Clause::Legibility(Legibility::Little) => "with little readable text".into(),
        Clause::Legibility(Legibility::Good) => "with readable text".into(),
        Clause::State("held") => "waiting on the worklist".into(),
        Clause::State(_) => "filed in a chart".into(),
        Clause::PageInDocument(page) => format!("page {page} of its document"),
        Clause::Service(Some(from), Some(to)) => format!("service between {from} and {to}"),
        Clause::Service(Some(from), None) => format!("service on or after {from}"),
        Clause::Service(None, Some(to)) => format!("service on or before {to}"),
        Clause::Service(None, None) => "any day of service".into(),
        Clause::Received(from, to) if from == to => format!("received on {from}"),
        Clause::Received(from, to) => format!("received between {from} and {to}"),
        Clause::Pages(pages) => format!("one of {} pages", pages.len()),
    }
}

/// What must all hold; neighbours that stand for the same codes are said together.
fn all(clauses: &[Clause], wished: &Wished) -> String {
    fn codes(clause: &Clause) -> &[Described] {
        if let Clause::Described(_, codes) = clause { codes } else { &[] }
    }
    let together = clauses.chunk_by(|a, b| !codes(a).is_empty() && codes(a) == codes(b));
    let said = together.map(|clauses| {
        let own = clauses.iter().map(|clause| words(clause, wished)).collect::<Vec<_>>().join(" and ");
        let meant = codes(&clauses[0]).iter().filter(|code| !wished.drops(&code.written()));
        match meant.map(|code| code.code.as_str()).collect::<Vec<_>>().as_slice() {
            [] => own,
            codes => {
                format!("{own} (or a code of {})", codes.join(", "))
            }
        }
    });
    said.collect::<Vec<_>>().join(" and ")
}

fn same(said: &[Clause], sense: &Sense, wished: &Wished) -> String {
    let own = said.iter().map(|clause| words(clause, wished)).collect::<Vec<_>>().join(" and ");
    let others: Vec<&str> = sense.searched(wished).map(|form| form.written.as_str()).collect();
    if others.is_empty() { own } else { format!("{own} (or {})", others.join(", ")) }
}
