//! Whatever befalls the control sheets of a stack, no page that says nothing goes to another's chart.
//!
//! Random stacks under cover sheets, one accident each, and now and then a sheet lost beside it; of every draft that
//! would be filed all pages must be of one person. What would be filed is said here by the table of `domain.md` 2.12,
//! not by the judge.

use super::properties::Dice;
use super::*;

/// A page and whose it is; nobody's are the sheets of ours.
type Owned = (PageOutline, Option<usize>);

const DOCUMENTS: usize = 3;

fn sheet(kind: SheetKind, of: usize, sheets: Option<u32>) -> PageOutline {
    let serial = new_serial([u8::try_from(of).unwrap(); 16]);
    let mut outline = page(1, '.');
    outline.sheet = Some(SheetSeen::Ours(Box::new(SheetPayload { sheets, ..payload(kind, &serial) })));
    outline
}

/// Three documents, the first page of each names its person; each has a count, an end sheet, or both.
fn random_stack(dice: &mut Dice) -> Vec<Owned> {
    let mut all = Vec::new();
    for of in 0..DOCUMENTS {
        let name = char::from(b'a' + u8::try_from(of).unwrap());
        let count = 1 + dice.below(3);
        let ways = dice.below(3);
        all.push((sheet(SheetKind::Cover, of, (ways > 0).then(|| u32::try_from(count).unwrap())), None));
        for nth in 0..count {
            all.push((page(1, if nth == 0 { name } else { '.' }), Some(of)));
        }
        if ways < 2 {
            all.push((sheet(SheetKind::End, of, None), None));
        }
    }
    all
}

/// A control sheet lost, doubled, or in another's place; or any sheet lost under another in a double feed.
fn happen(stack: &mut Vec<Owned>, dice: &mut Dice) {
    let controls: Vec<usize> = (0..stack.len()).filter(|&at| stack[at].0.sheet.is_some()).collect();
    match dice.below(4) {
        0 => drop(stack.remove(dice.of(&controls))),
        1 => {
            let copy = stack[dice.of(&controls)].clone();
            stack.insert(dice.below(stack.len() + 1), copy);
        }
        2 => stack.swap(dice.of(&controls), dice.of(&controls)),
        _ => drop(stack.remove(dice.below(stack.len()))),
    }
}

/// To whom a draft would be filed: every page that says something names them, and the rest is covered by their sheet.
fn filed_to(draft: &Draft, pages: &[Owned]) -> Option<usize> {
    let named: BTreeSet<usize> = draft
        .pages
        .iter()
        .filter_map(|page| pages.iter().find(|(outline, _)| outline.page == *page))
        .filter_map(|(outline, owner)| outline.identity_key.as_ref().and(*owner))
        .collect();
    let only = named.first().copied().filter(|_| named.len() == 1 && draft.held.is_empty())?;
    let silent = draft.pages.len()
        > pages
            .iter()
            .filter(|(outline, _)| draft.pages.contains(&outline.page) && outline.identity_key.is_some())
            .count();
    match &draft.declaration {
        Some(declared) => {
            let own = new_serial([u8::try_from(only).unwrap(); 16]);
            let agrees = declared.payload.serial == own;
            (agrees && (declared.end != SpanEnd::Open || !silent)).then_some(only)
        }
        None => (!silent).then_some(only),
    }
}

#[test]
fn no_accident_of_control_sheets_puts_a_page_into_anothers_chart() {
    let mut dice = Dice(2026);
    let (mut filed, mut held) = (0, 0);
    for _ in 0..20_000 {
        let mut stack = random_stack(&mut dice);
        happen(&mut stack, &mut dice);
        if dice.below(2) == 0 {
            let at = dice.below(stack.len());
            stack.remove(at);
        }
        for (number, (outline, _)) in (1..).zip(&mut stack) {
            outline.page = PageNumber(number);
        }
        let outlines: Vec<PageOutline> = stack.iter().map(|(outline, _)| outline.clone()).collect();
        let result = separate(&outlines, &control(), Job::default());
        for draft in &result.drafts {
            let Some(person) = filed_to(draft, &stack) else {
                held += 1;
                continue;
            };
            filed += 1;
            for page in &draft.pages {
                let (_, owner) = stack.iter().find(|(outline, _)| outline.page == *page).unwrap();
                assert!(owner.is_none_or(|owner| owner == person), "{outlines:?}");
            }
        }
    }
    assert!(filed > 10_000 && held > 10_000, "the generator must draw both: {filed} and {held}");
}
