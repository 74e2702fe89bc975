//! What does a control sheet look like?
//!
//! Two QR codes of level Q, top right and bottom left, so that a tear, a staple or a stamp costs one at most; the
//! same in large print for people and for the engine that reads it back; and words that are known even when neither
//! code is (`domain.md` 2.5).

use jiff::civil::Date;
use records::sheet::{MARK, SheetKey, SheetKind, SheetPayload, UPRIGHT, sign};

use crate::paper::{self, Font, HEIGHT, Page, WIDTH};

mod code;
mod slip;

pub use code::MODULE_MM;
pub use slip::{Slip, slip_pdf};

/// One control sheet to print.
#[derive(Clone)]
pub struct SheetPage {
    pub payload: SheetPayload,
    /// As charts show it: "DOE, JANE Q".
    pub name: Option<String>,
    pub birth_date: Option<Date>,
}

/// Never shows whose sheet it is: `Debug` ends up in logs.
impl std::fmt::Debug for SheetPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SheetPage({})", self.payload.kind.title())
    }
}

/// A PDF with a page for each sheet, signed with `key`.
pub fn pdf(sheets: &[SheetPage], key: &SheetKey) -> Vec<u8> {
    paper::pdf("Control sheets", sheets.iter().map(|sheet| draw(sheet, key)).collect())
}

/// As [`pdf`], each sheet twice: front and back for a printer that is set to print on both sides. At a two-sided
/// station only such sheets prove that no feed took two (`domain.md` FS-6).
pub fn pdf_both_faces(sheets: &[SheetPage], key: &SheetKey) -> Vec<u8> {
    paper::pdf(
        "Control sheets",
        sheets.iter().flat_map(|sheet| [draw(sheet, key), draw(sheet, key)]).collect(),
    )
}

/// Distance of everything from the edge of the paper: no office printer reaches further.
const MARGIN: f32 = 40.0;

fn draw(sheet: &SheetPage, key: &SheetKey) -> Page {
    let mut page = Page::new();
    let code = code::Code::of(&sign(&sheet.payload, key));
    let side = code.side();
    code.draw(&mut page, (WIDTH - MARGIN - side, MARGIN));
    code.draw(&mut page, (MARGIN, HEIGHT - MARGIN - side));
    head(&mut page, sheet.payload.kind);
    let below = match (&sheet.payload.mrn, sheet.payload.kind) {
        (Some(mrn), _) => patient(&mut page, sheet, mrn),
        (None, _) => 300.0,
    };
    details(&mut page, &sheet.payload, below);
    foot(&mut page, &sheet.payload, MARGIN + side + 28.0, HEIGHT - MARGIN - side);
    page
}

/// What it is, and which way it stands.
fn head(page: &mut Page, kind: SheetKind) {
    page.text((MARGIN, 54.0), 15.0, Font::Bold, MARK);
    page.text((MARGIN, 72.0), 10.0, Font::Plain, "Scan with the paper behind it. It goes into no chart.");
    page.fitted((MARGIN, 124.0), 370.0, 46.0, Font::Bold, kind.title());
    let (x, y) = (MARGIN, 142.0);
    page.shape(&[(x + 11.0, y), (x + 22.0, y + 14.0), (x, y + 14.0)]);
    page.bar((x + 7.0, y + 14.0), (8.0, 14.0));
    page.text((x + 34.0, y + 22.0), 17.0, Font::Bold, UPRIGHT);
    page.bar((MARGIN, 192.0), (WIDTH - 2.0 * MARGIN, 2.0));
}

/// Whose pages follow, as large as the paper allows. Answers where the next thing may stand.
fn patient(page: &mut Page, sheet: &SheetPage, mrn: &str) -> f32 {
    let (x, top, width) = (MARGIN, 212.0, WIDTH - 2.0 * MARGIN);
    page.frame((x, top), (width, 168.0), 1.5);
    let inner = x + 18.0;
    let number =
        sheet.payload.authority.as_ref().map_or_else(|| "Number".into(), |from| format!("Number of {from}"));
    page.text((inner, top + 24.0), 11.0, Font::Plain, "Patient");
    let name = sheet.name.as_deref().unwrap_or("name not known");
    page.fitted((inner, top + 54.0), width - 36.0, 30.0, Font::Bold, name);
    page.text((inner, top + 88.0), 11.0, Font::Plain, "Date of birth");
    let born =
        sheet.birth_date.map_or_else(|| "not known".to_owned(), |day| day.strftime("%m/%d/%Y").to_string());
    page.text((inner, top + 114.0), 24.0, Font::Bold, &born);
    page.text((inner + 190.0, top + 88.0), 11.0, Font::Plain, &number);
    page.fitted((inner + 190.0, top + 114.0), width - 226.0, 28.0, Font::Bold, &format!("MRN {mrn}"));
    page.text((inner, top + 148.0), 12.0, Font::Plain, &told(sheet.payload.kind, sheet.payload.sheets));
    top + 168.0
}

