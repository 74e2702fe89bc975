//! Find pages: what was asked for, what is like a page, what a line may become.

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use records::geometry::Rect;
use records::ids::PageRef;
use records::patient::PatientId;
use search::{
    ChartText, Facets, IndexReader, Meaning, Order, PatientTerm, Query, Resolved, Screen, SearchError,
    highlight,
};
use serde_json::{Value, json};

use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, viewer};
use crate::show;

mod found;
mod like;
mod suggest;

use found::{Found, charted, describe, redeem, shown};

#[derive(Args)]
pub(crate) struct SearchArguments {
    /// Words, "phrases", -not, OR, mrn:, patient:"doe, jane", acct:, type:LAB, code:E11*, from:2019-01 …
    #[arg(required_unless_present = "like", value_name = "QUERY")]
    query: Vec<String>,
    /// Pages like one of this document (d…), exception (x…) or batch (b…), in place of a query
    #[arg(long, value_name = "ID", conflicts_with_all = ["query", "suggest", "patient", "kind", "from", "to", "offset", "sort"])]
    like: Option<String>,
    /// Which of its pages (from 1)
    #[arg(long, value_name = "N", default_value_t = 1, requires = "like")]
    page: u32,
    /// How the query may go on, in place of pages
    #[arg(long, conflicts_with_all = ["patient", "kind", "from", "to", "offset", "sort"])]
    suggest: bool,
    /// Only in this patient's chart
    #[arg(long, value_name = "MRN")]
    patient: Option<String>,
    /// Who assigned the number
    #[arg(long)]
    authority: Option<String>,
    /// Only documents of this type
    #[arg(long = "type", value_name = "CODE")]
    kind: Option<String>,
    /// Service on or after this day, month or year
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Service on or before this day, month or year
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
    /// At most so many pages
    #[arg(long, default_value_t = 20)]
    limit: usize,
    /// After so many
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
    /// What comes first
    #[arg(long, value_enum, default_value_t = Sorting::Relevance)]
    sort: Sorting,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Sorting {
    /// What fits best
    Relevance,
    /// The latest service
    Newest,
    /// The earliest service
    Oldest,
    /// What was received last
    Received,
}

impl From<Sorting> for Order {
    fn from(sorting: Sorting) -> Self {
        match sorting {
            Sorting::Relevance => Self::Relevance,
            Sorting::Newest => Self::Newest,
            Sorting::Oldest => Self::Oldest,
            Sorting::Received => Self::Received,
        }
    }
}

pub(crate) fn run(place: &PlaceArguments, arguments: &SearchArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    if let Some(id) = &arguments.like {
        return like::run(&door, arguments, id);
    }
    if arguments.suggest {
        return suggest::run(&door, arguments);
    }
    let query = understood(&door, query(arguments, today())?);
    let viewer = viewer();
    let screen = Screen {
        limit: arguments.limit,
        offset: arguments.offset,
        order: arguments.sort.into(),
        facets: arguments.json,
    };
    let asked = super::index::ask_index(&door, |reader| {
        let patients = resolve(&door, query.patient_terms(), arguments.authority.as_deref())?;
        let scope = door.archive.scope(&viewer, reader.position())?;
        let answer = match reader.search(&query, &patients, &scope, screen) {
            Ok(answer) => answer,
            Err(fault) => return Ok(Err(fault)),
        };
        let copies = reader.copies(&charted(&door, shown(&answer))?, &scope);
        Ok(copies.map(|copies| (answer, copies)))
    })?;
    let (answer, copies) = or_nothing(asked)?;
    door.archive.record_search(&viewer, &arguments.query.join(" "), answer.total as u64)?;
    let seen = redeem(&door, &viewer, &answer, copies)?;
    let (found, nearly) = seen.split_at(answer.hits.len());
    if arguments.json {
        let hits: Vec<Value> = found.iter().map(Found::in_json).collect();
        let nearly: Vec<Value> = nearly.iter().map(Found::in_json_without).collect();
        let meaning = |meaning: &Meaning| json!({"said": meaning.said, "means": meaning.means});
        let meanings: Vec<Value> = answer.meanings.iter().map(meaning).collect();
        show::json(&json!({
            "total": answer.total,
            "unfinished": answer.unfinished,
            "understood": query.explain(),
            "also_searched": answer.also_searched,
            "meanings": meanings,
            "variants": answer.variants,
            "chart_text": answer.charts.map(|text| json!({
                "pages": text.pages,
                "hard_to_read": text.hard_to_read,
            })),
            "facets": answer.facets.as_ref().map(facets_in_json),
            "hits": hits,
            "nearly": nearly,
        }))?;
        return Ok(Outcome::Done);
    }
    if !answer.also_searched.is_empty() {
        show::line(format!("(also searched: {})", answer.also_searched.join(", ")));
    }
    let doubtful =
        |meaning: &&Meaning| meaning.means.iter().all(|means| !answer.also_searched.contains(means));
    for Meaning { said, means } in answer.meanings.iter().filter(doubtful) {
        show::line(format!("({said} may mean {}: search for means:{said})", means.join(", ")));
    }
    if !answer.variants.is_empty() {
        show::line(format!("(also misread as: {})", answer.variants.join(", ")));
    }
    describe(&door, &seen, 0..found.len(), arguments.offset)?;
    show::line(match answer.total {
        0 => format!("Nothing found for {}.", query.explain()),
        total if found.is_empty() => format!("There are only {total} pages."),
        total if total > arguments.offset + found.len() => {
            let seen = arguments.offset + found.len();
            format!("{} of {total} pages; see more with --offset {seen}.", found.len())
        }
        total => format!("{}.", show::count(total as u64, "page", "pages")),
    });
    if answer.unfinished {
        show::line(
            "Not all pages were looked through, it took too long: there may be more. Add a rarer word.",
        );
    }
    if !nearly.is_empty() {
        show::line("These have most of it, not all:");
    }
    describe(&door, &seen, found.len()..seen.len(), arguments.offset)?;
    if let Some(ChartText { pages, hard_to_read: hard @ 1.. }) = answer.charts {
        show::line(format!(
            "Of {} in this chart, {hard} {} little or no readable text: look at them yourself \
             (legibility:none OR legibility:little).",
            show::count(pages as u64, "page", "pages"),
            if hard == 1 { "has" } else { "have" },
        ));
    }
    Ok(Outcome::Done)
}

/// Nothing was ever imported: nothing is found, which is no fault.
fn or_nothing<T: Default>(asked: Result<T, SearchError>) -> anyhow::Result<T> {
    match asked {
        Err(SearchError::Missing) => Ok(T::default()),
        other => Ok(other?),
    }
}

fn facets_in_json(facets: &Facets) -> Value {
    json!({
        "type": facets.kinds,
        "station": facets.stations,
        "state": facets.states,
        "legibility": facets.legibilities,
        "year": facets.years,
    })
}

fn query(arguments: &SearchArguments, today: Date) -> anyhow::Result<Query> {
    let mut query = Query::parse(&arguments.query.join(" "), today);
    for (field, value) in [
        ("mrn", &arguments.patient),
        ("type", &arguments.kind),
        ("from", &arguments.from),
        ("to", &arguments.to),
    ] {
        if let Some(value) = value {
            let flag = Query::field(field, value, today);
            query =
                query.and(flag.with_context(|| format!("what was given as {field} cannot be understood"))?);
        }
    }
    Ok(query)
}

/// With all that this house knows: its types of document, what its words mean, and the codes they stand for.
fn understood(door: &Door, query: Query) -> Query {
    let query = query.knowing(&door.config.rules.kinds).speaking(&door.config.vocabulary);
    if !query.has_words() {
        return query;
    }
    match door.config.codes.descriptions() {
        Ok(texts) => query.coded(&texts),
        // The words themselves are searched for all the same.
        Err(error) => {
            show::note(format!("Words are not searched for by their codes: {error:#}"));
            query
        }
    }
}

pub(super) fn today() -> Date {
    jiff::tz::TimeZone::system().to_datetime(jiff::Timestamp::now()).date()
}

/// Who may be meant by the query's patient terms: everybody the index knows, with all their identities.
fn resolve(door: &Door, terms: Vec<&PatientTerm>, authority: Option<&str>) -> anyhow::Result<Resolved> {
    let mut lists = Vec::new();
    for term in terms {
        let survivors: Vec<PatientId> = match term {
            PatientTerm::Number(number) => {
                let number = door.number(number, authority)?;
                door.archive.patient_by_number(&number)?.map(|patient| patient.id).into_iter().collect()
            }
            PatientTerm::Name { family, given } => door.archive.patients_named(family, given.as_deref())?,
            PatientTerm::BirthDate(born) => door.archive.patients_born(*born)?,
        };
        let mut everybody = Vec::new();
        for survivor in survivors {
            everybody.extend(door.archive.identities(survivor)?);
        }
        lists.push(everybody);
    }
    Ok(Resolved(lists))
}

/// Where on one page the words of a query stand.
pub(super) fn boxes(door: &Door, query: &str, page: PageRef) -> anyhow::Result<Vec<Rect>> {
    let viewer = viewer();
    let reader = IndexReader::open(&door.index_folder())?;
    let scope = door.archive.scope(&viewer, reader.position())?;
    let query = understood(door, Query::parse(query, today()));
    let patients = resolve(door, query.patient_terms(), None)?;
    let answer = reader.search(&query, &patients, &scope, Screen::of(1))?;
    let sight = door.archive.viewer_sight(&viewer, &[page], "search")?;
    let reading = door.archive.reading(&sight, page)?;
    Ok(reading.map(|reading| highlight(&answer, &reading).boxes).unwrap_or_default())
}
