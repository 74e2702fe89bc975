//! What happens where two loose two-sided sheets go through at once, at a station that does not notice?

use super::World;
use super::dice::Dice;
use super::forms::{LAYOUTS, Shown, day_of_service, page};
use super::mixes::{Mix, Placed, Scan};
use super::paper::Page;
use super::truth::Truth;

/// Loose two-sided sheets with a label on the front, ten a file, at a station that may feed two at once.
pub(super) fn scans(documents: usize, world: &World, dice: &mut Dice) -> Vec<Scan> {
    (0..documents.div_ceil(10)).map(|nth| file(nth, world, &mut dice.split())).collect()
}

fn file(nth: usize, world: &World, dice: &mut Dice) -> Scan {
    let mut scan = Scan::new(Mix::Doubles, format!("doubles-{nth:05}.txt"));
    let mut people: Vec<usize> = Vec::new();
    let fed_double = dice.below(10);
    for sheet in 0..10 {
        let who = world.people.another(&people, dice);
        people.push(who);
        // Of the sheet below only the back is seen.
        let below = (sheet == fed_double).then(|| world.people.another(&people, dice));
        let person = &world.people.all[who];
        let behind = &world.people.all[below.unwrap_or(who)];
        let visit = day_of_service(person, dice);
        let side = dice.below(3);
        let front = page(world, "PROGRESS NOTE", visit, &Shown::all(person), dice.below(LAYOUTS), dice);
        let (back, truth) = match (side, below) {
            (0, None) => (Page::white(), Truth::Fileable),
            (0, Some(_)) => (Page::white(), Truth::Either),
            (1, own) => {
                let back = page(world, "PROGRESS NOTE", visit, &Shown::nothing(), 0, dice);
                // Nobody knows that it is the other side of this sheet.
                (back, own.map_or(Truth::Either, |_| Truth::Held(&["SILENT_RUN"])))
            }
            (_, own) => {
                let back = page(world, "PROGRESS NOTE", visit, &Shown::all(behind), 0, dice);
                let told = Truth::Held(&["MULTI_PATIENT", "SEPARATOR_MISSING"]);
                (back, own.map_or(Truth::Fileable, |_| told))
            }
        };
        let first = scan.pages.len() as u32 + 1;
        let (mut pages, mut whose) = (vec![first], vec![Some(who)]);
        if !back.blank {
            pages.push(first + 1);
            whose.push(Some(below.unwrap_or(who)));
        }
        scan.pages.extend([front, back]);
        let trap = if below.is_some() { "two loose sheets fed at once" } else { "a loose two-sided sheet" };
        scan.documents.push(Placed { trap, truth, pages, whose, unseen: None });
    }
    scan
}
