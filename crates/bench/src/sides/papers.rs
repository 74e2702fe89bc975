//! Papers of many kinds, the right way up, as scanners see them.

use image::{GrayImage, imageops};

use super::chance::Chance;
use super::pen::{Pen, curve, scribble};
use super::{Scan, Side, words};
use crate::samples::damage::{bilevel, dusty, grey, on_coloured_paper, photographed, skewed};
use crate::samples::draw::{Font, Paper};

/// So many kinds; page n is of kind n mod this.
pub(super) const KINDS: usize = 22;

/// One page, and whether print on it says which way is up.
pub(super) fn page(seed: u64, number: usize) -> anyhow::Result<(Side, bool)> {
    let chance = &mut Chance::of(seed, number);
    let dpi = chance.pick(&[200.0_f32, 200.0, 200.0, 300.0]);
    let portrait = |paper: Paper| anyhow::Ok(grey(&paper.scan(dpi)?));
    let (kind, picture, print) = match number % KINDS {
        0 | 1 => ("prose", portrait(prose(chance, 24, Font::Plain))?, true),
        2 => ("typewritten", portrait(prose(chance, 14, Font::Typewriter))?, true),
        3 => ("short letter", portrait(letter(chance))?, true),
        4 => ("numbers only", portrait(numbers(chance, false))?, true),
        5 => ("ruled numbers", portrait(numbers(chance, true))?, true),
        6 => ("form", portrait(form(chance))?, true),
        7 => ("medications", portrait(medications(chance))?, true),
        8 => ("labels", portrait(labels(chance)?)?, true),
        9 => ("one to three lines", portrait(sparse(chance))?, true),
        10 => ("capitals", portrait(capitals(chance))?, true),
        11 => ("landscape table", landscape(numbers(chance, true), dpi)?, true),
        12 => ("grid", grid(portrait(few_words(chance))?, dpi, chance), true),
        13 => ("handwriting under print", written(portrait(few_words(chance))?, dpi, chance), true),
        14 => ("handwriting", written(portrait(Paper::new())?, dpi, chance), false),
        15 => ("picture", shapes(portrait(Paper::new())?, chance), false),
        16 => ("fax", portrait(prose(chance, 16, Font::Plain))?, true),
        17 => {
            ("leaning", skewed(&portrait(prose(chance, 18, Font::Plain))?, chance.between(-4.0, 4.0)), true)
        }
        18 => {
            ("noise", dusty(&portrait(prose(chance, 18, Font::Plain))?, 30_000, seed + number as u64), true)
        }
        19 => ("photographed", photographed(&portrait(prose(chance, 18, Font::Plain))?, number as u64), true),
        20 => ("a word sideways", sideways(&portrait(letter(chance))?, chance)?, true),
        _ => ("two columns", portrait(columns(chance))?, true),
    };
    let scan = if kind == "fax" {
        let fine = imageops::resize(&picture, 1728, 2240, imageops::FilterType::Triangle);
        let coarse = imageops::resize(&fine, 1728, 1075, imageops::FilterType::Triangle);
        Scan::Bilevel(bilevel(&coarse), (204, 98))
    } else {
        match chance.below(6) {
            0 => Scan::Grey(picture, dpi as u32),
            1 => Scan::Jpeg(picture, dpi as u16, 70),
            2 => {
                let colours = image::DynamicImage::ImageLuma8(picture).to_rgb8();
                Scan::Colour(on_coloured_paper(&colours, number as u64), dpi as u16, 75)
            }
            _ => Scan::Bilevel(bilevel(&picture), (dpi as u32, dpi as u32)),
        }
    };
    Ok((Side { kind, scan }, print))
}

/// A front full of print, at 200 dpi.
pub(super) fn front(seed: u64, number: usize) -> anyhow::Result<GrayImage> {
    let chance = &mut Chance::of(seed ^ 0xF407, number);
    let paper = match number % 4 {
        0 => medications(chance),
        1 => capitals(chance),
        2 => numbers(chance, true),
        _ => prose(chance, 20, Font::Plain),
    };
    Ok(grey(&paper.scan(200.0)?))
}

fn title(paper: &mut Paper, chance: &mut Chance) {
    paper.text(50.0, 60.0, chance.between(11.0, 18.0), Font::Bold, chance.pick(&words::TITLES));
}

fn prose(chance: &mut Chance, sentences: usize, font: Font) -> Paper {
    let mut paper = Paper::new();
    title(&mut paper, chance);
    let size = chance.between(8.5, 12.0);
    let (mut y, wide) = (96.0, if matches!(font, Font::Typewriter) { 1.22 } else { 1.0 });
    for _ in 0..1 + chance.below(4) {
        let text = words::prose(chance, 2 + sentences / 4);
        let columns = (1000.0 / size / wide) as usize;
        let mut line = String::new();
        for word in text.split(' ') {
            if line.len() + word.len() >= columns {
                paper.text(50.0, y, size, font, &line);
                y += size * 1.4;
                line.clear();
            }
            line += word;
            line.push(' ');
        }
        paper.text(50.0, y, size, font, &line);
        y += size * 2.2;
    }
    paper
}

