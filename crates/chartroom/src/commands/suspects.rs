//! Which pages of a batch may not have gone through the scanner as they should?

use archive::BatchReport;
use records::feed::{Fed, Suspect, suspects};

use crate::archive_door::Door;
use crate::show;

/// Told from the readings of its pages, which nobody is shown. Readings that are damaged are left out: `verify` tells.
pub(super) fn of(door: &Door, report: &BatchReport) -> anyhow::Result<Vec<Suspect>> {
    let readings = door.archive.examiner().readings(&report.batch.id)?;
    let mut fed = Vec::new();
    for page in readings.pages() {
        fed.extend(readings.get(page).ok().flatten().map(|reading| Fed::of(page, &reading)));
    }
    Ok(suspects(&fed, &report.batch.profile))
}

pub(super) fn describe(suspects: &[Suspect]) {
    for suspect in suspects {
        let pages: Vec<String> = suspect.pages.iter().map(ToString::to_string).collect();
        let place = if pages.is_empty() { String::new() } else { format!("page {}: ", pages.join(", ")) };
        let told = format!("? {place}{}", suspect.why.words());
        show::wrapped(&told, 78).into_iter().for_each(show::line);
    }
}
