//! What does somebody at the desk look for? A search as it stands on the screen: the line, and all that was clicked.

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;
use search::{Order, Query, Wished};
use serde::{Deserialize, Serialize};

mod narrowing;
pub(crate) use narrowing::Narrowing;

/// Patient data: its address says nothing of it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Search {
    pub(crate) text: String,
    pub(crate) sort: Sorting,
    pub(crate) narrowed: Vec<Narrowing>,
    /// What was searched for as well and was clicked away.
    pub(crate) without: BTreeSet<String>,
    /// Meanings of a short form that were clicked on.
    pub(crate) also: BTreeSet<String>,
}

/// What comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sorting {
    #[default]
    Relevance,
    Newest,
    Oldest,
    Received,
}

/// What one click makes of a search.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Click {
    pub(crate) narrow: Option<Narrowing>,
    pub(crate) widen: Option<Narrowing>,
    pub(crate) sort: Option<Sorting>,
    /// Not to be searched for any more.
    pub(crate) without: Option<String>,
    /// A meaning that is to be searched for (again).
    pub(crate) also: Option<String>,
    /// Nothing is narrowed any more.
    pub(crate) widen_all: Option<String>,
    /// All that is hard to read in this part, whatever was looked for.
    pub(crate) unread: Option<Narrowing>,
}

/// Longer lines are no queries.
const LONGEST: usize = 2_000;

impl Search {
    pub(crate) fn of(line: &str) -> Self {
        Self { text: line.trim().chars().take(LONGEST).collect(), ..Self::default() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty() && self.narrowed.is_empty()
    }

    /// The question. `today` says which century a year of two digits is in.
    pub(crate) fn query(&self, today: Date) -> Query {
        let line = Query::parse(&self.text, today);
        self.narrowed.iter().fold(line, |query, part| query.and(part.query(today)))
    }

    pub(crate) fn wished(&self) -> Wished {
        Wished { without: self.without.clone(), also: self.also.clone() }
    }

    /// The search after a click.
    pub(crate) fn clicked(mut self, click: Click) -> Self {
        if let Some(chart) = click.unread {
            return Self { narrowed: vec![chart, Narrowing::HardToRead], ..Self::default() };
        }
        if let Some(part) = click.narrow.filter(|part| !self.narrowed.contains(part)) {
            self.narrowed.push(part);
        }
        if let Some(part) = click.widen {
            self.narrowed.retain(|own| *own != part);
        }
        if click.widen_all.is_some() {
            self.narrowed.clear();
        }
        self.sort = click.sort.unwrap_or(self.sort);
        if let Some(written) = click.without {
            self.also.remove(&written);
            self.without.insert(written);
        }
        if let Some(written) = click.also {
            // What was only dropped comes back by itself.
            if !self.without.remove(&written) {
                self.also.insert(written);
            }
        }
        self
    }
}

impl Sorting {
    pub(crate) const ALL: [Self; 4] = [Self::Relevance, Self::Newest, Self::Oldest, Self::Received];

    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Received => "received",
        }
    }

    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Relevance => "best match first",
            Self::Newest => "latest service first",
            Self::Oldest => "earliest service first",
            Self::Received => "last received first",
        }
    }

    pub(crate) const fn order(self) -> Order {
        match self {
            Self::Relevance => Order::Relevance,
            Self::Newest => Order::Newest,
            Self::Oldest => Order::Oldest,
            Self::Received => Order::Received,
        }
    }
}

/// Never shows what is looked for.
impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Search(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 3, 1);

    fn clicked(search: Search, form: &str) -> Search {
        search.clicked(serde_html_form::from_str(form).unwrap())
    }

    #[test]
    fn a_click_narrows_once_and_another_widens_again() {
        let search = clicked(Search::of(" chest pain "), "narrow=type%3Dlab");
        let search = clicked(clicked(search, "narrow=type%3Dlab"), "narrow=year%3D2019");
        assert_eq!(search.narrowed.len(), 2);
        let said = search.query(TODAY).explain();
        assert_eq!(
            said,
            "the word chest and the word pain and type LAB and service between 2019-01-01 and 2019-12-31"
        );
        let search = clicked(search, "widen=type%3Dlab");
        assert_eq!((search.narrowed.len(), search.text.as_str()), (1, "chest pain"));
        assert_eq!(clicked(search, "widen_all=yes"), Search::of("chest pain"));
    }

    #[test]
    fn what_is_hard_to_read_is_asked_for_in_one_and_without_the_words() {
        let chart = "patient%3D00000000-0000-0000-0000-000000000007";
        let search = clicked(Search::of("zebra"), &format!("unread={chart}"));
        assert_eq!((search.text.as_str(), search.narrowed.len()), ("", 2));
        let search = clicked(Search::default(), "narrow=legibility%3Dhard");
        assert_eq!(search.query(TODAY).explain(), "without readable text or with little readable text");
    }

    #[test]
    fn an_expansion_is_dropped_and_put_back() {
        let dropped = clicked(Search::of("MI"), "without=heart+attack");
        assert!(dropped.wished().without.contains("heart attack"));
        assert_eq!(clicked(dropped, "also=heart+attack"), Search::of("MI"));
        let picked = clicked(Search::of("MS"), "also=multiple+sclerosis");
        assert!(picked.wished().also.contains("multiple sclerosis"));
        let dropped = clicked(picked, "without=multiple+sclerosis");
        assert!(dropped.also.is_empty() && dropped.without.contains("multiple sclerosis"));
    }

    #[test]
    fn the_order_changes_alone_and_an_unknown_one_is_refused() {
        let search = clicked(clicked(Search::of("rash"), "narrow=type%3Dlab"), "sort=newest");
        assert_eq!((search.sort, search.narrowed.len()), (Sorting::Newest, 1));
        assert!(serde_html_form::from_str::<Click>("sort=loudest").is_err());
    }

    #[test]
    fn a_kept_search_is_read_again_whole() {
        let search = clicked(clicked(Search::of("MI"), "narrow=year%3D2019"), "without=heart+attack");
        let kept = serde_json::to_string(&search).unwrap();
        assert_eq!(serde_json::from_str::<Search>(&kept).unwrap(), search);
        assert_eq!(serde_json::from_str::<Search>("{\"text\":\"MI\"}").unwrap(), Search::of("MI"));
    }

    #[test]
    fn nothing_that_is_looked_for_is_shown_to_a_log() {
        let search = clicked(Search::of("doe, jane"), "narrow=type%3Dlab");
        assert_eq!(format!("{search:?} {:?}", search.narrowed), "Search(…) [Narrowing(…)]");
    }
}
