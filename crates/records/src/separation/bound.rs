//! Which pages need no identity of their own? (`domain.md` AF-5)

use crate::ids::PageNumber;
use crate::outline::PageOutline;
use crate::station::{Profile, SeparationMode};

use super::paper::Paper;
use super::series::continues;

/// The bound pages of one draft, in order. What a valid cover sheet covers is decided by the judge.
pub(super) fn bound(
    pages: &[PageOutline],
    group: &[usize],
    paper: &Paper,
    profile: &Profile,
) -> Vec<PageNumber> {
    (0..group.len())
        .filter(|&nth| {
            is_other_side(pages, group, nth, paper)
                || (nth > 0 && paper.is_countable() && continues(&pages[group[nth - 1]], &pages[group[nth]]))
                || (paper.is_countable() && is_bound_by_file(pages, group, nth, paper, profile))
        })
        .map(|nth| pages[group[nth]].page)
        .collect()
}

/// The back of a proven sheet; and its front, where the back names somebody: what one side says holds for both.
fn is_other_side(pages: &[PageOutline], group: &[usize], nth: usize, paper: &Paper) -> bool {
    let is_back = nth > 0 && paper.is_proven_sheet(group[nth - 1], group[nth]);
    let back = group.get(nth + 1).filter(|&&back| paper.is_proven_sheet(group[nth], back));
    is_back || back.is_some_and(|&back| !pages[group[nth]].names_patient && pages[back].names_patient)
}

/// In a one-file profile: among the first sheets of the file, or between two pages that name the same person.
fn is_bound_by_file(
    pages: &[PageOutline],
    group: &[usize],
    nth: usize,
    paper: &Paper,
    profile: &Profile,
) -> bool {
    if profile.separation != SeparationMode::File {
        return false;
    }
    let first_sheets = if profile.fax { 0 } else { profile.file_sheets as usize };
    let ordinal = paper.sheet(group[nth]) - paper.sheet(group[0]);
    let key = |nth: &usize| pages[group[*nth]].identity_key.as_ref();
    let before = (0..nth).rev().find_map(|nth| key(&nth));
    let after = (nth + 1..group.len()).find_map(|nth| key(&nth));
    ordinal < first_sheets || (before.is_some() && before == after)
}
