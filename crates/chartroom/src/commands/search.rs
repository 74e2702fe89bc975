//! Find pages: what was asked for, what is like a page, what a line may become.

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use records::codes::Descriptions;
use records::geometry::Rect;
use records::ids::PageRef;
use records::rights::Viewer;
use search::{ChartText, IndexReader, Meaning, Order, PatientTerm, Query, Screen, SearchError, highlight};
use web::asking::{self, AskError, Asker};

use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, viewer};
use crate::show;

mod found;
mod like;
mod suggest;

use found::{describe, redeem};

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
    let viewer = viewer();
    let query = query(arguments, today())?;
    let asker = asker(&door, &viewer, query.patient_terms(), arguments.authority.as_deref())?;
    let query = understood(&door, &asker, query);
    let screen = Screen {
        limit: arguments.limit,
        offset: arguments.offset,
        order: arguments.sort.into(),
        facets: arguments.json,
    };
    let answered = asked(&door, |reader| asker.answer(reader, &query, screen))?;
    let answer = &answered.answer;
    door.archive.record_search(&viewer, &arguments.query.join(" "), answer.total as u64)?;
    let seen = redeem(&door, &viewer, &answered)?;
    if arguments.json {
        show::json(&asking::answer_in_json(&query, &answered, &seen))?;
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
    let shown = answer.hits.len();
    describe(&door, &seen, 0..shown, arguments.offset)?;
    show::line(match answer.total {
        0 => format!("Nothing found for {}.", query.explain()),
        total if shown == 0 => format!("There are only {total} pages."),
        total if total > arguments.offset + shown => {
            let seen = arguments.offset + shown;
            format!("{shown} of {total} pages; see more with --offset {seen}.")
        }
        total => format!("{}.", show::count(total as u64, "page", "pages")),
    });
    if answer.unfinished {
        show::line(
            "Not all pages were looked through, it took too long: there may be more. Add a rarer word.",
        );
    }
    if shown < seen.len() {
        show::line("These have most of it, not all:");
    }
    describe(&door, &seen, shown..seen.len(), arguments.offset)?;
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

/// Asks the index. Nothing was ever imported: nothing is found, which is no fault.
fn asked<T: Default>(door: &Door, ask: impl Fn(&IndexReader) -> Result<T, AskError>) -> anyhow::Result<T> {
    let asked = super::index::ask_index(door, |reader| match ask(reader) {
        Err(AskError::Index(fault)) => Ok(Err(fault)),
        Err(AskError::Archive(error)) => Err(error.into()),
        Ok(answer) => Ok(Ok(answer)),
    })?;
    match asked {
        Err(SearchError::Missing) => Ok(T::default()),
        other => Ok(other?),
    }
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

/// With all that this house knows. The tables of codes are read only for who needs them.
fn understood(door: &Door, asker: &Asker<'_>, query: Query) -> Query {
    let texts =
        if query.has_words() { door.config.codes.descriptions() } else { Ok(Descriptions::default()) };
    // The words themselves are searched for all the same.
    let texts = texts.inspect_err(|error| {
        show::note(format!("Words are not searched for by their codes: {error:#}"));
    });
    asker.understood(query, texts.ok().as_ref())
}

/// Where a number is asked for, it must be known whose it is.
fn asker<'a>(
    door: &'a Door,
    viewer: &'a Viewer,
    terms: Vec<&PatientTerm>,
    authority: Option<&str>,
) -> anyhow::Result<Asker<'a>> {
    let number = terms.into_iter().any(|term| matches!(term, PatientTerm::Number(_)));
    Ok(Asker {
        archive: &door.archive,
        rules: &door.config.rules,
        vocabulary: &door.config.vocabulary,
        viewer,
        authorities: if number { vec![door.authority(authority)?] } else { Vec::new() },
    })
}

pub(super) fn today() -> Date {
    jiff::tz::TimeZone::system().to_datetime(jiff::Timestamp::now()).date()
}

/// Where on one page the words of a query stand.
pub(super) fn boxes(door: &Door, query: &str, page: PageRef) -> anyhow::Result<Vec<Rect>> {
    let viewer = viewer();
    let reader = IndexReader::open(&door.index_folder())?;
    let query = Query::parse(query, today());
    let asker = asker(door, &viewer, query.patient_terms(), None)?;
    let query = understood(door, &asker, query);
    let answer = asker.answer(&reader, &query, Screen::of(1))?.answer;
    let sight = door.archive.viewer_sight(&viewer, &[page], "search")?;
    let reading = door.archive.reading(&sight, page)?;
    Ok(reading.map(|reading| highlight(&answer, &reading).boxes).unwrap_or_default())
}
