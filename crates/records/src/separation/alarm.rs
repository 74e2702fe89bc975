//! What on its pages already says that a draft is not one document?

use crate::exception::Reason;
use crate::outline::PageOutline;
use crate::station::{BlankBacks, Profile, SeparationMode};

use super::divide::starts_form;
use super::person::another;
use super::series::same_form;
use super::span::{Face, Span, face};
use super::{Draft, SpanEnd};

/// Alarms of one draft from its pages alone. `end`: of the span, and whether a cover sheet stands over it.
pub(super) fn of(
    pages: &[PageOutline],
    group: &[usize],
    (end, covered): (SpanEnd, bool),
    profile: &Profile,
) -> Vec<Reason> {
    let mut alarms = Vec::new();
    if profile.separation == SeparationMode::Sheet {
        return alarms; // one sheet: nothing can be missing between its pages
    }
    let group: Vec<&PageOutline> = group.iter().map(|&at| &pages[at]).collect();
    let numbering = numbering(&group);
    if numbering.gap {
        alarms.push(Reason::PageGap);
    }
    // Where the end is sure, several forms of one person are one stack; in a file without a cover sheet only those
    // that name the person.
    let begins = |page: &PageOutline| end == SpanEnd::Open || (!covered && !page.names_patient);
    let forms = group.windows(2).filter(|pair| starts_form(pair[0], pair[1])).map(|pair| pair[1]);
    if numbering.restarts.iter().copied().chain(forms).any(begins) || names_another(&group) {
        alarms.push(Reason::SeparatorMissing);
    }
    alarms
}

#[derive(Default)]
struct Numbering<'a> {
    gap: bool,
    /// Every further "page 1 of n".
    restarts: Vec<&'a PageOutline>,
}

/// Follows "page x of y" through a draft. Pages without a number may stand between, and count as one each.
fn numbering<'a>(group: &[&'a PageOutline]) -> Numbering<'a> {
    let mut found = Numbering::default();
    let numbered = group.iter().enumerate().filter_map(|(at, page)| Some((at, *page, page.page_of?)));
    let mut last: Option<(usize, &PageOutline, (u32, u32))> = None;
    for (at, page, (x, y)) in numbered {
        match last {
            None => found.gap |= x as usize > at + 1,
            Some((then, before, (px, py))) => {
                let between = u32::try_from(at - then).unwrap_or(u32::MAX);
                let another = y != py || (same_kind_known(before, page) && !same_form(before, page));
                if x == 1 {
                    found.restarts.push(page);
                    found.gap |= px.saturating_add(between - 1) < py;
                } else if another || x != px.saturating_add(between) {
                    found.gap = true;
                }
            }
        }
        last = Some((at, page, (x, y)));
    }
    if let Some((at, _, (x, y))) = last {
        found.gap |= (x as usize) + (group.len() - 1 - at) < y as usize;
    }
    found
}

fn same_kind_known(a: &PageOutline, b: &PageOutline) -> bool {
    a.form.is_some() && b.form.is_some()
}

/// Whether the pages name two people.
fn names_another(group: &[&PageOutline]) -> bool {
    let keys: Vec<&str> = group.iter().filter_map(|page| page.identity_key.as_deref()).collect();
    keys.iter().enumerate().any(|(at, key)| keys[..at].iter().any(|earlier| another(earlier, key)))
}

/// A page nobody could read holds its draft and the drafts before and after it in the span: it may have been
/// the first page of the one or the last of the other.
pub(super) fn unreadable(pages: &[PageOutline], groups: &[Vec<usize>], drafts: &mut [Draft]) {
    for (nth, group) in groups.iter().enumerate() {
        if group.iter().any(|&at| !pages[at].readable) {
            let around = nth.saturating_sub(1)..(nth + 2).min(drafts.len());
            drafts[around].iter_mut().for_each(|draft| draft.hold(Reason::PageUnreadable));
        }
    }
}

/// One face ours and the other not the same sheet: two sheets went through at once. Both images and what
/// comes before and after them up to the next control sheet are held (FS-6).
pub(super) fn double_feeds(pages: &[PageOutline], profile: &Profile, spans: &mut [Span<'_>]) {
    if profile.sides != 2 || profile.blank_backs != BlankBacks::Delivered {
        return;
    }
    for (nth, pair) in pages.chunks(2).enumerate() {
        let [front, back] = pair else { continue };
        if !is_double_feed(front, back, profile) {
            continue;
        }
        let touched = |at: usize| at / 2 == nth;
        for span in spans.iter_mut() {
            if span.opened_at.is_some_and(touched)
                || span.closed_at.is_some_and(touched)
                || span.pages.iter().any(|&at| touched(at))
            {
                span.alarms.push(Reason::DoubleFeed);
            }
        }
    }
}

fn is_double_feed(front: &PageOutline, back: &PageOutline, profile: &Profile) -> bool {
    let empty = |page: &PageOutline| page.blank && page.readable && page.sheet.is_none();
    match (face(front, profile), face(back, profile)) {
        (Face::Content | Face::Start, Face::Content | Face::Start) => false,
        (Face::Sheet(a), Face::Sheet(b)) => a != b,
        (Face::Patch, Face::Patch) => false,
        // A sheet printed on one side only proves nothing, but accuses nobody.
        _ => !empty(front) && !empty(back),
    }
}
