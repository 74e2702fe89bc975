//! What stands on a page, and where? A sheet is drawn and remembers its words: the ground truth.
//!
//! Places are in points from the top left; the order of the calls is the reading order.

use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, Str};

use super::fonts::Face;

/// US Letter, in points.
pub(crate) const WIDTH: f32 = 612.0;
pub(crate) const HEIGHT: f32 = 792.0;

/// A word and its four corners, from the top left clockwise.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TrueWord {
    pub(crate) text: String,
    /// Begins a cell, or whatever stands apart on its line.
    pub(crate) apart: bool,
    pub(crate) corners: [(f32, f32); 4],
}

/// The words of one text line, in reading order.
pub(crate) type TrueLine = Vec<TrueWord>;

pub(crate) struct Sheet {
    content: Content,
    pub(crate) lines: Vec<TrueLine>,
    /// Areas that a form has shaded: a bilevel scanner dithers them. Left, top, width, height.
    pub(super) shaded: Vec<(f32, f32, f32, f32)>,
}

impl Sheet {
    pub(crate) fn new() -> Self {
        Self { content: Content::new(), lines: Vec::new(), shaded: Vec::new() }
    }

    /// A text line of its own whose baseline is at `y`; answers where it ends.
    pub(crate) fn text(&mut self, x: f32, y: f32, size: f32, face: Face, text: &str) -> f32 {
        self.row(y, size, &[(x, face, text)])
    }

    /// Several pieces of text on one baseline that are read as one line; answers where the last ends.
    pub(crate) fn row(&mut self, y: f32, size: f32, pieces: &[(f32, Face, &str)]) -> f32 {
        self.lines.push(Vec::new());
        pieces.iter().fold(0.0, |_, (x, face, text)| self.more(*x, y, size, *face, text))
    }

    /// More of the line that was begun last.
    pub(crate) fn more(&mut self, x: f32, y: f32, size: f32, face: Face, text: &str) -> f32 {
        debug_assert!(text.is_ascii(), "the width of {text:?} is not known");
        self.content.begin_text();
        self.content.set_font(Name(face.name()), size).next_line(x, HEIGHT - y).show(Str(text.as_bytes()));
        self.content.end_text();
        let line = self.lines.last_mut().expect("text() or row() began a line");
        let (mut at, mut word, mut apart) = (x, String::new(), true);
        for letter in text.chars().chain([' ']) {
            if letter != ' ' {
                word.push(letter);
                continue;
            }
            let width = face.width(&word, size);
            if !word.is_empty() {
                let (top, bottom) = (y - 0.74 * size, y + 0.22 * size);
                let corners = [(at, top), (at + width, top), (at + width, bottom), (at, bottom)];
                line.push(TrueWord { text: std::mem::take(&mut word), apart, corners });
                apart = false;
            }
            at += width + face.width(" ", size);
        }
        x + face.width(text, size)
    }

    /// Text that runs on within a width; answers the baseline after it.
    pub(crate) fn paragraph(&mut self, x: f32, y: f32, width: f32, size: f32, face: Face, text: &str) -> f32 {
        let leading = size * 1.28;
        wrapped(text, face, size, width).iter().fold(y, |y, line| {
            self.text(x, y, size, face, line);
            y + leading
        })
    }

    pub(crate) fn line(&mut self, from: (f32, f32), to: (f32, f32), width: f32) {
        self.content.set_line_width(width);
        self.content.move_to(from.0, HEIGHT - from.1).line_to(to.0, HEIGHT - to.1).stroke();
    }

    /// An empty box.
    pub(crate) fn frame(&mut self, x: f32, y: f32, w: f32, h: f32, width: f32) {
        self.content.set_line_width(width).rect(x, HEIGHT - y - h, w, h).stroke();
    }

    /// An area behind cells, printed in a light grey where the damage asks for it.
    pub(crate) fn shade(&mut self, x: f32, y: f32, w: f32, h: f32) {
        self.shaded.push((x, y, w, h));
    }

    /// A stroke of a pen through these points.
    pub(crate) fn scribble(&mut self, points: &[(f32, f32)], width: f32) {
        let Some((first, rest)) = points.split_first() else { return };
        self.content.set_line_width(width).move_to(first.0, HEIGHT - first.1);
        for pair in rest.chunks_exact(2) {
            let [(bx, by), (x, y)] = [pair[0], pair[1]];
            self.content.cubic_to_initial(bx, HEIGHT - by, x, HEIGHT - y);
        }
        self.content.stroke();
    }

    /// As a PDF of one page.
    pub(super) fn pdf(self) -> Vec<u8> {
        let (catalog, tree, page, content) = (Ref::new(1), Ref::new(2), Ref::new(3), Ref::new(4));
        let font = |at: usize| Ref::new(5 + at as i32);
        let mut pdf = Pdf::new();
        pdf.catalog(catalog).pages(tree);
        pdf.pages(tree).kids([page]).count(1);
        let mut writer = pdf.page(page);
        writer.parent(tree).media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).contents(content);
        let mut resources = writer.resources();
        let mut fonts = resources.fonts();
        for (at, (_, name, _)) in Face::ALL.iter().enumerate() {
            fonts.pair(Name(name), font(at));
        }
        fonts.finish();
        resources.finish();
        writer.finish();
        for (at, (_, _, base)) in Face::ALL.iter().enumerate() {
            pdf.type1_font(font(at)).base_font(Name(base)).encoding_predefined(Name(b"WinAnsiEncoding"));
        }
        pdf.stream(content, &self.content.finish());
        pdf.finish()
    }
}

/// The lines of a text that fits into a width, points.
pub(crate) fn wrapped(text: &str, face: Face, size: f32, width: f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().expect("there is always a line");
        if last.is_empty() {
            last.push_str(word);
        } else if face.width(last, size) + face.width(word, size) + face.width(" ", size) <= width {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}
