//! What stands on a sheet of paper, before any scanner has seen it?
//!
//! A [`Paper`] is a one-page PDF of lines, boxes, text in the standard fonts and barcodes. It is rendered in pure Rust
//! with the fonts that come with the renderer, so every machine draws the same pixels.

use anyhow::{Context as _, anyhow};
use barcoders::sym::code128::Code128;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::RgbImage;
use pdf_writer::{Content, Finish as _, Name, Pdf as Writer, Rect, Ref, Str};

/// US Letter, in points.
pub(crate) const WIDTH: f32 = 612.0;
pub(crate) const HEIGHT: f32 = 792.0;

#[derive(Clone, Copy)]
pub(crate) enum Font {
    Plain,
    Bold,
    Typewriter,
}

impl Font {
    const ALL: [(Self, &'static [u8], &'static [u8]); 3] = [
        (Self::Plain, b"F1", b"Helvetica"),
        (Self::Bold, b"F2", b"Helvetica-Bold"),
        (Self::Typewriter, b"F3", b"Courier"),
    ];

    fn name(self) -> Name<'static> {
        Name(Self::ALL[self as usize].1)
    }
}

/// One side of a sheet. Places are in points from the top left.
pub(crate) struct Paper {
    content: Content,
}

impl Paper {
    pub(crate) fn new() -> Self {
        Self { content: Content::new() }
    }

    /// Text whose baseline is at `y`.
    pub(crate) fn text(&mut self, x: f32, y: f32, size: f32, font: Font, text: &str) -> &mut Self {
        self.content.begin_text();
        self.content.set_font(font.name(), size).next_line(x, HEIGHT - y).show(Str(text.as_bytes()));
        self.content.end_text();
        self
    }

    /// Text that runs on in lines of at most `columns` characters; answers where the next line would stand.
    pub(crate) fn paragraph(&mut self, x: f32, y: f32, size: f32, columns: usize, text: &str) -> f32 {
        let mut y = y;
        let mut line = String::new();
        for word in text.split_whitespace() {
            if !line.is_empty() && line.len() + 1 + word.len() > columns {
                self.text(x, y, size, Font::Plain, &line);
                y += size * 1.4;
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.text(x, y, size, Font::Plain, &line);
        y + size * 1.4
    }

    pub(crate) fn line(&mut self, from: (f32, f32), to: (f32, f32), width: f32) -> &mut Self {
        self.content.set_line_width(width);
        self.content.move_to(from.0, HEIGHT - from.1).line_to(to.0, HEIGHT - to.1).stroke();
        self
    }

    /// An empty box.
    pub(crate) fn frame(&mut self, x: f32, y: f32, w: f32, h: f32, width: f32) -> &mut Self {
        self.content.set_line_width(width).rect(x, HEIGHT - y - h, w, h).stroke();
        self
    }

    /// A filled box.
    fn fill(&mut self, x: f32, y: f32, w: f32, h: f32) {
        self.content.rect(x, HEIGHT - y - h, w, h).fill_nonzero();
    }

    /// A Code 128 symbol; `module` is the width of a narrow bar.
    pub(crate) fn code128(
        &mut self,
        x: f32,
        y: f32,
        module: f32,
        height: f32,
        text: &str,
    ) -> anyhow::Result<&mut Self> {
        // The first character chooses character set B.
        let symbol = Code128::new(format!("\u{0181}{text}")).map_err(|e| anyhow!("Code 128: {e:?}"))?;
        for (at, module_is_bar) in symbol.encode().iter().enumerate() {
            if *module_is_bar == 1 {
                self.fill(x + at as f32 * module, y, module, height);
            }
        }
        Ok(self)
    }

    /// A red rubber stamp, turned a little, over whatever is there.
    pub(crate) fn stamp(&mut self, x: f32, y: f32, text: &str) -> &mut Self {
        let (sin, cos) = 0.2_f32.sin_cos();
        self.content.save_state();
        self.content.transform([cos, sin, -sin, cos, x, HEIGHT - y]);
        self.content.set_fill_rgb(0.8, 0.1, 0.15).set_stroke_rgb(0.8, 0.1, 0.15).set_line_width(3.0);
        let width = text.len() as f32 * 17.0;
        self.content.rect(-10.0, -12.0, width + 20.0, 42.0).stroke();
        self.content.begin_text();
        self.content.set_font(Font::Bold.name(), 26.0).show(Str(text.as_bytes())).end_text();
        self.content.restore_state();
        self
    }

    /// As a PDF of one page.
    pub(crate) fn pdf(self) -> Vec<u8> {
        born_digital(vec![self])
    }

    /// As a scanner with perfect optics sees it.
    pub(crate) fn scan(self, dpi: f32) -> anyhow::Result<RgbImage> {
        picture(self.pdf(), dpi)
    }
}

/// Papers as a PDF that carries its text.
pub(crate) fn born_digital(papers: Vec<Paper>) -> Vec<u8> {
    let mut pdf = Writer::new();
    let (catalog, tree) = (Ref::new(1), Ref::new(2));
    let page_ref = |at: usize| Ref::new(10 + 2 * at as i32);
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids((0..papers.len()).map(page_ref)).count(papers.len() as i32);
    for (at, (_, _, base)) in Font::ALL.iter().enumerate() {
        pdf.type1_font(Ref::new(3 + at as i32)).base_font(Name(base));
    }
    for (at, paper) in papers.into_iter().enumerate() {
        let id = page_ref(at);
        let content = Ref::new(id.get() + 1);
        let mut page = pdf.page(id);
        page.parent(tree).media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).contents(content);
        let mut resources = page.resources();
        let mut fonts = resources.fonts();
        for (at, (font, _, _)) in Font::ALL.iter().enumerate() {
            fonts.pair(font.name(), Ref::new(3 + at as i32));
        }
        fonts.finish();
        resources.finish();
        page.finish();
        pdf.stream(content, &paper.content.finish());
    }
    pdf.finish()
}

/// The first page of a PDF as pixels.
pub(crate) fn picture(pdf: Vec<u8>, dpi: f32) -> anyhow::Result<RgbImage> {
    pictures(pdf, dpi)?.into_iter().next().context("the PDF has no page")
}

/// All pages of a PDF as pixels.
pub(crate) fn pictures(pdf: Vec<u8>, dpi: f32) -> anyhow::Result<Vec<RgbImage>> {
    let pdf = Pdf::new(pdf).map_err(|e| anyhow!("our own PDF cannot be opened: {e:?}"))?;
    let cache = RenderCache::new();
    let scale = PixmapSettings { x_scale: dpi / 72.0, y_scale: dpi / 72.0, bg_color: WHITE };
    let mut pictures = Vec::new();
    for page in pdf.pages().iter() {
        let pixels =
            render(page, &cache, &InterpreterSettings::default(), &RenderSettings::default(), &scale);
        let (width, height) = (u32::from(pixels.width()), u32::from(pixels.height()));
        let rgb: Vec<u8> = pixels.data().iter().flat_map(|p| [p.r, p.g, p.b]).collect();
        pictures
            .push(RgbImage::from_raw(width, height, rgb).context("a pixmap of another size than it says")?);
    }
    Ok(pictures)
}
