//! Which codes stand on these pages? A code on a page is ink: what it says of anybody is not ours to tell.

use jiff::civil::Date;
use records::codes::{CodeMention, mentions};
use records::ids::PageRef;
use records::reading::PageReading;
use serde_json::{Value, json};

use crate::archive_door::{Door, viewer};
use crate::show;

/// Shows the codes of pages, by the tables of their days of service.
pub(super) fn show(
    door: &Door,
    pages: &[PageRef],
    service: Option<(Date, Date)>,
    as_json: bool,
) -> anyhow::Result<()> {
    let tables = door.config.codes.tables()?;
    let sight = door.archive.viewer_sight(&viewer(), pages, "show")?;
    let mut found = Vec::new();
    for (number, page) in (1..).zip(pages) {
        let Some(reading) = door.archive.reading(&sight, *page)? else { continue };
        for mention in mentions(&reading, service, &tables) {
            if as_json {
                found.push(in_json(number, &mention, &reading));
            } else {
                show::line(sentence(number, &mention));
            }
        }
    }
    if as_json {
        show::json(&json!({ "codes": found }))?;
    }
    Ok(())
}

fn sentence(page: u32, mention: &CodeMention) -> String {
    let code = format!("{} {}", mention.system.name(), mention.code);
    let heads = if mention.billable == Some(false) { ", which only heads others" } else { "" };
    if mention.corrected {
        format!("code text \u{201c}{}\u{201d} on page {page}, corrected to {code}{heads}", mention.text)
    } else {
        format!("code text \u{201c}{}\u{201d} on page {page}: {code}{heads}", mention.text)
    }
}

fn in_json(page: u32, mention: &CodeMention, reading: &PageReading) -> Value {
    let boxes = reading.words[mention.words.clone()].iter().map(|word| word.place);
    json!({
        "page": page,
        "system": mention.system.name(),
        "code": mention.code,
        "text": mention.text,
        "corrected": mention.corrected,
        "billable": mention.billable,
        "boxes": boxes.map(|r| [r.x, r.y, r.w, r.h]).collect::<Vec<_>>(),
    })
}
