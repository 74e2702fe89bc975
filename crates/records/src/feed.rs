//! Did paper go through the scanner as it should? Told from all pages of a batch together (`domain.md` 4.7).
//!
//! Suspicions, for a person to look at: nothing is held or filed because of them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::geometry::Turn;
use crate::ids::PageNumber;
use crate::reading::PageReading;
use crate::rescan::Wording;
use crate::station::{BlankBacks, Profile};

/// What the scanner's feed tells of one page.
#[derive(Clone)]
pub struct Fed {
    page: PageNumber,
    /// Width and length as it went through, millimetres; `None` where the file does not say how large its pixels are.
    size: Option<[f32; 2]>,
    /// Where a line of dirt runs along it, millimetres from the scanner's left.
    dropout: Option<f32>,
    wording: Wording,
}

/// Counts only: the wording is of a patient.
impl std::fmt::Debug for Fed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fed(page {}, {:?} mm)", self.page, self.size)
    }
}

impl Fed {
    pub fn of(page: PageNumber, reading: &PageReading) -> Self {
        let stated = reading.native_dpi.is_some() && reading.dpi.iter().all(|dpi| *dpi > 0);
        let millimetres = |pixels: u32, dpi: u32| {
            #[expect(clippy::cast_precision_loss, reason = "pixels of a page are far below 2^24")]
            let inches = pixels as f32 / dpi as f32;
            inches * 25.4
        };
        let sides =
            || [millimetres(reading.width, reading.dpi[0]), millimetres(reading.height, reading.dpi[1])];
        let size = stated.then(sides).map(|[w, h]| if reading.turn.swaps() { [h, w] } else { [w, h] });
        // Dirt on the glass runs along the feed: down a page that was not turned, or stood on its head.
        let from_left = reading.quality.measures.and_then(|measures| measures.dropout).filter(|_| stated);
        let dropout = from_left.and_then(|x| match reading.turn {
            Turn::None => Some(millimetres(x, reading.dpi[0])),
            Turn::Half => Some(millimetres(reading.width.saturating_sub(x), reading.dpi[0])),
            Turn::Right | Turn::Left => None,
        });
        Self { page, size, dropout, wording: Wording::of(reading) }
    }
}

/// Pages that a person should look at, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suspect {
    pub why: Suspicion,
    pub pages: Vec<PageNumber>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Suspicion {
    /// More than 10 % longer or shorter than the other pages of its width, and of no size that paper has.
    OddLength,
    /// A scanner that delivers both sides of every sheet gave an odd number of pages.
    OddCount,
    /// The same words as on a page just before: fed twice.
    FedTwice,
    /// A line at one place on three pages or more, one after the other: the scanner's glass is dirty.
    DirtyGlass,
}

impl Suspicion {
    pub const fn words(self) -> &'static str {
        match self {
            Self::OddLength => "of another length than the rest: two sheets may have gone through at once",
            Self::OddCount => {
                "an odd number of pages from a two-sided scanner: a side or a sheet may be missing"
            }
            Self::FedTwice => "the same as a page before: a sheet may have gone through twice",
            Self::DirtyGlass => "a line at the same place: clean the scanner's glass",
        }
    }
}

/// What is odd about the pages of one batch, in their order.
pub fn suspects(pages: &[Fed], profile: &Profile) -> Vec<Suspect> {
    let mut suspects = Vec::from_iter(odd_lengths(pages));
    suspects.extend(fed_twice(pages));
    suspects.extend(dirty_glass(pages, usize::from(profile.sides.clamp(1, 2))));
    let both_sides = profile.sides == 2 && profile.blank_backs == BlankBacks::Delivered;
    if both_sides && !pages.len().is_multiple_of(2) {
        suspects.push(Suspect { why: Suspicion::OddCount, pages: Vec::new() });
    }
    suspects
}

