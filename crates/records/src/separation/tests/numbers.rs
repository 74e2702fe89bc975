//! "Page x of y", printed by the form itself.

use super::*;

/// A stack whose pages carry these numbers, all of one title; `0` is no number.
fn numbered(numbers: &[(u32, u32)]) -> Vec<PageOutline> {
    let mut outlines = stack(&"a".repeat(numbers.len()));
    for (outline, &(x, y)) in outlines.iter_mut().zip(numbers) {
        outline.title = "PROGRESS NOTE".into();
        outline.page_of = Some((x, y)).filter(|&(x, _)| x > 0);
    }
    outlines
}

fn alarms(numbers: &[(u32, u32)]) -> Vec<Reason> {
    separate(&numbered(numbers), &control(), Job::default()).drafts[0].held.clone()
}

#[test]
fn a_page_is_bound_by_its_number_to_the_page_before_of_the_same_form() {
    let bound =
        |outlines: &[PageOutline]| numbers(&separate(outlines, &control(), Job::default()).drafts[0].bound);
    let mut outlines = numbered(&[(1, 3), (2, 3), (3, 3)]);
    assert_eq!(bound(&outlines), [2, 3]);
    outlines[2].title = "DISCHARGE SUMMARY".into();
    assert_eq!(bound(&outlines), [2], "another title");
    outlines[1].title = String::new();
    assert_eq!(bound(&outlines), [0; 0], "no title");
}

#[test]
fn a_number_binds_nothing_where_two_sheets_may_have_gone_through_at_once() {
    let unknown = Profile { multifeed: Multifeed::Unknown, ..duplex(SeparationMode::Control) };
    assert_eq!(separate(&numbered(&[(1, 2), (2, 2)]), &unknown, Job::default()).drafts[0].bound, []);
}

#[test]
fn missing_and_repeated_pages_are_a_gap() {
    for numbers in [
        &[(1, 3), (3, 3)][..],
        &[(1, 3), (2, 3)],
        &[(2, 3), (3, 3)],
        &[(1, 2), (2, 2), (2, 2)],
        &[(1, 3), (2, 2)],
    ] {
        assert_eq!(alarms(numbers), [Reason::PageGap], "{numbers:?}");
    }
    for numbers in [&[(1, 3), (2, 3), (3, 3)][..], &[(1, 3), (0, 0), (3, 3)], &[(0, 0), (0, 0)], &[(1, 1)]] {
        assert_eq!(alarms(numbers), [], "{numbers:?}");
    }
}

#[test]
fn a_second_first_page_means_a_missing_separator() {
    assert_eq!(alarms(&[(1, 2), (2, 2), (1, 2), (2, 2)]), [Reason::SeparatorMissing]);
    assert_eq!(alarms(&[(1, 2), (1, 1)]), [Reason::PageGap, Reason::SeparatorMissing]);
}

#[test]
fn in_one_file_a_second_first_page_must_name_its_patient() {
    let file = |silent: bool| {
        let mut outlines = numbered(&[(1, 2), (2, 2), (1, 2), (2, 2)]);
        outlines[2].names_patient = !silent;
        held(&separate(&outlines, &profile(SeparationMode::File), Job::default()))
            .into_iter()
            .map(<[Reason]>::to_vec)
            .collect::<Vec<_>>()
    };
    assert_eq!(file(false), [vec![]]);
    assert_eq!(file(true), [vec![Reason::SeparatorMissing]]);
}

#[test]
fn under_a_sure_cover_sheet_several_forms_are_one_stack() {
    let mut outlines = stack("PaaaE");
    for (at, x) in [(1, (1, 2)), (2, (2, 2)), (3, (1, 1))] {
        outlines[at].page_of = Some(x);
    }
    assert_eq!(held(&separate(&outlines, &control(), Job::default())), [&[]]);
    outlines.pop();
    assert_eq!(held(&separate(&outlines, &control(), Job::default())), [&[Reason::SeparatorMissing]]);
}

#[test]
fn in_identity_mode_numbered_pages_stay_together() {
    let outlines = numbered(&[(1, 2), (2, 2), (1, 1)]);
    let result = separate(&outlines, &profile(SeparationMode::Identity), Job::default());
    assert_eq!((pages(&result), numbers(&result.drafts[0].bound)), (vec![vec![1, 2], vec![3]], vec![2]));
    assert_eq!(held(&result), [&[]; 2]);
}
