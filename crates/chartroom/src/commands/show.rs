//! A document, a batch or an exception, whole; or the picture of one of its pages.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use archive::{
    Action, AuditEntry, BatchReport, DocumentRow, DoubtRow, EditRow, ExceptionRow, PictureSize, StoredPicture,
};
use clap::Args;
use jiff::civil::Date;
use records::evidence::Evidence;
use records::geometry::Turn;
use records::ids::PageRef;
use serde_json::{Value, json};

use super::ledger::PageLedger;
use super::{Outcome, PlaceArguments, rescan, suspects};
use crate::archive_door::{Door, start_readers, viewer};
use crate::show;

#[derive(Args)]
pub(crate) struct ShowArguments {
    /// A document (d…), an exception (x…), a doubt (q…) or a batch (b…)
    id: String,
    /// Write the picture of this page of it (from 1) to --output
    #[arg(long, value_name = "N", requires = "output")]
    page: Option<u32>,
    /// Mark on the picture what this search would find
    #[arg(long, value_name = "QUERY", requires = "page")]
    find: Option<String>,
    /// Where the picture goes; PNG or JPEG, as it was scanned (PNG with --find)
    #[arg(long, short, value_name = "FILE", requires = "page")]
    output: Option<PathBuf>,
    /// List the codes (ICD, HCPCS, …) that stand on its pages instead
    #[arg(long, conflicts_with = "page")]
    codes: bool,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

/// What an id turned out to name.
pub(super) enum Shown {
    Document(DocumentRow),
    Exception(ExceptionRow),
    Doubt(DoubtRow),
    Batch(BatchReport),
}

pub(crate) fn run(place: &PlaceArguments, arguments: &ShowArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let shown = find(&door, &arguments.id)?;
    if let (Some(number), Some(output)) = (arguments.page, &arguments.output) {
        let page = page_of(&shown, number)?;
        return write_picture(&door, page, arguments.find.as_deref(), output);
    }
    if arguments.codes {
        super::codes::show(&door, &pages_of(&shown), service_of(&shown), arguments.json)?;
        return Ok(Outcome::Done);
    }
    record_show(&door, &shown)?;
    let pages = pages_of(&shown);
    let rescans = door.archive.rescans_about(&pages)?;
    match (&shown, arguments.json) {
        (Shown::Document(document), true) => show::json(&web::whole::document(&door.archive, document)?)?,
        (Shown::Exception(exception), true) => show::json(&web::whole::exception(&door.archive, exception)?)?,
        (Shown::Doubt(doubt), true) => show::json(&web::whole::doubt(&door.archive, doubt)?)?,
        (Shown::Batch(report), true) => {
            let mut value = batch_in_json(report);
            value["ledger"] = PageLedger::of(&door, &report.batch.id)?.in_json()?;
            value["suspects"] = json!(suspects::of(&door, report)?);
            value["rescans"] = web::told::rescans(&rescans, &pages);
            show::json(&value)?;
        }
        (Shown::Document(document), false) => {
            describe_document(document);
            describe_history(&door.archive.edits(&document.id)?);
        }
        (Shown::Exception(exception), false) => {
            super::worklist::describe(exception);
            describe_evidence(&exception.evidence);
        }
        (Shown::Doubt(doubt), false) => {
            super::worklist::describe_doubt(doubt);
            describe_evidence(&doubt.evidence);
        }
        (Shown::Batch(report), false) => {
            describe_batch(report);
            PageLedger::of(&door, &report.batch.id)?.describe();
            suspects::describe(&suspects::of(&door, report)?);
        }
    }
    if !arguments.json {
        rescan::describe(&rescans, &pages);
    }
    Ok(Outcome::Done)
}

/// Who looks at one document looks at its pages: `who-saw` tells.
fn record_show(door: &Door, shown: &Shown) -> anyhow::Result<()> {
    let Shown::Document(document) = shown else {
        return super::record_look(door, &viewer(), "show", 1);
    };
    door.archive.record(&AuditEntry {
        patient: Some(document.patient.id),
        document: Some(document.id),
        pages: document.pages.clone(),
        labels: document.labels.clone(),
        ..AuditEntry::new(&viewer().name, Action::Read, "show")
    })?;
    Ok(())
}

pub(super) fn find(door: &Door, id: &str) -> anyhow::Result<Shown> {
    let unknown = || format!("there is no {id}; copy the id from `documents`, `worklist` or `search`");
    match id.as_bytes().first() {
        Some(b'd') => Ok(Shown::Document(door.archive.document(&id.parse()?)?.with_context(unknown)?)),
        Some(b'x') => Ok(Shown::Exception(door.archive.exception(&id.parse()?)?.with_context(unknown)?)),
        Some(b'q') => Ok(Shown::Doubt(door.archive.find_doubt(&id.parse()?)?.with_context(unknown)?)),
        Some(b'b') => Ok(Shown::Batch(door.archive.batch_report(&id.parse()?).with_context(unknown)?)),
        _ => bail!("ids begin with d (document), x (exception), q (doubt) or b (batch)"),
    }
}

/// A page by the id of what it is in, and its number there, from 1.
pub(super) fn page_named(door: &Door, id: &str, number: u32) -> anyhow::Result<PageRef> {
    page_of(&find(door, id)?, number)
}

pub(super) fn page_of(shown: &Shown, number: u32) -> anyhow::Result<PageRef> {
    let pages = pages_of(shown);
    let at = number.checked_sub(1).and_then(|at| pages.get(at as usize));
    at.copied().with_context(|| format!("it has {} pages; page {number} is not one of them", pages.len()))
}

pub(super) fn pages_of(shown: &Shown) -> Vec<PageRef> {
    match shown {
        Shown::Document(document) => document.pages.clone(),
        Shown::Exception(exception) => exception.pages.clone(),
        Shown::Doubt(doubt) => doubt.document.pages.clone(),
        Shown::Batch(report) => {
            let batch = report.batch.id;
            (1..=report.batch.pages())
                .map(|page| PageRef { batch, page: records::ids::PageNumber(page) })
                .collect()
        }
    }
}

/// When what it is about was done, where that is known.
const fn service_of(shown: &Shown) -> Option<(Date, Date)> {
    match shown {
        Shown::Document(document) => document.service,
        Shown::Doubt(doubt) => doubt.document.service,
        Shown::Exception(_) | Shown::Batch(_) => None,
    }
}

fn write_picture(door: &Door, page: PageRef, find: Option<&str>, output: &Path) -> anyhow::Result<Outcome> {
    let mut picture = picture(door, page)?;
    if let Some(query) = find {
        picture.bytes = super::picture::marked(&picture.bytes, &super::search::boxes(door, query, page)?)?;
    }
    std::fs::write(output, &picture.bytes).with_context(|| format!("cannot write {}", output.display()))?;
    show::line(output.display().to_string());
    Ok(Outcome::Done)
}

/// The upright picture of a page: as it was kept while reading, else made again from the original.
fn picture(door: &Door, page: PageRef) -> anyhow::Result<StoredPicture> {
    let sight = door.archive.viewer_sight(&viewer(), &[page], "view")?;
    if let Some(kept) = door.archive.view(&sight, page, PictureSize::View)? {
        return Ok(kept);
    }
    let (original, _, at) = door.archive.original(&sight, page)?;
    let turn = door.archive.reading(&sight, page)?.map_or(Turn::None, |reading| reading.turn);
    let made =
        start_readers(&door.config.readers)?.picture(&original, at, turn).map_err(anyhow::Error::new)?;
    Ok(StoredPicture { media: made.media, bytes: made.bytes })
}

fn batch_in_json(report: &BatchReport) -> Value {
    let files: Vec<Value> = report
        .batch
        .originals
        .iter()
        .map(|original| {
            json!({
                "file": original.name,
                "sha256": original.digest,
                "bytes": original.size,
                "pages": original.pages,
                "error": original.fault.as_ref().or(original.damage.as_ref()).map(ToString::to_string),
            })
        })
        .collect();
    let documents: Vec<Value> = report.documents.iter().map(web::told::document).collect();
    let exceptions: Vec<Value> = report.exceptions.iter().map(web::told::exception).collect();
    json!({
        "batch": report.batch.id,
        "station": report.batch.station,
        "received": report.batch.created,
        "state": format!("{:?}", report.batch.state).to_lowercase(),
        "files": files,
        "pages": report.batch.pages(),
        "read": report.read,
        "documents": documents,
        "exceptions": exceptions,
        "control_sheets": report.control_sheets,
        "blank": report.blanks,
        "superseded": report.superseded,
        "duplicates": report.duplicates,
    })
}

fn describe_document(document: &DocumentRow) {
    let patient = &document.patient;
    show::line(format!("{}  {}", document.kind.0, patient.name));
    if let (Some(mrn), Some(born)) = (&patient.mrn, patient.birth_date) {
        show::line(format!("  {} {}, born {born}", mrn.authority, mrn.value));
    }
    show::line(format!("  page {} of {}", web::told::page_ranges(&document.pages), document.file));
    if let Some((first, last)) = document.service {
        show::line(if first == last { format!("  of {first}") } else { format!("  of {first} to {last}") });
    }
    show::line(format!(
        "  filed by {} on {}",
        document.filed_by,
        document.filed_at.strftime("%Y-%m-%d %H:%M")
    ));
    if let Some(ground) = document.ground {
        show::line(format!("  because {}", ground.words()));
    }
    if let (Some(by), Some(why)) = (&document.withdrawn_by, &document.withdrawn_because) {
        let told = format!("NOT IN THE CHART any more: {by}: {why}");
        show::wrapped(&told, 76).into_iter().for_each(|line| show::line(format!("  {line}")));
    }
    describe_evidence(&document.evidence);
}

fn describe_history(edits: &[EditRow]) {
    for edit in edits {
        let (was, at) = (&edit.was, edit.at.strftime("%Y-%m-%d %H:%M"));
        let day = was.service.map_or_else(String::new, |(first, _)| format!(" of {first}"));
        let pages = show::count(was.pages as u64, "page", "pages");
        let told = format!("until {at} ({}): {}{day}, {pages}", edit.by, was.kind.0);
        show::wrapped(&told, 76).into_iter().for_each(|line| show::line(format!("  {line}")));
    }
}

fn describe_evidence(evidence: &[Evidence]) {
    for seen in evidence {
        let what = web::whole::evidence_words(seen.kind);
        let against = if seen.contrary { "AGAINST: " } else { "" };
        let seen = format!("{against}page {}: {what} \u{201c}{}\u{201d}", seen.page, seen.text);
        for line in show::wrapped(&seen, 76) {
            show::line(format!("  {line}"));
        }
    }
}

fn describe_batch(report: &BatchReport) {
    let batch = &report.batch;
    show::line(format!("{} from {}", batch.id, batch.station));
    for original in &batch.originals {
        let pages = show::count(original.pages.unwrap_or(0), "page", "pages");
        show::line(format!("  {}: {pages}", original.name));
    }
    let rows: Vec<Vec<String>> = report
        .documents
        .iter()
        .map(|document| {
            vec![
                web::told::page_ranges(&document.pages),
                document.id.to_string(),
                format!("filed: {}", document.patient.name),
            ]
        })
        .chain(report.exceptions.iter().map(|exception| {
            let reasons: Vec<&str> = exception.reasons.iter().map(|reason| reason.code()).collect();
            vec![
                web::told::page_ranges(&exception.pages),
                exception.id.to_string(),
                format!("held: {}", reasons.join(", ")),
            ]
        }))
        .collect();
    show::table(&["pages", "id", "what became of it"], &rows);
    for (what, pages) in [
        ("control sheets", &report.control_sheets),
        ("blank pages", &report.blanks),
        ("superseded", &report.superseded),
    ] {
        if !pages.is_empty() {
            let numbers: Vec<String> = pages.iter().map(ToString::to_string).collect();
            show::line(format!("{what}: {}", numbers.join(", ")));
        }
    }
}