fn letter(chance: &mut Chance) -> Paper {
    let mut paper = Paper::new();
    paper.text(380.0, 70.0, 10.5, Font::Plain, &words::date(chance));
    paper.text(60.0, 130.0, 10.5, Font::Plain, "Dear colleague,");
    let sentences = 2 + chance.below(3);
    let text = words::prose(chance, sentences);
    let y = paper.paragraph(60.0, 160.0, chance.between(9.5, 12.0), 80, &text);
    paper.text(60.0, y + 30.0, 10.5, Font::Plain, "With kind regards");
    paper
}

fn numbers(chance: &mut Chance, ruled: bool) -> Paper {
    let mut paper = Paper::new();
    let (columns, rows) = (3 + chance.below(4), 8 + chance.below(18));
    let (wide, high, size) = (500.0 / columns as f32, chance.between(17.0, 24.0), chance.between(8.5, 11.5));
    let font = chance.pick(&[Font::Plain, Font::Typewriter]);
    for row in 0..rows {
        let y = 60.0 + row as f32 * high;
        for column in 0..columns {
            let text = if column == 0 { words::date(chance) } else { words::number(chance) };
            paper.text(56.0 + column as f32 * wide, y, size, font, &text);
            if ruled {
                paper.frame(50.0 + column as f32 * wide, y - high * 0.7, wide, high, 0.7);
            }
        }
    }
    paper
}

fn form(chance: &mut Chance) -> Paper {
    let mut paper = Paper::new();
    title(&mut paper, chance);
    for row in 0..6 + chance.below(8) {
        let y = 110.0 + row as f32 * 44.0;
        for x in [50.0, 310.0] {
            paper.text(x, y, 9.0, Font::Plain, chance.pick(&words::LABELS));
            paper.frame(x, y + 5.0, 240.0, 22.0, 0.8);
        }
    }
    paper
}

fn medications(chance: &mut Chance) -> Paper {
    let mut paper = Paper::new();
    title(&mut paper, chance);
    for row in 0..5 + chance.below(14) {
        let y = 110.0 + row as f32 * 20.0;
        paper.text(50.0, y, 10.5, Font::Plain, chance.pick(&words::DRUGS));
        paper.text(230.0, y, 10.5, Font::Plain, &format!("{} mg", 5 * (1 + chance.below(100))));
        paper.text(
            330.0,
            y,
            10.5,
            Font::Plain,
            chance.pick(&["once daily", "twice daily", "at night", "as needed"]),
        );
    }
    paper
}

fn labels(chance: &mut Chance) -> anyhow::Result<Paper> {
    let mut paper = Paper::new();
    for at in 0..1 + chance.below(6) {
        let (x, y) = (50.0 + (at % 2) as f32 * 270.0, 60.0 + (at / 2) as f32 * 150.0);
        let mrn = format!("{:08}", 10_000_000 + chance.below(80_000_000));
        paper.frame(x, y, 232.0, 104.0, 0.8);
        paper.text(
            x + 10.0,
            y + 20.0,
            12.0,
            Font::Bold,
            chance.pick(&["REED, ALAN", "OKAFOR, GRACE", "LEE, MAI"]),
        );
        paper.text(x + 10.0, y + 37.0, 11.0, Font::Plain, &format!("DOB: {}", words::date(chance)));
        paper.text(x + 10.0, y + 53.0, 11.0, Font::Plain, &format!("MRN: {mrn}"));
        paper.code128(x + 24.0, y + 60.0, 1.2, 26.0, &mrn)?;
    }
    Ok(paper)
}

fn sparse(chance: &mut Chance) -> Paper {
    let mut paper = Paper::new();
    let y = chance.between(60.0, 650.0);
    for line in 0..1 + chance.below(3) {
        let text = words::sentence(chance);
        paper.text(50.0, y + line as f32 * 16.0, chance.between(9.5, 11.5), Font::Plain, &text);
    }
    paper
}

fn capitals(chance: &mut Chance) -> Paper {
    let mut paper = Paper::new();
    for row in 0..2 + chance.below(8) {
        let y = 80.0 + row as f32 * 60.0;
        paper.text(60.0, y, chance.between(13.0, 26.0), Font::Bold, chance.pick(&words::TITLES));
    }
    paper
}

fn few_words(chance: &mut Chance) -> Paper {
    let mut paper = Paper::new();
    title(&mut paper, chance);
    for (row, label) in ["Rate", "PR interval", "QRS duration", "Confirmed by", "Patient"].iter().enumerate()
    {
        paper.text(50.0, 84.0 + row as f32 * 14.0, 9.5, Font::Plain, label);
        paper.text(150.0, 84.0 + row as f32 * 14.0, 9.5, Font::Plain, &words::number(chance));
    }
    paper
}

