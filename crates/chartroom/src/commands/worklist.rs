//! What waits for a person, and why?

use archive::{Bundle, DoubtRow, ExceptionRow};
use clap::Args;
use records::exception::Reason;
use records::ids::PageRef;

use super::{Outcome, PlaceArguments, rescan};
use crate::archive_door::{Door, viewer};
use crate::show;

#[derive(Args)]
pub(crate) struct WorklistArguments {
    /// Instead: filed documents of which nobody has said what they are
    #[arg(long)]
    typing: bool,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(place: &PlaceArguments, arguments: &WorklistArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    if arguments.typing {
        return typing(&door, arguments.json);
    }
    let (waiting, doubts) = (door.archive.worklist()?, door.archive.doubts()?);
    let rescans = door.archive.rescans_open()?;
    super::record_look(&door, &viewer(), "worklist", waiting.len() + doubts.len())?;
    if arguments.json {
        show::json(&web::told::worklist(&waiting, &doubts, &rescans))?;
    } else if waiting.is_empty() && doubts.is_empty() {
        show::line("Nothing waits for a person.");
    } else {
        let (bundled, single): (Vec<_>, Vec<_>) =
            bundles(&waiting).into_iter().partition(|own| own.len() > 1);
        bundled.iter().for_each(|bundle| describe_bundle(bundle));
        single.into_iter().flatten().for_each(describe);
        doubts.iter().for_each(describe_doubt);
        rescans.iter().for_each(rescan::describe_open);
        if !waiting.is_empty() {
            show::line(format!("{}.", show::count(waiting.len() as u64, "exception", "exceptions")));
            show::line("Look at one with `chartroom show ID`, then `chartroom assign ID --mrn MRN`.");
        }
        if !doubts.is_empty() {
            show::line(format!(
                "{} about what is filed.",
                show::count(doubts.len() as u64, "doubt", "doubts")
            ));
            show::line(
                "`chartroom dismiss ID` if the chart is right, `chartroom quarantine DOCUMENT` if not.",
            );
        }
    }
    Ok(Outcome::Done)
}

/// Documents for the typing queue, the longest waiting first.
fn typing(door: &Door, json: bool) -> anyhow::Result<Outcome> {
    let documents = door.archive.untyped()?;
    super::record_look(door, &viewer(), "typing-queue", documents.len())?;
    if json {
        show::json(&web::told::typing_queue(&documents))?;
    } else if documents.is_empty() {
        show::line("Every document has its kind.");
    } else {
        let rows: Vec<Vec<String>> = documents
            .iter()
            .map(|document| {
                let pages = web::told::page_ranges(&document.pages);
                let since = document.filed_at.strftime("%Y-%m-%d %H:%M").to_string();
                vec![document.id.to_string(), since, format!("page {pages} of {}", document.file)]
            })
            .collect();
        show::table(&["document", "filed (UTC)", "where"], &rows);
        show::line("Say what one is with `chartroom edit DOCUMENT --type CODE`.");
    }
    Ok(Outcome::Done)
}

/// What waits for one and the same thing, together; the rest one by one. In the order of the first of each.
fn bundles(waiting: &[ExceptionRow]) -> Vec<Vec<&ExceptionRow>> {
    let mut all: Vec<Vec<&ExceptionRow>> = Vec::new();
    for row in waiting {
        let same = |others: &&mut Vec<&ExceptionRow>| row.bundle.is_some() && others[0].bundle == row.bundle;
        match all.iter_mut().find(same) {
            Some(others) => others.push(row),
            None => all.push(vec![row]),
        }
    }
    all
}

/// One cause, and what waits for it.
fn describe_bundle(bundle: &[&ExceptionRow]) {
    let first = bundle[0];
    let (what, then) = match &first.bundle {
        Some(Bundle::StaleIndex) => {
            ("the patient index is out of date".into(), "`chartroom patients import`".into())
        }
        Some(Bundle::Frozen(number)) => (
            format!("the chart {} {} is frozen", number.authority, number.value),
            "tell the two people in it apart".into(),
        ),
        Some(Bundle::Sheet { page, .. }) => (
            format!("the control sheet on page {page} of {} could not be read", first.file),
            format!("`chartroom mend {}`", first.id),
        ),
        Some(Bundle::Job(batch)) => (
            format!("something is wrong with the job of {}", first.file),
            format!("`chartroom show {batch}`"),
        ),
        Some(Bundle::Rescan(_)) => (
            "two pictures of one page are to be compared".into(),
            format!("`chartroom rescan {} --take new` or `old`", first.id),
        ),
        None => return,
    };
    let head = format!("{} wait for one thing: {what}. Then: {then}.", bundle.len());
    show::wrapped(&head, 78).into_iter().for_each(show::line);
    for row in bundle {
        let reasons: Vec<&str> = row.reasons.iter().map(|reason| reason.code()).collect();
        let told = format!("page {}: {}", web::told::page_ranges(&row.pages), reasons.join(", "));
        show::line(format!("  {}", row.id));
        show::wrapped(&told, 74).into_iter().for_each(|line| show::line(format!("    {line}")));
    }
    show::line("");
}

/// A few lines a clerk can read at a glance.
pub(super) fn describe(exception: &ExceptionRow) {
    show::line(exception.id.to_string());
    describe_place(&exception.file, &exception.pages);
    describe_reasons(&exception.reasons);
    let mut more: Vec<String> = exception.detail.iter().map(|detail| format!("({detail})")).collect();
    for candidate in exception.candidates.iter().take(3) {
        let number = candidate.patient.mrn.as_ref().map_or("", |mrn| mrn.value.as_str());
        more.push(format!("perhaps {} {number}: {}", candidate.patient.name, candidate.why));
    }
    if let Some(disposition) = &exception.disposition {
        let until = exception.follow_up.map_or_else(String::new, |day| format!(", look again on {day}"));
        more.push(format!("{disposition}{until}"));
    }
    for line in more.iter().flat_map(|text| show::wrapped(text, 76)) {
        show::line(format!("  {line}"));
    }
    show::line("");
}

pub(super) fn describe_doubt(doubt: &DoubtRow) {
    let document = &doubt.document;
    show::line(format!("{} about {}", doubt.id, document.id));
    describe_place(&document.file, &document.pages);
    let number = document.patient.mrn.as_ref().map_or("", |mrn| mrn.value.as_str());
    show::line(format!("  filed in the chart of {} {number}", document.patient.name));
    describe_reasons(&doubt.reasons);
    if let Some(due) = doubt.due {
        show::line(format!("  due on {due}"));
    }
    show::line("");
}

fn describe_place(file: &str, pages: &[PageRef]) {
    let pages =
        if pages.is_empty() { String::new() } else { format!(", page {}", web::told::page_ranges(pages)) };
    show::line(format!("  {file}{pages}"));
}

fn describe_reasons(reasons: &[Reason]) {
    for reason in reasons {
        for line in show::wrapped(&format!("{}  {}", reason.code(), reason.words()), 76) {
            show::line(format!("  {line}"));
        }
    }
}
