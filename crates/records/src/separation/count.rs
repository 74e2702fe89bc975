//! Are there as many sheets as somebody declared, and where does a cover sheet's span end for sure?

use std::ops::RangeInclusive;

use crate::exception::Reason;
use crate::outline::PageOutline;
use crate::sheet::SheetKind;
use crate::station::{Profile, SeparationMode};

use super::SpanEnd;
use super::paper::Paper;
use super::span::{Opener, Span};

/// What counting says about one span.
pub(super) struct Counted {
    pub(super) end: SpanEnd,
    pub(super) held: Vec<Reason>,
}

/// Counts the sheets under a cover sheet (D-3).
pub(super) fn judge(span: &Span<'_>, spans: &[Span<'_>], paper: &Paper, profile: &Profile) -> Counted {
    let declared = span.cover().and_then(|(payload, _)| payload.sheets);
    let counted = paper.sheets(span.pages.len());
    let fits = declared.is_none_or(|sheets| counted.contains(&(sheets as usize)));
    let only = profile.separation == SeparationMode::File
        && spans.iter().filter(|other| !other.pages.is_empty()).count() == 1;
    // Whatever closed the span (a control sheet, the end of the stream), an exact count is enough.
    let exact = declared.is_some() && paper.is_countable();
    let end = match fits {
        true if exact => SpanEnd::Counted,
        true if span.closed_by_own() || only => SpanEnd::Sure,
        _ => SpanEnd::Open,
    };
    Counted { end, held: if fits { Vec::new() } else { vec![Reason::PagecountMismatch] } }
}

/// Sheets that are missing under a counted cover sheet may lie among those that say nothing behind the next one, which
/// came too early; unless that is counted, too.
pub(super) fn short(pages: &[PageOutline], paper: &Paper, spans: &mut [Span<'_>]) {
    for at in 1..spans.len() {
        let declared = |span: &Span<'_>| span.cover().and_then(|(payload, _)| payload.sheets);
        let most = *paper.sheets(spans[at - 1].pages.len()).end();
        let missing = declared(&spans[at - 1]).is_some_and(|sheets| most < sheets as usize)
            && declared(&spans[at]).is_none();
        let silent = |page: &usize| !pages[*page].names_patient && !pages[*page].blank;
        if missing && spans[at].pages.iter().any(silent) {
            spans[at].alarms.push(Reason::PagecountMismatch);
        }
    }
}

/// A batch sheet's number must fit what stands between it and the next batch sheet, or all of it is held.
pub(super) fn batches(paper: &Paper, spans: &mut [Span<'_>]) {
    let is_batch_sheet = |span: &Span<'_>| matches!(span.opener, Opener::Other(sheet) if matches!(sheet.kind, SheetKind::Batch | SheetKind::EndOfBatch));
    for batch in spans.chunk_by_mut(|_, next| !is_batch_sheet(next)) {
        let Opener::Other(sheet) = batch[0].opener else { continue };
        let (SheetKind::Batch, Some(sheets)) = (sheet.kind, sheet.sheets) else { continue };
        let images = batch.iter().map(|span| span.pages.len()).sum();
        if !paper.sheets(images).contains(&(sheets as usize)) {
            batch.iter_mut().for_each(|span| span.alarms.push(Reason::PagecountMismatch));
        }
    }
}

/// How many sheets a whole job of `images` images may have been; nothing is known of a station that may have
/// dropped blank backs.
pub(super) fn of_images(images: usize, profile: &Profile) -> Option<RangeInclusive<u32>> {
    let images = u32::try_from(images).ok()?;
    match profile.sides {
        1 => Some(images..=images),
        _ => Some(images.div_ceil(2)..=images),
    }
}
