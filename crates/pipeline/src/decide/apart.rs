//! Which pages of a batch belong together, and what do its readings say?

use archive::{BatchRow, OriginalRow};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use records::ids::PageNumber;
use records::mended::mend;
use records::outline::{PageOutline, SheetSeen, outline};
use records::reading::{Fault, FaultCode, PageReading, ReaderVersion};
use records::separation::{Job, Separation, separate};
use records::sheet::SheetPayload;

use crate::error::LineError;
use crate::line::Tools;
use crate::mend::mended_sheets;
use crate::readings::Readings;

/// A page that is a sheet of ours, and what it says.
pub(crate) type Sheet = (PageNumber, SheetPayload);

/// Outlines of all pages, then which belong together; and every sheet of ours, wherever it ends up.
pub(super) fn take_apart(
    tools: &Tools,
    batch: &BatchRow,
    readings: &Readings,
    now: Timestamp,
) -> Result<(Separation, Vec<Sheet>), LineError> {
    let today = TimeZone::UTC.to_datetime(now).date();
    let site = &tools.site;
    let mut outlines: Vec<PageOutline> = Vec::new();
    for (ordinal, original) in (0..).zip(&batch.originals) {
        for page in pages_of(original) {
            let reading = read_one(readings, page)?;
            outlines.push(outline(page, ordinal, &reading, &site.sheet_keys, &site.rules, today));
        }
    }
    mend(&mut outlines, &mended_sheets(&tools.archive, &batch.id)?, batch.profile.sides);
    let job = Job { grouping: batch.grouping, declared_sheets: batch.declared_sheets };
    let separation = separate(&outlines, &batch.profile, job);
    let sheets = outlines.into_iter().filter_map(|outline| match outline.sheet {
        Some(SheetSeen::Ours(payload)) => Some((outline.page, *payload)),
        _ => None,
    });
    Ok((separation, sheets.collect()))
}

pub(crate) fn pages_of(original: &OriginalRow) -> impl Iterator<Item = PageNumber> + use<> {
    let first = original.first_page.map_or(1, |page| page.0);
    (first..first + original.pages.unwrap_or(0)).map(PageNumber)
}

pub(crate) fn read_all(
    readings: &Readings,
    pages: &[PageNumber],
) -> Result<Vec<(PageNumber, PageReading)>, LineError> {
    pages.iter().map(|page| Ok((*page, read_one(readings, *page)?))).collect()
}

/// A page without a reading is one that could not be read: it is never passed over.
fn read_one(readings: &Readings, page: PageNumber) -> Result<PageReading, LineError> {
    let missing = || {
        let fault = Fault::new(FaultCode::PageUnreadable, format!("page {page} has no reading"));
        PageReading::unreadable(fault, ReaderVersion("none".into()))
    };
    Ok(readings.get(page)?.unwrap_or_else(missing))
}
