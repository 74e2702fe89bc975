//! What became of every sheet of a batch, from what was declared to what can be found?

use archive::Ledger;
use records::ids::{BatchId, PageNumber, PageRef};
use search::IndexReader;
use serde_json::{Value, json};

use crate::archive_door::Door;
use crate::show;

/// A batch's ledger as the catalogue has it, and how many of its pages the index finds.
pub(super) struct PageLedger {
    ledger: Ledger,
    searchable: u64,
}

impl PageLedger {
    pub(super) fn of(door: &Door, batch: &BatchId) -> anyhow::Result<Self> {
        let ledger = door.archive.ledger(batch)?;
        let mut searchable = 0;
        if let Ok(index) = IndexReader::open(&door.index_folder()) {
            for page in 1..=u32::try_from(ledger.pages)? {
                searchable += u64::from(index.holds(PageRef { batch: *batch, page: PageNumber(page) })?);
            }
        }
        Ok(Self { ledger, searchable })
    }

    pub(super) fn in_json(&self) -> anyhow::Result<Value> {
        let mut value = serde_json::to_value(&self.ledger)?;
        value["searchable"] = json!(self.searchable);
        value["gap"] = json!(self.ledger.gap());
        Ok(value)
    }

    /// In a sentence that adds up.
    pub(super) fn describe(&self) {
        let ledger = &self.ledger;
        let mut steps = Vec::new();
        if let Some(sheets) = ledger.declared_sheets {
            steps.push(format!("{} declared", show::count(sheets, "sheet", "sheets")));
        }
        if let Some(pages) = ledger.declared_pages {
            steps.push(format!("{} declared", show::count(pages, "page", "pages")));
        }
        steps.push(format!("{} received", show::count(ledger.pages, "page", "pages")));
        steps.push(format!("{} read", ledger.read));
        let places = &ledger.places;
        for (count, place) in [
            (places.in_documents, "filed"),
            (places.in_exceptions, "held"),
            (places.control_sheets, "control sheets"),
            (places.blank, "blank"),
            (places.superseded, "superseded"),
            (places.void, "void"),
            (places.set_aside, "set aside"),
            (places.pending, "waiting"),
        ] {
            if count > 0 {
                steps.push(format!("{count} {place}"));
            }
        }
        steps.push(format!("{} searchable", self.searchable));
        for line in show::wrapped(&steps.join(", "), 78) {
            show::line(line);
        }
        if ledger.gap() > 0 {
            let pages = show::count(ledger.gap(), "page", "pages");
            show::line(format!("! {pages} unaccounted for: run `chartroom verify`"));
        }
    }
}