/// Pages of one width are a cluster: ECG strips, A5 sheets and carbon copies have their own.
fn odd_lengths(pages: &[Fed]) -> Option<Suspect> {
    /// Pages that a cluster needs for its median to say something.
    const ENOUGH: usize = 5;
    /// So many pages of one size are a size of their own.
    const OWN_SIZE: usize = 3;
    // Whole millimetres, so that a batch of thousands has a few sizes.
    let whole = |size: [f32; 2]| size.map(f32::round).map(f32::to_bits);
    let mut counts: BTreeMap<[u32; 2], usize> = BTreeMap::new();
    pages.iter().filter_map(|page| page.size).for_each(|size| *counts.entry(whole(size)).or_default() += 1);
    let sizes: Vec<([f32; 2], usize)> =
        counts.into_iter().map(|(size, count)| (size.map(f32::from_bits), count)).collect();
    let is_odd = |[width, length]: [f32; 2]| {
        let mut cluster: Vec<(f32, usize)> = sizes
            .iter()
            .filter(|([other, _], _)| alike(*other, width, 0.03))
            .map(|([_, length], count)| (*length, *count))
            .collect();
        cluster.sort_by(|a, b| a.0.total_cmp(&b.0));
        let all: usize = cluster.iter().map(|(_, count)| count).sum();
        let mut before = 0;
        let median = cluster.iter().find(|(_, count)| {
            before += count;
            before * 2 >= all
        });
        let own: usize =
            cluster.iter().filter(|(other, _)| alike(*other, length, 0.02)).map(|(_, count)| count).sum();
        all >= ENOUGH
            && own < OWN_SIZE
            && median.is_some_and(|(median, _)| !alike(length, *median, 0.1))
            && !is_paper(width, length)
    };
    let odd_sizes: Vec<[f32; 2]> = sizes.iter().map(|(size, _)| *size).filter(|size| is_odd(*size)).collect();
    let is_one = |page: &&Fed| page.size.is_some_and(|size| odd_sizes.contains(&size.map(f32::round)));
    let odd: Vec<PageNumber> = pages.iter().filter(is_one).map(|page| page.page).collect();
    (!odd.is_empty()).then_some(Suspect { why: Suspicion::OddLength, pages: odd })
}

/// Letter, legal, half a letter, A4, A5: one sheet of another size than the rest is no double feed.
fn is_paper(width: f32, length: f32) -> bool {
    const SIZES: [[f32; 2]; 5] =
        [[215.9, 279.4], [215.9, 355.6], [215.9, 139.7], [210.0, 297.0], [210.0, 148.0]];
    SIZES.iter().any(|[w, l]| alike(width, *w, 0.03) && alike(length, *l, 0.02))
}

fn alike(value: f32, other: f32, by: f32) -> bool {
    (value - other).abs() <= by * other
}

/// A page that says what one of the four before it says.
fn fed_twice(pages: &[Fed]) -> impl Iterator<Item = Suspect> {
    const BACK: usize = 4;
    pages.iter().enumerate().filter_map(|(at, page)| {
        let before = &pages[at.saturating_sub(BACK)..at];
        let twin = before
            .iter()
            .rev()
            .find(|other| page.wording.is_telling() && page.wording.is_same(&other.wording))?;
        Some(Suspect { why: Suspicion::FedTwice, pages: vec![twin.page, page.page] })
    })
}

