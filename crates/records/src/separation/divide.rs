//! How does the station's profile divide a span into documents?

use crate::ids::PageNumber;
use crate::outline::PageOutline;
use crate::station::{Profile, SeparationMode};

use super::paper::Paper;
use super::series::continues;
use super::span::{Opener, Span};

/// The pages of each draft, as places in the stream. Blank pages are in none.
pub(super) fn divide(
    pages: &[PageOutline],
    span: &Span<'_>,
    paper: &Paper,
    profile: &Profile,
) -> Vec<Vec<usize>> {
    let inked = span.inked(pages);
    // Counts, contradictions and witnesses under a cover sheet are judged on its whole span (D-1); and what
    // stands behind a doubtful sheet is one question for a person.
    let whole = matches!(span.opener, Opener::Cover { .. } | Opener::Doubtful(_));
    let same_sheet = |a: usize, b: usize| paper.is_paired() && paper.sheet(a) == paper.sheet(b);
    let together = |a: &usize, b: &usize| {
        whole
            || same_sheet(*a, *b)
            || match profile.separation {
                SeparationMode::File => true,
                SeparationMode::Sheet => false,
                SeparationMode::Control => !starts_form(&pages[*a], &pages[*b]),
                SeparationMode::Identity => !starts_by_identity(pages, &inked, *a, *b, paper),
            }
    };
    inked.chunk_by(together).map(<[usize]>::to_vec).collect()
}

/// How a job without control sheets would fall apart by the identities on its pages: a proposal for a clerk,
/// never a separation by itself.
pub fn by_identity(outlines: &[PageOutline]) -> Vec<Vec<PageNumber>> {
    let written: Vec<&PageOutline> = outlines.iter().filter(|outline| !outline.blank).collect();
    written
        .chunk_by(|a, b| b.identity_key.is_none() || b.identity_key == a.identity_key || continues(a, b))
        .map(|group| group.iter().map(|outline| outline.page).collect())
        .collect()
}

/// A form of the catalogue begins: its own first page, or another form than on the page before.
fn starts_form(before: &PageOutline, page: &PageOutline) -> bool {
    match (&page.form, page.page_of) {
        (None, _) => false,
        (Some(_), Some((1, _))) => true,
        (Some(form), _) => before.form.as_ref() != Some(form),
    }
}

/// A sheet (either side of it) with a number and one thing more starts a document, unless the form's own
/// numbering says that it goes on.
fn starts_by_identity(
    pages: &[PageOutline],
    inked: &[usize],
    before: usize,
    at: usize,
    paper: &Paper,
) -> bool {
    let on_sheet = inked.iter().filter(|&&other| paper.sheet(other) == paper.sheet(at));
    let named = on_sheet.into_iter().any(|&side| pages[side].identity_key.is_some());
    named && !continues(&pages[before], &pages[at])
}
