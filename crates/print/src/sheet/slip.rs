//! What does a slip say that goes with a page to be scanned again? (`domain.md` 2.14, D-4)
//!
//! Where the page is and how it begins, so that a person finds the paper; and that one sheet goes behind it, once.

use jiff::Timestamp;
use records::sheet::{SheetKey, SheetPayload, sign};

use crate::paper::{self, Font, HEIGHT, Page, WIDTH};

use super::{MARGIN, code, foot, head};

/// One slip to print. What it shows of the page is patient data: it is paper for the department, as cover sheets are.
#[derive(Clone)]
pub struct Slip {
    pub payload: SheetPayload,
    /// What waits for the page: the id of a document or exception.
    pub item: String,
    /// "page 2 of 3" of that.
    pub page: String,
    /// "sheet 5 of 14" of the job it came in.
    pub position: String,
    pub station: String,
    /// The station's file name.
    pub file: String,
    pub scanned: Timestamp,
    /// The first words on the page; none where nothing could be read.
    pub begins: String,
    /// Who asked, and gets the paper back.
    pub asked_by: String,
}

/// Never shows what stands on the page.
impl std::fmt::Debug for Slip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Slip({}, {})", self.payload.serial, self.position)
    }
}

/// A PDF of the slip, signed with `key`; on both faces for a scanner that reads both.
pub fn slip_pdf(slip: &Slip, key: &SheetKey, both_faces: bool) -> Vec<u8> {
    let faces = if both_faces { 2 } else { 1 };
    paper::pdf("Rescan slip", (0..faces).map(|_| draw(slip, key)).collect())
}

fn draw(slip: &Slip, key: &SheetKey) -> Page {
    let mut page = Page::new();
    let code = code::Code::of(&sign(&slip.payload, key));
    let side = code.side();
    code.draw(&mut page, (WIDTH - MARGIN - side, MARGIN));
    code.draw(&mut page, (MARGIN, HEIGHT - MARGIN - side));
    head(&mut page, slip.payload.kind);
    page.text((MARGIN, 222.0), 16.0, Font::Bold, "Lay ONE sheet behind this one: the page below.");
    page.text((MARGIN, 241.0), 11.0, Font::Plain, "Scan both at any station: it finds its place.");
    which(&mut page, slip);
    begins(&mut page, &slip.begins);
    back_to(&mut page, slip);
    foot(&mut page, &slip.payload, MARGIN + side + 28.0, HEIGHT - MARGIN - side);
    page
}

/// Where the paper should lie.
fn which(page: &mut Page, slip: &Slip) {
    let (x, top, width) = (MARGIN, 256.0, WIDTH - 2.0 * MARGIN);
    page.frame((x, top), (width, 118.0), 1.5);
    let inner = x + 18.0;
    page.text((inner, top + 22.0), 10.0, Font::Plain, "In its stack");
    page.fitted((inner, top + 50.0), 236.0, 26.0, Font::Bold, &slip.position);
    let right = inner + 262.0;
    page.text((right, top + 22.0), 10.0, Font::Plain, "Scanned (UTC)");
    let scanned = slip.scanned.strftime("%Y-%m-%d %H:%M").to_string();
    page.fitted((right, top + 46.0), 216.0, 18.0, Font::Bold, &scanned);
    page.text((inner, top + 76.0), 10.0, Font::Plain, "File");
    page.fitted((inner, top + 98.0), 236.0, 15.0, Font::Bold, &slip.file);
    page.text((right, top + 76.0), 10.0, Font::Plain, "Station");
    page.fitted((right, top + 98.0), 216.0, 15.0, Font::Bold, &slip.station);
}

/// The words by which it is known.
fn begins(page: &mut Page, words: &str) {
    /// Letters in a line of that size and width, as [`Page::fitted`] counts them.
    const LINE: usize = 46;
    const LINES: usize = 3;
    let top = 374.0;
    page.frame((MARGIN, top), (WIDTH - 2.0 * MARGIN, 96.0), 1.5);
    page.text((MARGIN + 18.0, top + 20.0), 10.0, Font::Plain, "The page begins");
    if words.is_empty() {
        page.text((MARGIN + 18.0, top + 46.0), 15.0, Font::Bold, "(nothing on it could be read)");
        return;
    }
    let lines = in_lines(&format!("\"{words}\""), LINE);
    for (nth, line) in (0_u8..).zip(lines.iter().take(LINES)) {
        page.fitted(
            (MARGIN + 18.0, top + 42.0 + f32::from(nth) * 20.0),
            WIDTH - 116.0,
            15.0,
            Font::Bold,
            line,
        );
    }
}

fn back_to(page: &mut Page, slip: &Slip) {
    let (top, half) = (488.0, (WIDTH - 2.0 * MARGIN - 16.0) / 2.0);
    let right = MARGIN + half + 16.0;
    page.frame((MARGIN, top), (half, 58.0), 1.0);
    page.text((MARGIN + 8.0, top + 16.0), 9.0, Font::Plain, "Then bring both to");
    page.fitted((MARGIN + 8.0, top + 44.0), half - 16.0, 22.0, Font::Bold, &slip.asked_by);
    page.frame((right, top), (half, 58.0), 1.0);
    page.text((right + 8.0, top + 16.0), 9.0, Font::Plain, "What waits for it");
    page.fitted((right + 8.0, top + 34.0), half - 16.0, 15.0, Font::Bold, &slip.page);
    page.fitted((right + 8.0, top + 50.0), half - 16.0, 11.0, Font::Plain, &slip.item);
}

/// Broken at spaces; a longer word has a line of its own.
fn in_lines(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
