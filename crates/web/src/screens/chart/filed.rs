//! What is in a chart, in which order, and which of its pages does no search find?

use std::cmp::Reverse;
use std::collections::BTreeSet;

use archive::DocumentRow;
use jiff::civil::Date;
use records::document::KindCode;
use records::ids::PageRef;
use records::patient::Patient;
use search::{Query, Screen, SearchError};

use crate::asking::AskError;
use crate::desk::{Desk, today};
use crate::fault::Fault;
use crate::people::Person;
use crate::screens::viewer::{kind_words, service_words};

/// A document as its line in the chart says it.
#[derive(Clone)]
pub(super) struct Filed {
    pub(super) id: String,
    pub(super) kind: KindCode,
    pub(super) kind_words: String,
    /// First day of service.
    pub(super) day: Option<Date>,
    pub(super) dates: Option<String>,
    pub(super) received: String,
    pub(super) pages: usize,
    /// Numbers of its pages with little or no readable text, from 1.
    pub(super) hard: Vec<usize>,
    pub(super) labels: Vec<String>,
    pub(super) filed_by: String,
    /// Why it was taken out of the chart.
    pub(super) withdrawn: Option<String>,
}

impl Filed {
    pub(super) fn of(desk: &Desk, document: &DocumentRow, hard: Option<&BTreeSet<PageRef>>) -> Self {
        let pages = document.pages.iter().enumerate();
        let hard = pages.filter(|(_, page)| hard.is_some_and(|hard| hard.contains(page)));
        Self {
            id: document.id.to_string(),
            kind: document.kind.clone(),
            kind_words: kind_words(desk, document),
            day: document.service.map(|(first, _)| first),
            dates: service_words(document),
            received: document.received.strftime("%Y-%m-%d").to_string(),
            pages: document.pages.len(),
            hard: hard.map(|(at, _)| at + 1).collect(),
            labels: document.labels.iter().map(|label| label.0.clone()).collect(),
            filed_by: document.filed_by.clone(),
            withdrawn: document.withdrawn_because.clone(),
        }
    }

    /// Share of its pages that a search can find by their words, in per cent, never rounded up to all.
    pub(super) fn searchable(&self) -> usize {
        ((self.pages - self.hard.len()) * 100).checked_div(self.pages).unwrap_or(100)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Type,
    Date,
}

/// Documents under one head.
pub(super) struct Section {
    pub(super) title: String,
    /// Where the timeline leads: `y2019`.
    pub(super) anchor: String,
    pub(super) pages: usize,
    pub(super) documents: Vec<Filed>,
}

/// By type in the site's chart order, what it does not name after that by its name; or by year, latest first. Within a
/// section the latest first, what has no date at its end.
pub(super) fn sections(mut filed: Vec<Filed>, order: Order, chart_order: &[KindCode]) -> Vec<Section> {
    filed.sort_by_key(|document| Reverse((document.day, document.received.clone())));
    if order == Order::Type {
        let rank =
            |kind: &KindCode| chart_order.iter().position(|own| own == kind).unwrap_or(chart_order.len());
        filed.sort_by(|a, b| (rank(&a.kind), &a.kind_words).cmp(&(rank(&b.kind), &b.kind_words)));
    }
    let head = |document: &Filed| match (order, document.day) {
        (Order::Type, _) => (document.kind_words.clone(), document.kind.0.to_lowercase()),
        (Order::Date, Some(day)) => (day.year().to_string(), format!("y{}", day.year())),
        (Order::Date, None) => ("Without a date".to_owned(), "undated".to_owned()),
    };
    let mut sections: Vec<Section> = Vec::new();
    for document in filed {
        let (title, anchor) = head(&document);
        match sections.last_mut() {
            Some(open) if open.title == title => {
                open.pages += document.pages;
                open.documents.push(document);
            }
            _ => sections.push(Section { title, anchor, pages: document.pages, documents: vec![document] }),
        }
    }
    sections
}

/// Most pages that are told.
const MOST: usize = 2000;

/// Pages of a chart with little or no readable text, of those this person may see; `None`: no index tells.
pub(super) fn hard_to_read(
    desk: &Desk,
    person: &Person,
    patient: &Patient,
) -> Result<Option<BTreeSet<PageRef>>, Fault> {
    let hard = Query::parse("legibility:none OR legibility:little", today());
    let query = hard.and(Query::chart(patient.id));
    let viewer = person.viewer();
    let asker = desk.asker(&viewer)?;
    match desk.ask_index(|reader| match asker.search(reader, &query, Screen::of(MOST)) {
        Err(AskError::Index(error)) => Err(error),
        other => Ok(other),
    }) {
        Err(SearchError::Missing) => Ok(None),
        Err(error) if error.needs_rebuild() => Ok(None),
        other => Ok(Some(other??.hits.into_iter().map(|hit| hit.page).collect())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filed(kind: &str, day: Option<&str>, pages: usize) -> Filed {
        Filed {
            id: String::new(),
            kind: KindCode(kind.into()),
            kind_words: format!("{kind} words"),
            day: day.map(|day| day.parse().unwrap()),
            dates: None,
            received: "2026-01-01".into(),
            pages,
            hard: Vec::new(),
            labels: Vec::new(),
            filed_by: "line".into(),
            withdrawn: None,
        }
    }

    fn titles(sections: &[Section]) -> Vec<(&str, usize)> {
        sections.iter().map(|section| (section.title.as_str(), section.documents.len())).collect()
    }

    #[test]
    fn types_stand_in_the_chart_order_of_the_site_and_the_others_behind_them_by_name() {
        let all = ["PROG", "LAB", "FACE", "CONS", "LAB"].map(|kind| filed(kind, None, 1)).to_vec();
        let order = ["FACE", "LAB"].map(|kind| KindCode(kind.into()));
        let sections = sections(all, Order::Type, &order);
        let wanted = [("FACE words", 1), ("LAB words", 2), ("CONS words", 1), ("PROG words", 1)];
        assert_eq!(titles(&sections), wanted);
    }

    #[test]
    fn by_date_the_latest_year_comes_first_and_what_has_no_date_last() {
        let days = [Some("2019-03-01"), None, Some("2024-01-09"), Some("2019-11-30")];
        let all = days.map(|day| filed("LAB", day, 2)).to_vec();
        let sections = sections(all, Order::Date, &[]);
        assert_eq!(titles(&sections), [("2024", 1), ("2019", 2), ("Without a date", 1)]);
        let days: Vec<_> = sections[1].documents.iter().filter_map(|document| document.day).collect();
        assert!(days[0] > days[1], "within a year, too");
        assert_eq!(sections[1].pages, 4);
    }

    #[test]
    fn a_document_with_one_hidden_page_is_never_said_to_be_wholly_searchable() {
        let mut long = filed("LAB", None, 300);
        assert_eq!(long.searchable(), 100);
        long.hard = vec![17];
        assert_eq!(long.searchable(), 99);
    }
}
