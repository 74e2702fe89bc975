//! Have a page scanned again, and what came of it.
//!
//! The slip that goes with the page finds its place (`domain.md` 2.14, D-4). Where the page cannot be told to be the same,
//! both pictures wait and a person says which stays.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use archive::{RescanItem, RescanRow, RescanState, Take, Target};
use clap::{Args, ValueEnum};
use print::sheet::{Slip, slip_pdf};
use records::document::Place;
use records::ids::{BatchId, PageRef};
use records::sheet::{SheetKind, SheetPayload};
use records::station::BlankBacks;
use serde_json::json;

use super::choose::names_other;
use super::sheet::blank_payload;
use super::show::{Shown, find, page_of, pages_of};
use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, clerk, viewer};
use crate::show;

#[derive(Args)]
pub(crate) struct RescanArguments {
    /// An exception (x…), a document (d…) or a doubt (q…)
    id: String,
    /// The page, as `chartroom show` counts
    #[arg(long, value_name = "N", required_unless_present = "take")]
    page: Option<u32>,
    /// Where the slip goes
    #[arg(short, long, value_name = "FILE.pdf", required_unless_present = "take")]
    output: Option<PathBuf>,
    /// The slip on both faces, for a scanner that reads both
    #[arg(long)]
    both_faces: bool,
    /// Instead: of two pictures of a page, the one that stays
    #[arg(long, value_name = "WHICH", conflicts_with_all = ["output", "both_faces"])]
    take: Option<Picture>,
    /// Why the new picture is of that page although it names somebody else; kept for ever
    #[arg(long, value_name = "WHY", requires = "take")]
    despite: Option<String>,
    /// Who asks, or decides
    #[arg(long = "as", value_name = "CLERK")]
    clerk: Option<String>,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Picture {
    /// The one that came under the slip
    New,
    /// The one that was there
    Old,
}

pub(crate) fn run(place: &PlaceArguments, arguments: &RescanArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let shown = find(&door, &arguments.id)?;
    match arguments.take {
        Some(picture) => choose(&door, &shown, picture, arguments),
        None => ask(&door, &shown, arguments),
    }
}

fn ask(door: &Door, shown: &Shown, arguments: &RescanArguments) -> anyhow::Result<Outcome> {
    let (item, name) = match shown {
        Shown::Exception(exception) => (Target::Exception(exception.id), exception.id.to_string()),
        Shown::Document(document) => (Target::Document(document.id), document.id.to_string()),
        Shown::Doubt(doubt) => (Target::Document(doubt.document.id), doubt.document.id.to_string()),
        Shown::Batch(_) => bail!("ask for a page of an exception (x…) or of a document (d…)"),
    };
    let (Some(number), Some(output)) = (arguments.page, &arguments.output) else {
        bail!("give --page and --output");
    };
    let page = page_of(shown, number)?;
    let keys = door.sheet_keys()?;
    let key =
        keys.first().context("there is no key to sign sheets with; see [sheets] in the configuration")?;
    let mut payload = SheetPayload { sheets: Some(1), ..blank_payload(key, SheetKind::Rescan) };
    let asking = clerk(arguments.clerk.as_deref());
    let slip = door.archive.ask_rescan(item, page, &payload.serial_use(), &asking)?;
    let again = slip.serial != payload.serial;
    payload.serial.clone_from(&slip.serial);
    let asked = door.archive.rescan_of(&slip)?.context("the rescan that was just asked for is gone")?;
    let batch = door.archive.batch(&page.batch)?;
    let original =
        batch.originals.iter().rev().find(|own| own.first_page.is_some_and(|first| first <= page.page));
    let (_, by) = asked.asked_by.split_once(':').unwrap_or(("", &asked.asked_by));
    let drawn = Slip {
        payload,
        item: name,
        page: format!("page {number} of {}", pages_of(shown).len()),
        position: position(page, &batch),
        station: batch.station.clone(),
        file: original.map(|own| own.name.clone()).unwrap_or_default(),
        scanned: batch.created,
        begins: begins(door, page)?,
        asked_by: by.to_owned(),
    };
    std::fs::write(output, slip_pdf(&drawn, key, arguments.both_faces))
        .with_context(|| format!("cannot write {}", output.display()))?;
    super::wait_for_index(door)?;
    if arguments.json {
        show::json(&json!({
            "file": output, "slip": slip.serial, "printed_again": again, "page": page,
            "item": web::told::rescan_item(&asked), "state": asked.state.code(),
        }))?;
        return Ok(Outcome::Done);
    }
    show::line(format!("The slip is in {}. Scan it with the page at any station.", output.display()));
    if again {
        show::line("The page was asked for already: this is the same slip, and it counts once.");
    }
    Ok(Outcome::Done)
}

/// Where the paper lay in its stack. Sheets can be counted only where every sheet gave as many images.
fn position(page: PageRef, batch: &archive::BatchRow) -> String {
    let (number, all) = (page.page.0, batch.pages());
    let delivered = batch.profile.blank_backs == BlankBacks::Delivered && all.is_multiple_of(2);
    match batch.profile.sides {
        1 => format!("sheet {number} of {all}"),
        _ if delivered => format!("sheet {} of {}", number.div_ceil(2), all.div_ceil(2)),
        _ => format!("image {number} of {all}"),
    }
}

/// The first words on the page: few, so that the slip is told from a page of a chart.
fn begins(door: &Door, page: PageRef) -> anyhow::Result<String> {
    const WORDS: usize = 10;
    const LETTERS: usize = 110;
    let sight = door.archive.viewer_sight(&viewer(), &[page], "rescan slip")?;
    let Some(reading) = door.archive.reading(&sight, page)? else { return Ok(String::new()) };
    let words = reading.lines().flatten().filter(|word| word.legible && word.on_picture);
    let mut begins = String::new();
    for word in words.take(WORDS) {
        if begins.chars().count() + word.text.chars().count() > LETTERS {
            break;
        }
        begins.push_str(&word.text);
        begins.push(' ');
    }
    Ok(begins.trim_end().to_owned())
}

fn choose(
    door: &Door,
    shown: &Shown,
    picture: Picture,
    arguments: &RescanArguments,
) -> anyhow::Result<Outcome> {
    let pages = pages_of(shown);
    let asked_for = arguments.page.map(|number| page_of(shown, number)).transpose()?;
    let mut waiting = door.archive.rescans_about(&pages)?;
    waiting.retain(|row| {
        row.state == RescanState::Both
            && asked_for.is_none_or(|page| row.page == page || row.came.contains(&page))
    });
    let row = match waiting.as_slice() {
        [one] => one,
        [] => bail!(
            "no two pictures of a page of it wait for a decision; see `chartroom show {}`",
            arguments.id
        ),
        _ => bail!("two pictures of several pages wait; say which page with --page"),
    };
    let take = match picture {
        Picture::New => Take::New,
        Picture::Old => Take::Old,
    };
    let who = clerk(arguments.clerk.as_deref());
    let despite = arguments.despite.as_deref();
    web::acts::choose_picture(door.house(), row, take, despite, &who).map_err(|error| {
        let how = "the new picture names somebody else; if it is of that page all the same, \
                   say why with --despite";
        names_other(error, how)
    })?;
    super::wait_for_index(door)?;
    let came = row.came.first().copied();
    let place = came.map(|page| door.archive.place(page)).transpose()?.flatten();
    if arguments.json {
        let settled = door.archive.rescan_of(&row.slip)?;
        let state = settled.map(|row| row.state.code());
        show::json(&json!({ "slip": row.slip.serial, "state": state, "place": place }))?;
        return Ok(Outcome::Done);
    }
    show::line(match (take, place) {
        (Take::New, Some(Place::Document(id))) => format!("The new picture is in {id}; the old one is kept."),
        (Take::New, _) => "The new picture is in the old one's place; what is held waits on.".to_owned(),
        (Take::Old, Some(Place::Exception(id))) => format!("The old picture stays. What came waits as {id}."),
        (Take::Old, _) => "The old picture stays.".to_owned(),
    });
    Ok(Outcome::Done)
}

/// Sheets of a batch that took the place of their old selves.
pub(super) fn home_from(door: &Door, batch: &BatchId) -> anyhow::Result<u64> {
    let all = door.archive.batch(batch)?.pages();
    let pages: Vec<PageRef> =
        (1..=all).map(|page| PageRef { batch: *batch, page: records::ids::PageNumber(page) }).collect();
    let home = door.archive.rescans_about(&pages)?.into_iter();
    Ok(home
        .filter(|row| row.state == RescanState::Home && row.came.iter().any(|own| own.batch == *batch))
        .count() as u64)
}

/// Behind the worklist: what is to be scanned again.
pub(super) fn describe_open(row: &RescanRow) {
    let item = match row.item {
        RescanItem::Exception(id) => id.to_string(),
        RescanItem::Document { document, .. } => document.to_string(),
    };
    let told = match row.state {
        RescanState::Both => {
            format!("Two pictures of a page of {item} wait: `chartroom rescan {item} --take new` or `old`.")
        }
        _ => format!("A page of {item} is to be scanned again, asked by {}.", row.asked_by),
    };
    show::wrapped(&told, 78).into_iter().for_each(show::line);
}

/// What was, or is to be, scanned again of these pages.
pub(super) fn describe(rows: &[RescanRow], pages: &[PageRef]) {
    let number = |page: &PageRef| pages.iter().position(|own| own == page).map(|at| at + 1);
    let at = |page: &PageRef| format!("page {} of {}", page.page, page.batch);
    let all = |pages: &[PageRef]| pages.iter().map(at).collect::<Vec<_>>().join(" and ");
    for row in rows {
        let page = number(&row.page).or_else(|| row.came.first().and_then(number));
        let page = page.map_or_else(|| at(&row.page), |number| format!("page {number}"));
        let day = row.asked_at.strftime("%Y-%m-%d");
        let asked = format!("{page}: {} asked on {day} to scan it again", row.asked_by);
        let told = match row.state {
            RescanState::Awaited => format!("{asked}; it has not come yet"),
            RescanState::Closed => format!("{asked}; the slip counts no more"),
            RescanState::Home => format!("{asked}; it came, and its old picture is {}", all(&row.old)),
            RescanState::Both => format!("{asked}; what came is {}, and a person compares", all(&row.came)),
            RescanState::Taken => {
                format!("{asked}; a person took what came; the old picture is {}", all(&row.old))
            }
            RescanState::Kept => format!("{asked}; a person kept what was there"),
        };
        show::wrapped(&told, 76).into_iter().for_each(|line| show::line(format!("  {line}")));
    }
}
