//! Is every page accounted for?

use clap::Args;
use serde_json::json;

use super::{Outcome, PlaceArguments};
use crate::archive_door::Door;
use crate::show;

/// Originals up to this size together are hashed without being asked.
pub(super) const FULL_UP_TO: u64 = 10_000_000_000;

#[derive(Args)]
pub(crate) struct VerifyArguments {
    /// Only that everything is there
    #[arg(long, conflicts_with = "full")]
    quick: bool,
    /// Also hash every original and every reading (the default below 10 GB)
    #[arg(long)]
    full: bool,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(place: &PlaceArguments, arguments: &VerifyArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let full = arguments.full || !arguments.quick && door.archive.original_bytes()? < FULL_UP_TO;
    let report = door.archive.verify(full)?;
    let index_behind = super::index_behind(&door)?;
    let left_out = super::left_out(&door);
    let ok = report.ok && index_behind == 0;
    if arguments.json {
        let mut value = serde_json::to_value(&report)?;
        value["ok"] = json!(ok);
        value["index_behind"] = json!(index_behind);
        value["index_left_out"] = json!(left_out.len());
        show::json(&value)?;
        return Ok(Outcome::good_if(ok));
    }
    let places = [
        ("in documents", report.in_documents),
        ("on the worklist", report.in_exceptions),
        ("control sheets", report.control_sheets),
        ("blank", report.blank),
        ("superseded", report.superseded),
        ("void", report.void),
        ("set aside", report.set_aside),
        ("waiting to be read", report.pending),
    ];
    show::line(format!(
        "{} in {}:",
        show::count(report.pages, "page", "pages"),
        show::count(report.batches, "batch", "batches")
    ));
    for (place, pages) in places {
        if pages > 0 {
            show::line(format!("  {pages:>8}  {place}"));
        }
    }
    for problem in &report.problems {
        show::line(format!("  ! {problem}"));
    }
    if index_behind > 0 {
        show::line(format!(
            "  ! {index_behind} pages cannot be found by search yet; `chartroom index rebuild` if it stays so"
        ));
    }
    if !left_out.is_empty() {
        show::line(format!(
            "  ! {} of them are left out because the search index cannot take them: {}",
            left_out.len(),
            super::named(&left_out)
        ));
    }
    let originals =
        if full { "originals and readings are what was stored" } else { "originals are all there" };
    let verdict = match ok {
        true => format!("All accounted for; {originals}; the index equals the catalogue."),
        false => format!(
            "NOT all good: {} unaccounted, {} damaged. Nothing was changed; call for help before scanning on.",
            report.unaccounted, report.corrupt
        ),
    };
    for line in show::wrapped(&verdict, 78) {
        show::line(line);
    }
    Ok(Outcome::good_if(ok))
}
