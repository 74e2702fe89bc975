//! Traps in the head of a page: what is shown of the patient is too little, or wrong.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::super::dice::Dice;
use super::super::forms::{LAYOUTS, Shown, sheet};
use super::super::mixes::Unseen;
use super::{Drawn, Scene};

pub(super) fn draw(trap: &str, scene: &Scene<'_>, dice: &mut Dice) -> Option<Drawn> {
    let Scene { world, who, layout, .. } = *scene;
    let (person, second, people) = (scene.person(), scene.second(), &world.people);
    let all = Shown::all(person);
    let shown = match trap {
        "no identity" => Shown::nothing(),
        "name and birth date only" => Shown { number: None, ..all },
        "number only" => Shown { number: all.number, ..Shown::nothing() },
        "number and name only" => Shown { born: None, ..all },
        "number and birth date only" => Shown { name: None, ..all },
        "number not in the index" => {
            let name = Some(("NOBODYSON".to_owned(), person.given.clone(), String::new()));
            let number = Some(format!("9{}", &person.mrn[1..]));
            return Some(Drawn::nobodys(vec![scene.sheet(&Shown { number, name, ..all }, layout, dice)]));
        }
        "another's name" => {
            Shown { name: Some((second.family.clone(), second.given.clone(), String::new())), ..all }
        }
        "a similar name" => {
            let mut given: Vec<char> = person.given.chars().collect();
            let last = given.pop()?;
            given.push(if last == 'A' { 'O' } else { 'A' });
            Shown { name: Some((person.family.clone(), given.into_iter().collect(), String::new())), ..all }
        }
        "another birth date" => {
            Shown { born: Some(person.born.saturating_add(dice.between(400, 4000).days())), ..all }
        }
        "day and month swapped" => {
            let (day, month) = (person.born.day(), person.born.month());
            if day > 12 || day == month {
                return None;
            }
            Shown { born: Date::new(person.born.year(), day, month).ok(), ..all }
        }
        "the other sex" if layout == 0 || layout == 2 => {
            Shown { sex: Some(if person.sex == 'F' { 'M' } else { 'F' }), ..all }
        }
        "same name and birth date as another" => {
            let (first, second) = *dice.pick(&people.doubles);
            return Some(somebodys(scene, if dice.per_mille(500) { first } else { second }, layout, dice));
        }
        "somebody without a name" => {
            let who = *dice.pick(&people.unknown);
            return Some(somebodys(scene, who, layout, dice));
        }
        "newborn with bars" => {
            let who = *dice.pick(&people.newborns);
            return Some(somebodys(scene, who, LAYOUTS - 1, dice));
        }
        "newborn without bars" => {
            let who = *dice.pick(&people.newborns);
            return Some(somebodys(scene, who, dice.below(LAYOUTS - 1), dice));
        }
        "father and son" => {
            let at = people.all.iter().position(|p| p.suffix == "JR")? + dice.below(60);
            let son = people.all.get(at).filter(|son| son.suffix == "JR")?;
            let father = people.all.iter().find(|p| {
                p.family == son.family && p.given == son.given && p.suffix.is_empty() && p.mrn != son.mrn
            })?;
            // The number is the father's, the birth date the son's: nobody can tell.
            let shown = Shown { born: Some(son.born), ..Shown::all(father) };
            return Some(Drawn::nobodys(vec![sheet(world, son, &shown, layout, dice)]));
        }
        "retired number without birth date" => {
            let who = *dice.pick(&people.merged);
            let person = &people.all[who];
            let shown = Shown { number: person.retired.clone(), born: None, ..Shown::all(person) };
            return Some(Drawn::of(who, vec![sheet(world, person, &shown, layout, dice)]));
        }
        "wrong label on the right form" => {
            // The label is another's, in full: nothing that could be read says so.
            let page = sheet(world, person, &Shown::all(second), layout, dice);
            return Some(Drawn { unseen: Some(Unseen::Label), ..Drawn::of(who, vec![page]) });
        }
        _ => return None,
    };
    Some(Drawn::of(who, vec![scene.sheet(&shown, layout, dice)]))
}

/// All that is known of somebody, on a form.
fn somebodys(scene: &Scene<'_>, who: usize, layout: usize, dice: &mut Dice) -> Drawn {
    let person = &scene.world.people.all[who];
    Drawn::of(who, vec![sheet(scene.world, person, &Shown::all(person), layout, dice)])
}
