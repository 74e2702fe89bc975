//! How does the station's profile divide a span into documents?

use crate::outline::PageOutline;
use crate::station::{Profile, SeparationMode};

use super::paper::Paper;
use super::person::another;
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

/// How pages without any control sheet fall apart by the people they name: a proposal for a person, for silent
/// pages go with those before them. One part where they name nobody else.
pub(super) fn by_identity(pages: &[PageOutline], group: &[usize]) -> Vec<Vec<usize>> {
    let mut parts: Vec<Vec<usize>> = vec![Vec::new()];
    let mut named: Option<&str> = None;
    for &at in group {
        let key = pages[at].identity_key.as_deref();
        let other = named.zip(key).is_some_and(|(named, key)| another(named, key));
        if other {
            parts.push(Vec::new());
        }
        if other || named.is_none() {
            named = key;
        }
        parts.last_mut().expect("there is always a part").push(at);
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// A form of the catalogue begins: its own first page, or another form than on the page before.
pub(super) fn starts_form(before: &PageOutline, page: &PageOutline) -> bool {
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
