//! Does "page x of y" say that one page follows another?

use crate::outline::PageOutline;

/// The same form, one page on.
pub(super) fn continues(before: &PageOutline, page: &PageOutline) -> bool {
    match (before.page_of, page.page_of) {
        (Some((x, y)), Some((next, of))) => next == x + 1 && of == y && same_form(before, page),
        _ => false,
    }
}

/// Same form id, or same title where there are no ids. Pages without either cannot be told to be the same.
pub(super) fn same_form(a: &PageOutline, b: &PageOutline) -> bool {
    /// Titles as an engine reads them twice.
    const ALIKE: f64 = 0.92;
    match (&a.form, &b.form) {
        (Some(a), Some(b)) => a == b,
        (None, None) if !a.title.is_empty() && !b.title.is_empty() => {
            strsim::jaro_winkler(&a.title, &b.title) >= ALIKE
        }
        _ => false,
    }
}
