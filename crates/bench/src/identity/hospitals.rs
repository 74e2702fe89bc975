//! Two hospitals that give numbers of one shape: whose is a number that does not say?

use super::World;
use super::dice::Dice;
use super::forms::{Shown, sheet};
use super::mixes::{Mix, Placed, Scan};
use super::notes::Notes;
use super::people::{HOSPITAL, People};
use super::truth::Truth;

/// The first hospital's numbers have a check digit; the second's have a letter, or eight digits as well.
pub(super) const TWO_HOSPITALS: &str = r#"
[[authority]]
name = "GENHOSP"
shape = "^[0-9]{8}$"
check_digit = "luhn"
[[authority]]
name = "MERCY"
shape = "^([0-9]{8}|M[0-9]{7})$"
"#;

/// People of both, half each, whom nobody resembles.
pub(super) fn world(of: &People, dice: &mut Dice) -> anyhow::Result<World> {
    let mut people = People::default();
    for (nth, at) in of.plain.iter().take(800).enumerate() {
        let mut person = of.all[*at].clone();
        person.retired = None;
        let drawn = dice.between(1_000_000, 9_999_999).to_string();
        if nth % 2 == 0 {
            person.mrn = format!("{drawn}{}", luhn(&drawn));
        } else {
            (person.authority, person.mrn) = ("MERCY", format!("M{drawn}"));
        }
        people.plain.push(people.all.len());
        people.all.push(person);
    }
    Ok(World { people, notes: Notes::gather()? })
}

/// The digit that makes the sum right, counted by the book (ISO/IEC 7812).
fn luhn(digits: &str) -> u32 {
    let value = |(at, digit): (usize, u32)| match at % 2 {
        0 => digit * 2 / 10 + digit * 2 % 10,
        _ => digit,
    };
    let sum: u32 = digits.chars().rev().filter_map(|c| c.to_digit(10)).enumerate().map(value).sum();
    (10 - sum % 10) % 10
}

pub(super) fn scans(documents: usize, world: &World, dice: &mut Dice) -> Vec<Scan> {
    (0..documents).map(|nth| one(nth, world, &mut dice.split())).collect()
}

fn one(nth: usize, world: &World, dice: &mut Dice) -> Scan {
    let people = &world.people;
    let wanted = if nth.is_multiple_of(6) { "MERCY" } else { HOSPITAL };
    let of: Vec<usize> =
        people.plain.iter().copied().filter(|at| people.all[*at].authority == wanted).collect();
    let who = *dice.pick(&of);
    let person = &people.all[who];
    let all = Shown::all(person);
    let (trap, shown, truth) = match nth % 6 {
        0 => ("a number of its own shape", all, Truth::Fileable),
        1 => ("a number beside the hospital's name", Shown { issuer: "GENHOSP ", ..all }, Truth::Fileable),
        2 | 3 => ("a number of either hospital", all, Truth::Held(&["AUTHORITY_UNKNOWN"])),
        _ => {
            let last = (luhn(&person.mrn[..7]) + 1 + dice.below(9) as u32) % 10;
            let number = Some(format!("{}{last}", &person.mrn[..7]));
            let shown = Shown { number, issuer: "GENHOSP ", ..all };
            ("a check digit that is wrong", shown, Truth::Held(&["CHECK_DIGIT_FAIL", "ID_NOT_IN_MPI"]))
        }
    };
    let mut scan = Scan::new(Mix::Hospitals, format!("hospitals-{nth:05}.txt"));
    let layout = 2 * dice.below(2);
    scan.pages.push(sheet(world, person, &shown, layout, dice));
    scan.documents.push(Placed { trap, truth, pages: vec![1], whose: vec![Some(who)], unseen: None });
    scan
}
