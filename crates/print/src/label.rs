//! What does a patient label look like?
//!
//! Thirty to a sheet of US Letter, one inch high (the common office layout): name, birth date and number in print,
//! and the number as Code 128 with its text under it, so that a reader can compare the two (`domain.md` 2.6).

use barcoders::sym::code128::Code128;
use jiff::civil::Date;
use records::identifier::Identifier;

use crate::paper::{self, Font, Page};

/// One label to print.
#[derive(Clone)]
pub struct Label {
    /// As charts show it: "DOE, JANE Q".
    pub name: String,
    pub birth_date: Option<Date>,
    pub number: Identifier,
}

/// Never shows whose label it is: `Debug` ends up in logs.
impl std::fmt::Debug for Label {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Label({:?})", self.number)
    }
}

const COLUMNS: usize = 3;
const ON_A_SHEET: usize = 30;
/// Points from the corner of the paper to the first label, and from one label to the next.
const CORNER: (f32, f32) = (13.5, 36.0);
const PITCH: (f32, f32) = (198.0, 72.0);
const LABEL_WIDTH: f32 = 189.0;

/// Narrowest bar, in points: 13 mil, four pixels at 300 dpi and 2.6 at 200.
const MODULE: f32 = 0.94;

/// A PDF of labels in order, row by row, as many sheets as it takes.
pub fn pdf(labels: &[Label]) -> Vec<u8> {
    let sheets = labels.chunks(ON_A_SHEET).map(|labels| {
        let mut page = Page::new();
        for (at, label) in labels.iter().enumerate() {
            draw(&mut page, corner(at), label);
        }
        page
    });
    paper::pdf("Patient labels", sheets.collect())
}

#[expect(clippy::cast_precision_loss, reason = "at most thirty")]
fn corner(at: usize) -> (f32, f32) {
    let (column, row) = ((at % COLUMNS) as f32, (at / COLUMNS) as f32);
    (CORNER.0 + column * PITCH.0, CORNER.1 + row * PITCH.1)
}

fn draw(page: &mut Page, (x, y): (f32, f32), label: &Label) {
    let left = x + 10.0;
    page.fitted((left, y + 15.0), LABEL_WIDTH - 20.0, 10.0, Font::Bold, &label.name);
    let born =
        label.birth_date.map_or_else(|| "not known".to_owned(), |day| day.strftime("%m/%d/%Y").to_string());
    page.text((left, y + 26.0), 8.0, Font::Plain, &format!("DOB: {born}   {}", label.number.authority));
    if let Some(bars) = bars(&label.number.value) {
        let width = LABEL_WIDTH - 20.0;
        #[expect(clippy::cast_precision_loss, reason = "a number has few bars")]
        let module = MODULE.min(width / bars.len() as f32);
        page.boxes((left, y + 31.0), (module, 24.0), boxes(&bars));
    }
    page.text((left, y + 65.0), 9.0, Font::Bold, &format!("MRN: {}", label.number.value));
}

/// Bars and spaces, a module each; none where the number has letters that Code 128 lacks.
fn bars(number: &str) -> Option<Vec<bool>> {
    if !number.bytes().all(|c| c.is_ascii_graphic()) {
        return None; // letters beyond ASCII steer the encoder
    }
    // The first letter chooses the symbol's character set: B, which has all of ASCII's printable letters.
    let code = Code128::new(format!("\u{181}{number}")).ok()?;
    Some(code.encode().into_iter().map(|module| module == 1).collect())
}

/// The bars, in modules; one high.
#[expect(clippy::cast_precision_loss, reason = "a number has few bars")]
fn boxes(bars: &[bool]) -> impl Iterator<Item = (f32, f32, f32, f32)> {
    let mut at = 0;
    bars.chunk_by(|a, b| a == b).filter_map(move |run| {
        let start = at;
        at += run.len();
        run[0].then_some((start as f32, 0.0, run.len() as f32, 1.0))
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use records::identifier::AuthorityId;

    use super::*;

    fn label(number: &str) -> Label {
        Label {
            name: "DOE, JANE Q".into(),
            birth_date: Some(date(1962, 3, 15)),
            number: Identifier::mrn(&AuthorityId("GENHOSP".into()), number),
        }
    }

    #[test]
    fn a_label_says_the_same_in_print_as_in_bars() {
        let pdf = pdf(&[label("00123456")]);
        let text = lopdf::Document::load_mem(&pdf).unwrap().extract_text(&[1]).unwrap();
        for said in ["DOE, JANE Q", "DOB: 03/15/1962", "MRN: 00123456"] {
            assert!(text.contains(said), "{said} is missing in: {text}");
        }
        // Start, eight digits, check and stop: 11 modules each, and the stop's two more.
        assert_eq!(bars("00123456").unwrap().len(), 11 * 11 + 2);
    }

    #[test]
    fn thirty_labels_fit_on_a_sheet_and_the_next_begins_another() {
        let pages = |count| {
            lopdf::Document::load_mem(&pdf(&vec![label("00123456"); count])).unwrap().get_pages().len()
        };
        assert_eq!((pages(30), pages(31)), (1, 2));
        let (x, y) = corner(ON_A_SHEET - 1);
        assert!(x + LABEL_WIDTH <= paper::WIDTH && y + PITCH.1 <= paper::HEIGHT);
    }

    #[test]
    fn a_number_that_bars_cannot_say_is_still_printed() {
        assert_eq!(bars("ŽŽ"), None);
        let pdf = pdf(&[label("ŽŽ")]);
        assert_eq!(lopdf::Document::load_mem(&pdf).unwrap().get_pages().len(), 1);
    }
}
