//! A cover sheet comes a second time: was it copied, or was the stack put in again after a jam? (`domain.md` 2.5)

use archive::BatchRow;
use records::document::SerialUse;
use records::ids::PageNumber;
use records::judge::{Known, SheetAppearance};
use records::rescan::Wording;
use records::sheet::SheetKind;

use crate::copies::{SOON, wording};
use crate::decide::{Sheet, Weighed, stands_under};
use crate::error::LineError;
use crate::line::Tools;
use crate::readings::Readings;

/// What is said of the sheets that were seen before.
#[derive(Default)]
pub(crate) struct Reuse {
    /// Nobody knows which of the two stacks is the right one.
    pub(crate) doubtful: Vec<SerialUse>,
    /// A stack put in again, and in a clerk's words which run is the complete one.
    pub(crate) repeats: Vec<(SerialUse, String)>,
}

/// Looks at every cover sheet that appeared elsewhere before. What stands under it is held in any case.
pub(crate) fn find(
    tools: &Tools,
    batch: &BatchRow,
    readings: &Readings,
    sheets: &[Sheet],
    declared: &Known,
    weighed: &[Weighed],
) -> Result<Reuse, LineError> {
    let mut reuse = Reuse::default();
    let mut covers: Vec<SerialUse> = sheets
        .iter()
        .filter(|(_, payload)| payload.kind == SheetKind::Cover)
        .map(|(_, payload)| payload.serial_use())
        .collect();
    covers.sort_unstable();
    covers.dedup();
    for serial in covers {
        let earlier: Vec<&SheetAppearance> =
            declared.appearances.iter().filter(|own| own.serial == serial && own.batch != batch.id).collect();
        let Some(first) = earlier.first() else { continue };
        let is_sheet = |page: &PageNumber| sheets.iter().any(|(sheet, _)| sheet == page);
        let drafts = weighed.iter().filter(|own| stands_under(&own.case.draft, &serial));
        let pages: Vec<PageNumber> =
            drafts.flat_map(|own| &own.case.draft.pages).filter(|page| !is_sheet(page)).copied().collect();
        let run = Run::of(readings, &pages)?;
        let mut others = Vec::new();
        for appearance in &earlier {
            others.push(Run::earlier(tools, batch, appearance)?);
        }
        if others.iter().flatten().filter(|other| run.repeats(other)).count() == earlier.len() {
            let before = others.into_iter().flatten().next().unwrap_or_default();
            reuse.repeats.push((serial, words(batch, first, &run, &before)));
        } else {
            reuse.doubtful.push(serial);
        }
    }
    Ok(reuse)
}

/// The pages that stood under a sheet, in order.
#[derive(Default)]
struct Run(Vec<Wording>);

impl Run {
    fn of(readings: &Readings, pages: &[PageNumber]) -> Result<Self, LineError> {
        let wordings = pages.iter().map(|page| wording(readings, *page)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self(wordings.into_iter().flatten().collect()))
    }

    /// Of an earlier appearance at the same station a short time ago; none otherwise.
    fn earlier(
        tools: &Tools,
        batch: &BatchRow,
        appearance: &SheetAppearance,
    ) -> Result<Option<Self>, LineError> {
        let other = tools.archive.batch(&appearance.batch)?;
        let soon = batch.created.duration_since(other.created).abs() <= SOON;
        if other.station != batch.station || !soon {
            return Ok(None);
        }
        let pages = tools.archive.under_sheet(appearance)?;
        let readings = tools.archive.readings_to_compare(&tools.lock, &appearance.batch)?;
        Self::of(&readings.into(), &pages).map(Some)
    }

    /// Every page of the shorter run is, in order, a page of the longer one; at least one has enough words to tell.
    fn repeats(&self, other: &Self) -> bool {
        let (shorter, longer) =
            if self.0.len() <= other.0.len() { (&self.0, &other.0) } else { (&other.0, &self.0) };
        let mut rest = longer.iter();
        let all = shorter.iter().all(|page| rest.any(|same| same.is_same(page)));
        all && shorter.iter().any(Wording::is_telling)
    }
}

fn words(batch: &BatchRow, first: &SheetAppearance, run: &Run, before: &Run) -> String {
    let complete = if run.0.len() > before.0.len() { "this one" } else { "the first" };
    format!(
        "The same stack came before at this station, as after a jam: in batch {}, under the cover sheet on page {}, \
         with {} pages; here it has {}. The complete run seems to be {complete}; withdraw the other.{}",
        first.batch,
        first.page,
        before.0.len(),
        run.0.len(),
        if batch.originals.len() > 1 { " Look at all files of the job." } else { "" }
    )
}
