//! Do the levels agree? Documents of the four mixes, drawn at 300 dpi, damaged a little, and really read.

use std::fs;

use image::GrayImage;
use print::sheet::SheetPage;
use records::judge::IssuedSheet;
use records::name::PersonName;
use records::reading::Symbology;
use records::sheet::SheetKind;

use super::World;
use super::dice::Dice;
use super::mixes::{Mix, Scan};
use super::paper::Page;
use super::people::Person;
use super::site::Site;
use super::traps::{self, Should};
use super::truth::{self, Truth};
use crate::samples::damage::{bilevel, dusty, grey, skewed};
use crate::samples::draw::{Font, Paper, pictures};
use crate::samples::encode::g4_tiff;
use crate::samples::{demo_key, demo_sheet};

const DPI: f32 = 300.0;

/// Files of about so many pages, a quarter of each mix, written below `scans/`, and the sheets issued for them.
pub(super) fn scans(
    pages: usize,
    world: &World,
    site: &Site,
    dice: &mut Dice,
) -> anyhow::Result<(Vec<Scan>, Vec<IssuedSheet>)> {
    let (mut scans, mut issued) = (Vec::new(), Vec::new());
    for mix in Mix::DECLARED {
        let folder = site.path("scans").join(mix.station());
        fs::create_dir_all(&folder)?;
        let mut drawn = 0;
        while drawn < pages.div_ceil(Mix::DECLARED.len()) {
            let dice = &mut dice.split();
            let mut scan = Scan::new(Mix::Drawn, format!("drawn-{}-{drawn:05}.tif", mix.station()));
            scan.station = mix.station();
            let mut images = Vec::new();
            for _ in 0..if mix == Mix::Loose { 5 } else { 1 } {
                images.extend(one(mix, &mut scan, world, &mut issued, dice)?);
            }
            drawn += images.len();
            fs::write(folder.join(&scan.name), g4_tiff(&images, (300, 300))?)?;
            scans.push(scan);
        }
    }
    Ok((scans, issued))
}

fn one(
    mix: Mix,
    scan: &mut Scan,
    world: &World,
    issued: &mut Vec<IssuedSheet>,
    dice: &mut Dice,
) -> anyhow::Result<Vec<GrayImage>> {
    let made = loop {
        let made = traps::make(world, mix == Mix::Loose, dice);
        if made.pages.iter().all(can_be_drawn) {
            break made;
        }
    };
    let mut truth = match made.should {
        Should::File => Truth::Fileable,
        Should::Hold(reasons) => Truth::Held(reasons),
    };
    let who =
        made.whose.iter().flatten().next().copied().filter(|_| mix == Mix::Covers && made.unseen.is_none());
    let mut images = made.pages.iter().map(|page| draw(page, dice)).collect::<anyhow::Result<Vec<_>>>()?;
    match who {
        Some(who) => {
            truth = truth::under_a_cover(truth, &made);
            let [front, end] = cover(&world.people.all[who], issued, dice)?;
            scan.pages.push(Page::default());
            scan.add(made, truth);
            scan.pages.push(Page::default());
            images.insert(0, front);
            images.push(end);
        }
        None => scan.add(made, truth),
    }
    Ok(images)
}

/// What only a reading can have, no pen can draw.
fn can_be_drawn(page: &Page) -> bool {
    page.unread.is_empty()
        && page.flags.is_empty()
        && !page.unreadable
        && page.barcodes.iter().all(|code| code.symbology == Symbology::Code128 && !code.disputed)
        && page.lines.iter().all(|line| line.confidence > 60.0)
}

/// Typed in Courier, 12 to the inch: each letter stands where the page says.
fn draw(page: &Page, dice: &mut Dice) -> anyhow::Result<GrayImage> {
    let points = |pixels: u32| pixels as f32 * 72.0 / DPI;
    let mut paper = Paper::new();
    for line in &page.lines {
        paper.text(points(line.x), points(line.y + 30), 10.0, Font::Typewriter, &line.text);
    }
    for code in &page.barcodes {
        let module = code.module * 72.0 / DPI;
        paper.code128(
            points(code.place.x),
            points(code.place.y),
            module,
            points(code.place.h),
            &code.text,
        )?;
    }
    let clean = grey(&paper.scan(DPI)?);
    Ok(bilevel(&match dice.below(6) {
        0 => skewed(&clean, 0.6),
        1 => dusty(&clean, 120, dice.next()),
        2 => skewed(&dusty(&clean, 60, dice.next()), -0.4),
        _ => clean,
    }))
}

/// As the program prints them.
fn cover(person: &Person, issued: &mut Vec<IssuedSheet>, dice: &mut Dice) -> anyhow::Result<[GrayImage; 2]> {
    let mut random = [3; 16];
    random[..8].copy_from_slice(&dice.next().to_be_bytes());
    let mut sheet = |kind: SheetKind| {
        let (payload, registered) = demo_sheet(kind, &person.mrn, random, None)?;
        issued.push(registered);
        let name = PersonName {
            family: person.family.clone(),
            given: person.given.clone(),
            middle: String::new(),
            suffix: person.suffix.clone(),
        };
        anyhow::Ok(SheetPage { payload, name: Some(name.filed()), birth_date: Some(person.born) })
    };
    let pages = [sheet(SheetKind::Cover)?, sheet(SheetKind::End)?];
    let drawn = pictures(print::sheet::pdf(&pages, &demo_key()), DPI)?;
    let mut images = drawn.iter().map(|picture| bilevel(&grey(picture)));
    Ok([images.next().unwrap_or_default(), images.next().unwrap_or_default()])
}
