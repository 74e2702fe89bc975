//! How is a page of lines, boxes and letters written as a PDF?

use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, Str};

/// US Letter, in points.
pub(crate) const WIDTH: f32 = 612.0;
pub(crate) const HEIGHT: f32 = 792.0;

#[derive(Clone, Copy)]
pub(crate) enum Font {
    Plain,
    Bold,
}

impl Font {
    const ALL: [(Self, &'static [u8], &'static [u8]); 2] =
        [(Self::Plain, b"F1", b"Helvetica"), (Self::Bold, b"F2", b"Helvetica-Bold")];

    const fn name(self) -> Name<'static> {
        Name(match self {
            Self::Plain => b"F1",
            Self::Bold => b"F2",
        })
    }
}

/// One side of a sheet. All places are in points from the top left.
pub(crate) struct Page {
    content: Content,
}

impl Page {
    pub(crate) fn new() -> Self {
        Self { content: Content::new() }
    }

    /// One line of text whose baseline is at `y`.
    pub(crate) fn text(&mut self, (x, y): (f32, f32), size: f32, font: Font, text: &str) {
        let letters: Vec<u8> = text.chars().map(in_latin).collect();
        self.content.begin_text();
        self.content.set_font(font.name(), size).next_line(x, HEIGHT - y).show(Str(&letters));
        self.content.end_text();
    }

    /// As [`Self::text`], in the largest size up to `size` in which it is no wider than `width`.
    pub(crate) fn fitted(&mut self, place: (f32, f32), width: f32, size: f32, font: Font, text: &str) {
        /// Mean width of capitals and digits in Helvetica Bold, in parts of the size; a little generous.
        const LETTER: f32 = 0.68;
        #[expect(clippy::cast_precision_loss, reason = "a line of text has few letters")]
        let letters = text.chars().count().max(1) as f32;
        self.text(place, size.min(width / (letters * LETTER)), font, text);
    }

    pub(crate) fn frame(&mut self, (x, y): (f32, f32), (w, h): (f32, f32), line: f32) {
        self.content.set_line_width(line).rect(x, HEIGHT - y - h, w, h).stroke();
    }

    pub(crate) fn bar(&mut self, (x, y): (f32, f32), (w, h): (f32, f32)) {
        self.content.rect(x, HEIGHT - y - h, w, h).fill_nonzero();
    }

    /// A filled shape.
    pub(crate) fn shape(&mut self, corners: &[(f32, f32)]) {
        let mut corners = corners.iter();
        if let Some(&(x, y)) = corners.next() {
            self.content.move_to(x, HEIGHT - y);
            corners.for_each(|&(x, y)| {
                self.content.line_to(x, HEIGHT - y);
            });
            self.content.close_path().fill_nonzero();
        }
    }

    /// Boxes filled as one shape, so that no printer leaves hairlines between them. Their places and sizes are in
    /// units of `unit` points from `corner`.
    pub(crate) fn boxes(
        &mut self,
        (x, y): (f32, f32),
        unit: (f32, f32),
        boxes: impl IntoIterator<Item = (f32, f32, f32, f32)>,
    ) {
        self.content.save_state().transform([unit.0, 0.0, 0.0, -unit.1, x, HEIGHT - y]);
        for (x, y, w, h) in boxes {
            self.content.rect(x, y, w, h);
        }
        self.content.fill_nonzero().restore_state();
    }
}

/// The byte of a letter in the fonts' encoding; letters they lack fall back to their plain form, or `?`.
fn in_latin(letter: char) -> u8 {
    match letter {
        ' '..='~' | '\u{a0}'..='ÿ' => u8::try_from(letter).unwrap_or(b'?'),
        '‘' | '’' => b'\'',
        '“' | '”' => b'"',
        '–' | '—' => b'-',
        _ => records::name::key(&letter.to_string()).bytes().next().filter(u8::is_ascii).unwrap_or(b'?'),
    }
}

/// A PDF of these pages, in order.
pub(crate) fn pdf(title: &str, pages: Vec<Page>) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let (catalog, tree, info) = (Ref::new(1), Ref::new(2), Ref::new(3));
    let fonts: Vec<Ref> = (4..).take(Font::ALL.len()).map(Ref::new).collect();
    let first = 4 + i32::try_from(fonts.len()).expect("a handful of fonts");
    let kids: Vec<(Ref, Ref)> =
        (0..).map(|at| (Ref::new(first + 2 * at), Ref::new(first + 2 * at + 1))).take(pages.len()).collect();
    pdf.catalog(catalog).pages(tree);
    pdf.document_info(info).title(pdf_writer::TextStr(title)).producer(pdf_writer::TextStr("Chartroom"));
    let count = i32::try_from(kids.len()).expect("a print job has fewer than 2^31 pages");
    pdf.pages(tree).kids(kids.iter().map(|(page, _)| *page)).count(count);
    for ((_, _, base), font) in Font::ALL.iter().zip(&fonts) {
        pdf.type1_font(*font).base_font(Name(base)).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    for (&(page, content), drawn) in kids.iter().zip(pages) {
        let mut entry = pdf.page(page);
        entry.parent(tree).media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).contents(content);
        let mut resources = entry.resources();
        let mut named = resources.fonts();
        for ((_, name, _), font) in Font::ALL.iter().zip(&fonts) {
            named.pair(Name(name), *font);
        }
        named.finish();
        resources.finish();
        entry.finish();
        pdf.stream(content, &drawn.content.finish());
    }
    pdf.finish()
}
