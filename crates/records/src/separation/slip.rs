//! Which one sheet does a rescan slip declare? (`domain.md` 2.14, D-4)
//!
//! A slip declares exactly one sheet; after it nothing is open. Where it cannot be told what one sheet is, the slip's
//! declaration says so by its end, and a person compares.

use crate::outline::PageOutline;
use crate::sheet::SheetPayload;

use super::SpanEnd;
use super::paper::Paper;
use super::span::{Closer, Opener, Span};

/// Takes the sheet behind every slip from what follows it.
pub(super) fn close_after_one_sheet<'a>(
    pages: &[PageOutline],
    paper: &Paper,
    spans: Vec<Span<'a>>,
) -> Vec<Span<'a>> {
    let mut closed = Vec::with_capacity(spans.len());
    for span in spans {
        match span.opener {
            Opener::Rescan { payload, at, .. } => {
                closed.extend(one_and_the_rest(pages, paper, span, payload, at));
            }
            _ => closed.push(span),
        }
    }
    closed
}

fn one_and_the_rest<'a>(
    pages: &[PageOutline],
    paper: &Paper,
    span: Span<'a>,
    payload: &'a SheetPayload,
    at: usize,
) -> [Span<'a>; 2] {
    let (sheet, end) = one_sheet(&span.pages, &span.inked(pages), at, paper);
    let taken = sheet.last().map_or(0, |last| span.pages.iter().take_while(|page| *page <= last).count());
    let mut rest = Span::opened(Opener::Reset, None);
    rest.pages = span.pages[taken..].to_vec();
    rest.closer = span.closer;
    rest.closed_at = span.closed_at;
    rest.alarms.clone_from(&span.alarms);
    let own = Span {
        opener: Opener::Rescan { payload, at, end },
        pages: span.pages[..taken].to_vec(),
        closer: Closer::Control,
        closed_at: None,
        ..span
    };
    [own, rest]
}

/// The images of the sheet behind a slip at `slip`, and how sure it is that they are one sheet and all of it:
/// `Counted`; `Sure` if only each side by itself can tell; `Open`: nobody knows.
fn one_sheet(all: &[usize], inked: &[usize], slip: usize, paper: &Paper) -> (Vec<usize>, SpanEnd) {
    let Some(&first) = inked.first() else { return (Vec::new(), SpanEnd::Open) };
    let blanks_before = || all.iter().take_while(|page| **page < first);
    if paper.is_paired() {
        let of = |page: &usize| paper.sheet(*page);
        let sheet: Vec<usize> = inked.iter().copied().take_while(|page| of(page) == of(&first)).collect();
        let apart = of(&slip) != of(&first);
        // Its own white back may come between, or the sheet's white front; a whole white sheet may not.
        let next = blanks_before().all(|page| of(page) == of(&slip) || of(page) == of(&first));
        let one = sheet.len() == 1 || paper.is_proven_sheet(first, sheet[1]);
        let end = match (apart && next, one) {
            (true, true) => SpanEnd::Counted,
            (true, false) => SpanEnd::Sure,
            (false, _) => SpanEnd::Open,
        };
        return (sheet, end);
    }
    if paper.is_countable() {
        let end = if blanks_before().next().is_none() { SpanEnd::Counted } else { SpanEnd::Open };
        return (vec![first], end);
    }
    // White sides may have been dropped, or not.
    match inked {
        [_] if blanks_before().count() <= 1 => (vec![first], SpanEnd::Counted),
        [front, back] if front + 1 == *back && blanks_before().count() <= 1 => {
            (vec![*front, *back], SpanEnd::Sure)
        }
        _ => (vec![first], SpanEnd::Open),
    }
}
