//! Are ordinary notes hidden by a label, or held as something especially protected?
//!
//! Histories and physicals as any ward writes them: they speak of drinking, moods and medicines, and are nobody's
//! secret because of a word (`domain.md` 5.5).

use super::World;
use super::dice::Dice;
use super::forms::{LAYOUTS, Shown, date_in_words, day_of_service, header};
use super::mixes::{Mix, Placed, Scan};
use super::paper::Page;
use super::truth::Truth;

/// Lines that fit on a page below its head.
const LINES: usize = 40;

pub(super) fn scans(documents: usize, world: &World, dice: &mut Dice) -> Vec<Scan> {
    (0..documents).map(|nth| one(nth, world, &mut dice.split())).collect()
}

fn one(nth: usize, world: &World, dice: &mut Dice) -> Scan {
    let who = *dice.pick(&world.people.plain);
    let person = &world.people.all[who];
    let visit = date_in_words(day_of_service(person, dice), 0);
    let layout = dice.below(LAYOUTS);
    let note = &world.notes.whole[nth % world.notes.whole.len()];
    // Nobody writes the same note twice.
    let mut lines = Vec::new();
    for line in note {
        match dice.below(8) {
            0 | 1 => {}
            2 | 3 => lines.extend([line.clone(), dice.pick(&world.notes.sentences).clone()]),
            _ => lines.push(line.clone()),
        }
    }
    let mut scan = Scan::new(Mix::Ordinary, format!("ordinary-{nth:05}.txt"));
    let count = lines.len().div_ceil(LINES);
    for (at, lines) in (1..).zip(lines.chunks(LINES)) {
        let mut page = Page::titled("HISTORY AND PHYSICAL");
        header(&mut page, &Shown::all(person), layout, dice);
        page.at(200, 620, &format!("Date of Service: {visit}"));
        page.body(lines);
        if count > 1 {
            page.at(2000, 3180, &format!("Page {at} of {count}"));
        }
        scan.pages.push(page);
    }
    scan.documents.push(Placed {
        trap: "an ordinary history and physical",
        truth: Truth::Fileable,
        pages: (1..).take(scan.pages.len()).collect(),
        whose: vec![Some(who); scan.pages.len()],
        unseen: None,
    });
    scan
}
