//! What is printed on the pages beside the symbols? Clinical notes, tables and forms, drawn in pure Rust.

use std::sync::Arc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use paper::prepare::plane::Plane;
use pdf_writer::{Content, Finish as _, Name, Pdf as Writer, Rect, Ref, Str};

use crate::dice::Dice;

const WORDS: &[&str] = &[
    "patient",
    "reports",
    "no",
    "acute",
    "distress",
    "denies",
    "fever",
    "chest",
    "pain",
    "with",
    "mild",
    "dyspnea",
    "on",
    "exertion",
    "metoprolol",
    "25 mg",
    "twice",
    "daily",
    "lisinopril",
    "10 mg",
    "sodium",
    "138",
    "potassium",
    "4.1",
    "creatinine",
    "1.02",
    "follow",
    "up",
    "in",
    "two",
    "weeks",
    "lungs",
    "clear",
    "to",
    "auscultation",
    "the",
    "abdomen",
    "soft",
    "non-tender",
    "history",
    "of",
    "hypertension",
    "diabetes",
    "type",
    "2",
    "assessment",
    "and",
    "plan",
    "continue",
    "current",
    "therapy",
    "blood",
    "pressure",
    "128/76",
    "heart",
    "rate",
    "72",
    "regular",
];

/// A page of print at 300 dpi, upright.
pub(crate) fn page(dice: &mut Dice, tabular: bool) -> Plane {
    let mut content = Content::new();
    let text = |content: &mut Content, x: f32, y: f32, size: f32, text: &str| {
        content.begin_text();
        content.set_font(Name(b"F1"), size).next_line(x, 792.0 - y).show(Str(text.as_bytes()));
        content.end_text();
    };
    let size = dice.between(8.0, 12.0);
    text(&mut content, 54.0, 50.0, size * 1.6, "GENERAL HOSPITAL");
    text(&mut content, 54.0, 70.0, size, &format!("MRN {}   DOB 04/12/1958", dice.digits(8)));
    if tabular {
        content.set_line_width(0.8);
        let (rows, columns) = (12 + dice.below(22), 3 + dice.below(5));
        let (high, wide) = (640.0 / rows as f32, 504.0 / columns as f32);
        for row in 0..=rows {
            let y = 792.0 - 100.0 - row as f32 * high;
            content.move_to(54.0, y).line_to(558.0, y).stroke();
        }
        for column in 0..=columns {
            let x = 54.0 + column as f32 * wide;
            content.move_to(x, 692.0).line_to(x, 692.0 - 640.0).stroke();
        }
        for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
            let word = *dice.pick(WORDS);
            text(&mut content, 58.0 + column as f32 * wide, 112.0 + row as f32 * high, size.min(high), word);
        }
    } else {
        let mut y = 100.0;
        while y < 740.0 {
            let mut line = String::new();
            while (line.len() as f32) < 500.0 / (size * 0.5) - 10.0 {
                let word: &&str = dice.pick(WORDS);
                line.push_str(word);
                line.push(' ');
            }
            text(&mut content, 54.0, y, size, &line);
            y += size * if dice.often(0.15) { 3.0 } else { 1.4 };
        }
    }
    rendered(pdf(content))
}

fn pdf(content: Content) -> Vec<u8> {
    let mut pdf = Writer::new();
    pdf.catalog(Ref::new(1)).pages(Ref::new(2));
    pdf.pages(Ref::new(2)).kids([Ref::new(3)]).count(1);
    pdf.type1_font(Ref::new(4)).base_font(Name(b"Helvetica"));
    let mut page = pdf.page(Ref::new(3));
    page.parent(Ref::new(2)).media_box(Rect::new(0.0, 0.0, 612.0, 792.0)).contents(Ref::new(5));
    page.resources().fonts().pair(Name(b"F1"), Ref::new(4));
    page.finish();
    pdf.stream(Ref::new(5), &content.finish());
    pdf.finish()
}

fn rendered(pdf: Vec<u8>) -> Plane {
    let pdf = Pdf::new(Arc::new(pdf)).expect("our own PDF opens");
    let by = 300.0 / 72.0;
    let scale = PixmapSettings { x_scale: by, y_scale: by, bg_color: WHITE };
    let (cache, page) = (RenderCache::new(), &pdf.pages()[0]);
    let pixels = render(page, &cache, &InterpreterSettings::default(), &RenderSettings::default(), &scale);
    let (width, height) = (u32::from(pixels.width()), u32::from(pixels.height()));
    Plane { width, height, pixels: pixels.data().iter().map(|p| p.g).collect() }
}