/// Box for the number of sheets, and whatever else was said.
fn details(page: &mut Page, payload: &SheetPayload, below: f32) {
    let top = below + 24.0;
    let mut at = MARGIN;
    if matches!(payload.kind, SheetKind::Cover | SheetKind::Batch | SheetKind::Folder) {
        let count = payload.sheets.map_or_else(|| "-".to_owned(), |sheets| sheets.to_string());
        cell(page, (at, top), 120.0, "Sheets of paper", &count);
        at += 136.0;
    }
    let service = payload.service.map(|day| day.strftime("%m/%d/%Y").to_string());
    let kind = payload.document_kind.as_ref().map(|kind| kind.0.clone());
    for (caption, value) in [
        ("Kind of document", kind),
        ("Date of service", service),
        ("Visit", payload.visit.clone()),
        match payload.kind {
            SheetKind::Box => ("Box", payload.paper_box()),
            _ => ("Folder", payload.folder.clone()),
        },
    ] {
        if let Some(value) = value {
            cell(page, (at, top), 120.0, caption, &value);
            at += 136.0;
        }
    }
    if payload.mrn.is_none() {
        page.fitted(
            (MARGIN, 250.0),
            WIDTH - 2.0 * MARGIN,
            15.0,
            Font::Plain,
            &told(payload.kind, payload.sheets),
        );
    }
}

fn cell(page: &mut Page, (x, y): (f32, f32), width: f32, caption: &str, value: &str) {
    page.frame((x, y), (width, 58.0), 1.0);
    page.text((x + 8.0, y + 16.0), 9.0, Font::Plain, caption);
    page.fitted((x + 8.0, y + 46.0), width - 16.0, 24.0, Font::Bold, value);
}

/// What a person at the scanner has to know about this sheet.
fn told(kind: SheetKind, sheets: Option<u32>) -> String {
    match (kind, sheets) {
        (SheetKind::Cover, Some(1)) => "Exactly one sheet of this patient follows.".into(),
        (SheetKind::Cover, Some(count)) => format!("Exactly {count} sheets of this patient follow."),
        (SheetKind::Cover, None) => "Sheets of this patient follow, up to the end sheet.".into(),
        (SheetKind::End, _) => "Here ends what the cover sheet of the same serial began.".into(),
        (SheetKind::DocumentType, _) => "Here one document ends and another begins.".into(),
        (SheetKind::Batch, _) => "Here a batch begins.".into(),
        (SheetKind::EndOfBatch, _) => "Here a batch ends.".into(),
        (SheetKind::Folder, _) => "Here a chart folder begins.".into(),
        (SheetKind::Tab, _) => "Here a section of the folder begins.".into(),
        (SheetKind::Box, _) => "Here a box of folders begins.".into(),
        (SheetKind::Rescan, _) => "One sheet follows that is scanned again.".into(),
        (SheetKind::ReturnFax, _) => "Send this page first with your answer.".into(),
    }
}

/// How to handle it, and which sheet this is.
fn foot(page: &mut Page, payload: &SheetPayload, x: f32, top: f32) {
    let once = match payload.mrn {
        _ if payload.kind == SheetKind::Rescan => "Use once. Do not copy.",
        Some(_) => "Use once. Do not copy: a second appearance holds both stacks.",
        None => "Do not copy: copies of copies cannot be read.",
    };
    page.text((x, top + 22.0), 11.0, Font::Plain, once);
    let groups: Vec<&str> =
        (0..payload.serial.len()).step_by(5).filter_map(|at| payload.serial.get(at..at + 5)).collect();
    page.text(
        (x, top + 44.0),
        9.0,
        Font::Plain,
        &format!("Serial {} {}", payload.kind.letter(), groups.join(" ")),
    );
    let printed = payload.printed.strftime("%Y-%m-%d %H:%M UTC");
    page.text(
        (x, top + 58.0),
        9.0,
        Font::Plain,
        &format!("Printed {printed}, {}.{}", payload.site, payload.key_id),
    );
    page.text((x, HEIGHT - MARGIN), 15.0, Font::Bold, MARK);
}

#[cfg(test)]
mod tests;