/// Lines at one place on pages of the same side of the paper, one after the other.
fn dirty_glass(pages: &[Fed], sides: usize) -> Vec<Suspect> {
    const ENOUGH: usize = 3;
    /// Paper shifts a little in its feed, millimetres.
    const SHIFT: f32 = 1.0;
    let mut found = Vec::new();
    for side in 0..sides {
        let pages: Vec<&Fed> = pages.iter().skip(side).step_by(sides).collect();
        let goes_on =
            |a: &&Fed, b: &&Fed| a.dropout.zip(b.dropout).is_some_and(|(a, b)| (a - b).abs() <= SHIFT);
        let runs = pages.chunk_by(goes_on).filter(|run| run.len() >= ENOUGH);
        found.extend(runs.map(|run| Suspect {
            why: Suspicion::DirtyGlass,
            pages: run.iter().map(|page| page.page).collect(),
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::{Measures, QualityFlag};
    use crate::sighting::row::tests::page as print;

    /// So many pages of letter paper, each with other words.
    fn letters(count: u32) -> Vec<PageReading> {
        let text =
            |nth: u32| (0..30).map(|word| format!("word{}", nth * 100 + word)).collect::<Vec<_>>().join(" ");
        (0..count).map(|nth| print(&[(200, 300, &text(nth))])).collect()
    }

    fn found(readings: &[PageReading], profile: &Profile) -> Vec<(Suspicion, Vec<u32>)> {
        let fed: Vec<Fed> =
            (1..).zip(readings).map(|(nth, reading)| Fed::of(PageNumber(nth), reading)).collect();
        let all = suspects(&fed, profile);
        all.into_iter().map(|one| (one.why, one.pages.iter().map(|page| page.0).collect())).collect()
    }

    fn one_sided(readings: &[PageReading]) -> Vec<(Suspicion, Vec<u32>)> {
        found(readings, &Profile::default())
    }

    fn with_line(reading: &mut PageReading, x: u32) {
        reading.quality.flags.push(QualityFlag::DropoutLine);
        reading.quality.measures = Some(Measures { dropout: Some(x), ..Measures::default() });
    }

    #[test]
    fn ordinary_pages_are_not_suspected() {
        assert!(one_sided(&letters(8)).is_empty());
    }

    #[test]
    fn a_page_longer_than_its_like_may_be_two_sheets() {
        let mut pages = letters(8);
        pages[5].height = 3300 * 118 / 100;
        assert_eq!(one_sided(&pages), [(Suspicion::OddLength, vec![6])]);
    }

    #[test]
    fn a_legal_sheet_and_strips_among_letters_are_sizes_of_their_own() {
        let mut pages = letters(12);
        pages[3].height = 14 * 300;
        for strip in &mut pages[8..] {
            (strip.width, strip.height) = (1200, 5000);
        }
        for carbon in &mut pages[5..8] {
            carbon.height = 2700;
        }
        assert!(one_sided(&pages).is_empty());
    }

    #[test]
    fn a_page_lying_on_its_side_is_measured_as_it_was_fed() {
        let mut pages = letters(8);
        (pages[2].width, pages[2].height, pages[2].turn) = (3300, 2550, Turn::Right);
        assert!(one_sided(&pages).is_empty());
    }

    #[test]
    fn sizes_that_no_file_states_tell_nothing() {
        let mut pages = letters(8);
        (pages[5].height, pages[5].native_dpi) = (4200, None);
        assert!(one_sided(&pages).is_empty());
    }

    #[test]
    fn a_sheet_that_went_through_twice_shows() {
        let mut pages = letters(6);
        pages[4] = pages[2].clone();
        assert_eq!(one_sided(&pages), [(Suspicion::FedTwice, vec![3, 5])]);
    }

    #[test]
    fn a_line_at_one_place_on_three_pages_is_dirt_on_the_glass() {
        let mut pages = letters(8);
        (2..5).for_each(|at| with_line(&mut pages[at], 1000 + at as u32));
        with_line(&mut pages[6], 300);
        assert_eq!(one_sided(&pages), [(Suspicion::DirtyGlass, vec![3, 4, 5])]);
        (pages[3].turn, pages[3].quality.measures) =
            (Turn::Half, Some(Measures { dropout: Some(2550 - 1003), ..Measures::default() }));
        assert_eq!(one_sided(&pages).len(), 1, "on its head, too");
        with_line(&mut pages[4], 1500);
        assert!(one_sided(&pages).is_empty(), "two are chance");
    }

    #[test]
    fn each_side_of_a_two_sided_scanner_has_its_own_glass() {
        let mut pages = letters(8);
        [1, 3, 5].into_iter().for_each(|at| with_line(&mut pages[at], 1000));
        let duplex = Profile { sides: 2, ..Profile::default() };
        assert_eq!(found(&pages, &duplex), [(Suspicion::DirtyGlass, vec![2, 4, 6])]);
        assert!(one_sided(&pages).is_empty());
    }

    #[test]
    fn an_odd_number_of_sides_is_suspected_only_where_all_are_delivered() {
        let pages = letters(7);
        let duplex = |blank_backs| Profile { sides: 2, blank_backs, ..Profile::default() };
        assert_eq!(found(&pages, &duplex(BlankBacks::Delivered)), [(Suspicion::OddCount, vec![])]);
        assert!(found(&pages, &duplex(BlankBacks::Dropped)).is_empty());
    }
}