fn columns(chance: &mut Chance) -> Paper {
    let mut paper = Paper::new();
    title(&mut paper, chance);
    for x in [45.0, 320.0] {
        let text = words::prose(chance, 12);
        paper.paragraph(x, 96.0, 9.0, 52, &text);
    }
    paper
}

/// Printed across a sheet that lies down: the upper part of a paper, as large as a sheet.
fn landscape(paper: Paper, dpi: f32) -> anyhow::Result<GrayImage> {
    let picture = grey(&paper.scan(dpi * 11.0 / 8.5)?);
    let height = (dpi * 8.5) as u32;
    Ok(imageops::crop_imm(&picture, 0, 0, picture.width(), height).to_image())
}

/// The paper of a heart's trace: lines at every tenth and, darker, every half inch, and three traces.
fn grid(mut page: GrayImage, dpi: f32, chance: &mut Chance) -> GrayImage {
    let (width, height) = (page.width() as f32, page.height() as f32);
    let top = height * 0.2;
    let mut at = 0.0;
    while at < width.max(height) {
        let half = ((at / dpi * 10.0).round() as u32).is_multiple_of(5);
        let pen = Pen::new(0.006, if half { 0.5 } else { 0.28 }, dpi);
        if at > top && at < height {
            curve(&mut page, &[(0.0, at), (width, at)], pen);
        }
        if at < width {
            curve(&mut page, &[(at, top), (at, height)], pen);
        }
        at += dpi * 0.1;
    }
    for trace in 0..3 {
        let middle = height * (0.35 + trace as f32 * 0.22);
        let mut points = Vec::new();
        let mut x = dpi * 0.3;
        while x < width - dpi * 0.3 {
            let beat = [0.0, -0.05, 0.05, -0.6, 0.2, 0.0, -0.12, 0.0];
            points.extend(
                beat.iter().enumerate().map(|(i, up)| (x + i as f32 * dpi * 0.06, middle + up * dpi)),
            );
            x += dpi * chance.between(0.7, 0.9);
        }
        curve(&mut page, &points, Pen::new(0.012, 0.9, dpi));
    }
    page
}

/// Lines of handwriting.
fn written(mut page: GrayImage, dpi: f32, chance: &mut Chance) -> GrayImage {
    let pen = Pen::new(0.018, 0.8, dpi);
    for line in 0..6 + chance.below(10) {
        let y = page.height() as f32 * 0.25 + line as f32 * dpi * 0.42;
        let mut x = dpi * 0.7;
        while x < page.width() as f32 - dpi * 1.6 {
            let letters = 2 + chance.below(5);
            scribble(&mut page, (x, y), dpi * 0.14, letters, pen, chance);
            x += dpi * (letters as f32 * 0.11 + 0.18);
        }
    }
    page
}

/// A photograph of soft blots on a grey ground.
fn shapes(mut page: GrayImage, chance: &mut Chance) -> GrayImage {
    let (width, height) = (page.width() as f32, page.height() as f32);
    let blots: Vec<[f32; 4]> = (0..40)
        .map(|_| {
            [
                chance.between(0.1, 0.9) * width,
                chance.between(0.1, 0.9) * height,
                chance.between(20.0, 260.0),
                chance.between(-90.0, 90.0),
            ]
        })
        .collect();
    let (left, right) = ((width * 0.1) as u32, (width * 0.9) as u32);
    for y in (height * 0.1) as u32..(height * 0.8) as u32 {
        for x in left..right {
            let light: f32 = blots
                .iter()
                .map(|[cx, cy, size, light]| {
                    let away = ((x as f32 - cx).powi(2) + (y as f32 - cy).powi(2)) / (size * size);
                    if away < 6.0 { light * (-away).exp() } else { 0.0 }
                })
                .sum();
            page.get_pixel_mut(x, y).0[0] = (130.0 + light + chance.normal() * 5.0).clamp(0.0, 255.0) as u8;
        }
    }
    page
}

/// A remark turned by a quarter stands in the margin of an upright page.
fn sideways(page: &GrayImage, chance: &mut Chance) -> anyhow::Result<GrayImage> {
    let mut remark = Paper::new();
    remark.text(10.0, 20.0, 11.0, Font::Bold, "Copy for the referring physician - do not remove from chart");
    let picture = grey(&remark.scan(page.width() as f32 / 8.5)?);
    let strip = imageops::crop_imm(&picture, 0, 0, picture.width() * 2 / 3, page.width() / 20).to_image();
    let strip = if chance.one_in(2) { imageops::rotate90(&strip) } else { imageops::rotate270(&strip) };
    let (mut page, third) = (page.clone(), i64::from(page.height() / 3));
    imageops::replace(&mut page, &strip, 4, third);
    Ok(page)
}
