//! Traps in the matter of a document: what else stands on its page, and what lies behind it.

use jiff::ToSpan as _;
use records::geometry::Rect;
use records::reading::{QualityFlag, Symbology};

use super::super::dice::Dice;
use super::super::forms::{
    Shown, a_title, date_in_words, day_of_service, document, header, page, sheet, word_of,
};
use super::super::paper::Page;
use super::super::people::Person;
use super::{Drawn, Scene};

pub(super) fn on_one_page(trap: &str, scene: &Scene<'_>, dice: &mut Dice) -> Option<Drawn> {
    let Scene { world, layout, .. } = *scene;
    let (person, second) = (scene.person(), scene.second());
    let all = Shown::all(person);
    let page = match trap {
        "two labels on a page" => {
            let mut page = scene.sheet(&all, 2, dice);
            let born = date_in_words(second.born, 0);
            page.identity_at(200, 2700, &format!("{}  {}  {born}", second.filed(), second.sex));
            page.identity_at(200, 2755, &format!("MRN {}", second.mrn));
            page
        }
        "bars that decode two ways" => {
            let mut page = scene.sheet(&all, 3, dice);
            page.barcodes.last_mut()?.disputed = true;
            page
        }
        "bars unlike the print below" => {
            let mut page = scene.sheet(&Shown { number: None, ..all }, 0, dice);
            page.bars(1650, 280, &person.mrn, &second.mrn);
            page
        }
        "service before birth" => {
            let mut page = Page::titled("PROGRESS NOTE");
            header(&mut page, &all, layout, dice);
            let before = person.born.saturating_sub(dice.between(400, 2000).days());
            page.identity_at(200, 620, &format!("Date of Service: {}", date_in_words(before, 0)));
            page.body(&world.notes.some(9, dice));
            page
        }
        "faint number" => {
            let mut page = scene.sheet(&all, 0, dice);
            let number = page.lines.iter_mut().find(|line| line.text.starts_with("MRN"))?;
            number.confidence = 35.0;
            number.identity = false; // noise leaves it as it is
            page
        }
        "poor picture" => {
            let mut page = scene.sheet(&all, layout, dice);
            page.flags.push(*dice.pick(&[
                QualityFlag::Blurred,
                QualityFlag::LowContrast,
                QualityFlag::LowResolution,
            ]));
            page
        }
        "label that could not be read" => {
            let mut page = scene.sheet(&all, 0, dice);
            page.unread.push(Rect { x: 1650, y: 300, w: 520, h: 110 });
            page
        }
        "sensitive kind" => {
            let mut page = scene.sheet(&all, layout, dice);
            page.lines[0].text = "PSYCHOTHERAPY NOTES".into();
            page
        }
        "age and sex of somebody else in the text" => {
            let mut page = scene.sheet(&all, layout, dice);
            let age = 2025 - i32::from(person.born.year()) + if person.born.year() > 1975 { 30 } else { -30 };
            let sex = word_of(if person.sex == 'F' { 'M' } else { 'F' });
            page.at(200, 2700, &format!("This is a {age}-year-old {sex} with a cough."));
            page.lines.last_mut()?.identity = true;
            page
        }
        "list of many patients" => {
            return Some(Drawn::nobodys(vec![list(scene, "OPERATING ROOM SCHEDULE", dice)]));
        }
        "outside facility's number only" => {
            let mut page = scene.sheet(&Shown { number: None, ..all }, 0, dice);
            page.at(200, 540, &format!("Outside facility MRN: {}", second.mrn));
            page
        }
        _ => return None,
    };
    Some(Drawn::of(scene.who, vec![page]))
}

/// For stations that take several pages as one document.
pub(super) fn on_several(trap: &str, scene: &Scene<'_>, dice: &mut Dice) -> Option<Drawn> {
    let Scene { world, who, other, layout } = *scene;
    let (person, second) = (scene.person(), scene.second());
    let all = Shown::all(person);
    let visit = day_of_service(person, dice);
    let pages = match trap {
        "second page of another patient" => {
            let behind = sheet(world, second, &Shown::all(second), layout, dice);
            let pages = vec![scene.sheet(&all, layout, dice), behind];
            return Some(Drawn { whose: vec![Some(who), Some(other)], ..Drawn::of(who, pages) });
        }
        "list of the sender's patients in front" => {
            let pages =
                vec![list(scene, "PATIENTS IN THIS TRANSMISSION", dice), scene.sheet(&all, layout, dice)];
            return Some(Drawn { whose: vec![None, Some(who)], ..Drawn::of(who, pages) });
        }
        "licence of a parent behind" => vec![scene.sheet(&all, layout, dice), licence(second)],
        "silent pages behind" => {
            let title = a_title(dice);
            let mut pages = vec![page(world, title, visit, &all, layout, dice)];
            pages.extend((0..3).map(|_| page(world, title, visit, &Shown::nothing(), layout, dice)));
            pages
        }
        "page missing in the count" => {
            let mut pages = document(world, visit, &all, 3, layout, dice);
            pages.remove(1);
            pages
        }
        "another form begins and names nobody" => {
            let mut pages = document(world, visit, &all, 2, layout, dice);
            pages.extend(document(world, visit, &Shown::nothing(), 2, layout, dice));
            pages
        }
        "two forms of the patient in one file" => {
            let mut pages = document(world, visit, &all, 2, layout, dice);
            pages.extend(document(world, visit, &all, 2, layout, dice));
            pages
        }
        "a page no machine can read" => {
            let mut pages = document(world, visit, &all, 2, layout, dice);
            pages[1].unreadable = true;
            pages
        }
        _ => return None,
    };
    Some(Drawn::of(who, pages))
}

/// A page that is about a dozen people.
fn list(scene: &Scene<'_>, title: &str, dice: &mut Dice) -> Page {
    let people = &scene.world.people;
    let mut page = Page::titled(title);
    for row in 0..12 {
        let listed = &people.all[*dice.pick(&people.plain)];
        let born = date_in_words(listed.born, 0);
        let text = format!("{}  {born}  MRN {}", listed.filed(), listed.mrn);
        page.identity_at(200, 320 + row * 60, &text);
    }
    page
}

/// A photocopy of somebody's driving licence: print, and the symbol of its back.
fn licence(person: &Person) -> Page {
    let mut page = Page::default();
    let born = date_in_words(person.born, 0);
    for (y, line) in (900..).step_by(70).zip([
        "DRIVER LICENSE".to_owned(),
        "DL D1234567   EXP 08/31/2029".to_owned(),
        format!("LN {}", person.family),
        format!("FN {}", person.given),
        format!("DOB {born}"),
        format!("SEX {}   HGT 5'-08\"   EYES BRN", person.sex),
    ]) {
        page.identity_at(700, y, &line);
    }
    let text = format!(
        "@\n\u{1e}\rANSI 636014040002DL00410278ZC03190008DLDAQD1234567\nDCS{}\nDAC{}\nDBB{}\n",
        person.family,
        person.given,
        person.born.strftime("%m%d%Y")
    );
    page.symbol(Symbology::Pdf417, Rect { x: 700, y: 1500, w: 900, h: 260 }, &text);
    page
}
