//! What holds for every stack of paper: random ones, drawn the same in every run.

use super::*;

/// SplitMix64: small, and the same everywhere.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }

    pub(super) fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

fn random_stack(dice: &mut Dice) -> Vec<PageOutline> {
    let letters: Vec<char> = "aabbc.....___?ABPQPQEFEF|23T~!RRS ".chars().collect();
    let text: String = (0..=dice.below(24)).map(|_| dice.of(&letters)).collect();
    let mut outlines = stack(&text);
    for outline in &mut outlines {
        if outline.sheet.is_none() && dice.below(4) == 0 {
            let y = 1 + u32::try_from(dice.below(3)).unwrap();
            outline.page_of = Some((1 + u32::try_from(dice.below(y as usize)).unwrap(), y));
            outline.title = dice.of(&["LAB REPORT", "PROGRESS NOTE"]).into();
        }
        outline.form = (dice.below(9) == 0).then(|| dice.of(&["F1", "F2"]).into());
        outline.words = dice.of(&[10, 300]);
    }
    outlines
}

fn random_profile(dice: &mut Dice) -> Profile {
    use SeparationMode::{Control, File, Identity, Sheet};
    Profile {
        separation: dice.of(&[Control, File, Sheet, Identity]),
        sides: dice.of(&[1, 2]),
        blank_backs: dice.of(&[BlankBacks::Delivered, BlankBacks::Dropped, BlankBacks::Unknown]),
        multifeed: dice.of(&[Multifeed::Stops, Multifeed::Unknown]),
        file_sheets: 2,
        fax: dice.below(2) == 0,
        labels: Vec::new(),
    }
}

fn random_job(dice: &mut Dice) -> Job {
    Job {
        grouping: dice.of(&[Grouping::File, Grouping::Folder, Grouping::Manifest]),
        declared_sheets: dice.of(&[None, None, Some(3)]),
    }
}

#[test]
fn every_page_has_exactly_one_place() {
    let mut dice = Dice(2026);
    for _ in 0..20_000 {
        let outlines = random_stack(&mut dice);
        let profile = random_profile(&mut dice);
        let result = separate(&outlines, &profile, random_job(&mut dice));
        let mut placed: Vec<PageNumber> =
            result.drafts.iter().flat_map(|draft| draft.pages.clone()).collect();
        placed.extend(result.control_sheets.iter().map(|sheet| sheet.page));
        placed.extend(&result.blanks);
        placed.sort_unstable();
        let all: Vec<PageNumber> = outlines.iter().map(|outline| outline.page).collect();
        assert_eq!(placed, all, "{outlines:?} {profile:?}");
    }
}

#[test]
fn drafts_are_in_order_never_empty_and_bind_only_their_own_pages() {
    let mut dice = Dice(7);
    for _ in 0..10_000 {
        let outlines = random_stack(&mut dice);
        let result = separate(&outlines, &random_profile(&mut dice), random_job(&mut dice));
        for draft in &result.drafts {
            assert!(!draft.pages.is_empty() && draft.pages.is_sorted());
            let own: BTreeSet<_> = draft.pages.iter().collect();
            assert!(draft.bound.iter().all(|page| own.contains(page)));
        }
        assert!(result.drafts.is_sorted_by(|a, b| a.pages.last() < b.pages.first()));
    }
}

#[test]
fn no_draft_reaches_over_a_control_sheet() {
    let mut dice = Dice(11);
    for _ in 0..10_000 {
        let outlines = random_stack(&mut dice);
        let result = separate(&outlines, &random_profile(&mut dice), random_job(&mut dice));
        for draft in &result.drafts {
            let (first, last) = (draft.pages[0], draft.pages[draft.pages.len() - 1]);
            let inside = |page: PageNumber| page > first && page < last;
            assert!(!result.control_sheets.iter().any(|sheet| inside(sheet.page)));
        }
    }
}

#[test]
fn one_more_unreadable_page_never_frees_a_draft() {
    let mut dice = Dice(13);
    for _ in 0..5_000 {
        let mut outlines = random_stack(&mut dice);
        let profile = random_profile(&mut dice);
        let at = dice.below(outlines.len().max(1));
        if outlines
            .get(at)
            .is_none_or(|outline| outline.sheet.is_some() || outline.patch.is_some() || outline.blank)
        {
            continue;
        }
        outlines[at].readable = false;
        let result = separate(&outlines, &profile, Job::default());
        let home = result.drafts.iter().find(|draft| draft.pages.contains(&outlines[at].page)).unwrap();
        assert!(home.held.contains(&Reason::PageUnreadable));
    }
}
