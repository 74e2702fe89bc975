//! Which two images are front and back of one sheet of paper? (`domain.md` FS-6)

use crate::outline::PageOutline;
use crate::station::{BlankBacks, Multifeed, Profile};

use super::span::{Face, Span, face};

/// How the images of one stream lie on paper.
pub(super) struct Paper {
    sides: u8,
    /// Images 2k and 2k + 1 (from 0) came from one feed, if the scanner does what the station says.
    paired: bool,
    /// … and it is proven that no feed took two sheets: front and back are never parted.
    proven: bool,
}

impl Paper {
    /// `declared`: sheets declared for the whole stream.
    pub(super) fn of(
        pages: &[PageOutline],
        spans: &[Span<'_>],
        profile: &Profile,
        declared: Option<u32>,
    ) -> Self {
        let paired = profile.sides == 2
            && profile.blank_backs == BlankBacks::Delivered
            && pages.len().is_multiple_of(2);
        let aligned = || pages.chunks(2).all(|pair| is_one_sheet(&pair[0], &pair[1], profile));
        let counted = || profile.multifeed == Multifeed::Stops || counts_agree(spans, declared);
        Self { sides: profile.sides, paired, proven: paired && aligned() && counted() }
    }

    /// Whether the number of images says exactly how many sheets there were.
    pub(super) const fn is_countable(&self) -> bool {
        self.sides == 1 || self.proven
    }

    pub(super) const fn is_paired(&self) -> bool {
        self.paired
    }

    /// Whether the two images are front and back of one proven sheet.
    pub(super) const fn is_proven_sheet(&self, front: usize, back: usize) -> bool {
        self.proven && front / 2 == back / 2
    }

    /// Which sheet an image is on; each image is its own where that cannot be told.
    pub(super) const fn sheet(&self, at: usize) -> usize {
        if self.paired { at / 2 } else { at }
    }

    /// How many sheets `images` images may have been, fewest and most.
    pub(super) fn sheets(&self, images: usize) -> std::ops::RangeInclusive<usize> {
        match (self.sides, self.paired) {
            (1, _) => images..=images,
            (_, true) => images.div_ceil(2)..=images.div_ceil(2),
            // Blank backs may have been dropped: anything between all two-sided and all one-sided.
            (_, false) => images.div_ceil(2)..=images,
        }
    }
}

/// Neither side is a control sheet, or both are the same one.
fn is_one_sheet(front: &PageOutline, back: &PageOutline, profile: &Profile) -> bool {
    match (face(front, profile), face(back, profile)) {
        (Face::Content | Face::Start, Face::Content | Face::Start) | (Face::Patch, Face::Patch) => true,
        (Face::Sheet(front), Face::Sheet(back)) => front == back,
        _ => false,
    }
}

/// Everything in the stream was counted by somebody, and there is exactly that much.
fn counts_agree(spans: &[Span<'_>], declared: Option<u32>) -> bool {
    let halved = |images: usize, sheets: u32| images == 2 * sheets as usize;
    let images = spans.iter().map(|span| span.pages.len()).sum();
    declared.is_some_and(|sheets| halved(images, sheets))
        || spans.iter().filter(|span| !span.pages.is_empty()).all(|span| {
            span.cover()
                .and_then(|(cover, _)| cover.sheets)
                .is_some_and(|sheets| halved(span.pages.len(), sheets))
        })
}
